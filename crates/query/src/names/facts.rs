//! What a pod is called and belongs to, for a while.

use std::sync::Arc;

/// The names of a pod from a moment on.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Facts {
    pub(crate) cluster: Option<Arc<str>>,
    pub(crate) namespace: Option<Arc<str>>,
    pub(crate) pod: Option<Arc<str>>,
    pub(crate) node: Option<Arc<str>>,
    pub(crate) owner_kind: Option<Arc<str>>,
    pub(crate) owner_name: Option<Arc<str>>,
    pub(crate) workload_kind: Option<Arc<str>>,
    pub(crate) workload: Option<Arc<str>>,
    pub(crate) qos_class: Option<Arc<str>>,
    pub(crate) priority_class: Option<Arc<str>>,
    pub(crate) service_account: Option<Arc<str>>,
    /// Every service that selects it, by name.
    pub(crate) services: Vec<Arc<str>>,
    /// By key.
    pub(crate) labels: Vec<(Arc<str>, Arc<str>)>,
    /// By key.
    pub(crate) annotations: Vec<(Arc<str>, Arc<str>)>,
    pub(crate) requests: Requests,
}

/// What a pod or a container asks for.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Requests {
    pub(crate) cpu_cores: Option<f64>,
    pub(crate) memory_bytes: Option<f64>,
}

impl Facts {
    /// What CloudWatch calls `PodName`: the workload's name, but of a stateful set's pod and of a bare pod its own.
    pub(crate) fn pod_name(&self) -> Option<&str> {
        match self.workload_kind.as_deref() {
            Some("StatefulSet" | "Pod" | "Node") | None => self.pod.as_deref(),
            Some(_) => self.workload.as_deref().or(self.pod.as_deref()),
        }
    }
}

/// The value at a key.
pub(crate) fn at<'a>(entries: &'a [(Arc<str>, Arc<str>)], key: &str) -> Option<&'a str> {
    entries
        .binary_search_by(|(known, _)| known.as_ref().cmp(key))
        .ok()
        .and_then(|at| entries.get(at))
        .map(|(_, value)| value.as_ref())
}
