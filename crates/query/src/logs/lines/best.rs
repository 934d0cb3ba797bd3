//! The first lines in an order, of any number that are offered.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use super::{Key, LineRows, LogLine, LogOrder};

/// What a line takes beside its message, in bytes: its names, its id.
const BESIDE: usize = 1024;

/// Keeps the first `most` lines in the order, or fewer if their messages are large: then the last of them go, so that
/// what is kept is always a beginning of what there is.
#[derive(Debug)]
pub(crate) struct Best {
    order: LogOrder,
    most: usize,
    most_bytes: usize,
    /// Only lines behind this count.
    after: Option<Key>,
    kept: BinaryHeap<Kept>,
    bytes: usize,
    /// The first line that was let go.
    let_go: Option<Key>,
}

/// The greatest is the last in the order: the first to go.
#[derive(Debug)]
struct Kept {
    order: LogOrder,
    key: Key,
    line: LogLine,
}

impl Kept {
    fn bytes(&self) -> usize {
        self.line.message.len() + BESIDE
    }
}

impl PartialEq for Kept {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl Eq for Kept {}

impl PartialOrd for Kept {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Kept {
    fn cmp(&self, other: &Self) -> Ordering {
        in_order(self.order, &self.key, &other.key)
    }
}

/// `Less` when `a` comes before `b`.
fn in_order<T: Ord>(order: LogOrder, a: &T, b: &T) -> Ordering {
    match order {
        LogOrder::Newest => b.cmp(a),
        LogOrder::Oldest => a.cmp(b),
    }
}

impl Best {
    pub(crate) fn new(order: LogOrder, most: usize, most_bytes: usize, after: Option<Key>) -> Best {
        Best {
            order,
            most,
            most_bytes,
            after,
            kept: BinaryHeap::new(),
            bytes: 0,
            let_go: None,
        }
    }

    /// Whether nothing that comes behind what is kept can be of use.
    pub(crate) fn is_full(&self) -> bool {
        self.kept.len() >= self.most || self.let_go.is_some()
    }

    pub(crate) fn offer(&mut self, rows: &LineRows<'_>) {
        for row in 0..rows.len() {
            if self.may_be_among(rows.time(row)) {
                let key = rows.key(row);
                if self
                    .after
                    .as_ref()
                    .is_none_or(|after| self.is_before(after, &key))
                    && self
                        .let_go
                        .as_ref()
                        .is_none_or(|gone| self.is_before(&key, gone))
                {
                    let line = rows.line(row, &key);
                    self.keep(key, line);
                }
            }
        }
    }

    /// By the time alone, which is all that most lines need.
    fn may_be_among(&self, time: (i64, i64)) -> bool {
        let of = |key: &Key| (key.time, key.time_nsec);
        self.after
            .as_ref()
            .is_none_or(|after| in_order(self.order, &of(after), &time).is_le())
            && self
                .let_go
                .as_ref()
                .is_none_or(|gone| in_order(self.order, &time, &of(gone)).is_le())
    }

    fn is_before(&self, a: &Key, b: &Key) -> bool {
        in_order(self.order, a, b).is_lt()
    }

    fn keep(&mut self, key: Key, line: LogLine) {
        let kept = Kept {
            order: self.order,
            key,
            line,
        };
        self.bytes += kept.bytes();
        self.kept.push(kept);
        // One line is kept however large it is, or no page would ever get past it.
        while self.kept.len() > self.most || (self.bytes > self.most_bytes && self.kept.len() > 1) {
            let Some(last) = self.kept.pop() else { break };
            self.bytes -= last.bytes();
            self.let_go = Some(last.key);
        }
    }

    /// The lines in order, and whether there were more than those.
    pub(crate) fn finish(self) -> (Vec<(Key, LogLine)>, bool) {
        let more = self.let_go.is_some();
        let lines = self.kept.into_sorted_vec();
        (
            lines
                .into_iter()
                .map(|kept| (kept.key, kept.line))
                .collect(),
            more,
        )
    }
}
