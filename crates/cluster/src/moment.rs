//! The wall clock in microseconds, and its ticks.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Microseconds since 1970.
pub(crate) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| i64::try_from(since.as_micros()).unwrap_or(0))
}

/// The next whole multiple of an interval, in microseconds since 1970.
pub(crate) fn next_tick(interval: Duration) -> i64 {
    let interval = i64::try_from(interval.as_micros()).unwrap_or(i64::MAX / 4);
    (now() / interval + 1) * interval
}
