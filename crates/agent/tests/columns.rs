//! Every column of the sampler's tables is filled by some source, or it is listed here why not.

#![allow(clippy::unwrap_used)]

mod synthetic;

use std::fs;

use agent::sampler::{Sampler, TABLES};
use agent::source::{Clock, ManualClock, Options};
use synthetic::{Layout, Synthetic, id};

struct Node {
    _dir: tempfile::TempDir,
    synthetic: Synthetic,
    clock: ManualClock,
    seconds: i64,
}

impl Node {
    fn new(layout: Layout) -> Node {
        let dir = synthetic::directory();
        let synthetic = Synthetic::new(dir.path(), layout);
        let mut node = Node {
            synthetic,
            clock: ManualClock::default(),
            seconds: 0,
            _dir: dir,
        };
        node.after(1);
        node
    }

    fn options(&self) -> Options {
        Options {
            clock: Clock::Manual(self.clock.clone()),
            ..self.synthetic.options()
        }
    }

    /// Lets time pass; answers the tick.
    fn after(&mut self, seconds: i64) -> i64 {
        self.seconds += seconds;
        self.clock.set(
            self.seconds as u64 * 1_000_000,
            4_000_000_000_000_000 + self.seconds * 1_000_000,
        );
        4_000_000_000_000_000 + self.seconds * 1_000_000
    }
}

/// Columns that no source fills, and why. Everything else of the sampler's tables has to be filled by the made-up nodes
/// or this machine.
const NOT_FILLED: [(&str, &str, &str); 2] = [
    (
        "node",
        "clock_offset_usec",
        "adjtimex: no safe call for it in the crates that the agent has",
    ),
    ("node", "clock_synchronized", "adjtimex, likewise"),
];

#[test]
fn every_column_is_filled_or_listed_with_its_reason() {
    let mut filled = std::collections::HashSet::new();
    let mut note = |batches: &[agent::sampler::TableBatch]| {
        for batch in batches {
            let schema = batch.batch.schema();
            for (field, column) in schema.fields().iter().zip(batch.batch.columns()) {
                if column.null_count() < column.len() {
                    filled.insert((batch.table.name, field.name().clone()));
                }
            }
        }
    };
    for layout in [Layout::V1, Layout::V2] {
        let mut node = Node::new(layout);
        complete(&node);
        let mut sampler = Sampler::new(Options {
            slow_usec: 5_000_000,
            ..node.options()
        })
        .unwrap();
        note(&sampler.tick(node.after(10)));
        node.synthetic.pods(1..2, 1);
        sampler.poll();
        note(&sampler.tick(node.after(10)));
        node.synthetic.remove(&Synthetic::pod(0));
        note(&sampler.tick(node.after(10)));
    }
    let mut missing = Vec::new();
    // What the kubelet alone knows is tested where it is asked (`source::kubelet`), all of `volume` among it.
    let of_node = |column: &&catalogue::Column| !column.source.starts_with("/stats/summary");
    for table in TABLES.into_iter().filter(|t| t.name != "volume") {
        for column in table.columns.iter().filter(of_node) {
            let listed = NOT_FILLED
                .iter()
                .any(|(t, c, _)| (*t, *c) == (table.name, column.name));
            let is_filled = filled.contains(&(table.name, column.name.to_owned()));
            assert!(
                !(listed && is_filled),
                "{}.{} is filled after all",
                table.name,
                column.name
            );
            if !listed && !is_filled {
                missing.push(format!("{}.{}", table.name, column.name));
            }
        }
    }
    assert!(missing.is_empty(), "neither filled nor listed: {missing:?}");
}

/// Gives a node everything that some column is read from.
fn complete(node: &Node) {
    let roots = node.options().roots;
    let write = |path: std::path::PathBuf, text: &str| {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    for (path, text) in [
        ("sys/kernel/random/boot_id", "b\n"),
        ("sys/net/netfilter/nf_conntrack_count", "1\n"),
        ("sys/net/netfilter/nf_conntrack_max", "9\n"),
        ("sys/fs/file-nr", "753\t0\t2466177\n"),
        ("sys/kernel/pid_max", "32768\n"),
        (
            "cpuinfo",
            "processor\t: 0\nphysical id\t: 0\ncpu cores\t: 1\n",
        ),
        (
            "diskstats",
            "254 0 vda 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17\n",
        ),
        (
            "1/net/dev",
            "eth0: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n",
        ),
        (
            "1/net/snmp",
            "Tcp: RtoAlgorithm ActiveOpens PassiveOpens CurrEstab InSegs OutSegs RetransSegs InErrs OutRsts\n\
             Tcp: 1 1 1 1 1 1 1 1 1\nUdp: InDatagrams OutDatagrams InErrors RcvbufErrors\nUdp: 1 1 1 1\n",
        ),
        (
            "1/net/netstat",
            "TcpExt: ListenOverflows ListenDrops TCPSynRetrans\nTcpExt: 1 1 1\n",
        ),
        (
            "1/net/sockstat",
            "sockets: used 1\nTCP: inuse 1 orphan 0 tw 1 alloc 1 mem 1\n",
        ),
        ("pressure/cpu", "some total=1\nfull total=1\n"),
        ("pressure/memory", "some total=1\nfull total=1\n"),
        ("pressure/io", "some total=1\nfull total=1\n"),
        (
            "vmstat",
            "pgfault 1\npgmajfault 1\npgpgin 1\npgpgout 1\npswpin 1\npswpout 1\npgscan_kswapd 1\npgsteal_kswapd 1\nworkingset_refault_anon 1\nworkingset_refault_file 1\noom_kill 1\n",
        ),
        ("loadavg", "0.1 0.2 0.3 1/2 3\n"),
        (
            "stat",
            "cpu 1 1 1 1 1 1 1 1 1 1\ncpu0 1\nintr 1\nctxt 1\nbtime 1\nprocesses 1\nprocs_running 1\nprocs_blocked 1\n",
        ),
    ] {
        write(roots.proc.join(path), text);
    }
    let mut memory = String::from("HugePages_Total: 1\nHugePages_Free: 1\n");
    for key in [
        "MemTotal",
        "MemFree",
        "MemAvailable",
        "Buffers",
        "Cached",
        "SwapCached",
        "Active(anon)",
        "Inactive(anon)",
        "Active(file)",
        "Inactive(file)",
        "Unevictable",
        "SwapTotal",
        "SwapFree",
        "Dirty",
        "Writeback",
        "AnonPages",
        "Mapped",
        "Shmem",
        "Slab",
        "SReclaimable",
        "SUnreclaim",
        "KernelStack",
        "PageTables",
        "CommitLimit",
        "Committed_AS",
        "Hugepagesize",
    ] {
        memory += &format!("{key}: 1 kB\n");
    }
    write(roots.proc.join("meminfo"), &memory);
    for (path, text) in [
        ("class/dmi/id/product_name", "m5.large\n"),
        ("class/block/vda/size", "1\n"),
        ("class/block/vda/queue/rotational", "0\n"),
        ("class/block/vda/device/model", "QEMU\n"),
        ("class/net/eth0/address", "02:00:00:00:00:01\n"),
        ("class/net/eth0/operstate", "up\n"),
        ("class/net/eth0/mtu", "1500\n"),
        ("class/net/eth0/speed", "1000\n"),
        ("class/net/eth0/carrier", "1\n"),
        ("class/net/eth0/carrier_changes", "2\n"),
    ] {
        write(roots.sys.join(path), text);
    }
    write(roots.host.join("etc/machine-id"), "m\n");
    write(
        roots.host.join("etc/os-release"),
        "PRETTY_NAME=\"Debian\"\n",
    );
    // One file system that is this directory's own, one that is not there.
    use std::os::unix::fs::MetadataExt;
    let device = fs::metadata(&roots.host).unwrap().dev();
    let (major, minor) = (rustix::fs::major(device), rustix::fs::minor(device));
    let table = roots.proc.join("1/mountinfo");
    let more = format!(
        "1 0 {major}:{minor} / / rw - ext4 /dev/a rw\n2 0 77:77 / /gone rw - ext4 /dev/b rw\n"
    );
    let old = fs::read_to_string(&table).unwrap();
    fs::write(&table, old + &more).unwrap();
    node.synthetic.pods(0..1, 1);
    node.synthetic.cgroup("system.slice");
    node.synthetic.cgroup("system.slice/x.service");
    let pod = Synthetic::pod(0);
    for file in ["memory.high", "memory.low", "memory.swap.max", "pids.max"] {
        node.synthetic.set("memory", &pod, file, "4096\n");
        node.synthetic
            .set("memory", &format!("{pod}/{}", id(0, 1)), file, "4096\n");
    }
    // The process that shows the pod's network.
    for pid in [595, 2719] {
        let dir = roots.proc.join(pid.to_string());
        write(dir.join("comm"), "pause\n");
        write(dir.join("cgroup"), &format!("0::/{pod}/{}\n", id(0, 0)));
        write(
            dir.join("net/dev"),
            "eth0: 5 6 0 0 0 0 0 0 7 8 0 0 0 0 0 0\n",
        );
    }
}
