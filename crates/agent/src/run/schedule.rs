//! When to tick.
//!
//! A tick's time is a whole multiple of the interval since 1970, so that ticks of all nodes fall together, and no time
//! comes twice in one process: two rows of one entity with one time would be counted twice by every sum.
//!
//! The wall clock may be set while the agent runs. *Forwards*, ticks go on at the new time; those in between never were.
//! *Backwards*, ticks go on at the new time too, and only times that had a tick already are passed over without one: a
//! machine whose clock was hours ahead at its start loses nothing when it is put right. Where the clock repeats an hour
//! that had its ticks, nothing is written until that hour is over; the increase of every counter in it is in the first
//! rows after it, whose measured interval is as long.

use std::time::Duration;

/// Spans of times that had ticks are remembered up to this number; then those that are closest become one, and the times
/// between them are taken as had.
const SPANS_MAX: usize = 16;

/// What to do now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// Read everything; the rows' time, in microseconds since 1970.
    Tick(i64),
    /// Wait so long at most, then ask again: the clock may have been set meanwhile.
    Wait(Duration),
}

/// The schedule of ticks.
#[derive(Debug)]
pub(crate) struct Schedule {
    interval: i64,
    /// No tick at or before this time: it was taken, or may have been another process', until the clock is set back.
    floor: i64,
    /// First and last tick of each span of times that had ticks, with every multiple of the interval in between taken as
    /// had; the present span is the last.
    had: Vec<(i64, i64)>,
    /// The clock was set since the last tick, so the next one begins a span.
    is_set: bool,
    /// The time that was passed over last.
    last_repeated: Option<i64>,
    /// Wall and monotonic clock when the schedule was asked last.
    last_asked: Option<(i64, u64)>,
    figures: ScheduleFigures,
}

/// Counters of the schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ScheduleFigures {
    /// Ticks taken.
    pub ticks: u64,
    /// Ticks that were not taken because reading took longer than the interval, or the process was not run.
    pub missed: u64,
    /// Times that were passed over because they had had a tick, before the clock was set back.
    pub repeated: u64,
    /// Times that the wall clock was set, forwards.
    pub jumps_forward: u64,
    /// Times that the wall clock was set, backwards.
    pub jumps_backward: u64,
}

/// Steps of the wall clock smaller than this are adjustments, not jumps.
const JUMP_USEC: i64 = 500_000;
/// The clock is looked at so often even when the next tick is far.
const LOOK_AGAIN: Duration = Duration::from_secs(5);

impl Schedule {
    /// A schedule whose first tick is the first multiple of the interval after `wall`: the one before it may have been
    /// another process'.
    pub(crate) fn new(interval: Duration, wall: i64) -> Schedule {
        let interval = whole(interval);
        Schedule {
            interval,
            floor: multiple(wall, interval),
            had: Vec::new(),
            is_set: true,
            last_repeated: None,
            last_asked: None,
            figures: ScheduleFigures::default(),
        }
    }

    /// Changes the interval; ticks fall on multiples of the new one from now on.
    pub(crate) fn set_interval(&mut self, interval: Duration) {
        self.interval = whole(interval);
    }

    pub(crate) fn figures(&self) -> ScheduleFigures {
        self.figures
    }

    /// What to do at this time of both clocks, in microseconds.
    pub(crate) fn ask(&mut self, wall: i64, monotonic: u64) -> Step {
        self.notice_jump(wall, monotonic);
        let due = multiple(wall, self.interval);
        if due > self.floor {
            if !self.is_had(due) {
                self.take(due);
                return Step::Tick(due);
            }
            if self.last_repeated.replace(due) != Some(due) {
                self.figures.repeated += 1;
            }
        }
        let next = due
            .saturating_add(self.interval)
            .max(self.floor.saturating_add(1));
        let wait = Duration::from_micros(next.saturating_sub(wall).unsigned_abs());
        Step::Wait(wait.min(LOOK_AGAIN))
    }

    /// Compares how far both clocks went since the last time.
    fn notice_jump(&mut self, wall: i64, monotonic: u64) {
        let Some((last_wall, last_monotonic)) = self.last_asked.replace((wall, monotonic)) else {
            return;
        };
        let passed = i64::try_from(monotonic.saturating_sub(last_monotonic)).unwrap_or(i64::MAX);
        let jump = wall.saturating_sub(last_wall).saturating_sub(passed);
        if jump.saturating_abs() < JUMP_USEC {
            return;
        }
        self.is_set = true;
        if jump > 0 {
            self.figures.jumps_forward += 1;
        } else {
            self.figures.jumps_backward += 1;
            // Before the first tick, the one that is due here may have been another process'.
            let due = multiple(wall, self.interval);
            let is_done = self.had.is_empty() || self.is_had(due);
            self.floor = self.floor.min(if is_done { due } else { due - 1 });
        }
    }

    fn is_had(&self, tick: i64) -> bool {
        self.had
            .iter()
            .any(|(first, last)| (*first..=*last).contains(&tick))
    }

    /// Makes one of the two spans, other than the present one, that are closest to each other.
    fn merge(&mut self) {
        let past = self.had.len().saturating_sub(1);
        let pairs = (0..past).flat_map(|a| (a + 1..past).map(move |b| (a, b)));
        let gap = |(a, b): &(usize, usize)| {
            let (first, second) = (self.had[*a], self.had[*b]);
            first.0.max(second.0).saturating_sub(first.1.min(second.1))
        };
        let Some((a, b)) = pairs.min_by_key(gap) else {
            return;
        };
        let other = self.had.remove(b);
        self.had[a] = (self.had[a].0.min(other.0), self.had[a].1.max(other.1));
    }

    fn take(&mut self, tick: i64) {
        self.figures.ticks += 1;
        match self.had.last_mut() {
            Some((_, last)) if !self.is_set && *last < tick => {
                let skipped = (tick - *last - 1) / self.interval;
                self.figures.missed += skipped.unsigned_abs();
                *last = tick;
            }
            _ => self.had.push((tick, tick)),
        }
        if self.had.len() > SPANS_MAX {
            self.merge();
        }
        self.is_set = false;
        self.floor = tick;
    }
}

fn whole(interval: Duration) -> i64 {
    i64::try_from(interval.as_micros())
        .unwrap_or(i64::MAX)
        .max(1)
}

/// The last multiple of the interval at or before a time.
fn multiple(time: i64, interval: i64) -> i64 {
    time.div_euclid(interval).saturating_mul(interval)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::HashSet;

    const SECOND: i64 = 1_000_000;
    const TEN: Duration = Duration::from_secs(10);

    /// Both clocks, and a schedule that is driven by them.
    struct World {
        wall: i64,
        monotonic: u64,
        schedule: Schedule,
        ticks: Vec<i64>,
    }

    impl World {
        fn new(wall_seconds: i64) -> World {
            let wall = wall_seconds * SECOND;
            World {
                wall,
                monotonic: 5,
                schedule: Schedule::new(TEN, wall),
                ticks: Vec::new(),
            }
        }

        fn pass(&mut self, time: Duration) {
            self.wall += time.as_micros() as i64;
            self.monotonic += time.as_micros() as u64;
        }

        /// Runs for so many seconds; each tick takes `cost` seconds.
        fn run(&mut self, seconds: u64, cost: u64) {
            let end = self.monotonic + seconds * 1_000_000;
            while self.monotonic < end {
                match self.schedule.ask(self.wall, self.monotonic) {
                    Step::Tick(tick) => {
                        self.ticks.push(tick / SECOND);
                        self.pass(Duration::from_secs(cost) + Duration::from_millis(3));
                    }
                    Step::Wait(wait) => {
                        assert!(!wait.is_zero() && wait <= LOOK_AGAIN);
                        self.pass(wait.min(Duration::from_micros(end - self.monotonic)));
                    }
                }
            }
        }

        fn set_clock(&mut self, seconds: i64) {
            self.wall += seconds * SECOND;
        }
    }

    #[test]
    fn ticks_fall_on_multiples_and_the_first_is_a_whole_one() {
        let mut world = World::new(1003);
        world.run(40, 0);
        assert_eq!(world.ticks, [1010, 1020, 1030, 1040]);
        // A tick that is due at the very start may have been the one before's.
        let mut world = World::new(1010);
        world.run(20, 0);
        assert_eq!(world.ticks, [1020]);
        assert_eq!(
            world.schedule.figures(),
            ScheduleFigures {
                ticks: 1,
                ..ScheduleFigures::default()
            }
        );
    }

    #[test]
    fn ticks_that_take_too_long_are_missed_and_counted() {
        let mut world = World::new(1003);
        world.run(60, 24);
        assert_eq!(world.ticks, [1010, 1030, 1050]);
        assert_eq!(world.schedule.figures().missed, 2);
    }

    #[test]
    fn forwards_the_times_in_between_never_were() {
        let mut world = World::new(1003);
        world.run(20, 0);
        world.set_clock(3600);
        world.run(20, 0);
        assert_eq!(world.ticks, [1010, 1020, 4620, 4630, 4640]);
        let figures = world.schedule.figures();
        assert_eq!((figures.missed, figures.jumps_forward), (0, 1));
        // Put right again, the times that never were are had after all.
        world.set_clock(-3600);
        world.run(20, 0);
        assert_eq!(world.ticks[5..], [1040, 1050, 1060]);
        assert_eq!(world.schedule.figures().repeated, 0);
    }

    #[test]
    fn a_clock_that_was_hours_ahead_at_the_start_loses_nothing_when_it_is_put_right() {
        let mut world = World::new(40_003);
        world.run(60, 0);
        world.set_clock(-36_000);
        let before = world.ticks.len();
        world.run(36_100, 0);
        let after = &world.ticks[before..];
        // All of them, and the six that had ticks when the clock was ahead are passed over.
        assert_eq!(after[0], 4060);
        assert_eq!(world.schedule.figures().repeated, 6);
        // From 4060 to 40160.
        assert_eq!(after.len(), 3611 - 6, "{:?}", &after[after.len() - 5..]);
    }

    #[test]
    fn before_the_first_tick_a_clock_may_be_put_right_too() {
        let mut world = World::new(40_003);
        world.run(3, 0);
        world.set_clock(-30_000);
        world.run(20, 0);
        assert_eq!(world.ticks, [10_010, 10_020]);
    }

    #[test]
    fn a_repeated_time_has_no_second_tick() {
        let mut world = World::new(1003);
        world.run(50, 0);
        assert_eq!(world.ticks, [1010, 1020, 1030, 1040, 1050]);
        world.set_clock(-25);
        world.run(50, 0);
        assert_eq!(world.ticks[5..], [1060, 1070]);
        let figures = world.schedule.figures();
        assert_eq!(
            (figures.jumps_backward, figures.repeated, figures.missed),
            (1, 3, 0)
        );
    }

    #[test]
    fn an_adjusted_clock_is_not_a_set_one() {
        let mut world = World::new(1003);
        for _ in 0..10 {
            world.run(10, 0);
            world.wall -= 100_000;
        }
        assert!(
            world.ticks.windows(2).all(|pair| pair[1] - pair[0] == 10),
            "{:?}",
            world.ticks
        );
        assert_eq!(world.schedule.figures().jumps_backward, 0);
    }

    #[test]
    fn a_changed_interval_goes_on_behind_the_last_tick() {
        let mut world = World::new(1003);
        world.run(30, 0);
        world.schedule.set_interval(Duration::from_secs(60));
        world.run(120, 0);
        world.schedule.set_interval(Duration::from_secs(5));
        world.run(10, 0);
        assert_eq!(
            world.ticks,
            [1010, 1020, 1030, 1080, 1140, 1150, 1155, 1160]
        );
    }

    proptest! {
        /// However the clock is set: no time comes twice, every time is a multiple and never in the future, and while the
        /// clock is left alone a whole minute that had no ticks has all of its own.
        #[test]
        fn no_time_comes_twice(steps in prop::collection::vec((1u64..100, -500i64..500, 0u64..25), 1..30)) {
            let mut world = World::new(100_000);
            for (seconds, jump, cost) in steps {
                world.run(seconds, cost);
                if jump.abs() > 100 {
                    world.set_clock(jump);
                }
            }
            let unique: HashSet<i64> = world.ticks.iter().copied().collect();
            prop_assert_eq!(unique.len(), world.ticks.len());
            prop_assert!(world.ticks.iter().all(|tick| tick % 10 == 0));
        }
    }
}
