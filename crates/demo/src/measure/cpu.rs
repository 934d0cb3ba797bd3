//! Processor time.

use crate::plan::{Habit, Part};
use crate::random::Random;
use crate::state::group::Counters;
use crate::state::pod::{Maker, Pod};
use crate::story;
use crate::time::{SECOND, visitors};

/// An enforcement period of a quota, in microseconds.
pub(crate) const PERIOD: i64 = 100_000;
/// What a process does more while it starts.
const STARTS: i64 = 5 * SECOND;
const STARTING_CORES: f64 = 0.25;

/// Cores that a container wants at a time.
pub(crate) fn demand(pod: &Pod, index: usize, node_cores: u32, at: i64) -> f64 {
    let Some(container) = pod.containers.get(index) else {
        return 0.0;
    };
    let part = &container.part;
    let drift = 1.0 + container.drift;
    let is_job = matches!(pod.maker, Maker::Job(_));
    let usual = match part.habit {
        _ if is_job => part.cores * drift,
        Habit::Noisy if story::is_noisy(at) => f64::from(node_cores) * 1.4 * drift,
        Habit::LosesChildren => {
            part.cores * visitors(at, pod.shift) * drift + 0.5 * story::child_growth(at)
        }
        // Some bursts reach beyond what the wave asks for.
        Habit::Tight => part.cores * visitors(at, pod.shift) * (1.0 + 2.5 * container.drift),
        _ => part.cores * visitors(at, pod.shift) * drift,
    };
    let starts = container
        .running_since()
        .is_some_and(|since| at - since < STARTS && !is_job);
    usual.max(0.0005) + if starts { STARTING_CORES } else { 0.0 }
}

/// What is counted of processor time over a span.
pub(super) fn counters(
    part: &Part,
    wanted: f64,
    cores: f64,
    span: i64,
    random: &mut Random,
) -> Counters {
    let cpu = (cores * span as f64) as i64;
    let user = (cpu as f64 * random.between(0.72, 0.82)) as i64;
    let mut counters = Counters {
        cpu,
        user,
        system: cpu - user,
        ..Counters::default()
    };
    if let Some(limit) = part.cpu_limit {
        let limit = f64::from(limit) / 1000.0;
        let load = wanted / limit;
        counters.periods = span / PERIOD;
        // Work comes in bursts: periods run out before the mean of all of them reaches the quota.
        let out = match load {
            l if l > 1.0 => (0.35 + 1.5 * (l - 1.0)).min(0.98),
            l if l > 0.7 => 0.35 * ((l - 0.7) / 0.3).powi(2),
            _ => 0.0,
        };
        counters.throttled_periods = (counters.periods as f64 * out) as i64;
        let each = 0.3 * PERIOD as f64 * (1.0 + (load - 1.0).max(0.0));
        counters.throttled = (counters.throttled_periods as f64 * each) as i64;
    }
    counters
}
