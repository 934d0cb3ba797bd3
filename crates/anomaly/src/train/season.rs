//! What hours of the day and of the week have of their own.

use super::Cells;
use crate::clock::{HOURS_OF_DAY, HOURS_OF_WEEK, hour_of_day, hour_of_week};
use crate::robust::{MEDIAN_TO_DEVIATION, median, shared, shrunk};

/// Days from which an hour of the day has a median that one of them cannot move.
pub(super) const ENOUGH_DAYS: usize = 3;
/// Cells of an hour of the week and the hours beside it, of which one says nothing.
const FEWEST_BESIDE: usize = 2;

/// What is expected in each hour of the week.
#[derive(Debug)]
pub(super) struct Season {
    /// As far as it has been seen in two weeks.
    pub(super) hours: Vec<f64>,
    /// Half of what an hour differed by in the one week that it was seen in.
    pub(super) seen_once: Vec<f64>,
    /// In how many days each hour of the day was seen.
    pub(super) days: [usize; HOURS_OF_DAY],
    /// The newest hour.
    pub(super) end: i64,
}

impl Season {
    /// Halfway to what was seen once.
    pub(super) fn with_weeks_seen_once(&self) -> Vec<f64> {
        self.towards_once(1.0)
    }

    /// All the way.
    pub(super) fn as_seen_once(&self) -> Vec<f64> {
        self.towards_once(2.0)
    }

    fn towards_once(&self, halves: f64) -> Vec<f64> {
        let both = self.hours.iter().zip(&self.seen_once);
        both.map(|(hour, once)| hour + halves * once).collect()
    }
}

/// The hours with this place in the week, in the last week and the one before it.
pub(super) fn in_both_weeks(end: i64, place: usize) -> [i64; 2] {
    let week = HOURS_OF_WEEK as i64;
    let back = (hour_of_week(end) as i64 - place as i64).rem_euclid(week);
    [end - back, end - back - week]
}

pub(super) fn learn(cells: &Cells) -> Season {
    let end = cells.keys().next_back().copied().unwrap_or_default();
    let mut by_hour: [Vec<f64>; HOURS_OF_DAY] = Default::default();
    for (hour, value) in cells {
        if let Some(values) = by_hour.get_mut(hour_of_day(*hour)) {
            values.push(*value);
        }
    }
    let mut all: Vec<f64> = cells.values().copied().collect();
    let all = median(&mut all).unwrap_or(0.0);
    let noise = noise(&mut by_hour);
    let days = by_hour.each_ref().map(Vec::len);
    let of_day: Vec<f64> = by_hour
        .iter_mut()
        .map(|values| all + of_hour(values, all, noise))
        .collect();
    let expected = |hour: i64| of_day.get(hour_of_day(hour)).copied().unwrap_or(all);

    let mut hours = Vec::with_capacity(HOURS_OF_WEEK);
    let mut seen_once = Vec::with_capacity(HOURS_OF_WEEK);
    for place in 0..HOURS_OF_WEEK {
        let [last, before] = in_both_weeks(end, place).map(|hour| {
            let beside = [hour - 1, hour, hour + 1].into_iter();
            let mut differences: Vec<f64> = beside
                .filter_map(|hour| Some(cells.get(&hour)? - expected(hour)))
                .collect();
            match differences.len() < FEWEST_BESIDE {
                true => None,
                false => median(&mut differences),
            }
        });
        let is_known = days
            .get(place % HOURS_OF_DAY)
            .is_some_and(|days| *days >= ENOUGH_DAYS);
        let (both, once) = match (last, before) {
            (Some(last), Some(before)) => (shared(last, before), 0.0),
            (Some(one), None) | (None, Some(one)) if is_known => (0.0, one / 2.0),
            _ => (0.0, 0.0),
        };
        hours.push(expected(last_hour(end, place)) + both);
        seen_once.push(once);
    }
    Season {
        hours,
        seen_once,
        days,
        end,
    }
}

fn last_hour(end: i64, place: usize) -> i64 {
    let [last, _] = in_both_weeks(end, place);
    last
}

/// How far cells are from others of their hour of the day.
fn noise(by_hour: &mut [Vec<f64>; HOURS_OF_DAY]) -> f64 {
    let mut sizes = Vec::new();
    for values in by_hour.iter_mut().filter(|values| values.len() > 1) {
        if let Some(middle) = median(values) {
            sizes.extend(values.iter().map(|value| (value - middle).abs()));
        }
    }
    median(&mut sizes).unwrap_or(0.0) * MEDIAN_TO_DEVIATION
}

/// What cells of an hour of the day differ from all by.
fn of_hour(values: &mut [f64], all: f64, noise: f64) -> f64 {
    match values {
        [] | [_] => 0.0,
        [a, b] => shared(*a - all, *b - all),
        several => {
            let middle = median(several).unwrap_or(all);
            shrunk(middle - all, noise, several.len())
        }
    }
}
