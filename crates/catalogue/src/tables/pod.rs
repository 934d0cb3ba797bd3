//! Pods.

use super::cgroup::{CPU, IO_AND_TASKS, LIFETIME, MEMORY};
use super::interface::TRAFFIC;
use super::row::{CAPACITY, NEVER, OF_POD, PLACE, ROW};
use crate::table::{Table, TableKind};

columns! {
    ABOUT {
        text qos_class "": "Guaranteed, Burstable or BestEffort."; "cgroup path"; "not in the path";
        flag host_network "": "True when it uses the node's network; the network columns are null then."; "net/dev equals process 1's"; "no process seen";
        text cgroup_path "": "Path below the hierarchy's root."; "cgroup tree"; "no cgroup is seen, only the kubelet asked";
        gauge containers_running "{container}": "Containers that have a process, the pause container left out."; "cgroup tree"; NEVER;
    }
}

columns! {
    RECEIPT {
        number lifetime_network_rx_bytes "By": "Bytes received in all, as far as read."; "as network_rx_bytes"; "while it lives; node's network";
        number lifetime_network_tx_bytes "By": "Bytes sent in all, as far as read."; "as network_tx_bytes"; "while it lives; node's network";
    }
}

const SUMMARY: &str = "kubelet's /stats/summary not read; ticks between its answers";

columns! {
    EPHEMERAL {
        gauge ephemeral_storage_used_bytes "By": "Used by writable layers, logs and volumes that go with the pod."; "/stats/summary: ephemeral-storage.usedBytes"; SUMMARY;
        gauge ephemeral_storage_available_bytes "By": "Free on the node's file system."; "/stats/summary: ephemeral-storage.availableBytes"; SUMMARY;
        gauge ephemeral_storage_capacity_bytes "By": "Size of that file system."; "/stats/summary: ephemeral-storage.capacityBytes"; SUMMARY;
        gauge ephemeral_storage_inodes_used "{inode}": "Inodes used likewise."; "/stats/summary: ephemeral-storage.inodesUsed"; SUMMARY;
    }
}

/// A row for each pod and interval.
pub static POD: Table = Table {
    name: "pod",
    kind: TableKind::Measurement,
    help: "A pod in one interval: its own cgroup, and the sums over its network interfaces but lo.",
    key: &["cluster", "node", "pod_uid"],
    sort: &["cluster", "namespace", "pod", "pod_uid", "time"],
    columns: join!(
        ROW,
        PLACE,
        OF_POD,
        ABOUT,
        CAPACITY,
        CPU,
        MEMORY,
        IO_AND_TASKS,
        TRAFFIC,
        LIFETIME,
        RECEIPT,
        EPHEMERAL
    ),
};
