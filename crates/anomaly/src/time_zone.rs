//! Whose hours a pattern follows.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Offset, TimeZone as _, Utc};
use chrono_tz::{TZ_VARIANTS, Tz};
use serde::{Deserialize, Serialize};

const SECOND_US: i64 = 1_000_000;
/// Eighteen hours, as far as any time zone's rules allow.
const LARGEST_OFFSET_SECONDS: i32 = 18 * 3600;
/// The most characters that are read: CloudWatch's bound of `MetricTimezone`.
const LONGEST: usize = 50;

/// A time zone: a name of the IANA database, such as `Europe/Berlin`, whose clocks are changed in spring and autumn, or a
/// fixed offset from UTC, such as `+01:00`. The rules of named ones are those that the program was built with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TimeZone(Zone);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Zone {
    /// Seconds ahead of UTC.
    Fixed(i32),
    Named(Tz),
}

/// A text that is no time zone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BadTimeZone {
    /// Neither a name nor an offset.
    #[error("there is no time zone '{0}'; write one such as Europe/Berlin, UTC or +01:00")]
    Unknown(String),
    /// It is too long to be one.
    #[error("a time zone has at most {LONGEST} characters, not {0}")]
    TooLong(usize),
    /// It begins as an offset, and is none.
    #[error("'{0}' is no offset from UTC; write hours and minutes as in +05:30, at most 18:00")]
    BadOffset(String),
}

impl TimeZone {
    /// UTC.
    pub const UTC: TimeZone = TimeZone(Zone::Named(Tz::UTC));

    /// How many seconds its clocks are ahead of UTC at a time, in microseconds since 1970, UTC. Before the first and after
    /// the last times that the calendar has, as at those.
    pub fn utc_offset_seconds(self, time_us: i64) -> i32 {
        match self.0 {
            Zone::Fixed(seconds) => seconds,
            Zone::Named(Tz::UTC) => 0,
            Zone::Named(zone) => {
                let seconds = time_us.div_euclid(SECOND_US);
                let ends = match seconds < 0 {
                    true => DateTime::<Utc>::MIN_UTC,
                    false => DateTime::<Utc>::MAX_UTC,
                };
                let time = DateTime::from_timestamp(seconds, 0).unwrap_or(ends);
                let offset = zone.offset_from_utc_datetime(&time.naive_utc());
                offset.fix().local_minus_utc()
            }
        }
    }

    /// The names of the IANA database.
    pub fn names() -> impl Iterator<Item = &'static str> {
        TZ_VARIANTS.iter().map(|zone| zone.name())
    }
}

impl Default for TimeZone {
    fn default() -> TimeZone {
        TimeZone::UTC
    }
}

impl FromStr for TimeZone {
    type Err = BadTimeZone;

    fn from_str(text: &str) -> Result<TimeZone, BadTimeZone> {
        let length = text.chars().count();
        if length > LONGEST {
            return Err(BadTimeZone::TooLong(length));
        }
        if text.starts_with(['+', '-']) {
            let offset = offset_seconds(text);
            let offset = offset.ok_or_else(|| BadTimeZone::BadOffset(text.to_owned()))?;
            return Ok(TimeZone(Zone::Fixed(offset)));
        }
        match text.parse() {
            Ok(zone) => Ok(TimeZone(Zone::Named(zone))),
            Err(_) => Err(BadTimeZone::Unknown(text.to_owned())),
        }
    }
}

/// Of `+05:30` or `+0530`.
fn offset_seconds(text: &str) -> Option<i32> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+')?),
    };
    let (hours, minutes) = match digits.split_once(':') {
        Some(parts) => parts,
        None => digits.split_at_checked(2)?,
    };
    let two = |part: &str| {
        let is_two = part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
        is_two.then(|| part.parse::<i32>().ok())?
    };
    let (hours, minutes) = (two(hours)?, two(minutes)?);
    let seconds = hours * 3600 + minutes * 60;
    (minutes < 60 && seconds <= LARGEST_OFFSET_SECONDS).then_some(sign * seconds)
}

impl fmt::Display for TimeZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Zone::Named(zone) => f.write_str(zone.name()),
            Zone::Fixed(seconds) => {
                let sign = if seconds < 0 { '-' } else { '+' };
                let minutes = seconds.unsigned_abs() / 60;
                write!(f, "{sign}{:02}:{:02}", minutes / 60, minutes % 60)
            }
        }
    }
}

impl From<TimeZone> for String {
    fn from(zone: TimeZone) -> String {
        zone.to_string()
    }
}

impl TryFrom<String> for TimeZone {
    type Error = BadTimeZone;

    fn try_from(text: String) -> Result<TimeZone, BadTimeZone> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone(text: &str) -> TimeZone {
        text.parse().unwrap()
    }

    #[test]
    fn names_and_offsets_are_read_and_written_back() {
        for (text, written) in [
            ("UTC", "UTC"),
            ("Europe/Berlin", "Europe/Berlin"),
            ("+05:30", "+05:30"),
            ("-0330", "-03:30"),
            ("+00:00", "+00:00"),
            ("-00:30", "-00:30"),
            ("+18:00", "+18:00"),
        ] {
            assert_eq!(zone(text).to_string(), written);
            assert_eq!(zone(written), zone(text));
        }
        assert_eq!(zone("-03:30").utc_offset_seconds(0), -12_600);
        assert_eq!(TimeZone::default(), zone("UTC"));
    }

    #[test]
    fn what_is_none_is_refused() {
        for text in [
            "",
            "Berlin",
            "Mars/Olympus",
            "utc",
            "+1",
            "+1:00",
            "+01:0",
            "+01:60",
            "+18:01",
            "-24:00",
            "+01:00:00",
            "+ä1:00",
            "+aä",
            "++1:00",
            "-",
            "+01:00Z",
        ] {
            assert!(text.parse::<TimeZone>().is_err(), "{text}");
        }
        let error = "+25:00".parse::<TimeZone>().unwrap_err().to_string();
        assert_eq!(
            error,
            "'+25:00' is no offset from UTC; write hours and minutes as in +05:30, at most 18:00"
        );
        let error = "x".repeat(51).parse::<TimeZone>().unwrap_err().to_string();
        assert_eq!(error, "a time zone has at most 50 characters, not 51");
    }

    #[test]
    fn clocks_of_a_place_are_changed_twice_a_year() {
        let berlin = zone("Europe/Berlin");
        // 2026-10-25 01:00 UTC, when summer ends there.
        let autumn = 1_792_890_000 * SECOND_US;
        assert_eq!(berlin.utc_offset_seconds(autumn - 1), 7200);
        assert_eq!(berlin.utc_offset_seconds(autumn), 3600);
        for time in [i64::MIN, i64::MAX] {
            assert!(berlin.utc_offset_seconds(time).abs() < 7200);
        }
    }
}
