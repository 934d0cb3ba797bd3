//! Hours of the week, by the clocks of a place.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, TimeZone, Timelike, Weekday};
use chrono_tz::{TZ_VARIANTS, Tz};
use serde::{Deserialize, Serialize};

use crate::time::date;

/// The same hours on some days of each week. Where `to` is not after `from`, they end on the next day; `22:00` to `06:00`
/// on `Mon` ends on Tuesday. The clocks of the time zone count: an hour that they show twice is in it twice, one that they
/// leave out is not waited for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weekly {
    /// On which days it begins.
    pub days: Vec<Day>,
    /// When it begins.
    pub from: Clock,
    /// When it ends; the minute itself is not in it.
    pub to: Clock,
    /// Whose clocks.
    #[serde(default)]
    pub time_zone: Zone,
}

impl Weekly {
    /// Whether `at`, in microseconds since 1970, is in it.
    pub fn active(&self, at: i64) -> bool {
        let local = self.time_zone.0.from_utc_datetime(&date(at).naive_utc());
        let minute = (local.hour() * 60 + local.minute()) as u16;
        let today = local.weekday();
        let on = |day: Weekday| self.days.iter().any(|one| one.0 == day);
        if self.from < self.to {
            on(today) && (self.from.0..self.to.0).contains(&minute)
        } else {
            (on(today) && minute >= self.from.0) || (on(today.pred()) && minute < self.to.0)
        }
    }
}

/// A day of the week, `Mon` to `Sun`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Day(Weekday);

impl FromStr for Day {
    type Err = String;

    fn from_str(text: &str) -> Result<Day, String> {
        let wrong = |_| format!("'{text}' is no day; write Mon, Tue, Wed, Thu, Fri, Sat or Sun");
        text.trim().parse().map(Day).map_err(wrong)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Minutes since midnight, `00:00` to `24:00`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Clock(u16);

impl FromStr for Clock {
    type Err = String;

    fn from_str(text: &str) -> Result<Clock, String> {
        let wrong = || format!("'{text}' is no time of day; write one such as 06:00 or 22:30");
        let digits = |part: &str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
        let (hours, minutes) = text.trim().split_once(':').ok_or_else(wrong)?;
        if !digits(hours) || !digits(minutes) {
            return Err(wrong());
        }
        let hours: u16 = hours.parse().map_err(|_| wrong())?;
        let minutes: u16 = minutes.parse().map_err(|_| wrong())?;
        let clock = hours * 60 + minutes;
        if minutes > 59 || clock > 24 * 60 {
            return Err(wrong());
        }
        Ok(Clock(clock))
    }
}

impl fmt::Display for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

/// A time zone of the IANA database, such as `Europe/Berlin`. The rules are those that the program was built with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Zone(Tz);

/// UTC.
impl Default for Zone {
    fn default() -> Zone {
        Zone(Tz::UTC)
    }
}

impl FromStr for Zone {
    type Err = String;

    fn from_str(text: &str) -> Result<Zone, String> {
        text.trim().parse().map(Zone).map_err(|_| {
            let names = TZ_VARIANTS.iter().map(|zone| zone.name());
            match catalogue::nearest(text, names) {
                Some(near) => format!("there is no time zone '{text}'; did you mean {near}?"),
                None => format!(
                    "there is no time zone '{text}'; write one such as Europe/Berlin or UTC"
                ),
            }
        })
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.name())
    }
}

/// As texts in JSON.
macro_rules! as_text {
    ($($type:ty),*) => {$(
        impl TryFrom<String> for $type {
            type Error = String;

            fn try_from(text: String) -> Result<Self, String> {
                text.parse()
            }
        }

        impl From<$type> for String {
            fn from(value: $type) -> String {
                value.to_string()
            }
        }
    )*};
}

as_text!(Day, Clock, Zone);

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;

    fn weekly(days: &[&str], from: &str, to: &str, zone: &str) -> Weekly {
        Weekly {
            days: days.iter().map(|d| d.parse().unwrap()).collect(),
            from: from.parse().unwrap(),
            to: to.parse().unwrap(),
            time_zone: zone.parse().unwrap(),
        }
    }

    fn at(text: &str) -> i64 {
        DateTime::parse_from_rfc3339(text)
            .unwrap()
            .timestamp_micros()
    }

    fn check(weekly: &Weekly, cases: &[(&str, bool)]) {
        for (time, active) in cases {
            assert_eq!(weekly.active(at(time)), *active, "{time}");
        }
    }

    #[test]
    fn hours_of_a_day_are_in() {
        // 26 November 2026 is a Thursday.
        check(
            &weekly(&["Thu"], "09:00", "17:30", "UTC"),
            &[
                ("2026-11-26T08:59:59Z", false),
                ("2026-11-26T09:00:00Z", true),
                ("2026-11-26T17:29:59Z", true),
                ("2026-11-26T17:30:00Z", false),
                ("2026-11-25T12:00:00Z", false),
                ("2026-12-03T12:00:00Z", true),
            ],
        );
    }

    #[test]
    fn a_night_belongs_to_the_day_on_which_it_begins() {
        check(
            &weekly(&["Thu", "Sun"], "22:00", "06:00", "UTC"),
            &[
                ("2026-11-26T21:59:00Z", false),
                ("2026-11-26T22:00:00Z", true),
                ("2026-11-27T05:59:59Z", true),
                ("2026-11-27T06:00:00Z", false),
                ("2026-11-26T03:00:00Z", false),
                ("2026-11-29T23:00:00Z", true),
                ("2026-11-30T01:00:00Z", true),
            ],
        );
        // The same time twice: a whole day.
        check(
            &weekly(&["Thu"], "08:00", "08:00", "UTC"),
            &[
                ("2026-11-26T07:59:59Z", false),
                ("2026-11-26T08:00:00Z", true),
                ("2026-11-27T07:59:59Z", true),
                ("2026-11-27T08:00:00Z", false),
            ],
        );
        check(
            &weekly(&["Thu"], "00:00", "24:00", "UTC"),
            &[
                ("2026-11-26T00:00:00Z", true),
                ("2026-11-26T23:59:59Z", true),
                ("2026-11-27T00:00:00Z", false),
            ],
        );
    }

    #[test]
    fn the_clocks_of_the_place_count() {
        check(
            &weekly(&["Thu"], "00:00", "01:00", "Asia/Kolkata"),
            &[
                ("2026-11-25T18:30:00Z", true),
                ("2026-11-25T18:29:59Z", false),
                ("2026-11-25T19:30:00Z", false),
            ],
        );
        // Berlin: +2 in summer, +1 in winter.
        let morning = weekly(
            &["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
            "06:00",
            "07:00",
            "Europe/Berlin",
        );
        check(
            &morning,
            &[
                ("2026-07-01T04:30:00Z", true),
                ("2026-07-01T05:30:00Z", false),
                ("2026-12-01T04:30:00Z", false),
                ("2026-12-01T05:30:00Z", true),
            ],
        );
    }

    #[test]
    fn changes_of_the_clocks_are_followed() {
        // On 25 October 2026 Berlin has 02:00 to 03:00 twice, on 29 March not at all.
        let twice = weekly(&["Sun"], "02:15", "02:45", "Europe/Berlin");
        check(
            &twice,
            &[
                ("2026-10-25T00:30:00Z", true),
                ("2026-10-25T01:00:00Z", false),
                ("2026-10-25T01:30:00Z", true),
                ("2026-03-29T00:59:59Z", false),
                ("2026-03-29T01:00:00Z", false),
                ("2026-03-29T01:30:00Z", false),
            ],
        );
        let night = weekly(&["Sat"], "22:00", "06:00", "Europe/Berlin");
        // Nine hours long, and seven.
        check(
            &night,
            &[
                ("2026-10-24T20:00:00Z", true),
                ("2026-10-25T04:59:59Z", true),
                ("2026-10-25T05:00:00Z", false),
                ("2026-03-28T21:00:00Z", true),
                ("2026-03-29T03:59:59Z", true),
                ("2026-03-29T04:00:00Z", false),
            ],
        );
    }

    #[test]
    fn what_is_wrong_is_said() {
        for text in [
            "", "6:00", "06:0", "24:01", "25:00", "12:60", "+1:00", "06:00:00", "noon",
        ] {
            assert!(text.parse::<Clock>().is_err(), "{text}");
        }
        assert!("Montag".parse::<Day>().unwrap_err().contains("Mon, Tue"));
        let near = "Europe/Berln".parse::<Zone>().unwrap_err();
        assert!(near.ends_with("did you mean Europe/Berlin?"), "{near}");
        assert!("Moon".parse::<Zone>().is_err());
    }

    #[test]
    fn times_outside_of_the_calendar_do_no_harm() {
        let always = weekly(&["Mon"], "00:00", "24:00", "Pacific/Kiritimati");
        always.active(i64::MAX);
        always.active(i64::MIN);
    }
}
