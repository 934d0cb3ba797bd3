//! How much of one log is taken.

/// A token bucket of bytes, for one source.
///
/// Each source has its own, so that one that floods takes nothing from its neighbours. Who asks counts what was refused.
#[derive(Clone, Debug)]
pub(crate) struct RateLimit {
    bytes_per_second: u64,
    burst: u64,
    /// Bytes that may be taken, in millionths.
    tokens: u128,
    filled_usec: i64,
}

const MILLION: u128 = 1_000_000;

impl RateLimit {
    /// At most `burst` bytes at once and `bytes_per_second` in the long run. The bucket is full at first.
    pub(crate) fn new(bytes_per_second: u64, burst: u64, now_usec: i64) -> RateLimit {
        RateLimit {
            bytes_per_second,
            burst,
            tokens: u128::from(burst) * MILLION,
            filled_usec: now_usec,
        }
    }

    /// Takes `bytes`, or answers `false` and takes nothing. An entry larger than the burst passes when the bucket is
    /// full: it could never pass otherwise.
    pub(crate) fn take(&mut self, now_usec: i64, bytes: u64) -> bool {
        let full = u128::from(self.burst) * MILLION;
        // A clock that was set back fills nothing, and goes on from there.
        let gone = now_usec.saturating_sub(self.filled_usec).max(0) as u128;
        self.filled_usec = now_usec;
        self.tokens = (self.tokens + gone * u128::from(self.bytes_per_second)).min(full);
        let wanted = (u128::from(bytes) * MILLION).min(full);
        if wanted > self.tokens {
            return false;
        }
        self.tokens -= wanted;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_passes_and_then_the_rate_alone() {
        let mut limit = RateLimit::new(1000, 5000, 0);
        let passed = (0..100).filter(|_| limit.take(0, 100)).count();
        assert_eq!(passed, 50);
        // 1000 bytes a second: ten entries in each, however often it is asked.
        let passed = (1..=10_000i64)
            .filter(|ms| limit.take(ms * 1000, 100))
            .count();
        assert_eq!(passed, 100);
        assert!(limit.take(60_000_000, 5000));
        assert!(!limit.take(60_000_000, 1));
    }

    #[test]
    fn what_is_larger_than_the_burst_takes_all_of_it() {
        let mut limit = RateLimit::new(10, 100, 0);
        assert!(limit.take(0, 1 << 20));
        assert!(!limit.take(9_900_000, 1 << 20));
        assert!(limit.take(10_000_000, 1 << 20));
    }

    #[test]
    fn a_clock_that_steps_neither_stops_nor_floods() {
        let mut limit = RateLimit::new(100, 100, 1_000_000_000);
        assert!(limit.take(1_000_000_000, 100));
        assert!(!limit.take(0, 100));
        assert!(limit.take(1_000_000, 100));
        assert!(limit.take(i64::MAX, 100));
        assert!(!limit.take(i64::MIN, 100));
    }
}
