//! What becomes of cgroups: they appear, are read at once, are read for the last time, and end.

use std::collections::HashSet;

use super::classify::{Kind, classify};
use super::entity::{Entity, ReadContext};
use super::tree::Change;
use super::{Cgroups, EVENTS, Shared};
use crate::row::Baseline;

/// A young cgroup is read this often between ticks, so that the receipt of a short life is not empty: v1 does not
/// announce the end of its last process, and v2 a moment late.
const YOUNG_EVERY_USEC: u64 = 500_000;
/// How long a cgroup is young.
const YOUNG_USEC: u64 = 60_000_000;
/// Most young cgroups that are read between ticks.
const MOST_YOUNG: usize = 64;

impl Cgroups {
    /// Takes in what was announced; answers after how many microseconds it wants to be called again, if it does.
    pub(crate) fn poll(&mut self, shared: &mut Shared<'_>) -> Option<u64> {
        self.take_in(shared);
        self.read_young(shared)
    }

    /// Takes in what was announced.
    pub(super) fn take_in(&mut self, shared: &mut Shared<'_>) {
        let mut changes = std::mem::take(&mut self.changes);
        self.tree.poll(&self.hierarchy, &mut changes);
        for change in changes.drain(..) {
            self.apply(change, shared);
        }
        self.changes = changes;
        self.polled_at = shared.clock.monotonic();
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
        if controllers.without(self.accessory).is_empty() {
            return None;
        }
        let class = classify(path);
        if class.kind == Kind::Inner {
            return None;
        }
        if self.by_path.len() >= shared.options.max_cgroups {
            self.left_out[mount] += 1;
            return None;
        }
        if class.kind != Kind::Slice {
            self.tree
                .watch_files(&self.hierarchy, mount, path, &self.watched[mount]);
        }
        let mut entity = Entity::new(path, class, self.plan.len());
        entity.sites.extend(controllers);
        // In a tree where nothing is looked for it may have been before.
        entity.find_sites(&self.hierarchy, self.accessory);
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
            // One that was left out, most likely.
            self.left_out[mount] = self.left_out[mount].saturating_sub(1);
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
        if entity.is_gone(self.accessory) {
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

    /// Takes out a cgroup that is in no tree any more.
    pub(super) fn end(&mut self, index: usize, shared: &Shared<'_>) {
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
    pub(super) fn walk(&mut self, mount: usize, shared: &mut Shared<'_>) {
        let started = shared.clock.monotonic();
        let Some(controllers) = self.hierarchy.mounts.get(mount).map(|m| m.controllers) else {
            return;
        };
        self.counts.walks += 1;
        self.was_full = self.left_out() > 0;
        self.left_out[mount] = 0;
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
}
