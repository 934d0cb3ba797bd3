//! From bytes to lines, and from lines to their stream.

use std::sync::Arc;

use super::lane::{Around, Lane, Piece};
use super::output::{EntrySink, Format, Stream};
use super::resume::Resume;
use super::rules::EntryRules;
use super::stamp::{self, When};
use super::{cri, docker};

/// Makes entries of one file instance's bytes. Owns what is not complete yet.
#[derive(Debug)]
pub(crate) struct Assembler {
    format: Format,
    rules: Arc<EntryRules>,
    stdout: Lane,
    stderr: Lane,
    line: Unended,
    /// Where the first line starts of which not all was taken.
    position: u64,
    /// The time of the line before, for a line that has none.
    last_usec: Option<i64>,
    /// For texts with escapes.
    scratch: Vec<u8>,
}

/// A long line whose end is not there yet.
#[derive(Debug, Default)]
struct Unended {
    open: bool,
    /// Its beginning, up to the bound of a raw line.
    head: Vec<u8>,
    /// Bytes after that.
    beyond: u64,
    /// The last of them.
    last: u8,
}

impl Unended {
    fn take(&mut self, bytes: &[u8], bound: usize) {
        let room = bound.saturating_sub(self.head.len()).min(bytes.len());
        let (fits, beyond) = bytes.split_at(room);
        self.head.extend_from_slice(fits);
        self.beyond += beyond.len() as u64;
        self.last = beyond.last().copied().unwrap_or(self.last);
    }
}

/// A line of the file.
#[derive(Clone, Copy)]
struct RawLine<'a> {
    /// As much of it as is looked at.
    head: &'a [u8],
    /// Bytes after that, without a carriage return at the end.
    beyond: u64,
    offset: u64,
}

impl Assembler {
    /// Bytes without a newline that are taken in any case: a reader whose buffer is at least this large never stands still.
    pub(crate) const PARTIAL: usize = 64 << 10;

    /// For a file that is read from `resume.start()` on; lines of a stream below its own offset are passed over.
    pub(crate) fn new(format: Format, rules: Arc<EntryRules>, resume: Resume) -> Assembler {
        Assembler {
            format,
            rules,
            stdout: Lane::new(resume.stdout),
            stderr: Lane::new(resume.stderr),
            line: Unended::default(),
            position: resume.start(),
            last_usec: None,
            scratch: Vec::new(),
        }
    }

    /// Takes the lines of `bytes`, the first of which is at `offset` in the file, and answers how many bytes it took; the
    /// rest, less than a line, is to be given again with what follows it. Of a line that is longer than
    /// [`Assembler::PARTIAL`] the beginning is taken too, and kept up to the bound of a line.
    ///
    /// `offset` must be where the call before ended (`resume.start()` at first).
    pub(crate) fn push(
        &mut self,
        bytes: &[u8],
        offset: u64,
        now_usec: i64,
        out: &mut dyn EntrySink,
    ) -> usize {
        let mut taken = 0;
        if self.line.open {
            let Some(end) = memchr::memchr(b'\n', bytes) else {
                self.line.take(bytes, self.raw_bound());
                return bytes.len();
            };
            self.line
                .take(bytes.get(..end).unwrap_or_default(), self.raw_bound());
            self.unended(now_usec, out);
            taken = end + 1;
        }
        let rest = bytes.get(taken..).unwrap_or_default();
        let first = offset + taken as u64;
        let mut start = 0;
        for end in memchr::memchr_iter(b'\n', rest) {
            let line = rest.get(start..end).unwrap_or_default();
            self.whole(line, first + start as u64, now_usec, out);
            start = end + 1;
        }
        self.position = first + start as u64;
        taken += start;
        let rest = rest.get(start..).unwrap_or_default();
        if rest.len() >= Self::PARTIAL {
            self.line.open = true;
            self.line.take(rest, self.raw_bound());
            taken += rest.len();
        }
        taken
    }

    /// Ends what has waited long enough for its next line. To be called a few times a second, more often does no harm.
    pub(crate) fn tick(&mut self, now_usec: i64, out: &mut dyn EntrySink) {
        self.each_lane(now_usec, out, Lane::tick);
    }

    /// The end of the file instance: `rest`, a last line without newline, if it is not empty, and all that waits become entries.
    pub(crate) fn finish(
        &mut self,
        rest: &[u8],
        offset: u64,
        now_usec: i64,
        out: &mut dyn EntrySink,
    ) {
        if self.line.open {
            self.line.take(rest, self.raw_bound());
            self.unended(now_usec, out);
        } else if !rest.is_empty() {
            self.whole(rest, offset, now_usec, out);
        }
        self.each_lane(now_usec, out, Lane::end);
        self.position = self.position.max(offset + rest.len() as u64);
    }

    /// From where to read again after a crash, so that every entry given out is not given again and every one that waits is.
    pub(crate) fn resume(&self) -> Resume {
        let of = |lane: &Lane| lane.held().unwrap_or(self.position).max(lane.skip);
        match self.format {
            Format::Plain => Resume::at(of(&self.stdout)),
            Format::Cri | Format::Docker => Resume {
                stdout: of(&self.stdout),
                stderr: of(&self.stderr),
            },
        }
    }

    /// Whether something waits for more lines; [`Assembler::tick`] does nothing otherwise.
    pub(crate) fn waits(&self) -> bool {
        self.stdout.held().is_some() || self.stderr.held().is_some()
    }

    /// How much of a raw line is looked at. Docker's escapes make a text longer; it cuts texts at 16 KiB.
    fn raw_bound(&self) -> usize {
        match self.format {
            Format::Plain => self.rules.max_line + 1,
            Format::Cri => self.rules.max_line + 256,
            Format::Docker => 2 * self.rules.max_line + (128 << 10),
        }
    }

    fn each_lane(
        &mut self,
        now_usec: i64,
        out: &mut dyn EntrySink,
        act: impl Fn(&mut Lane, &mut Around<'_>),
    ) {
        let of = |stream| (self.format != Format::Plain).then_some(stream);
        for (lane, stream) in [
            (&mut self.stdout, of(Stream::Stdout)),
            (&mut self.stderr, of(Stream::Stderr)),
        ] {
            act(
                lane,
                &mut Around {
                    rules: &self.rules,
                    now_usec,
                    stream,
                    out,
                },
            );
        }
    }

    /// A line that is there as a whole.
    fn whole(&mut self, line: &[u8], offset: u64, now_usec: i64, out: &mut dyn EntrySink) {
        let bound = self.raw_bound();
        let (head, beyond) = line.split_at(line.len().min(bound));
        let line = RawLine {
            head,
            beyond: beyond.strip_suffix(b"\r").unwrap_or(beyond).len() as u64,
            offset,
        };
        self.read(line, now_usec, out);
    }

    /// A line that came in parts and has ended.
    fn unended(&mut self, now_usec: i64, out: &mut dyn EntrySink) {
        let line = std::mem::take(&mut self.line);
        let raw = RawLine {
            head: &line.head,
            beyond: line.beyond - u64::from(line.beyond > 0 && line.last == b'\r'),
            offset: self.position,
        };
        self.read(raw, now_usec, out);
    }

    fn read(&mut self, line: RawLine<'_>, now_usec: i64, out: &mut dyn EntrySink) {
        match self.format {
            Format::Cri => match cri::parse(line.head) {
                Some(read) => {
                    let piece = Piece {
                        when: When::of(read.stamp, now_usec),
                        offset: line.offset,
                        text: read.text,
                        cut: line.beyond,
                        invalid: 0,
                        partial: read.partial,
                    };
                    self.give(read.stream, piece, now_usec, out);
                }
                None => self.malformed(line, now_usec, out),
            },
            Format::Docker => {
                let mut scratch = std::mem::take(&mut self.scratch);
                let whole = line.beyond == 0;
                match docker::parse(line.head, &mut scratch).filter(|_| whole) {
                    Some(read) => {
                        let piece = Piece {
                            when: When::of(read.stamp, now_usec),
                            offset: line.offset,
                            text: read.text,
                            cut: 0,
                            invalid: read.invalid,
                            partial: read.partial,
                        };
                        self.give(read.stream, piece, now_usec, out);
                    }
                    None => self.malformed(line, now_usec, out),
                }
                if scratch.capacity() <= Self::PARTIAL {
                    self.scratch = scratch;
                }
            }
            Format::Plain => {
                let stamp = stamp::own(line.head, &self.rules.place, now_usec);
                let piece = Piece {
                    when: stamp.map_or(When::at(now_usec), |stamp| When::of(stamp, now_usec)),
                    offset: line.offset,
                    text: line.head,
                    cut: line.beyond,
                    invalid: 0,
                    partial: false,
                };
                let mut around = Around {
                    rules: &self.rules,
                    now_usec,
                    stream: None,
                    out,
                };
                self.stdout.piece(piece, &mut around);
            }
        }
    }

    fn give(&mut self, stream: Stream, piece: Piece<'_>, now_usec: i64, out: &mut dyn EntrySink) {
        self.last_usec = Some(piece.when.usec);
        let lane = match stream {
            Stream::Stdout => &mut self.stdout,
            Stream::Stderr => &mut self.stderr,
        };
        let mut around = Around {
            rules: &self.rules,
            now_usec,
            stream: Some(stream),
            out,
        };
        lane.piece(piece, &mut around);
    }

    /// Keeps a line as it is. It counts as standard output and has the time of the line before, where that is known.
    fn malformed(&mut self, line: RawLine<'_>, now_usec: i64, out: &mut dyn EntrySink) {
        let piece = Piece {
            when: When::at(self.last_usec.unwrap_or(now_usec)),
            offset: line.offset,
            text: line.head,
            cut: line.beyond,
            invalid: 0,
            partial: false,
        };
        let mut around = Around {
            rules: &self.rules,
            now_usec,
            stream: Some(Stream::Stdout),
            out,
        };
        self.stdout.malformed(piece, &mut around);
    }
}

#[cfg(test)]
mod tests;
