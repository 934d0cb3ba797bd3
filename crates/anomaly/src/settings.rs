//! What a training is told besides the points.

use serde::{Deserialize, Serialize};

use crate::time_zone::TimeZone;

/// A span of time, its end not in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Range {
    /// Microseconds since 1970, UTC.
    pub start_us: i64,
    /// Microseconds since 1970, UTC.
    pub end_us: i64,
}

impl Range {
    /// The starts of the periods so long that have a part in it: to exclude those, for a period that is partly excluded has
    /// values that are not to be learned from. Of a range that holds nothing there are none.
    pub fn starts_of_periods(self, period_seconds: u32) -> Range {
        if self.start_us >= self.end_us {
            return self;
        }
        // The last one before it that still reaches into it begins a microsecond after the one that ends with its start.
        let before = (i64::from(period_seconds) * 1_000_000 - 1).max(0);
        Range {
            start_us: self.start_us.saturating_sub(before),
            end_us: self.end_us,
        }
    }

    pub(crate) fn has(&self, time_us: i64) -> bool {
        (self.start_us..self.end_us).contains(&time_us)
    }
}

/// Settings of a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Settings {
    /// Whose hours and days the pattern follows; UTC's when nothing is said.
    pub time_zone: TimeZone,
}
