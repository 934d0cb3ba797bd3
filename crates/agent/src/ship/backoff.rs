//! How long to wait before sending again.

use std::time::Duration;

/// The first wait, halved by chance at most.
const FIRST: Duration = Duration::from_millis(500);
/// The longest wait of our own choosing.
const LONGEST: Duration = Duration::from_secs(60);
/// The longest wait that a server may ask for.
const LONGEST_ASKED: Duration = Duration::from_secs(300);

/// Waits that double with each failure in a row, scattered so that agents do not come back all at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Backoff {
    failures: u32,
}

impl Backoff {
    /// Something worked.
    pub(crate) fn reset(&mut self) {
        self.failures = 0;
    }

    /// Failures in a row.
    pub(crate) fn failures(&self) -> u32 {
        self.failures
    }

    /// The wait after a further failure. `chance` is uniform in 0 to 1. What the server asked for is waited out whole,
    /// and up to a tenth longer.
    pub(crate) fn next(&mut self, asked: Option<Duration>, chance: f64) -> Duration {
        let own = FIRST
            .saturating_mul(1 << self.failures.min(16))
            .min(LONGEST);
        self.failures = self.failures.saturating_add(1);
        match asked {
            Some(asked) => asked
                .min(LONGEST_ASKED)
                .mul_f64(1.0 + chance / 10.0)
                .max(own.mul_f64(chance / 2.0)),
            None => own.mul_f64(0.5 + chance / 2.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_a_minute() {
        let mut backoff = Backoff::default();
        let waits: Vec<u128> = (0..10)
            .map(|_| backoff.next(None, 1.0).as_millis())
            .collect();
        assert_eq!(
            waits,
            [
                500, 1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000
            ]
        );
        backoff.reset();
        assert_eq!(backoff.next(None, 0.0), FIRST / 2);
        let mut long = Backoff { failures: u32::MAX };
        assert_eq!(long.next(None, 1.0), LONGEST);
    }

    #[test]
    fn what_the_server_asks_for_is_waited_out() {
        let mut backoff = Backoff::default();
        let asked = Some(Duration::from_secs(20));
        assert_eq!(backoff.next(asked, 0.0), Duration::from_secs(20));
        assert_eq!(backoff.next(asked, 1.0), Duration::from_secs(22));
        assert_eq!(
            backoff.next(Some(Duration::from_secs(1 << 40)), 0.0),
            LONGEST_ASKED
        );
        // Zero seconds are no invitation to ask without pause.
        let mut busy = Backoff { failures: 10 };
        assert_eq!(busy.next(Some(Duration::ZERO), 1.0), LONGEST / 2);
    }
}
