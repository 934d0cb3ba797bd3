//! A range that slides: its counts, kept up as a period enters and one leaves.

use std::collections::VecDeque;

use alarm::{Rule, State, TreatMissingData};

use super::Grid;

/// What [`Rule::evaluate`] counts in a range.
#[derive(Debug, Default)]
pub(super) struct Slide {
    /// Where the newest period begins that is in it.
    newest: Option<i64>,
    /// Places of data points, and whether each breaches; oldest first.
    real: VecDeque<(i64, bool)>,
    /// Places of those that breach, oldest first.
    breaching: VecDeque<i64>,
    /// Places of periods with a band, oldest first.
    bands: VecDeque<i64>,
    /// Place of the newest value, whether it can be judged or not.
    newest_value: Option<i64>,
    first_in: i64,
    stride: i64,
}

impl Slide {
    /// Slides on until `newest` is the newest.
    pub(super) fn advance(&mut self, grid: &Grid<'_>, newest: i64) {
        self.stride = grid.stride;
        let reach = grid.range.saturating_mul(grid.stride);
        let first_in = newest.saturating_sub(reach).saturating_add(grid.stride);
        let from = self
            .newest
            .map_or(first_in, |at| at.saturating_add(grid.stride))
            .max(first_in);
        self.first_in = first_in;
        while self
            .real
            .pop_front_if(|(place, _)| *place < first_in)
            .is_some()
        {}
        while self
            .breaching
            .pop_front_if(|place| *place < first_in)
            .is_some()
        {}
        while self.bands.pop_front_if(|place| *place < first_in).is_some() {}
        let mut place = from;
        while place <= newest {
            self.enter(grid, place);
            place += grid.stride;
        }
        self.newest = Some(newest);
    }

    fn enter(&mut self, grid: &Grid<'_>, place: i64) {
        let period = grid.at(place);
        if period.band.is_some() {
            self.bands.push_back(place);
        }
        let value = period.value.filter(|value| value.is_finite());
        if value.is_some() {
            self.newest_value = Some(place);
        }
        let breaches = value.and_then(|value| grid.rule.condition.breaches(value, period.band));
        if let Some(breaches) = breaches {
            self.real.push_back((place, breaches));
            if breaches {
                self.breaching.push_back(place);
            }
        }
    }

    /// Whether it has no data point.
    pub(super) fn is_empty(&self) -> bool {
        self.newest_value.is_none_or(|place| place < self.first_in)
    }

    /// As [`Rule::evaluate`] of the range, but for few samples.
    pub(super) fn state(&self, rule: &Rule, previous: State) -> State {
        if rule.condition.operator().needs_band() && self.bands.is_empty() {
            return State::InsufficientData;
        }
        let needed = rule.evaluation_periods as usize;
        let to_alarm = rule.datapoints_to_alarm as usize;
        let by_count = |breaching: usize| match breaching >= to_alarm {
            true => State::Alarm,
            false => State::Ok,
        };
        let real = self.real.len();
        let breaching = self.breaching.len();
        if real >= needed {
            // The range is N + 2 long: at most two are left out.
            let left_out = self
                .real
                .iter()
                .take(real - needed)
                .filter(|(_, breaches)| *breaches);
            return by_count(breaching - left_out.count());
        }
        let keeps = match rule.treat_missing_data {
            TreatMissingData::Breaching => return by_count(breaching + needed - real),
            TreatMissingData::NotBreaching => return by_count(breaching),
            TreatMissingData::Ignore => true,
            TreatMissingData::Missing => false,
        };
        match (real, self.breaching.front(), self.newest) {
            (0, _, _) if keeps => previous,
            (0, _, _) => State::InsufficientData,
            _ if breaching >= to_alarm => State::Alarm,
            _ if breaching < real => State::Ok,
            (_, Some(oldest), Some(newest)) if !keeps => {
                let age = (newest - oldest) / self.stride.max(1) + 1;
                match age >= i64::from(rule.datapoints_to_alarm) {
                    true => State::Alarm,
                    false => previous,
                }
            }
            _ => previous,
        }
    }
}
