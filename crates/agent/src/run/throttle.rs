//! Keeping the cost of reading within its share of a core.

use std::time::Duration;

/// Intervals that fall on the borders of minutes, in seconds.
const INTERVALS: [u64; 16] = [1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60, 120, 180, 240, 300];
/// How long the cost is summed up before it is judged.
const WINDOW_USEC: u64 = 60_000_000;

/// Judges the cost of reading once a minute, and stretches or relaxes the interval.
#[derive(Debug)]
pub(crate) struct Throttle {
    /// The most of one core, 1 being the whole.
    share: f64,
    wanted: Duration,
    present: Duration,
    window_start: Option<u64>,
    cpu_usec: u64,
    ticks: u64,
}

/// A change of the interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Change {
    /// The interval from now on.
    pub(crate) interval: Duration,
    /// The share of a core that reading took within the last minute.
    pub(crate) share: f64,
}

impl Throttle {
    pub(crate) fn new(wanted: Duration, share: f64) -> Throttle {
        Throttle {
            share,
            wanted,
            present: wanted,
            window_start: None,
            cpu_usec: 0,
            ticks: 0,
        }
    }

    /// Whether the interval is longer than wanted.
    pub(crate) fn is_stretched(&self) -> bool {
        self.present > self.wanted
    }

    /// Takes in what the thread has cost since the last tick; once a minute it may answer another interval.
    pub(crate) fn tick(&mut self, cpu_usec: u64, monotonic_usec: u64) -> Option<Change> {
        let Some(start) = self.window_start else {
            // The first tick finds everything for the first time, and its cost says nothing about the next.
            self.window_start = Some(monotonic_usec);
            return None;
        };
        self.cpu_usec += cpu_usec;
        self.ticks += 1;
        let passed = monotonic_usec.saturating_sub(start);
        if passed < WINDOW_USEC || self.ticks < 2 {
            return None;
        }
        let share = self.cpu_usec as f64 / passed as f64;
        let of_a_tick = self.cpu_usec as f64 / self.ticks as f64;
        (self.window_start, self.cpu_usec, self.ticks) = (Some(monotonic_usec), 0, 0);
        // The shortest interval at which ticks of this cost fit.
        let fits = |interval: &Duration| of_a_tick / interval.as_micros() as f64 <= self.share;
        let longer = INTERVALS
            .map(Duration::from_secs)
            .into_iter()
            .filter(|i| *i > self.wanted);
        let longest = Duration::from_secs(300).max(self.wanted);
        let fitting = std::iter::once(self.wanted)
            .chain(longer)
            .find(fits)
            .unwrap_or(longest);
        // Back to a shorter one only with a quarter to spare, so that it does not swing.
        let relaxed = of_a_tick / fitting.as_micros() as f64 <= self.share * 0.75;
        let interval = if fitting < self.present && !relaxed {
            self.present
        } else {
            fitting
        };
        if interval == self.present {
            return None;
        }
        self.present = interval;
        Some(Change { interval, share })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ticks of a cost in milliseconds for so many seconds; the changes.
    fn run(throttle: &mut Throttle, now: &mut u64, cost_msec: u64, seconds: u64) -> Vec<u64> {
        let end = *now + seconds * 1_000_000;
        let mut changes = Vec::new();
        while *now < end {
            *now += throttle.present.as_micros() as u64;
            changes.extend(
                throttle
                    .tick(cost_msec * 1000, *now)
                    .map(|change| change.interval.as_secs()),
            );
        }
        changes
    }

    #[test]
    fn the_interval_is_stretched_until_the_cost_fits_and_relaxed_when_it_falls() {
        let mut throttle = Throttle::new(Duration::from_secs(1), 0.05);
        let mut now = 0;
        assert_eq!(run(&mut throttle, &mut now, 40, 300), [0u64; 0]);
        // 400 ms fit into 5 % of 10 s, with nothing to spare up to 8 s.
        assert_eq!(run(&mut throttle, &mut now, 400, 300), [10]);
        assert!(throttle.is_stretched());
        // 290 ms would fit into 6 s, but only just.
        assert_eq!(run(&mut throttle, &mut now, 290, 300), [0u64; 0]);
        assert_eq!(run(&mut throttle, &mut now, 30, 300), [1]);
        assert!(!throttle.is_stretched());
    }

    #[test]
    fn five_minutes_are_the_longest() {
        let mut throttle = Throttle::new(Duration::from_secs(10), 0.01);
        let mut now = 0;
        assert_eq!(run(&mut throttle, &mut now, 8000, 3600), [300]);
    }

    #[test]
    fn the_first_tick_does_not_count() {
        let mut throttle = Throttle::new(Duration::from_secs(10), 0.05);
        assert_eq!(throttle.tick(5_000_000, 0), None);
        let mut now = 0;
        assert_eq!(run(&mut throttle, &mut now, 10, 300), [0u64; 0]);
    }
}
