//! The names that the columns allow.

use super::dimensions as d;
use crate::formula::{Formula, column, per_second};
use crate::metric::{Dialect, DimensionSet, Metric, MetricKind, Publication, Rows};

/// What the metrics of one kind of log event have in common.
struct Event {
    name: &'static str,
    table: &'static str,
    rows: Rows,
    metrics: Vec<Metric>,
}

impl Event {
    fn new(name: &'static str, table: &'static str, rows: Rows) -> Event {
        Event {
            name,
            table,
            rows,
            metrics: Vec::new(),
        }
    }

    fn add(
        &mut self,
        name: &'static str,
        unit: &'static str,
        formula: Formula,
        help: &'static str,
        published: (&'static [DimensionSet], &'static [DimensionSet]),
    ) {
        let kind = if formula.columns().contains(&"interval_usec") {
            MetricKind::Rate
        } else {
            MetricKind::Gauge
        };
        self.metrics.push(Metric {
            name,
            dialect: Dialect::ContainerInsights,
            table: self.table,
            rows: self.rows,
            unit,
            kind,
            formula,
            help,
            absent: "",
            labels: &[],
            label_columns: &[],
            publication: Some(Publication {
                event: self.name,
                standard: published.0,
                enhanced: published.1,
            }),
        });
    }

    /// Says when the metric added last is absent.
    fn absent(&mut self, when: &'static str) {
        if let Some(last) = self.metrics.last_mut() {
            last.absent = when;
        }
    }

    /// Makes the metric added last a running count of the formula.
    fn counted(&mut self) {
        if let Some(last) = self.metrics.last_mut() {
            last.kind = MetricKind::Counter;
        }
    }
}

const FIELD: (&[DimensionSet], &[DimensionSet]) = (d::NONE, d::NONE);

/// A CPU time column in millicores.
fn millicores(name: &'static str) -> Formula {
    column(name) / column("interval_usec") * 1e3
}

/// Part of the node's processors, in percent.
fn of_node_cpu() -> Formula {
    column("cpu_usage_usec") / column("interval_usec") / column("node_cpu_cores") * 100.0
}

/// Part of the node's memory, in percent.
fn of_node_memory() -> Formula {
    column("memory_working_set_bytes") / column("node_memory_total_bytes") * 100.0
}

/// The quota as a number of processors, in millicores.
fn quota() -> Formula {
    column("cpu_quota_usec") / column("cpu_period_usec") * 1e3
}

/// Part of the quota that was used, in percent.
fn of_quota() -> Formula {
    column("cpu_usage_usec")
        / column("interval_usec")
        / (column("cpu_quota_usec") / column("cpu_period_usec"))
        * 100.0
}

fn of_memory_limit() -> Formula {
    column("memory_working_set_bytes") / column("memory_limit_bytes") * 100.0
}

/// Fields of log events that nodes, pods and containers share and that are published nowhere.
macro_rules! memory_fields {
    ($event:expr, $prefix:literal) => {
        let event: &mut Event = $event;
        let faults = || column("memory_page_faults") + column("memory_major_page_faults");
        event.add(
            concat!($prefix, "_memory_usage"),
            "Bytes",
            column("memory_usage_bytes"),
            "Memory charged, page cache included.",
            FIELD,
        );
        event.add(
            concat!($prefix, "_memory_rss"),
            "Bytes",
            column("memory_anon_bytes"),
            "Anonymous memory.",
            FIELD,
        );
        event.add(
            concat!($prefix, "_memory_mapped_file"),
            "Bytes",
            column("memory_mapped_bytes"),
            "Page cache that is mapped.",
            FIELD,
        );
        event.add(
            concat!($prefix, "_memory_pgfault"),
            "Count/Second",
            per_second("memory_page_faults"),
            "Page faults, minor and major.",
            FIELD,
        );
        event.add(
            concat!($prefix, "_memory_pgmajfault"),
            "Count/Second",
            per_second("memory_major_page_faults"),
            "Page faults that read from a disk.",
            FIELD,
        );
        event.add(
            concat!($prefix, "_memory_hierarchical_pgfault"),
            "Count/Second",
            per_second("memory_page_faults"),
            "The same as pgfault: child cgroups are counted in both.",
            FIELD,
        );
        event.add(
            concat!($prefix, "_memory_hierarchical_pgmajfault"),
            "Count/Second",
            per_second("memory_major_page_faults"),
            "The same as pgmajfault.",
            FIELD,
        );
        event.add(
            concat!($prefix, "_memory_failures_total"),
            "Count/Second",
            faults() / column("interval_usec") * 1e6,
            "Page faults, major ones counted twice as the agent does; not out-of-memory kills.",
            if $prefix == "container" {
                (d::NONE, d::CONTAINER)
            } else {
                FIELD
            },
        );
    };
}

/// The same of a cgroup, which the node's rows do not have.
macro_rules! cgroup_memory_fields {
    ($event:expr, $prefix:literal) => {
        memory_fields!($event, $prefix);
        let event: &mut Event = $event;
        event.add(
            concat!($prefix, "_memory_cache"),
            "Bytes",
            column("memory_file_bytes"),
            "Page cache.",
            FIELD,
        );
        event.add(
            concat!($prefix, "_memory_swap"),
            "Bytes",
            column("memory_swap_bytes"),
            "Swap used.",
            FIELD,
        );
        event.add(
            concat!($prefix, "_memory_max_usage"),
            "Bytes",
            column("memory_peak_bytes"),
            "Highest usage since the start.",
            FIELD,
        );
        event.add(
            concat!($prefix, "_memory_failcnt"),
            "Count",
            column("memory_limit_hits"),
            "Times that usage met the limit, counted on.",
            FIELD,
        );
        event.counted();
    };
}

macro_rules! traffic {
    ($event:expr, $prefix:literal, $bytes:expr, $total:expr, $dropped:expr) => {
        let event: &mut Event = $event;
        event.add(
            concat!($prefix, "_rx_bytes"),
            "Bytes/Second",
            per_second("network_rx_bytes"),
            "Received.",
            $bytes,
        );
        event.add(
            concat!($prefix, "_tx_bytes"),
            "Bytes/Second",
            per_second("network_tx_bytes"),
            "Sent.",
            $bytes,
        );
        event.add(
            concat!($prefix, "_total_bytes"),
            "Bytes/Second",
            (column("network_rx_bytes") + column("network_tx_bytes")) / column("interval_usec")
                * 1e6,
            "Received and sent.",
            $total,
        );
        event.add(
            concat!($prefix, "_rx_packets"),
            "Count/Second",
            per_second("network_rx_packets"),
            "Packets received.",
            FIELD,
        );
        event.add(
            concat!($prefix, "_tx_packets"),
            "Count/Second",
            per_second("network_tx_packets"),
            "Packets sent.",
            FIELD,
        );
        event.add(
            concat!($prefix, "_rx_errors"),
            "Count/Second",
            per_second("network_rx_errors"),
            "Bad packets received.",
            FIELD,
        );
        event.add(
            concat!($prefix, "_tx_errors"),
            "Count/Second",
            per_second("network_tx_errors"),
            "Packets that could not be sent.",
            FIELD,
        );
        event.add(
            concat!($prefix, "_rx_dropped"),
            "Count/Second",
            per_second("network_rx_dropped"),
            "Packets dropped on the way in.",
            $dropped,
        );
        event.add(
            concat!($prefix, "_tx_dropped"),
            "Count/Second",
            per_second("network_tx_dropped"),
            "Packets dropped on the way out.",
            $dropped,
        );
    };
}

/// Every name that has a formula.
pub(in crate::names) fn metrics() -> Vec<Metric> {
    [
        node(),
        node_filesystem(),
        node_network(),
        node_disk(),
        pod(),
        pod_network(),
        container(),
    ]
    .into_iter()
    .flat_map(|event| event.metrics)
    .collect()
}

fn node() -> Event {
    let mut e = Event::new("Node", "node", Rows::All);
    let enhanced = (d::CLUSTER, d::NODE);
    let both = (d::NODE, d::NODE);
    e.add(
        "node_cpu_utilization",
        "Percent",
        of_node_cpu(),
        "Part of the processors that was busy.",
        both,
    );
    e.add(
        "node_cpu_usage_total",
        "None",
        millicores("cpu_usage_usec"),
        "Busy processors, in millicores.",
        enhanced,
    );
    e.add(
        "node_cpu_usage_user",
        "None",
        (column("cpu_user_usec") + column("cpu_nice_usec")) / column("interval_usec") * 1e3,
        "In user mode, in millicores.",
        FIELD,
    );
    e.add(
        "node_cpu_usage_system",
        "None",
        (column("cpu_system_usec") + column("cpu_irq_usec") + column("cpu_softirq_usec"))
            / column("interval_usec")
            * 1e3,
        "In the kernel, in millicores.",
        FIELD,
    );
    e.add(
        "node_cpu_limit",
        "None",
        column("node_cpu_cores") * 1e3,
        "Processors, in millicores.",
        enhanced,
    );
    e.add(
        "node_memory_utilization",
        "Percent",
        of_node_memory(),
        "Working set, of the memory there is.",
        both,
    );
    e.add(
        "node_memory_working_set",
        "Bytes",
        column("memory_working_set_bytes"),
        "Memory used, less inactive page cache.",
        enhanced,
    );
    e.add(
        "node_memory_limit",
        "Bytes",
        column("node_memory_total_bytes"),
        "Memory there is.",
        enhanced,
    );
    e.add(
        "node_memory_cache",
        "Bytes",
        column("memory_cached_bytes") + column("memory_buffers_bytes"),
        "Page cache.",
        FIELD,
    );
    e.add(
        "node_memory_swap",
        "Bytes",
        column("memory_swap_total_bytes") - column("memory_swap_free_bytes"),
        "Swap used.",
        FIELD,
    );
    memory_fields!(&mut e, "node");
    traffic!(&mut e, "node_network", FIELD, (d::NODE, d::NODE), FIELD);
    e.add(
        "node_number_of_running_pods",
        "Count",
        column("pods_running"),
        "Pods that have a process.",
        both,
    );
    e.add(
        "node_number_of_running_containers",
        "Count",
        column("containers_running"),
        "Containers that have a process, pause containers left out.",
        both,
    );
    e
}

fn node_filesystem() -> Event {
    let mut e = Event::new("NodeFS", "node_filesystem", Rows::All);
    let used = || column("filesystem_size_bytes") - column("filesystem_free_bytes");
    e.add(
        "node_filesystem_utilization",
        "Percent",
        used() / column("filesystem_size_bytes") * 100.0,
        "Used, of the size.",
        (d::NODE, d::NODE),
    );
    e.absent("size 0");
    e.add("node_filesystem_usage", "Bytes", used(), "Used.", FIELD);
    e.add(
        "node_filesystem_capacity",
        "Bytes",
        column("filesystem_size_bytes"),
        "Size.",
        FIELD,
    );
    e.add(
        "node_filesystem_available",
        "Bytes",
        column("filesystem_available_bytes"),
        "Free for everybody.",
        FIELD,
    );
    let enhanced = (d::NONE, d::NODE);
    e.add(
        "node_filesystem_inodes",
        "Count",
        column("filesystem_inodes"),
        "Inodes it can hold.",
        enhanced,
    );
    e.add(
        "node_filesystem_inodes_free",
        "Count",
        column("filesystem_inodes_free"),
        "Inodes still free.",
        enhanced,
    );
    e
}

fn node_network() -> Event {
    let mut e = Event::new("NodeNet", "node_network", Rows::True("interface_counted"));
    traffic!(
        &mut e,
        "node_interface_network",
        FIELD,
        FIELD,
        (d::NONE, d::NODE)
    );
    e
}

fn node_disk() -> Event {
    let mut e = Event::new("NodeDiskIO", "node_disk", Rows::Equal("disk_kind", "disk"));
    let enhanced = (d::NONE, d::NODE);
    let total = |a, b| (column(a) + column(b)) / column("interval_usec") * 1e6;
    let bytes = "Bytes/Second";
    let count = "Count/Second";
    e.add(
        "node_diskio_io_service_bytes_read",
        bytes,
        per_second("disk_read_bytes"),
        "Read.",
        FIELD,
    );
    e.add(
        "node_diskio_io_service_bytes_write",
        bytes,
        per_second("disk_write_bytes"),
        "Written.",
        FIELD,
    );
    e.add(
        "node_diskio_io_service_bytes_total",
        bytes,
        total("disk_read_bytes", "disk_write_bytes"),
        "Read and written.",
        enhanced,
    );
    e.add(
        "node_diskio_io_serviced_read",
        count,
        per_second("disk_reads"),
        "Reads.",
        FIELD,
    );
    e.add(
        "node_diskio_io_serviced_write",
        count,
        per_second("disk_writes"),
        "Writes.",
        FIELD,
    );
    e.add(
        "node_diskio_io_serviced_total",
        count,
        total("disk_reads", "disk_writes"),
        "Reads and writes.",
        enhanced,
    );
    e
}

fn pod() -> Event {
    let mut e = Event::new("Pod", "pod", Rows::All);
    let wide = (d::POD_WIDE, d::POD_WIDE_FULL);
    let enhanced = (d::NONE, d::POD);
    e.add(
        "pod_cpu_utilization",
        "Percent",
        of_node_cpu(),
        "CPU used, of the node's processors.",
        wide,
    );
    e.add(
        "pod_cpu_usage_total",
        "None",
        millicores("cpu_usage_usec"),
        "CPU used, in millicores.",
        enhanced,
    );
    e.add(
        "pod_cpu_usage_user",
        "None",
        millicores("cpu_user_usec"),
        "In user mode, in millicores.",
        FIELD,
    );
    e.add(
        "pod_cpu_usage_system",
        "None",
        millicores("cpu_system_usec"),
        "In the kernel, in millicores.",
        FIELD,
    );
    e.add(
        "pod_cpu_limit",
        "None",
        quota(),
        "CPU limit, in millicores.",
        enhanced,
    );
    e.absent("a container has no CPU limit");
    e.add(
        "pod_cpu_utilization_over_pod_limit",
        "Percent",
        of_quota(),
        "CPU used, of the pod's limit.",
        wide,
    );
    e.absent("a container has no CPU limit");
    e.add(
        "pod_memory_utilization",
        "Percent",
        of_node_memory(),
        "Working set, of the node's memory.",
        wide,
    );
    e.add(
        "pod_memory_working_set",
        "Bytes",
        column("memory_working_set_bytes"),
        "Memory used, less inactive page cache.",
        enhanced,
    );
    e.add(
        "pod_memory_limit",
        "Bytes",
        column("memory_limit_bytes"),
        "Memory limit.",
        enhanced,
    );
    e.absent("a container has no memory limit");
    e.add(
        "pod_memory_utilization_over_pod_limit",
        "Percent",
        of_memory_limit(),
        "Working set, of the pod's limit.",
        wide,
    );
    e.absent("a container has no memory limit");
    cgroup_memory_fields!(&mut e, "pod");
    traffic!(
        &mut e,
        "pod_network",
        (d::POD_WIDE, d::POD_WIDE_FULL),
        FIELD,
        FIELD
    );
    e.add(
        "pod_number_of_running_containers",
        "Count",
        column("containers_running"),
        "Containers that have a process, the pause container left out.",
        enhanced,
    );
    e
}

fn pod_network() -> Event {
    let mut e = Event::new("PodNet", "pod_network", Rows::All);
    traffic!(
        &mut e,
        "pod_interface_network",
        FIELD,
        FIELD,
        (d::NONE, d::POD_INTERFACE)
    );
    e
}

fn container() -> Event {
    let mut e = Event::new(
        "Container",
        "container",
        Rows::Equal("container_kind", "container"),
    );
    let enhanced = (d::NONE, d::CONTAINER);
    e.add(
        "container_cpu_utilization",
        "Percent",
        of_node_cpu(),
        "CPU used, of the node's processors.",
        enhanced,
    );
    e.add(
        "container_cpu_utilization_over_container_limit",
        "Percent",
        of_quota(),
        "CPU used, of the container's limit.",
        enhanced,
    );
    e.absent("no CPU limit");
    e.add(
        "container_cpu_limit",
        "None",
        quota(),
        "CPU limit, in millicores.",
        enhanced,
    );
    e.absent("no CPU limit");
    e.add(
        "container_cpu_usage_total",
        "None",
        millicores("cpu_usage_usec"),
        "CPU used, in millicores.",
        FIELD,
    );
    e.add(
        "container_cpu_usage_user",
        "None",
        millicores("cpu_user_usec"),
        "In user mode, in millicores.",
        FIELD,
    );
    e.add(
        "container_cpu_usage_system",
        "None",
        millicores("cpu_system_usec"),
        "In the kernel, in millicores.",
        FIELD,
    );
    e.add(
        "container_memory_utilization",
        "Percent",
        of_node_memory(),
        "Working set, of the node's memory.",
        enhanced,
    );
    e.add(
        "container_memory_utilization_over_container_limit",
        "Percent",
        of_memory_limit(),
        "Working set, of the container's limit.",
        enhanced,
    );
    e.absent("no memory limit");
    e.add(
        "container_memory_limit",
        "Bytes",
        column("memory_limit_bytes"),
        "Memory limit.",
        enhanced,
    );
    e.absent("no memory limit");
    e.add(
        "container_memory_working_set",
        "Bytes",
        column("memory_working_set_bytes"),
        "Memory used, less inactive page cache.",
        FIELD,
    );
    cgroup_memory_fields!(&mut e, "container");
    e
}
