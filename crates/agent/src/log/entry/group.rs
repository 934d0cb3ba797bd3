//! Lines that become one entry: a stack trace, or an own group.

use super::output::Level;
use super::rules::EntryRules;
use super::stamp::When;
use super::trace::{self, Answer, Trace};

/// A line of a stream, whole: the runtime's pieces are joined.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line<'a> {
    pub(super) when: When,
    /// Where it starts in the file.
    pub(super) offset: u64,
    /// Without its line end, within the bound.
    pub(super) text: &'a [u8],
    /// How many lines of the file it is.
    pub(super) lines: u32,
    /// Bytes that were cut off.
    pub(super) cut: u64,
    /// Bytes that were no text in a way that `text` does not show any more.
    pub(super) invalid: u64,
    pub(super) malformed: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    Trace(Trace),
    /// The pattern of that number.
    Own(usize),
}

/// A group that may still grow.
#[derive(Debug)]
pub(super) struct Group {
    kind: Kind,
    /// What it is a sign of, by its first line or by its kind.
    pub(super) level: Option<Level>,
    pub(super) when: When,
    pub(super) offset: u64,
    pub(super) text: Vec<u8>,
    pub(super) lines: u32,
    pub(super) invalid: u64,
    /// An empty line after it, which is part of it if the next line is.
    pub(super) blank: Option<Blank>,
    /// When its last line came.
    pub(super) touched_usec: i64,
}

/// An empty line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Blank {
    when: When,
    offset: u64,
    lines: u32,
}

impl Blank {
    /// As a line of its own.
    pub(super) fn line(self) -> Line<'static> {
        Line {
            when: self.when,
            offset: self.offset,
            text: &[],
            lines: self.lines,
            cut: 0,
            invalid: 0,
            malformed: false,
        }
    }
}

/// The longest that a line waits for the trace it may announce, in microseconds: both are written at once.
const ANNOUNCED_USEC: i64 = 250_000;

impl Group {
    /// The group that a line begins. `level` is what the line says of itself; `buffer` is for its text.
    pub(super) fn begin(
        line: &Line<'_>,
        level: Option<Level>,
        rules: &EntryRules,
        now_usec: i64,
        buffer: &mut Vec<u8>,
    ) -> Option<Group> {
        if line.malformed || line.cut > 0 {
            return None;
        }
        let own = rules
            .patterns
            .iter()
            .position(|p| p.starts(line.text) || p.continues(line.text));
        let (kind, sign) = match own {
            Some(number) => (Kind::Own(number), None),
            None if !rules.traces => return None,
            None => match trace::begins(line.text) {
                Some((trace, sign)) => (Kind::Trace(trace), sign),
                None if trace::announces(line.text, level) => (Kind::Trace(Trace::Announced), None),
                None => return None,
            },
        };
        let mut text = std::mem::take(buffer);
        text.clear();
        text.extend_from_slice(line.text);
        Some(Group {
            kind,
            level: level.or(sign),
            when: line.when,
            offset: line.offset,
            text,
            lines: line.lines,
            invalid: line.invalid,
            blank: None,
            touched_usec: now_usec,
        })
    }

    /// Takes a line, or answers `false`: the group is then complete.
    pub(super) fn offer(&mut self, line: &Line<'_>, rules: &EntryRules, now_usec: i64) -> bool {
        let blank = self.blank.map_or(0, |b| b.lines);
        let lines = self.lines.saturating_add(blank).saturating_add(line.lines);
        let bytes = self.text.len() + usize::from(blank > 0) + 1 + line.text.len();
        if line.malformed || line.cut > 0 || lines > rules.group_lines || bytes > rules.max_line {
            return false;
        }
        let answer = match self.kind {
            Kind::Own(number) => match rules.patterns.get(number) {
                Some(pattern) if pattern.continues(line.text) => Answer::Takes(Trace::Announced),
                _ => Answer::Leaves,
            },
            Kind::Trace(trace) => trace.offer(line.text, blank > 0),
        };
        match answer {
            Answer::Leaves => return false,
            Answer::Perhaps => {
                self.blank = Some(Blank {
                    when: line.when,
                    offset: line.offset,
                    lines: line.lines,
                });
            }
            Answer::Takes(trace) => {
                if let Kind::Trace(now) = &mut self.kind {
                    *now = trace;
                }
                if self.blank.take().is_some() {
                    self.text.push(b'\n');
                }
                self.text.push(b'\n');
                self.text.extend_from_slice(line.text);
                self.lines = lines;
                self.invalid += line.invalid;
            }
        }
        self.touched_usec = now_usec;
        true
    }

    /// Whether it has waited long enough.
    pub(super) fn is_over(&mut self, rules: &EntryRules, now_usec: i64) -> bool {
        let wait = match self.kind {
            Kind::Trace(Trace::Announced) => ANNOUNCED_USEC.min(rules.group_wait_usec),
            _ => rules.group_wait_usec,
        };
        over(&mut self.touched_usec, wait, now_usec)
    }
}

/// Whether `wait` has gone by since `since`. A clock that was set back starts the wait anew.
pub(super) fn over(since: &mut i64, wait: i64, now_usec: i64) -> bool {
    if now_usec < *since {
        *since = now_usec;
    }
    now_usec.saturating_sub(*since) >= wait
}
