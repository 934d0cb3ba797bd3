//! Containers, whoever runs them.

use super::cgroup::{CPU, IO_AND_TASKS, LIFETIME, MEMORY};
use super::row::{CAPACITY, NEVER, PLACE, ROW};
use crate::table::{Table, TableKind};

const NO_POD: &str = "no pod: Docker, Podman, a unit";

columns! {
    NAMES {
        key namespace "": "Namespace of its pod."; "/var/log/pods/<namespace>_<pod>_<uid>"; NO_POD;
        key pod "": "Name of its pod."; "/var/log/pods/<namespace>_<pod>_<uid>"; NO_POD;
        key pod_uid "": "Uid of its pod."; "cgroup path"; NO_POD;
        key container "": "Its name: from the pod, else the runtime's, else the unit's."; "/var/log/containers, unit name"; "name not known yet";
        key container_id "": "The runtime's id; of a unit or slice its cgroup path; where only the kubelet is asked, the pod's uid and the container's name."; "cgroup path"; NEVER;
        text container_kind "": "container, sandbox (the pause container), unit, slice or scope."; "cgroup path"; NEVER;
        text runtime "": "containerd, crio, docker, podman or systemd."; "cgroup path"; "not recognised";
        text cgroup_path "": "Path below the hierarchy's root."; "cgroup tree"; "no cgroup is seen, only the kubelet asked";
    }
}

const SUMMARY: &str = "kubelet's /stats/summary not read; ticks between its answers";

columns! {
    FILES {
        gauge rootfs_used_bytes "By": "Used by its writable layer."; "/stats/summary: containers[].rootfs.usedBytes"; SUMMARY;
        gauge rootfs_available_bytes "By": "Free on the file system that has it."; "/stats/summary: rootfs.availableBytes"; SUMMARY;
        gauge rootfs_capacity_bytes "By": "Size of that file system."; "/stats/summary: rootfs.capacityBytes"; SUMMARY;
        gauge rootfs_inodes_used "{inode}": "Inodes used by its writable layer."; "/stats/summary: rootfs.inodesUsed"; SUMMARY;
        gauge rootfs_inodes_free "{inode}": "Inodes still free on that file system."; "/stats/summary: rootfs.inodesFree"; SUMMARY;
        gauge rootfs_inodes "{inode}": "Inodes that file system can hold."; "/stats/summary: rootfs.inodes"; SUMMARY;
        gauge logs_used_bytes "By": "Used by its log files on the node."; "/stats/summary: containers[].logs.usedBytes"; SUMMARY;
        gauge logs_inodes_used "{inode}": "Inodes of its log files."; "/stats/summary: logs.inodesUsed"; SUMMARY;
    }
}

/// A row for each container and interval.
pub static CONTAINER: Table = Table {
    name: "container",
    kind: TableKind::Measurement,
    help: "A container, its pod's pause container, or a systemd unit or slice, in one interval.",
    key: &["cluster", "node", "container_id"],
    sort: &[
        "cluster",
        "namespace",
        "pod",
        "container",
        "container_id",
        "time",
    ],
    columns: join!(
        ROW,
        PLACE,
        NAMES,
        CAPACITY,
        CPU,
        MEMORY,
        IO_AND_TASKS,
        LIFETIME,
        FILES
    ),
};
