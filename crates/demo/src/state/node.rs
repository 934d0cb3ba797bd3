//! Nodes.

use std::collections::BTreeSet;

use super::group::{Counters, Group, Pressure};
use super::pod::{PodId, Traffic};

/// A node with what its kernel counts beside the pods.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) name: String,
    pub(crate) uid: String,
    pub(crate) address: String,
    pub(crate) machine_id: String,
    pub(crate) boot_id: String,
    pub(crate) mac: String,
    pub(crate) created: i64,
    pub(crate) booted: i64,
    pub(crate) cores: u32,
    pub(crate) memory_bytes: i64,
    pub(crate) pods: BTreeSet<PodId>,
    /// The last number of an address that was given to a pod.
    pub(crate) addresses: u32,
    pub(crate) disk_pressure_since: Option<i64>,
    pub(crate) disk_pressure_changed: i64,
    /// The services of the node that are no pods.
    pub(crate) units: Vec<Group>,
    /// Since the last row: what the groups, all together, and the kernel for itself have used.
    pub(crate) used: Counters,
    pub(crate) kernel_cpu: i64,
    pub(crate) waited: Pressure,
    pub(crate) traffic: Traffic,
    pub(crate) load: [f64; 3],
    pub(crate) oom_kills: i64,
    pub(crate) forks: i64,
    /// Bytes and entries that were read of logs since the start.
    pub(crate) log_bytes: i64,
    pub(crate) log_entries: i64,
    /// Groups that have ended since the start.
    pub(crate) ended_groups: i64,
    pub(crate) kernel_log: crate::logs::LogFile,
    pub(crate) kernel_said: Vec<crate::logs::Line>,
}
