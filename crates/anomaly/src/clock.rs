//! Local hours: of the week, of the day, and one after the other.

use crate::time_zone::TimeZone;

const MICROS: i64 = 1_000_000;
const HOUR_SECONDS: i64 = 3600;
pub(crate) const HOURS_OF_DAY: usize = 24;
pub(crate) const HOURS_OF_WEEK: usize = 168;

/// The clocks of a place. An hour that they show twice, in autumn, is one hour; one that they leave out has no points.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clock {
    pub(crate) zone: TimeZone,
}

impl Clock {
    /// The hour since 1970 began there.
    pub(crate) fn hour(self, time_us: i64) -> i64 {
        self.split(time_us).0
    }

    /// The hour, and how much of it has passed.
    pub(crate) fn split(self, time_us: i64) -> (i64, f64) {
        let ahead = self.zone.utc_offset_seconds(time_us);
        let seconds = time_us.div_euclid(MICROS) + i64::from(ahead);
        let micros = seconds.rem_euclid(HOUR_SECONDS) * MICROS + time_us.rem_euclid(MICROS);
        let into = micros as f64 / (HOUR_SECONDS * MICROS) as f64;
        (seconds.div_euclid(HOUR_SECONDS), into)
    }
}

/// Hours from one time to another, with their fraction, whatever clocks show.
pub(crate) fn hours_between(from_us: i64, to_us: i64) -> f64 {
    let micros = i128::from(to_us) - i128::from(from_us);
    micros as f64 / (HOUR_SECONDS * MICROS) as f64
}

/// From 0, the first of a Monday.
pub(crate) fn hour_of_week(hour: i64) -> usize {
    // 1970 began on a Thursday.
    (hour + 72).rem_euclid(HOURS_OF_WEEK as i64) as usize
}

/// From 0.
pub(crate) fn hour_of_day(hour: i64) -> usize {
    hour.rem_euclid(HOURS_OF_DAY as i64) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clock(zone: &str) -> Clock {
        Clock {
            zone: zone.parse().unwrap(),
        }
    }

    #[test]
    fn hours_are_local_and_weeks_begin_on_monday() {
        // 2026-11-29 23:30:00 UTC, a Sunday; half an hour into Monday an hour to the east.
        let time = 1_795_995_000 * MICROS;
        let utc = clock("UTC");
        assert_eq!(hour_of_week(utc.hour(time)), 167);
        assert_eq!(utc.split(time).1, 0.5);
        for zone in ["+01:00", "Europe/Berlin"] {
            let east = clock(zone);
            assert_eq!(hour_of_week(east.hour(time)), 0);
            assert_eq!(hour_of_day(east.hour(time)), 0);
            for time in [i64::MIN, i64::MAX] {
                assert!(hour_of_week(east.hour(time)) < HOURS_OF_WEEK);
            }
        }
    }

    #[test]
    fn an_hour_that_clocks_show_twice_is_one_and_one_that_they_leave_out_is_none() {
        const HOUR: i64 = HOUR_SECONDS * MICROS;
        let berlin = clock("Europe/Berlin");
        let hours = |from: i64| [0, 1, 2].map(|i| hour_of_day(berlin.hour(from + i * HOUR)));
        // From 2026-10-25 00:00 UTC on, and from 2026-03-29 00:00 UTC on.
        assert_eq!(hours(1_792_886_400 * MICROS), [2, 2, 3]);
        assert_eq!(hours(1_774_742_400 * MICROS), [1, 3, 4]);
    }

    #[test]
    fn time_passes_whatever_clocks_show() {
        let hour = HOUR_SECONDS * MICROS;
        assert_eq!(hours_between(hour, -hour / 2), -1.5);
        assert!(hours_between(i64::MIN, i64::MAX).is_finite());
    }
}
