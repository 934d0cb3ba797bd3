//! The control groups of a node: found, named and read.
//!
//! # Which become rows
//!
//! - every pod, and every container, pause containers included;
//! - a service, scope or slice of systemd, and any cgroup of unknown make, as long as it has a process, charged memory,
//!   or has used CPU time since its last row;
//! - nothing below a container, unless it is a pod or another container (kind, minikube, Docker in Docker); nothing
//!   below a container of a pod.

pub mod classify;
mod entity;
mod files;
pub(crate) mod hierarchy;
mod identify;
mod names;
mod processes;
mod tree;
pub(crate) mod walk;

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;

use rustix::fd::BorrowedFd;

pub use hierarchy::Version;

pub(crate) use entity::Entity;
pub(crate) use files::shown;

use crate::row::{Baseline, Cgroup};
use crate::source::clock::Clock;
use crate::source::file::{Reader, Shape};
use crate::source::options::Options;
use classify::{Class, Kind, classify};
use entity::{Planned, ReadContext};
use hierarchy::{Controller, Hierarchy};
use names::Names;
use processes::Processes;
use tree::{Change, Tree};

/// The file of v2 that changes when a cgroup's last process ends.
const EVENTS: &str = "cgroup.events";
/// How often limits are read when nobody tells of their change, in microseconds.
const UNTOLD_USEC: u64 = 60_000_000;
/// A young cgroup is read this often between ticks, so that the receipt of a short life is not empty: v1 does not
/// announce the end of its last process, and v2 a moment late.
const YOUNG_EVERY_USEC: u64 = 500_000;
/// How long a cgroup is young.
const YOUNG_USEC: u64 = 60_000_000;
/// Most young cgroups that are read between ticks.
const MOST_YOUNG: usize = 64;
/// Ticks that a cgroup may be missing from some of its trees before it counts as alive without them.
const ENDING_TICKS: u32 = 2;
/// Descriptors left to everything else in the process.
const SPARE_FILES: u64 = 256;

/// Counts over the life of the agent.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Counts {
    /// Cgroups that were not taken in because there were too many: now.
    pub(crate) left_out: u64,
    /// Cgroups that were gone before they could be read once.
    pub(crate) missed: u64,
    /// Cgroups that ended after they had been read.
    pub(crate) ended: u64,
    /// Walks of a mount.
    pub(crate) walks: u64,
}

/// The control groups of a node.
#[derive(Debug)]
pub(crate) struct Cgroups {
    /// The trees.
    pub(crate) hierarchy: Hierarchy,
    /// What happened.
    pub(crate) counts: Counts,
    /// Watches.
    pub(crate) tree: Tree,
    plan: Vec<Planned>,
    /// The files to watch in each mount.
    watched: Vec<Vec<&'static str>>,
    hot: usize,
    constants: u128,
    names: Names,
    entities: Vec<Option<Entity>>,
    by_path: HashMap<Box<str>, usize>,
    order: Vec<usize>,
    order_is_old: bool,
    ended: Vec<Entity>,
    keep: usize,
    limit: u64,
    next_walk: usize,
    walked_at: Vec<u64>,
    walk_due: u64,
    walk_all: bool,
    was_full: bool,
    polled_at: u64,
    listed_once: bool,
    processes: Processes,
    path: PathBuf,
    changes: Vec<Change>,
}

/// What the parts of a sampler share while they read.
#[derive(Debug)]
pub(crate) struct Shared<'s> {
    /// What was asked for.
    pub(crate) options: &'s Options,
    /// Reads and counts.
    pub(crate) reader: &'s mut Reader,
    /// The clocks.
    pub(crate) clock: &'s Clock,
}

impl Cgroups {
    /// Finds the trees and everything in them. `constants` are the measures that need not be read each time, `limit`
    /// how many descriptors the process may have.
    pub(crate) fn new(
        shared: &mut Shared<'_>,
        table: &[u8],
        psi: bool,
        constants: u128,
        limit: u64,
    ) -> Cgroups {
        let roots = &shared.options.roots;
        let hierarchy = Hierarchy::detect(table, roots, |dir| dir.is_dir());
        let on = match hierarchy.mount_of(Controller::Unified) {
            Some(mount) => {
                let path = mount.dir.join("cgroup.controllers");
                let source = shared
                    .reader
                    .ledger
                    .add(path.display().to_string(), "which controllers are on");
                shared
                    .reader
                    .read(&path, Shape::Whole, source)
                    .unwrap_or_default()
                    .to_vec()
            }
            None => Vec::new(),
        };
        let plan: Vec<Planned> = files::plan(&hierarchy, &on, psi)
            .into_iter()
            .map(|file| {
                let dir = hierarchy
                    .mount_of(file.controller)
                    .map(|m| m.dir.display().to_string())
                    .unwrap_or_default();
                Planned {
                    file,
                    source: shared
                        .reader
                        .ledger
                        .add(format!("{dir}/**/{}", file.name), file.feeds),
                }
            })
            .collect();
        let watched = hierarchy
            .mounts
            .iter()
            .map(|mount| {
                let has_events = mount.controllers.has(Controller::Unified);
                plan.iter()
                    .filter(|p| p.file.watched && mount.controllers.has(p.file.controller))
                    .map(|p| p.file.name)
                    .chain(has_events.then_some(EVENTS))
                    .collect()
            })
            .collect();
        let names = Names::new(roots, shared.reader);
        let mut cgroups = Cgroups {
            hot: plan.iter().filter(|p| !p.file.slow).count(),
            plan,
            watched,
            constants,
            names,
            tree: Tree::new(shared.options.announcements),
            counts: Counts::default(),
            entities: Vec::new(),
            by_path: HashMap::new(),
            order: Vec::new(),
            order_is_old: false,
            ended: Vec::new(),
            keep: 0,
            limit,
            next_walk: 0,
            walked_at: vec![0; hierarchy.mounts.len()],
            walk_due: 0,
            walk_all: false,
            was_full: false,
            polled_at: shared.clock.monotonic(),
            listed_once: false,
            processes: Processes::new(roots, shared.reader),
            path: PathBuf::new(),
            changes: Vec::new(),
            hierarchy,
        };
        for mount in 0..cgroups.hierarchy.mounts.len() {
            cgroups.walk(mount, shared);
        }
        cgroups.walk_due = shared
            .clock
            .monotonic()
            .saturating_add(shared.options.rescan_usec);
        cgroups
    }

    /// A descriptor that becomes readable when a cgroup came, went or emptied.
    pub(crate) fn fd(&self) -> Option<BorrowedFd<'_>> {
        self.tree.fd()
    }

    /// The entities, each after those above it.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Entity> {
        self.order
            .iter()
            .filter_map(|&index| self.entities[index].as_ref())
    }

    /// An entity that is known to be there.
    pub(crate) fn get(&self, index: usize) -> Option<&Entity> {
        self.entities.get(index)?.as_ref()
    }

    /// The same, to be changed.
    pub(crate) fn get_mut(&mut self, index: usize) -> Option<&mut Entity> {
        self.entities.get_mut(index)?.as_mut()
    }

    /// Indices of the entities, each after those above it.
    pub(crate) fn order(&self) -> &[usize] {
        &self.order
    }

    /// The entities that ended since the last call.
    pub(crate) fn take_ended(&mut self) -> Vec<Entity> {
        std::mem::take(&mut self.ended)
    }

    /// How many cgroup files are open, and how many of each cgroup's may be.
    pub(crate) fn kept(&self) -> (usize, usize) {
        (self.iter().map(Entity::kept).sum(), self.keep)
    }

    /// How many files a cgroup has that are read each tick.
    pub(crate) fn hot_files(&self) -> usize {
        self.hot
    }

    /// Takes in what was announced; answers after how many microseconds it wants to be called again, if it does.
    pub(crate) fn poll(&mut self, shared: &mut Shared<'_>) -> Option<u64> {
        self.take_in(shared);
        self.read_young(shared)
    }

    fn take_in(&mut self, shared: &mut Shared<'_>) {
        let mut changes = std::mem::take(&mut self.changes);
        self.tree.poll(&self.hierarchy, &mut changes);
        for change in changes.drain(..) {
            self.apply(change, shared);
        }
        self.changes = changes;
        self.polled_at = shared.clock.monotonic();
    }

    /// Reads everything for a tick.
    pub(crate) fn read_all(&mut self, shared: &mut Shared<'_>) {
        self.take_in(shared);
        let now = shared.clock.monotonic();
        if self.walk_all {
            self.walk_all = false;
            self.tree.forget_all();
            for mount in 0..self.hierarchy.mounts.len() {
                self.walk(mount, shared);
            }
        } else if now >= self.walk_due && !self.hierarchy.mounts.is_empty() {
            self.walk_due = now.saturating_add(shared.options.rescan_usec);
            self.walk(self.next_walk, shared);
            self.next_walk = (self.next_walk + 1) % self.hierarchy.mounts.len();
        }
        self.sort();
        self.share_files(shared.options);
        let slow = self.slow_usec(shared.options);
        let Cgroups {
            entities,
            order,
            plan,
            hierarchy,
            path,
            ..
        } = self;
        for &index in order.iter() {
            let Some(entity) = &mut entities[index] else {
                continue;
            };
            if entity.ending > 0 {
                entity.ending += 1;
                if entity.ending > ENDING_TICKS && !entity.sites.is_empty() {
                    entity.ending = 0;
                }
            }
            let mut cx = ReadContext {
                reader: shared.reader,
                plan,
                hierarchy,
                path,
                keep: self.keep,
                constants: self.constants,
            };
            entity.read(&mut cx, shared.clock.monotonic(), slow);
        }
        for index in 0..self.entities.len() {
            if self.entities[index]
                .as_ref()
                .is_some_and(|e| e.sites.is_empty())
            {
                self.end(index, shared);
            }
        }
        self.sort();
        self.identify(shared);
        self.add_up();
    }

    fn apply(&mut self, change: Change, shared: &mut Shared<'_>) {
        match change {
            Change::Appeared {
                mount,
                path,
                announced,
            } => {
                if let Some(index) = self.appear(mount, &path, announced, shared)
                    && announced
                {
                    self.read_now(index, shared);
                }
            }
            Change::Gone { mount, path } => self.gone(mount, &path, shared),
            Change::Touched { path, file } => {
                let Some(&index) = self.by_path.get(path.as_str()) else {
                    return;
                };
                if file == EVENTS {
                    self.read_now(index, shared);
                } else if let Some(entity) = &mut self.entities[index] {
                    entity.limits_changed();
                }
            }
            Change::Overflow => self.walk_all = true,
        }
    }

    /// Takes in a directory; answers the entity's index when it is new.
    fn appear(
        &mut self,
        mount: usize,
        path: &str,
        announced: bool,
        shared: &mut Shared<'_>,
    ) -> Option<usize> {
        let controllers = self.hierarchy.mounts.get(mount)?.controllers;
        if let Some(&index) = self.by_path.get(path) {
            let entity = self.entities[index].as_mut()?;
            entity.sites.extend(controllers);
            if entity.class.kind != Kind::Slice {
                self.tree
                    .watch_files(&self.hierarchy, mount, path, &self.watched[mount]);
            }
            return None;
        }
        let class: Class = classify(path);
        if class.kind == Kind::Inner {
            return None;
        }
        if self.by_path.len() >= shared.options.max_cgroups {
            self.counts.left_out += 1;
            return None;
        }
        if class.kind != Kind::Slice {
            self.tree
                .watch_files(&self.hierarchy, mount, path, &self.watched[mount]);
        }
        let mut entity = Entity::new(path, class, self.plan.len());
        entity.sites.extend(controllers);
        let now = shared.clock.monotonic();
        entity.find_start(&self.hierarchy);
        entity.born = if announced {
            // It was made since announcements were last taken in: when, its directory tells, unless it is gone or the
            // wall clock has jumped.
            let since = now.saturating_sub(self.polled_at);
            let wall = shared.clock.wall();
            let age = entity
                .started
                .and_then(|made| u64::try_from(wall.checked_sub(made)?).ok());
            let age = age.unwrap_or(since).min(since);
            entity.started = Some(wall.saturating_sub_unsigned(age));
            Some(now - age)
        } else {
            // One that was not there when its tree was last walked, and whose announcement was lost, is no older.
            Some(self.walked_at[mount]).filter(|&at| at != 0 && !self.was_full)
        };
        entity.announced = announced;
        entity.base = entity.born.map(Baseline::born);
        let index = match self.entities.iter().position(Option::is_none) {
            Some(index) => index,
            None => {
                self.entities.push(None);
                self.entities.len() - 1
            }
        };
        self.by_path.insert(path.into(), index);
        self.entities[index] = Some(entity);
        self.order_is_old = true;
        Some(index)
    }

    fn gone(&mut self, mount: usize, path: &str, shared: &mut Shared<'_>) {
        let Some(&index) = self.by_path.get(path) else {
            return;
        };
        let Some(controllers) = self.hierarchy.mounts.get(mount).map(|m| m.controllers) else {
            return;
        };
        let Cgroups {
            entities,
            plan,
            hierarchy,
            path,
            ..
        } = self;
        let Some(entity) = &mut entities[index] else {
            return;
        };
        entity.lose(controllers, plan);
        if entity.sites.is_empty() {
            self.end(index, shared);
            return;
        }
        // The other trees may have it for a moment longer.
        let mut cx = ReadContext {
            reader: shared.reader,
            plan,
            hierarchy,
            path,
            keep: self.keep,
            constants: self.constants,
        };
        entity.read_last(&mut cx, shared.clock.monotonic());
    }

    fn slow_usec(&self, options: &Options) -> u64 {
        let told = self.tree.fd().is_some() && self.tree.failed_watches == 0;
        if told {
            options.slow_usec
        } else {
            options.slow_usec.min(UNTOLD_USEC)
        }
    }

    fn read_now(&mut self, index: usize, shared: &mut Shared<'_>) {
        let slow = self.slow_usec(shared.options);
        let Cgroups {
            entities,
            plan,
            hierarchy,
            path,
            ..
        } = self;
        let Some(entity) = &mut entities[index] else {
            return;
        };
        let mut cx = ReadContext {
            reader: shared.reader,
            plan,
            hierarchy,
            path,
            keep: self.keep,
            constants: self.constants,
        };
        entity.read(&mut cx, shared.clock.monotonic(), slow);
    }

    fn read_young(&mut self, shared: &mut Shared<'_>) -> Option<u64> {
        let now = shared.clock.monotonic();
        let mut next = None;
        let mut read = 0;
        for index in 0..self.entities.len() {
            let Some(entity) = &self.entities[index] else {
                continue;
            };
            let young = entity
                .born
                .is_some_and(|b| now.saturating_sub(b) < YOUNG_USEC);
            if !young || read >= MOST_YOUNG {
                continue;
            }
            read += 1;
            next = Some(YOUNG_EVERY_USEC);
            if now.saturating_sub(entity.read_at) >= YOUNG_EVERY_USEC {
                self.read_now(index, shared);
            }
        }
        next
    }

    fn end(&mut self, index: usize, shared: &Shared<'_>) {
        let Some(mut entity) = self.entities[index].take() else {
            return;
        };
        self.by_path.remove(&entity.path);
        for mount in 0..self.hierarchy.mounts.len() {
            self.tree.forget(mount, &entity.path);
        }
        self.order_is_old = true;
        if entity.now.is_none() {
            self.counts.missed += 1;
            return;
        }
        self.counts.ended += 1;
        entity.keep(0);
        entity.ended = Some((shared.clock.monotonic(), shared.clock.wall()));
        self.ended.push(entity);
    }

    /// Walks a mount and sets right what was missed.
    fn walk(&mut self, mount: usize, shared: &mut Shared<'_>) {
        let started = shared.clock.monotonic();
        let Some(controllers) = self.hierarchy.mounts.get(mount).map(|m| m.controllers) else {
            return;
        };
        self.counts.walks += 1;
        let left_out_before = self.counts.left_out;
        self.was_full = left_out_before > 0;
        self.counts.left_out = 0;
        let mut found = Vec::new();
        self.tree
            .walk(&self.hierarchy, mount, "", false, &mut found);
        let mut seen: HashSet<String> = HashSet::with_capacity(found.len());
        for change in found {
            if let Change::Appeared { path, .. } = change {
                self.appear(mount, &path, false, shared);
                seen.insert(path);
            }
        }
        // Other mounts have left out the same ones.
        self.counts.left_out =
            self.counts
                .left_out
                .max(if mount == 0 { 0 } else { left_out_before });
        let lost: Vec<String> = self
            .entities
            .iter()
            .flatten()
            .filter(|e| {
                let mut rest = e.sites;
                rest.remove(controllers);
                rest != e.sites && !seen.contains(&*e.path)
            })
            .map(|e| e.path.to_string())
            .collect();
        for path in lost {
            self.gone(mount, &path, shared);
        }
        self.walked_at[mount] = started;
    }

    /// Puts parents before children, and finds each one's parent.
    fn sort(&mut self) {
        if !std::mem::take(&mut self.order_is_old) {
            return;
        }
        self.order.clear();
        self.order.extend(self.by_path.values().copied());
        let entities = &mut self.entities;
        self.order.sort_unstable_by(|&a, &b| {
            let path = |i: usize| entities[i].as_ref().map(|e| &*e.path);
            path(a).cmp(&path(b))
        });
        for &index in &self.order {
            let Some(entity) = &mut entities[index] else {
                continue;
            };
            let mut above = &*entity.path;
            entity.parent = loop {
                let Some(slash) = above.rfind('/') else {
                    break None;
                };
                above = &above[..slash];
                if let Some(&parent) = self.by_path.get(above) {
                    break Some(parent);
                }
            };
        }
    }

    /// Divides the descriptors among the cgroups: when they are short, the hottest files of each stay open.
    fn share_files(&mut self, options: &Options) {
        let cgroups = self.by_path.len().max(1);
        let room = self
            .limit
            .saturating_sub(SPARE_FILES)
            .min(options.max_kept_files as u64);
        let mut keep = usize::try_from(room).unwrap_or(usize::MAX) / cgroups;
        // Lists of processes stand last, and only one of them is read.
        let lists = self.plan.iter().filter(|p| p.file.is_list()).count();
        if keep > self.hot.saturating_sub(lists) {
            keep = self.hot;
        }
        if keep < self.keep {
            for entity in self.entities.iter_mut().flatten() {
                entity.keep(keep);
            }
        }
        self.keep = keep;
    }

    /// Adds processes and containers of children to their parents.
    fn add_up(&mut self) {
        for pod in self
            .entities
            .iter_mut()
            .flatten()
            .filter(|e| matches!(e.class.kind, Kind::Pod { .. }))
        {
            if let Some(now) = &mut pod.now {
                now.set(Cgroup::ContainersRunning, 0);
            }
        }
        for at in (0..self.order.len()).rev() {
            let Some(entity) = &self.entities[self.order[at]] else {
                continue;
            };
            let Some(parent) = entity.parent else {
                continue;
            };
            let processes = entity
                .now
                .as_ref()
                .and_then(|now| now.get(Cgroup::ProcessCount));
            let container = entity.is_container()
                && entity.has_process() != Some(false)
                && !entity.identity.sandbox
                && (entity.identity.container.is_some() || !self.names.complete());
            let pod = matches!(
                &entity.class.kind,
                Kind::Container {
                    pod_uid: Some(_),
                    ..
                }
            );
            let Some(parent) = self.entities[parent].as_mut() else {
                continue;
            };
            let is_pod = matches!(parent.class.kind, Kind::Pod { .. });
            if let Some(now) = &mut parent.now {
                now.add(Cgroup::ProcessCount, processes);
                if is_pod {
                    now.add(Cgroup::ContainersRunning, u64::from(container && pod));
                }
            }
        }
    }

    /// Pods with a process, and containers with one, pause containers left out.
    pub(crate) fn running(&self) -> (u64, u64) {
        let mut counts = (0, 0);
        for entity in self.iter().filter(|e| e.has_process() == Some(true)) {
            match &entity.class.kind {
                Kind::Pod { .. } => counts.0 += 1,
                Kind::Container { pod_uid, .. } if !entity.identity.sandbox => {
                    let named = entity.identity.container.is_some() || !self.names.complete();
                    counts.1 += u64::from(pod_uid.is_none() || named);
                }
                _ => {}
            }
        }
        counts
    }
}
