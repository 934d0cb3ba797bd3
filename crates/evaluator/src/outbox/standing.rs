//! What receivers that forget hold: the changes to ALARM (or INSUFFICIENT_DATA) that they were told of last, to be told
//! again while they last.
//!
//! Each receiver is gone round: from the first line to the last, a page at a time, then a pause until the next round is
//! due. In memory are only the lines; their transitions are on disk.

use std::collections::BTreeMap;

use alarm::{State, Transition};

use crate::record::StandingRecord;
use crate::windows::Labels;

/// What is repeated in one request at most. Prometheus has as many, for the sake of Alertmanager.
const PAGE: usize = 250;

/// What a receiver was told last of an alarm or a series of it, which is not that it is OK.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) alarm: String,
    pub(crate) labels: Labels,
    pub(crate) to: State,
    /// When the transition was found.
    pub(crate) since: i64,
}

impl Line {
    fn of(transition: &Transition) -> Line {
        Line {
            alarm: transition.alarm.clone(),
            labels: transition.labels.clone(),
            to: transition.to,
            since: transition.at,
        }
    }
}

/// One receiver's.
#[derive(Debug, Default)]
struct Held {
    lines: BTreeMap<String, Line>,
    /// When the next page is due.
    next: i64,
    /// When the round began that is under way.
    began: Option<i64>,
    /// The last line of the round that was repeated.
    after: Option<String>,
    is_under_way: bool,
}

/// All receivers' that hold anything.
#[derive(Debug, Default)]
pub(crate) struct Standing {
    receivers: BTreeMap<String, Held>,
}

/// Lines of one receiver, all of which may be repeated together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Page {
    pub(crate) receiver: String,
    pub(crate) lines: Vec<(String, Line)>,
}

impl Standing {
    /// As it was on disk. All of it is due at once: nobody knows how long nothing was repeated.
    pub(crate) fn restore(records: Vec<(String, StandingRecord)>) -> Standing {
        let mut standing = Standing::default();
        for (line, record) in records {
            let held = standing.receivers.entry(record.receiver).or_default();
            held.next = i64::MIN;
            held.lines.insert(line, Line::of(&record.transition));
        }
        standing
    }

    /// A receiver was told of a transition that is not to OK. The first is repeated from `next` on.
    pub(crate) fn begins(
        &mut self,
        receiver: &str,
        line: String,
        transition: &Transition,
        next: i64,
    ) {
        let held = self.receivers.entry(receiver.to_owned()).or_default();
        if held.lines.is_empty() && !held.is_under_way {
            held.next = next;
        }
        held.lines.insert(line, Line::of(transition));
    }

    /// It is over. `false`: nothing was held.
    pub(crate) fn ends(&mut self, receiver: &str, line: &str) -> bool {
        let Some(held) = self.receivers.get_mut(receiver) else {
            return false;
        };
        let was_held = held.lines.remove(line).is_some();
        if held.lines.is_empty() && !held.is_under_way {
            self.receivers.remove(receiver);
        }
        was_held
    }

    /// The next page of each receiver that is due at `now` and has none under way. Each goes to [`Standing::ended`].
    /// `longest` is the longest pause, in microseconds: one that is longer comes of a clock that was set back.
    pub(crate) fn due(&mut self, now: i64, longest: i64) -> Vec<Page> {
        let mut pages = Vec::new();
        for (receiver, held) in &mut self.receivers {
            let is_due = held.next <= now || held.next > now.saturating_add(longest);
            if held.is_under_way || !is_due {
                continue;
            }
            let after = held.after.clone().unwrap_or_default();
            let lines: Vec<(String, Line)> = held
                .lines
                .range(after..)
                .filter(|(line, _)| held.after.as_ref() != Some(line))
                .take(PAGE)
                .map(|(line, what)| (line.clone(), what.clone()))
                .collect();
            held.is_under_way = true;
            held.began.get_or_insert(now);
            pages.push(Page {
                receiver: receiver.clone(),
                lines,
            });
        }
        pages
    }

    /// A page was repeated. The next is due at once, or, after the last, `pause` after the round began.
    pub(crate) fn ended(&mut self, page: &Page, now: i64, pause: i64) {
        let Some(held) = self.receivers.get_mut(&page.receiver) else {
            return;
        };
        held.is_under_way = false;
        if page.lines.len() < PAGE {
            let began = held.began.take().unwrap_or(now);
            held.next = began.saturating_add(pause).max(now);
            held.after = None;
        } else {
            held.next = now;
            held.after = page.lines.last().map(|(line, _)| line.clone());
        }
        self.forget_if_empty(&page.receiver);
    }

    /// A page could not be repeated. It is due again at `next`.
    pub(crate) fn failed(&mut self, page: &Page, next: i64) {
        if let Some(held) = self.receivers.get_mut(&page.receiver) {
            held.is_under_way = false;
            held.next = next;
        }
        self.forget_if_empty(&page.receiver);
    }

    fn forget_if_empty(&mut self, receiver: &str) {
        let is_empty = |held: &Held| held.lines.is_empty();
        if self.receivers.get(receiver).is_some_and(is_empty) {
            self.receivers.remove(receiver);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONGEST: i64 = 1000;

    fn transition(at: i64) -> Transition {
        serde_json::from_value(serde_json::json!({
            "Number": 1, "Alarm": "a", "Arn": "", "Description": null, "Labels": {}, "Tags": {}, "From": "OK", "To": "ALARM",
            "At": at, "FromSince": 0, "Reason": "", "ReasonData": "", "Value": null, "ConfiguredAt": 0, "Trigger": {},
            "Actions": {"OKActions": [], "AlarmActions": [], "InsufficientDataActions": []},
        }))
        .unwrap()
    }

    fn with(count: usize) -> Standing {
        let mut standing = Standing::default();
        for i in 0..count {
            standing.begins("am", format!("{i:05}"), &transition(0), 100);
        }
        standing
    }

    #[test]
    fn each_line_is_repeated_once_in_a_round_page_by_page() {
        let mut standing = with(2 * PAGE + 1);
        assert!(standing.due(99, LONGEST).is_empty());
        let mut seen = Vec::new();
        for now in 100..103 {
            let pages = standing.due(now, LONGEST);
            assert_eq!(pages.len(), 1, "{now}");
            assert!(standing.due(now, LONGEST).is_empty(), "it is under way");
            assert!(pages[0].lines.len() <= PAGE);
            seen.extend(pages[0].lines.iter().map(|(line, _)| line.clone()));
            standing.ended(&pages[0], now, 100);
        }
        let all: Vec<String> = (0..=2 * PAGE).map(|i| format!("{i:05}")).collect();
        assert_eq!(seen, all);
        // The pause is from round to round, however long a round takes.
        assert!(standing.due(199, LONGEST).is_empty());
        assert_eq!(standing.due(200, LONGEST)[0].lines[0].0, "00000");
    }

    #[test]
    fn a_round_that_ends_with_a_full_page_ends_all_the_same() {
        let mut standing = with(PAGE);
        let page = standing.due(100, LONGEST).remove(0);
        standing.ended(&page, 101, 100);
        let page = standing.due(101, LONGEST).remove(0);
        assert!(page.lines.is_empty());
        standing.ended(&page, 101, 100);
        assert!(standing.due(199, LONGEST).is_empty());
        assert_eq!(standing.due(200, LONGEST)[0].lines.len(), PAGE);
    }

    #[test]
    fn a_page_that_failed_is_repeated_and_what_ended_meanwhile_is_not() {
        let mut standing = with(3);
        let page = standing.due(100, LONGEST).remove(0);
        assert!(standing.ends("am", "00001"));
        assert!(!standing.ends("am", "00001") && !standing.ends("other", "00001"));
        standing.failed(&page, 160);
        assert!(standing.due(159, LONGEST).is_empty());
        let again = standing.due(160, LONGEST).remove(0);
        let lines: Vec<&str> = again.lines.iter().map(|(line, _)| line.as_str()).collect();
        assert_eq!(lines, ["00000", "00002"]);
    }

    #[test]
    fn a_clock_that_was_set_back_holds_nothing_up() {
        let mut standing = with(1);
        assert!(standing.due(99, LONGEST).is_empty());
        assert_eq!(standing.due(-5000, LONGEST).len(), 1);
    }

    #[test]
    fn after_a_restart_all_of_it_is_due_at_once() {
        let record = |receiver: &str| StandingRecord {
            receiver: receiver.to_owned(),
            transition: transition(7),
        };
        let records = vec![("a".to_owned(), record("x")), ("b".to_owned(), record("y"))];
        let mut standing = Standing::restore(records);
        let pages = standing.due(10, LONGEST);
        assert_eq!(pages.len(), 2);
        assert_eq!(
            (pages[0].lines[0].1.since, pages[0].lines[0].1.to),
            (7, State::Alarm)
        );
        standing.ends("x", "a");
        standing.ended(&pages[0], 10, 100);
        assert_eq!(standing.receivers.len(), 1, "nothing is left of it");
    }
}
