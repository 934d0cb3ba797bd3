//! Which lines were shown last, so that a live tail that was broken off goes on without a gap and without repeating.

use std::collections::{HashSet, VecDeque};

use chrono::{DateTime, Duration, SecondsFormat, Utc};

use super::line::Line;

/// Ids remembered: those of the overlap, at the highest rate there is, and more.
const REMEMBERED: usize = 50_000;
/// Lines of different agents arrive a little out of order; so far back a tail is taken up again.
const OVERLAP: Duration = Duration::seconds(20);

/// Lines that were shown.
#[derive(Debug, Default)]
pub(super) struct Seen {
    order: VecDeque<String>,
    ids: HashSet<String>,
    newest: Option<DateTime<Utc>>,
}

impl Seen {
    /// Notes a line; `false` when it was shown before.
    pub(super) fn note(&mut self, line: &Line) -> bool {
        if let Ok(time) = DateTime::parse_from_rfc3339(line.time()) {
            self.newest = self.newest.max(Some(time.with_timezone(&Utc)));
        }
        let id = line.id();
        if id.is_empty() {
            return true;
        }
        if !self.ids.insert(id.to_owned()) {
            return false;
        }
        self.order.push_back(id.to_owned());
        if self.order.len() > REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.ids.remove(&oldest);
        }
        true
    }

    /// From when on to take it up again; `None` before the first line.
    pub(super) fn since(&self) -> Option<String> {
        let from = self.newest?.checked_sub_signed(OVERLAP)?;
        Some(from.to_rfc3339_opts(SecondsFormat::Micros, true))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_line_is_new_once() {
        let line = |id: &str, time: &str| Line::from(json!({"id": id, "time": time}));
        let mut seen = Seen::default();
        assert_eq!(seen.since(), None);
        assert!(seen.note(&line("a", "2026-11-25T20:31:30Z")));
        assert!(seen.note(&line("b", "2026-11-25T20:31:10Z")));
        assert!(!seen.note(&line("a", "2026-11-25T20:31:30Z")));
        assert_eq!(seen.since().as_deref(), Some("2026-11-25T20:31:10.000000Z"));
    }

    #[test]
    fn memory_is_bounded() {
        let mut seen = Seen::default();
        for n in 0..REMEMBERED + 10 {
            seen.note(&Line::from(json!({"id": n.to_string()})));
        }
        assert_eq!((seen.order.len(), seen.ids.len()), (REMEMBERED, REMEMBERED));
        assert!(seen.note(&Line::from(json!({"id": "3"}))), "forgotten");
    }
}
