//! Memory.

use crate::plan::{Habit, Part};
use crate::random::Random;
use crate::state::group::{Counters, Gauges};
use crate::state::pod::{Container, Pod};
use crate::story;
use crate::time::{SECOND, visitors};

/// 1 MiB in bytes.
pub(crate) const MIB: f64 = 1_048_576.0;
/// From here on the kernel looks for pages to give back.
const TIGHT: f64 = 0.93;

/// What a pause container holds.
pub(crate) fn sandbox() -> Gauges {
    Gauges {
        anon: 45_056,
        file: 0,
        inactive_file: 0,
        dirty: 0,
        kernel: 212_992,
        sock: 0,
        pids: 1,
        processes: 1,
        layer: 0,
        logs: 0,
    }
}

/// The hard limit in bytes.
pub(crate) fn limit(part: &Part) -> Option<i64> {
    part.memory_limit.map(|mib| i64::from(mib) * MIB as i64)
}

/// What a container holds at a time.
pub(super) fn gauges(pod: &Pod, container: &Container, at: i64) -> Gauges {
    let part = &container.part;
    let age = container.running_since().map_or(0, |since| at - since);
    let seconds = age as f64 / SECOND as f64;
    // A process takes some seconds until it has what it works with.
    let warm = 1.0 - (-seconds / 8.0).exp();
    let wave = 0.9 + 0.1 * visitors(at, pod.shift) + 0.06 * container.drift;
    let limit = limit(part);
    let pids = 2 + part.processes * 6 + (container.drift * 10.0) as i64;
    let kernel = (1.4 * MIB) as i64 + (part.anon * MIB * 0.02) as i64 + pids * 18_432;
    let sock = (pod.receives / 16.0) as i64 / 4096 * 4096;
    let mut anon = part.anon * MIB * warm * wave;
    let mut children = 0;
    if let Some(limit) = limit {
        let room = (limit - kernel - sock) as f64 * 0.985;
        match part.habit {
            Habit::Leaks if pod.ordinal == 0 => {
                let full = (age as f64 / story::LEAK as f64).min(1.0);
                anon += (room - anon).max(0.0) * full;
            }
            Habit::LosesChildren => {
                let growth = story::child_growth(at);
                anon += (room - anon).max(0.0) * growth;
                children = i64::from(growth > 0.0);
            }
            _ => {}
        }
        anon = anon.min(room);
    }
    let anon = anon as i64 / 4096 * 4096;
    let cached =
        part.file * MIB * (1.0 - (-seconds / 300.0).exp()) * (0.95 + 0.1 * container.drift.abs());
    let room = limit.map_or(i64::MAX, |limit| (limit - anon - kernel - sock).max(0));
    let file = (cached as i64).min(room) / 4096 * 4096;
    Gauges {
        anon,
        file,
        inactive_file: file * 11 / 20,
        dirty: (part.writes as i64).min(file) / 4096 * 4096,
        kernel,
        sock,
        pids: pids.max(part.processes),
        processes: part.processes + children,
        layer: 131_072 + (part.writes * 0.05 * seconds.min(86_400.0)) as i64,
        logs: container.log.offset + 4096,
    }
}

/// How near the limit it is, 0 to 1.
pub(super) fn tightness(part: &Part, gauges: &Gauges) -> f64 {
    let share = limit(part).map_or(0.0, |limit| gauges.usage() as f64 / limit as f64);
    match super::grows(part.habit) {
        true => ((share - TIGHT) / (1.0 - TIGHT)).clamp(0.0, 1.0),
        false => 0.0,
    }
}

/// What the kernel counts of memory over a span.
pub(super) fn events(
    part: &Part,
    gauges: &Gauges,
    seconds: f64,
    random: &mut Random,
    counters: &mut Counters,
) {
    counters.faults = counters.cpu / 900 + (seconds * random.between(5.0, 30.0)) as i64;
    let tight = tightness(part, gauges);
    if tight > 0.0 {
        counters.limit_hits = (tight * seconds * random.between(1.0, 6.0)) as i64;
        counters.scanned = (tight * seconds * 900.0) as i64;
        counters.stolen = counters.scanned * 7 / 10;
        counters.refaults = counters.stolen / 3;
        counters.major_faults = (tight * seconds * 40.0) as i64;
    }
}
