//! `/proc/diskstats`.

use super::scan::{lines, number, words};

/// A line of `/proc/diskstats`: totals since the boot, except `in_flight`.
///
/// Sectors are 512 bytes whatever the device's own. Kernels before 4.18 end after `weighted_ms`, before 5.5 after
/// `discard_ms`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Disk<'a> {
    /// The device's major number.
    pub major: u64,
    /// The device's minor number.
    pub minor: u64,
    /// Its name, without `/dev/`.
    pub name: &'a [u8],
    /// Reads completed.
    pub reads: Option<u64>,
    /// Reads that were merged into others before they were issued.
    pub reads_merged: Option<u64>,
    /// Sectors read.
    pub read_sectors: Option<u64>,
    /// Milliseconds spent by reads, summed over reads.
    pub read_ms: Option<u64>,
    /// Writes completed.
    pub writes: Option<u64>,
    /// Writes that were merged into others.
    pub writes_merged: Option<u64>,
    /// Sectors written.
    pub written_sectors: Option<u64>,
    /// Milliseconds spent by writes, summed over writes.
    pub write_ms: Option<u64>,
    /// Requests in flight now.
    pub in_flight: Option<u64>,
    /// Milliseconds in which any request was in flight.
    pub io_ms: Option<u64>,
    /// Milliseconds in flight, summed over requests.
    pub weighted_ms: Option<u64>,
    /// Discards completed.
    pub discards: Option<u64>,
    /// Discards merged.
    pub discards_merged: Option<u64>,
    /// Sectors discarded.
    pub discarded_sectors: Option<u64>,
    /// Milliseconds spent by discards.
    pub discard_ms: Option<u64>,
    /// Flushes completed.
    pub flushes: Option<u64>,
    /// Milliseconds spent by flushes.
    pub flush_ms: Option<u64>,
}

/// The disks of `/proc/diskstats` in file order. A line without device and name is left out.
pub fn diskstats(bytes: &[u8]) -> impl Iterator<Item = Disk<'_>> {
    lines(bytes).filter_map(|line| {
        let mut fields = words(line);
        let major = number(fields.next()?)?;
        let minor = number(fields.next()?)?;
        let name = fields.next()?;
        let mut next = || fields.next().and_then(number);
        Some(Disk {
            major,
            minor,
            name,
            reads: next(),
            reads_merged: next(),
            read_sectors: next(),
            read_ms: next(),
            writes: next(),
            writes_merged: next(),
            written_sectors: next(),
            write_ms: next(),
            in_flight: next(),
            io_ms: next(),
            weighted_ms: next(),
            discards: next(),
            discards_merged: next(),
            discarded_sectors: next(),
            discard_ms: next(),
            flushes: next(),
            flush_ms: next(),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn lines_of_new_and_old_kernels() {
        let text = b" 254       0 vda 21133 9470 3469946 16409 20077 48287 4929568 41542 3 7936 59234 8818 37 513752 1150 2285 131\n\
            \x20  8       1 sda1 1 2 3 4 5 6 7 8 9 10 11\n   8       2\ngarbage\n";
        let all: Vec<_> = diskstats(text).collect();
        assert_eq!(all.len(), 2);
        assert_eq!(
            (all[0].major, all[0].minor, all[0].name),
            (254, 0, &b"vda"[..])
        );
        assert_eq!(
            (all[0].reads, all[0].read_sectors, all[0].in_flight),
            (Some(21133), Some(3469946), Some(3))
        );
        assert_eq!(
            (all[0].discard_ms, all[0].flushes, all[0].flush_ms),
            (Some(1150), Some(2285), Some(131))
        );
        assert_eq!((all[1].weighted_ms, all[1].discards), (Some(11), None));
    }

    proptest! {
        #[test]
        fn no_bytes_are_too_strange(bytes: Vec<u8>) {
            prop_assert!(diskstats(&bytes).count() <= bytes.len());
        }
    }
}
