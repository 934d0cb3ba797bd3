//! The files of a simulated control group: names, and texts in the kernel's formats, with as many lines as a current
//! kernel writes.

use std::fmt::Write as _;

/// A file of a control group.
#[derive(Debug, Clone, Copy)]
pub(super) struct GroupFile {
    /// The folder of its tree below the mount; empty where there is one tree for all.
    pub(super) tree: &'static str,
    pub(super) name: &'static str,
    /// Whether an agent must read it each tick; the rest are limits and the like.
    pub(super) changes: bool,
    /// Its text when the group has done so much work.
    pub(super) text: fn(u64) -> String,
}

const fn changing(tree: &'static str, name: &'static str, text: fn(u64) -> String) -> GroupFile {
    GroupFile {
        tree,
        name,
        changes: true,
        text,
    }
}

const fn fixed(tree: &'static str, name: &'static str, text: fn(u64) -> String) -> GroupFile {
    GroupFile {
        tree,
        name,
        changes: false,
        text,
    }
}

/// cgroup v2 on a kernel with pressure information.
pub(super) const V2: &[GroupFile] = &[
    changing("", "cpu.stat", |n| {
        format!(
            "usage_usec {}\nuser_usec {}\nsystem_usec {}\nnr_periods {n}\nnr_throttled {}\nthrottled_usec {}\n\
             nr_bursts 0\nburst_usec 0\n",
            n * 3000,
            n * 2000,
            n * 1000,
            n / 9,
            n * 70
        )
    }),
    changing("", "memory.stat", |n| {
        let mut text = String::new();
        for (at, key) in MEMORY_V2.iter().enumerate() {
            let value = if at < 22 {
                (n * 4096).wrapping_mul(at as u64 + 1) % (1 << 33)
            } else {
                n * (at as u64 % 3)
            };
            let _ = writeln!(text, "{key} {value}");
        }
        text
    }),
    changing("", "memory.current", |n| number(n * 4096 % (1 << 33))),
    changing("", "memory.events", |_| {
        "low 0\nhigh 0\nmax 12\noom 1\noom_kill 1\noom_group_kill 0\n".to_owned()
    }),
    changing("", "memory.swap.current", |_| number(0)),
    changing("", "memory.peak", |n| number(n * 8192 % (1 << 34))),
    changing("", "io.stat", |n| {
        format!(
            "259:0 rbytes={} wbytes={} rios={} wios={} dbytes=0 dios=0\n253:0 rbytes={} wbytes={} rios={} wios={} \
             dbytes=0 dios=0\n",
            n * 4096,
            n * 8192,
            n,
            n * 2,
            n * 4096,
            n * 8192,
            n,
            n * 2
        )
    }),
    changing("", "pids.current", |n| number(10 + n % 7)),
    changing("", "cpu.pressure", pressure),
    changing("", "memory.pressure", pressure),
    changing("", "io.pressure", pressure),
    fixed("", "cpu.max", |_| "200000 100000\n".to_owned()),
    fixed("", "cpu.weight", |_| number(39)),
    fixed("", "memory.max", |_| number(1 << 30)),
    fixed("", "memory.high", |_| "max\n".to_owned()),
    fixed("", "memory.low", |_| number(0)),
    fixed("", "memory.swap.max", |_| number(0)),
    fixed("", "pids.max", |_| number(18_880)),
    fixed("", "pids.events", |_| "max 0\n".to_owned()),
    fixed("", "cgroup.events", |_| {
        "populated 1\nfrozen 0\n".to_owned()
    }),
];

/// cgroup v1 with one tree for each controller, and systemd's.
pub(super) const V1: &[GroupFile] = &[
    changing("cpu,cpuacct", "cpuacct.usage", |n| number(n * 3_000_123)),
    changing("cpu,cpuacct", "cpuacct.stat", |n| {
        format!("user {}\nsystem {}\n", n * 2, n)
    }),
    changing("cpu,cpuacct", "cpu.stat", |n| {
        format!(
            "nr_periods {n}\nnr_throttled {}\nthrottled_time {}\nnr_bursts 0\nburst_time 0\n",
            n / 9,
            n * 70_000
        )
    }),
    changing("memory", "memory.stat", |n| {
        let mut text = String::new();
        for (at, key) in MEMORY_V1.iter().enumerate() {
            let _ = writeln!(
                text,
                "{key} {}",
                (n * 4096).wrapping_mul(at as u64 + 1) % (1 << 33)
            );
        }
        let _ = writeln!(
            text,
            "hierarchical_memory_limit {}\nhierarchical_memsw_limit {}",
            1 << 30,
            1 << 30
        );
        for (at, key) in MEMORY_V1.iter().enumerate() {
            let _ = writeln!(
                text,
                "total_{key} {}",
                (n * 4096).wrapping_mul(at as u64 + 1) % (1 << 33)
            );
        }
        text
    }),
    changing("memory", "memory.usage_in_bytes", |n| {
        number(n * 4096 % (1 << 33))
    }),
    changing("memory", "memory.max_usage_in_bytes", |n| {
        number(n * 8192 % (1 << 34))
    }),
    changing("memory", "memory.kmem.usage_in_bytes", |n| {
        number(n * 512 % (1 << 28))
    }),
    changing("memory", "memory.failcnt", |_| number(0)),
    changing("memory", "memory.oom_control", |_| {
        "oom_kill_disable 0\nunder_oom 0\noom_kill 1\n".to_owned()
    }),
    changing("pids", "pids.current", |n| number(10 + n % 7)),
    changing("blkio", "blkio.throttle.io_service_bytes_recursive", blkio),
    changing("blkio", "blkio.throttle.io_serviced_recursive", blkio),
    fixed("cpu,cpuacct", "cpu.cfs_quota_us", |_| number(200_000)),
    fixed("cpu,cpuacct", "cpu.cfs_period_us", |_| number(100_000)),
    fixed("cpu,cpuacct", "cpu.shares", |_| number(1024)),
    fixed("memory", "memory.limit_in_bytes", |_| number(1 << 30)),
    fixed("memory", "memory.memsw.limit_in_bytes", |_| number(1 << 30)),
    fixed("memory", "memory.soft_limit_in_bytes", |_| {
        number(i64::MAX as u64 & !4095)
    }),
    fixed("memory", "memory.kmem.tcp.usage_in_bytes", |_| number(0)),
    fixed("pids", "pids.max", |_| number(18_880)),
    fixed("pids", "pids.events", |_| "max 0\n".to_owned()),
];

/// The list of processes, and the tree whose list an agent reads.
pub(super) const PROCESSES: &str = "cgroup.procs";
pub(super) const PROCESSES_TREE_V1: &str = "systemd";

const MEMORY_V2: [&str; 48] = [
    "anon",
    "file",
    "kernel",
    "kernel_stack",
    "pagetables",
    "sec_pagetables",
    "percpu",
    "sock",
    "vmalloc",
    "shmem",
    "zswap",
    "zswapped",
    "file_mapped",
    "file_dirty",
    "file_writeback",
    "swapcached",
    "anon_thp",
    "inactive_anon",
    "active_anon",
    "inactive_file",
    "active_file",
    "unevictable",
    "slab_reclaimable",
    "slab_unreclaimable",
    "slab",
    "workingset_refault_anon",
    "workingset_refault_file",
    "workingset_activate_anon",
    "workingset_activate_file",
    "workingset_restore_anon",
    "workingset_restore_file",
    "workingset_nodereclaim",
    "pgscan",
    "pgsteal",
    "pgscan_kswapd",
    "pgscan_direct",
    "pgsteal_kswapd",
    "pgsteal_direct",
    "pgfault",
    "pgmajfault",
    "pgrefill",
    "pgactivate",
    "pgdeactivate",
    "pglazyfree",
    "pglazyfreed",
    "zswpin",
    "zswpout",
    "thp_fault_alloc",
];

const MEMORY_V1: [&str; 20] = [
    "cache",
    "rss",
    "rss_huge",
    "shmem",
    "mapped_file",
    "dirty",
    "writeback",
    "workingset_refault_anon",
    "workingset_refault_file",
    "swap",
    "swapcached",
    "pgpgin",
    "pgpgout",
    "pgfault",
    "pgmajfault",
    "inactive_anon",
    "active_anon",
    "inactive_file",
    "active_file",
    "unevictable",
];

fn number(n: u64) -> String {
    format!("{n}\n")
}

fn pressure(n: u64) -> String {
    format!(
        "some avg10=0.21 avg60=0.12 avg300=0.05 total={}\nfull avg10=0.00 avg60=0.01 avg300=0.00 total={}\n",
        n * 310,
        n * 47
    )
}

fn blkio(n: u64) -> String {
    let (read, write) = (n * 4096, n * 8192);
    let total = read + write;
    format!(
        "259:0 Read {read}\n259:0 Write {write}\n259:0 Sync {write}\n259:0 Async {read}\n259:0 Discard 0\n259:0 Total \
         {total}\nTotal {total}\n"
    )
}
