//! Disks, file systems, interfaces and volumes.

use wire::rows::Rows;

use super::Place;
use crate::state::node::Node;
use crate::state::pod::{Maker, Pod, Traffic};
use crate::state::workload::Workload;
use crate::story;

const GIB: i64 = 1 << 30;
/// A node's root file system.
pub(super) const ROOT_BYTES: i64 = 100 * GIB;
pub(super) const ROOT_INODES: i64 = 6_553_600;
const ROOT_USUAL: f64 = 0.41;
/// A write takes so long, a read so long, in microseconds.
const WRITE_TAKES: i64 = 450;
const READ_TAKES: i64 = 280;

/// The sums over interfaces.
pub(super) fn traffic(rows: &mut Rows, traffic: Traffic) {
    rows.integer("network_rx_bytes", Some(traffic.received_bytes));
    rows.integer("network_rx_packets", Some(traffic.received_packets));
    rows.integer("network_rx_errors", Some(0));
    rows.integer("network_rx_dropped", Some(0));
    rows.integer("network_tx_bytes", Some(traffic.sent_bytes));
    rows.integer("network_tx_packets", Some(traffic.sent_packets));
    rows.integer("network_tx_errors", Some(0));
    rows.integer("network_tx_dropped", Some(0));
}

/// The other counters of an interface.
pub(super) fn no_faults(rows: &mut Rows) {
    for column in [
        "network_rx_fifo_errors",
        "network_rx_frame_errors",
        "network_rx_compressed",
        "network_rx_multicast",
        "network_tx_fifo_errors",
        "network_tx_collisions",
        "network_tx_carrier_errors",
        "network_tx_compressed",
    ] {
        rows.integer(column, Some(0));
    }
}

/// Share of the root file system that is used.
fn root_share(place: usize, nodes: usize, tick: i64) -> f64 {
    let usual = ROOT_USUAL + (place % 5) as f64 * 0.03;
    match place == story::node_of_disk_pressure(nodes) {
        true => story::disk_share(tick, usual),
        false => usual,
    }
}

/// The rows of a node's disk.
pub(super) fn disk(rows: &mut Rows, node: &Node, place: Place<'_>, interval: Option<i64>) {
    place.begin(rows, interval);
    rows.text("device", Some("nvme0n1"));
    rows.integer("device_major", Some(259));
    rows.integer("device_minor", Some(0));
    rows.text("disk_kind", Some("disk"));
    rows.text("disk_model", Some("Demo Block Store"));
    rows.flag("disk_rotational", Some(false));
    rows.integer("disk_size_bytes", Some(ROOT_BYTES + GIB));
    if let Some(interval) = interval {
        let used = &node.used;
        let busy = used.writes * WRITE_TAKES / 3 + used.reads * READ_TAKES / 2;
        rows.integer("disk_reads", Some(used.reads));
        rows.integer("disk_reads_merged", Some(used.reads / 50));
        rows.integer("disk_read_bytes", Some(used.read_bytes));
        rows.integer("disk_read_usec", Some(used.reads * READ_TAKES));
        rows.integer("disk_writes", Some(used.writes));
        rows.integer("disk_writes_merged", Some(used.writes / 4));
        rows.integer("disk_write_bytes", Some(used.write_bytes));
        rows.integer("disk_write_usec", Some(used.writes * WRITE_TAKES));
        rows.integer("disk_in_flight", Some(i64::from(used.writes > 900)));
        rows.integer("disk_busy_usec", Some(busy.min(interval)));
        rows.integer(
            "disk_queue_usec",
            Some(used.writes * WRITE_TAKES + used.reads * READ_TAKES),
        );
        rows.integer("disk_discards", Some(0));
        rows.integer("disk_discards_merged", Some(0));
        rows.integer("disk_discard_bytes", Some(0));
        rows.integer("disk_discard_usec", Some(0));
        rows.integer("disk_flushes", Some(used.writes / 12));
        rows.integer("disk_flush_usec", Some(used.writes / 12 * 900));
    } else {
        rows.integer("disk_in_flight", Some(0));
    }
    rows.end_row();
}

/// The rows of a node's file systems.
pub(super) fn filesystems(
    rows: &mut Rows,
    node: &Node,
    (index, nodes): (usize, usize),
    place: Place<'_>,
    interval: Option<i64>,
) {
    let share = root_share(index, nodes, place.tick);
    let run = node.memory_bytes / 5;
    let mounts = [
        (
            "/",
            "/dev/nvme0n1p1",
            "ext4",
            (259, 1),
            ROOT_BYTES,
            share,
            ROOT_INODES,
        ),
        (
            "/boot/efi",
            "/dev/nvme0n1p15",
            "vfat",
            (259, 2),
            104_857_600,
            0.06,
            0,
        ),
        ("/run", "tmpfs", "tmpfs", (0, 25), run, 0.002, 819_200),
    ];
    for (mountpoint, device, kind, (major, minor), size, share, inodes) in mounts {
        place.begin(rows, interval);
        rows.text("mountpoint", Some(mountpoint));
        rows.text("device", Some(device));
        rows.text("filesystem_type", Some(kind));
        rows.integer("device_major", Some(major));
        rows.integer("device_minor", Some(minor));
        rows.flag("filesystem_read_only", Some(false));
        let free = ((1.0 - share) * size as f64) as i64 / 4096 * 4096;
        rows.integer("filesystem_size_bytes", Some(size));
        rows.integer("filesystem_free_bytes", Some(free));
        // ext4 keeps a part for root.
        let kept = if kind == "ext4" { size / 100 } else { 0 };
        rows.integer("filesystem_available_bytes", Some((free - kept).max(0)));
        if inodes > 0 {
            let used = (share * 0.15 * inodes as f64) as i64;
            rows.integer("filesystem_inodes", Some(inodes));
            rows.integer("filesystem_inodes_free", Some(inodes - used));
        }
        rows.end_row();
    }
}

/// The rows of a node's interfaces.
pub(super) fn interfaces(rows: &mut Rows, node: &Node, place: Place<'_>, interval: Option<i64>) {
    let loopback = Traffic {
        received_bytes: node.traffic.received_bytes / 40,
        received_packets: node.traffic.received_packets / 40,
        sent_bytes: node.traffic.received_bytes / 40,
        sent_packets: node.traffic.received_packets / 40,
    };
    for (name, carried) in [("eth0", node.traffic), ("lo", loopback)] {
        let is_real = name == "eth0";
        place.begin(rows, interval);
        rows.text("interface", Some(name));
        let mac = if is_real {
            node.mac.as_str()
        } else {
            "00:00:00:00:00:00"
        };
        rows.text("interface_mac", Some(mac));
        rows.text(
            "interface_state",
            Some(if is_real { "up" } else { "unknown" }),
        );
        rows.flag("interface_virtual", Some(!is_real));
        rows.flag("interface_counted", Some(is_real));
        rows.integer(
            "network_mtu_bytes",
            Some(if is_real { 9001 } else { 65_536 }),
        );
        rows.integer(
            "network_speed_bytes_per_second",
            is_real.then_some(1_250_000_000),
        );
        rows.integer("network_carrier", Some(1));
        if interval.is_some() {
            rows.integer("network_carrier_changes", Some(0));
            traffic(rows, carried);
            no_faults(rows);
        }
        rows.end_row();
    }
}

/// The rows of a pod's volumes.
pub(super) fn volumes(
    rows: &mut Rows,
    pod: &Pod,
    place: Place<'_>,
    workloads: &[Workload],
    since: i64,
) {
    let Maker::Workload { workload, .. } = pod.maker else {
        return;
    };
    let Some(claim) = workloads.get(workload).and_then(|w| w.plan.claim) else {
        return;
    };
    if pod.group.is_none() {
        return;
    }
    let share = volume_share(pod, workloads, place.tick);
    let interval = (since < place.tick).then_some(place.tick - since);
    place.begin(rows, interval);
    rows.text("namespace", Some(&pod.namespace));
    rows.text("pod", Some(&pod.name));
    rows.text("pod_uid", Some(&pod.uid));
    rows.text("volume", Some(claim.volume));
    rows.text(
        "volume_claim",
        Some(&format!("{}-{}", claim.volume, pod.name)),
    );
    let size = i64::from(claim.size) * GIB;
    let used = (share * size as f64) as i64 / 4096 * 4096;
    let inodes = size / 16_384;
    let inodes_used = 900 + used / 4_194_304;
    rows.integer("volume_capacity_bytes", Some(size));
    rows.integer("volume_available_bytes", Some(size - used));
    rows.integer("volume_used_bytes", Some(used));
    rows.integer("volume_inodes", Some(inodes));
    rows.integer("volume_inodes_free", Some(inodes - inodes_used));
    rows.integer("volume_inodes_used", Some(inodes_used));
    rows.end_row();
}

/// Share of a pod's volume that is used; 0 without one.
pub(super) fn volume_share(pod: &Pod, workloads: &[Workload], at: i64) -> f64 {
    let Maker::Workload { workload, .. } = pod.maker else {
        return 0.0;
    };
    let claim = workloads.get(workload).and_then(|w| w.plan.claim);
    claim.map_or(0.0, |claim| match claim.fills && pod.ordinal == 0 {
        true => story::volume_share(at, claim.used),
        false => claim.used,
    })
}
