//! Services.

use serde::{Deserialize, Serialize};

use super::EventFact;

/// A service.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ServiceFacts {
    /// `ClusterIP`, `NodePort`, `LoadBalancer` or `ExternalName`.
    pub service_type: Option<String>,
    /// Ready addresses behind it; absent when endpoint slices are not read.
    pub endpoints_ready: Option<i64>,
    /// Addresses that are not ready.
    pub endpoints_not_ready: Option<i64>,
    /// Since when it has no ready address.
    pub no_endpoints_since: Option<i64>,
    /// Whether every workload behind it is scaled to zero.
    pub scaled_to_zero: Option<bool>,
    /// When it was made.
    pub created_time: Option<i64>,
    /// Events about it.
    pub events: Vec<EventFact>,
}
