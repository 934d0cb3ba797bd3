//! When an alarm is evaluated, and over which periods.

/// Microseconds in a second.
const SECOND: i64 = 1_000_000;
/// Seconds between evaluations of high resolution.
const TEN: u32 = 10;
/// Seconds in a minute.
const MINUTE: u32 = 60;
/// Seconds in a day.
const DAY: u64 = 86_400;

/// Seconds between two evaluations of an alarm over `evaluation_periods` periods of `period` seconds: ten for periods below
/// a minute, an hour for windows longer than a day, else a minute, for long periods too.
pub fn every(period: u32, evaluation_periods: u32) -> u32 {
    if period < MINUTE {
        return TEN;
    }
    match u64::from(period) * u64::from(evaluation_periods) > DAY {
        true => 3600,
        false => MINUTE,
    }
}

/// When each of the `count` newest periods that are complete at `at` begins, oldest first (microseconds since 1970).
///
/// They slide: a period of five minutes ends at the last full minute, one of ten to thirty seconds at the last full ten seconds. It is
/// for the caller to ask for an `at` that is so far back that late rows have arrived.
pub fn periods(at: i64, period: u32, count: u32) -> Vec<i64> {
    let step = if period < MINUTE { TEN } else { MINUTE };
    let step = i64::from(step) * SECOND;
    let length = i64::from(period) * SECOND;
    let end = at.div_euclid(step).saturating_mul(step);
    (1..=i64::from(count))
        .rev()
        .map(|back| end.saturating_sub(length.saturating_mul(back)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_periods_are_evaluated_every_ten_seconds_and_long_windows_every_hour() {
        for (period, evaluation_periods, seconds) in [
            (10, 3, 10),
            (30, 1, 10),
            (60, 5, 60),
            (300, 1, 60),
            (3600, 24, 60),
            (3600, 25, 3600),
            (86_400, 7, 3600),
            (u32::MAX, u32::MAX, 3600),
        ] {
            assert_eq!(every(period, evaluation_periods), seconds, "{period}");
        }
    }

    #[test]
    fn long_periods_slide_by_the_minute() {
        let minute = 60 * SECOND;
        assert_eq!(periods(5 * minute + 1, 300, 1), [0]);
        assert_eq!(periods(6 * minute, 300, 2), [-4 * minute, minute]);
        assert_eq!(periods(25 * SECOND, 10, 3), [-10 * SECOND, 0, 10 * SECOND]);
        assert!(periods(7, 60, 0).is_empty());
        assert_eq!(periods(i64::MIN, 0, 2).len(), 2);
        assert_eq!(periods(i64::MAX, u32::MAX, 2).len(), 2);
    }
}
