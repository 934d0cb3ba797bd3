//! What a log is called by.

use std::sync::Arc;

/// One log: all files that one container, or one part of the host, has written one after the other.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Source {
    /// `<namespace>/<pod>/<pod uid>/<container>`, `docker/<container id>` or `host/<name>`: the ledger's key.
    pub(crate) name: Arc<str>,
    /// What of it has columns of its own.
    pub(crate) place: Place,
}

/// Where a log comes from.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Place {
    /// A container of a pod.
    Pod {
        /// The pod's namespace.
        namespace: Arc<str>,
        /// The pod's name.
        pod: Arc<str>,
        /// The pod's uid.
        uid: Arc<str>,
        /// The container's name.
        container: Arc<str>,
    },
    /// A container that is in no pod.
    Container {
        /// The runtime's id.
        id: Arc<str>,
        /// Its name; the id while that is not known.
        name: Arc<str>,
    },
    /// A part of the host.
    Host {
        /// Its name, which is the rows' stream.
        stream: Arc<str>,
    },
}

impl Source {
    /// The log of a pod's container.
    pub(crate) fn pod(namespace: &str, pod: &str, uid: &str, container: &str) -> Source {
        Source {
            name: format!("{namespace}/{pod}/{uid}/{container}").into(),
            place: Place::Pod {
                namespace: namespace.into(),
                pod: pod.into(),
                uid: uid.into(),
                container: container.into(),
            },
        }
    }

    /// The log of a container without a pod.
    pub(crate) fn container(id: &str, name: &str) -> Source {
        Source {
            name: format!("docker/{id}").into(),
            place: Place::Container {
                id: id.into(),
                name: name.into(),
            },
        }
    }

    /// A log of the host.
    pub(crate) fn host(name: &str, stream: &str) -> Source {
        Source {
            name: format!("host/{name}").into(),
            place: Place::Host {
                stream: stream.into(),
            },
        }
    }

    /// Namespace, pod, pod uid and container, where it has them.
    pub(crate) fn columns(&self) -> [Option<&str>; 4] {
        match &self.place {
            Place::Pod {
                namespace,
                pod,
                uid,
                container,
            } => [Some(namespace), Some(pod), Some(uid), Some(container)],
            Place::Container { name, .. } => [None, None, None, Some(name)],
            Place::Host { .. } => [None; 4],
        }
    }

    /// The stream of its rows, where that is not the line's own.
    pub(crate) fn stream(&self) -> Option<&str> {
        match &self.place {
            Place::Host { stream } => Some(stream),
            _ => None,
        }
    }
}
