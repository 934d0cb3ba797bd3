//! One tick's moment, for all rows of it.

use crate::row::When;

/// From the tick to the read, it is a delay; beyond this the clock has jumped or a recorded tree is replayed.
const LONGEST_DELAY_USEC: i64 = 3_600_000_000;

/// One tick's moment.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tick {
    /// The tick's time, in microseconds since 1970.
    pub(crate) time: i64,
    /// When reading began, by the monotonic clock.
    pub(crate) started: u64,
    /// From the tick to that moment, by the wall clock.
    late: Option<u64>,
}

impl Tick {
    /// A tick whose reading begins at this moment of both clocks.
    pub(crate) fn new(time: i64, monotonic: u64, wall: i64) -> Tick {
        let late = wall
            .checked_sub(time)
            .filter(|late| (0..LONGEST_DELAY_USEC).contains(late));
        Tick {
            time,
            started: monotonic,
            late: late.and_then(|l| u64::try_from(l).ok()),
        }
    }

    /// The moment of a row that was read at `at`, and before that at `before`.
    pub(crate) fn when(&self, at: u64, before: Option<u64>) -> When {
        When {
            tick: self.time,
            interval: before.and_then(|before| at.checked_sub(before)),
            delay: at
                .checked_sub(self.started)
                .zip(self.late)
                .map(|(since, late)| since + late),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_jump_of_the_wall_clock_changes_no_interval() {
        let before = Tick::new(10_000_000, 500, 10_000_100);
        assert_eq!(before.when(700, Some(300)).delay, Some(300));
        for wall in [0, i64::MAX, -5] {
            let jumped = Tick::new(10_000_000, 500, wall).when(700, Some(300));
            assert_eq!((jumped.delay, jumped.interval), (None, Some(400)));
        }
    }

    #[test]
    fn a_read_before_the_tick_has_no_delay() {
        assert_eq!(Tick::new(10, 500, 10).when(400, None).delay, None);
    }
}
