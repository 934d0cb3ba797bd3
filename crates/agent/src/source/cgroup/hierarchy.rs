//! Which hierarchies of control groups are mounted, and where.

use std::path::{Path, PathBuf};

use crate::source::options::Roots;
use crate::source::parse::mounts::{Mount, has_option, mountinfo, unescape};

/// A controller whose files are read, or a hierarchy that has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Controller {
    /// Everything of cgroup v2.
    Unified,
    /// v1: bandwidth control.
    Cpu,
    /// v1: CPU time.
    Cpuacct,
    /// v1: memory.
    Memory,
    /// v1: block I/O.
    Blkio,
    /// v1: tasks.
    Pids,
    /// v1: systemd's own hierarchy without a controller, where every unit has a cgroup.
    Named,
}

impl Controller {
    const V1: [(&'static [u8], Controller); 6] = [
        (b"cpu", Controller::Cpu),
        (b"cpuacct", Controller::Cpuacct),
        (b"memory", Controller::Memory),
        (b"blkio", Controller::Blkio),
        (b"pids", Controller::Pids),
        (b"name=systemd", Controller::Named),
    ];
}

/// A set of controllers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Controllers(u8);

impl Controllers {
    /// Whether a controller is in the set.
    pub(crate) fn has(self, controller: Controller) -> bool {
        self.0 & (1 << controller as u8) != 0
    }

    /// Adds a controller.
    pub(crate) fn insert(&mut self, controller: Controller) {
        self.0 |= 1 << controller as u8;
    }

    /// Adds all of another set.
    pub(crate) fn extend(&mut self, other: Controllers) {
        self.0 |= other.0;
    }

    /// Removes all of another set.
    pub(crate) fn remove(&mut self, other: Controllers) {
        self.0 &= !other.0;
    }

    /// Those that are not in another set.
    pub(crate) fn without(self, other: Controllers) -> Controllers {
        Controllers(self.0 & !other.0)
    }

    /// Whether there is none.
    pub(crate) fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// How control groups are laid out on this machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// No cgroup file system is mounted, or none can be seen.
    None,
    /// Controllers are mounted one by one or in groups.
    V1,
    /// One tree for everything.
    V2,
    /// v1 controllers beside a v2 tree.
    Hybrid,
}

impl Version {
    /// The word in the catalogue's `cgroup_version`.
    pub fn word(self) -> Option<&'static str> {
        match self {
            Version::None => None,
            Version::V1 => Some("v1"),
            Version::V2 => Some("v2"),
            Version::Hybrid => Some("hybrid"),
        }
    }
}

/// A mounted tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CgroupMount {
    /// Where it is seen from here.
    pub(crate) dir: PathBuf,
    /// Whose files it has.
    pub(crate) controllers: Controllers,
    device: (u64, u64),
}

/// The mounted trees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hierarchy {
    /// The layout.
    pub(crate) version: Version,
    /// The trees, each once.
    pub(crate) mounts: Vec<CgroupMount>,
}

impl Hierarchy {
    /// Finds the trees in a mount table. `exists` says whether a directory can be seen from here: a table of another
    /// mount namespace may name some that cannot.
    pub(crate) fn detect(table: &[u8], roots: &Roots, exists: impl Fn(&Path) -> bool) -> Hierarchy {
        let mut mounts: Vec<CgroupMount> = Vec::new();
        // A tree bound somewhere in part is only a part: whole ones first.
        for whole in [true, false] {
            for mount in mountinfo(table) {
                let controllers = controllers_of(&mount);
                if controllers.is_empty() || (mount.root == b"/") != whole {
                    continue;
                }
                let device = (mount.major, mount.minor);
                if mounts
                    .iter()
                    .any(|m| m.device == device || m.controllers == controllers)
                {
                    continue;
                }
                let dir = seen_from_here(mount.mount_point, roots);
                if exists(&dir) {
                    mounts.push(CgroupMount {
                        dir,
                        controllers,
                        device,
                    });
                }
            }
        }
        let v2 = mounts
            .iter()
            .any(|m| m.controllers.has(Controller::Unified));
        let v1 = mounts.iter().any(|m| {
            let mut rest = m.controllers;
            rest.remove(Controllers(
                1 << Controller::Unified as u8 | 1 << Controller::Named as u8,
            ));
            !rest.is_empty()
        });
        let version = match (v1, v2) {
            (true, true) => Version::Hybrid,
            (true, false) => Version::V1,
            (false, true) => Version::V2,
            (false, false) => Version::None,
        };
        Hierarchy { version, mounts }
    }

    /// The trees that do not make a cgroup: beside v1's controllers, a v2 tree that has none of those that measure (`on`
    /// is what its `cgroup.controllers` says). A kubelet that knows v1 alone removes its pods from the trees of
    /// controllers and leaves them in that one for ever.
    pub(crate) fn accessory(&self, on: &[u8]) -> Controllers {
        let mut accessory = Controllers::default();
        let measures = on
            .split(u8::is_ascii_whitespace)
            .any(|word| [&b"cpu"[..], b"memory", b"io", b"pids"].contains(&word));
        if self.version == Version::Hybrid && !measures {
            accessory.insert(Controller::Unified);
        }
        accessory
    }

    /// The tree with a controller's files.
    pub(crate) fn mount_of(&self, controller: Controller) -> Option<&CgroupMount> {
        self.mounts.iter().find(|m| m.controllers.has(controller))
    }
}

fn controllers_of(mount: &Mount<'_>) -> Controllers {
    let mut controllers = Controllers::default();
    match mount.fs_type {
        b"cgroup2" => controllers.insert(Controller::Unified),
        b"cgroup" => {
            for (name, controller) in Controller::V1 {
                if has_option(mount.super_options, name) {
                    controllers.insert(controller);
                }
            }
        }
        _ => {}
    }
    controllers
}

/// Where a mount point of the host is seen from here: below the host's `/sys` if it is there, else below its `/`.
fn seen_from_here(mount_point: &[u8], roots: &Roots) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    let mut plain = Vec::with_capacity(mount_point.len());
    unescape(mount_point, &mut plain);
    let path = Path::new(std::ffi::OsStr::from_bytes(&plain));
    match path.strip_prefix("/sys") {
        Ok(rest) => roots.sys.join(rest),
        Err(_) => roots.host.join(path.strip_prefix("/").unwrap_or(path)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detect(table: &[u8]) -> Hierarchy {
        Hierarchy::detect(table, &Roots::under(Path::new("/host")), |_| true)
    }

    #[test]
    fn a_hybrid_machine_with_each_controller_apart() {
        let found = detect(
            b"32 31 0:29 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n\
              33 31 0:30 / /sys/fs/cgroup/cpuacct rw - cgroup cgroup rw,cpuacct\n\
              34 31 0:31 / /sys/fs/cgroup/cpuset rw - cgroup cgroup rw,cpuset\n\
              35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n\
              40 31 0:37 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,name=systemd\n\
              41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n",
        );
        assert_eq!(found.version, Version::Hybrid);
        assert!(found.accessory(b"\n").has(Controller::Unified));
        assert!(
            found.accessory(b"memory\n").is_empty(),
            "v2 has a controller"
        );
        assert_eq!(found.mounts.len(), 5, "cpuset has nothing that is read");
        let cpuacct = found.mount_of(Controller::Cpuacct).unwrap();
        assert_eq!(cpuacct.dir, Path::new("/host/sys/fs/cgroup/cpuacct"));
        assert!(!cpuacct.controllers.has(Controller::Cpu));
    }

    #[test]
    fn cpu_and_cpuacct_mounted_together_are_one_tree() {
        let found = detect(
            b"33 31 0:30 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n\
              36 31 0:30 / /cgroup/again rw - cgroup cgroup rw,cpu,cpuacct\n",
        );
        assert_eq!((found.version, found.mounts.len()), (Version::V1, 1));
        assert_eq!(
            found.mount_of(Controller::Cpu),
            found.mount_of(Controller::Cpuacct)
        );
    }

    #[test]
    fn a_pure_v2_machine_and_one_whose_systemd_has_a_v1_tree() {
        let v2 = &b"31 23 0:26 / /sys/fs/cgroup rw shared:4 - cgroup2 cgroup2 rw,nsdelegate\n"[..];
        assert_eq!(detect(v2).version, Version::V2);
        let named = [
            v2,
            b"40 31 0:37 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,name=systemd\n",
        ]
        .concat();
        assert_eq!(detect(&named).version, Version::V2);
        assert_eq!(
            detect(b"27 1 254:0 / / rw - ext4 /dev/vda rw\n").version,
            Version::None
        );
    }

    #[test]
    fn mounts_elsewhere_and_parts_of_trees() {
        let found = detect(
            b"1 0 0:40 /kubepods /run/bound rw - cgroup cgroup rw,memory\n\
              2 0 0:40 / /dev/my\\040cgroup rw - cgroup cgroup rw,memory\n",
        );
        assert_eq!(found.mounts.len(), 1);
        assert_eq!(found.mounts[0].dir, Path::new("/host/dev/my cgroup"));
    }

    #[test]
    fn what_cannot_be_seen_is_left_out() {
        let table = b"31 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n";
        let found = Hierarchy::detect(table, &Roots::default(), |_| false);
        assert_eq!((found.version, found.mounts.len()), (Version::None, 0));
    }
}
