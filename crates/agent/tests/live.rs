//! The sampler over this machine's own control groups, with real processes. Needs the right to make cgroups.

#![allow(clippy::unwrap_used)]

#[allow(dead_code)]
mod table;

use std::fs;
use std::io;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use agent::sampler::Sampler;
use agent::source::Options;
use table::{row, rows, rows_where};

/// Cgroups of one name in all trees, and processes in them; both go when it does.
struct Trees {
    name: String,
    /// The uid of its pod and the id of the container in it; tests run beside each other.
    uid: String,
    id: String,
    trees: Vec<PathBuf>,
    made: Vec<PathBuf>,
    children: Vec<Child>,
}

/// The mounted trees that the sampler reads.
fn mounted() -> Vec<PathBuf> {
    let table = fs::read_to_string("/proc/self/mountinfo").unwrap();
    let wanted = ["cpu", "cpuacct", "memory", "blkio", "pids"];
    table
        .lines()
        .filter_map(|line| {
            let (mount, fs) = line.split_once(" - ")?;
            let fs: Vec<&str> = fs.split(' ').collect();
            let known = fs[0] == "cgroup2"
                || fs[0] == "cgroup" && fs[2].split(',').any(|o| wanted.contains(&o));
            known.then(|| PathBuf::from(mount.split(' ').nth(4).unwrap()))
        })
        .collect()
}

impl Trees {
    /// `None`, and the reason on standard error, where cgroups cannot be made.
    fn new(test: &str) -> Option<Trees> {
        let name = format!("kansoku-{test}-{}", std::process::id());
        let number = name.bytes().fold(0u64, |sum, b| {
            sum.wrapping_mul(31).wrapping_add(u64::from(b))
        });
        let uid = format!(
            "{:08x}-0000-4000-8000-{:012x}",
            std::process::id(),
            number & 0xffff_ffff_ffff
        );
        let id = format!("{number:064x}");
        let mut trees = Trees {
            name,
            uid,
            id,
            trees: mounted(),
            made: Vec::new(),
            children: Vec::new(),
        };
        if trees.trees.is_empty() {
            eprintln!("skipped: no tree of control groups is mounted");
            return None;
        }
        if let Err(error) = trees.make("") {
            eprintln!("skipped: cannot make control groups: {error}");
            return None;
        }
        Some(trees)
    }

    fn make(&mut self, path: &str) -> io::Result<()> {
        for tree in self.trees.clone() {
            let dir = tree.join(&self.name).join(path);
            fs::create_dir(&dir)?;
            self.made.push(dir);
        }
        Ok(())
    }

    /// Makes a pod with one container; answers the container's path below the test's cgroup.
    fn make_pod(&mut self) -> String {
        let pod = format!("kubepods/pod{}", self.uid);
        let container = format!("{pod}/{}", self.id);
        for path in ["kubepods", &pod, &container] {
            self.make(path).unwrap();
        }
        container
    }

    /// A file of a cgroup, in the tree that has it.
    fn file(&self, path: &str, file: &str) -> Option<PathBuf> {
        self.trees
            .iter()
            .map(|t| t.join(&self.name).join(path).join(file))
            .find(|p| p.exists())
    }

    fn read(&self, path: &str, file: &str) -> Option<String> {
        fs::read_to_string(self.file(path, file)?).ok()
    }

    /// Starts a process that first waits until it is in the cgroup and then runs a script.
    fn run(&mut self, path: &str, script: &str) -> u32 {
        let child = Command::new("sh")
            .args(["-c", &format!("read go; {script}")])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let pid = child.id();
        for tree in &self.trees {
            fs::write(
                tree.join(&self.name).join(path).join("cgroup.procs"),
                pid.to_string(),
            )
            .unwrap();
        }
        self.children.push(child);
        use std::io::Write;
        self.children
            .last_mut()
            .unwrap()
            .stdin
            .take()
            .unwrap()
            .write_all(b"go\n")
            .unwrap();
        pid
    }

    /// CPU time of a cgroup, in microseconds, from its own file.
    fn usage(&self, path: &str) -> i64 {
        match self.read(path, "cpuacct.usage") {
            Some(text) => text.trim().parse::<i64>().unwrap() / 1000,
            None => {
                let text = self.read(path, "cpu.stat").unwrap();
                text.lines()
                    .find_map(|l| l.strip_prefix("usage_usec "))
                    .unwrap()
                    .parse()
                    .unwrap()
            }
        }
    }

    fn stop(&mut self) {
        for mut child in self.children.drain(..) {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    fn remove(&mut self) {
        for dir in self.made.drain(..).rev() {
            // The last process may need a moment to leave.
            let end = Instant::now() + Duration::from_secs(5);
            while fs::remove_dir(&dir).is_err_and(|e| e.kind() != io::ErrorKind::NotFound)
                && Instant::now() < end
            {
                std::thread::sleep(Duration::from_millis(10));
            }
        }
    }
}

impl Drop for Trees {
    fn drop(&mut self) {
        self.stop();
        self.remove();
    }
}

fn now() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_micros() as i64
}

fn sampler() -> Sampler {
    Sampler::new(Options::default()).unwrap()
}

/// User and system time of a process in microseconds, from its stat file.
fn process_usec(pid: u32) -> i64 {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let after = stat.rsplit(')').next().unwrap();
    let fields: Vec<&str> = after.split_whitespace().collect();
    (fields[11].parse::<i64>().unwrap() + fields[12].parse::<i64>().unwrap()) * 10_000
}

#[test]
fn figures_of_a_busy_container_agree_with_its_files_and_with_proc() {
    let Some(mut trees) = Trees::new("busy") else {
        return;
    };
    let path = trees.make_pod();
    let pid = trees.run(&path, "while :; do :; done");
    let mut sampler = sampler();
    // Both files before and after each tick: what the sampler read lies between.
    let both = |trees: &Trees| [trees.usage(&path), process_usec(pid)];
    let before_first = both(&trees);
    sampler.tick(now());
    let after_first = both(&trees);
    std::thread::sleep(Duration::from_millis(1500));
    let before_second = both(&trees);
    let tick = now();
    let batches = sampler.tick(tick);
    let after_second = both(&trees);
    for row in [
        row(&batches, "container", "container_id", &trees.id),
        row(&batches, "pod", "pod_uid", &trees.uid),
    ] {
        let used = row.integer("cpu_usage_usec").unwrap();
        // /proc counts in ticks of ten milliseconds.
        for (source, rounding) in [(0, 0), (1, 20_000)] {
            let least = before_second[source] - after_first[source] - rounding;
            let most = after_second[source] - before_first[source] + rounding;
            assert!(
                (least..=most).contains(&used),
                "{used} is not within {least} to {most}"
            );
        }
        let interval = row.integer("interval_usec").unwrap();
        assert!((1_500_000..20_000_000).contains(&interval), "{interval}");
        // The second time its files were read so long after the tick.
        let delay = row.integer("read_delay_usec").unwrap();
        assert!(
            used <= interval + delay + 20_000,
            "one process cannot use more than one processor: {used} in {interval} and {delay}"
        );
        assert!(used > interval / 20, "it was busy");
        assert_eq!(row.integer("time"), Some(tick));
        assert!(delay < 5_000_000);
        if let Some(pids) = trees.read(&path, "pids.current") {
            assert_eq!(
                row.integer("pids_current"),
                Some(pids.trim().parse().unwrap())
            );
            assert_eq!(row.integer("process_count"), Some(1));
        }
        if let Some(usage) = trees
            .read(&path, "memory.usage_in_bytes")
            .or(trees.read(&path, "memory.current"))
        {
            let usage: i64 = usage.trim().parse().unwrap();
            let ours = row.integer("memory_usage_bytes").unwrap();
            assert!((ours - usage).abs() < 4 << 20, "{ours} and {usage}");
        }
        assert!(row.integer("memory_working_set_bytes") <= row.integer("memory_usage_bytes"));
    }
    let node = rows(&batches, "node")[0];
    assert!(node.integer("cpu_usage_usec").unwrap() > 0);
    assert!(node.integer("pods_running").unwrap() >= 1);
    let cores = fs::read_to_string("/proc/stat")
        .unwrap()
        .lines()
        .filter(|l| l.starts_with("cpu"))
        .count()
        - 1;
    assert_eq!(node.float("node_cpu_cores"), Some(cores as f64));
}

#[test]
fn a_throttled_container_shows_quota_and_throttling() {
    let Some(mut trees) = Trees::new("throttled") else {
        return;
    };
    let path = trees.make_pod();
    let set = match (
        trees.file(&path, "cpu.cfs_quota_us"),
        trees.file(&path, "cpu.max"),
    ) {
        (Some(file), _) => fs::write(file, "10000"),
        (None, Some(file)) => fs::write(file, "10000 100000"),
        (None, None) => {
            eprintln!("skipped: no cpu controller for cgroups made here");
            return;
        }
    };
    set.unwrap();
    trees.run(&path, "while :; do :; done");
    let mut sampler = sampler();
    sampler.tick(now());
    std::thread::sleep(Duration::from_millis(1200));
    let batches = sampler.tick(now());
    let container = row(&batches, "container", "container_id", &trees.id);
    assert_eq!(container.integer("cpu_quota_usec"), Some(10_000));
    assert_eq!(container.integer("cpu_period_usec"), Some(100_000));
    let (periods, throttled) = (
        container.integer("cpu_periods"),
        container.integer("cpu_throttled_periods"),
    );
    assert!(
        periods.unwrap() >= 8 && throttled.unwrap() >= 5,
        "{periods:?} {throttled:?}"
    );
    assert!(container.integer("cpu_throttled_usec").unwrap() > 100_000);
    let share = container.integer("cpu_usage_usec").unwrap() as f64
        / container.integer("interval_usec").unwrap() as f64;
    assert!(
        share < 0.15,
        "{share} of a processor with a quota of a tenth"
    );
}

#[test]
fn a_pods_network_is_told_from_the_hosts() {
    for own in [false, true] {
        let Some(mut trees) = Trees::new(if own { "net-own" } else { "net-host" }) else {
            return;
        };
        if own
            && !Command::new("unshare")
                .args(["-n", "true"])
                .status()
                .is_ok_and(|s| s.success())
        {
            eprintln!("skipped: cannot make a network namespace");
            return;
        }
        let path = trees.make_pod();
        trees.run(
            &path,
            if own {
                "exec unshare -n sleep 60"
            } else {
                "exec sleep 60"
            },
        );
        std::thread::sleep(Duration::from_millis(300));
        let mut sampler = sampler();
        let batches = sampler.tick(now());
        let pod = row(&batches, "pod", "pod_uid", &trees.uid);
        assert_eq!(pod.flag("host_network"), Some(!own));
        // A fresh namespace has lo alone, which has no row.
        assert!(rows_where(&batches, "pod_network", "pod_uid", &trees.uid).is_empty());
    }
}

#[test]
fn a_short_lived_container_leaves_a_receipt_of_what_it_used() {
    let Some(mut trees) = Trees::new("short") else {
        return;
    };
    let mut sampler = sampler();
    sampler.tick(now());
    let watches = sampler.counters().watches;
    let path = trees.make_pod();
    // What a runner does between ticks.
    sampler.poll();
    let born = Instant::now();
    let pid = trees.run(&path, "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done");
    let mut used = 0;
    while trees.children[0].try_wait().unwrap().is_none() {
        used = used.max(trees.usage(&path));
        sampler.poll();
        std::thread::sleep(Duration::from_millis(5));
    }
    // A runtime takes longer than this to remove the cgroup; the kernel announces the end from a queue of its own.
    std::thread::sleep(Duration::from_millis(100));
    let total = trees.usage(&path);
    assert!(total > 0 && fs::metadata(format!("/proc/{pid}")).is_err());
    sampler.poll();
    let lived = born.elapsed();
    trees.children.clear();
    trees.remove();
    sampler.poll();
    let batches = sampler.tick(now());
    let receipt = row(&batches, "container", "container_id", &trees.id);
    assert_eq!(receipt.flag("exited"), Some(true));
    let counted = receipt.integer("lifetime_cpu_usage_usec").unwrap();
    // v2 tells of the last process's end; without it the reading before the directory went is the last.
    let announced = trees
        .trees
        .iter()
        .any(|t| t.join("cgroup.controllers").exists());
    if announced {
        assert!(
            (total - counted).abs() <= total / 20,
            "{counted} of {total}"
        );
    } else {
        assert!(counted <= total);
    }
    assert_eq!(
        receipt.integer("cpu_usage_usec"),
        Some(counted),
        "counted from zero, in its only row"
    );
    let lifetime = Duration::from_micros(receipt.integer("lifetime_usec").unwrap() as u64);
    assert!(
        lifetime + Duration::from_millis(200) >= lived,
        "{lifetime:?} and {lived:?}"
    );
    assert!(
        lifetime < lived + Duration::from_secs(10),
        "{lifetime:?} and {lived:?}"
    );
    assert!(receipt.integer("started_time").is_some());
    let pod = row(&batches, "pod", "pod_uid", &trees.uid);
    assert_eq!(
        (
            pod.flag("exited"),
            pod.integer("lifetime_cpu_usage_usec").is_some()
        ),
        (Some(true), true)
    );
    // Nothing of it stays behind.
    let batches = sampler.tick(now());
    assert!(rows_where(&batches, "pod", "pod_uid", &trees.uid).is_empty());
    // Nor do watches: other tests make cgroups too, but not hundreds.
    for _ in 0..40 {
        trees.make("").unwrap();
        trees.make_pod();
        sampler.poll();
        trees.remove();
        sampler.poll();
    }
    let left = sampler.counters().watches;
    assert!(left < watches + 150, "{left} watches, {watches} before");
}

#[test]
fn a_cgroup_that_exists_in_one_tree_only_has_what_that_tree_tells() {
    let Some(trees) = Trees::new("partial") else {
        return;
    };
    let Some(memory) = trees
        .trees
        .iter()
        .find(|t| t.join("memory.usage_in_bytes").exists())
    else {
        eprintln!("skipped: no tree of v1's memory controller");
        return;
    };
    let dir = memory.join(&trees.name).join("only-memory");
    fs::create_dir(&dir).unwrap();
    // Something to charge it with.
    let mut child = Command::new("sh")
        .args(["-c", "read go"])
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    fs::write(dir.join("cgroup.procs"), child.id().to_string()).unwrap();
    let mut sampler = sampler();
    sampler.tick(now());
    let batches = sampler.tick(now());
    let id = format!("/{}/only-memory", trees.name);
    let row = row(&batches, "container", "container_id", &id);
    assert_eq!(row.integer("process_count"), Some(1));
    assert!(row.integer("memory_usage_bytes").is_some());
    assert_eq!(
        (row.integer("cpu_usage_usec"), row.integer("pids_current")),
        (None, None)
    );
    assert_eq!(row.text("container_kind").as_deref(), Some("scope"));
    child.kill().unwrap();
    child.wait().unwrap();
    fs::remove_dir(&dir).unwrap();
}

#[test]
fn cgroups_that_come_and_go_all_the_time_stop_nothing() {
    let Some(mut trees) = Trees::new("churn") else {
        return;
    };
    let mut sampler = sampler();
    sampler.tick(now());
    let (roots, name, uid) = (trees.trees.clone(), trees.name.clone(), trees.uid.clone());
    let churn = std::thread::spawn(move || {
        let end = Instant::now() + Duration::from_millis(1500);
        let mut made = 0u64;
        while Instant::now() < end {
            for tree in &roots {
                let dir = tree
                    .join(&name)
                    .join(format!("kubepods-pod{}.slice", uid.replace('-', "_")));
                let _ = fs::create_dir(&dir);
                let _ = fs::remove_dir(&dir);
            }
            made += 1;
        }
        made
    });
    let mut ticks = 0;
    while !churn.is_finished() {
        sampler.poll();
        sampler.tick(now());
        ticks += 1;
    }
    assert!(churn.join().unwrap() > 10 && ticks > 1);
    trees.remove();
    sampler.tick(now());
    let batches = sampler.tick(now());
    assert!(rows_where(&batches, "pod", "pod_uid", &trees.uid).is_empty());
    let counters = sampler.counters();
    assert_eq!(counters.failed_batches, 0);
    assert!(
        counters.cgroups_missed + counters.cgroups_ended > 0,
        "{counters:?}"
    );
}

#[test]
fn the_hosts_figures_agree_with_proc() {
    let mut sampler = sampler();
    let stat = |key: &str| -> Vec<i64> {
        fs::read_to_string("/proc/stat")
            .unwrap()
            .lines()
            .find_map(|l| {
                l.strip_prefix(key)
                    .map(|r| r.split_whitespace().map(|n| n.parse().unwrap()).collect())
            })
            .unwrap()
    };
    // Before and after each tick: what the sampler read lies between, however busy the machine is.
    let before_first = stat("cpu ");
    sampler.tick(now());
    let after_first = stat("cpu ");
    std::thread::sleep(Duration::from_millis(600));
    let before_second = stat("cpu ");
    let batches = sampler.tick(now());
    let after_second = stat("cpu ");
    let node = rows(&batches, "node")[0];
    for (column, field) in [
        ("cpu_user_usec", 0),
        ("cpu_system_usec", 2),
        ("cpu_idle_usec", 3),
    ] {
        let ours = node.integer(column).unwrap();
        let least = (before_second[field] - after_first[field]) * 10_000;
        let most = (after_second[field] - before_first[field]) * 10_000;
        assert!(
            (least..=most).contains(&ours),
            "{column}: {ours} is not within {least} to {most}"
        );
    }
    let meminfo = fs::read_to_string("/proc/meminfo").unwrap();
    let total = meminfo
        .lines()
        .find_map(|l| l.strip_prefix("MemTotal:"))
        .unwrap();
    let total: i64 = total.trim().trim_end_matches(" kB").parse().unwrap();
    assert_eq!(node.integer("node_memory_total_bytes"), Some(total * 1024));
    let boot_id = fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap();
    assert_eq!(node.text("boot_id").as_deref(), Some(boot_id.trim()));
    let root = row(&batches, "node_filesystem", "mountpoint", "/");
    assert_eq!(root.text("filesystem_error"), None);
    assert!(
        root.integer("filesystem_size_bytes").unwrap()
            >= root.integer("filesystem_free_bytes").unwrap()
    );
    assert!(rows_where(&batches, "node_network", "interface", "lo").len() == 1);
    let report = sampler.report();
    let meminfo = report
        .files
        .iter()
        .find(|f| f.path == "/proc/meminfo")
        .unwrap();
    assert_eq!(
        (meminfo.state, meminfo.reads, meminfo.mode.as_deref()),
        ("ok", 2, Some("0444"))
    );
}
