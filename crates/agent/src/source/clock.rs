//! The two clocks of a sampler.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use rustix::time::{ClockId, clock_gettime};

/// Where a sampler takes time from. Increases are measured by the monotonic clock alone, so that a step of the wall
/// clock changes no rate.
#[derive(Debug, Clone, Default)]
pub enum Clock {
    /// The kernel's clocks.
    #[default]
    System,
    /// Clocks set by hand, for replaying recorded trees.
    Manual(ManualClock),
}

/// Clocks that stand still until they are set.
#[derive(Debug, Clone, Default)]
pub struct ManualClock {
    monotonic: Arc<AtomicU64>,
    wall: Arc<AtomicI64>,
}

impl ManualClock {
    /// Sets both clocks, in microseconds.
    pub fn set(&self, monotonic: u64, wall: i64) {
        self.monotonic.store(monotonic, Ordering::Relaxed);
        self.wall.store(wall, Ordering::Relaxed);
    }
}

impl Clock {
    /// Microseconds of a clock that never goes back.
    pub(crate) fn monotonic(&self) -> u64 {
        match self {
            Clock::System => {
                let now = clock_gettime(ClockId::Monotonic);
                // Neither part is negative on Linux.
                (now.tv_sec as u64)
                    .saturating_mul(1_000_000)
                    .saturating_add(now.tv_nsec as u64 / 1000)
            }
            Clock::Manual(clock) => clock.monotonic.load(Ordering::Relaxed),
        }
    }

    /// Microseconds since 1970.
    pub(crate) fn wall(&self) -> i64 {
        match self {
            Clock::System => {
                let now = clock_gettime(ClockId::Realtime);
                now.tv_sec
                    .saturating_mul(1_000_000)
                    .saturating_add(now.tv_nsec / 1000)
            }
            Clock::Manual(clock) => clock.wall.load(Ordering::Relaxed),
        }
    }
}
