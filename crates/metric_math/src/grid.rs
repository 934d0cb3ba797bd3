//! The periods that all series of an evaluation have in common.

/// `count` periods of equal length, one after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grid {
    /// Where the first period begins, in microseconds since 1970, UTC.
    pub start_us: i64,
    /// How long each is, in seconds.
    pub period_seconds: u32,
    /// How many there are.
    pub count: usize,
}

impl Grid {
    /// Where the period at `index` begins, in seconds since 1970, UTC.
    pub(crate) fn start_seconds(&self, index: usize) -> i64 {
        let passed = i64::try_from(index)
            .unwrap_or(i64::MAX)
            .saturating_mul(i64::from(self.period_seconds));
        self.start_us.div_euclid(1_000_000).saturating_add(passed)
    }

    /// Where each period begins, in microseconds since 1970, UTC.
    pub fn starts_us(&self) -> impl Iterator<Item = i64> + use<> {
        let (start, period) = (self.start_us, i64::from(self.period_seconds));
        (0..self.count as i64).map(move |i| {
            let passed = i.saturating_mul(period).saturating_mul(1_000_000);
            start.saturating_add(passed)
        })
    }
}
