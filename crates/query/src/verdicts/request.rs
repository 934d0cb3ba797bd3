//! Which verdicts are wanted.

use serde::Serialize;

use crate::error::QueryError;
use crate::nearest::nearest;

/// What a verdict is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum VerdictKind {
    /// A cluster.
    Cluster,
    /// A node.
    Node,
    /// A namespace.
    Namespace,
    /// A workload: a deployment, a stateful set, …
    Workload,
    /// A service.
    Service,
    /// A pod.
    Pod,
    /// A container of a pod.
    Container,
    /// A volume, by its claim.
    Volume,
}

impl VerdictKind {
    /// Every kind.
    pub const ALL: [VerdictKind; 8] = [
        VerdictKind::Cluster,
        VerdictKind::Node,
        VerdictKind::Namespace,
        VerdictKind::Workload,
        VerdictKind::Service,
        VerdictKind::Pod,
        VerdictKind::Container,
        VerdictKind::Volume,
    ];

    /// As it is written.
    pub fn name(self) -> &'static str {
        match self {
            VerdictKind::Cluster => "Cluster",
            VerdictKind::Node => "Node",
            VerdictKind::Namespace => "Namespace",
            VerdictKind::Workload => "Workload",
            VerdictKind::Service => "Service",
            VerdictKind::Pod => "Pod",
            VerdictKind::Container => "Container",
            VerdictKind::Volume => "Volume",
        }
    }
}

/// Which verdicts are wanted; everything when nothing is said, as far as it is unwell.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct VerdictsRequest {
    /// About things of these kinds.
    pub kinds: Vec<VerdictKind>,
    /// Of this cluster.
    pub cluster: Option<String>,
    /// In this namespace.
    pub namespace: Option<String>,
    /// On this node.
    pub node: Option<String>,
    /// Of this workload, or about it.
    pub workload: Option<String>,
    /// With this name.
    pub name: Option<String>,
    /// With this uid; of a container its pod's.
    pub uid: Option<String>,
    /// Also of what is well.
    pub all: bool,
}

const PARAMETERS: [&str; 8] = [
    "kind",
    "cluster",
    "namespace",
    "node",
    "workload",
    "name",
    "uid",
    "all",
];

impl VerdictsRequest {
    /// Reads the parameters of a URL; `kind` is a list separated by commas.
    ///
    /// # Errors
    /// A parameter that is not known, a kind that is none, an `all` that is neither `true` nor `false`.
    pub fn from_pairs<'a>(
        pairs: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<VerdictsRequest, QueryError> {
        let mut request = VerdictsRequest::default();
        for (name, value) in pairs {
            let text = || Some(value.to_owned()).filter(|text| !text.is_empty());
            match name {
                "kind" => {
                    for word in value.split(',').filter(|word| !word.is_empty()) {
                        request.kinds.push(kind(word)?);
                    }
                }
                "cluster" => request.cluster = text(),
                "namespace" => request.namespace = text(),
                "node" => request.node = text(),
                "workload" => request.workload = text(),
                "name" => request.name = text(),
                "uid" => request.uid = text(),
                "all" => {
                    request.all = match value {
                        "true" | "" => true,
                        "false" => false,
                        _ => {
                            let message = format!("'{value}' is neither true nor false");
                            return Err(QueryError::invalid("all", message));
                        }
                    }
                }
                _ => {
                    let message = format!("there is no parameter '{name}'");
                    return Err(
                        QueryError::invalid(name, message).with_nearest(nearest(name, PARAMETERS))
                    );
                }
            }
        }
        Ok(request)
    }
}

fn kind(word: &str) -> Result<VerdictKind, QueryError> {
    let found = VerdictKind::ALL
        .into_iter()
        .find(|kind| kind.name().eq_ignore_ascii_case(word));
    found.ok_or_else(|| {
        let message = format!("there are no verdicts about a '{word}'");
        let names = VerdictKind::ALL.map(VerdictKind::name);
        QueryError::invalid("kind", message).with_nearest(nearest(word, names))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_read_and_faults_named() {
        let pairs = [
            ("kind", "pod,Node"),
            ("namespace", "shop"),
            ("all", "true"),
            ("node", ""),
        ];
        let request = VerdictsRequest::from_pairs(pairs).unwrap();
        assert_eq!(request.kinds, [VerdictKind::Pod, VerdictKind::Node]);
        assert_eq!(request.namespace.as_deref(), Some("shop"));
        assert!(request.all && request.node.is_none());
        for (pair, says) in [
            (("kind", "pods"), "no verdicts about a 'pods'"),
            (("all", "yes"), "neither true nor false"),
            (("namespce", "x"), "no parameter 'namespce'"),
        ] {
            let error = VerdictsRequest::from_pairs([pair]).unwrap_err();
            assert!(error.message.contains(says), "{}", error.message);
        }
    }
}
