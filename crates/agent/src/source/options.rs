//! Where a sampler reads and how much.

use std::path::{Path, PathBuf};

use super::clock::Clock;
use super::kubelet::KubeletOptions;

/// Where the host's directories are seen from here. In a pod they are mounted elsewhere, `/host/proc` and so on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Roots {
    /// The host's `/proc`.
    pub proc: PathBuf,
    /// The host's `/sys`.
    pub sys: PathBuf,
    /// The host's `/var/log`, whose names tell which pod and container a cgroup belongs to.
    pub log: PathBuf,
    /// The host's `/`: sizes of file systems, `/etc`, names that Docker and Podman keep. It may be missing.
    pub host: PathBuf,
}

impl Default for Roots {
    fn default() -> Self {
        Roots::under(Path::new("/"))
    }
}

impl Roots {
    /// All of them below one directory: `/`, `/host`, or where a recorded tree was unpacked.
    pub fn under(host: &Path) -> Roots {
        Roots {
            proc: host.join("proc"),
            sys: host.join("sys"),
            log: host.join("var/log"),
            host: host.to_owned(),
        }
    }
}

/// What a sampler is to read.
#[derive(Debug, Clone)]
pub struct Options {
    /// Name of the cluster; `None` leaves the column null.
    pub cluster: Option<String>,
    /// Name of the node; `None` takes the kernel's host name.
    pub node: Option<String>,
    /// Where the host's directories are.
    pub roots: Roots,
    /// Whether the roots are the host's. If not, as in a pod without host paths, they are this container's own: the
    /// node's CPU, memory and disks are seen there all the same, and the rest is made of the kubelet's answers.
    pub mounted: bool,
    /// How the kubelet is asked; `None`: it is not.
    pub kubelet: Option<KubeletOptions>,
    /// Most cgroups to measure. What is left out is counted and reported.
    pub max_cgroups: usize,
    /// Most file systems, disks or interfaces to measure, each. What is left out is counted and reported.
    pub max_devices: usize,
    /// Most descriptors of cgroup files to keep open; a kept one also holds a page of kernel memory. The process'
    /// own limit may set a lower one.
    pub max_kept_files: usize,
    /// Whether to be told by inotify of cgroups that come and go, and not find them by walks alone.
    pub announcements: bool,
    /// How often a mount of cgroups is walked although nothing was announced, in microseconds. With several mounts
    /// (v1) one is walked each time.
    pub rescan_usec: u64,
    /// How often limits of cgroups are read, in microseconds. Those of CPU and memory are read besides when they are
    /// changed; where that is not announced, all are read at least once a minute.
    pub slow_usec: u64,
    /// How often mounts, and what disks and interfaces are, is read, in microseconds.
    pub devices_usec: u64,
    /// Whether partitions have rows besides their disks.
    pub partitions: bool,
    /// Whether the host's ends of pods' interfaces (`veth*`) have rows; the pods' ends have theirs.
    pub veth: bool,
    /// Whether file systems on other machines are asked for their size. A dead server holds up a helper thread, never
    /// a tick.
    pub network_filesystems: bool,
    /// How long a tick waits for file systems to tell their size, in microseconds.
    pub filesystem_wait_usec: u64,
    /// The clocks.
    pub clock: Clock,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            cluster: None,
            node: None,
            roots: Roots::default(),
            mounted: true,
            kubelet: None,
            max_cgroups: 4096,
            max_devices: 512,
            max_kept_files: 16_384,
            announcements: true,
            rescan_usec: 60_000_000,
            slow_usec: 300_000_000,
            devices_usec: 60_000_000,
            partitions: false,
            veth: false,
            network_filesystems: false,
            filesystem_wait_usec: 100_000,
            clock: Clock::System,
        }
    }
}
