//! Noticing cgroups that come and go: inotify on their directories, and walks.
//!
//! The kernel reports `mkdir` and `rmdir` in cgroup file systems of both versions through inotify, and in v2 a change
//! of `cgroup.events` as a modification: that is when the last process of a cgroup has ended and its counters are
//! final. In v1 nothing is reported before the directory goes. Whoever changes a limit writes a file, in both versions,
//! and that is reported too.

use std::collections::HashMap;
use std::fmt;
use std::mem::MaybeUninit;
use std::path::{Path, PathBuf};

use rustix::fd::{AsFd, BorrowedFd, OwnedFd};
use rustix::fs::inotify::{
    CreateFlags, ReadFlags, Reader as Events, WatchFlags, add_watch, init, remove_watch,
};
use rustix::fs::{CWD, statat};
use rustix::io::Errno;

use super::classify::{Class, Kind, classify};
use super::hierarchy::Hierarchy;
use super::walk::Listing;

/// How deep cgroups are looked for. kind within a systemd slice has about ten levels.
const DEEPEST: usize = 24;

/// What happened to a cgroup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Change {
    /// A directory is there.
    Appeared {
        /// Index of the mount.
        mount: usize,
        /// Path in it, with a slash first.
        path: String,
        /// Whether it was announced: it did not exist a moment ago.
        announced: bool,
    },
    /// A directory is gone.
    Gone {
        /// Index of the mount.
        mount: usize,
        /// Path in it.
        path: String,
    },
    /// A watched file changed: `cgroup.events`, which its last process's end does, or a limit.
    Touched {
        /// Path of the cgroup.
        path: String,
        /// The file.
        file: &'static str,
    },
    /// Announcements were lost: everything has to be walked.
    Overflow,
}

#[derive(Debug)]
struct Watch {
    mount: usize,
    path: Box<str>,
    /// The file that is watched; `None` for the directory itself.
    file: Option<&'static str>,
}

/// Watches on the directories of all trees.
pub(crate) struct Tree {
    inotify: Option<OwnedFd>,
    watches: HashMap<i32, Watch>,
    /// Mount and watch of each directory and of files in it. The kernel does not remove them with a cgroup.
    by_path: HashMap<Box<str>, Vec<(usize, i32)>>,
    listing: Listing,
    buffer: Vec<MaybeUninit<u8>>,
    /// Why there is no inotify, or why the last watch could not be added.
    pub(crate) failure: Option<Errno>,
    /// Watches that could not be added.
    pub(crate) failed_watches: u64,
    /// Times that announcements were lost.
    pub(crate) overflows: u64,
    /// Directories that could not be listed.
    pub(crate) failed_listings: u64,
}

impl fmt::Debug for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tree")
            .field("watches", &self.watches.len())
            .finish_non_exhaustive()
    }
}

impl Tree {
    /// Without a watch yet. Where there is no inotify, or it is not `wanted`, walks alone find what changed.
    pub(crate) fn new(wanted: bool) -> Tree {
        let (inotify, failure) = match init(CreateFlags::NONBLOCK | CreateFlags::CLOEXEC) {
            _ if !wanted => (None, None),
            Ok(fd) => (Some(fd), None),
            Err(errno) => (None, Some(errno)),
        };
        Tree {
            inotify,
            watches: HashMap::new(),
            by_path: HashMap::new(),
            listing: Listing::default(),
            buffer: vec![MaybeUninit::uninit(); 64 << 10],
            failure,
            failed_watches: 0,
            overflows: 0,
            failed_listings: 0,
        }
    }

    /// A descriptor that becomes readable when something changed.
    pub(crate) fn fd(&self) -> Option<BorrowedFd<'_>> {
        self.inotify.as_ref().map(AsFd::as_fd)
    }

    /// How many watches there are.
    pub(crate) fn watches(&self) -> usize {
        self.watches.len()
    }

    /// Names that could not be read.
    pub(crate) fn unreadable_names(&self) -> u64 {
        self.listing.unreadable_names
    }

    /// Walks a directory and everything below it that may be a cgroup of its own, watching each directory before it is
    /// listed so that nothing slips between.
    pub(crate) fn walk(
        &mut self,
        hierarchy: &Hierarchy,
        mount: usize,
        path: &str,
        announced: bool,
        out: &mut Vec<Change>,
    ) {
        let Some(tree) = hierarchy.mounts.get(mount) else {
            return;
        };
        let mut dir = PathBuf::with_capacity(tree.dir.as_os_str().len() + 256);
        let mut open = vec![path.to_owned()];
        while let Some(path) = open.pop() {
            dir.clone_from(&tree.dir);
            dir.push(path.trim_start_matches('/'));
            let class = if path.is_empty() {
                Class {
                    kind: Kind::Inner,
                    descend: true,
                    systemd: false,
                }
            } else {
                classify(&path)
            };
            let deep = path.bytes().filter(|&b| b == b'/').count() >= DEEPEST;
            let descend = class.descend && !deep;
            if descend {
                let flags = WatchFlags::CREATE | WatchFlags::DELETE | WatchFlags::ONLYDIR;
                self.watch(&dir, flags, mount, &path, None);
                // A cgroup's directory has two links and one for each directory in it, so most need no listing.
                let leaf = statat(CWD, &dir, rustix::fs::AtFlags::empty())
                    .is_ok_and(|stat| stat.st_nlink == 2);
                if !leaf {
                    match self.listing.directories(&dir) {
                        Ok(names) => open.extend(names.map(|name| format!("{path}/{name}"))),
                        // It has gone since it was seen; the failing first read tells.
                        Err(Errno::NOENT | Errno::NODEV) => {}
                        Err(_) => self.failed_listings += 1,
                    }
                }
            }
            if class.kind != Kind::Inner {
                out.push(Change::Appeared {
                    mount,
                    path,
                    announced,
                });
            }
        }
    }

    /// Watches files of a cgroup for changes.
    pub(crate) fn watch_files(
        &mut self,
        hierarchy: &Hierarchy,
        mount: usize,
        path: &str,
        files: &[&'static str],
    ) {
        let Some(tree) = hierarchy.mounts.get(mount) else {
            return;
        };
        let mut at = tree.dir.join(path.trim_start_matches('/'));
        for &file in files {
            at.push(file);
            self.watch(&at, WatchFlags::MODIFY, mount, path, Some(file));
            at.pop();
        }
    }

    /// Takes the watches off a cgroup and its files in a mount.
    pub(crate) fn forget(&mut self, mount: usize, path: &str) {
        let Some(of_path) = self.by_path.get_mut(path) else {
            return;
        };
        let (watches, inotify) = (&mut self.watches, &self.inotify);
        of_path.retain(|&(at, id)| {
            if at == mount {
                watches.remove(&id);
                if let Some(inotify) = inotify {
                    // It may be gone already.
                    let _ = remove_watch(inotify, id);
                }
            }
            at != mount
        });
        if of_path.is_empty() {
            self.by_path.remove(path);
        }
    }

    /// Takes all watches off: a walk of everything follows and sets them anew.
    pub(crate) fn forget_all(&mut self) {
        self.by_path.clear();
        for (id, _) in self.watches.drain() {
            if let Some(inotify) = &self.inotify {
                let _ = remove_watch(inotify, id);
            }
        }
    }

    fn watch(
        &mut self,
        at: &Path,
        flags: WatchFlags,
        mount: usize,
        path: &str,
        file: Option<&'static str>,
    ) {
        let Some(inotify) = &self.inotify else { return };
        match add_watch(inotify, at, flags) {
            Ok(id) => {
                self.watches.insert(
                    id,
                    Watch {
                        mount,
                        path: path.into(),
                        file,
                    },
                );
                let of_path = self.by_path.entry(path.into()).or_default();
                if !of_path.contains(&(mount, id)) {
                    of_path.push((mount, id));
                }
            }
            Err(Errno::NOENT | Errno::NODEV) => {}
            Err(errno) => {
                self.failed_watches += 1;
                self.failure = Some(errno);
            }
        }
    }

    /// Takes in what was announced since the last time.
    pub(crate) fn poll(&mut self, hierarchy: &Hierarchy, out: &mut Vec<Change>) {
        let Some(inotify) = self.inotify.take() else {
            return;
        };
        let mut buffer = std::mem::take(&mut self.buffer);
        let mut created = Vec::new();
        let mut removed = Vec::new();
        let mut events = Events::new(&inotify, &mut buffer);
        loop {
            let event = match events.next() {
                Ok(event) => event,
                Err(Errno::INTR) => continue,
                Err(_) => break,
            };
            if event.events().contains(ReadFlags::QUEUE_OVERFLOW) {
                self.overflows += 1;
                out.push(Change::Overflow);
                continue;
            }
            if event.events().contains(ReadFlags::IGNORED) {
                self.watches.remove(&event.wd());
                continue;
            }
            let Some(watch) = self.watches.get(&event.wd()) else {
                continue;
            };
            if let Some(file) = watch.file {
                out.push(Change::Touched {
                    path: watch.path.to_string(),
                    file,
                });
                continue;
            }
            let name = event.file_name().and_then(|n| n.to_str().ok());
            let Some(name) = name.filter(|_| event.events().contains(ReadFlags::ISDIR)) else {
                continue;
            };
            let path = format!("{}/{name}", watch.path);
            let mount = watch.mount;
            if event.events().contains(ReadFlags::CREATE) {
                // Walked below: the walk adds watches, and order among announcements must stay as it is.
                out.push(Change::Appeared {
                    mount,
                    path: path.clone(),
                    announced: true,
                });
                created.push((out.len() - 1, mount, path));
            } else {
                removed.push((mount, path.clone()));
                out.push(Change::Gone { mount, path });
            }
        }
        self.buffer = buffer;
        self.inotify = Some(inotify);
        // Before the walks, which set them anew where a directory has come again.
        for (mount, path) in removed {
            self.forget(mount, &path);
        }
        // From the back, so that the places noted stay right.
        for (at, mount, path) in created.into_iter().rev() {
            let mut found = Vec::new();
            self.walk(hierarchy, mount, &path, true, &mut found);
            out.splice(at..=at, found);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::options::Roots;
    use std::fs;

    fn tree_in(dir: &Path) -> Hierarchy {
        fs::create_dir_all(dir.join("sys/fs/cgroup")).unwrap();
        let table = b"31 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n";
        Hierarchy::detect(table, &Roots::under(dir), Path::exists)
    }

    fn appeared(changes: &[Change]) -> Vec<&str> {
        let mut paths: Vec<_> = changes
            .iter()
            .filter_map(|c| match c {
                Change::Appeared { path, .. } => Some(path.as_str()),
                _ => None,
            })
            .collect();
        paths.sort_unstable();
        paths
    }

    #[test]
    fn a_walk_finds_what_is_there_and_inotify_what_comes_and_goes() {
        let dir = tempfile::tempdir().unwrap();
        let hierarchy = tree_in(dir.path());
        let root = &hierarchy.mounts[0].dir;
        fs::create_dir_all(root.join("system.slice/ssh.service")).unwrap();
        let mut tree = Tree::new(true);
        let mut changes = Vec::new();
        tree.walk(&hierarchy, 0, "", false, &mut changes);
        assert_eq!(
            appeared(&changes),
            ["/system.slice", "/system.slice/ssh.service"]
        );

        changes.clear();
        fs::create_dir_all(root.join("system.slice/cron.service")).unwrap();
        tree.poll(&hierarchy, &mut changes);
        assert_eq!(
            changes,
            [Change::Appeared {
                mount: 0,
                path: "/system.slice/cron.service".into(),
                announced: true
            }]
        );

        // A whole branch made at once is found by the walk below its first directory.
        changes.clear();
        fs::create_dir_all(root.join("kubepods/burstable/pod4168fda1-c48f-416f-be5c-7cbd5689620c"))
            .unwrap();
        tree.poll(&hierarchy, &mut changes);
        assert_eq!(
            appeared(&changes),
            [
                "/kubepods",
                "/kubepods/burstable",
                "/kubepods/burstable/pod4168fda1-c48f-416f-be5c-7cbd5689620c"
            ]
        );

        changes.clear();
        fs::remove_dir(root.join("system.slice/ssh.service")).unwrap();
        tree.poll(&hierarchy, &mut changes);
        assert_eq!(
            changes,
            [Change::Gone {
                mount: 0,
                path: "/system.slice/ssh.service".into()
            }]
        );
    }

    #[test]
    fn one_that_came_and_went_between_polls_is_announced_as_gone() {
        let dir = tempfile::tempdir().unwrap();
        let hierarchy = tree_in(dir.path());
        let root = &hierarchy.mounts[0].dir;
        let mut tree = Tree::new(true);
        let mut changes = Vec::new();
        tree.walk(&hierarchy, 0, "", false, &mut changes);
        fs::create_dir(root.join("short.scope")).unwrap();
        fs::remove_dir(root.join("short.scope")).unwrap();
        tree.poll(&hierarchy, &mut changes);
        assert_eq!(
            changes,
            [
                Change::Appeared {
                    mount: 0,
                    path: "/short.scope".into(),
                    announced: true
                },
                Change::Gone {
                    mount: 0,
                    path: "/short.scope".into()
                }
            ]
        );
    }
}
