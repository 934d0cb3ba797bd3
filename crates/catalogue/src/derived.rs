//! Numbers that no row holds: found at question time from texts and labels of the row, or from the identity of its pod.
//!
//! Formulas read them as they read columns.

/// A number found at question time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Derived {
    /// Its name, as formulas write it; no column of the table has it.
    pub name: &'static str,
    /// The table whose rows have it.
    pub table: &'static str,
    /// The unit in UCUM's notation.
    pub unit: &'static str,
    /// What it means, in one sentence.
    pub help: &'static str,
    /// How it is found.
    pub from: Derivation,
}

/// How a number is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Derivation {
    /// 1 when the text column has one of these values, 0 when it has another; null when it has none.
    Text {
        /// The column.
        column: &'static str,
        /// The values.
        any: &'static [&'static str],
    },
    /// 1 when the column of labels has one of these values at one of these keys, 0 when it has others there; null when
    /// it has none of the keys.
    Labels {
        /// The column.
        column: &'static str,
        /// The keys; all of them when empty.
        keys: &'static [&'static str],
        /// The values.
        any: &'static [&'static str],
    },
    /// What the row's pod, or its container where the table has containers, requests by its identity at the row's time.
    Request(Resource),
    /// What the pods that the row's node has at the row's time request together, by their identity.
    NodeRequests(Resource),
}

/// What is requested.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Resource {
    /// Processors.
    Cpu,
    /// Bytes of memory.
    Memory,
}

impl Derivation {
    /// Whether it takes the identity of pods.
    pub fn needs_identity(&self) -> bool {
        matches!(self, Derivation::Request(_) | Derivation::NodeRequests(_))
    }
}

/// The number of that name that rows of a table have.
pub fn derived(table: &str, name: &str) -> Option<&'static Derived> {
    all().find(|d| d.table == table && d.name == name)
}

/// Every number that is found at question time.
pub fn all() -> impl Iterator<Item = &'static Derived> {
    OBJECTS.iter().chain(REQUESTS)
}

const TRUE: &[&str] = &["True"];
const UNKNOWN: &[&str] = &["Unknown"];

const fn condition(
    name: &'static str,
    help: &'static str,
    keys: &'static [&'static str],
    any: &'static [&'static str],
) -> Derived {
    Derived {
        name,
        table: "object",
        unit: "1",
        help,
        from: Derivation::Labels {
            column: "conditions",
            keys,
            any,
        },
    }
}

const fn phase(name: &'static str, help: &'static str, any: &'static [&'static str]) -> Derived {
    Derived {
        name,
        table: "object",
        unit: "1",
        help,
        from: Derivation::Text {
            column: "phase",
            any,
        },
    }
}

const OBJECTS: &[Derived] = &[
    condition("is_ready", "Condition Ready is True.", &["Ready"], TRUE),
    condition(
        "is_scheduled",
        "Condition PodScheduled is True.",
        &["PodScheduled"],
        TRUE,
    ),
    condition(
        "is_unknown",
        "Condition Ready or PodScheduled is Unknown.",
        &["Ready", "PodScheduled"],
        UNKNOWN,
    ),
    condition(
        "has_disk_pressure",
        "Condition DiskPressure is True.",
        &["DiskPressure"],
        TRUE,
    ),
    condition(
        "has_memory_pressure",
        "Condition MemoryPressure is True.",
        &["MemoryPressure"],
        TRUE,
    ),
    condition(
        "has_pid_pressure",
        "Condition PIDPressure is True.",
        &["PIDPressure"],
        TRUE,
    ),
    condition(
        "has_no_network",
        "Condition NetworkUnavailable is True.",
        &["NetworkUnavailable"],
        TRUE,
    ),
    condition(
        "has_unknown_condition",
        "Some condition is Unknown.",
        &[],
        UNKNOWN,
    ),
    condition(
        "has_failed",
        "A pressure, or a missing network, is True or Unknown.",
        &[
            "MemoryPressure",
            "DiskPressure",
            "PIDPressure",
            "NetworkUnavailable",
        ],
        &["True", "Unknown"],
    ),
    phase("is_pending", "Phase Pending.", &["Pending"]),
    phase("is_running", "Phase Running.", &["Running"]),
    phase("is_succeeded", "Phase Succeeded.", &["Succeeded"]),
    phase("is_failed", "Phase Failed.", &["Failed"]),
    phase("is_bound", "Phase Bound.", &["Bound"]),
    phase("is_lost", "Phase Lost.", &["Lost"]),
];

const fn request(
    name: &'static str,
    table: &'static str,
    resource: Resource,
    help: &'static str,
) -> Derived {
    let unit = match resource {
        Resource::Cpu => "{cpu}",
        Resource::Memory => "By",
    };
    Derived {
        name,
        table,
        unit,
        help,
        from: Derivation::Request(resource),
    }
}

const fn of_node(name: &'static str, resource: Resource, help: &'static str) -> Derived {
    Derived {
        from: Derivation::NodeRequests(resource),
        ..request(name, "node", resource, help)
    }
}

const REQUESTS: &[Derived] = &[
    request(
        "cpu_request_cores",
        "pod",
        Resource::Cpu,
        "CPU that the pod requests.",
    ),
    request(
        "memory_request_bytes",
        "pod",
        Resource::Memory,
        "Memory that the pod requests.",
    ),
    request(
        "cpu_request_cores",
        "container",
        Resource::Cpu,
        "CPU that the container requests.",
    ),
    request(
        "memory_request_bytes",
        "container",
        Resource::Memory,
        "Memory that the container requests.",
    ),
    of_node(
        "pods_cpu_request_cores",
        Resource::Cpu,
        "CPU that the node's pods request together.",
    ),
    of_node(
        "pods_memory_request_bytes",
        Resource::Memory,
        "Memory that the node's pods request together.",
    ),
];
