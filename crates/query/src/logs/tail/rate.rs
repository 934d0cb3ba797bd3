//! How many lines may be told of: a second's worth at once, refilled as time goes.

use std::time::Duration;

/// A bucket of lines.
#[derive(Debug)]
pub(super) struct Rate {
    each_second: f64,
    left: f64,
}

impl Rate {
    pub(super) fn new(each_second: u32) -> Rate {
        Rate {
            each_second: f64::from(each_second),
            left: f64::from(each_second),
        }
    }

    /// Of so many lines, after so much time since the last call, how many may be told of.
    pub(super) fn take(&mut self, lines: usize, passed: Duration) -> usize {
        self.left = (self.left + passed.as_secs_f64() * self.each_second).min(self.each_second);
        let taken = lines.min(self.left as usize);
        self.left -= taken as f64;
        taken
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seconds_worth_and_no_more() {
        let mut rate = Rate::new(10);
        let none = Duration::ZERO;
        assert_eq!(rate.take(4, none), 4);
        assert_eq!(rate.take(100, none), 6);
        assert_eq!(rate.take(1, none), 0);
        assert_eq!(rate.take(100, Duration::from_millis(250)), 2);
        assert_eq!(
            rate.take(100, Duration::from_millis(50)),
            1,
            "halves add up"
        );
        assert_eq!(rate.take(100, Duration::from_secs(60)), 10);
    }
}
