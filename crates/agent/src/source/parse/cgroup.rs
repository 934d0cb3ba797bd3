//! Files of cgroup v1 and v2 that are neither one value nor flat keyed.

use super::scan::{keyed, lines, number, single, words};

/// From here on a limit of cgroup v1 means "none": the kernel writes the largest number of pages, in bytes, which
/// depends on the page size (9223372036854771712 with pages of 4 KiB).
const V1_NO_LIMIT: u64 = 1 << 60;

/// A limit file: `None` for no limit, be it v2's `max`, v1's `-1` or v1's huge number, and for anything unreadable.
pub fn limit(bytes: &[u8]) -> Option<u64> {
    single(bytes).filter(|&value| value < V1_NO_LIMIT)
}

/// Reads v2's `cpu.max`, `max 100000` or `20000 100000`: the quota (`None` for `max`) and the period, both in
/// microseconds.
pub fn cpu_max(bytes: &[u8]) -> (Option<u64>, Option<u64>) {
    let mut fields = words(lines(bytes).next().unwrap_or_default());
    (
        fields.next().and_then(number),
        fields.next().and_then(number),
    )
}

/// Block I/O of one cgroup, summed over devices.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Io {
    /// Bytes read.
    pub read_bytes: u64,
    /// Bytes written.
    pub written_bytes: u64,
    /// Read operations.
    pub reads: u64,
    /// Write operations.
    pub writes: u64,
    /// Bytes discarded; v2 only.
    pub discarded_bytes: u64,
    /// Discard operations; v2 only.
    pub discards: u64,
}

/// Reads v2's `io.stat`, a line a device: `98:0 rbytes=1160192 wbytes=101187584 rios=74 wios=4216 dbytes=0 dios=0`.
/// An empty file is a cgroup that never did block I/O: all zero.
pub fn io_stat(bytes: &[u8]) -> Io {
    let mut out = Io::default();
    for line in lines(bytes) {
        for field in words(line).skip(1) {
            let Some(equals) = field.iter().position(|&b| b == b'=') else {
                continue;
            };
            let Some(value) = number(&field[equals + 1..]) else {
                continue;
            };
            let sum = match &field[..equals] {
                b"rbytes" => &mut out.read_bytes,
                b"wbytes" => &mut out.written_bytes,
                b"rios" => &mut out.reads,
                b"wios" => &mut out.writes,
                b"dbytes" => &mut out.discarded_bytes,
                b"dios" => &mut out.discards,
                _ => continue,
            };
            *sum = sum.saturating_add(value);
        }
    }
    out
}

/// What a `blkio.throttle.io_*_recursive` file of v1 counts, bytes or operations, summed over devices.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Blkio {
    /// Of reads.
    pub read: u64,
    /// Of writes.
    pub write: u64,
    /// Of discards.
    pub discard: u64,
}

/// Reads v1's `blkio.throttle.io_*_recursive`.
///
/// Lines are `254:0 Read 1160192`, `254:0 Write …`, also `Sync`, `Async`, `Discard`, `Total`, and a last `Total 0` over
/// all. No device and a total of zero is a cgroup that never did block I/O (or a kernel that does not count it): all
/// zero. `None` when no device is listed but the total is not zero or missing, which is a format not understood or a
/// torn file.
pub fn blkio(bytes: &[u8]) -> Option<Blkio> {
    let mut out = Blkio::default();
    let mut devices = false;
    let mut total = None;
    for line in lines(bytes) {
        let mut fields = words(line);
        match (fields.next(), fields.next(), fields.next()) {
            (Some(b"Total"), Some(value), None) => total = number(value),
            (Some(_), Some(kind), Some(value)) => {
                let Some(value) = number(value) else { continue };
                devices = true;
                let sum = match kind {
                    b"Read" => &mut out.read,
                    b"Write" => &mut out.write,
                    b"Discard" => &mut out.discard,
                    _ => continue,
                };
                *sum = sum.saturating_add(value);
            }
            _ => {}
        }
    }
    (devices || total == Some(0)).then_some(out)
}

/// The value of a key in v2's `cgroup.events`: `populated 1`.
pub fn populated(bytes: &[u8]) -> Option<bool> {
    keyed(bytes)
        .find(|(key, _)| *key == b"populated")
        .map(|(_, value)| value != 0)
}

/// The process ids of `cgroup.procs`. A zero is a process that the reader's pid namespace cannot name and is left out.
pub fn processes(bytes: &[u8]) -> impl Iterator<Item = u32> {
    lines(bytes)
        .filter_map(|line| u32::try_from(number(line)?).ok())
        .filter(|&pid| pid != 0)
}

/// How many processes `cgroup.procs` lists, nameless ones included.
pub fn process_count(bytes: &[u8]) -> u64 {
    lines(bytes).filter(|line| number(line).is_some()).count() as u64
}

/// The path in a line of `/proc/PID/cgroup`, `4:memory:/kubepods/…`, whose middle names the controller (`b""` for v2).
pub fn membership(bytes: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    lines(bytes).filter_map(|line| {
        let mut parts = line.splitn(3, |&b| b == b':');
        parts.next()?;
        Some((parts.next()?, parts.next()?))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn limits_of_both_versions() {
        assert_eq!(limit(b"33554432\n"), Some(33554432));
        for none in [
            &b"max\n"[..],
            b"9223372036854771712\n",
            b"9223372036854710272\n",
            b"-1\n",
            b"",
        ] {
            assert_eq!(limit(none), None, "{none:?}");
        }
        assert_eq!(cpu_max(b"20000 100000\n"), (Some(20000), Some(100000)));
        assert_eq!(cpu_max(b"max 100000\n"), (None, Some(100000)));
    }

    #[test]
    fn io_of_several_devices_adds_up() {
        let text = b"98:0 rbytes=10 wbytes=20 rios=1 wios=2 dbytes=5 dios=1\n\
            8:16 rbytes=1 wbytes=2 rios=3 wios=4 cost.usage=9\n253:0 \n";
        let io = io_stat(text);
        assert_eq!(
            (io.read_bytes, io.written_bytes, io.reads, io.writes),
            (11, 22, 4, 6)
        );
        assert_eq!((io.discarded_bytes, io.discards), (5, 1));
        assert_eq!(io_stat(b""), Io::default());
    }

    #[test]
    fn blkio_sums_devices_and_knows_an_empty_file() {
        let text = b"254:0 Read 100\n254:0 Write 7\n254:0 Sync 107\n254:0 Async 0\n254:0 Discard 3\n254:0 Total 110\n\
            8:0 Read 1\n8:0 Write 1\n8:0 Total 2\nTotal 112\n";
        assert_eq!(
            blkio(text),
            Some(Blkio {
                read: 101,
                write: 8,
                discard: 3
            })
        );
        assert_eq!(blkio(b"Total 0\n"), Some(Blkio::default()));
        assert_eq!(blkio(b""), None);
        assert_eq!(blkio(b"Total 5\n"), None);
    }

    #[test]
    fn processes_and_membership() {
        assert_eq!(
            processes(b"595\n0\n23126\nx\n").collect::<Vec<_>>(),
            [595, 23126]
        );
        assert_eq!(process_count(b"595\n0\n23126\nx\n"), 3);
        let text = b"4:memory:/kubepods/pod1/a:b\n1:name=systemd:/x\n0::/../init.scope\nnonsense\n";
        let all: Vec<_> = membership(text).collect();
        assert_eq!(all[0], (&b"memory"[..], &b"/kubepods/pod1/a:b"[..]));
        assert_eq!(all[2], (&b""[..], &b"/../init.scope"[..]));
        assert_eq!(all.len(), 3);
        assert_eq!(populated(b"populated 0\nfrozen 0\n"), Some(false));
        assert_eq!(populated(b"frozen 0\n"), None);
    }

    proptest! {
        #[test]
        fn no_bytes_are_too_strange(bytes: Vec<u8>) {
            let _ = (limit(&bytes), cpu_max(&bytes), io_stat(&bytes), blkio(&bytes), populated(&bytes));
            let _ = (processes(&bytes).count(), membership(&bytes).count());
        }

        #[test]
        fn io_stat_reads_back(devices in proptest::collection::vec((0u32..300, 0u64..1 << 50, 0u64..1 << 50), 0..9)) {
            let text: String =
                devices.iter().map(|(d, r, w)| format!("{d}:0 rbytes={r} wbytes={w} rios=1 wios=2\n")).collect();
            let io = io_stat(text.as_bytes());
            prop_assert_eq!(io.read_bytes, devices.iter().map(|d| d.1).sum::<u64>());
            prop_assert_eq!(io.written_bytes, devices.iter().map(|d| d.2).sum::<u64>());
            prop_assert_eq!(io.reads, devices.len() as u64);
        }
    }
}
