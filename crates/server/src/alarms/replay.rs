//! What an alarm would have done over what is stored.

use std::collections::BTreeMap;

use alarm::{Period, State};
use evaluator::replay::{Replayed, Stored, replay};
use evaluator::{Labels, Points, Words};
use query::Periods;

use super::windows::StoredWindows;

const SECOND: i64 = 1_000_000;
/// Data points of one series at most: 31 days of minutes.
const MOST_POINTS: i64 = 44_640;
/// As many times are periods longer than what they slide by, up to which they are replayed sliding.
const MOST_SLIDES: u32 = 15;
/// Series that are replayed at most.
const MOST_SERIES: usize = 1000;

/// What one series of an alarm would have done.
#[derive(Debug, Clone, PartialEq)]
pub struct ReplayedSeries {
    /// Which series.
    pub labels: BTreeMap<String, String>,
    /// Its data points, oldest first, from some before the range on.
    pub points: Vec<Period>,
    /// What would have come of them.
    pub replayed: Replayed,
}

/// How data points are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Spacing {
    /// From one period's start to the next, in seconds.
    seconds: u32,
    /// The length of periods, in seconds.
    period: u32,
}

impl Spacing {
    /// As a running alarm's periods slide; where that were too many, from period to period.
    fn of(period: u32) -> Spacing {
        let step = if period < 60 { 10 } else { 60 };
        let slides = period / step;
        let seconds = if slides <= MOST_SLIDES { step } else { period };
        Spacing { seconds, period }
    }

    /// Periods of each offset, which together are all that begin from `from` on and end by `to`.
    fn parts(self, from: i64, to: i64) -> Vec<Periods> {
        let step = i64::from(self.seconds) * SECOND;
        let length = i64::from(self.period) * SECOND;
        let first = from.div_euclid(step) * step;
        let parts = (0..length / step.max(1)).filter_map(|slide| {
            let start = first + slide * step;
            let count = (to - start).div_euclid(length);
            let count = u32::try_from(count).ok().filter(|count| *count > 0)?;
            Some(Periods {
                start,
                seconds: self.period,
                count,
            })
        });
        parts.collect()
    }
}

/// Replays an alarm from `start` to `end` (microseconds since 1970).
///
/// # Errors
/// The range is empty or too long, or its data points cannot be read; in words for people.
pub(super) async fn run(
    windows: &StoredWindows,
    points: &Points,
    (start, end): (i64, i64),
    now: i64,
) -> Result<Vec<ReplayedSeries>, String> {
    let end = end.min(now);
    if start >= end {
        return Err(
            "the range is empty: end must be later than start, and start before now".to_owned(),
        );
    }
    let spacing = Spacing::of(points.period);
    let step = i64::from(spacing.seconds) * SECOND;
    if (end - start) / step > MOST_POINTS {
        let days = MOST_POINTS * step / (86_400 * SECOND);
        return Err(format!(
            "with periods of {} seconds at most {days} days are replayed at once",
            points.period
        ));
    }
    let range = i64::from(points.rule.range()) * i64::from(points.period) * SECOND;
    let mut found: BTreeMap<Labels, (BTreeMap<i64, Period>, Words)> = BTreeMap::new();
    for part in spacing.parts(start - range, end) {
        for window in windows.read_periods(points, part, now).await? {
            if found.len() >= MOST_SERIES && !found.contains_key(&window.labels) {
                return Err(format!(
                    "more than {MOST_SERIES} series: filter, or group by fewer columns"
                ));
            }
            let (series, words) = found.entry(window.labels).or_default();
            words.extend(window.words);
            series.extend(
                window
                    .periods
                    .into_iter()
                    .map(|period| (period.start, period)),
            );
        }
    }
    if found.is_empty() && !points.is_series() {
        found.insert(Labels::new(), Default::default());
    }
    let mut all = Vec::with_capacity(found.len());
    for (labels, (periods, words)) in found {
        let periods: Vec<Period> = periods.into_values().collect();
        let stored = Stored {
            periods: &periods,
            spacing_seconds: spacing.seconds,
            words: &words,
        };
        let replayed = replay(points, stored, start, end, State::InsufficientData)
            .map_err(|fault| fault.to_string())?;
        all.push(ReplayedSeries {
            labels,
            points: periods,
            replayed,
        });
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: i64 = 60 * SECOND;

    #[test]
    fn periods_of_minutes_slide_and_long_ones_follow_each_other() {
        for (period, seconds) in [
            (10, 10),
            (30, 10),
            (60, 60),
            (300, 60),
            (900, 60),
            (3600, 3600),
        ] {
            assert_eq!(Spacing::of(period).seconds, seconds, "{period}");
        }
    }

    #[test]
    fn the_parts_are_all_periods_that_end_in_the_range_each_once() {
        let parts = Spacing::of(300).parts(7 * MINUTE + 1, 20 * MINUTE);
        let mut starts: Vec<i64> = parts.iter().flat_map(Periods::starts).collect();
        starts.sort_unstable();
        let expected: Vec<i64> = (7..=15).map(|minute| minute * MINUTE).collect();
        assert_eq!(starts, expected);
        assert!(Spacing::of(300).parts(0, 4 * MINUTE).is_empty());
    }
}
