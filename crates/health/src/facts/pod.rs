//! Pods.

use serde::{Deserialize, Serialize};

use super::{Conditions, EventFact, Measured, Moments};

/// A pod.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PodFacts {
    /// `Pending`, `Running`, `Succeeded`, `Failed` or `Unknown`.
    pub phase: Option<String>,
    /// Why it is in this phase: `Evicted`, `Unschedulable`, …
    pub status_reason: Option<String>,
    /// The pod's `status.message`, where it is known.
    pub status_message: Option<String>,
    /// Each condition's status.
    pub conditions: Conditions,
    /// Since when.
    pub condition_times: Moments,
    /// The node it is on.
    pub node: Option<String>,
    /// Whether that node is ready.
    pub node_ready: Option<bool>,
    /// Kind of the controlling owner.
    pub owner_kind: Option<String>,
    /// When it was made.
    pub created_time: Option<i64>,
    /// `deletionTimestamp`: when its grace ends.
    pub deleted_time: Option<i64>,
    /// When a node was chosen.
    pub scheduled_time: Option<i64>,
    /// When the kubelet took it.
    pub started_time: Option<i64>,
    /// Since when it is ready.
    pub ready_time: Option<i64>,
    /// When it ended, as far as the rows tell.
    pub ended_time: Option<i64>,
    /// Restarts of all containers so far.
    pub restarts: Option<i64>,
    /// What it has of ephemeral storage.
    pub ephemeral_storage_used_bytes: Option<i64>,
    /// What it may have: the kubelet evicts it beyond.
    pub ephemeral_storage_limit_bytes: Option<i64>,
    /// What agents read of its own control group.
    pub measured: Option<Measured>,
    /// Events about it.
    pub events: Vec<EventFact>,
}
