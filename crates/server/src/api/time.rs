//! Times as answers show them, and the clock that questions are answered by.

use std::time::{SystemTime, UNIX_EPOCH};

use chrono::{DateTime, SecondsFormat, Utc};

/// RFC 3339 in UTC with milliseconds.
pub(crate) fn rfc3339(time: SystemTime) -> String {
    DateTime::<Utc>::from(time).to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// RFC 3339 in UTC with seconds, of microseconds since 1970.
pub(crate) fn rfc3339_seconds(micros: i64) -> String {
    of_micros(micros, SecondsFormat::Secs)
}

/// The same with microseconds.
pub(crate) fn rfc3339_micros(micros: i64) -> String {
    of_micros(micros, SecondsFormat::Micros)
}

fn of_micros(micros: i64, format: SecondsFormat) -> String {
    match DateTime::from_timestamp_micros(micros) {
        Some(time) => time.to_rfc3339_opts(format, true),
        // Further than a calendar goes.
        None => format!("{micros} µs"),
    }
}

/// Microseconds since 1970.
pub(crate) fn now_usec() -> i64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
}
