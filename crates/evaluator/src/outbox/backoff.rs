//! How long to wait before a delivery is tried again.

use std::time::Duration;

/// The wait after the first failure is at most this, in seconds; it doubles with each.
const FIRST_SECONDS: f64 = 2.0;

/// The wait after `attempts` failed ones: evenly anything up to a bound that doubles with each ("full jitter"), so that
/// deliveries that failed together are not tried together, and at least what the receiver asked for. `random` is from 0
/// to 1; the bound ends at `longest`, and so does what a receiver can ask for.
pub fn backoff(
    attempts: u32,
    retry_after: Option<Duration>,
    longest: Duration,
    random: f64,
) -> Duration {
    let doubled = FIRST_SECONDS * 2f64.powi(attempts.saturating_sub(1).min(30).cast_signed());
    let bound = doubled.min(longest.as_secs_f64());
    let random = if random.is_nan() {
        0.0
    } else {
        random.clamp(0.0, 1.0)
    };
    let jittered = Duration::from_secs_f64(bound * random);
    let asked = retry_after.unwrap_or_default().min(longest);
    jittered
        .max(asked)
        .max(Duration::from_millis(100).min(longest))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONGEST: Duration = Duration::from_secs(600);

    #[test]
    fn waits_double_up_to_a_bound() {
        let at_most: Vec<u64> = (1..=12)
            .map(|n| backoff(n, None, LONGEST, 1.0).as_secs())
            .collect();
        assert_eq!(at_most, [2, 4, 8, 16, 32, 64, 128, 256, 512, 600, 600, 600]);
        assert_eq!(backoff(5, None, LONGEST, 0.5), Duration::from_secs(16));
        assert_eq!(
            backoff(u32::MAX, None, LONGEST, 0.0),
            Duration::from_millis(100)
        );
        assert_eq!(
            backoff(0, None, LONGEST, f64::NAN),
            Duration::from_millis(100)
        );
    }

    #[test]
    fn a_receiver_is_given_the_time_that_it_asks_for_within_the_bound() {
        let asked = |seconds| Some(Duration::from_secs(seconds));
        assert_eq!(backoff(1, asked(30), LONGEST, 1.0), Duration::from_secs(30));
        assert_eq!(
            backoff(9, asked(30), LONGEST, 1.0),
            Duration::from_secs(512)
        );
        assert_eq!(backoff(1, asked(u64::MAX), LONGEST, 0.0), LONGEST);
    }
}
