//! Rows of disks, file systems and interfaces, and their sums for the node's and the pods' rows.

use catalogue::tables;

use super::tick::Tick;
use crate::row::{Baseline, ColumnId, Columns, Disk, Interface, Place, Rows, increase};
use crate::row::{Filesystem, Measure};
use crate::source::SourceError;
use crate::source::host::disks::{DiskKind, Disks};
use crate::source::host::filesystems::Filesystems;
use crate::source::host::interfaces::{Interfaces, SUMMED, is_counted};
use crate::source::pod_network::PodNetworks;

/// Who the rows are about.
#[derive(Debug, Clone)]
pub(crate) struct Whose {
    /// The cluster.
    pub(crate) cluster: Option<String>,
    /// The node.
    pub(crate) node: String,
}

/// Increases of the counters that a sum over interfaces has, in the order of [`SUMMED`].
pub(crate) type Traffic = [Option<u64>; SUMMED.len()];

/// Bytes and operations of disks: read bytes, written bytes, reads, writes.
pub(crate) const DISK_SUMS: [Disk; 4] =
    [Disk::ReadBytes, Disk::WriteBytes, Disk::Reads, Disk::Writes];

/// Adds what is there; a sum of nothing is absent.
fn add(sum: &mut Option<u64>, value: Option<u64>) {
    if let Some(value) = value {
        *sum = Some(sum.unwrap_or(0).saturating_add(value));
    }
}

/// The table of disks.
#[derive(Debug)]
pub(crate) struct DiskRows {
    pub(crate) rows: Rows,
    place: Place,
    columns: Columns,
    device: ColumnId,
    kind: ColumnId,
    model: ColumnId,
    rotational: ColumnId,
}

impl DiskRows {
    pub(crate) fn new() -> Result<DiskRows, SourceError> {
        let rows = Rows::of(&tables::NODE_DISK);
        Ok(DiskRows {
            place: Place::resolve(&rows)?,
            columns: Columns::resolve::<Disk>(&rows)?,
            device: rows.column("device")?,
            kind: rows.column("disk_kind")?,
            model: rows.column("disk_model")?,
            rotational: rows.column("disk_rotational")?,
            rows,
        })
    }

    /// Writes a row a disk; answers the sums over disks that are not made of others, and counters that went back.
    pub(crate) fn write(
        &mut self,
        disks: &mut Disks,
        partitions: bool,
        tick: &Tick,
        whose: &Whose,
    ) -> ([Option<u64>; DISK_SUMS.len()], u64) {
        let mut sums = [None; DISK_SUMS.len()];
        let mut resets = 0;
        let at = disks.at;
        for disk in &mut disks.list {
            if disk.kind.is_none_or(|k| k == DiskKind::Disk) {
                for (sum, measure) in sums.iter_mut().zip(DISK_SUMS) {
                    let before = disk.base.and_then(|b| b.reading.get(measure));
                    add(sum, increase(disk.now.get(measure), before));
                }
            }
            if partitions || disk.kind != Some(DiskKind::Partition) {
                let when = tick.when(at, disk.base.map(|b| b.at));
                self.place
                    .write(&mut self.rows, when, whose.cluster.as_deref(), &whose.node);
                self.rows.text(self.device, Some(&disk.name));
                self.rows.text(self.kind, disk.kind.map(DiskKind::word));
                self.rows.text(self.model, disk.model.as_deref());
                self.rows.flag(self.rotational, disk.rotational);
                resets += self
                    .columns
                    .write(&mut self.rows, &disk.now, disk.base.as_ref());
                self.rows.end_row();
            }
            Baseline::advance(&mut disk.base, &disk.now, at);
        }
        (sums, resets)
    }
}

/// The table of file systems.
#[derive(Debug)]
pub(crate) struct FilesystemRows {
    pub(crate) rows: Rows,
    place: Place,
    columns: Columns,
    mount_point: ColumnId,
    device: ColumnId,
    kind: ColumnId,
    read_only: ColumnId,
    error: ColumnId,
    read_at: Option<u64>,
}

impl FilesystemRows {
    pub(crate) fn new() -> Result<FilesystemRows, SourceError> {
        let rows = Rows::of(&tables::NODE_FILESYSTEM);
        Ok(FilesystemRows {
            place: Place::resolve(&rows)?,
            columns: Columns::resolve::<Filesystem>(&rows)?,
            mount_point: rows.column("mountpoint")?,
            device: rows.column("device")?,
            kind: rows.column("filesystem_type")?,
            read_only: rows.column("filesystem_read_only")?,
            error: rows.column("filesystem_error")?,
            read_at: None,
            rows,
        })
    }

    /// Writes a row a file system, as answered at `at`.
    pub(crate) fn write(&mut self, filesystems: &Filesystems, at: u64, tick: &Tick, whose: &Whose) {
        let when = tick.when(at, self.read_at.replace(at));
        for filesystem in &filesystems.list {
            self.place
                .write(&mut self.rows, when, whose.cluster.as_deref(), &whose.node);
            self.rows
                .text(self.mount_point, Some(&filesystem.mount_point));
            self.rows.text(self.device, Some(&filesystem.device));
            self.rows.text(self.kind, Some(&filesystem.kind));
            self.rows.flag(self.read_only, Some(filesystem.read_only));
            self.rows.text(self.error, filesystem.error.as_deref());
            let none: Option<&Baseline<Filesystem, { Filesystem::COLUMNS.len() }>> = None;
            self.columns.write(&mut self.rows, &filesystem.now, none);
            self.rows.end_row();
        }
    }
}

/// The table of the node's interfaces.
#[derive(Debug)]
pub(crate) struct InterfaceRows {
    pub(crate) rows: Rows,
    place: Place,
    columns: Columns,
    interface: ColumnId,
    mac: ColumnId,
    state: ColumnId,
    is_virtual: ColumnId,
    counted: ColumnId,
}

impl InterfaceRows {
    pub(crate) fn new() -> Result<InterfaceRows, SourceError> {
        let rows = Rows::of(&tables::NODE_NETWORK);
        Ok(InterfaceRows {
            place: Place::resolve(&rows)?,
            columns: Columns::resolve::<Interface>(&rows)?,
            interface: rows.column("interface")?,
            mac: rows.column("interface_mac")?,
            state: rows.column("interface_state")?,
            is_virtual: rows.column("interface_virtual")?,
            counted: rows.column("interface_counted")?,
            rows,
        })
    }

    /// Writes a row an interface; answers the sums over the counted ones, and counters that went back.
    pub(crate) fn write(
        &mut self,
        interfaces: &mut Interfaces,
        tick: &Tick,
        whose: &Whose,
    ) -> (Traffic, u64) {
        let mut sums = Traffic::default();
        let mut resets = 0;
        let at = interfaces.at;
        for interface in &mut interfaces.list {
            let counted = is_counted(&interface.name);
            if counted {
                for (sum, measure) in sums.iter_mut().zip(SUMMED) {
                    let before = interface.base.and_then(|b| b.reading.get(measure));
                    add(sum, increase(interface.now.get(measure), before));
                }
            }
            let when = tick.when(at, interface.base.map(|b| b.at));
            self.place
                .write(&mut self.rows, when, whose.cluster.as_deref(), &whose.node);
            self.rows.text(self.interface, Some(&interface.name));
            self.rows.text(self.mac, interface.link.mac.as_deref());
            self.rows.text(self.state, interface.link.state.as_deref());
            self.rows.flag(self.is_virtual, interface.link.is_virtual);
            self.rows.flag(self.counted, Some(counted));
            resets += self
                .columns
                .write(&mut self.rows, &interface.now, interface.base.as_ref());
            self.rows.end_row();
            Baseline::advance(&mut interface.base, &interface.now, at);
        }
        (sums, resets)
    }
}

/// The table of pods' interfaces.
#[derive(Debug)]
pub(crate) struct PodInterfaceRows {
    pub(crate) rows: Rows,
    place: Place,
    columns: Columns,
    namespace: ColumnId,
    pod: ColumnId,
    pod_uid: ColumnId,
    interface: ColumnId,
}

impl PodInterfaceRows {
    pub(crate) fn new() -> Result<PodInterfaceRows, SourceError> {
        let rows = Rows::of(&tables::POD_NETWORK);
        Ok(PodInterfaceRows {
            place: Place::resolve(&rows)?,
            columns: Columns::resolve::<Interface>(&rows)?,
            namespace: rows.column("namespace")?,
            pod: rows.column("pod")?,
            pod_uid: rows.column("pod_uid")?,
            interface: rows.column("interface")?,
            rows,
        })
    }

    /// Writes the rows of one pod, if its interfaces were read; answers the sums over them, and counters that went
    /// back.
    pub(crate) fn write(
        &mut self,
        networks: &mut PodNetworks,
        uid: &str,
        (namespace, pod): (Option<&str>, Option<&str>),
        tick: &Tick,
        whose: &Whose,
    ) -> (Traffic, u64) {
        let mut sums = Traffic::default();
        let mut resets = 0;
        let Some(network) = networks.pods.get_mut(uid).filter(|n| n.fresh) else {
            return (sums, 0);
        };
        let at = network.interfaces.at;
        for interface in &mut network.interfaces.list {
            for (sum, measure) in sums.iter_mut().zip(SUMMED) {
                let before = interface.base.and_then(|b| b.reading.get(measure));
                add(sum, increase(interface.now.get(measure), before));
            }
            let when = tick.when(at, interface.base.map(|b| b.at));
            self.place
                .write(&mut self.rows, when, whose.cluster.as_deref(), &whose.node);
            self.rows.text(self.namespace, namespace);
            self.rows.text(self.pod, pod);
            self.rows.text(self.pod_uid, Some(uid));
            self.rows.text(self.interface, Some(&interface.name));
            resets += self
                .columns
                .write(&mut self.rows, &interface.now, interface.base.as_ref());
            self.rows.end_row();
            Baseline::advance(&mut interface.base, &interface.now, at);
        }
        (sums, resets)
    }
}
