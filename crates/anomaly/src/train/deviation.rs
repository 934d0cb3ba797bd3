//! How far points are from what is expected of their hour.

use std::collections::BTreeMap;

use super::season::{ENOUGH_DAYS, Season, in_both_weeks};
use crate::clock::{Clock, HOURS_OF_DAY, HOURS_OF_WEEK, hour_of_day};
use crate::model::season_at;
use crate::robust::spread;

/// Points with which an hour of the day's own spread counts for half.
const HALF_OF_DAY: f64 = 30.0;
/// The same of an hour of the week.
const HALF_OF_WEEK: f64 = 60.0;
/// Hours that a band is twice as wide with.
const FIRST_HOURS: f64 = 3.0;

/// For each hour of the week. `points` are without the trend; `seen` is in how many hours there are any.
pub(super) fn learn(points: &[(i64, f64)], season: &Season, clock: Clock, seen: usize) -> Vec<f64> {
    let mut by_hour: BTreeMap<i64, Vec<f64>> = BTreeMap::new();
    let as_once = season.as_seen_once();
    for (time, value) in points {
        // From what other days say or from what the one day said, whichever is nearer.
        let from = |season: &[f64]| (value - season_at(season, clock, *time)).abs();
        let size = from(&season.hours).min(from(&as_once));
        by_hour.entry(clock.hour(*time)).or_default().push(size);
    }
    let mut sizes: Vec<f64> = by_hour.values().flatten().copied().collect();
    let of_all = spread(&mut sizes);
    let of_day: Vec<f64> = (0..HOURS_OF_DAY)
        .map(|place| {
            let cells = by_hour
                .iter()
                .filter(|(hour, _)| hour_of_day(**hour) == place);
            let mut sizes: Vec<f64> = cells.flat_map(|(_, sizes)| sizes).copied().collect();
            let days = season.days.get(place).copied().unwrap_or(0);
            match days < ENOUGH_DAYS {
                true => of_all,
                false => towards(of_all, spread(&mut sizes), sizes.len(), HALF_OF_DAY),
            }
        })
        .collect();
    let little = 1.0 + FIRST_HOURS / seen.max(1) as f64;
    (0..HOURS_OF_WEEK)
        .map(|place| {
            let of_day = of_day.get(place % HOURS_OF_DAY).copied().unwrap_or(of_all);
            let weeks = in_both_weeks(season.end, place).map(|hour| {
                let beside = (hour - 1..=hour + 1).filter_map(|hour| by_hour.get(&hour));
                let mut sizes: Vec<f64> = beside.flatten().copied().collect();
                (spread(&mut sizes), sizes.len())
            });
            let [(last, a), (before, b)] = weeks;
            // Without a point in one of the weeks its count is 0, and the hour of the day has it all.
            let own = towards(of_day, last.min(before), a.min(b), HALF_OF_WEEK);
            let once = season.seen_once.get(place).copied().unwrap_or(0.0);
            own * little + once.abs()
        })
        .collect()
}

/// From a parent's spread to that of `n` points of one's own.
fn towards(parent: f64, own: f64, n: usize, half: f64) -> f64 {
    let n = n as f64;
    parent + (own - parent) * (n / (n + half))
}
