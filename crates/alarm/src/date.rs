//! Times in CloudWatch's three ways, in UTC.

const SECOND: i64 = 1_000_000;
const DAY: i64 = 86_400;
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
/// 1970 began on the first of these.
const WEEKDAYS: [&str; 7] = [
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
    "Monday",
    "Tuesday",
    "Wednesday",
];

/// A time by the calendar.
#[derive(Debug, Clone, Copy)]
struct Civil {
    year: i64,
    month: i64,
    day: i64,
    hour: i64,
    minute: i64,
    second: i64,
    milli: i64,
    days: i64,
}

impl Civil {
    fn of(micros: i64) -> Civil {
        let seconds = micros.div_euclid(SECOND);
        let days = seconds.div_euclid(DAY);
        let in_day = seconds.rem_euclid(DAY);
        // Days by a calendar whose years begin in March, so that a leap day is a year's last.
        let since_era = days + 719_468;
        let era = since_era.div_euclid(146_097);
        let in_era = since_era.rem_euclid(146_097);
        let year_of_era = (in_era - in_era / 1460 + in_era / 36_524 - in_era / 146_096) / 365;
        let in_year = in_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let from_march = (5 * in_year + 2) / 153;
        let month = (from_march + 2) % 12 + 1;
        Civil {
            year: era * 400 + year_of_era + i64::from(month <= 2),
            month,
            day: in_year - (153 * from_march + 2) / 5 + 1,
            hour: in_day / 3600,
            minute: in_day / 60 % 60,
            second: in_day % 60,
            milli: micros.rem_euclid(SECOND) / 1000,
            days,
        }
    }
}

/// `02/10/19 16:59:00`, as in reasons of metric alarms.
pub(crate) fn short(micros: i64) -> String {
    let at = Civil::of(micros);
    format!(
        "{:02}/{:02}/{:02} {:02}:{:02}:{:02}",
        at.day,
        at.month,
        at.year.rem_euclid(100),
        at.hour,
        at.minute,
        at.second
    )
}

/// `2019-10-02T17:04:40.985+0000`, as in reason data.
pub(crate) fn iso(micros: i64) -> String {
    let at = Civil::of(micros);
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}+0000",
        at.year, at.month, at.day, at.hour, at.minute, at.second, at.milli
    )
}

/// `Friday 22 July, 2022 15:57:45 UTC`, as in reasons of composite alarms.
pub(crate) fn long(micros: i64) -> String {
    let at = Civil::of(micros);
    let weekday = WEEKDAYS[at.days.rem_euclid(7) as usize];
    let month = MONTHS[(at.month - 1) as usize];
    format!(
        "{weekday} {:02} {month}, {:04} {:02}:{:02}:{:02} UTC",
        at.day, at.year, at.hour, at.minute, at.second
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_in_three_ways() {
        let seen = 1_658_505_465_123_456;
        assert_eq!(short(seen), "22/07/22 15:57:45");
        assert_eq!(iso(seen), "2022-07-22T15:57:45.123+0000");
        assert_eq!(long(seen), "Friday 22 July, 2022 15:57:45 UTC");
    }

    #[test]
    fn leap_days_and_the_ends_of_time_are_days() {
        assert_eq!(short(951_782_400 * SECOND), "29/02/00 00:00:00");
        assert_eq!(short(-SECOND), "31/12/69 23:59:59");
        for micros in [i64::MIN, i64::MAX] {
            assert!(!short(micros).is_empty() && !iso(micros).is_empty());
            assert!(long(micros).ends_with("UTC"));
        }
    }
}
