//! Moments and spans in microseconds, and the waves of a day.

use std::f64::consts::TAU;

use chrono::{DateTime, SecondsFormat};

/// A second in microseconds.
pub(crate) const SECOND: i64 = 1_000_000;
/// A minute in microseconds.
pub(crate) const MINUTE: i64 = 60 * SECOND;
/// An hour, which is the length of the story.
pub(crate) const HOUR: i64 = 60 * MINUTE;
/// A day in microseconds.
pub(crate) const DAY: i64 = 24 * HOUR;

/// As Kubernetes writes a time.
pub(crate) fn rfc3339(time: i64) -> String {
    DateTime::from_timestamp_micros(time)
        .unwrap_or_default()
        .to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// As programs log a time: to the millisecond.
pub(crate) fn rfc3339_millis(time: i64) -> String {
    DateTime::from_timestamp_micros(time)
        .unwrap_or_default()
        .to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// As web servers log a time.
pub(crate) fn access_log(time: i64) -> String {
    DateTime::from_timestamp_micros(time)
        .unwrap_or_default()
        .format("%d/%b/%Y:%H:%M:%S +0000")
        .to_string()
}

/// How long ago the last multiple of `period` was, counted from `offset`.
pub(crate) fn phase(time: i64, period: i64, offset: i64) -> i64 {
    (time - offset).rem_euclid(period)
}

/// The next multiple of `period` after `time`, counted from `offset`.
pub(crate) fn next(time: i64, period: i64, offset: i64) -> i64 {
    time - phase(time, period, offset) + period
}

/// The visitors of a shop, 1 in the mean of a day: few at night, most in the evening, with swells of minutes that differ
/// from service to service by `shift` (radians).
pub(crate) fn visitors(time: i64, shift: f64) -> f64 {
    let wave = |period: i64, shift: f64| (TAU * time as f64 / period as f64 + shift).sin();
    // The peak is at 20:00.
    let daily = wave(DAY, -TAU * 14.0 / 24.0);
    let minutes =
        0.16 * wave(21 * MINUTE, shift) + 0.07 * wave(5 * MINUTE + 30 * SECOND, 2.0 * shift);
    (1.0 + 0.28 * daily + minutes).max(0.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evenings_are_busy() {
        let mean = |hour: i64| {
            let minutes = (0..60).map(|m| visitors(hour * HOUR + m * MINUTE, 0.3));
            minutes.sum::<f64>() / 60.0
        };
        assert!(mean(20) > 1.2 && mean(8) < 0.8);
    }

    #[test]
    fn moments_of_a_cycle() {
        assert_eq!(phase(HOUR + 7 * MINUTE, HOUR, 5 * MINUTE), 2 * MINUTE);
        assert_eq!(
            next(HOUR + 7 * MINUTE, HOUR, 5 * MINUTE),
            2 * HOUR + 5 * MINUTE
        );
        assert_eq!(next(5 * MINUTE, HOUR, 5 * MINUTE), HOUR + 5 * MINUTE);
        assert_eq!(rfc3339(1_500_000), "1970-01-01T00:00:01Z");
    }
}
