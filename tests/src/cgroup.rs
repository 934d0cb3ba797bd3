//! A control group of a test's own, in every mounted tree that counts CPU time.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use crate::process::wait_until;

/// A cgroup named like a systemd unit; removed when dropped, after its processes have ended.
#[derive(Debug)]
pub struct Cgroup {
    folders: Vec<PathBuf>,
}

impl Cgroup {
    /// Makes it and puts a process in. `None`, said on standard error, where this user may not.
    pub fn with(name: &str, pid: u32) -> Option<Cgroup> {
        let mut cgroup = Cgroup {
            folders: Vec::new(),
        };
        for mount in mounts() {
            let folder = mount.join(name);
            let made = fs::create_dir(&folder).and_then(|()| {
                cgroup.folders.push(folder.clone());
                fs::write(folder.join("cgroup.procs"), pid.to_string())
            });
            if let Err(error) = made {
                eprintln!("no cgroup for this test: {}: {error}", folder.display());
                return None;
            }
        }
        // Without a file that counts, as in a v2 tree whose controllers are elsewhere, there is nothing to compare.
        (cgroup.cpu_usec().is_some()).then_some(cgroup)
    }

    /// CPU time used so far, in microseconds, as the kernel says.
    pub fn cpu_usec(&self) -> Option<u64> {
        self.folders.iter().find_map(|folder| {
            let v1 = fs::read_to_string(folder.join("cpuacct.usage")).ok();
            if let Some(nanoseconds) = v1.and_then(|text| text.trim().parse::<u64>().ok()) {
                return Some(nanoseconds / 1000);
            }
            let v2 = fs::read_to_string(folder.join("cpu.stat")).ok()?;
            v2.lines()
                .find_map(|line| line.strip_prefix("usage_usec ")?.parse().ok())
        })
    }
}

impl Drop for Cgroup {
    fn drop(&mut self) {
        for folder in &self.folders {
            // A cgroup is busy until the kernel has buried the last process.
            let _ = wait_until(Duration::from_secs(5), || fs::remove_dir(folder).ok());
        }
    }
}

/// Where trees are mounted that count CPU time: v1's cpuacct, or v2.
fn mounts() -> Vec<PathBuf> {
    let mounts = fs::read_to_string("/proc/self/mounts").unwrap();
    let of = |wanted: &dyn Fn(&[&str]) -> bool| -> Vec<PathBuf> {
        let lines = mounts
            .lines()
            .map(|line| line.split(' ').collect::<Vec<_>>());
        lines
            .filter(|fields| wanted(fields))
            .map(|fields| PathBuf::from(fields[1]))
            .collect()
    };
    let v1 = of(&|fields| {
        fields[2] == "cgroup"
            && fields[3]
                .split(',')
                .any(|o| ["cpu", "cpuacct", "memory"].contains(&o))
    });
    if v1.is_empty() {
        of(&|fields| fields[2] == "cgroup2")
    } else {
        v1
    }
}
