//! Namespaces and the cluster.

use serde::{Deserialize, Serialize};

/// A namespace.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NamespaceFacts {
    /// `Active` or `Terminating`.
    pub phase: Option<String>,
    /// When its deletion was asked for.
    pub deleted_time: Option<i64>,
}

/// A cluster.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ClusterFacts {
    /// Whether the API is being watched: absent where that is not wanted.
    pub api_watched: Option<bool>,
    /// Why it is not, from the watch's status.
    pub api_fault: Option<String>,
    /// Since when it is not.
    pub api_lost_since: Option<i64>,
}
