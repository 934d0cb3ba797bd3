//! Points in time as people and programs write them.

use std::fmt;

use chrono::{DateTime, NaiveDate, SecondsFormat};
use serde::de::{Deserialize, Deserializer, Error, Visitor};

const SECOND: i64 = 1_000_000;

/// Numbers below this are not milliseconds of our time (1973) but most likely seconds.
const EARLIEST_MILLISECONDS: i64 = 100_000_000_000;
/// Numbers from here on are not milliseconds (year 5138) but most likely microseconds.
const LATEST_MILLISECONDS: i64 = 100_000_000_000_000;

/// A point in time, absolute or seen from now.
///
/// Written as RFC 3339 (`2026-11-23T08:00:00Z`), a date (`2026-11-23`, midnight UTC), milliseconds of the epoch (a
/// number), `now`, or a span before now (`-90s`, `-15m`, `-1h`, `-7d`, `-2w`; `now-1h` means the same).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// Microseconds of the epoch.
    At(i64),
    /// Microseconds before now.
    Ago(i64),
}

impl Moment {
    /// Now.
    pub const NOW: Moment = Moment::Ago(0);

    /// So many seconds before now.
    pub const fn seconds_ago(seconds: i64) -> Moment {
        Moment::Ago(seconds.saturating_mul(SECOND))
    }

    /// Microseconds of the epoch, when now is `now`.
    pub fn micros(self, now: i64) -> i64 {
        match self {
            Moment::At(at) => at,
            Moment::Ago(span) => now.saturating_sub(span),
        }
    }

    /// Reads a text.
    pub fn parse(text: &str) -> Result<Moment, String> {
        let text = text.trim();
        let span = text.strip_prefix("now").unwrap_or(text);
        if span.is_empty() && !text.is_empty() {
            return Ok(Moment::NOW);
        }
        if let Some(span) = span.strip_prefix('-') {
            return parse_span(span).map(Moment::Ago).ok_or_else(|| {
                format!("'{text}' is no span before now: write -90s, -15m, -1h, -7d or -2w")
            });
        }
        if let Ok(at) = DateTime::parse_from_rfc3339(text) {
            return Ok(Moment::At(at.timestamp_micros()));
        }
        if let Ok(day) = NaiveDate::parse_from_str(text, "%Y-%m-%d") {
            let midnight = day.and_time(chrono::NaiveTime::MIN);
            return Ok(Moment::At(midnight.and_utc().timestamp_micros()));
        }
        if let Ok(number) = text.parse::<i64>() {
            return Moment::from_milliseconds(number);
        }
        Err(format!(
            "'{text}' is no time: write RFC 3339 (2026-11-23T08:00:00Z), milliseconds of the epoch, -1h or now"
        ))
    }

    fn from_milliseconds(number: i64) -> Result<Moment, String> {
        if number.abs() < EARLIEST_MILLISECONDS {
            return Err(format!(
                "{number} is too small for milliseconds of the epoch: are they seconds?"
            ));
        }
        if number.abs() >= LATEST_MILLISECONDS {
            return Err(format!(
                "{number} is too large for milliseconds of the epoch: are they microseconds?"
            ));
        }
        Ok(Moment::At(number * 1000))
    }
}

/// `90s`, `15m`, … in microseconds.
fn parse_span(text: &str) -> Option<i64> {
    let unit = match text.chars().last()? {
        's' => 1,
        'm' => 60,
        'h' => 3600,
        'd' => 86_400,
        'w' => 7 * 86_400,
        _ => return None,
    };
    let number: u32 = text[..text.len() - 1].parse().ok()?;
    i64::from(number).checked_mul(unit)?.checked_mul(SECOND)
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl Visitor<'_> for Reader {
            type Value = Moment;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a time (RFC 3339, milliseconds of the epoch, -1h or now)")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Moment, E> {
                Moment::parse(text).map_err(E::custom)
            }

            fn visit_i64<E: Error>(self, number: i64) -> Result<Moment, E> {
                Moment::from_milliseconds(number).map_err(E::custom)
            }

            fn visit_u64<E: Error>(self, number: u64) -> Result<Moment, E> {
                Moment::from_milliseconds(i64::try_from(number).unwrap_or(i64::MAX))
                    .map_err(E::custom)
            }

            // Programs that divide write 1795420800000.0.
            fn visit_f64<E: Error>(self, number: f64) -> Result<Moment, E> {
                // A float outside of the range becomes the nearest bound, which is refused as too large.
                Moment::from_milliseconds(number as i64).map_err(E::custom)
            }
        }
        deserializer.deserialize_any(Reader)
    }
}

/// Microseconds of the epoch as RFC 3339 with nanoseconds, as answers write times.
pub(crate) fn rfc3339_nanos(micros: i64) -> String {
    match DateTime::from_timestamp_micros(micros) {
        Some(time) => time.to_rfc3339_opts(SecondsFormat::Nanos, true),
        // Further than a calendar goes.
        None => format!("{micros} µs"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_write_a_time() {
        let nine = 1_795_424_400_000_000;
        for (text, moment) in [
            ("2026-11-23T09:00:00Z", Moment::At(nine)),
            ("2026-11-23T10:00:00+01:00", Moment::At(nine)),
            ("2026-11-23T09:00:00.000001Z", Moment::At(nine + 1)),
            ("2026-11-23", Moment::At(nine - 9 * 3600 * SECOND)),
            ("1795424400000", Moment::At(nine)),
            ("now", Moment::NOW),
            ("-1h", Moment::Ago(3600 * SECOND)),
            ("now-90s", Moment::Ago(90 * SECOND)),
            ("-15m", Moment::Ago(900 * SECOND)),
            ("-7d", Moment::seconds_ago(7 * 86_400)),
            (" -2w ", Moment::seconds_ago(14 * 86_400)),
        ] {
            assert_eq!(Moment::parse(text), Ok(moment), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_refused_with_a_hint() {
        for (text, hint) in [
            ("", "no time"),
            ("yesterday", "no time"),
            ("-1", "no span"),
            ("-h", "no span"),
            ("-1y", "no span"),
            ("-1é", "no span"),
            ("now+1h", "no time"),
            ("nowhere", "no time"),
            ("1795424400", "seconds"),
            ("1795424400000000", "microseconds"),
        ] {
            let error = Moment::parse(text).unwrap_err();
            assert!(error.contains(hint), "{text}: {error}");
        }
    }

    #[test]
    fn numbers_in_json_are_milliseconds() {
        assert_eq!(
            serde_json::from_str::<Moment>("1795424400000").unwrap(),
            Moment::At(1_795_424_400_000_000)
        );
        assert_eq!(
            serde_json::from_str::<Moment>("1795424400000.0").unwrap(),
            Moment::At(1_795_424_400_000_000)
        );
        assert!(
            serde_json::from_str::<Moment>("1e300")
                .unwrap_err()
                .to_string()
                .contains("too large")
        );
        assert!(
            serde_json::from_str::<Moment>("true")
                .unwrap_err()
                .to_string()
                .contains("expected a time")
        );
    }

    #[test]
    fn a_span_is_seen_from_now() {
        assert_eq!(Moment::seconds_ago(60).micros(100 * SECOND), 40 * SECOND);
        assert_eq!(Moment::Ago(i64::MAX).micros(-5), i64::MIN, "no overflow");
    }
}
