//! `k8s.*` and `container.*`.

use super::{CONVENTION, READ, RECEIVE, TRANSMIT, WRITE, group, seconds, since};
use crate::formula::{Formula, column};
use crate::metric::{Metric, Rows};
use crate::names::list::Labels;

const KUBELETSTATS: &str = "kubeletstats receiver";

const POD: Labels = &[
    ("k8s.namespace.name", "namespace"),
    ("k8s.pod.name", "pod"),
    ("k8s.pod.uid", "pod_uid"),
];
const CONTAINER: Labels = &[
    ("container.id", "container_id"),
    ("k8s.container.name", "container"),
    ("k8s.namespace.name", "namespace"),
    ("k8s.pod.name", "pod"),
    ("k8s.pod.uid", "pod_uid"),
];
const NODE: Labels = &[("k8s.node.name", "node")];
const NODE_INTERFACE: Labels = &[
    ("k8s.node.name", "node"),
    ("network.interface.name", "interface"),
];
const POD_INTERFACE: Labels = &[
    ("k8s.namespace.name", "namespace"),
    ("k8s.pod.name", "pod"),
    ("k8s.pod.uid", "pod_uid"),
    ("network.interface.name", "interface"),
];
const VOLUME: Labels = &[
    ("k8s.namespace.name", "namespace"),
    ("k8s.persistentvolumeclaim.name", "volume_claim"),
    ("k8s.pod.name", "pod"),
    ("k8s.pod.uid", "pod_uid"),
    ("k8s.volume.name", "volume"),
];
const CONTAINERS: Rows = Rows::Equal("container_kind", "container");

const NO_CPU_LIMIT: &str = "no CPU limit; of a pod: a container without one";
const NO_MEMORY_LIMIT: &str = "no memory limit; of a pod: a container without one";

fn processors() -> Formula {
    column("cpu_usage_usec") / column("interval_usec")
}

fn of_quota() -> Formula {
    processors() / (column("cpu_quota_usec") / column("cpu_period_usec"))
}

fn of_memory_limit() -> Formula {
    column("memory_working_set_bytes") / column("memory_limit_bytes")
}

fn left_of(limit: &'static str) -> Formula {
    column(limit) - column("memory_working_set_bytes")
}

fn minor_faults() -> Formula {
    column("memory_page_faults") - column("memory_major_page_faults")
}

/// What nodes, pods and containers have in common.
macro_rules! resources {
    ($list:expr, $prefix:literal, $table:literal, $rows:expr, $labels:expr, $limit:literal) => {
        list! { $list, group(CONVENTION, $table, $rows, $labels);
            concat!($prefix, ".cpu.time"), "s", seconds("cpu_usage_usec"), "CPU time used.";
            concat!($prefix, ".cpu.usage"), "{cpu}", processors(), "Processors in use.";
            concat!($prefix, ".memory.usage"), "By", column("memory_usage_bytes"), "Memory charged, page cache included.";
            concat!($prefix, ".memory.working_set"), "By", column("memory_working_set_bytes"), "Usage less inactive page cache.";
            concat!($prefix, ".memory.rss"), "By", column("memory_anon_bytes"), "Anonymous memory.";
            concat!($prefix, ".memory.available"), "By", left_of($limit), "Limit, of a node capacity, less working set.", absent "no limit";
        }
        list! { $list, group(KUBELETSTATS, $table, $rows, $labels);
            concat!($prefix, ".cpu.utilization"), "1", processors(), "Older name of cpu.usage.";
            concat!($prefix, ".memory.page_faults"), "1", column("memory_page_faults"), "Page faults, minor and major.";
            concat!($prefix, ".memory.major_page_faults"), "1", column("memory_major_page_faults"), "Page faults that read from a disk.";
        }
    };
}

macro_rules! faults {
    ($list:expr, $prefix:literal, $table:literal, $rows:expr, $labels:expr) => {
        list! { $list, group(CONVENTION, $table, $rows, $labels);
            concat!($prefix, ".paging.faults"), "{fault}", column("memory_major_page_faults"), "Page faults that read from a disk.", labels &[("system.paging.fault.type", "major")];
            concat!($prefix, ".paging.faults"), "{fault}", minor_faults(), "Page faults that did not.", labels &[("system.paging.fault.type", "minor")];
        }
    };
}

macro_rules! limits {
    ($list:expr, $prefix:literal, $table:literal, $rows:expr, $labels:expr) => {
        list! { $list, group(KUBELETSTATS, $table, $rows, $labels);
            concat!($prefix, ".cpu_limit_utilization"), "1", of_quota(), "CPU used, of the limit.", absent NO_CPU_LIMIT;
            concat!($prefix, ".memory_limit_utilization"), "1", of_memory_limit(), "Working set, of the limit.", absent NO_MEMORY_LIMIT;
            concat!($prefix, ".cpu.node.utilization"), "1", processors() / column("node_cpu_cores"), "CPU used, of the node's processors.";
            concat!($prefix, ".memory.node.utilization"), "1", column("memory_working_set_bytes") / column("node_memory_total_bytes"), "Working set, of the node's memory.";
        }
    };
}

macro_rules! traffic {
    ($list:expr, $prefix:literal, $group:expr) => {
        list! { $list, $group;
            concat!($prefix, ".network.io"), "By", column("network_rx_bytes"), "Received.", labels RECEIVE;
            concat!($prefix, ".network.io"), "By", column("network_tx_bytes"), "Sent.", labels TRANSMIT;
            concat!($prefix, ".network.errors"), "{error}", column("network_rx_errors"), "Bad packets received.", labels RECEIVE;
            concat!($prefix, ".network.errors"), "{error}", column("network_tx_errors"), "Packets that could not be sent.", labels TRANSMIT;
        }
    };
}

pub(super) fn add(list: &mut Vec<Metric>) {
    resources!(
        list,
        "k8s.node",
        "node",
        Rows::All,
        NODE,
        "node_memory_total_bytes"
    );
    resources!(list, "k8s.pod", "pod", Rows::All, POD, "memory_limit_bytes");
    resources!(
        list,
        "container",
        "container",
        CONTAINERS,
        CONTAINER,
        "memory_limit_bytes"
    );
    faults!(list, "k8s.node", "node", Rows::All, NODE);
    faults!(list, "k8s.pod", "pod", Rows::All, POD);
    faults!(list, "container", "container", CONTAINERS, CONTAINER);
    limits!(list, "k8s.pod", "pod", Rows::All, POD);
    limits!(list, "k8s.container", "container", CONTAINERS, CONTAINER);
    let counted = Rows::True("interface_counted");
    traffic!(
        list,
        "k8s.node",
        group(CONVENTION, "node_network", counted, NODE_INTERFACE)
    );
    traffic!(
        list,
        "k8s.pod",
        group(CONVENTION, "pod_network", Rows::All, POD_INTERFACE)
    );
    single(list);
    storage(list);
}

/// Names of one entity alone.
fn single(list: &mut Vec<Metric>) {
    list! { list, group(CONVENTION, "node", Rows::All, NODE);
        "k8s.node.uptime", "s", since("boot_time"), "Time since the kernel started.";
    }
    list! { list, group(CONVENTION, "pod", Rows::All, POD);
        "k8s.pod.uptime", "s", since("started_time"), "Time since it started.";
    }
    list! { list, group(CONVENTION, "container", CONTAINERS, CONTAINER);
        "container.uptime", "s", since("started_time"), "Time since it started.";
        "k8s.container.cpu.limit.utilization", "1", of_quota(), "CPU used, of the limit.", absent NO_CPU_LIMIT;
        "container.disk.io", "By", column("io_read_bytes"), "Bytes read, all devices together.", labels READ;
        "container.disk.io", "By", column("io_write_bytes"), "Bytes written, all devices together.", labels WRITE;
    }
}

fn storage(list: &mut Vec<Metric>) {
    let used = || column("filesystem_size_bytes") - column("filesystem_free_bytes");
    list! { list, group(CONVENTION, "node_filesystem", Rows::Equal("mountpoint", "/"), NODE);
        "k8s.node.filesystem.available", "By", column("filesystem_available_bytes"), "Free on the root file system.";
        "k8s.node.filesystem.capacity", "By", column("filesystem_size_bytes"), "Its size.";
        "k8s.node.filesystem.usage", "By", used(), "Used on it.";
        "k8s.node.filesystem.inode.count", "{inode}", column("filesystem_inodes"), "Inodes it can hold.";
        "k8s.node.filesystem.inode.free", "{inode}", column("filesystem_inodes_free"), "Inodes still free.";
    }
    list! { list, group(CONVENTION, "volume", Rows::All, VOLUME);
        "k8s.pod.volume.available", "By", column("volume_available_bytes"), "Free.";
        "k8s.pod.volume.capacity", "By", column("volume_capacity_bytes"), "Size.";
        "k8s.pod.volume.usage", "By", column("volume_used_bytes"), "Used.";
        "k8s.pod.volume.inode.count", "{inode}", column("volume_inodes"), "Inodes it can hold.";
        "k8s.pod.volume.inode.free", "{inode}", column("volume_inodes_free"), "Inodes still free.";
        "k8s.pod.volume.inode.used", "{inode}", column("volume_inodes_used"), "Inodes used.";
    }
    list! { list, group(KUBELETSTATS, "volume", Rows::All, VOLUME);
        "k8s.volume.available", "By", column("volume_available_bytes"), "Free.";
        "k8s.volume.capacity", "By", column("volume_capacity_bytes"), "Size.";
        "k8s.volume.inodes", "1", column("volume_inodes"), "Inodes it can hold.";
        "k8s.volume.inodes.free", "1", column("volume_inodes_free"), "Inodes still free.";
        "k8s.volume.inodes.used", "1", column("volume_inodes_used"), "Inodes used.";
    }
}
