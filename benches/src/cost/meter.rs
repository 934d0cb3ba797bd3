//! Processor time and wall time.

use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};

/// What something cost.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Cost {
    /// User and system time of every thread of this process.
    pub(crate) cpu: Duration,
    /// From the start to the end.
    pub(crate) wall: Duration,
}

/// Measures from here on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Meter {
    cpu: Duration,
    wall: Instant,
}

impl Meter {
    pub(crate) fn start() -> Meter {
        Meter {
            cpu: process_cpu(),
            wall: Instant::now(),
        }
    }

    pub(crate) fn stop(self) -> Cost {
        let wall = self.wall.elapsed();
        Cost {
            cpu: process_cpu().saturating_sub(self.cpu),
            wall,
        }
    }
}

/// The process' own clock has nanoseconds, where `getrusage` on some kernels moves in scheduler ticks.
fn process_cpu() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(
        time.tv_sec.unsigned_abs(),
        u32::try_from(time.tv_nsec).unwrap_or(0),
    )
}

impl Cost {
    pub(crate) fn cpu_ms(&self) -> f64 {
        self.cpu.as_secs_f64() * 1e3
    }

    pub(crate) fn wall_ms(&self) -> f64 {
        self.wall.as_secs_f64() * 1e3
    }

    /// CPU seconds for a million of something.
    pub(crate) fn cpu_per_million(&self, count: u64) -> f64 {
        self.cpu.as_secs_f64() / (count.max(1) as f64 / 1e6)
    }
}

impl std::ops::Add for Cost {
    type Output = Cost;

    fn add(self, other: Cost) -> Cost {
        Cost {
            cpu: self.cpu + other.cpu,
            wall: self.wall + other.wall,
        }
    }
}

/// The middle of the costs, of processor time and wall time each on its own.
pub(crate) fn median(costs: &[Cost]) -> Cost {
    let of = |pick: fn(&Cost) -> Duration| {
        let all: Vec<Duration> = costs.iter().map(pick).collect();
        percentile(&all, 0.5)
    };
    Cost {
        cpu: of(|c| c.cpu),
        wall: of(|c| c.wall),
    }
}

/// The value below which that share of the values lies (nearest rank); zero of none.
pub(crate) fn percentile(values: &[Duration], share: f64) -> Duration {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    let rank = (share * sorted.len() as f64).ceil() as usize;
    sorted
        .get(rank.saturating_sub(1))
        .copied()
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_values_that_occurred() {
        let values: Vec<Duration> = (1..=100).rev().map(Duration::from_millis).collect();
        assert_eq!(percentile(&values, 0.5), Duration::from_millis(50));
        assert_eq!(percentile(&values, 0.99), Duration::from_millis(99));
        assert_eq!(percentile(&values, 1.0), Duration::from_millis(100));
        assert_eq!(percentile(&[], 0.5), Duration::ZERO);
    }

    #[test]
    fn work_takes_processor_time_and_sleep_takes_none() {
        let meter = Meter::start();
        std::thread::sleep(Duration::from_millis(30));
        let slept = meter.stop();
        assert!(slept.wall >= Duration::from_millis(30));
        assert!(slept.cpu < slept.wall, "{slept:?}");
        // It ends because work is counted. No bound of the wall's time: both clocks have grains of their own.
        let meter = Meter::start();
        let mut sum = 0u64;
        while meter.stop().cpu < Duration::from_millis(5) {
            sum = std::hint::black_box(sum + 1);
        }
    }
}
