//! Volumes and claims.

use serde::{Deserialize, Serialize};

use super::{EventFact, Point};

/// A volume of a pod, a persistent volume or a claim; what belongs together may be told together.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct VolumeFacts {
    /// `PersistentVolumeClaim` or `PersistentVolume`; absent for a volume that a pod has without a claim.
    pub object_kind: Option<String>,
    /// The claim behind it.
    pub volume_claim: Option<String>,
    /// `Bound`, `Pending`, `Lost`, `Available`, `Released`, `Failed`.
    pub phase: Option<String>,
    /// When it was made.
    pub created_time: Option<i64>,
    /// When its deletion was asked for.
    pub deleted_time: Option<i64>,
    /// Its storage class.
    pub storage_class: Option<String>,
    /// `ReadWriteOnce`, `ReadOnlyMany`, …
    pub access_modes: Vec<String>,
    /// Whether it lies on the node's own file system (an `emptyDir`, a `hostPath`): that is judged with the node.
    pub shares_node_filesystem: Option<bool>,
    /// The time of the newest row.
    pub time: Option<i64>,
    /// Its size.
    pub volume_capacity_bytes: Option<i64>,
    /// Free.
    pub volume_available_bytes: Option<i64>,
    /// Used.
    pub volume_used_bytes: Option<i64>,
    /// Inodes it can hold.
    pub volume_inodes: Option<i64>,
    /// Inodes still free.
    pub volume_inodes_free: Option<i64>,
    /// `volume_used_bytes` over the last hours.
    pub used_points: Vec<Point>,
    /// Events about the claim.
    pub events: Vec<EventFact>,
}
