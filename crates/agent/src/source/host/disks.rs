//! Block devices.

use std::path::Path;

use crate::row::{Baseline, Disk, DiskReading, Measure};
use crate::source::cgroup::Shared;
use crate::source::file::{Kept, Reader, Shape};
use crate::source::ledger::SourceId;
use crate::source::parse::disk::{Disk as Line, diskstats};
use crate::source::parse::scan::single;

/// What a device is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DiskKind {
    /// Itself.
    Disk,
    /// A part of a disk.
    Partition,
    /// Other disks: device mapper, RAID, bcache, …
    Stacked,
}

impl DiskKind {
    /// The word in the catalogue's `disk_kind`.
    pub(crate) fn word(self) -> &'static str {
        match self {
            DiskKind::Disk => "disk",
            DiskKind::Partition => "partition",
            DiskKind::Stacked => "stacked",
        }
    }
}

/// A block device.
#[derive(Debug)]
pub(crate) struct DiskState {
    /// Its name, without /dev/.
    pub(crate) name: Box<str>,
    /// What it is made of; `None` if /sys does not tell.
    pub(crate) kind: Option<DiskKind>,
    /// The maker's name for it.
    pub(crate) model: Option<String>,
    /// Whether it spins.
    pub(crate) rotational: Option<bool>,
    size: Option<u64>,
    /// What was read last.
    pub(crate) now: DiskReading,
    /// What the next row is subtracted from.
    pub(crate) base: Option<Baseline<Disk, { Disk::COLUMNS.len() }>>,
    seen: bool,
}

/// All block devices but loop, ram and floppy ones.
#[derive(Debug)]
pub(crate) struct Disks {
    file: Kept,
    sys: SourceId,
    /// The devices.
    pub(crate) list: Vec<DiskState>,
    /// When they were read, by the monotonic clock.
    pub(crate) at: u64,
    read_before: Option<u64>,
    slow_due: u64,
    /// Devices that were left out because there were too many: now.
    pub(crate) left_out: u64,
}

const SECTOR: u64 = 512;

impl Disks {
    /// No device yet.
    pub(crate) fn new(shared: &mut Shared<'_>) -> Disks {
        let roots = &shared.options.roots;
        let ledger = &mut shared.reader.ledger;
        Disks {
            file: Kept::new(
                roots.proc.join("diskstats"),
                "reads and writes of disks",
                ledger,
            ),
            sys: ledger.add(
                roots.sys.join("class/block/*").display().to_string(),
                "kind, size and model of disks",
            ),
            list: Vec::new(),
            at: 0,
            read_before: None,
            slow_due: 0,
            left_out: 0,
        }
    }

    /// Reads all devices.
    pub(crate) fn read(&mut self, shared: &mut Shared<'_>) {
        self.at = shared.clock.monotonic();
        for disk in &mut self.list {
            disk.seen = false;
        }
        self.left_out = 0;
        let mut new = false;
        if let Some(bytes) = self.file.read(shared.reader) {
            for line in diskstats(bytes).filter(|l| !is_memory(l.name)) {
                let Ok(name) = std::str::from_utf8(line.name) else {
                    continue;
                };
                let index = match self.list.iter().position(|d| &*d.name == name) {
                    Some(index) => index,
                    None if self.list.len() < shared.options.max_devices => {
                        new = true;
                        self.list.push(DiskState::new(name, self.read_before));
                        self.list.len() - 1
                    }
                    None => {
                        self.left_out += 1;
                        continue;
                    }
                };
                let disk = &mut self.list[index];
                disk.seen = true;
                disk.now = reading(&line, disk.size);
            }
            self.read_before = Some(self.at);
        }
        self.list.retain(|d| d.seen);
        if new || self.at >= self.slow_due {
            self.slow_due = self.at.saturating_add(shared.options.devices_usec);
            for disk in &mut self.list {
                disk.look_up(&shared.options.roots.sys, shared.reader, self.sys);
            }
        }
    }
}

impl DiskState {
    fn new(name: &str, born: Option<u64>) -> DiskState {
        DiskState {
            name: name.into(),
            kind: None,
            model: None,
            rotational: None,
            size: None,
            now: DiskReading::empty(),
            base: born.map(Baseline::born),
            seen: true,
        }
    }

    /// Asks /sys what it is.
    fn look_up(&mut self, sys: &Path, reader: &mut Reader, source: SourceId) {
        // Names may hold a slash (cciss/c0d0), which /sys writes as an exclamation mark.
        let dir = sys.join("class/block").join(self.name.replace('/', "!"));
        if std::fs::metadata(&dir).is_err() {
            reader.ledger.failed(source, &dir, rustix::io::Errno::NOENT);
            return;
        }
        let is_partition = dir.join("partition").exists();
        let is_stacked =
            || std::fs::read_dir(dir.join("slaves")).is_ok_and(|mut d| d.next().is_some());
        self.kind = Some(if is_partition {
            DiskKind::Partition
        } else if is_stacked() {
            DiskKind::Stacked
        } else {
            DiskKind::Disk
        });
        self.size = reader
            .read(&dir.join("size"), Shape::Whole, source)
            .and_then(single)
            .map(|sectors| sectors.saturating_mul(SECTOR));
        if let Some(size) = self.size {
            self.now.set(Disk::Size, size);
        }
        let text = |path: &Path| {
            std::fs::read_to_string(path)
                .ok()
                .map(|t| t.trim().to_owned())
        };
        self.rotational = text(&dir.join("queue/rotational")).map(|t| t == "1");
        self.model = text(&dir.join("device/model")).filter(|m| !m.is_empty());
    }
}

/// Devices that are memory, files or drives without a disk in them.
fn is_memory(name: &[u8]) -> bool {
    let numbered = |prefix: &[u8]| {
        name.strip_prefix(prefix)
            .is_some_and(|rest| !rest.is_empty() && rest.iter().all(u8::is_ascii_digit))
    };
    [&b"loop"[..], b"ram", b"zram", b"fd"]
        .into_iter()
        .any(numbered)
}

fn reading(line: &Line<'_>, size: Option<u64>) -> DiskReading {
    let bytes = |sectors: Option<u64>| sectors.map(|s| s.saturating_mul(SECTOR));
    let usec = |ms: Option<u64>| ms.map(|m| m.saturating_mul(1000));
    let mut r = DiskReading::empty();
    for (measure, value) in [
        (Disk::Major, Some(line.major)),
        (Disk::Minor, Some(line.minor)),
        (Disk::Size, size),
        (Disk::Reads, line.reads),
        (Disk::ReadsMerged, line.reads_merged),
        (Disk::ReadBytes, bytes(line.read_sectors)),
        (Disk::ReadTime, usec(line.read_ms)),
        (Disk::Writes, line.writes),
        (Disk::WritesMerged, line.writes_merged),
        (Disk::WriteBytes, bytes(line.written_sectors)),
        (Disk::WriteTime, usec(line.write_ms)),
        (Disk::InFlight, line.in_flight),
        (Disk::Busy, usec(line.io_ms)),
        (Disk::Queue, usec(line.weighted_ms)),
        (Disk::Discards, line.discards),
        (Disk::DiscardsMerged, line.discards_merged),
        (Disk::DiscardBytes, bytes(line.discarded_sectors)),
        (Disk::DiscardTime, usec(line.discard_ms)),
        (Disk::Flushes, line.flushes),
        (Disk::FlushTime, usec(line.flush_ms)),
    ] {
        r.set(measure, value);
    }
    r
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_no_disk() {
        for memory in [&b"loop0"[..], b"ram15", b"zram0", b"fd0"] {
            assert!(is_memory(memory));
        }
        for disk in [
            &b"sda"[..],
            b"nvme0n1",
            b"vda1",
            b"dm-0",
            b"loopback",
            b"fdisk",
        ] {
            assert!(!is_memory(disk));
        }
    }

    #[test]
    fn units_are_bytes_and_microseconds() {
        let line = diskstats(b"8 0 sda 1 2 3 4 5 6 7 8 9 10 11\n")
            .next()
            .unwrap();
        let r = reading(&line, None);
        assert_eq!(
            (r.get(Disk::ReadBytes), r.get(Disk::ReadTime)),
            (Some(1536), Some(4000))
        );
        assert_eq!(
            (
                r.get(Disk::InFlight),
                r.get(Disk::Busy),
                r.get(Disk::Flushes)
            ),
            (Some(9), Some(10_000), None)
        );
    }
}
