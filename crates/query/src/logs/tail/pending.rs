//! What comes while stored lines are still being told of.
//!
//! A line that comes meanwhile may be found among the stored ones too, before or after it is heard of. Either is
//! noticed: by what waits when the stored line is told of, and by what was told last when the line is heard of (the
//! store shows a line to queries before it tells of it, and that at once).

use std::collections::{HashSet, VecDeque};

use crate::logs::lines::{Key, LogLine};

/// Lines that wait at most, and bytes of their messages.
const MOST: usize = 20_000;
const MOST_BYTES: usize = 16 << 20;
/// Of the stored lines the last so many are remembered.
const REMEMBERED: usize = 100_000;

/// Lines that wait.
#[derive(Debug, Default)]
pub(super) struct Pending {
    waiting: Vec<(u64, Key, LogLine)>,
    numbers: HashSet<u64>,
    bytes: usize,
    told: HashSet<u64>,
    told_last: VecDeque<u64>,
    /// Lines that there was no room for.
    pub(super) dropped: u64,
}

impl Pending {
    /// A stored line is told of.
    pub(super) fn told(&mut self, key: &Key) {
        let number = key.number();
        if self.told.insert(number) {
            self.told_last.push_back(number);
        }
        if self.told_last.len() > REMEMBERED
            && let Some(oldest) = self.told_last.pop_front()
            && !self.numbers.contains(&oldest)
        {
            self.told.remove(&oldest);
        }
    }

    /// Whether a stored line is known to have been told of.
    pub(super) fn is_told(&self, key: &Key) -> bool {
        !self.told.is_empty() && self.told.contains(&key.number())
    }

    /// A line has come.
    pub(super) fn add(&mut self, key: Key, line: LogLine) {
        let number = key.number();
        if self.told.contains(&number) {
            return;
        }
        if self.waiting.len() >= MOST || self.bytes + line.message.len() > MOST_BYTES {
            self.dropped += 1;
            return;
        }
        self.bytes += line.message.len();
        self.numbers.insert(number);
        self.waiting.push((number, key, line));
    }

    /// The stored lines are all told of: what waits and was not among them, in order.
    pub(super) fn take(&mut self) -> Vec<LogLine> {
        self.bytes = 0;
        self.numbers.clear();
        let mut waiting = std::mem::take(&mut self.waiting);
        waiting.retain(|(number, ..)| !self.told.contains(number));
        waiting.sort_by(|a, b| a.1.cmp(&b.1));
        waiting.into_iter().map(|(_, _, line)| line).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(time: i64) -> (Key, LogLine) {
        let key = Key::before(time);
        let line = LogLine {
            id: key.id(),
            time: String::new(),
            cluster: None,
            node: None,
            namespace: None,
            pod: None,
            pod_uid: None,
            container: None,
            container_id: None,
            stream: None,
            file: None,
            offset: None,
            sequence: None,
            level: None,
            joined_lines: None,
            truncated_bytes: None,
            invalid_bytes: None,
            message: time.to_string(),
            anchor: false,
        };
        (key, line)
    }

    #[test]
    fn no_line_is_told_of_twice_whichever_way_it_is_met_first() {
        let mut pending = Pending::default();
        let add = |pending: &mut Pending, time| {
            let (key, line) = line(time);
            pending.add(key, line);
        };
        add(&mut pending, 5);
        add(&mut pending, 3);
        // Met among the stored ones after it was heard of, however many are in between.
        pending.told(&line(5).0);
        for time in 0..REMEMBERED as i64 + 10 {
            pending.told(&line(1_000 + time).0);
        }
        // Heard of after it was told.
        add(&mut pending, 1_000 + REMEMBERED as i64);
        add(&mut pending, 2);
        let messages: Vec<_> = pending.take().into_iter().map(|l| l.message).collect();
        assert_eq!(messages, ["2", "3"]);
        assert!(pending.told.len() <= REMEMBERED + 1);
    }

    #[test]
    fn what_waits_is_bounded_and_the_rest_counted() {
        let mut pending = Pending::default();
        for time in 0..MOST as i64 + 7 {
            let (key, line) = line(time);
            pending.add(key, line);
        }
        assert_eq!(pending.dropped, 7);
        assert_eq!(pending.take().len(), MOST);
    }
}
