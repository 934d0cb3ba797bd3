//! Volumes of pods.

use super::row::{NEVER, OF_POD, PLACE, ROW};
use crate::table::{Table, TableKind};

const SUMMARY: &str = "kubelet's /stats/summary not read";

columns! {
    VOLUME_COLUMNS {
        key volume "": "Its name in the pod."; "/stats/summary: pods[].volume[].name"; NEVER;
        text volume_claim "": "The persistent volume claim behind it."; "/stats/summary: volume[].pvcRef.name"; "no claim";
        gauge volume_capacity_bytes "By": "Its size."; "/stats/summary: capacityBytes"; SUMMARY;
        gauge volume_available_bytes "By": "Free."; "/stats/summary: availableBytes"; SUMMARY;
        gauge volume_used_bytes "By": "Used."; "/stats/summary: usedBytes"; SUMMARY;
        gauge volume_inodes "{inode}": "Inodes it can hold."; "/stats/summary: inodes"; SUMMARY;
        gauge volume_inodes_free "{inode}": "Inodes still free."; "/stats/summary: inodesFree"; SUMMARY;
        gauge volume_inodes_used "{inode}": "Inodes used."; "/stats/summary: inodesUsed"; SUMMARY;
    }
}

/// A row for each volume of a pod.
pub static VOLUME: Table = Table {
    name: "volume",
    kind: TableKind::Measurement,
    help: "A volume of a pod in one interval.",
    key: &["cluster", "node", "pod_uid", "volume"],
    sort: &["cluster", "namespace", "pod", "pod_uid", "volume", "time"],
    columns: join!(ROW, PLACE, OF_POD, VOLUME_COLUMNS),
};
