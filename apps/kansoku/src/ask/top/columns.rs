//! The columns of each kind.

use super::Sort;
use super::entity::Entity;
use crate::print::{Align, bytes, bytes_per_second, cores, count, percent};

/// A column: its head, and what it shows of an entity.
#[derive(Debug)]
pub(crate) struct Column {
    pub(crate) head: &'static str,
    pub(crate) align: Align,
    pub(crate) cell: fn(&Entity) -> String,
}

const fn name(head: &'static str, cell: fn(&Entity) -> String) -> Column {
    Column {
        head,
        align: Align::Left,
        cell,
    }
}

const fn number(head: &'static str, cell: fn(&Entity) -> String) -> Column {
    Column {
        head,
        align: Align::Right,
        cell,
    }
}

macro_rules! text {
    ($head:literal, $column:literal) => {
        name($head, |entity| {
            entity.text($column).unwrap_or("-").to_owned()
        })
    };
}

macro_rules! rate {
    ($head:literal, $column:literal) => {
        number($head, |entity| bytes_per_second(entity.rate($column)))
    };
}

const CPU: Column = number("CPU(cores)", |entity| cores(entity.share("cpu_usage_usec")));
const CPU_SHARE: Column = number("CPU%", |entity| percent(cpu_share(entity)));
const THROTTLED: Column = number("THROTTLED", |entity| percent(throttled(entity)));
const MEMORY: Column = number("MEMORY(bytes)", |entity| {
    bytes(entity.number("memory_working_set_bytes"))
});
const MEMORY_SHARE: Column = number("MEMORY%", |entity| percent(memory_share(entity)));
const LIMIT: Column = number("LIMIT", |entity| bytes(entity.number("memory_limit_bytes")));
const RECEIVED: Column = rate!("NET-RX", "network_rx_bytes");
const SENT: Column = rate!("NET-TX", "network_tx_bytes");
const READ: Column = rate!("IO-READ", "io_read_bytes");
const WRITTEN: Column = rate!("IO-WRITE", "io_write_bytes");
const PIDS: Column = number("PIDS", |entity| count(entity.number("pids_current")));
const NODE: Column = text!("NODE", "node");

pub(super) const NODES: &[Column] = &[
    text!("NAME", "node"),
    CPU,
    CPU_SHARE,
    MEMORY,
    MEMORY_SHARE,
    RECEIVED,
    SENT,
    READ,
    WRITTEN,
    number("LOAD", |entity| {
        entity
            .number("load_1m")
            .map_or_else(|| "-".to_owned(), |load| format!("{load:.2}"))
    }),
    PIDS,
];

const COUNT_OF_PODS: Column = number("PODS", |entity| count(entity.number("pods")));

/// Columns of sums over pods, after those that name them.
macro_rules! sums {
    ($name:ident: $($column:expr),+) => {
        pub(super) const $name: &[Column] = &[
            $($column,)+ COUNT_OF_PODS, CPU, MEMORY, RECEIVED, SENT, READ, WRITTEN, PIDS,
        ];
    };
}

sums!(NAMESPACES: text!("NAMESPACE", "namespace"));
sums!(WORKLOADS: text!("NAMESPACE", "namespace"), text!("NAME", "workload"), text!("KIND", "workload_kind"));
sums!(SERVICES: text!("NAMESPACE", "namespace"), text!("NAME", "service"));

pub(super) const PODS: &[Column] = &[
    text!("NAMESPACE", "namespace"),
    name("NAME", |entity| {
        entity
            .text("pod")
            .or(entity.text("pod_uid"))
            .unwrap_or("-")
            .to_owned()
    }),
    NODE,
    CPU,
    CPU_SHARE,
    THROTTLED,
    MEMORY,
    MEMORY_SHARE,
    LIMIT,
    RECEIVED,
    SENT,
    READ,
    WRITTEN,
    PIDS,
];

pub(super) const CONTAINERS: &[Column] = &[
    name("POD", |entity| {
        match (
            entity.text("namespace"),
            entity.text("pod").or(entity.text("pod_uid")),
        ) {
            (Some(namespace), Some(pod)) => format!("{namespace}/{pod}"),
            (None, Some(pod)) => pod.to_owned(),
            _ => "-".to_owned(),
        }
    }),
    name("NAME", |entity| {
        entity
            .text("container")
            .or(entity.text("container_id"))
            .unwrap_or("-")
            .to_owned()
    }),
    text!("RUNTIME", "runtime"),
    NODE,
    CPU,
    CPU_SHARE,
    THROTTLED,
    MEMORY,
    MEMORY_SHARE,
    LIMIT,
    READ,
    WRITTEN,
    PIDS,
];

pub(super) const VOLUMES: &[Column] = &[
    text!("NAMESPACE", "namespace"),
    text!("POD", "pod"),
    text!("VOLUME", "volume"),
    text!("CLAIM", "volume_claim"),
    NODE,
    number("SIZE", |entity| {
        bytes(entity.number("volume_capacity_bytes"))
    }),
    number("USED", |entity| bytes(entity.number("volume_used_bytes"))),
    number("AVAILABLE", |entity| {
        bytes(entity.number("volume_available_bytes"))
    }),
    number("USED%", |entity| {
        percent(ratio(
            entity.number("volume_used_bytes"),
            entity.number("volume_capacity_bytes"),
        ))
    }),
];

pub(super) const DISKS: &[Column] = &[
    NODE,
    text!("DEVICE", "device"),
    text!("KIND", "disk_kind"),
    rate!("READ", "disk_read_bytes"),
    rate!("WRITE", "disk_write_bytes"),
    number("READS/s", |entity| count(entity.rate("disk_reads"))),
    number("WRITES/s", |entity| count(entity.rate("disk_writes"))),
    number("BUSY", |entity| percent(entity.share("disk_busy_usec"))),
];

pub(super) const FILESYSTEMS: &[Column] = &[
    NODE,
    text!("MOUNTPOINT", "mountpoint"),
    text!("TYPE", "filesystem_type"),
    number("SIZE", |entity| {
        bytes(entity.number("filesystem_size_bytes"))
    }),
    number("USED", |entity| bytes(used(entity))),
    number("AVAILABLE", |entity| {
        bytes(entity.number("filesystem_available_bytes"))
    }),
    number("USED%", |entity| percent(used_share(entity))),
    number("INODES%", |entity| percent(inodes_share(entity))),
];

pub(super) const INTERFACES: &[Column] = &[
    NODE,
    text!("INTERFACE", "interface"),
    text!("STATE", "interface_state"),
    RECEIVED,
    SENT,
    number("RX-ERR/s", |entity| count(entity.rate("network_rx_errors"))),
    number("TX-ERR/s", |entity| count(entity.rate("network_tx_errors"))),
    number("RX-DROP/s", |entity| {
        count(entity.rate("network_rx_dropped"))
    }),
    number("TX-DROP/s", |entity| {
        count(entity.rate("network_tx_dropped"))
    }),
];

/// Of its own quota where it has one, else of the node: what "full" means to it.
fn cpu_share(entity: &Entity) -> Option<f64> {
    let quota = match (
        entity.number("cpu_quota_usec"),
        entity.number("cpu_period_usec"),
    ) {
        (Some(quota), Some(period)) if period > 0.0 => Some(quota / period),
        _ => None,
    };
    ratio(
        entity.share("cpu_usage_usec"),
        quota.or(entity.number("node_cpu_cores")),
    )
}

/// Of its own limit where it has one, else of the node.
fn memory_share(entity: &Entity) -> Option<f64> {
    let whole = entity
        .number("memory_limit_bytes")
        .or(entity.number("node_memory_total_bytes"));
    ratio(entity.number("memory_working_set_bytes"), whole)
}

/// The share of enforcement periods in which the quota ran out.
fn throttled(entity: &Entity) -> Option<f64> {
    ratio(
        entity.number("cpu_throttled_periods"),
        entity.number("cpu_periods"),
    )
}

fn used(entity: &Entity) -> Option<f64> {
    Some(entity.number("filesystem_size_bytes")? - entity.number("filesystem_free_bytes")?)
}

/// As `df` has it: of what users can have, without the part reserved for root.
fn used_share(entity: &Entity) -> Option<f64> {
    let used = used(entity)?;
    ratio(
        Some(used),
        Some(used + entity.number("filesystem_available_bytes")?),
    )
}

fn inodes_share(entity: &Entity) -> Option<f64> {
    let all = entity.number("filesystem_inodes")?;
    ratio(
        Some(all - entity.number("filesystem_inodes_free")?),
        Some(all),
    )
}

/// Absent when either is, and where there is nothing to be a part of.
fn ratio(part: Option<f64>, whole: Option<f64>) -> Option<f64> {
    match (part, whole) {
        (Some(part), Some(whole)) if whole > 0.0 => Some(part / whole),
        _ => None,
    }
}

/// What an entity is sorted by; none when it is sorted by name, or the value is absent.
pub(super) fn sort_key(entity: &Entity, by: Sort) -> Option<f64> {
    let added = |columns: &[&str]| {
        columns
            .iter()
            .filter_map(|column| entity.rate(column))
            .reduce(|a, b| a + b)
    };
    match by {
        Sort::Cpu => entity
            .rate("cpu_usage_usec")
            .or_else(|| entity.rate("disk_busy_usec")),
        Sort::Memory => entity
            .number("memory_working_set_bytes")
            .or_else(|| entity.number("volume_used_bytes"))
            .or_else(|| used(entity)),
        Sort::Network => added(&["network_rx_bytes", "network_tx_bytes"]),
        Sort::Io => added(&[
            "io_read_bytes",
            "io_write_bytes",
            "disk_read_bytes",
            "disk_write_bytes",
        ]),
        Sort::Pids => entity.number("pids_current"),
        Sort::Throttled => entity.rate("cpu_throttled_usec"),
        Sort::Name => None,
    }
}
