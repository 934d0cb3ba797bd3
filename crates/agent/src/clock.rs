//! The wall clock.

use rustix::time::{ClockId, clock_gettime};

/// Microseconds since 1970.
pub(crate) fn wall_usec() -> i64 {
    let now = clock_gettime(ClockId::Realtime);
    now.tv_sec
        .saturating_mul(1_000_000)
        .saturating_add(now.tv_nsec / 1000)
}

/// Microseconds of CPU time that the calling thread has used.
pub(crate) fn thread_cpu_usec() -> u64 {
    usec(ClockId::ThreadCPUTime)
}

/// Microseconds of CPU time that the process has used.
pub(crate) fn process_cpu_usec() -> u64 {
    usec(ClockId::ProcessCPUTime)
}

/// Microseconds of a clock that never goes back and stands still while the machine sleeps.
pub(crate) fn monotonic_usec() -> u64 {
    usec(ClockId::Monotonic)
}

fn usec(clock: ClockId) -> u64 {
    let now = clock_gettime(clock);
    // None of these clocks is negative on Linux.
    (now.tv_sec as u64)
        .saturating_mul(1_000_000)
        .saturating_add(now.tv_nsec as u64 / 1000)
}
