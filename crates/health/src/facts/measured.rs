//! Measurements of a control group: of a container or of a pod.

use serde::{Deserialize, Serialize};

use super::Point;
use crate::thresholds::{SILENT, SILENT_INTERVALS};

/// What agents read.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Measured {
    /// Deltas, added up over [`crate::thresholds::WINDOW`].
    pub window: Window,
    /// The newest row.
    pub latest: Latest,
    /// Kills for lack of memory within [`crate::thresholds::LOOK_BACK`], if there were any.
    pub out_of_memory: Option<OutOfMemory>,
    /// Anonymous, shared and kernel memory of the last half hour or so, added up.
    pub unreclaimable_points: Vec<Point>,
    /// `memory_working_set_bytes` likewise; it is looked at when the other is empty.
    pub working_set_points: Vec<Point>,
    /// How busy the node's processors were in the window, 0 to 1.
    pub node_cpu_utilization: Option<f64>,
    /// Who used the node's processors most in the window, other than this one.
    pub neighbours: Vec<Neighbour>,
}

/// Sums of delta columns over a window. A column that was null in every row is absent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[allow(missing_docs)] // The catalogue tells each column.
pub struct Window {
    pub interval_usec: Option<i64>,
    pub cpu_usage_usec: Option<i64>,
    pub cpu_periods: Option<i64>,
    pub cpu_throttled_periods: Option<i64>,
    pub cpu_throttled_usec: Option<i64>,
    pub cpu_pressure_some_usec: Option<i64>,
    pub cpu_pressure_full_usec: Option<i64>,
    pub memory_limit_hits: Option<i64>,
    pub memory_oom_kills: Option<i64>,
    pub memory_refaults_anon: Option<i64>,
    pub memory_refaults_file: Option<i64>,
    pub memory_pressure_some_usec: Option<i64>,
    pub memory_pressure_full_usec: Option<i64>,
    pub io_pressure_some_usec: Option<i64>,
    pub io_pressure_full_usec: Option<i64>,
    pub pids_limit_hits: Option<i64>,
}

/// Gauges, constants and the receipt of the newest row.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[allow(missing_docs)] // The catalogue tells each column.
pub struct Latest {
    pub time: Option<i64>,
    pub interval_usec: Option<i64>,
    pub started_time: Option<i64>,
    pub exited: Option<bool>,
    pub node_cpu_cores: Option<f64>,
    pub node_memory_total_bytes: Option<i64>,
    pub cpu_quota_usec: Option<i64>,
    pub cpu_period_usec: Option<i64>,
    pub memory_usage_bytes: Option<i64>,
    pub memory_working_set_bytes: Option<i64>,
    pub memory_limit_bytes: Option<i64>,
    pub memory_peak_bytes: Option<i64>,
    /// Of what kind the memory is.
    pub split: MemorySplit,
    pub pids_current: Option<i64>,
    pub pids_limit: Option<i64>,
    pub lifetime_oom_kills: Option<i64>,
}

impl Latest {
    /// Since when nothing has come, if that is too long.
    pub(crate) fn silent_since(&self, now: i64) -> Option<i64> {
        let time = self.time?;
        let interval = self.interval_usec.unwrap_or(0).max(0);
        let allowed = interval.saturating_mul(SILENT_INTERVALS).max(SILENT);
        (now.saturating_sub(time) > allowed).then_some(time)
    }
}

/// Of what kind memory is, `memory_…_bytes`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[allow(missing_docs)] // The catalogue tells each column.
pub struct MemorySplit {
    pub anon: Option<i64>,
    pub shmem: Option<i64>,
    pub kernel: Option<i64>,
    pub dirty: Option<i64>,
    pub active_file: Option<i64>,
    pub inactive_file: Option<i64>,
}

/// Kills for lack of memory.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OutOfMemory {
    /// The end of the newest interval with a kill.
    pub time: Option<i64>,
    /// The sum of `memory_oom_kills`.
    pub kills: Option<i64>,
    /// The sum of `memory_limit_hits` in the interval of the kill and the minute before.
    pub memory_limit_hits: Option<i64>,
    /// Highest `memory_usage_bytes` of the minute before.
    pub memory_usage_bytes: Option<i64>,
    /// Of what kind it was, in the row nearest to the kill.
    pub split: MemorySplit,
    /// Highest `memory_usage_bytes` of the pod in that minute.
    pub pod_memory_usage_bytes: Option<i64>,
    /// The pod's own `memory_limit_bytes`.
    pub pod_memory_limit_bytes: Option<i64>,
    /// Least `memory_available_bytes` of the node in that minute.
    pub node_memory_available_bytes: Option<i64>,
    /// The process that was killed, if the kernel's log or an event names it.
    pub process: Option<String>,
}

/// Somebody else on the node.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Neighbour {
    /// What to call it, for example `shop/web-1`.
    pub name: String,
    /// What it used.
    pub cpu_usage_cores: f64,
}
