//! Mounted file systems.

use super::row::{NEVER, PLACE, ROW};
use crate::table::{Table, TableKind};

const NO_ANSWER: &str = "statfs failed";
const NO_INODES: &str = "statfs failed; file system without inodes";

columns! {
    FILESYSTEM {
        key mountpoint "": "Where it is mounted, as the node sees it."; "/proc/1/mountinfo: 5"; NEVER;
        text device "": "What is mounted."; "/proc/1/mountinfo: source"; NEVER;
        text filesystem_type "": "ext4, xfs, tmpfs, …"; "/proc/1/mountinfo: type"; NEVER;
        number device_major "": "Major number."; "/proc/1/mountinfo: 3"; NEVER;
        number device_minor "": "Minor number."; "/proc/1/mountinfo: 3"; NEVER;
        flag filesystem_read_only "": "True when mounted read-only."; "/proc/1/mountinfo: options"; NEVER;
        text filesystem_error "": "Why statfs failed."; "statfs"; "statfs answered";
        gauge filesystem_size_bytes "By": "Its size."; "statfs: f_blocks"; NO_ANSWER;
        gauge filesystem_free_bytes "By": "Free, the part reserved for root included."; "statfs: f_bfree"; NO_ANSWER;
        gauge filesystem_available_bytes "By": "Free for everybody."; "statfs: f_bavail"; NO_ANSWER;
        gauge filesystem_inodes "{inode}": "Inodes it can hold."; "statfs: f_files"; NO_INODES;
        gauge filesystem_inodes_free "{inode}": "Inodes still free."; "statfs: f_ffree"; NO_INODES;
    }
}

/// A row for each file system.
pub static NODE_FILESYSTEM: Table = Table {
    name: "node_filesystem",
    kind: TableKind::Measurement,
    help: "A mounted file system of a node; kernel-only ones (proc, sysfs, cgroup, …) and mounts of containers are \
           left out.",
    key: &["cluster", "node", "mountpoint"],
    sort: &["cluster", "node", "mountpoint", "time"],
    columns: join!(ROW, PLACE, FILESYSTEM),
};
