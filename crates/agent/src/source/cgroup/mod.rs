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
mod lifecycle;
mod names;
mod processes;
mod sums;
mod tree;
pub(crate) mod walk;

use std::collections::HashMap;
use std::path::PathBuf;

use rustix::fd::BorrowedFd;

pub use hierarchy::Version;

pub(crate) use entity::Entity;
pub(crate) use files::shown;

use crate::source::clock::Clock;
use crate::source::file::{Reader, Shape};
use crate::source::options::Options;
use entity::{Planned, ReadContext};
use hierarchy::{Controller, Controllers, Hierarchy};
use names::Names;
use processes::Processes;
use tree::{Change, Tree};

/// The file of v2 that changes when a cgroup's last process ends.
const EVENTS: &str = "cgroup.events";
/// How often limits are read when nobody tells of their change, in microseconds.
const UNTOLD_USEC: u64 = 60_000_000;
/// Ticks that a cgroup may be missing from some of its trees before it counts as alive without them.
const ENDING_TICKS: u32 = 2;
/// Descriptors left to everything else in the process.
const SPARE_FILES: u64 = 256;

/// Counts over the life of the agent.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Counts {
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
    /// Trees in which nothing is looked for: what is in these alone is gone.
    accessory: Controllers,
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
    /// Cgroups that were not taken in because there were too many, of each mount.
    left_out: Vec<u64>,
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
        let accessory = hierarchy.accessory(&on);
        let mut cgroups = Cgroups {
            accessory,
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
            left_out: vec![0; hierarchy.mounts.len()],
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
            accessory,
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
                if entity.ending > ENDING_TICKS && !entity.is_gone(*accessory) {
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
                .is_some_and(|e| e.is_gone(self.accessory))
            {
                self.end(index, shared);
            }
        }
        self.sort();
        self.identify(shared);
        self.add_up();
    }

    fn slow_usec(&self, options: &Options) -> u64 {
        let told = self.tree.fd().is_some() && self.tree.failed_watches == 0;
        if told {
            options.slow_usec
        } else {
            options.slow_usec.min(UNTOLD_USEC)
        }
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
}
