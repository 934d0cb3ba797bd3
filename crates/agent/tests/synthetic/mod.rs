//! A node of any size, made up in a directory: pods with a pause container and others, v1 or v2, with the files that a
//! kernel gives them.

use std::fs;
use std::path::{Path, PathBuf};

use agent::source::{Options, Roots};

/// Which layout of control groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    /// Each controller apart.
    V1,
    /// One tree.
    V2,
    /// Each controller apart, beside a v2 tree without one, from which the kubelet removes nothing.
    Hybrid,
}

/// What the v2 tree of a hybrid machine has.
const BESIDE: &[(&str, &str)] = &[
    ("cgroup.controllers", "hugetlb\n"),
    ("cgroup.events", "populated 0\nfrozen 0\n"),
    ("cgroup.procs", ""),
    ("cpu.pressure", PRESSURE),
];

const V1: [(&str, &[(&str, &str)]); 5] = [
    (
        "cpuacct",
        &[
            ("cpuacct.usage", "1858250290\n"),
            ("cpuacct.stat", "user 88\nsystem 97\n"),
        ],
    ),
    (
        "cpu",
        &[
            (
                "cpu.stat",
                "nr_periods 1192\nnr_throttled 7\nthrottled_time 81000000\nnr_bursts 0\nburst_time 0\n",
            ),
            ("cpu.cfs_quota_us", "20000\n"),
            ("cpu.cfs_period_us", "100000\n"),
            ("cpu.shares", "51\n"),
        ],
    ),
    (
        "memory",
        &[
            ("memory.usage_in_bytes", "557056\n"),
            ("memory.stat", MEMORY_STAT_V1),
            (
                "memory.oom_control",
                "oom_kill_disable 0\nunder_oom 0\noom_kill 0\n",
            ),
            ("memory.failcnt", "0\n"),
            ("memory.max_usage_in_bytes", "2777088\n"),
            ("memory.kmem.usage_in_bytes", "262144\n"),
            ("memory.limit_in_bytes", "33554432\n"),
            ("memory.memsw.limit_in_bytes", "33554432\n"),
            ("memory.soft_limit_in_bytes", "9223372036854771712\n"),
            ("memory.kmem.tcp.usage_in_bytes", "0\n"),
        ],
    ),
    (
        "blkio",
        &[
            (
                "blkio.throttle.io_service_bytes_recursive",
                "254:0 Read 4096\n254:0 Write 8192\n254:0 Total 12288\nTotal 12288\n",
            ),
            (
                "blkio.throttle.io_serviced_recursive",
                "254:0 Read 1\n254:0 Write 2\n254:0 Total 3\nTotal 3\n",
            ),
        ],
    ),
    (
        "pids",
        &[
            ("pids.current", "2\n"),
            ("pids.max", "max\n"),
            ("pids.events", "max 0\n"),
            ("cgroup.procs", "595\n23126\n"),
        ],
    ),
];

const V2: &[(&str, &str)] = &[
    ("cgroup.controllers", "cpu io memory pids\n"),
    ("cgroup.events", "populated 1\nfrozen 0\n"),
    ("cgroup.procs", "2719\n3578\n"),
    (
        "cpu.stat",
        "usage_usec 2850000\nuser_usec 2606377\nsystem_usec 243622\nnr_periods 12\nnr_throttled 1\nthrottled_usec 100\nnr_bursts 0\nburst_usec 0\n",
    ),
    ("cpu.max", "20000 100000\n"),
    ("cpu.weight", "2\n"),
    ("memory.current", "1409024\n"),
    ("memory.stat", MEMORY_STAT_V2),
    (
        "memory.events",
        "low 0\nhigh 0\nmax 3\noom 0\noom_kill 0\noom_group_kill 0\n",
    ),
    ("memory.swap.current", "0\n"),
    ("memory.peak", "2146304\n"),
    ("memory.max", "33554432\n"),
    ("memory.high", "max\n"),
    ("memory.low", "0\n"),
    ("memory.swap.max", "0\n"),
    (
        "io.stat",
        "98:0 rbytes=0 wbytes=25165824 rios=0 wios=218 dbytes=0 dios=0\n",
    ),
    ("pids.current", "2\n"),
    ("pids.max", "max\n"),
    ("pids.events", "max 0\n"),
    ("cpu.pressure", PRESSURE),
    ("memory.pressure", PRESSURE),
    ("io.pressure", PRESSURE),
];

const PRESSURE: &str = "some avg10=60.02 avg60=34.13 avg300=11.05 total=50101574\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=12\n";

const MEMORY_STAT_V1: &str = "cache 16384\nrss 98304\nrss_huge 0\nshmem 0\nmapped_file 0\ndirty 0\nwriteback 0\nworkingset_refault_anon 0\nworkingset_refault_file 1\nswap 0\nswapcached 0\npgpgin 6976\npgpgout 6948\npgfault 23009\npgmajfault 0\ninactive_anon 94208\nactive_anon 4096\ninactive_file 0\nactive_file 16384\nunevictable 0\nhierarchical_memory_limit 33554432\nhierarchical_memsw_limit 33554432\ntotal_cache 16384\ntotal_rss 98304\ntotal_rss_huge 0\ntotal_shmem 0\ntotal_mapped_file 0\ntotal_dirty 0\ntotal_writeback 0\ntotal_workingset_refault_anon 0\ntotal_workingset_refault_file 1\ntotal_swap 0\ntotal_swapcached 0\ntotal_pgpgin 6976\ntotal_pgpgout 6948\ntotal_pgfault 23009\ntotal_pgmajfault 0\ntotal_inactive_anon 94208\ntotal_active_anon 4096\ntotal_inactive_file 8192\ntotal_active_file 16384\ntotal_unevictable 0\n";

const MEMORY_STAT_V2: &str = "anon 106496\nfile 1081344\nkernel 221184\nkernel_stack 32768\npagetables 36864\nsec_pagetables 0\npercpu 0\nsock 0\nvmalloc 0\nshmem 0\nzswap 0\nzswapped 0\nfile_mapped 0\nfile_dirty 0\nfile_writeback 0\nswapcached 0\ninactive_anon 102400\nactive_anon 4096\ninactive_file 1048576\nactive_file 32768\nunevictable 0\nslab_reclaimable 99664\nslab_unreclaimable 49512\nslab 149176\nworkingset_refault_anon 0\nworkingset_refault_file 0\nworkingset_activate_anon 0\nworkingset_activate_file 0\nworkingset_restore_anon 0\nworkingset_restore_file 0\nworkingset_nodereclaim 0\npgscan 0\npgsteal 0\npgscan_kswapd 0\npgscan_direct 0\npgsteal_kswapd 0\npgsteal_direct 0\npgfault 8677\npgmajfault 0\npgrefill 0\npgactivate 3\npgdeactivate 0\npglazyfree 0\npglazyfreed 0\nzswpin 0\nzswpout 0\n";

/// A directory for a node: in memory where there is some, for its thousands of files.
pub(crate) fn directory() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() {
        tempfile::tempdir_in(memory).unwrap()
    } else {
        tempfile::tempdir().unwrap()
    }
}

/// A made-up node.
#[derive(Debug)]
pub(crate) struct Synthetic {
    root: PathBuf,
    layout: Layout,
}

/// The uid of the pod of a number.
pub(crate) fn uid(pod: usize) -> String {
    format!("{pod:08x}-0000-4000-8000-000000000000")
}

/// The id of a pod's container of a number; 0 is the pause container.
pub(crate) fn id(pod: usize, container: usize) -> String {
    format!("{pod:032x}{container:032x}")
}

impl Synthetic {
    /// An empty node in a directory; what is in `/proc` is this machine's.
    pub(crate) fn new(root: &Path, layout: Layout) -> Synthetic {
        let node = Synthetic {
            root: root.to_owned(),
            layout,
        };
        let proc = root.join("proc");
        for dir in ["1/net", "pressure"] {
            fs::create_dir_all(proc.join(dir)).unwrap();
        }
        for file in [
            "stat",
            "meminfo",
            "vmstat",
            "loadavg",
            "diskstats",
            "pressure/cpu",
            "pressure/memory",
            "pressure/io",
        ] {
            if let Ok(text) = fs::read(Path::new("/proc").join(file)) {
                fs::write(proc.join(file), text).unwrap();
            }
        }
        for file in ["dev", "snmp", "netstat", "sockstat"] {
            let text = fs::read(Path::new("/proc/self/net").join(file)).unwrap_or_default();
            fs::write(proc.join("1/net").join(file), text).unwrap();
        }
        let table: String = match layout {
            Layout::V2 => "31 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n".to_owned(),
            Layout::V1 | Layout::Hybrid => V1
                .iter()
                .enumerate()
                .map(|(i, (name, _))| {
                    format!(
                        "{} 23 0:{} / /sys/fs/cgroup/{name} rw - cgroup cgroup rw,{name}\n",
                        40 + i,
                        40 + i
                    )
                })
                .chain((layout == Layout::Hybrid).then(|| {
                    "31 23 0:26 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n".to_owned()
                }))
                .collect(),
        };
        fs::write(proc.join("1/mountinfo"), table).unwrap();
        for dir in node.trees() {
            fs::create_dir_all(dir).unwrap();
        }
        if layout == Layout::V2 {
            fs::write(
                node.trees()[0].join("cgroup.controllers"),
                "cpu io memory pids\n",
            )
            .unwrap();
        }
        if layout == Layout::Hybrid {
            write_all(&root.join("sys/fs/cgroup/unified"), BESIDE);
        }
        node
    }

    /// Where the trees with controllers are.
    pub(crate) fn trees(&self) -> Vec<PathBuf> {
        let base = self.root.join("sys/fs/cgroup");
        match self.layout {
            Layout::V1 | Layout::Hybrid => V1.iter().map(|(name, _)| base.join(name)).collect(),
            Layout::V2 => vec![base],
        }
    }

    /// The path of a pod below a tree.
    pub(crate) fn pod(pod: usize) -> String {
        format!("kubepods/burstable/pod{}", uid(pod))
    }

    /// Makes a cgroup with its files, the tree's directory first and then its files, as a kernel has both at once.
    pub(crate) fn cgroup(&self, path: &str) {
        match self.layout {
            Layout::V1 | Layout::Hybrid => {
                if self.layout == Layout::Hybrid {
                    write_all(&self.root.join("sys/fs/cgroup/unified").join(path), BESIDE);
                }
                for (tree, files) in V1 {
                    write_all(
                        &self.root.join("sys/fs/cgroup").join(tree).join(path),
                        files,
                    );
                }
            }
            Layout::V2 => write_all(&self.root.join("sys/fs/cgroup").join(path), V2),
        }
    }

    /// Makes pods of a pause container and `containers` others, with the names that the kubelet leaves in logs.
    pub(crate) fn pods(&self, pods: std::ops::Range<usize>, containers: usize) {
        let log = self.root.join("var/log");
        fs::create_dir_all(log.join("containers")).unwrap();
        self.cgroup("kubepods");
        self.cgroup("kubepods/burstable");
        for pod in pods {
            self.cgroup(&Self::pod(pod));
            fs::create_dir_all(log.join(format!("pods/default_pod-{pod}_{}", uid(pod)))).unwrap();
            for container in 0..=containers {
                let id = id(pod, container);
                self.cgroup(&format!("{}/{id}", Self::pod(pod)));
                if container > 0 {
                    let link = log.join(format!(
                        "containers/pod-{pod}_default_c{container}-{id}.log"
                    ));
                    fs::write(link, "").unwrap();
                }
            }
        }
    }

    /// Writes a file of a cgroup anew, in place.
    pub(crate) fn set(&self, tree: &str, path: &str, file: &str, text: &str) {
        let base = self.root.join("sys/fs/cgroup");
        let base = match self.layout {
            Layout::V2 => base,
            Layout::V1 | Layout::Hybrid => base.join(tree),
        };
        fs::write(base.join(path).join(file), text).unwrap();
    }

    /// Removes a cgroup from every tree that has a controller.
    pub(crate) fn remove(&self, path: &str) {
        for tree in self.trees() {
            let _ = fs::remove_dir_all(tree.join(path));
        }
    }

    /// What a sampler of it is asked for.
    pub(crate) fn options(&self) -> Options {
        Options {
            cluster: Some("synthetic".into()),
            node: Some("node-1".into()),
            roots: Roots::under(&self.root),
            filesystem_wait_usec: 1000,
            ..Options::default()
        }
    }
}

fn write_all(dir: &Path, files: &[(&str, &str)]) {
    fs::create_dir_all(dir).unwrap();
    for (name, text) in files {
        fs::write(dir.join(name), text).unwrap();
    }
}
