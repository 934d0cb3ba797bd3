//! The names that the columns allow.

use super::dimensions as d;
use super::{Published, container_event, event};
use crate::formula::{Formula, column, per_second};
use crate::metric::{Metric, Rows};

/// A field of the log event only.
const FIELD: Published = (d::NONE, d::NONE);

const NO_CPU_LIMIT: &str = "no CPU limit; of a pod: a container without one";
const NO_MEMORY_LIMIT: &str = "no memory limit; of a pod: a container without one";

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
    let quota = column("cpu_quota_usec") / column("cpu_period_usec");
    column("cpu_usage_usec") / column("interval_usec") / quota * 100.0
}

fn of_memory_limit() -> Formula {
    column("memory_working_set_bytes") / column("memory_limit_bytes") * 100.0
}

/// Two columns together, a second.
fn both_per_second(a: &'static str, b: &'static str) -> Formula {
    (column(a) + column(b)) / column("interval_usec") * 1e6
}

/// Memory of nodes, pods and containers.
macro_rules! memory {
    ($list:expr, $group:expr, $prefix:literal, faults $faults:expr) => {
        list! { $list, $group;
            concat!($prefix, "_memory_usage"), "Bytes", column("memory_usage_bytes"), "Memory charged, page cache included.";
            concat!($prefix, "_memory_rss"), "Bytes", column("memory_anon_bytes"), "Anonymous memory.";
            concat!($prefix, "_memory_mapped_file"), "Bytes", column("memory_mapped_bytes"), "Page cache that is mapped.";
            concat!($prefix, "_memory_pgfault"), "Count/Second", per_second("memory_page_faults"), "Page faults, minor and major.";
            concat!($prefix, "_memory_pgmajfault"), "Count/Second", per_second("memory_major_page_faults"), "Page faults that read from a disk.";
            concat!($prefix, "_memory_hierarchical_pgfault"), "Count/Second", per_second("memory_page_faults"), "The same as pgfault: both count child cgroups.";
            concat!($prefix, "_memory_hierarchical_pgmajfault"), "Count/Second", per_second("memory_major_page_faults"), "The same as pgmajfault.";
            concat!($prefix, "_memory_failures_total"), "Count/Second", both_per_second("memory_page_faults", "memory_major_page_faults"),
                "Page faults, major ones counted twice as AWS's agent does; not out-of-memory kills.", published $faults;
        }
    };
}

/// Memory of pods and containers that a node's rows do not have.
macro_rules! cgroup_memory {
    ($list:expr, $group:expr, $prefix:literal) => {
        list! { $list, $group;
            concat!($prefix, "_memory_cache"), "Bytes", column("memory_file_bytes"), "Page cache.";
            concat!($prefix, "_memory_swap"), "Bytes", column("memory_swap_bytes"), "Swap used.";
            concat!($prefix, "_memory_max_usage"), "Bytes", column("memory_peak_bytes"), "Highest usage since the start.";
            concat!($prefix, "_memory_failcnt"), "Count", column("memory_limit_hits"), "Times that usage met the limit.";
        }
    };
}

macro_rules! traffic {
    ($list:expr, $group:expr, $prefix:literal, bytes $bytes:expr, total $total:expr, dropped $dropped:expr) => {
        list! { $list, $group;
            concat!($prefix, "_rx_bytes"), "Bytes/Second", per_second("network_rx_bytes"), "Received.", published $bytes;
            concat!($prefix, "_tx_bytes"), "Bytes/Second", per_second("network_tx_bytes"), "Sent.", published $bytes;
            concat!($prefix, "_total_bytes"), "Bytes/Second", both_per_second("network_rx_bytes", "network_tx_bytes"), "Received and sent.", published $total;
            concat!($prefix, "_rx_packets"), "Count/Second", per_second("network_rx_packets"), "Packets received.";
            concat!($prefix, "_tx_packets"), "Count/Second", per_second("network_tx_packets"), "Packets sent.";
            concat!($prefix, "_rx_errors"), "Count/Second", per_second("network_rx_errors"), "Bad packets received.";
            concat!($prefix, "_tx_errors"), "Count/Second", per_second("network_tx_errors"), "Packets that could not be sent.";
            concat!($prefix, "_rx_dropped"), "Count/Second", per_second("network_rx_dropped"), "Packets dropped on the way in.", published $dropped;
            concat!($prefix, "_tx_dropped"), "Count/Second", per_second("network_tx_dropped"), "Packets dropped on the way out.", published $dropped;
        }
    };
}

/// Every name that measurements alone allow.
pub(super) fn metrics() -> Vec<Metric> {
    let mut list = Vec::new();
    node(&mut list);
    node_filesystem(&mut list);
    node_network(&mut list);
    node_disk(&mut list);
    pod(&mut list);
    pod_network(&mut list);
    container(&mut list);
    list
}

fn node(list: &mut Vec<Metric>) {
    let node = event("Node", "node", Rows::All);
    let both: Published = (d::NODE, d::NODE);
    let node_when_enhanced: Published = (d::CLUSTER, d::NODE);
    let user = || column("cpu_user_usec") + column("cpu_nice_usec");
    let system = || column("cpu_system_usec") + column("cpu_irq_usec") + column("cpu_softirq_usec");
    list! { list, node;
        "node_cpu_utilization", "Percent", of_node_cpu(), "Busy, of the processors there are.", published both;
        "node_cpu_usage_total", "None", millicores("cpu_usage_usec"), "Busy, in millicores.", published node_when_enhanced;
        "node_cpu_usage_user", "None", user() / column("interval_usec") * 1e3, "In user mode, in millicores.";
        "node_cpu_usage_system", "None", system() / column("interval_usec") * 1e3, "In the kernel, in millicores.";
        "node_cpu_limit", "None", column("node_cpu_cores") * 1e3, "Processors there are, in millicores.", published node_when_enhanced;
        "node_memory_utilization", "Percent", of_node_memory(), "Working set, of the memory there is.", published both;
        "node_memory_working_set", "Bytes", column("memory_working_set_bytes"), "Memory used, less inactive page cache.", published node_when_enhanced;
        "node_memory_limit", "Bytes", column("node_memory_total_bytes"), "Memory there is.", published node_when_enhanced;
        "node_memory_cache", "Bytes", column("memory_cached_bytes") + column("memory_buffers_bytes"), "Page cache.";
        "node_memory_swap", "Bytes", column("memory_swap_total_bytes") - column("memory_swap_free_bytes"), "Swap used.";
        "node_number_of_running_pods", "Count", column("pods_running"), "Pods that have a process.", published both;
        "node_number_of_running_containers", "Count", column("containers_running"), "Containers that have a process, pause containers left out.", published both;
    }
    memory!(list, node, "node", faults FIELD);
    traffic!(list, node, "node_network", bytes FIELD, total both, dropped FIELD);
}

fn node_filesystem(list: &mut Vec<Metric>) {
    let used = || column("filesystem_size_bytes") - column("filesystem_free_bytes");
    let enhanced: Published = (d::NONE, d::NODE);
    list! { list, event("NodeFS", "node_filesystem", Rows::All);
        "node_filesystem_utilization", "Percent", used() / column("filesystem_size_bytes") * 100.0, "Used, of the size.",
            published (d::NODE, d::NODE), absent "size 0";
        "node_filesystem_usage", "Bytes", used(), "Used.";
        "node_filesystem_capacity", "Bytes", column("filesystem_size_bytes"), "Size.";
        "node_filesystem_available", "Bytes", column("filesystem_available_bytes"), "Free for everybody.";
        "node_filesystem_inodes", "Count", column("filesystem_inodes"), "Inodes it can hold.", published enhanced;
        "node_filesystem_inodes_free", "Count", column("filesystem_inodes_free"), "Inodes still free.", published enhanced;
    }
}

fn node_network(list: &mut Vec<Metric>) {
    let interface = event("NodeNet", "node_network", Rows::True("interface_counted"));
    traffic!(list, interface, "node_interface_network", bytes FIELD, total FIELD, dropped (d::NONE, d::NODE));
}

fn node_disk(list: &mut Vec<Metric>) {
    let enhanced: Published = (d::NONE, d::NODE);
    list! { list, event("NodeDiskIO", "node_disk", Rows::Equal("disk_kind", "disk"));
        "node_diskio_io_service_bytes_read", "Bytes/Second", per_second("disk_read_bytes"), "Read.";
        "node_diskio_io_service_bytes_write", "Bytes/Second", per_second("disk_write_bytes"), "Written.";
        "node_diskio_io_service_bytes_total", "Bytes/Second", both_per_second("disk_read_bytes", "disk_write_bytes"), "Read and written.", published enhanced;
        "node_diskio_io_serviced_read", "Count/Second", per_second("disk_reads"), "Reads.";
        "node_diskio_io_serviced_write", "Count/Second", per_second("disk_writes"), "Writes.";
        "node_diskio_io_serviced_total", "Count/Second", both_per_second("disk_reads", "disk_writes"), "Reads and writes.", published enhanced;
    }
}

fn pod(list: &mut Vec<Metric>) {
    let pod = event("Pod", "pod", Rows::All);
    let wide: Published = (d::POD_WIDE, d::POD_WIDE_FULL);
    let enhanced: Published = (d::NONE, d::POD);
    list! { list, pod;
        "pod_cpu_utilization", "Percent", of_node_cpu(), "CPU used, of the node's processors.", published wide;
        "pod_cpu_usage_total", "None", millicores("cpu_usage_usec"), "CPU used, in millicores.", published enhanced;
        "pod_cpu_usage_user", "None", millicores("cpu_user_usec"), "In user mode, in millicores.";
        "pod_cpu_usage_system", "None", millicores("cpu_system_usec"), "In the kernel, in millicores.";
        "pod_cpu_limit", "None", quota(), "CPU limit, in millicores.", published enhanced, absent NO_CPU_LIMIT;
        "pod_cpu_utilization_over_pod_limit", "Percent", of_quota(), "CPU used, of the pod's limit.", published wide, absent NO_CPU_LIMIT;
        "pod_memory_utilization", "Percent", of_node_memory(), "Working set, of the node's memory.", published wide;
        "pod_memory_working_set", "Bytes", column("memory_working_set_bytes"), "Memory used, less inactive page cache.", published enhanced;
        "pod_memory_limit", "Bytes", column("memory_limit_bytes"), "Memory limit.", published enhanced, absent NO_MEMORY_LIMIT;
        "pod_memory_utilization_over_pod_limit", "Percent", of_memory_limit(), "Working set, of the pod's limit.", published wide, absent NO_MEMORY_LIMIT;
        "pod_number_of_running_containers", "Count", column("containers_running"), "Containers that have a process, the pause container left out.", published enhanced;
    }
    memory!(list, pod, "pod", faults FIELD);
    cgroup_memory!(list, pod, "pod");
    traffic!(list, pod, "pod_network", bytes wide, total FIELD, dropped FIELD);
}

fn pod_network(list: &mut Vec<Metric>) {
    let interface = event("PodNet", "pod_network", Rows::All);
    traffic!(list, interface, "pod_interface_network", bytes FIELD, total FIELD, dropped (d::NONE, d::POD_INTERFACE));
}

fn container(list: &mut Vec<Metric>) {
    let container = container_event();
    let enhanced: Published = (d::NONE, d::CONTAINER);
    list! { list, container;
        "container_cpu_utilization", "Percent", of_node_cpu(), "CPU used, of the node's processors.", published enhanced;
        "container_cpu_utilization_over_container_limit", "Percent", of_quota(), "CPU used, of the container's limit.", published enhanced, absent NO_CPU_LIMIT;
        "container_cpu_limit", "None", quota(), "CPU limit, in millicores.", published enhanced, absent NO_CPU_LIMIT;
        "container_cpu_usage_total", "None", millicores("cpu_usage_usec"), "CPU used, in millicores.";
        "container_cpu_usage_user", "None", millicores("cpu_user_usec"), "In user mode, in millicores.";
        "container_cpu_usage_system", "None", millicores("cpu_system_usec"), "In the kernel, in millicores.";
        "container_memory_utilization", "Percent", of_node_memory(), "Working set, of the node's memory.", published enhanced;
        "container_memory_utilization_over_container_limit", "Percent", of_memory_limit(), "Working set, of the container's limit.", published enhanced, absent NO_MEMORY_LIMIT;
        "container_memory_limit", "Bytes", column("memory_limit_bytes"), "Memory limit.", published enhanced, absent NO_MEMORY_LIMIT;
        "container_memory_working_set", "Bytes", column("memory_working_set_bytes"), "Memory used, less inactive page cache.";
    }
    memory!(list, container, "container", faults enhanced);
    cgroup_memory!(list, container, "container");
}
