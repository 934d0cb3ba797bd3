//! Times in CloudWatch's ways, in UTC.

use chrono::{DateTime, SecondsFormat, Utc};

/// The last second of the year 9999.
const LAST_SECOND: i64 = 253_402_300_799;
const SECOND_US: i64 = 1_000_000;

/// Before the first and after the last times that the calendar has, those.
fn date(micros: i64) -> DateTime<Utc> {
    let ends = match micros < 0 {
        true => DateTime::<Utc>::MIN_UTC,
        false => DateTime::<Utc>::MAX_UTC,
    };
    DateTime::from_timestamp_micros(micros).unwrap_or(ends)
}

/// `02/10/19 16:59:00`, as in reasons of metric alarms.
pub(crate) fn short(micros: i64) -> String {
    date(micros).format("%d/%m/%y %H:%M:%S").to_string()
}

/// `2019-10-02T17:04:40.985+0000`, as in reason data.
pub(crate) fn iso(micros: i64) -> String {
    date(micros)
        .format("%Y-%m-%dT%H:%M:%S%.3f+0000")
        .to_string()
}

/// `Friday 22 July, 2022 15:57:45 UTC`, as in reasons of composite alarms.
pub(crate) fn long(micros: i64) -> String {
    date(micros).format("%A %d %B, %Y %H:%M:%S UTC").to_string()
}

/// `2026-11-20T10:00:00Z`, with as many digits of a second as it has, as in definitions.
pub(crate) fn rfc3339(micros: i64) -> String {
    date(micros).to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

/// Microseconds since 1970 of a time that somebody wrote; parts of a microsecond are cut off.
///
/// # Errors
/// It is none, or not of the years 1970 to 9999, in words for people.
pub(crate) fn read_rfc3339(text: &str) -> Result<i64, String> {
    match DateTime::parse_from_rfc3339(text) {
        Ok(time) if (0..=LAST_SECOND).contains(&time.timestamp()) => Ok(time.timestamp_micros()),
        Ok(_) => Err(format!("'{text}' is not of the years 1970 to 9999")),
        Err(_) => Err(format!(
            "'{text}' is no time; write one with its offset from UTC, such as 2026-11-20T10:00:00Z"
        )),
    }
}

/// Microseconds since 1970 of seconds since then.
///
/// # Errors
/// It is not of the years 1970 to 9999, in words for people.
pub(crate) fn of_seconds(seconds: f64) -> Result<i64, String> {
    match (0.0..=LAST_SECOND as f64).contains(&seconds) {
        true => Ok((seconds * SECOND_US as f64).round() as i64),
        false => Err(format!(
            "is {seconds}, seconds since 1970 from 0 to {LAST_SECOND} are wanted"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_in_four_ways() {
        let seen = 1_658_505_465_123_456;
        assert_eq!(short(seen), "22/07/22 15:57:45");
        assert_eq!(iso(seen), "2022-07-22T15:57:45.123+0000");
        assert_eq!(long(seen), "Friday 22 July, 2022 15:57:45 UTC");
        assert_eq!(rfc3339(seen), "2022-07-22T15:57:45.123456Z");
        // A day of one digit.
        assert_eq!(
            long(1_641_100_000 * SECOND_US),
            "Sunday 02 January, 2022 05:06:40 UTC"
        );
        assert_eq!(rfc3339(SECOND_US), "1970-01-01T00:00:01Z");
    }

    #[test]
    fn leap_days_and_the_ends_of_time_are_days() {
        assert_eq!(short(951_782_400 * SECOND_US), "29/02/00 00:00:00");
        assert_eq!(short(-SECOND_US), "31/12/69 23:59:59");
        for micros in [i64::MIN, i64::MAX] {
            assert!(!short(micros).is_empty() && !iso(micros).is_empty());
            assert!(long(micros).ends_with("UTC"));
        }
    }

    #[test]
    fn times_that_somebody_wrote() {
        for (text, seconds) in [
            ("1970-01-01T00:00:00Z", 0),
            ("2026-11-20T10:00:00Z", 1_795_168_800),
            ("2026-11-20t11:30:00+01:30", 1_795_168_800),
            ("9999-12-31T23:59:59.999999Z", LAST_SECOND),
        ] {
            let read = read_rfc3339(text).unwrap();
            assert_eq!(read.div_euclid(SECOND_US), seconds, "{text}");
            assert_eq!(read_rfc3339(&rfc3339(read)), Ok(read));
        }
        for text in [
            "",
            "now",
            "2026-11-20",
            "2026-11-20T10:00:00",
            "2026-02-30T00:00:00Z",
            "1969-12-31T23:59:59Z",
            "10000-01-01T00:00:00Z",
            "2026-11-20T10:00:00 Europe/Berlin",
        ] {
            assert!(read_rfc3339(text).is_err(), "{text}");
        }
        assert_eq!(of_seconds(1.5), Ok(1_500_000));
        assert_eq!(of_seconds(LAST_SECOND as f64), Ok(LAST_SECOND * SECOND_US));
        for seconds in [-1.0, 1_795_168_800_000.0, f64::NAN, f64::INFINITY] {
            assert!(of_seconds(seconds).is_err(), "{seconds}");
        }
    }
}
