//! One stream of a file: pieces of a line, a group of lines, and what comes out of them.

use std::sync::Arc;

use super::group::{Group, Line, over};
use super::level;
use super::output::{Entry, EntrySink, Level, Stream};
use super::rules::EntryRules;
use super::stamp::When;
use super::text;

/// A buffer that grew beyond this is given back.
const SPARE: usize = 64 << 10;

/// What a lane needs from outside.
pub(super) struct Around<'a> {
    pub(super) rules: &'a Arc<EntryRules>,
    pub(super) now_usec: i64,
    /// What entries say of where they come from.
    pub(super) stream: Option<Stream>,
    pub(super) out: &'a mut dyn EntrySink,
}

/// A piece of a line, or a whole one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece<'a> {
    pub(super) when: When,
    pub(super) offset: u64,
    /// Without the newline.
    pub(super) text: &'a [u8],
    /// Bytes of the text that are not there.
    pub(super) cut: u64,
    pub(super) invalid: u64,
    /// Whether the next piece of the stream goes on with it.
    pub(super) partial: bool,
}

/// What one stream holds back.
#[derive(Debug, Default)]
pub(super) struct Lane {
    /// Lines below this offset were given out in an earlier life.
    pub(super) skip: u64,
    pieces: Option<Pieces>,
    group: Option<Group>,
    /// Buffers of before, to be used again.
    spare: Vec<u8>,
}

/// Pieces of a line whose end is not there yet.
#[derive(Debug)]
struct Pieces {
    when: When,
    offset: u64,
    /// At most one byte more than the bound: whether that is in the middle of a letter shows where to cut.
    text: Vec<u8>,
    lines: u32,
    cut: u64,
    invalid: u64,
    touched_usec: i64,
}

impl Lane {
    /// One whose lines below `skip` were given out in an earlier life.
    pub(super) fn new(skip: u64) -> Lane {
        Lane {
            skip,
            ..Lane::default()
        }
    }

    /// Where the first line starts that is held back.
    pub(super) fn held(&self) -> Option<u64> {
        match (&self.group, &self.pieces) {
            (Some(group), _) => Some(group.offset),
            (None, Some(pieces)) => Some(pieces.offset),
            (None, None) => None,
        }
    }

    /// Takes a piece.
    pub(super) fn piece(&mut self, piece: Piece<'_>, around: &mut Around<'_>) {
        if piece.offset < self.skip {
            return;
        }
        if self.pieces.is_none() && !piece.partial {
            return self.line(
                Line {
                    when: piece.when,
                    offset: piece.offset,
                    text: piece.text,
                    lines: 1,
                    cut: piece.cut,
                    invalid: piece.invalid,
                    malformed: false,
                },
                around,
            );
        }
        let bound = around.rules.max_line + 1;
        let pieces = self.pieces.get_or_insert_with(|| Pieces {
            when: piece.when,
            offset: piece.offset,
            text: Vec::new(),
            lines: 0,
            cut: 0,
            invalid: 0,
            touched_usec: 0,
        });
        let room = bound
            .saturating_sub(pieces.text.len())
            .min(piece.text.len());
        let (fits, beyond) = piece.text.split_at(room);
        pieces.text.extend_from_slice(fits);
        pieces.cut += beyond.len() as u64 + piece.cut;
        // The carriage return of a line's end is no part of it, be it cut off or not.
        if !piece.partial && beyond.ends_with(b"\r") && piece.cut == 0 {
            pieces.cut -= 1;
        }
        pieces.lines = pieces.lines.saturating_add(1);
        pieces.invalid += piece.invalid;
        pieces.touched_usec = around.now_usec;
        if !piece.partial {
            self.join(around);
        }
    }

    /// Takes a line that is not in the file's format. It ends what is before it.
    pub(super) fn malformed(&mut self, piece: Piece<'_>, around: &mut Around<'_>) {
        if piece.offset < self.skip {
            return;
        }
        self.end(around);
        self.line(
            Line {
                when: piece.when,
                offset: piece.offset,
                text: piece.text,
                lines: 1,
                cut: piece.cut,
                invalid: piece.invalid,
                malformed: true,
            },
            around,
        );
    }

    /// Makes a line of the pieces that are there.
    fn join(&mut self, around: &mut Around<'_>) {
        let Some(pieces) = self.pieces.take() else {
            return;
        };
        let line = Line {
            when: pieces.when,
            offset: pieces.offset,
            text: &pieces.text,
            lines: pieces.lines,
            cut: pieces.cut,
            invalid: pieces.invalid,
            malformed: false,
        };
        self.line(line, around);
    }

    /// Ends everything: it becomes entries.
    pub(super) fn end(&mut self, around: &mut Around<'_>) {
        self.join(around);
        self.close(around);
    }

    /// Ends what has waited long enough.
    pub(super) fn tick(&mut self, around: &mut Around<'_>) {
        if let Some(group) = &mut self.group
            && group.is_over(around.rules, around.now_usec)
        {
            self.close(around);
        }
        if let Some(pieces) = &mut self.pieces
            && over(
                &mut pieces.touched_usec,
                around.rules.piece_wait_usec,
                around.now_usec,
            )
        {
            self.join(around);
        }
    }

    fn line(&mut self, mut line: Line<'_>, around: &mut Around<'_>) {
        if line.cut == 0 {
            line.text = line.text.strip_suffix(b"\r").unwrap_or(line.text);
        }
        let kept = text::kept(line.text, around.rules.max_line);
        let (text, beyond) = line.text.split_at(kept);
        line.text = text;
        line.cut += beyond.len() as u64;
        if let Some(group) = &mut self.group {
            if group.offer(&line, around.rules, around.now_usec) {
                return;
            }
            self.close(around);
        }
        let level = level::find(line.text);
        self.group = Group::begin(&line, level, around.rules, around.now_usec, &mut self.spare);
        if self.group.is_none() {
            give(&line, level, around);
        }
    }

    /// Gives out the group, and the empty line after it that turned out to be none of it.
    fn close(&mut self, around: &mut Around<'_>) {
        let Some(group) = self.group.take() else {
            return;
        };
        let line = Line {
            when: group.when,
            offset: group.offset,
            text: &group.text,
            lines: group.lines,
            cut: 0,
            invalid: group.invalid,
            malformed: false,
        };
        give(&line, group.level, around);
        if let Some(blank) = group.blank {
            give(&blank.line(), None, around);
        }
        if group.text.capacity() <= SPARE {
            self.spare = group.text;
        }
    }
}

fn give(line: &Line<'_>, level: Option<Level>, around: &mut Around<'_>) {
    let (mut message, invalid) = text::lossy(line.text);
    let mut redacted = false;
    for redaction in around.rules.redactions.iter() {
        if let Some(masked) = redaction.apply(&message) {
            message = masked.into();
            redacted = true;
        }
    }
    around.out.entry(&Entry {
        time_usec: line.when.usec,
        time_nsec: line.when.nsec,
        stamped_usec: line.when.stamped_usec,
        stream: around.stream,
        message: &message,
        offset: line.offset,
        lines: line.lines,
        truncated_bytes: line.cut,
        invalid_bytes: line.invalid + invalid,
        level,
        malformed: line.malformed,
        redacted,
    });
}
