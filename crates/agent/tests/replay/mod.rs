//! Recorded trees of `corpus/node`, unpacked into a directory that a sampler reads.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use agent::sampler::Sampler;
use agent::source::{Clock, ManualClock, Options, Roots};
use serde_json::Value;

/// Where a set was recorded to.
pub(crate) fn set_dir(set: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../corpus/node")
        .join(set)
}

/// A JSON file of a set.
pub(crate) fn json(set: &str, file: &str) -> Value {
    let path = set_dir(set).join(file);
    let text = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// A recorded node, at one of its moments.
pub(crate) struct Replay {
    dir: tempfile::TempDir,
    set: String,
    clock: ManualClock,
    first: f64,
    /// When the moment was, in microseconds since 1970.
    pub(crate) time: i64,
}

impl Replay {
    /// Unpacks a set with one of its cgroup snapshots.
    pub(crate) fn new(set: &str, snapshot: &str) -> Replay {
        let replay = Replay {
            dir: tempfile::tempdir().unwrap(),
            set: set.to_owned(),
            clock: ManualClock::default(),
            first: json(set, snapshot)["taken"].as_f64().unwrap(),
            time: 0,
        };
        let proc = replay.roots().proc;
        for dir in ["1/net", "pressure", "sys/kernel/random"] {
            fs::create_dir_all(proc.join(dir)).unwrap();
        }
        fs::write(proc.join("sys/kernel/hostname"), "recorded\n").unwrap();
        fs::write(proc.join("sys/kernel/osrelease"), "6.18.44\n").unwrap();
        fs::write(proc.join("sys/kernel/random/boot_id"), "11111111-2222\n").unwrap();
        // Every mounted tree is there, be it empty.
        let table = fs::read_to_string(set_dir(set).join("proc/1-mountinfo.txt")).unwrap();
        for line in table.lines().filter(|l| l.contains(" - cgroup")) {
            let mount_point = line.split(' ').nth(4).unwrap();
            fs::create_dir_all(replay.dir.path().join(&mount_point[1..])).unwrap();
        }
        for line in fs::read_to_string(set_dir(set).join("container-links.txt"))
            .unwrap()
            .lines()
        {
            let (link, target) = line.split_once(" -> ").unwrap();
            let dir = replay.roots().log.join("containers");
            fs::create_dir_all(&dir).unwrap();
            std::os::unix::fs::symlink(target, dir.join(link)).unwrap();
        }
        for line in fs::read_to_string(set_dir(set).join("pod-directories.txt"))
            .unwrap()
            .lines()
        {
            fs::create_dir_all(replay.roots().log.join("pods").join(line)).unwrap();
        }
        let mut replay = replay;
        replay.go_to(snapshot, "");
        replay
    }

    /// Where a sampler finds the host.
    pub(crate) fn roots(&self) -> Roots {
        Roots::under(self.dir.path())
    }

    /// A path of the recorded host.
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.dir.path().join(path.trim_start_matches('/'))
    }

    /// A sampler of it.
    pub(crate) fn sampler(&self) -> Sampler {
        Sampler::new(self.options()).unwrap()
    }

    /// What a sampler of it is asked for.
    pub(crate) fn options(&self) -> Options {
        Options {
            cluster: Some("recorded".into()),
            node: Some("node-1".into()),
            roots: self.roots(),
            clock: Clock::Manual(self.clock.clone()),
            ..Options::default()
        }
    }

    /// Goes to another moment: files of /proc with a suffix, and a cgroup snapshot. What is not in it goes.
    pub(crate) fn go_to(&mut self, snapshot: &str, suffix: &str) {
        let proc = self.roots().proc;
        for (from, to) in [
            ("stat", "stat"),
            ("meminfo", "meminfo"),
            ("vmstat", "vmstat"),
            ("loadavg", "loadavg"),
            ("diskstats", "diskstats"),
            ("cpuinfo", "cpuinfo"),
            ("net-dev", "1/net/dev"),
            ("net-snmp", "1/net/snmp"),
            ("net-netstat", "1/net/netstat"),
            ("1-mountinfo", "1/mountinfo"),
            ("pressure/cpu", "pressure/cpu"),
            ("pressure/memory", "pressure/memory"),
            ("pressure/io", "pressure/io"),
        ] {
            let from = set_dir(&self.set).join(format!("proc/{from}{suffix}.txt"));
            if let Ok(text) = fs::read(from) {
                fs::write(proc.join(to), text).unwrap();
            }
        }
        let recorded = json(&self.set, snapshot);
        let taken = recorded["taken"].as_f64().unwrap();
        // The monotonic clock begins with the first moment.
        let monotonic = ((taken - self.first) * 1e6) as u64 + 1_000_000;
        self.time = (taken * 1e6) as i64;
        self.clock.set(monotonic, self.time);
        let mut present = BTreeSet::new();
        for (path, file) in recorded["files"].as_object().unwrap() {
            let path = self.path(path);
            for dir in path
                .ancestors()
                .skip(1)
                .take_while(|d| *d != self.dir.path())
            {
                present.insert(dir.to_owned());
            }
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            // In place: a sampler that has it open reads the new text, as with a kernel's file.
            fs::write(&path, file["text"].as_str().unwrap()).unwrap();
        }
        remove_others(&self.path("/sys/fs/cgroup"), &present);
    }

    /// Sets the clock some microseconds on.
    pub(crate) fn wait(&mut self, usec: u64) {
        let taken = self.time + usec as i64;
        let monotonic = (taken as f64 - self.first * 1e6) as u64 + 1_000_000;
        self.time = taken;
        self.clock.set(monotonic, taken);
    }

    /// Makes a process: its command's name and its cgroup.
    pub(crate) fn process(&self, pid: u32, comm: &str, cgroup: &str, net_dev: &[u8]) {
        let dir = self.roots().proc.join(pid.to_string());
        fs::create_dir_all(dir.join("net")).unwrap();
        fs::write(dir.join("comm"), format!("{comm}\n")).unwrap();
        fs::write(
            dir.join("cgroup"),
            format!("4:memory:{cgroup}\n0::{cgroup}\n"),
        )
        .unwrap();
        fs::write(dir.join("net/dev"), net_dev).unwrap();
    }
}

/// Removes cgroups below the second level, where trees begin, that are not in a snapshot.
fn remove_others(dir: &Path, present: &BTreeSet<PathBuf>) {
    let Ok(entries) = fs::read_dir(dir) else {
        return;
    };
    for entry in entries
        .flatten()
        .filter(|e| e.file_type().is_ok_and(|t| t.is_dir()))
    {
        let path = entry.path();
        if path
            .components()
            .any(|c| c.as_os_str().to_string_lossy().starts_with("kubepods"))
            && !present.contains(&path)
        {
            fs::remove_dir_all(&path).unwrap();
        } else {
            remove_others(&path, present);
        }
    }
}
