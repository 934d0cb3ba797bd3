//! Definitions come and go.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use alarm::State;
use alarm::composite::{MOST_PARENTS, cycle_through};
use serde_json::Value;

use super::scribe::Head;
use super::{Alarm, NewState, World};
use crate::history::Configured;
use crate::keep::KeepError;
use crate::plan::{Plan, PlanError};
use crate::record::{Origin, StateRecord};
use crate::routing::Routing;
use crate::windows::Labels;

/// Why something cannot be done with an alarm.
#[derive(Debug, thiserror::Error)]
pub enum ManageError {
    /// The definition is wrong.
    #[error(transparent)]
    Invalid(#[from] PlanError),
    /// There is none.
    #[error("there is no alarm '{0}'")]
    NotFound(String),
    /// It is against the rules, which say what to do.
    #[error("{0}")]
    Refused(String),
    /// It is done in memory, and is not on disk yet: it will be tried again, and is lost if the server stops before.
    #[error("it is done, and it is not on disk yet: {0}")]
    NotOnDisk(KeepError),
    /// What is asked for is on disk, and cannot be read.
    #[error(transparent)]
    Unread(KeepError),
}

/// A definition of a file, or of the starter set, that was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyncFault {
    /// Its place in the list, from 0; `None`: it is about an alarm that is no longer in the list.
    pub index: Option<usize>,
    /// Its name, if it has one.
    pub name: Option<String>,
    /// What is wrong.
    pub message: String,
}

/// What came of a list of definitions.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Synced {
    /// How many are new.
    pub created: usize,
    /// How many were changed.
    pub updated: usize,
    /// How many are gone.
    pub deleted: usize,
    /// Those that were not taken; what was there before under their names stays.
    pub faults: Vec<SyncFault>,
}

/// What a put was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Put {
    Created,
    Updated,
    Unchanged,
}

impl World {
    /// Takes a definition. The state of an alarm that was there stays until the next evaluation.
    pub(crate) fn put(
        &mut self,
        definition: &Value,
        origin: Origin,
        now: i64,
        routing: &dyn Routing,
    ) -> Result<Put, ManageError> {
        let plan = Plan::read(definition)?;
        self.take(plan, origin, now, routing)
    }

    fn take(
        &mut self,
        plan: Plan,
        origin: Origin,
        now: i64,
        routing: &dyn Routing,
    ) -> Result<Put, ManageError> {
        let name = plan.name.clone();
        if let Some(there) = self.alarms.get(&name) {
            may_replace(there.origin, origin, &name)?;
            let has_override = origin == Origin::Api && there.actions_enabled.is_some();
            if there.origin == origin && there.plan.definition == plan.definition && !has_override {
                return Ok(Put::Unchanged);
            }
        }
        self.check_composite(&plan)?;
        let plan = Arc::new(plan);
        let (put, before) = match self.alarms.get_mut(&name) {
            Some(alarm) => {
                let before = Arc::clone(&alarm.plan);
                let mut gone = Vec::new();
                if is_of_another_kind(&before, &plan) {
                    gone.extend(alarm.series.drain().map(|(_, series)| series.record.key()));
                    alarm.own = StateRecord::initial(&name, Labels::new(), now);
                    alarm.value = None;
                }
                alarm.plan = Arc::clone(&plan);
                alarm.origin = origin;
                alarm.configured_at = now;
                alarm.last_slot = None;
                alarm.retry_at = i64::MIN;
                alarm.problem = None;
                alarm.is_evaluated = false;
                if origin == Origin::Api {
                    alarm.actions_enabled = None;
                }
                for key in gone {
                    self.scribe.changes.states.insert(key, None);
                }
                (Put::Updated, Some(before))
            }
            None => {
                let record = crate::record::DefinitionRecord {
                    definition: plan.definition.clone(),
                    origin,
                    configured_at: now,
                    actions_enabled: None,
                };
                self.alarms
                    .insert(name.clone(), Alarm::new(Arc::clone(&plan), &record));
                (Put::Created, None)
            }
        };
        self.broken.remove(&name);
        let what = match put {
            Put::Created => Configured::Created,
            _ => Configured::Updated,
        };
        self.scribe.configured(&name, what, &plan.definition, now);
        let was_composite = before.as_deref().is_some_and(Plan::is_composite);
        if plan.is_composite() || was_composite || self.parents.contains_key(&name) {
            self.index();
            self.set_up_suppression(&name, before.as_deref(), now, routing);
            if plan.is_composite() {
                self.dirty.entry(name.clone()).or_default();
            }
            // Who asks about it may have done so before it was there, or was something else.
            if before.is_none_or(|before| is_of_another_kind(&before, &plan)) {
                self.tell_parents(&name, now);
            }
            self.composites(now, routing);
        }
        self.write(&name);
        Ok(put)
    }

    /// Writes definition and state of an alarm.
    fn write(&mut self, name: &str) {
        if let Some(alarm) = self.alarms.get(name) {
            self.scribe
                .changes
                .definitions
                .insert(name.to_owned(), Some(alarm.record()));
            self.scribe.write_state(&alarm.own);
        }
    }

    fn check_composite(&self, plan: &Plan) -> Result<(), PlanError> {
        if !plan.is_composite() {
            return Ok(());
        }
        let asked = plan.children();
        let missing = |name: &&str| !self.alarms.contains_key(*name) && *name != plan.name;
        let gone: Vec<&str> = asked.iter().copied().filter(missing).collect();
        if !gone.is_empty() {
            let all = gone.join(", ");
            return Err(PlanError::of(
                "AlarmRule",
                format!("asks about alarms that do not exist: {all}"),
            ));
        }
        if let Some(name) = plan.suppressor() {
            if name == plan.name {
                return Err(PlanError::of("ActionsSuppressor", "is the alarm itself"));
            }
            if !self.alarms.contains_key(name) {
                return Err(PlanError::of(
                    "ActionsSuppressor",
                    format!("'{name}' does not exist"),
                ));
            }
        }
        for child in &asked {
            let parents = self.parents.get(*child).into_iter().flatten();
            let others = parents.filter(|parent| **parent != plan.name).count();
            if others >= MOST_PARENTS {
                let message = format!(
                    "'{child}' is in {others} composite alarms already, an alarm is in at most {MOST_PARENTS}"
                );
                return Err(PlanError::of("AlarmRule", message));
            }
        }
        let composites = self.alarms.values().filter(|alarm| alarm.is_composite());
        let mut children: BTreeMap<&str, BTreeSet<&str>> = composites
            .map(|alarm| (alarm.plan.name.as_str(), alarm.plan.children()))
            .collect();
        children.insert(&plan.name, asked);
        match cycle_through(&plan.name, &children) {
            Some(cycle) => Err(PlanError::of("AlarmRule", cycle.to_string())),
            None => Ok(()),
        }
    }

    /// Removes an alarm that was put over the API. Its history stays, and so do notifications that are owed.
    pub(crate) fn delete(
        &mut self,
        name: &str,
        now: i64,
        routing: &dyn Routing,
    ) -> Result<(), ManageError> {
        if self.broken.remove(name).is_some() {
            self.scribe
                .changes
                .definitions
                .insert(name.to_owned(), None);
            return Ok(());
        }
        let refused = match self.alarm(name)?.origin {
            Origin::Api => self.is_needed(name),
            Origin::File => Some(format!(
                "the alarm '{name}' is in alarms.toml: remove it there"
            )),
            Origin::Starter => Some(format!(
                "the alarm '{name}' comes with Kansoku: disable it instead"
            )),
        };
        if let Some(why) = refused {
            return Err(ManageError::Refused(why));
        }
        self.remove(name, now, routing);
        Ok(())
    }

    /// Why an alarm cannot go, if others ask about it.
    fn is_needed(&self, name: &str) -> Option<String> {
        if let Some(parents) = self.parents.get(name).filter(|parents| !parents.is_empty()) {
            let all = parents.join(", ");
            return Some(format!(
                "the alarm '{name}' is asked about by {all}: change or delete that first"
            ));
        }
        let suppressed = self
            .alarms
            .values()
            .find(|alarm| alarm.plan.suppressor() == Some(name))?;
        let of = &suppressed.plan.name;
        Some(format!(
            "the alarm '{name}' is the suppressor of {of}: change or delete that first"
        ))
    }

    fn remove(&mut self, name: &str, now: i64, routing: &dyn Routing) {
        let Some(alarm) = self.alarms.remove(name) else {
            return;
        };
        let changes = &mut self.scribe.changes;
        changes.definitions.insert(name.to_owned(), None);
        changes.states.insert(alarm.own.key(), None);
        for series in alarm.series.values() {
            changes.states.insert(series.record.key(), None);
        }
        self.scribe
            .configured(name, Configured::Deleted, &alarm.plan.definition, now);
        self.dirty.remove(name);
        if alarm.is_composite() || self.parents.contains_key(name) {
            self.index();
            self.composites(now, routing);
        }
    }

    /// Takes all definitions of `origin`: those that are not in the list any more are removed.
    pub(crate) fn sync(
        &mut self,
        origin: Origin,
        definitions: &[Value],
        now: i64,
        routing: &dyn Routing,
    ) -> Synced {
        let mut synced = Synced::default();
        let mut waiting: Vec<(usize, Plan)> = Vec::new();
        let mut named: BTreeSet<String> = BTreeSet::new();
        for (index, definition) in definitions.iter().enumerate() {
            let name = definition
                .get("AlarmName")
                .and_then(Value::as_str)
                .map(str::to_owned);
            let is_double = name.clone().is_some_and(|name| !named.insert(name));
            let read = match is_double {
                true => Err(PlanError::of(
                    "AlarmName",
                    "another alarm of the list has this name",
                )),
                false => Plan::read(definition),
            };
            match read {
                Ok(plan) => waiting.push((index, plan)),
                Err(error) => {
                    synced.faults.push(SyncFault {
                        index: Some(index),
                        name,
                        message: error.to_string(),
                    });
                }
            }
        }
        loop {
            let refused = self.take_all(&mut waiting, origin, &mut synced, now, routing);
            let before = synced.deleted;
            let kept = self.remove_others(origin, &named, &mut synced, now, routing);
            // Those that are gone may have been in the way: an alarm is in so many composite alarms at most.
            if waiting.is_empty() || synced.deleted == before {
                synced.faults.extend(refused);
                synced.faults.extend(kept);
                return synced;
            }
        }
    }

    /// Takes each after those that it asks about, in whatever order they are written. Those that are refused stay, and why.
    fn take_all(
        &mut self,
        waiting: &mut Vec<(usize, Plan)>,
        origin: Origin,
        synced: &mut Synced,
        now: i64,
        routing: &dyn Routing,
    ) -> Vec<SyncFault> {
        let mut is_progress = true;
        let mut refused = Vec::new();
        while is_progress && !waiting.is_empty() {
            is_progress = false;
            refused.clear();
            for (index, plan) in std::mem::take(waiting) {
                let name = plan.name.clone();
                match self.take(plan.clone(), origin, now, routing) {
                    Ok(put) => {
                        is_progress = true;
                        match put {
                            Put::Created => synced.created += 1,
                            Put::Updated => synced.updated += 1,
                            Put::Unchanged => {}
                        }
                    }
                    // What the user has under this name is meant.
                    Err(ManageError::Refused(_)) if origin == Origin::Starter => {}
                    Err(error) => {
                        let message = error.to_string();
                        refused.push(SyncFault {
                            index: Some(index),
                            name: Some(name),
                            message,
                        });
                        waiting.push((index, plan));
                    }
                }
            }
        }
        refused
    }

    /// Removes those of `origin` that are not in the list; which stay because others ask about them.
    fn remove_others(
        &mut self,
        origin: Origin,
        named: &BTreeSet<String>,
        synced: &mut Synced,
        now: i64,
        routing: &dyn Routing,
    ) -> Vec<SyncFault> {
        loop {
            let others = self.alarms.values().filter(|a| a.origin == origin);
            let gone: Vec<String> = others
                .map(|alarm| alarm.plan.name.clone())
                .filter(|name| !named.contains(name))
                .collect();
            let free: Vec<String> = gone
                .iter()
                .filter(|name| self.is_needed(name).is_none())
                .cloned()
                .collect();
            if free.is_empty() {
                let kept = gone.into_iter().map(|name| SyncFault {
                    index: None,
                    message: self.is_needed(&name).unwrap_or_default(),
                    name: Some(name),
                });
                return kept.collect();
            }
            for name in free {
                self.remove(&name, now, routing);
                synced.deleted += 1;
            }
        }
    }

    /// Switches an alarm's actions on or off; its state changes all the same.
    pub(crate) fn enable_actions(
        &mut self,
        name: &str,
        on: bool,
        now: i64,
    ) -> Result<(), ManageError> {
        let alarm = self.alarm_mut(name)?;
        if alarm.acts() == on {
            return Ok(());
        }
        alarm.actions_enabled = Some(on);
        alarm.configured_at = now;
        let definition = alarm.plan.definition.clone();
        let record = alarm.record();
        self.scribe
            .changes
            .definitions
            .insert(name.to_owned(), Some(record));
        self.scribe
            .configured(name, Configured::Updated, &definition, now);
        Ok(())
    }

    /// Sets the state, as if it had been found. An alarm over data points is corrected at its next evaluation, a
    /// composite one stays until another alarm changes or it is put again.
    pub(crate) fn set_state(
        &mut self,
        name: &str,
        new: NewState,
        now: i64,
        routing: &dyn Routing,
    ) -> Result<(), ManageError> {
        self.alarm(name)?;
        let Some(alarm) = self.alarms.get_mut(name) else {
            return Ok(());
        };
        if alarm.own.state == new.state {
            alarm.own.reason = new.reason;
            alarm.own.reason_data = new.reason_data;
            alarm.own.updated = now;
            self.scribe.write_state(&alarm.own);
            return Ok(());
        }
        let plan = Arc::clone(&alarm.plan);
        let head = Head::new(&plan, alarm.configured_at, alarm.acts());
        let transition = self.scribe.transition(&head, &mut alarm.own, new, now);
        alarm.own.is_set = !alarm.is_composite();
        match plan.suppressor() {
            Some(_) => alarm.own.held = Some(transition),
            None => self.scribe.act(&head, &transition, routing, now),
        }
        self.scribe.write_state(&alarm.own);
        self.tell_parents(name, now);
        self.composites(now, routing);
        Ok(())
    }

    /// Adds or exchanges a silence; what is in it is for whoever holds back notifications.
    pub(crate) fn put_silence(&mut self, id: &str, silence: Value) {
        self.scribe
            .changes
            .silences
            .insert(id.to_owned(), Some(silence.clone()));
        self.silences.insert(id.to_owned(), silence);
    }

    /// Whether there was one.
    pub(crate) fn delete_silence(&mut self, id: &str) -> bool {
        let was_there = self.silences.remove(id).is_some();
        if was_there {
            self.scribe.changes.silences.insert(id.to_owned(), None);
        }
        was_there
    }

    pub(crate) fn silences(&self) -> &BTreeMap<String, Value> {
        &self.silences
    }

    pub(super) fn alarm(&self, name: &str) -> Result<&Alarm, ManageError> {
        self.alarms
            .get(name)
            .ok_or_else(|| ManageError::NotFound(name.to_owned()))
    }

    fn alarm_mut(&mut self, name: &str) -> Result<&mut Alarm, ManageError> {
        self.alarms
            .get_mut(name)
            .ok_or_else(|| ManageError::NotFound(name.to_owned()))
    }
}

/// Whether the states that were found say nothing of the new definition.
fn is_of_another_kind(before: &Plan, after: &Plan) -> bool {
    let shape = |plan: &Plan| plan.points().map(|points| points.is_series());
    shape(before) != shape(after)
}

fn may_replace(there: Origin, new: Origin, name: &str) -> Result<(), ManageError> {
    let why = match (there, new) {
        (Origin::File, Origin::Api) => {
            format!("the alarm '{name}' is in alarms.toml: change it there")
        }
        (Origin::Api, Origin::File) => {
            format!("an alarm '{name}' was put over the API: delete it, or take another name")
        }
        (Origin::Api | Origin::File, Origin::Starter) => {
            format!("there is an alarm '{name}' of one's own")
        }
        _ => return Ok(()),
    };
    Err(ManageError::Refused(why))
}

impl NewState {
    /// A state that somebody sets.
    pub(crate) fn set(state: State, reason: &str, reason_data: &str) -> NewState {
        NewState {
            state,
            reason: reason.to_owned(),
            reason_data: reason_data.to_owned(),
            value: None,
        }
    }
}
