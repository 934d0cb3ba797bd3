//! One control group that is measured.

use std::path::PathBuf;

use rustix::fd::OwnedFd;
use rustix::fs::{AtFlags, CWD, statat};
use rustix::io::Errno;

use super::classify::{Class, Kind, Runtime};
use super::files::{CgroupFile, derive};
use super::hierarchy::{Controllers, Hierarchy};
use crate::row::{Baseline, Cgroup, CgroupReading, Measure};
use crate::source::file::{Reader, open};
use crate::source::ledger::SourceId;

/// A file of the plan with its place in the ledger.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Planned {
    /// The file.
    pub(crate) file: CgroupFile,
    /// Its entry.
    pub(crate) source: SourceId,
}

/// What an entity needs to be read.
#[derive(Debug)]
pub(crate) struct ReadContext<'c> {
    /// Reads and counts.
    pub(crate) reader: &'c mut Reader,
    /// The files.
    pub(crate) plan: &'c [Planned],
    /// The trees.
    pub(crate) hierarchy: &'c Hierarchy,
    /// Room for paths.
    pub(crate) path: &'c mut PathBuf,
    /// Of the plan's files, how many stay open.
    pub(crate) keep: usize,
    /// Measures that need not be read each time.
    pub(crate) constants: u128,
}

/// A file's descriptor, or why there is none.
#[derive(Debug, Default)]
enum Slot {
    #[default]
    Closed,
    Open(OwnedFd),
    /// It could not be opened; tried again with the slow files.
    Absent,
}

/// Who it is.
#[derive(Debug, Default)]
pub(crate) struct Identity {
    /// The pod's namespace.
    pub(crate) namespace: Option<String>,
    /// The pod's name.
    pub(crate) pod: Option<String>,
    /// The container's or unit's name.
    pub(crate) container: Option<String>,
    /// Whether it is a pod's pause container.
    pub(crate) sandbox: bool,
    /// Whether nothing is left to find out.
    pub(crate) known: bool,
    /// How often it was tried.
    pub(crate) tries: u32,
}

/// One control group that is measured.
#[derive(Debug)]
pub(crate) struct Entity {
    /// Its path below the hierarchy's root, with a slash first.
    pub(crate) path: Box<str>,
    /// What it is.
    pub(crate) class: Class,
    /// Its names.
    pub(crate) identity: Identity,
    /// The trees that have it.
    pub(crate) sites: Controllers,
    /// The nearest entity above it.
    pub(crate) parent: Option<usize>,
    /// What was read last.
    pub(crate) now: Option<CgroupReading>,
    /// When, by the monotonic clock.
    pub(crate) read_at: u64,
    /// Whether it was read since its last row.
    pub(crate) unreported: bool,
    /// What its next row is subtracted from.
    pub(crate) base: Option<Baseline<Cgroup, { Cgroup::COLUMNS.len() }>>,
    /// When it was seen to be made, or the last moment when it was seen not to be there, by the monotonic clock.
    pub(crate) born: Option<u64>,
    /// Whether its making was seen.
    pub(crate) announced: bool,
    /// When its end was seen, by the monotonic clock and in microseconds since 1970.
    pub(crate) ended: Option<(u64, i64)>,
    /// When it was made, in microseconds since 1970.
    pub(crate) started: Option<i64>,
    /// The highest memory usage that was read.
    pub(crate) highest_usage: Option<u64>,
    /// Since when some of its trees no longer have it, in ticks.
    pub(crate) ending: u32,
    slots: Box<[Slot]>,
    slow_due: u64,
}

impl Entity {
    /// A cgroup that was just found.
    pub(crate) fn new(path: &str, class: Class, files: usize) -> Entity {
        Entity {
            path: path.into(),
            class,
            identity: Identity::default(),
            sites: Controllers::default(),
            parent: None,
            now: None,
            read_at: 0,
            unreported: false,
            base: None,
            born: None,
            announced: false,
            ended: None,
            started: None,
            highest_usage: None,
            ending: 0,
            slots: (0..files).map(|_| Slot::Closed).collect(),
            slow_due: 0,
        }
    }

    /// The uid of its pod, or its own if it is one.
    pub(crate) fn pod_uid(&self) -> Option<&str> {
        match &self.class.kind {
            Kind::Pod { uid, .. } => Some(uid),
            Kind::Container { pod_uid, .. } => pod_uid.as_deref(),
            _ => None,
        }
    }

    /// Whether it is a container, a pause container included.
    pub(crate) fn is_container(&self) -> bool {
        matches!(self.class.kind, Kind::Container { .. })
    }

    /// Who runs it.
    pub(crate) fn runtime(&self) -> Option<Runtime> {
        match self.class.kind {
            Kind::Container { runtime, .. } => runtime,
            Kind::Unit | Kind::Scope | Kind::Slice if self.class.systemd => Some(Runtime::Systemd),
            _ => None,
        }
    }

    /// Whether a process is in it; `None` if nothing tells.
    pub(crate) fn has_process(&self) -> Option<bool> {
        let now = self.now.as_ref()?;
        now.get(Cgroup::PidsCurrent)
            .or(now.get(Cgroup::ProcessCount))
            .map(|n| n > 0)
    }

    /// How long it lived, in microseconds, once it has ended.
    pub(crate) fn lifetime(&self) -> Option<u64> {
        let (at, wall) = self.ended?;
        match self.born {
            Some(born) if self.announced => Some(at.saturating_sub(born)),
            _ => u64::try_from(wall.checked_sub(self.started?)?).ok(),
        }
    }

    /// How many of its files are open.
    pub(crate) fn kept(&self) -> usize {
        self.slots
            .iter()
            .filter(|s| matches!(s, Slot::Open(_)))
            .count()
    }

    /// Closes what is open beyond the first `keep` files.
    pub(crate) fn keep(&mut self, keep: usize) {
        for slot in self.slots.iter_mut().skip(keep) {
            if matches!(slot, Slot::Open(_)) {
                *slot = Slot::Closed;
            }
        }
    }

    /// Whether no tree has it any more, but for some that do not count.
    pub(crate) fn is_gone(&self, accessory: Controllers) -> bool {
        self.sites.without(accessory).is_empty()
    }

    /// Looks for its directory in those trees.
    pub(crate) fn find_sites(&mut self, hierarchy: &Hierarchy, trees: Controllers) {
        for mount in &hierarchy.mounts {
            let dir = mount.dir.join(self.path.trim_start_matches('/'));
            if mount.controllers.without(trees).is_empty() && dir.exists() {
                self.sites.extend(mount.controllers);
            }
        }
    }

    /// Asks its directories when they were made: the earliest of their times. Control groups' directories have the
    /// time of their making unless somebody changed their owner or mode.
    pub(crate) fn find_start(&mut self, hierarchy: &Hierarchy) {
        for mount in &hierarchy.mounts {
            let dir = mount.dir.join(self.path.trim_start_matches('/'));
            let Ok(stat) = statat(CWD, &dir, AtFlags::empty()) else {
                continue;
            };
            let usec = |seconds: i64, nanoseconds: u64| {
                seconds
                    .saturating_mul(1_000_000)
                    .saturating_add(nanoseconds as i64 / 1000)
            };
            let made = usec(stat.st_ctime, stat.st_ctime_nsec)
                .min(usec(stat.st_mtime, stat.st_mtime_nsec));
            self.started = Some(self.started.map_or(made, |s| s.min(made)));
        }
    }

    /// Reads its files into [`Entity::now`] at the moment `at`. Files that hardly change are read when `slow_usec` have
    /// passed since the last time. Trees that no longer have it are taken from its sites.
    pub(crate) fn read(&mut self, cx: &mut ReadContext<'_>, at: u64, slow_usec: u64) -> bool {
        let slow = at >= self.slow_due;
        if slow {
            // The first time is now; the second is spread, so that not all cgroups are read whole in one tick.
            let wait = if self.slow_due == 0 {
                self.spread(slow_usec)
            } else {
                slow_usec
            };
            self.slow_due = at.saturating_add(wait);
        }
        let mut fresh = CgroupReading::empty();
        let mut lost = Controllers::default();
        let mut listed = false;
        let plan = cx.plan;
        for (index, planned) in plan.iter().enumerate() {
            let file = &planned.file;
            if (file.slow && !slow)
                || (file.is_list() && listed)
                || !self.sites.has(file.controller)
                || lost.has(file.controller)
            {
                continue;
            }
            match self.read_file(index, cx, slow) {
                Ok(bytes) => {
                    listed |= file.is_list();
                    (file.parse)(bytes, &mut fresh);
                }
                Err(Errno::NODEV) => lost.insert(file.controller),
                Err(Errno::NOENT) => {
                    // Either this kernel lacks the file or the whole directory is gone.
                    let mount = cx.hierarchy.mount_of(file.controller);
                    if mount.is_none_or(|m| !exists(&m.dir, &self.path, cx.path)) {
                        lost.insert(file.controller);
                    }
                }
                Err(_) => {}
            }
        }
        if !lost.is_empty() {
            for mount in &cx.hierarchy.mounts {
                let mut both = mount.controllers;
                both.remove(lost);
                if both != mount.controllers {
                    self.lose(mount.controllers, plan);
                }
            }
        }
        if fresh.is_empty() {
            return false;
        }
        derive(&mut fresh);
        self.highest_usage = self.highest_usage.max(fresh.get(Cgroup::MemoryUsage));
        if let Some(old) = &self.now {
            // While it goes, tree by tree, what was read last is the latest there is.
            let kept = if self.ending > 0 {
                u128::MAX
            } else if slow {
                0
            } else {
                cx.constants
            };
            fresh.inherit(old, kept);
        }
        self.now = Some(fresh);
        self.read_at = at;
        self.unreported = true;
        true
    }

    /// Reads once more what can still be read, before it is gone; what cannot keeps its last value.
    pub(crate) fn read_last(&mut self, cx: &mut ReadContext<'_>, at: u64) {
        let ending = std::mem::replace(&mut self.ending, 1);
        self.read(cx, at, u64::MAX);
        self.ending = self.ending.max(ending);
    }

    /// Notes that a tree no longer has it.
    pub(crate) fn lose(&mut self, controllers: Controllers, plan: &[Planned]) {
        self.sites.remove(controllers);
        self.ending = self.ending.max(1);
        for (slot, planned) in self.slots.iter_mut().zip(plan) {
            if controllers.has(planned.file.controller) {
                *slot = Slot::Closed;
            }
        }
    }

    /// Has the limits read at the next tick.
    pub(crate) fn limits_changed(&mut self) {
        self.slow_due = 0;
    }

    /// A share of a time that differs from path to path.
    fn spread(&self, usec: u64) -> u64 {
        let hash = self.path.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |h, b| {
            (h ^ u64::from(b)).wrapping_mul(0x100_0000_01b3)
        });
        usec / 2 + hash % (usec / 2).max(1)
    }

    fn read_file<'r>(
        &mut self,
        index: usize,
        cx: &'r mut ReadContext<'_>,
        slow: bool,
    ) -> Result<&'r [u8], Errno> {
        let plan = cx.plan;
        let planned = &plan[index];
        let file = &planned.file;
        let slot = &mut self.slots[index];
        if matches!(slot, Slot::Absent) {
            if !slow {
                return Err(Errno::AGAIN);
            }
            *slot = Slot::Closed;
        }
        if let Slot::Open(fd) = slot {
            // The borrow of the reader's buffer must end before a failure is looked at, hence twice.
            let result = cx
                .reader
                .pread(&*fd, file.shape, planned.source)
                .map(<[u8]>::len);
            return match result {
                Ok(length) => Ok(cx.reader.bytes(length)),
                Err(errno) => {
                    *slot = Slot::Closed;
                    if errno != Errno::NODEV {
                        build(cx.path, cx.hierarchy, file, &self.path);
                        cx.reader.ledger.failed(planned.source, cx.path, errno);
                    }
                    Err(errno)
                }
            };
        }
        build(cx.path, cx.hierarchy, file, &self.path);
        let opened = open(cx.path);
        let result = match &opened {
            Ok(fd) => cx
                .reader
                .pread(fd, file.shape, planned.source)
                .map(<[u8]>::len),
            Err(errno) => Err(*errno),
        };
        match result {
            Ok(length) => {
                cx.reader.ledger.example(planned.source, cx.path);
                if index < cx.keep
                    && let Ok(fd) = opened
                {
                    *slot = Slot::Open(fd);
                }
                Ok(cx.reader.bytes(length))
            }
            Err(errno) => {
                cx.reader.ledger.failed(planned.source, cx.path, errno);
                // A shortage of descriptors may be over at the next tick.
                if !matches!(errno, Errno::MFILE | Errno::NFILE) {
                    *slot = Slot::Absent;
                }
                Err(errno)
            }
        }
    }
}

/// Puts the path of a cgroup's file into `path`.
fn build(path: &mut PathBuf, hierarchy: &Hierarchy, file: &CgroupFile, cgroup: &str) {
    if let Some(mount) = hierarchy.mount_of(file.controller) {
        path.clone_from(&mount.dir);
        path.push(cgroup.trim_start_matches('/'));
        path.push(file.name);
    }
}

fn exists(dir: &std::path::Path, cgroup: &str, path: &mut PathBuf) -> bool {
    path.clear();
    path.push(dir);
    path.push(cgroup.trim_start_matches('/'));
    statat(CWD, &*path, AtFlags::empty()).is_ok()
}
