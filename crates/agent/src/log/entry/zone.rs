//! The host's time zone, for times that do not name one.

/// Offsets from UTC, in time.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Zone {
    /// Seconds east of UTC.
    offset: i64,
}

impl Zone {
    /// One that never changes: so many seconds east of UTC.
    pub(crate) fn fixed(seconds_east: i32) -> Zone {
        Zone {
            offset: i64::from(seconds_east),
        }
    }

    /// Seconds since 1970 in UTC of a local time, given as if it were UTC.
    pub(super) fn utc(&self, local: i64) -> i64 {
        local - self.offset
    }
}
