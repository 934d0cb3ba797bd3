//! When to try again.
//!
//! Waits grow twofold, `first`, `2·first`, `4·first`, … up to `most`, and of each a random part is taken (full jitter), so
//! that receivers that come back are not met by everybody at once. A receiver that says how long it wants to be left alone
//! is left alone for so long. What is permanent is not tried again.

use std::time::Duration;

use crate::outcome::Failure;

/// How often and for how long a delivery is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retry {
    /// The longest wait after the first attempt.
    pub first: Duration,
    /// The longest wait after any attempt. A receiver's own word (`Retry-After`) may be longer.
    pub most: Duration,
    /// From the first attempt on; nothing is tried later.
    pub give_up_after: Duration,
}

/// 5 s, doubling up to 10 min, for a day.
impl Default for Retry {
    fn default() -> Retry {
        Retry {
            first: Duration::from_secs(5),
            most: Duration::from_secs(600),
            give_up_after: Duration::from_secs(86_400),
        }
    }
}

/// What is done after a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// The next attempt, in microseconds since 1970.
    At(i64),
    /// None: it would fail the same way.
    Refused,
    /// None: it was tried for as long as was said.
    TimeIsUp,
}

impl Retry {
    /// What comes after the `attempts`-th attempt (counted from 1), which ended at `now` with `failure`. `began` is the time
    /// of the first one; both in microseconds since 1970. `random` is at least 0 and below 1.
    pub fn next(
        &self,
        failure: &Failure,
        attempts: u32,
        began: i64,
        now: i64,
        random: f64,
    ) -> Next {
        if !failure.transient {
            return Next::Refused;
        }
        let end = began.saturating_add(micros(self.give_up_after));
        if now >= end {
            return Next::TimeIsUp;
        }
        let doubled = 2_u32.saturating_pow(attempts.saturating_sub(1));
        let longest = self.first.saturating_mul(doubled).min(self.most);
        let random = if random.is_finite() {
            random.clamp(0.0, 1.0)
        } else {
            1.0
        };
        // The last attempt is made when time is up, not left out because a longer wait was drawn.
        let drawn = now.saturating_add(micros(longest.mul_f64(random))).min(end);
        let asked = failure
            .retry_after
            .map_or(now, |wait| now.saturating_add(micros(wait)));
        if asked > end {
            return Next::TimeIsUp;
        }
        Next::At(drawn.max(asked))
    }
}

fn micros(span: Duration) -> i64 {
    i64::try_from(span.as_micros()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SECOND: i64 = 1_000_000;
    const RETRY: Retry = Retry {
        first: Duration::from_secs(5),
        most: Duration::from_secs(600),
        give_up_after: Duration::from_secs(86_400),
    };

    fn after(seconds: u64) -> Failure {
        Failure {
            retry_after: Some(Duration::from_secs(seconds)),
            ..Failure::transient("busy")
        }
    }

    #[test]
    fn the_defaults_are_the_stated_ones() {
        assert_eq!(Retry::default(), RETRY);
    }

    #[test]
    fn waits_double_up_to_the_longest() {
        let failure = Failure::transient("no");
        for (attempts, seconds) in [
            (1, 5),
            (2, 10),
            (3, 20),
            (7, 320),
            (8, 600),
            (4_000_000, 600),
        ] {
            let next = RETRY.next(&failure, attempts, 0, 100 * SECOND, 1.0);
            assert_eq!(next, Next::At((100 + seconds) * SECOND), "{attempts}");
        }
        assert_eq!(
            RETRY.next(&failure, 8, 0, SECOND, 0.5),
            Next::At(301 * SECOND)
        );
        assert_eq!(RETRY.next(&failure, 8, 0, SECOND, 0.0), Next::At(SECOND));
    }

    #[test]
    fn what_is_permanent_is_not_tried_again() {
        let next = RETRY.next(&Failure::permanent("404"), 1, 0, 0, 0.5);
        assert_eq!(next, Next::Refused);
    }

    #[test]
    fn a_receiver_is_left_alone_for_as_long_as_it_asked() {
        assert_eq!(
            RETRY.next(&after(120), 1, 0, 0, 0.9),
            Next::At(120 * SECOND)
        );
        assert_eq!(
            RETRY.next(&after(3600), 1, 0, 0, 0.9),
            Next::At(3600 * SECOND)
        );
        // A wait of our own that is longer holds.
        assert_eq!(RETRY.next(&after(1), 8, 0, 0, 1.0), Next::At(600 * SECOND));
        // Longer than there is time.
        assert_eq!(RETRY.next(&after(86_401), 1, 0, 0, 0.9), Next::TimeIsUp);
    }

    #[test]
    fn it_ends_after_a_day_with_a_last_attempt() {
        let day = 86_400 * SECOND;
        let failure = Failure::transient("no");
        assert_eq!(
            RETRY.next(&failure, 200, 0, day - SECOND, 1.0),
            Next::At(day)
        );
        assert_eq!(RETRY.next(&failure, 201, 0, day, 0.0), Next::TimeIsUp);
    }

    proptest! {
        #[test]
        fn a_next_attempt_is_never_in_the_past_nor_after_the_end(
            attempts in 0_u32.., began in 0..10_i64.pow(15), passed in 0..10_i64.pow(12),
            random in prop::num::f64::ANY, asked in prop::option::of(0..10_000_000_u64),
        ) {
            let failure = Failure { retry_after: asked.map(Duration::from_secs), ..Failure::transient("no") };
            let now = began + passed;
            match RETRY.next(&failure, attempts, began, now, random) {
                Next::At(at) => prop_assert!(at >= now && at <= began + 86_400 * SECOND),
                Next::TimeIsUp => {
                    let wait = asked.unwrap_or(0) as i64 * SECOND;
                    prop_assert!(now + wait >= began + 86_400 * SECOND);
                }
                Next::Refused => prop_assert!(false),
            }
        }
    }
}
