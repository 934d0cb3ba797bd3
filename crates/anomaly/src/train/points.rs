//! Which points are learned from, and whether they are enough.

use crate::clock::Clock;
use crate::not_trained::NotTrained;
use crate::robust::median;
use crate::settings::Range;
use crate::{LONGEST_US, SHORTEST_US};

/// In how many clock hours there have to be points.
const FEWEST_HOURS: usize = 3;

/// Those of the newest two weeks that are finite and in no excluded range, in the order of time.
pub(super) fn usable(
    given: &[(i64, f64)],
    excluded: &[Range],
) -> Result<Vec<(i64, f64)>, NotTrained> {
    let ranges = merged(excluded);
    let is_excluded = |time_us: i64| {
        let after = ranges.partition_point(|range| range.start_us <= time_us);
        let last = after.checked_sub(1).and_then(|i| ranges.get(i));
        last.is_some_and(|range| range.has(time_us))
    };
    let kept = given.iter().filter(|(time, _)| !is_excluded(*time));
    let mut points: Vec<(i64, f64)> = kept.copied().collect();
    let excluded = given.len() - points.len();
    points.retain(|(_, value)| value.is_finite());
    let newest = points.iter().map(|(time, _)| *time).max();
    let Some(newest) = newest else {
        return Err(NotTrained::NoPoints {
            given: given.len(),
            excluded,
            unusable: given.len() - excluded,
        });
    };
    let oldest = newest.saturating_sub(LONGEST_US);
    points.retain(|(time, _)| *time > oldest);
    points.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    Ok(points)
}

/// Those that touch made one, in the order of time.
fn merged(ranges: &[Range]) -> Vec<Range> {
    let mut sorted: Vec<Range> = ranges.to_vec();
    sorted.sort_unstable_by_key(|range| range.start_us);
    let mut merged: Vec<Range> = Vec::with_capacity(sorted.len());
    for range in sorted {
        match merged.last_mut() {
            Some(last) if range.start_us <= last.end_us => {
                last.end_us = last.end_us.max(range.end_us);
            }
            _ => merged.push(range),
        }
    }
    merged
}

pub(super) fn check_enough(points: &[(i64, f64)], clock: Clock) -> Result<(), NotTrained> {
    let times = || points.iter().map(|(time, _)| *time);
    let mut hours: Vec<i64> = times().map(|time| clock.hour(time)).collect();
    hours.sort_unstable();
    hours.dedup();
    let (Some(first), Some(last)) = (times().next(), times().next_back()) else {
        return Err(NotTrained::TooLittle {
            minutes: 0,
            hours: 0,
        });
    };
    // The last point stands for a period as well, which is as long as points are usually apart.
    let mut steps: Vec<f64> = times()
        .zip(times().skip(1))
        .map(|(a, b)| b.saturating_sub(a) as f64)
        .filter(|step| *step > 0.0)
        .collect();
    let step = median(&mut steps).unwrap_or(0.0) as i64;
    let span = last.saturating_sub(first).saturating_add(step);
    match span >= SHORTEST_US && hours.len() >= FEWEST_HOURS {
        true => Ok(()),
        false => Err(NotTrained::TooLittle {
            minutes: span / 60_000_000,
            hours: hours.len(),
        }),
    }
}
