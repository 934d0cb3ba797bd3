//! Block devices.

use super::row::{FIRST, FIRST_KERNEL, NEVER, PLACE, ROW};
use crate::table::{Table, TableKind};

columns! {
    DISK {
        key device "": "Name of the device, without /dev/."; "/proc/diskstats: third field"; NEVER;
        number device_major "": "Major number."; "/proc/diskstats: first field"; NEVER;
        number device_minor "": "Minor number."; "/proc/diskstats: second field"; NEVER;
        text disk_kind "": "disk, partition, or stacked (dm, md): made of other disks."; "/sys/block"; "unreadable";
        text disk_model "": "The maker's name for it."; "/sys/block/<device>/device/model"; "virtual; unreadable";
        flag disk_rotational "": "True for a spinning disk."; "/sys/block/<device>/queue/rotational"; "unreadable";
        constant disk_size_bytes "By": "Its size."; "/sys/block/<device>/size (512 bytes)"; "unreadable";
        delta disk_reads "{operation}": "Reads completed."; "/proc/diskstats: 4"; FIRST;
        delta disk_reads_merged "{operation}": "Reads joined with a neighbour."; "/proc/diskstats: 5"; FIRST;
        delta disk_read_bytes "By": "Bytes read."; "/proc/diskstats: 6 (512 bytes)"; FIRST;
        delta disk_read_usec "us": "Time of all reads."; "/proc/diskstats: 7 (ms)"; FIRST;
        delta disk_writes "{operation}": "Writes completed."; "/proc/diskstats: 8"; FIRST;
        delta disk_writes_merged "{operation}": "Writes joined with a neighbour."; "/proc/diskstats: 9"; FIRST;
        delta disk_write_bytes "By": "Bytes written."; "/proc/diskstats: 10 (512 bytes)"; FIRST;
        delta disk_write_usec "us": "Time of all writes."; "/proc/diskstats: 11 (ms)"; FIRST;
        gauge disk_in_flight "{operation}": "Operations not finished yet."; "/proc/diskstats: 12"; NEVER;
        delta disk_busy_usec "us": "Time in which at least one operation was on."; "/proc/diskstats: 13 (ms)"; FIRST;
        delta disk_queue_usec "us": "Time of all operations, waiting included: over the interval, the mean queue length."; "/proc/diskstats: 14 (ms)"; FIRST;
        delta disk_discards "{operation}": "Discards completed."; "/proc/diskstats: 15"; FIRST_KERNEL;
        delta disk_discards_merged "{operation}": "Discards joined with a neighbour."; "/proc/diskstats: 16"; FIRST_KERNEL;
        delta disk_discard_bytes "By": "Bytes discarded."; "/proc/diskstats: 17 (512 bytes)"; FIRST_KERNEL;
        delta disk_discard_usec "us": "Time of all discards."; "/proc/diskstats: 18 (ms)"; FIRST_KERNEL;
        delta disk_flushes "{operation}": "Flushes completed."; "/proc/diskstats: 19"; FIRST_KERNEL;
        delta disk_flush_usec "us": "Time of all flushes."; "/proc/diskstats: 20 (ms)"; FIRST_KERNEL;
    }
}

/// A row for each block device.
pub static NODE_DISK: Table = Table {
    name: "node_disk",
    kind: TableKind::Measurement,
    help: "A block device of a node in one interval; loop and ram devices are left out.",
    key: &["cluster", "node", "device"],
    sort: &["cluster", "node", "device", "time"],
    columns: join!(ROW, PLACE, DISK),
};
