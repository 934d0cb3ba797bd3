//! The resources that are watched.

/// A resource of the Kubernetes API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// `pods`
    Pod,
    /// `nodes`
    Node,
    /// `namespaces`
    Namespace,
    /// `services`
    Service,
    /// `endpointslices`
    EndpointSlice,
    /// `deployments`
    Deployment,
    /// `replicasets`
    ReplicaSet,
    /// `daemonsets`
    DaemonSet,
    /// `statefulsets`
    StatefulSet,
    /// `jobs`
    Job,
    /// `cronjobs`
    CronJob,
    /// `persistentvolumeclaims`
    PersistentVolumeClaim,
    /// `persistentvolumes`
    PersistentVolume,
    /// `ingresses`
    Ingress,
    /// `events`
    Event,
}

impl Kind {
    /// Every kind. Those that say who a pod is come first.
    pub const ALL: [Kind; 15] = [
        Kind::ReplicaSet,
        Kind::Job,
        Kind::EndpointSlice,
        Kind::Pod,
        Kind::Node,
        Kind::Namespace,
        Kind::Service,
        Kind::Deployment,
        Kind::DaemonSet,
        Kind::StatefulSet,
        Kind::CronJob,
        Kind::PersistentVolumeClaim,
        Kind::PersistentVolume,
        Kind::Ingress,
        Kind::Event,
    ];

    /// As objects name it.
    pub fn name(self) -> &'static str {
        self.parts().0
    }

    /// As addresses and roles name it.
    pub fn plural(self) -> &'static str {
        self.parts().1
    }

    /// The API group; empty for the core.
    pub fn group(self) -> &'static str {
        self.parts().2
    }

    /// Its versions that can be read, the best first.
    pub(crate) fn versions(self) -> &'static [&'static str] {
        self.parts().3
    }

    /// Whether pods are named by it, so that identities wait for its first list.
    pub(crate) fn names_pods(self) -> bool {
        matches!(
            self,
            Kind::Pod | Kind::ReplicaSet | Kind::Job | Kind::EndpointSlice
        )
    }

    fn parts(
        self,
    ) -> (
        &'static str,
        &'static str,
        &'static str,
        &'static [&'static str],
    ) {
        const V1: &[&str] = &["v1"];
        const V1_OR_BETA: &[&str] = &["v1", "v1beta1"];
        match self {
            Kind::Pod => ("Pod", "pods", "", V1),
            Kind::Node => ("Node", "nodes", "", V1),
            Kind::Namespace => ("Namespace", "namespaces", "", V1),
            Kind::Service => ("Service", "services", "", V1),
            Kind::EndpointSlice => (
                "EndpointSlice",
                "endpointslices",
                "discovery.k8s.io",
                V1_OR_BETA,
            ),
            Kind::Deployment => ("Deployment", "deployments", "apps", V1),
            Kind::ReplicaSet => ("ReplicaSet", "replicasets", "apps", V1),
            Kind::DaemonSet => ("DaemonSet", "daemonsets", "apps", V1),
            Kind::StatefulSet => ("StatefulSet", "statefulsets", "apps", V1),
            Kind::Job => ("Job", "jobs", "batch", V1),
            Kind::CronJob => ("CronJob", "cronjobs", "batch", V1_OR_BETA),
            Kind::PersistentVolumeClaim => {
                ("PersistentVolumeClaim", "persistentvolumeclaims", "", V1)
            }
            Kind::PersistentVolume => ("PersistentVolume", "persistentvolumes", "", V1),
            Kind::Ingress => ("Ingress", "ingresses", "networking.k8s.io", V1_OR_BETA),
            Kind::Event => ("Event", "events", "", V1),
        }
    }
}
