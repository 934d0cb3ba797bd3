//! journald, through its own `journalctl`, which knows every format that its files ever had.
//!
//! A child process follows the journal and writes a JSON object for each entry; its pipe is read without waiting. What
//! stream an entry belongs to is [`map`]'s word, pure. The cursor of the last entry taken is the checkpoint; a child that
//! ends is started again after it.

mod map;

use std::collections::HashMap;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;

use rustix::fd::{AsFd, BorrowedFd};
use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};

use super::batch::{Batch, FileCodes};
use super::checkpoint::JournalState;
use super::count::Count;
use super::entry::{Entry, EntrySink};
use super::follow::{Follower, Sink};
use super::source::Source;

/// The most of one line that is taken in.
const LINE_MAX: usize = 4 << 20;
/// How much is read at once.
const CHUNK: usize = 64 << 10;
/// The longest wait before a child is started again, in microseconds.
const BACKOFF_MAX_USEC: u64 = 60_000_000;

/// One of the journal's streams.
#[derive(Debug)]
struct Stream {
    log: u32,
    codes: FileCodes,
    sequence: u64,
}

/// The journal's reader.
#[derive(Debug)]
pub(crate) struct Journal {
    program: PathBuf,
    /// The folder of journal files; `None`: the machine's own.
    dir: PathBuf,
    /// The age bound of the first start, in seconds.
    first_age: u64,
    child: Option<(Child, ChildStdout)>,
    bytes: Vec<u8>,
    cursor: String,
    streams: HashMap<&'static str, Stream>,
    restored: Vec<(u32, u64)>,
    is_dirty: bool,
    start_at: u64,
    backoff: u64,
    /// Entries that could not be understood.
    pub(crate) broken: u64,
    /// Times that a child was started.
    pub(crate) starts: u64,
}

impl Journal {
    /// The journal's folder, if there is one.
    pub(crate) fn folder(host: &Path, log: &Path) -> Option<PathBuf> {
        let has_files = |dir: &PathBuf| {
            std::fs::read_dir(dir).is_ok_and(|mut entries| entries.next().is_some())
        };
        [log.join("journal"), host.join("run/log/journal")]
            .into_iter()
            .find(has_files)
    }

    /// Goes on after what was read before.
    pub(crate) fn new(
        program: PathBuf,
        dir: PathBuf,
        first_age: u64,
        state: Option<JournalState>,
    ) -> Journal {
        let state = state.unwrap_or_default();
        Journal {
            program,
            dir,
            first_age,
            child: None,
            bytes: Vec::new(),
            cursor: state.cursor,
            streams: HashMap::new(),
            restored: state.sequences,
            is_dirty: false,
            start_at: 0,
            backoff: 1_000_000,
            broken: 0,
            starts: 0,
        }
    }

    /// Becomes readable when there is something.
    pub(crate) fn fd(&self) -> Option<BorrowedFd<'_>> {
        self.child.as_ref().map(|(_, out)| out.as_fd())
    }

    /// What a note says of it, if it changed.
    pub(crate) fn changes(&mut self) -> Option<JournalState> {
        std::mem::take(&mut self.is_dirty).then(|| self.state())
    }

    /// How far it was read.
    pub(crate) fn state(&self) -> JournalState {
        let mut sequences: Vec<(u32, u64)> = self
            .streams
            .values()
            .map(|stream| (stream.log, stream.sequence))
            .collect();
        let untouched = self
            .restored
            .iter()
            .filter(|(log, _)| !self.streams.values().any(|stream| stream.log == *log));
        sequences.extend(untouched);
        JournalState {
            cursor: self.cursor.clone(),
            sequences,
        }
    }

    /// Takes what is there, until there are enough rows. Answers how many bytes came.
    pub(crate) fn read(
        &mut self,
        now: u64,
        wall: i64,
        follower: &mut Follower,
        batch: &mut Batch,
        rows_bytes_max: usize,
    ) -> usize {
        if self.child.is_none() {
            if now < self.start_at {
                return 0;
            }
            if let Err(error) = self.start() {
                self.put_off(now);
                tracing::warn!(%error, program = %self.program.display(), "the journal cannot be read");
                return 0;
            }
        }
        let mut total = 0;
        while batch.message_bytes() < rows_bytes_max {
            let Some((_, out)) = &mut self.child else {
                break;
            };
            let start = self.bytes.len();
            self.bytes.resize(start + CHUNK, 0);
            let got = out.read(&mut self.bytes[start..]);
            self.bytes
                .truncate(start + got.as_ref().copied().unwrap_or(0));
            match got {
                Ok(0) => {
                    self.end(now);
                    break;
                }
                Ok(got) => total += got,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                Err(_) => {
                    self.end(now);
                    break;
                }
            }
            self.take(wall, follower, batch);
            self.backoff = 1_000_000;
        }
        total
    }

    /// Takes the whole lines that are there.
    fn take(&mut self, wall: i64, follower: &mut Follower, batch: &mut Batch) {
        let bytes = std::mem::take(&mut self.bytes);
        let mut rest = bytes.as_slice();
        while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
            let (line, after) = rest.split_at(end);
            rest = &after[1..];
            self.line(line, wall, follower, batch);
        }
        if rest.len() > LINE_MAX {
            self.broken += 1;
            rest = &[];
        }
        self.bytes = rest.to_vec();
    }

    fn line(&mut self, line: &[u8], wall: i64, follower: &mut Follower, batch: &mut Batch) {
        let Some(one) = map::entry(line, wall) else {
            self.broken += 1;
            return;
        };
        let stream = match self.streams.entry(one.stream) {
            std::collections::hash_map::Entry::Occupied(known) => known.into_mut(),
            std::collections::hash_map::Entry::Vacant(new) => {
                let log = follower.log_of(&Source::host(one.stream, one.stream));
                let known = self.restored.iter().find(|(known, _)| *known == log);
                new.insert(Stream {
                    log,
                    codes: FileCodes::NONE,
                    sequence: known.map_or(1, |(_, sequence)| *sequence),
                })
            }
        };
        let Some(log) = follower.logs.get_mut(&stream.log) else {
            return;
        };
        log.count(Count::Written, line.len() as u64 + 1);
        log.count(Count::Read, line.len() as u64 + 1);
        let rules = Arc::clone(&log.rules);
        let mut text = one.message;
        let mut redacted = false;
        for redaction in rules.redactions.iter() {
            if let Some(masked) = redaction.apply(&text) {
                (text, redacted) = (masked, true);
            }
        }
        let fits = text.floor_char_boundary(rules.max_line);
        let (message, cut) = (&text[..fits], (text.len() - fits) as u64);
        let mut sink = Sink {
            batch,
            log,
            codes: &mut stream.codes,
            sequence: &mut stream.sequence,
            file: "journal",
            now_usec: wall,
            has_offset: false,
        };
        sink.entry(&Entry {
            time_usec: one.time_usec,
            time_nsec: None,
            stamped_usec: one.stamped_usec,
            stream: None,
            message,
            offset: 0,
            lines: 1,
            truncated_bytes: cut,
            invalid_bytes: one.invalid_bytes,
            level: one.level,
            malformed: false,
            redacted,
        });
        self.cursor = one.cursor;
        self.is_dirty = true;
    }

    fn start(&mut self) -> io::Result<()> {
        let mut command = Command::new(&self.program);
        command
            .arg("--output=json")
            .arg("--all")
            .arg("--follow")
            .arg("--no-pager")
            .arg("--quiet")
            .arg("--directory")
            .arg(&self.dir);
        if self.cursor.is_empty() {
            command.arg(format!("--since=-{}s", self.first_age));
            command.arg("--lines=all");
        } else {
            command.arg(format!("--after-cursor={}", self.cursor));
            command.arg("--lines=all");
        }
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let Some(out) = child.stdout.take() else {
            return Err(io::Error::other("it has no output"));
        };
        fcntl_setfl(&out, fcntl_getfl(&out)? | OFlags::NONBLOCK)?;
        self.starts += 1;
        self.bytes.clear();
        self.child = Some((child, out));
        Ok(())
    }

    fn end(&mut self, now: u64) {
        self.kill();
        self.put_off(now);
    }

    fn put_off(&mut self, now: u64) {
        self.start_at = now + self.backoff;
        self.backoff = (self.backoff * 2).min(BACKOFF_MAX_USEC);
    }

    fn kill(&mut self) {
        if let Some((mut child, _)) = self.child.take() {
            // It is ours, and may have ended already.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        self.kill();
    }
}

#[cfg(test)]
mod tests;
