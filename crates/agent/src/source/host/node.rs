//! Processors, memory, pressure, protocols: what ends in the node's row.

use std::path::Path;

use crate::row::{Node, NodeReading};
use crate::source::cgroup::Shared;
use crate::source::file::{Kept, Reader};
use crate::source::parse::cpu::{cpu_info, load_average, pressure, stat};
use crate::source::parse::memory::meminfo;
use crate::source::parse::network::{protocols, sockstat};
use crate::source::parse::scan::{keyed, lines, number, single, words};

/// Microseconds of a tick of `/proc/stat`: `USER_HZ` is 100 on every architecture that Kubernetes runs on.
const USEC_PER_TICK: u64 = 10_000;

/// One reading of the node.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NodeNow {
    /// The integers.
    pub(crate) values: NodeReading,
    /// Logical processors that are online.
    pub(crate) cores: Option<u64>,
    /// When the kernel started, in seconds since 1970.
    pub(crate) boot_time: Option<u64>,
    /// Mean loads over one, five and fifteen minutes.
    pub(crate) load: [Option<f64>; 3],
    /// When it was read, by the monotonic clock.
    pub(crate) at: u64,
}

/// The node's files.
#[derive(Debug)]
pub(crate) struct NodeSource {
    stat: Kept,
    load: Kept,
    meminfo: Kept,
    vmstat: Kept,
    pressure: Option<[Kept; 3]>,
    snmp: Kept,
    netstat: Kept,
    sockstat: Kept,
    conntrack: Kept,
    conntrack_limit: Kept,
    files: Kept,
    pid_max: Kept,
    physical: (Option<u64>, Option<u64>),
    /// Whether the network's files are the host's.
    network: bool,
}

/// Where the files of the host's network namespace are: process 1's, unless its directory cannot be read and `/proc`
/// is this process' own.
pub(crate) fn network_dir(proc: &Path) -> std::path::PathBuf {
    let first = proc.join("1/net");
    if std::fs::metadata(first.join("dev")).is_ok() || proc != Path::new("/proc") {
        first
    } else {
        proc.join("self/net")
    }
}

impl NodeSource {
    /// Finds the files. `psi` says whether the kernel keeps pressure, `network` whether process 1 is the host's, and so
    /// its network.
    pub(crate) fn new(proc: &Path, psi: bool, network: bool, reader: &mut Reader) -> NodeSource {
        let net = network_dir(proc);
        let mut physical = (None, None);
        let mut cpuinfo = Kept::new(
            proc.join("cpuinfo"),
            "cores and sockets",
            &mut reader.ledger,
        );
        if let Some(bytes) = cpuinfo.read(reader) {
            let info = cpu_info(bytes);
            physical = (info.cores, info.sockets);
        }
        let ledger = &mut reader.ledger;
        NodeSource {
            stat: Kept::new(
                proc.join("stat"),
                "CPU by mode, processes, interrupts, boot time",
                ledger,
            ),
            load: Kept::new(proc.join("loadavg"), "load, number of tasks", ledger),
            meminfo: Kept::new(proc.join("meminfo"), "memory and swap", ledger),
            vmstat: Kept::new(
                proc.join("vmstat"),
                "page faults, paging, reclaim, OOM kills",
                ledger,
            ),
            pressure: psi.then(|| {
                ["cpu", "memory", "io"].map(|kind| {
                    let feeds = match kind {
                        "cpu" => "waits for CPU",
                        "memory" => "waits for memory",
                        _ => "waits for I/O",
                    };
                    Kept::new(proc.join("pressure").join(kind), feeds, ledger)
                })
            }),
            snmp: Kept::new(net.join("snmp"), "TCP and UDP", ledger),
            netstat: Kept::new(
                net.join("netstat"),
                "TCP listen queues and retransmissions",
                ledger,
            ),
            sockstat: Kept::new(net.join("sockstat"), "sockets", ledger),
            conntrack: Kept::new(
                proc.join("sys/net/netfilter/nf_conntrack_count"),
                "tracked connections",
                ledger,
            ),
            conntrack_limit: Kept::new(
                proc.join("sys/net/netfilter/nf_conntrack_max"),
                "limit of tracked connections",
                ledger,
            ),
            files: Kept::new(proc.join("sys/fs/file-nr"), "open files", ledger),
            pid_max: Kept::new(proc.join("sys/kernel/pid_max"), "limit of tasks", ledger),
            physical,
            network,
        }
    }

    /// Reads the node.
    pub(crate) fn read(&mut self, shared: &mut Shared<'_>) -> NodeNow {
        let mut now = NodeNow {
            values: NodeReading::empty(),
            cores: None,
            boot_time: None,
            load: [None; 3],
            at: shared.clock.monotonic(),
        };
        let r = &mut now.values;
        r.set(Node::CpuPhysicalCores, self.physical.0);
        r.set(Node::CpuSockets, self.physical.1);
        let reader = &mut *shared.reader;
        if let Some(bytes) = self.stat.read(reader) {
            let s = stat(bytes);
            now.cores = Some(s.cpus).filter(|&n| n > 0);
            now.boot_time = s.boot_time;
            processors(&s, r);
        }
        if let Some(bytes) = self.load.read(reader) {
            let load = load_average(bytes);
            now.load = [load.one, load.five, load.fifteen];
            r.set(Node::PidsCurrent, load.threads);
        }
        if let Some(bytes) = self.meminfo.read(reader) {
            memory(bytes, r);
        }
        if let Some(bytes) = self.vmstat.read(reader) {
            vmstat(bytes, r);
        }
        if let Some([cpu, memory, io]) = &mut self.pressure {
            for (kept, some, full) in [
                (cpu, Node::CpuPressureSome, Node::CpuPressureFull),
                (memory, Node::MemoryPressureSome, Node::MemoryPressureFull),
                (io, Node::IoPressureSome, Node::IoPressureFull),
            ] {
                if let Some(bytes) = kept.read(reader) {
                    let p = pressure(bytes);
                    r.set(some, p.some_usec);
                    r.set(full, p.full_usec);
                }
            }
        }
        r.set(Node::PidsLimit, self.pid_max.read(reader).and_then(single));
        if self.network {
            for kept in [&mut self.snmp, &mut self.netstat] {
                if let Some(bytes) = kept.read(reader) {
                    network(bytes, r);
                }
            }
            if let Some(bytes) = self.sockstat.read(reader) {
                sockets(bytes, r);
            }
            for (kept, measure) in [
                (&mut self.conntrack, Node::ConntrackEntries),
                (&mut self.conntrack_limit, Node::ConntrackLimit),
            ] {
                r.set(measure, kept.read(reader).and_then(single));
            }
        }
        if let Some(bytes) = self.files.read(reader) {
            // Allocated, a number that has been 0 since kernel 2.6, and the most there may be.
            let mut fields = words(lines(bytes).next().unwrap_or_default());
            r.set(Node::FilesOpen, fields.next().and_then(number));
            r.set(Node::FilesLimit, fields.nth(1).and_then(number));
        }
        now
    }
}

fn processors(s: &crate::source::parse::cpu::Stat, r: &mut NodeReading) {
    let usec = |ticks: Option<u64>| ticks.map(|t| t.saturating_mul(USEC_PER_TICK));
    let t = &s.total;
    for (measure, ticks) in [
        (Node::CpuUser, t.user),
        (Node::CpuNice, t.nice),
        (Node::CpuSystem, t.system),
        (Node::CpuIdle, t.idle),
        (Node::CpuIowait, t.iowait),
        (Node::CpuIrq, t.irq),
        (Node::CpuSoftirq, t.softirq),
        (Node::CpuSteal, t.steal),
        (Node::CpuGuest, t.guest),
        (Node::CpuGuestNice, t.guest_nice),
    ] {
        r.set(measure, usec(ticks));
    }
    // Guests are within user and nice already.
    for busy in [t.user, t.nice, t.system, t.irq, t.softirq] {
        r.add(Node::CpuUsage, usec(busy));
    }
    r.set(Node::ContextSwitches, s.context_switches);
    r.set(Node::Interrupts, s.interrupts);
    r.set(Node::Forks, s.forks);
    r.set(Node::ProcessesRunning, s.running);
    r.set(Node::ProcessesBlocked, s.blocked);
}

fn memory(bytes: &[u8], r: &mut NodeReading) {
    for (key, value) in meminfo(bytes) {
        let measure = match key {
            b"MemTotal" => Node::MemoryTotal,
            b"MemFree" => Node::MemoryFree,
            b"MemAvailable" => Node::MemoryAvailable,
            b"Buffers" => Node::MemoryBuffers,
            b"Cached" => Node::MemoryCached,
            b"SwapCached" => Node::MemorySwapCached,
            b"Active(anon)" => Node::MemoryActiveAnon,
            b"Inactive(anon)" => Node::MemoryInactiveAnon,
            b"Active(file)" => Node::MemoryActiveFile,
            b"Inactive(file)" => Node::MemoryInactiveFile,
            b"Unevictable" => Node::MemoryUnevictable,
            b"SwapTotal" => Node::MemorySwapTotal,
            b"SwapFree" => Node::MemorySwapFree,
            b"Dirty" => Node::MemoryDirty,
            b"Writeback" => Node::MemoryWriteback,
            b"AnonPages" => Node::MemoryAnon,
            b"Mapped" => Node::MemoryMapped,
            b"Shmem" => Node::MemoryShmem,
            b"Slab" => Node::MemorySlab,
            b"SReclaimable" => Node::MemorySlabReclaimable,
            b"SUnreclaim" => Node::MemorySlabUnreclaimable,
            b"KernelStack" => Node::MemoryKernelStack,
            b"PageTables" => Node::MemoryPageTables,
            b"CommitLimit" => Node::MemoryCommitLimit,
            b"Committed_AS" => Node::MemoryCommitted,
            b"HugePages_Total" => Node::MemoryHugePages,
            b"HugePages_Free" => Node::MemoryHugePagesFree,
            b"Hugepagesize" => Node::MemoryHugePageSize,
            _ => continue,
        };
        r.set(measure, value);
    }
    if let (Some(total), Some(free)) = (r.get(Node::MemoryTotal), r.get(Node::MemoryFree)) {
        let usage = total.saturating_sub(free);
        r.set(Node::MemoryUsage, usage);
        r.set(
            Node::MemoryWorkingSet,
            r.get(Node::MemoryInactiveFile)
                .map(|i| usage.saturating_sub(i)),
        );
    }
}

fn vmstat(bytes: &[u8], r: &mut NodeReading) {
    for (key, value) in keyed(bytes) {
        let measure = match key {
            b"pgfault" => Node::MemoryPageFaults,
            b"pgmajfault" => Node::MemoryMajorPageFaults,
            b"pswpin" => Node::MemorySwappedIn,
            b"pswpout" => Node::MemorySwappedOut,
            b"oom_kill" => Node::MemoryOomKills,
            b"workingset_refault_anon" => Node::MemoryRefaultsAnon,
            b"workingset_refault_file" | b"workingset_refault" => Node::MemoryRefaultsFile,
            // Counted in KiB, whatever the page size.
            b"pgpgin" => {
                r.set(Node::MemoryPagedIn, value.saturating_mul(1024));
                continue;
            }
            b"pgpgout" => {
                r.set(Node::MemoryPagedOut, value.saturating_mul(1024));
                continue;
            }
            b"pgscan_kswapd" | b"pgscan_direct" => {
                r.add(Node::MemoryPagesScanned, value);
                continue;
            }
            b"pgsteal_kswapd" | b"pgsteal_direct" => {
                r.add(Node::MemoryPagesStolen, value);
                continue;
            }
            _ => continue,
        };
        r.set(measure, value);
    }
}

fn network(bytes: &[u8], r: &mut NodeReading) {
    for (protocol, key, value) in protocols(bytes) {
        let measure = match (protocol, key) {
            (b"Tcp", b"InSegs") => Node::TcpInSegments,
            (b"Tcp", b"OutSegs") => Node::TcpOutSegments,
            (b"Tcp", b"RetransSegs") => Node::TcpRetransmittedSegments,
            (b"Tcp", b"InErrs") => Node::TcpInErrors,
            (b"Tcp", b"OutRsts") => Node::TcpOutResets,
            (b"Tcp", b"ActiveOpens") => Node::TcpActiveOpens,
            (b"Tcp", b"PassiveOpens") => Node::TcpPassiveOpens,
            (b"Tcp", b"CurrEstab") => Node::TcpEstablished,
            (b"Udp", b"InDatagrams") => Node::UdpInDatagrams,
            (b"Udp", b"OutDatagrams") => Node::UdpOutDatagrams,
            (b"Udp", b"InErrors") => Node::UdpInErrors,
            (b"Udp", b"RcvbufErrors") => Node::UdpReceiveBufferErrors,
            (b"TcpExt", b"TCPSynRetrans") => Node::TcpSynRetransmits,
            (b"TcpExt", b"ListenOverflows") => Node::TcpListenOverflows,
            (b"TcpExt", b"ListenDrops") => Node::TcpListenDrops,
            _ => continue,
        };
        r.set(measure, u64::try_from(value).ok());
    }
}

fn sockets(bytes: &[u8], r: &mut NodeReading) {
    for (protocol, key, value) in sockstat(bytes) {
        match (protocol, key) {
            (b"sockets", b"used") => r.set(Node::SocketsUsed, value),
            (b"TCP", b"inuse") => r.set(Node::TcpSocketsInUse, value),
            (b"TCP", b"tw") => r.set(Node::TcpSocketsTimeWait, value),
            (b"TCP", b"mem") => r.set(Node::TcpMemoryPages, value),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn working_set_leaves_out_the_inactive_cache() {
        let mut r = NodeReading::empty();
        memory(
            b"MemTotal: 100 kB\nMemFree: 40 kB\nInactive(file): 15 kB\n",
            &mut r,
        );
        assert_eq!(r.get(Node::MemoryUsage), Some(60 * 1024));
        assert_eq!(r.get(Node::MemoryWorkingSet), Some(45 * 1024));
        let mut r = NodeReading::empty();
        memory(
            b"MemTotal: 100 kB\nMemFree: 90 kB\nInactive(file): 15 kB\n",
            &mut r,
        );
        assert_eq!(r.get(Node::MemoryWorkingSet), Some(0));
    }

    #[test]
    fn reclaim_is_the_sum_of_both_ways() {
        let mut r = NodeReading::empty();
        vmstat(
            b"pgpgin 3\npgscan_kswapd 5\npgscan_direct 7\npgsteal_direct 1\noom_kill 2\n",
            &mut r,
        );
        assert_eq!(r.get(Node::MemoryPagesScanned), Some(12));
        assert_eq!(r.get(Node::MemoryPagesStolen), Some(1));
        assert_eq!(
            (r.get(Node::MemoryPagedIn), r.get(Node::MemoryOomKills)),
            (Some(3072), Some(2))
        );
    }

    #[test]
    fn guests_are_not_busy_twice() {
        let mut r = NodeReading::empty();
        processors(
            &stat(b"cpu  10 2 3 100 50 1 1 9 4 1\ncpu0 10 2 3 100\n"),
            &mut r,
        );
        assert_eq!(r.get(Node::CpuUsage), Some(17 * USEC_PER_TICK));
        assert_eq!(r.get(Node::CpuGuest), Some(4 * USEC_PER_TICK));
    }

    proptest! {
        #[test]
        fn no_bytes_are_too_strange(bytes: Vec<u8>) {
            let mut r = NodeReading::empty();
            memory(&bytes, &mut r);
            vmstat(&bytes, &mut r);
            network(&bytes, &mut r);
            sockets(&bytes, &mut r);
        }
    }
}
