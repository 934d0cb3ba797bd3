//! What is to be told again: whether it still is as the receiver was told.

use super::{Alarm, World};
use crate::deliver::Attempt;
use crate::outbox::{Delivery, Line, Page, line};
use crate::record::StandingRecord;
use crate::world::Scribe;

/// A page of what a receiver holds, and which of it lasts.
#[derive(Debug)]
pub(crate) struct Lasting {
    pub(crate) page: Page,
    /// Lines of alarms that are still in the state that was told, and whose actions are switched on.
    pub(crate) lines: Vec<String>,
}

impl World {
    /// Pages that are due at `now`. Lines whose alarm is gone or in another state are let go: the receiver is told of that
    /// by a delivery, or forgets.
    pub(crate) fn due_repetitions(&mut self, now: i64, longest: i64) -> Vec<Lasting> {
        let mut all = Vec::new();
        for page in self.scribe.standing.due(now, longest) {
            let mut lines = Vec::new();
            for (line, what) in &page.lines {
                match self
                    .alarms
                    .get(&what.alarm)
                    .filter(|alarm| lasts(alarm, what))
                {
                    Some(alarm) if alarm.acts() => lines.push(line.clone()),
                    // Switched off: told again when it is switched on before it is over.
                    Some(_) => {}
                    None => {
                        self.scribe.standing.ends(&page.receiver, line);
                        self.scribe.changes.standing.insert(line.clone(), None);
                    }
                }
            }
            // Nothing new is told meanwhile, or an OK could arrive before what it ends.
            self.scribe.outbox.hold(&page.receiver);
            all.push(Lasting { page, lines });
        }
        all
    }
}

/// Whether an alarm, or its series, is still in the state of which the receiver was told.
fn lasts(alarm: &Alarm, line: &Line) -> bool {
    let record = match line.labels.is_empty() {
        true => Some(&alarm.own),
        false => alarm.series.get(&line.labels).map(|series| &series.record),
    };
    record.is_some_and(|record| record.state == line.to && record.since == line.since)
}

impl Scribe {
    /// A receiver has what was attempted. What is not OK is told it again, if it forgets.
    pub(crate) fn told(&mut self, attempt: &Attempt, entries: &[Delivery], now: i64) {
        for entry in entries {
            let line = line(entry);
            let transition = attempt.transitions.iter();
            let transition = transition
                .filter(|transition| transition.number == entry.number)
                .find(|transition| transition.to != alarm::State::Ok);
            match transition.zip(attempt.repeats_after) {
                Some((transition, after)) => {
                    let after = i64::try_from(after.as_micros()).unwrap_or(i64::MAX);
                    let next = now.saturating_add(after);
                    self.standing
                        .begins(&entry.receiver, line.clone(), transition, next);
                    let record = StandingRecord {
                        receiver: entry.receiver.clone(),
                        transition: transition.clone(),
                    };
                    self.changes.standing.insert(line, Some(record));
                }
                None => {
                    if self.standing.ends(&entry.receiver, &line) {
                        self.changes.standing.insert(line, None);
                    }
                }
            }
        }
    }
}
