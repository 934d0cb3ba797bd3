//! Several changes in one notification.
//!
//! What is about the same thing (the [`Grouping::by`] of it is equal) and goes to the same receiver waits for
//! [`Grouping::wait`] from the first of them on, then all of it is one notification. A receiver that takes one change at a
//! time (a webhook, PagerDuty) is not made to wait.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use alarm::Transition;

use crate::label::label;
use crate::severity::{Severity, urgency};

/// `[group]` of `alarms.toml`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grouping {
    /// What must be equal: `alarm`, `severity`, `state`, or the name of a label, or else of a tag.
    pub by: Vec<String>,
    /// How long the first change of a group waits for others.
    pub wait: Duration,
    /// How many changes are told in full; the rest is counted.
    pub shown: usize,
}

/// By alarm, 10 s, 20 in full.
impl Default for Grouping {
    fn default() -> Grouping {
        Grouping {
            by: vec!["alarm".to_owned()],
            wait: Duration::from_secs(10),
            shown: crate::Notification::SHOWN,
        }
    }
}

/// A change that a receiver is still to be told.
#[derive(Debug, Clone, Copy)]
pub struct Pending<'a> {
    /// The receiver's name.
    pub receiver: &'a str,
    /// The change.
    pub transition: &'a Transition,
    /// Since when it waits, in microseconds since 1970.
    pub since: i64,
    /// Whether the receiver takes several in one notification ([`crate::Receiver::takes_groups`]).
    pub grouped: bool,
}

/// What becomes one notification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// The receiver's name.
    pub receiver: String,
    /// Places in what was given, worst first; changes of one alarm and series in their order.
    pub members: Vec<usize>,
}

/// What can be sent now, and when there will be more.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Grouped {
    /// Ready notifications, the one that has waited longest first.
    pub ready: Vec<Batch>,
    /// When the next group is ready, in microseconds since 1970.
    pub next: Option<i64>,
}

/// A receiver, what is equal, and the place of what is told alone.
type GroupKey<'a> = (&'a str, Vec<String>, Option<usize>);

impl Grouping {
    /// Makes notifications of what waits at `now` (microseconds since 1970).
    pub fn group(&self, pending: &[Pending<'_>], now: i64) -> Grouped {
        let mut groups: BTreeMap<GroupKey<'_>, Vec<usize>> = BTreeMap::new();
        for (place, one) in pending.iter().enumerate() {
            // What is not grouped is a group of its own.
            let (key, alone) = match one.grouped {
                true => (self.key(one.transition), None),
                false => (Vec::new(), Some(place)),
            };
            let group = groups.entry((one.receiver, key, alone)).or_default();
            group.push(place);
        }
        let wait = i64::try_from(self.wait.as_micros()).unwrap_or(i64::MAX);
        let mut ready = Vec::new();
        let mut next: Option<i64> = None;
        for ((receiver, _, alone), mut members) in groups {
            let first = members.iter().filter_map(|m| pending.get(*m));
            let Some((since, number)) = first.map(|p| (p.since, p.transition.number)).min() else {
                continue;
            };
            let due = match alone {
                Some(_) => since,
                None => since.saturating_add(wait),
            };
            // A beginning in the future means that the clock was put back: nobody waits for it to come again.
            if due > now && since <= now {
                next = Some(next.map_or(due, |next| next.min(due)));
                continue;
            }
            order(&mut members, |place| {
                pending.get(*place).map(|p| p.transition)
            });
            let receiver = receiver.to_owned();
            ready.push((since, number, Batch { receiver, members }));
        }
        ready.sort_by_key(|(since, number, _)| (*since, *number));
        Grouped {
            ready: ready.into_iter().map(|(_, _, batch)| batch).collect(),
            next,
        }
    }

    fn key(&self, transition: &Transition) -> Vec<String> {
        let part = |name: &String| match name.as_str() {
            "alarm" => transition.alarm.clone(),
            "severity" => Severity::of(transition).word().to_owned(),
            "state" => transition.to.as_str().to_owned(),
            _ => match (label(transition, name), transition.tags.get(name)) {
                (Some(value), _) => value.into_owned(),
                (None, Some(value)) => value.clone(),
                (None, None) => String::new(),
            },
        };
        self.by.iter().map(part).collect()
    }
}

/// Worst first: by the state that an alarm and series is in at the end, then by severity, then the oldest. Changes of one
/// alarm and series stay together and in their order.
pub(crate) fn worst_first(transitions: &mut Vec<Transition>) {
    let mut places: Vec<usize> = (0..transitions.len()).collect();
    order(&mut places, |place| transitions.get(*place));
    let mut taken: Vec<Option<Transition>> = transitions.drain(..).map(Some).collect();
    let in_order = places
        .into_iter()
        .filter_map(|place| taken.get_mut(place).and_then(Option::take));
    transitions.extend(in_order);
}

fn order<'a, T>(items: &mut [T], transition: impl Fn(&T) -> Option<&'a Transition>) {
    // The newest of each alarm and series.
    let mut last: HashMap<String, &Transition> = HashMap::new();
    for one in items.iter().filter_map(&transition) {
        let newest = last.entry(one.key()).or_insert(one);
        if one.number >= newest.number {
            *newest = one;
        }
    }
    items.sort_by_cached_key(|item| {
        transition(item).map(|one| {
            let key = one.key();
            let last = last.get(&key).copied().unwrap_or(one);
            let worst = std::cmp::Reverse((urgency(last.to), Severity::of(last)));
            (worst, last.at, key, one.number)
        })
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::transition;
    use alarm::State;

    const SECOND: i64 = 1_000_000;

    fn change(number: u64, alarm: &str, pod: &str, to: State, severity: &str) -> Transition {
        let mut change = transition(alarm);
        change.number = number;
        change.at = number as i64 * SECOND;
        change.to = to;
        change.labels.insert("pod".into(), pod.into());
        change.tags.insert("severity".into(), severity.into());
        change
    }

    fn pending<'a>(receiver: &'a str, transition: &'a Transition, since: i64) -> Pending<'a> {
        Pending {
            receiver,
            transition,
            since: since * SECOND,
            grouped: true,
        }
    }

    fn batch(receiver: &str, members: &[usize]) -> Batch {
        Batch {
            receiver: receiver.into(),
            members: members.to_vec(),
        }
    }

    #[test]
    fn a_group_waits_for_the_first_of_it_and_goes_whole() {
        let changes = [
            change(1, "a", "x", State::Alarm, "warning"),
            change(2, "a", "y", State::Alarm, "warning"),
            change(3, "b", "x", State::Alarm, "warning"),
        ];
        let waiting = [
            pending("mail", &changes[0], 100),
            pending("mail", &changes[1], 109),
            pending("mail", &changes[2], 105),
        ];
        let grouping = Grouping::default();
        let early = grouping.group(&waiting, 109 * SECOND);
        assert_eq!(early.ready, []);
        assert_eq!(early.next, Some(110 * SECOND));
        let due = grouping.group(&waiting, 110 * SECOND);
        assert_eq!(due.ready, [batch("mail", &[0, 1])]);
        assert_eq!(due.next, Some(115 * SECOND));
        let late = grouping.group(&waiting, 115 * SECOND);
        assert_eq!(late.ready, [batch("mail", &[0, 1]), batch("mail", &[2])]);
        assert_eq!(late.next, None);
    }

    #[test]
    fn receivers_are_apart_and_some_take_one_at_a_time() {
        let changes = [
            change(1, "a", "x", State::Alarm, ""),
            change(2, "a", "y", State::Alarm, ""),
        ];
        let mut waiting = Vec::new();
        for receiver in ["hook", "mail"] {
            for change in &changes {
                let grouped = receiver == "mail";
                waiting.push(Pending {
                    grouped,
                    ..pending(receiver, change, 100)
                });
            }
        }
        let now = Grouping::default().group(&waiting, 100 * SECOND);
        assert_eq!(now.ready, [batch("hook", &[0]), batch("hook", &[1])]);
        assert_eq!(now.next, Some(110 * SECOND));
    }

    #[test]
    fn groups_are_by_labels_tags_severity_and_state() {
        let mut changes = [
            change(1, "a", "x", State::Alarm, "info"),
            change(2, "b", "x", State::Alarm, "info"),
            change(3, "b", "y", State::Ok, "critical"),
        ];
        changes[0].tags.insert("team".into(), "one".into());
        changes[1].tags.insert("team".into(), "one".into());
        changes[2].tags.insert("team".into(), "one".into());
        let groups = |by: &[&str]| {
            let grouping = Grouping {
                by: by.iter().map(|b| (*b).to_owned()).collect(),
                ..Grouping::default()
            };
            let waiting: Vec<_> = changes.iter().map(|c| pending("mail", c, 0)).collect();
            grouping.group(&waiting, 60 * SECOND).ready.len()
        };
        assert_eq!(groups(&["alarm"]), 2);
        assert_eq!(groups(&["pod"]), 2);
        assert_eq!(groups(&["severity"]), 2);
        assert_eq!(groups(&["state"]), 2);
        assert_eq!(groups(&["team"]), 1);
        assert_eq!(groups(&["nothing-has-this"]), 1);
        assert_eq!(groups(&["alarm", "pod"]), 3);
        assert_eq!(groups(&[]), 1);
    }

    #[test]
    fn worst_is_first_and_changes_of_one_series_keep_their_order() {
        let mut changes = vec![
            change(5, "a", "ok", State::Ok, "critical"),
            change(4, "a", "flaps", State::Ok, "critical"),
            change(3, "a", "warns", State::Alarm, "warning"),
            change(6, "a", "flaps", State::Alarm, "critical"),
            change(2, "a", "flaps", State::Alarm, "critical"),
            change(1, "a", "silent", State::InsufficientData, "critical"),
            change(7, "a", "older", State::Alarm, "critical"),
        ];
        changes[6].at = 0;
        worst_first(&mut changes);
        let order: Vec<_> = changes
            .iter()
            .map(|c| (c.labels["pod"].as_str(), c.number))
            .collect();
        assert_eq!(
            order,
            [
                ("older", 7),
                ("flaps", 2),
                ("flaps", 4),
                ("flaps", 6),
                ("warns", 3),
                ("silent", 1),
                ("ok", 5)
            ]
        );
    }

    #[test]
    fn nothing_waits_for_a_clock_that_was_put_back() {
        let change = change(1, "a", "x", State::Alarm, "");
        let waiting = [pending("mail", &change, 10_000)];
        let now = Grouping::default().group(&waiting, 100 * SECOND);
        assert_eq!(now.ready, [batch("mail", &[0])]);
    }
}
