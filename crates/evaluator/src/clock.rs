//! When the clock is to be believed.
//!
//! A state must not change because a clock did, or because agents could not reach the server for a while. So nothing is
//! evaluated
//!
//! - for a settle time after a start, after a pause (no round for longer than two minutes, or than the settle time), and
//!   after a step of the clock forward: rows that agents kept meanwhile arrive first;
//! - after that, at most for the longest hold, while the newest row is older than the settle time: the clock is ahead, or
//!   agents are still waiting;
//! - while the clock is behind where it was, and at most for the longest hold: then its new time is believed.
//!
//! States stay meanwhile. Then every alarm is evaluated once, over what is there.

use std::time::Duration;

const SECOND: i64 = 1_000_000;
/// A wall clock may drift so much against the monotonic one between two rounds, in microseconds.
const DRIFT: i64 = 2 * SECOND;
/// The shortest time without a round that counts as a pause, in microseconds.
const PAUSE: i64 = 120 * SECOND;

/// A moment by both clocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Now {
    /// Microseconds since 1970.
    pub wall: i64,
    /// Since any moment, by a clock that is not set.
    pub monotonic: Duration,
}

/// Why nothing is evaluated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Hold {
    /// The settle time after a start, a pause or a step forward.
    Settling,
    /// No row is as new as the clock.
    NoNewRows,
    /// The clock was set back.
    Behind,
}

/// Follows the clock from round to round.
#[derive(Debug, Clone)]
pub struct Clock {
    settle: i64,
    longest: i64,
    last: Option<Now>,
    /// Where the wall clock was when it was last believed.
    highest: i64,
    settles_until: Duration,
    /// While rows as new as the clock are waited for.
    waits_for_rows: bool,
    behind_since: Option<Duration>,
}

impl Clock {
    /// `highest`: the newest moment that is known of from before the start, as of a state.
    pub fn new(settle_seconds: u32, longest_hold_seconds: u32, highest: i64) -> Clock {
        Clock {
            settle: i64::from(settle_seconds) * SECOND,
            longest: i64::from(longest_hold_seconds) * SECOND,
            last: None,
            highest,
            settles_until: Duration::ZERO,
            waits_for_rows: false,
            behind_since: None,
        }
    }

    /// A round begins: whether and why nothing is evaluated. `newest_row` is the time of the newest row, where it is known.
    pub fn round(&mut self, now: Now, newest_row: Option<i64>) -> Option<Hold> {
        let elapsed = self
            .last
            .map(|last| micros(now.monotonic.saturating_sub(last.monotonic)));
        let stepped = self.last.zip(elapsed).map_or(0, |(last, elapsed)| {
            now.wall.saturating_sub(last.wall).saturating_sub(elapsed)
        });
        let paused = elapsed.is_none_or(|elapsed| elapsed > PAUSE.max(self.settle));
        if paused || stepped > DRIFT {
            self.settles_until = now.monotonic + duration(self.settle);
            self.waits_for_rows = self.settle > 0;
        }
        self.last = Some(now);
        if self.is_behind(now) {
            return Some(Hold::Behind);
        }
        if now.monotonic < self.settles_until {
            return Some(Hold::Settling);
        }
        let is_old = newest_row.is_some_and(|row| row < now.wall.saturating_sub(self.settle));
        let has_waited = now.monotonic >= self.settles_until + duration(self.longest);
        if self.waits_for_rows && is_old && !has_waited {
            return Some(Hold::NoNewRows);
        }
        self.waits_for_rows = false;
        // A time that was never believed is nothing to be behind of.
        self.highest = now.wall;
        None
    }

    fn is_behind(&mut self, now: Now) -> bool {
        // A clock that is corrected by little is behind for as little.
        if now.wall >= self.highest {
            self.behind_since = None;
            return false;
        }
        let since = *self.behind_since.get_or_insert(now.monotonic);
        let believed = now.monotonic.saturating_sub(since) >= duration(self.longest);
        if believed {
            self.behind_since = None;
        }
        !believed
    }
}

fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}

fn duration(micros: i64) -> Duration {
    Duration::from_micros(u64::try_from(micros).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(wall: i64, monotonic: u64) -> Now {
        Now {
            wall: wall * SECOND,
            monotonic: Duration::from_secs(monotonic),
        }
    }

    fn running() -> Clock {
        let mut clock = Clock::new(60, 600, 0);
        assert_eq!(clock.round(at(1000, 0), None), Some(Hold::Settling));
        assert_eq!(clock.round(at(1059, 59), None), Some(Hold::Settling));
        assert_eq!(clock.round(at(1060, 60), None), None);
        clock
    }

    #[test]
    fn after_a_start_rows_are_waited_for() {
        let mut clock = running();
        assert_eq!(clock.round(at(1061, 61), None), None);
        let mut clock = Clock::new(60, 600, 0);
        assert_eq!(clock.round(at(5000, 0), None), Some(Hold::Settling));
        for second in 60..=659 {
            let old = Some(4000 * SECOND);
            let held = clock.round(at(5000 + second, second as u64), old);
            assert_eq!(held, Some(Hold::NoNewRows), "{second}");
        }
        assert_eq!(clock.round(at(5660, 660), Some(4000 * SECOND)), None);
        // Agents that fall silent later are for alarms to tell of.
        assert_eq!(clock.round(at(5661, 661), Some(4000 * SECOND)), None);
    }

    #[test]
    fn a_row_as_new_as_the_clock_ends_the_wait() {
        let mut clock = Clock::new(60, 600, 0);
        assert_eq!(clock.round(at(5000, 0), None), Some(Hold::Settling));
        assert_eq!(
            clock.round(at(5061, 61), Some(4000 * SECOND)),
            Some(Hold::NoNewRows)
        );
        assert_eq!(clock.round(at(5062, 62), Some(5055 * SECOND)), None);
    }

    #[test]
    fn a_clock_that_is_set_back_holds_until_it_is_where_it_was() {
        let mut clock = running();
        assert_eq!(clock.round(at(960, 61), None), Some(Hold::Behind));
        assert_eq!(clock.round(at(1059, 160), None), Some(Hold::Behind));
        assert_eq!(clock.round(at(1061, 162), None), None);
    }

    #[test]
    fn a_clock_that_stays_back_is_believed_after_the_longest_hold() {
        let mut clock = running();
        for second in 61..661u64 {
            let wall = second as i64 - 10_000;
            assert_eq!(
                clock.round(at(wall, second), None),
                Some(Hold::Behind),
                "{second}"
            );
        }
        assert_eq!(clock.round(at(661 - 10_000, 661), None), None);
        assert_eq!(clock.round(at(662 - 10_000, 662), None), None);
    }

    #[test]
    fn a_step_forward_and_a_pause_settle_again() {
        let mut clock = running();
        assert_eq!(clock.round(at(4661, 61), None), Some(Hold::Settling));
        assert_eq!(clock.round(at(4721, 121), None), None);
        assert_eq!(clock.round(at(8721, 4121), None), Some(Hold::Settling));
    }

    #[test]
    fn a_slow_round_and_a_little_drift_are_neither() {
        let mut clock = running();
        assert_eq!(clock.round(at(1150, 150), None), None);
        assert_eq!(clock.round(at(1153, 152), None), None);
    }

    #[test]
    fn a_state_from_the_future_holds_after_a_start() {
        let mut clock = Clock::new(0, 600, 2000 * SECOND);
        assert_eq!(clock.round(at(1000, 0), None), Some(Hold::Behind));
        assert_eq!(clock.round(at(1600, 600), None), None);
    }
}
