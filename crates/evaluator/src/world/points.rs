//! Alarms over data points: which are due, and what follows from what was read.
//!
//! # Series
//!
//! An alarm over many series has a state for each. A series that appears and is OK is written down without a
//! transition: every new pod would be one. One that appears and breaches goes from INSUFFICIENT_DATA to ALARM. A
//! series without a data point in its whole range keeps its state, and ends when there is none a period later either:
//! from ALARM it goes to OK then, and is forgotten. Where missing data are treated as breaching, that a series is gone is
//! what is asked for: it is evaluated on, and ends after a day.

use std::sync::Arc;

use alarm::contributor;
use alarm::reason::Source;
use alarm::{Evaluation, Period, State, TreatMissingData, schedule};

use super::scribe::Head;
use super::{Alarm, NewState, SECOND, Scribe, Series, World};
use crate::plan::Points;
use crate::record::StateRecord;
use crate::routing::Routing;
use crate::windows::{Ask, Labels, Window, Words};

/// A read that failed is repeated after this, in microseconds, or after as long as it took.
const RETRY: i64 = 10 * SECOND;
/// The longest wait for a repeated read, in microseconds: also what a clock that was set back may make of one.
const LONGEST_RETRY: i64 = 120 * SECOND;
/// Alarms that are due at the same moment are spread over this part of their interval.
const SPREAD: i64 = 6;
/// How long after a minute those over verdicts are due first, in microseconds: the minute's verdicts are made five seconds
/// after it, which takes a moment, and an alarm that was evaluated before them would tell of them a minute later.
const VERDICTS: i64 = 10 * SECOND;
/// How long a series is missed where missing data are breaching, in microseconds.
const LONGEST_MISSED: i64 = 86_400 * SECOND;
/// The reason when a series ends.
pub(crate) const ENDED: &str =
    "The series ended: it has had no datapoint for its whole evaluation range and longer.";

impl World {
    /// The alarms that are due at `now`. They are spread over the first sixth of their interval, ten seconds of a minute;
    /// those over verdicts over the ten seconds after that.
    pub(crate) fn due(&self, now: i64) -> Vec<Ask> {
        let now = now.saturating_sub(self.delay);
        let mut asks = Vec::new();
        for alarm in self.alarms.values() {
            let Some(points) = alarm.plan.points() else {
                continue;
            };
            let slot = slot(&alarm.plan.name, points, now);
            // A clock that was set back holds no read up for longer.
            let waits = alarm.retry_at.saturating_sub(now);
            if alarm.last_slot == Some(slot) || (1..=LONGEST_RETRY).contains(&waits) {
                continue;
            }
            asks.push(Ask {
                plan: Arc::clone(&alarm.plan),
                starts: schedule::periods(now, points.period, points.rule.range()),
                period_seconds: points.period,
            });
        }
        asks
    }

    /// What was read by `now` for an alarm that was due at `asked`. An alarm that was changed meanwhile is left as it is: it
    /// is due again.
    pub(crate) fn read(
        &mut self,
        ask: &Ask,
        windows: Result<Vec<Window>, String>,
        asked: i64,
        now: i64,
        routing: &dyn Routing,
    ) {
        let Some(alarm) = self.alarms.get_mut(&ask.plan.name) else {
            return;
        };
        if !Arc::ptr_eq(&alarm.plan, &ask.plan) {
            return;
        }
        let Some(points) = ask.plan.points() else {
            return;
        };
        let windows = windows.and_then(|windows| match windows.len() {
            2.. if !points.is_series() => Err(format!(
                "it is over one series, and {} were found",
                windows.len()
            )),
            _ => Ok(windows),
        });
        let windows = match windows {
            Ok(windows) => windows,
            Err(problem) => {
                if alarm.problem.as_ref() != Some(&problem) {
                    tracing::warn!(
                        alarm = ask.plan.name,
                        problem,
                        "an alarm cannot be evaluated"
                    );
                }
                alarm.problem = Some(problem);
                // What takes long and is in vain is not tried again at once: others are waiting.
                let wait = now.saturating_sub(asked).clamp(RETRY, LONGEST_RETRY);
                alarm.retry_at = now.saturating_sub(self.delay).saturating_add(wait);
                return;
            }
        };
        alarm.problem = None;
        alarm.retry_at = i64::MIN;
        alarm.last_slot = Some(slot(
            &ask.plan.name,
            points,
            asked.saturating_sub(self.delay),
        ));
        let before = alarm.own.state;
        let moment = Moment {
            ask,
            points,
            now,
            routing,
        };
        match points.is_series() {
            false => moment.single(alarm, windows, &mut self.scribe),
            true => moment.many(alarm, windows, self.most_contributors, &mut self.scribe),
        }
        if alarm.own.state != before {
            self.tell_parents(&ask.plan.name, now);
        }
    }

    /// How a window would be evaluated now, without any consequence; with the series' state before.
    pub(crate) fn explain(&self, ask: &Ask, windows: Vec<Window>) -> Vec<(Labels, Evaluation)> {
        let Some(points) = ask.plan.points() else {
            return Vec::new();
        };
        let alarm = self.alarms.get(&ask.plan.name);
        let each = windows.into_iter().map(|window| {
            let state = alarm.and_then(|alarm| match points.is_series() {
                true => alarm
                    .series
                    .get(&window.labels)
                    .map(|series| series.record.state),
                false => Some(alarm.own.state),
            });
            let range = placed(&ask.starts, window.periods);
            let evaluation = points
                .rule
                .evaluate(&range, state.unwrap_or(State::InsufficientData));
            (window.labels, evaluation)
        });
        each.collect()
    }

    /// What to read for [`World::explain`].
    pub(crate) fn ask(&self, name: &str, now: i64) -> Option<Ask> {
        let plan = &self.alarms.get(name)?.plan;
        let points = plan.points()?;
        let now = now.saturating_sub(self.delay);
        Some(Ask {
            plan: Arc::clone(plan),
            starts: schedule::periods(now, points.period, points.rule.range()),
            period_seconds: points.period,
        })
    }
}

/// Which evaluation of an alarm it is, counted from 1970.
fn slot(name: &str, points: &Points, now: i64) -> i64 {
    let every = i64::from(points.every.max(1)) * SECOND;
    let spread = i64::from(crc32fast::hash(name.as_bytes())) * SECOND / 1000 % (every / SPREAD);
    let first = match points.source {
        alarm::definition::Source::Health(_) => VERDICTS,
        _ => 0,
    };
    now.saturating_sub(first + spread).div_euclid(every)
}

/// After how long a series ends that has no data point in its range, in microseconds.
pub(crate) fn missed(points: &Points) -> i64 {
    let period = i64::from(points.period) * SECOND;
    match points.rule.treat_missing_data {
        TreatMissingData::Breaching => {
            LONGEST_MISSED.max(period.saturating_mul(i64::from(points.rule.range())))
        }
        _ => period,
    }
}

/// The periods that were asked for, with the data points that were found.
fn placed(starts: &[i64], found: Vec<Period>) -> Vec<Period> {
    let is_whole = found.len() == starts.len();
    if is_whole
        && found
            .iter()
            .zip(starts)
            .all(|(period, start)| period.start == *start)
    {
        return found;
    }
    let mut found = found.into_iter().peekable();
    let mut all = Vec::with_capacity(starts.len());
    for start in starts {
        while found.next_if(|period| period.start < *start).is_some() {}
        let here = found.next_if(|period| period.start == *start);
        all.push(here.unwrap_or_else(|| Period::new(*start, None)));
    }
    all
}

/// The reason of an evaluation, after the words of the newest period that breaches when it is ALARM.
pub(crate) fn reason(evaluation: &Evaluation, words: &Words) -> String {
    let reason = evaluation.reason();
    let mut breaching = evaluation.points.iter().rev().filter(|p| p.breaches());
    let words = breaching.find_map(|point| words.get(&point.period.start));
    match (evaluation.state, words) {
        (State::Alarm, Some(words)) => alarm::reason::with_words(words, &reason),
        _ => reason,
    }
}

fn newest_value(range: &[Period]) -> Option<f64> {
    let real = |period: &Period| period.value.filter(|value| value.is_finite());
    range.iter().rev().find_map(real)
}

/// An evaluation under way.
struct Moment<'a> {
    ask: &'a Ask,
    points: &'a Points,
    now: i64,
    routing: &'a dyn Routing,
}

impl Moment<'_> {
    fn found(&self, evaluation: &Evaluation, value: Option<f64>, words: &Words) -> NewState {
        let source = Source {
            statistic: self.points.statistic(),
            period: self.points.period,
            unit: self.points.unit(),
        };
        NewState {
            state: evaluation.state,
            reason: reason(evaluation, words),
            reason_data: evaluation.reason_data(source, self.now).to_string(),
            value,
        }
    }

    fn single(&self, alarm: &mut Alarm, windows: Vec<Window>, scribe: &mut Scribe) {
        let found = windows.into_iter().next();
        let (periods, words) = found.map(|found| (found.periods, found.words)).unzip();
        let range = placed(&self.ask.starts, periods.unwrap_or_default());
        let evaluation = self.points.rule.evaluate(&range, alarm.own.state);
        alarm.value = newest_value(&range);
        if evaluation.is_transition() {
            let new = self.found(&evaluation, alarm.value, &words.unwrap_or_default());
            let head = Head::new(&self.ask.plan, alarm.configured_at, alarm.acts());
            let transition = scribe.transition(&head, &mut alarm.own, new, self.now);
            scribe.act(&head, &transition, self.routing, self.now);
        } else if alarm.own.is_set {
            // What was set is what is so.
            alarm.own.is_set = false;
            scribe.write_state(&alarm.own);
        }
    }

    fn many(&self, alarm: &mut Alarm, windows: Vec<Window>, most: usize, scribe: &mut Scribe) {
        let count = windows.len();
        let head = Head::new(&self.ask.plan, alarm.configured_at, alarm.acts());
        let mut seen = std::collections::HashSet::with_capacity(count.min(most));
        let mut left_out = 0usize;
        for window in windows {
            if !alarm.series.contains_key(&window.labels) {
                if alarm.series.len() >= most {
                    left_out += 1;
                    continue;
                }
                let series = self.appeared(&window.labels);
                alarm.series.insert(window.labels.clone(), series);
            }
            if let Some(series) = alarm.series.get_mut(&window.labels) {
                self.evaluate(
                    series,
                    placed(&self.ask.starts, window.periods),
                    &window.words,
                    &head,
                    scribe,
                );
            }
            seen.insert(window.labels);
        }
        let mut gone: Vec<Labels> = alarm
            .series
            .keys()
            .filter(|labels| !seen.contains(*labels))
            .cloned()
            .collect();
        gone.sort_unstable();
        for labels in &gone {
            if let Some(series) = alarm.series.get_mut(labels) {
                let range = placed(&self.ask.starts, Vec::new());
                self.evaluate(series, range, &Words::new(), &head, scribe);
            }
        }
        self.end(alarm, scribe);
        if left_out > 0 {
            alarm.problem = Some(format!(
                "it has {count} series, and at most {most} are evaluated: {left_out} are left out. Narrow its filters, or \
                 group by fewer labels"
            ));
        }
        self.add_up(alarm, scribe);
    }

    fn appeared(&self, labels: &Labels) -> Series {
        let record = StateRecord::initial(&self.ask.plan.name, labels.clone(), self.now);
        Series {
            record,
            value: None,
            empty_since: None,
        }
    }

    fn evaluate(
        &self,
        series: &mut Series,
        range: Vec<Period>,
        words: &Words,
        head: &Head<'_>,
        scribe: &mut Scribe,
    ) {
        series.value = newest_value(&range);
        if series.value.is_some() {
            series.empty_since = None;
        } else {
            series.empty_since.get_or_insert(self.now);
            if self.points.rule.treat_missing_data != TreatMissingData::Breaching {
                return;
            }
        }
        let evaluation = self.points.rule.evaluate(&range, series.record.state);
        if !evaluation.is_transition() {
            return;
        }
        let new = self.found(&evaluation, series.value, words);
        let record = &mut series.record;
        if new.state == State::Ok && record.reason == alarm::reason::CREATED {
            record.state = new.state;
            record.reason = new.reason;
            record.reason_data = new.reason_data;
            record.value = new.value;
            record.updated = self.now;
            scribe.write_state(record);
            return;
        }
        let transition = scribe.transition(head, record, new, self.now);
        scribe.act(head, &transition, self.routing, self.now);
    }

    /// Series that have had no data point for long end.
    fn end(&self, alarm: &mut Alarm, scribe: &mut Scribe) {
        let missed = missed(self.points);
        let ended = |series: &Series| {
            series
                .empty_since
                .is_some_and(|since| self.now.saturating_sub(since) >= missed)
        };
        let mut gone: Vec<Labels> = alarm
            .series
            .iter()
            .filter(|(_, series)| ended(series))
            .map(|(labels, _)| labels.clone())
            .collect();
        gone.sort_unstable();
        let head = Head::new(&self.ask.plan, alarm.configured_at, alarm.acts());
        for labels in gone {
            let Some(mut series) = alarm.series.remove(&labels) else {
                continue;
            };
            if series.record.state == State::Alarm {
                let new = NewState {
                    state: State::Ok,
                    reason: ENDED.to_owned(),
                    reason_data: String::new(),
                    value: None,
                };
                let transition = scribe.transition(&head, &mut series.record, new, self.now);
                scribe.act(&head, &transition, self.routing, self.now);
            }
            scribe.changes.states.insert(series.record.key(), None);
        }
    }

    /// The state of the alarm: ALARM when a series is, else OK when one is, else INSUFFICIENT_DATA.
    fn add_up(&self, alarm: &mut Alarm, scribe: &mut Scribe) {
        let counts = alarm.counts();
        let (state, reason) = (counts.state(), contributor::reason(counts));
        let acts = alarm.acts();
        let own = &mut alarm.own;
        if state == own.state {
            own.reason = reason;
            if own.is_set {
                own.is_set = false;
                scribe.write_state(own);
            }
            return;
        }
        let new = NewState {
            state,
            reason,
            reason_data: String::new(),
            value: None,
        };
        if own.is_set {
            // Somebody set the alarm itself, and receivers were told: they are told that it is not so.
            let head = Head::new(&self.ask.plan, alarm.configured_at, acts);
            let transition = scribe.transition(&head, own, new, self.now);
            scribe.act(&head, &transition, self.routing, self.now);
            return;
        }
        own.state = new.state;
        own.reason = new.reason;
        own.reason_data = new.reason_data;
        own.since = self.now;
        own.updated = self.now;
        scribe.write_state(own);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_points_are_placed_where_they_were_asked_for() {
        let found = vec![
            Period::new(5, Some(1.0)),
            Period::new(20, Some(2.0)),
            Period::new(99, Some(3.0)),
        ];
        let placed = placed(&[10, 20, 30], found);
        let values: Vec<_> = placed
            .iter()
            .map(|period| (period.start, period.value))
            .collect();
        assert_eq!(values, [(10, None), (20, Some(2.0)), (30, None)]);
    }
}
