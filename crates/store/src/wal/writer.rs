//! The thread that writes the log.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use arrow::array::RecordBatch;
use bytes::Bytes;
use tokio::sync::{mpsc, oneshot};

use super::frame::{Frame, FrameKind};
use super::segment::{self, AppendFault, Segment};
use super::sequences::{Sequences, Verdict};
use crate::append::{AppendError, Appended};

/// How many writers may wait; more are told to come back.
const QUEUE: usize = 1024;
/// How many bytes one fsync covers at the most.
const GROUP_BYTES: usize = 16 << 20;
/// How often free space is looked up.
const SPACE_EVERY: Duration = Duration::from_secs(1);
/// How long an agent waits when the disk is full.
const FULL_RETRY_SECONDS: u64 = 10;

/// A frame that asks to be stored, already decoded and checked.
#[derive(Debug)]
pub(crate) struct Incoming {
    pub(crate) agent: [u8; 16],
    pub(crate) table: &'static catalogue::Table,
    pub(crate) sequence: u64,
    pub(crate) oldest: Option<u64>,
    pub(crate) zstd: bool,
    pub(crate) body: Bytes,
    pub(crate) batches: Vec<RecordBatch>,
    pub(crate) received_usec: i64,
}

/// Takes rows into memory once they are durable, in the order of their positions.
pub(crate) type Apply = Box<dyn FnMut(u64, &'static catalogue::Table, Vec<RecordBatch>) + Send>;

enum Command {
    Append(Incoming, oneshot::Sender<Result<Appended, AppendError>>),
    Trim(u64),
    Close(oneshot::Sender<()>),
}

/// Counters of the log.
#[derive(Debug, Default)]
pub(crate) struct WalFigures {
    pub(crate) frames: AtomicU64,
    pub(crate) bytes: AtomicU64,
    pub(crate) fsyncs: AtomicU64,
    pub(crate) duplicates: AtomicU64,
    pub(crate) skipped: AtomicU64,
    pub(crate) refused_full: AtomicU64,
    pub(crate) segments: AtomicU64,
    pub(crate) segment_bytes: AtomicU64,
    pub(crate) last_position: AtomicU64,
    /// An fsync failed; nothing more is accepted until a restart has read the log again.
    pub(crate) poisoned: AtomicBool,
}

/// The log, for those who append.
#[derive(Debug)]
pub(crate) struct Wal {
    commands: mpsc::Sender<Command>,
    pub(crate) figures: Arc<WalFigures>,
}

impl Wal {
    /// Starts the writer behind the last position that a replay or a table has seen.
    ///
    /// # Errors
    /// When the first segment cannot be created.
    pub(crate) fn start(
        dir: &Path,
        segment_bytes: u64,
        reserve_bytes: u64,
        last_position: u64,
        sequences: Sequences,
        apply: Apply,
    ) -> io::Result<Wal> {
        let figures = Arc::new(WalFigures::default());
        figures
            .last_position
            .store(last_position, Ordering::Relaxed);
        let (commands, inbox) = mpsc::channel(QUEUE);
        let mut writer = Writer {
            dir: dir.to_owned(),
            segment_bytes,
            reserve_bytes,
            position: last_position,
            segment: None,
            segment_frames: 0,
            sequences,
            apply,
            figures: Arc::clone(&figures),
            space: None,
            buffer: Vec::new(),
        };
        writer.rotate()?;
        std::thread::Builder::new()
            .name("wal".into())
            .spawn(move || writer.run(inbox))?;
        Ok(Wal { commands, figures })
    }

    /// Stores a frame; comes back when it is on disk and in memory.
    pub(crate) async fn append(&self, incoming: Incoming) -> Result<Appended, AppendError> {
        let (reply, answer) = oneshot::channel();
        match self.commands.try_send(Command::Append(incoming, reply)) {
            Ok(()) => answer.await.map_err(|_| AppendError::Closed)?,
            Err(mpsc::error::TrySendError::Full(_)) => Err(AppendError::Pressure {
                retry_after_seconds: 1,
                detail: format!("{QUEUE} frames wait for the disk"),
            }),
            Err(mpsc::error::TrySendError::Closed(_)) => Err(AppendError::Closed),
        }
    }

    /// Removes segments all of whose frames are at or before `floor`.
    pub(crate) async fn trim(&self, floor: u64) {
        // A closed log needs no trimming.
        let _ = self.commands.send(Command::Trim(floor)).await;
    }

    /// Writes what waits and ends the thread.
    pub(crate) async fn close(&self) {
        let (reply, done) = oneshot::channel();
        if self.commands.send(Command::Close(reply)).await.is_ok() {
            let _ = done.await;
        }
    }
}

struct Writer {
    dir: PathBuf,
    segment_bytes: u64,
    reserve_bytes: u64,
    /// The last position given out.
    position: u64,
    segment: Option<Segment>,
    /// Frames of rows in the open segment.
    segment_frames: u64,
    sequences: Sequences,
    apply: Apply,
    figures: Arc<WalFigures>,
    space: Option<(Instant, u64)>,
    buffer: Vec<u8>,
}

struct Accepted {
    incoming: Incoming,
    position: u64,
    reply: oneshot::Sender<Result<Appended, AppendError>>,
}

impl Writer {
    fn run(mut self, mut inbox: mpsc::Receiver<Command>) {
        while let Some(first) = inbox.blocking_recv() {
            let mut group = Vec::new();
            let mut then = None;
            let mut next = Some(first);
            let mut bytes = 0;
            while let Some(command) = next {
                match command {
                    Command::Append(incoming, reply) => {
                        bytes += incoming.body.len();
                        group.push((incoming, reply));
                    }
                    other => {
                        then = Some(other);
                        break;
                    }
                }
                next = if bytes < GROUP_BYTES {
                    inbox.try_recv().ok()
                } else {
                    None
                };
            }
            if !group.is_empty() {
                self.commit(group);
            }
            match then {
                Some(Command::Trim(floor)) => self.trim(floor),
                Some(Command::Close(done)) => {
                    let _ = done.send(());
                    return;
                }
                _ => {}
            }
        }
    }

    /// One group: judge, write, fsync, apply, answer.
    fn commit(&mut self, group: Vec<(Incoming, oneshot::Sender<Result<Appended, AppendError>>)>) {
        let mut accepted: Vec<Accepted> = Vec::with_capacity(group.len());
        let mut buffer = std::mem::take(&mut self.buffer);
        buffer.clear();
        // Kept apart until the group is durable: a frame refused with its group leaves no trace.
        let mut sequences = Sequences::default();
        // Frames that came twice within the group: told what becomes of the first.
        let mut again = Vec::new();
        let mut position = self.position;
        let full = self.full();
        for (incoming, reply) in group {
            if let Some(error) = &full {
                self.figures.refused_full.fetch_add(1, Ordering::Relaxed);
                let _ = reply.send(Err(error.clone()));
                continue;
            }
            let Incoming {
                agent,
                table,
                sequence,
                oldest,
                ..
            } = &incoming;
            match self
                .sequences
                .judge(&sequences, agent, table.name, *sequence, *oldest)
            {
                Verdict::Seen { last } => {
                    self.figures.duplicates.fetch_add(1, Ordering::Relaxed);
                    let _ = reply.send(Ok(Appended::before(last)));
                }
                Verdict::Underway => again.push((*sequence, reply)),
                Verdict::Skipped { expected } => {
                    self.figures.skipped.fetch_add(1, Ordering::Relaxed);
                    let _ = reply.send(Err(AppendError::OutOfOrder { expected }));
                }
                Verdict::Next => {
                    position += 1;
                    sequences.note(incoming.agent, incoming.table.name, incoming.sequence);
                    Frame {
                        position,
                        received_usec: incoming.received_usec,
                        kind: FrameKind::Rows,
                        zstd: incoming.zstd,
                        agent: incoming.agent,
                        sequence: incoming.sequence,
                        table: incoming.table.name.to_owned(),
                        body: incoming.body.clone(),
                    }
                    .write(&mut buffer);
                    accepted.push(Accepted {
                        incoming,
                        position,
                        reply,
                    });
                }
            }
        }
        let written = if accepted.is_empty() {
            Ok(())
        } else {
            self.write(&buffer)
        };
        self.buffer = buffer;
        match written {
            Ok(()) => {
                self.sequences.merge(sequences);
                self.position = position;
                self.segment_frames += accepted.len() as u64;
                self.figures
                    .frames
                    .fetch_add(accepted.len() as u64, Ordering::Relaxed);
                self.figures
                    .last_position
                    .store(position, Ordering::Relaxed);
                for Accepted {
                    incoming,
                    position,
                    reply,
                } in accepted
                {
                    let rows = incoming.batches.iter().map(|b| b.num_rows() as u64).sum();
                    (self.apply)(position, incoming.table, incoming.batches);
                    let _ = reply.send(Ok(Appended {
                        rows,
                        duplicate: false,
                        last: incoming.sequence,
                    }));
                }
                for (sequence, reply) in again {
                    self.figures.duplicates.fetch_add(1, Ordering::Relaxed);
                    let _ = reply.send(Ok(Appended::before(sequence)));
                }
            }
            Err(error) => {
                self.figures
                    .refused_full
                    .fetch_add(accepted.len() as u64, Ordering::Relaxed);
                let again = again.into_iter().map(|(_, reply)| reply);
                for reply in accepted.into_iter().map(|a| a.reply).chain(again) {
                    let _ = reply.send(Err(error.clone()));
                }
            }
        }
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), AppendError> {
        if self
            .segment
            .as_ref()
            .is_none_or(|s| s.bytes() >= self.segment_bytes)
        {
            self.rotate().map_err(|e| self.refusal(&e))?;
        }
        let Some(segment) = self.segment.as_mut() else {
            return Err(AppendError::Closed);
        };
        match segment.append(bytes) {
            Ok(()) => {
                self.figures.fsyncs.fetch_add(1, Ordering::Relaxed);
                self.figures
                    .bytes
                    .fetch_add(bytes.len() as u64, Ordering::Relaxed);
                self.figures
                    .segment_bytes
                    .fetch_add(bytes.len() as u64, Ordering::Relaxed);
                Ok(())
            }
            Err(AppendFault::NotWritten(error)) => Err(self.refusal(&error)),
            Err(AppendFault::Unknown(error)) => {
                tracing::error!(segment = %segment.path().display(), %error,
                    "the write-ahead log could not be made durable; restart after mending the disk");
                self.figures.poisoned.store(true, Ordering::Relaxed);
                Err(self.refusal(&error))
            }
        }
    }

    fn refusal(&self, error: &io::Error) -> AppendError {
        AppendError::Full {
            retry_after_seconds: FULL_RETRY_SECONDS,
            detail: format!(
                "the write-ahead log in {} cannot be written: {error}",
                self.dir.display()
            ),
        }
    }

    /// Why nothing can be accepted now, if so. Space is kept in reserve so that tables can still be written, which
    /// is what frees the log.
    fn full(&mut self) -> Option<AppendError> {
        if self.figures.poisoned.load(Ordering::Relaxed) {
            return Some(AppendError::Full {
                retry_after_seconds: FULL_RETRY_SECONDS * 6,
                detail:
                    "the write-ahead log is damaged: an fsync failed; mend the disk and restart"
                        .into(),
            });
        }
        if self.space.is_none_or(|(at, _)| at.elapsed() >= SPACE_EVERY) {
            let free = rustix::fs::statvfs(&self.dir).map_or(u64::MAX, |s| s.f_bavail * s.f_frsize);
            self.space = Some((Instant::now(), free));
        }
        let (_, free) = self.space?;
        (free < self.reserve_bytes).then(|| AppendError::Full {
            retry_after_seconds: FULL_RETRY_SECONDS,
            detail: format!(
                "{free} bytes are free on the disk of {}, {} are kept in reserve",
                self.dir.display(),
                self.reserve_bytes
            ),
        })
    }

    /// Opens the next segment, which begins with every sequence known.
    fn rotate(&mut self) -> io::Result<()> {
        let mut head = Vec::new();
        Frame {
            position: self.position + 1,
            received_usec: 0,
            kind: FrameKind::Sequences,
            zstd: false,
            agent: [0; 16],
            sequence: 0,
            table: String::new(),
            body: self.sequences.to_bytes().into(),
        }
        .write(&mut head);
        self.segment = Some(Segment::create(&self.dir, self.position + 1, &head)?);
        self.segment_frames = 0;
        self.count_segments();
        Ok(())
    }

    fn trim(&mut self, floor: u64) {
        // The newest segment is closed first if all of it may go.
        if self.segment_frames > 0 && self.position <= floor && self.rotate().is_err() {
            return;
        }
        let Ok(segments) = segment::list(&self.dir) else {
            return;
        };
        for pair in segments.windows(2) {
            let (_, path) = &pair[0];
            let (next_first, _) = pair[1];
            if next_first <= floor + 1
                && let Err(error) = std::fs::remove_file(path)
            {
                tracing::warn!(segment = %path.display(), %error, "a spent segment could not be removed");
            }
        }
        self.count_segments();
    }

    fn count_segments(&self) {
        let Ok(segments) = segment::list(&self.dir) else {
            return;
        };
        let bytes = segments
            .iter()
            .filter_map(|(_, p)| std::fs::metadata(p).ok())
            .map(|m| m.len())
            .sum();
        self.figures
            .segments
            .store(segments.len() as u64, Ordering::Relaxed);
        self.figures.segment_bytes.store(bytes, Ordering::Relaxed);
    }
}
