//! Containers.

use serde::{Deserialize, Serialize};

use super::{EventFact, Measured};

/// A container of a pod. `object` rows have no row for one that runs before the others; what the caller knows otherwise is
/// welcome.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ContainerFacts {
    /// Its name.
    pub container: Option<String>,
    /// `container`, `init`, `sidecar` or `ephemeral`.
    pub container_kind: Option<String>,
    /// `running`, `waiting` or `terminated`.
    pub container_state: Option<String>,
    /// Whether its pod's status calls it ready. From `object` rows: every container of the pod is ready, or none is.
    pub ready: Option<bool>,
    /// Since when it is not ready, as far as the rows go back.
    pub not_ready_since: Option<i64>,
    /// Why it waits.
    pub waiting_reason: Option<String>,
    /// Since when it waits, as far as the rows go back.
    pub waiting_since: Option<i64>,
    /// Why it has ended.
    pub terminated_reason: Option<String>,
    /// Exit code of the instance that has ended and was not started again.
    pub exit_code: Option<i64>,
    /// When that ended.
    pub terminated_time: Option<i64>,
    /// Why the instance before ended.
    pub last_terminated_reason: Option<String>,
    /// Exit code of the instance before.
    pub last_exit_code: Option<i64>,
    /// When the instance before ended.
    pub last_terminated_time: Option<i64>,
    /// Restarts so far.
    pub restarts: Option<i64>,
    /// Restarts within [`crate::thresholds::LOOK_BACK`].
    pub restarts_increase: Option<i64>,
    /// When this instance started.
    pub started_time: Option<i64>,
    /// When the pod was made.
    pub created_time: Option<i64>,
    /// The pod's `deletionTimestamp`: when its grace ends.
    pub deleted_time: Option<i64>,
    /// The image asked for.
    pub image: Option<String>,
    /// Its memory limit.
    pub memory_limit_bytes: Option<i64>,
    /// What agents read.
    pub measured: Option<Measured>,
    /// Events about its pod.
    pub events: Vec<EventFact>,
    /// Events about its node: `SystemOOM` names killed processes.
    pub node_events: Vec<EventFact>,
    /// The last lines of the instance that ended last, oldest first.
    pub last_lines: Vec<String>,
}

impl ContainerFacts {
    /// The limit that the kernel enforces, else the one that is written.
    pub(crate) fn memory_limit(&self) -> Option<i64> {
        let enforced = self
            .measured
            .as_ref()
            .and_then(|m| m.latest.memory_limit_bytes);
        enforced.or(self.memory_limit_bytes).filter(|l| *l > 0)
    }
}
