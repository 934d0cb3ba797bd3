//! What can be asked about a row that only its pod's identity tells.

use catalogue::Table;

use super::facts::{Facts, at};

/// A name that is found at question time.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Name {
    Namespace,
    Pod,
    Node,
    OwnerKind,
    Owner,
    WorkloadKind,
    Workload,
    /// What CloudWatch calls `PodName`.
    PodOrWorkload,
    /// The node; of a node object its own name.
    NodeOrOwn,
    QosClass,
    PriorityClass,
    ServiceAccount,
    /// Every service that selects the pod: as many values.
    Service,
    /// The pod's label of that key.
    Label(String),
    /// The pod's annotation of that key.
    Annotation(String),
}

const PLAIN: [(&str, Name); 13] = [
    ("namespace", Name::Namespace),
    ("pod", Name::Pod),
    ("node", Name::Node),
    ("owner_kind", Name::OwnerKind),
    ("owner_name", Name::Owner),
    ("workload_kind", Name::WorkloadKind),
    ("workload", Name::Workload),
    ("pod_name", Name::PodOrWorkload),
    ("node_name", Name::NodeOrOwn),
    ("qos_class", Name::QosClass),
    ("priority_class", Name::PriorityClass),
    ("service_account", Name::ServiceAccount),
    ("service", Name::Service),
];

impl Name {
    /// Reads `workload`, `service`, `label.app.kubernetes.io/name`, …
    pub(crate) fn parse(text: &str) -> Option<Name> {
        if let Some((_, name)) = PLAIN.iter().find(|(known, _)| *known == text) {
            return Some(name.clone());
        }
        let key = |prefix: &str| {
            text.strip_prefix(prefix)
                .filter(|key| !key.is_empty())
                .map(str::to_owned)
        };
        key("label.")
            .map(Name::Label)
            .or_else(|| key("annotation.").map(Name::Annotation))
    }

    /// The names that are written as they are, for suggestions.
    pub(crate) fn plain() -> impl Iterator<Item = &'static str> {
        PLAIN.iter().map(|(text, _)| *text)
    }

    /// Whether a pod may have several values.
    pub(crate) fn is_many(&self) -> bool {
        *self == Name::Service
    }

    /// The one value; of several the first.
    pub(crate) fn one<'a>(&self, facts: &'a Facts) -> Option<&'a str> {
        match self {
            Name::Namespace => facts.namespace.as_deref(),
            Name::Pod => facts.pod.as_deref(),
            Name::Node | Name::NodeOrOwn => facts.node.as_deref(),
            Name::OwnerKind => facts.owner_kind.as_deref(),
            Name::Owner => facts.owner_name.as_deref(),
            Name::WorkloadKind => facts.workload_kind.as_deref(),
            Name::Workload => facts.workload.as_deref(),
            Name::PodOrWorkload => facts.pod_name(),
            Name::QosClass => facts.qos_class.as_deref(),
            Name::PriorityClass => facts.priority_class.as_deref(),
            Name::ServiceAccount => facts.service_account.as_deref(),
            Name::Service => facts.services.first().map(AsRef::as_ref),
            Name::Label(key) => at(&facts.labels, key),
            Name::Annotation(key) => at(&facts.annotations, key),
        }
    }
}

/// The column by which rows of a table know their pod; `None` for tables that are not about pods.
pub(crate) fn uid_column(table: &Table) -> Option<&'static str> {
    match table.name {
        "object" => Some("object_uid"),
        _ => table.column("pod_uid").map(|c| c.name),
    }
}
