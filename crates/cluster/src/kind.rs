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

    /// Where it is asked for on the API server: its path in the best version.
    pub fn path(self) -> String {
        let version = self.versions().first().copied().unwrap_or("v1");
        match self.group() {
            "" => format!("/api/{version}/{}", self.plural()),
            group => format!("/apis/{group}/{version}/{}", self.plural()),
        }
    }

    /// What it is for.
    pub fn feeds(self) -> &'static str {
        match self {
            Kind::Pod => {
                "who pods are: names, labels, images, requests and limits; phases, container states, restarts"
            }
            Kind::ReplicaSet | Kind::Job => {
                "the workload that a pod belongs to in the end; its state"
            }
            Kind::EndpointSlice => "the services of a pod; addresses behind a service",
            Kind::Deployment | Kind::DaemonSet | Kind::StatefulSet => {
                "replicas that are wanted, ready, available and missing"
            }
            Kind::CronJob => "schedules and last runs",
            Kind::Node => "conditions, capacity and what is allocatable, labels, versions",
            Kind::Namespace | Kind::Service | Kind::Ingress => "that it exists, and its state",
            Kind::PersistentVolumeClaim | Kind::PersistentVolume => {
                "phases, sizes and storage classes"
            }
            Kind::Event => "events",
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_those_of_the_api_server() {
        assert_eq!(Kind::Pod.path(), "/api/v1/pods");
        assert_eq!(Kind::ReplicaSet.path(), "/apis/apps/v1/replicasets");
        assert_eq!(Kind::Ingress.path(), "/apis/networking.k8s.io/v1/ingresses");
    }
}
