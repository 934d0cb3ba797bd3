//! What a simulated node has besides control groups: this machine's `/proc`, copied, and processes in networks of
//! their own.

use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use crate::bench::Failure;

const COPIED: [&str; 16] = [
    "stat",
    "loadavg",
    "meminfo",
    "vmstat",
    "diskstats",
    "cpuinfo",
    "pressure/cpu",
    "pressure/memory",
    "pressure/io",
    "sys/kernel/random/boot_id",
    "sys/kernel/pid_max",
    "sys/fs/file-nr",
    "1/net/dev",
    "1/net/snmp",
    "1/net/netstat",
    "1/net/sockstat",
];

/// Copies this machine's figures; a file that it has not is left out.
pub(super) fn copy(root: &Path) -> Result<(), Failure> {
    for name in COPIED {
        let Ok(bytes) = fs::read(Path::new("/proc").join(name)) else {
            continue;
        };
        let to = root.join("proc").join(name);
        fs::create_dir_all(to.parent().unwrap_or(root))?;
        fs::write(to, bytes)?;
    }
    let namespaces = root.join("proc/1/ns");
    fs::create_dir_all(&namespaces)?;
    symlink("net:[4026531840]", namespaces.join("net"))?;
    fs::create_dir_all(root.join("sys/class/net"))?;
    Ok(())
}

/// The mount table, with the trees below `/sys/fs/cgroup`; one tree without a name is v2.
pub(super) fn mounts(root: &Path, trees: &[&str]) -> Result<(), Failure> {
    let mut table = "21 1 254:0 / / rw - ext4 /dev/root rw\n".to_owned();
    for (at, tree) in trees.iter().enumerate() {
        let _ = match *tree {
            "" => writeln!(table, "30 21 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw"),
            "systemd" => writeln!(
                table,
                "{} 21 0:{} / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,name=systemd",
                30 + at,
                26 + at
            ),
            tree => writeln!(
                table,
                "{} 21 0:{} / /sys/fs/cgroup/{tree} rw - cgroup cgroup rw,{tree}",
                30 + at,
                26 + at
            ),
        };
    }
    fs::write(root.join("proc/1/mountinfo"), table)?;
    Ok(())
}

/// A process of a container, in a network namespace of its own.
pub(super) fn process(root: &Path, pid: usize, group: &str) -> Result<(), Failure> {
    let dir = root.join("proc").join(pid.to_string());
    fs::create_dir_all(dir.join("net"))?;
    fs::create_dir_all(dir.join("ns"))?;
    fs::write(dir.join("cgroup"), format!("0::{group}\n"))?;
    symlink(
        format!("net:[{}]", 4_026_540_000 + pid / 10),
        dir.join("ns/net"),
    )?;
    fs::write(
        dir.join("net/dev"),
        format!(
            "Inter-|   Receive                                                |  Transmit\n \
             face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed\n\
             {:>6}: 1204500    8000    0    0    0     0          0         0  1204500    8000    0    0    0     0       0          0\n\
             {:>6}: {} 912345    0    3    0     0          0         0 {} 801234    0    0    0     0       0          0\n",
            "lo",
            "eth0",
            pid * 1_000_003,
            pid * 700_001
        ),
    )?;
    Ok(())
}
