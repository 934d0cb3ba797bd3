//! Times, in UTC, as receivers want them.

use std::time::Duration;

use chrono::{DateTime, SecondsFormat, Utc};

/// The nearest time that has a date.
pub(crate) fn date(micros: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(micros).unwrap_or(if micros < 0 {
        DateTime::<Utc>::MIN_UTC
    } else {
        DateTime::<Utc>::MAX_UTC
    })
}

/// `2026-11-26T10:00:00.000Z`
pub(crate) fn rfc3339(micros: i64) -> String {
    date(micros).to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// `2026-11-26T10:00:00.000+0000`, as in CloudWatch's messages.
pub(crate) fn cloudwatch(micros: i64) -> String {
    date(micros)
        .format("%Y-%m-%dT%H:%M:%S%.3f+0000")
        .to_string()
}

/// `2026-11-26 10:00:00 UTC`, for people.
pub(crate) fn plain(micros: i64) -> String {
    date(micros).format("%Y-%m-%d %H:%M:%S UTC").to_string()
}

/// `3 days`, `2 hours`, `1 minute`, `10 seconds`: the largest unit that fits, for people.
pub(crate) fn length(span: Duration) -> String {
    let seconds = span.as_secs();
    let (number, unit) = match seconds {
        0..60 => (seconds, "second"),
        60..3600 => (seconds / 60, "minute"),
        3600..86_400 => (seconds / 3600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {unit}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written() {
        let at = 1_658_505_465_123_456;
        assert_eq!(rfc3339(at), "2022-07-22T15:57:45.123Z");
        assert_eq!(cloudwatch(at), "2022-07-22T15:57:45.123+0000");
        assert_eq!(plain(at), "2022-07-22 15:57:45 UTC");
        for micros in [i64::MIN, i64::MAX] {
            assert!(!rfc3339(micros).is_empty());
        }
    }

    #[test]
    fn lengths_are_in_words() {
        for (seconds, words) in [
            (0, "0 seconds"),
            (1, "1 second"),
            (59, "59 seconds"),
            (60, "1 minute"),
            (7199, "1 hour"),
            (86_400, "1 day"),
            (200_000, "2 days"),
        ] {
            assert_eq!(length(Duration::from_secs(seconds)), words);
        }
    }
}
