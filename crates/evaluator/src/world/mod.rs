//! All alarms in memory, with their states. No I/O and no clock: what is to be written collects in [`Changes`].

mod composite;
mod manage;
mod points;
mod repeat;
mod scribe;
mod status;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use alarm::State;
use alarm::contributor::Counts;
use serde_json::Value;

pub(crate) use manage::Put;
pub use manage::{ManageError, SyncFault, Synced};
pub use status::{Broken, ContributorStatus, Filter, Status};

pub(crate) use points::{ENDED, missed, reason};
pub(crate) use scribe::{NewState, Scribe};

use crate::keep::{Changes, Contents};
use crate::outbox::{Outbox, Standing};
use crate::plan::Plan;
use crate::record::{DefinitionRecord, Origin, StateRecord};
use crate::settings::Settings;
use crate::windows::Labels;

const SECOND: i64 = 1_000_000;

/// An alarm with its state.
#[derive(Debug)]
pub(crate) struct Alarm {
    pub(crate) plan: Arc<Plan>,
    origin: Origin,
    configured_at: i64,
    /// Whether actions are done, where somebody switched them on or off apart from the definition.
    actions_enabled: Option<bool>,
    /// Its own state; of an alarm over many series, the one that theirs add up to.
    own: StateRecord,
    series: HashMap<Labels, Series>,
    /// Which of its evaluations was the last one; `None`: it is due.
    last_slot: Option<i64>,
    /// A failed read is not repeated before.
    retry_at: i64,
    /// Why it cannot be evaluated.
    problem: Option<String>,
    /// The newest data point, of an alarm over one series.
    value: Option<f64>,
    /// Of a composite alarm: whether its rule was evaluated since it was put.
    is_evaluated: bool,
}

/// A series of an alarm.
#[derive(Debug)]
struct Series {
    record: StateRecord,
    value: Option<f64>,
    /// When an evaluation first found no data point in its whole range.
    empty_since: Option<i64>,
}

/// All alarms.
#[derive(Debug)]
pub(crate) struct World {
    alarms: BTreeMap<String, Alarm>,
    /// Definitions on disk that this version cannot read, with why.
    broken: BTreeMap<String, (DefinitionRecord, String)>,
    silences: BTreeMap<String, Value>,
    pub(crate) scribe: Scribe,
    /// Who asks about an alarm's state.
    parents: HashMap<String, Vec<String>>,
    /// Composite alarms, each after those that it asks about.
    order: Vec<String>,
    /// Composite alarms to be evaluated, with the changes that caused it: ARN, state, when.
    dirty: BTreeMap<String, Vec<(String, State, i64)>>,
    delay: i64,
    most_contributors: usize,
}

impl Alarm {
    fn new(plan: Arc<Plan>, record: &DefinitionRecord) -> Alarm {
        Alarm {
            own: StateRecord::initial(&plan.name, Labels::new(), record.configured_at),
            plan,
            origin: record.origin,
            configured_at: record.configured_at,
            actions_enabled: record.actions_enabled,
            series: HashMap::new(),
            last_slot: None,
            retry_at: i64::MIN,
            problem: None,
            value: None,
            is_evaluated: false,
        }
    }

    /// How many of its series are in which state.
    fn counts(&self) -> Counts {
        Counts::of(self.series.values().map(|series| series.record.state))
    }

    fn acts(&self) -> bool {
        self.actions_enabled.unwrap_or(self.plan.actions_enabled)
    }

    fn record(&self) -> DefinitionRecord {
        DefinitionRecord {
            definition: self.plan.definition.clone(),
            origin: self.origin,
            configured_at: self.configured_at,
            actions_enabled: self.actions_enabled,
        }
    }

    fn is_composite(&self) -> bool {
        self.plan.is_composite()
    }
}

impl World {
    pub(crate) fn restore(contents: Contents, settings: &Settings) -> World {
        let mut alarms = BTreeMap::new();
        let mut broken = BTreeMap::new();
        for (name, record) in contents.definitions {
            match Plan::read(&record.definition) {
                Ok(plan) => {
                    alarms.insert(name, Alarm::new(Arc::new(plan), &record));
                }
                Err(error) => {
                    broken.insert(name, (record, error.to_string()));
                }
            }
        }
        let outbox = Outbox::restore(contents.deliveries);
        let standing = Standing::restore(contents.standing);
        let mut world = World {
            alarms,
            broken,
            silences: contents.silences,
            scribe: Scribe::new(
                (outbox, standing),
                &contents.counters,
                contents.instance,
                settings,
            ),
            parents: HashMap::new(),
            order: Vec::new(),
            dirty: BTreeMap::new(),
            delay: i64::from(settings.delay_seconds) * SECOND,
            most_contributors: settings.most_contributors,
        };
        for record in contents.states {
            world.restore_state(record);
        }
        world.index();
        world
    }

    fn restore_state(&mut self, record: StateRecord) {
        match self.alarms.get_mut(&record.alarm) {
            Some(alarm) if record.labels.is_empty() => {
                alarm.value = record.value;
                // A composite alarm whose state was written was evaluated.
                alarm.is_evaluated = true;
                alarm.own = record;
            }
            Some(alarm) => {
                let value = record.value;
                let series = Series {
                    value,
                    empty_since: None,
                    record,
                };
                alarm.series.insert(series.record.labels.clone(), series);
            }
            // Those of an alarm that cannot be read wait for a version that can.
            None if self.broken.contains_key(&record.alarm) => {}
            None => {
                self.scribe.changes.states.insert(record.key(), None);
            }
        }
    }

    /// The newest moment that any state knows of.
    pub(crate) fn newest_moment(&self) -> i64 {
        let all = self.alarms.values().flat_map(|alarm| {
            let series = alarm.series.values().map(|series| series.record.updated);
            series.chain([alarm.own.updated])
        });
        all.max().unwrap_or(0)
    }

    /// Who asks about whom, after definitions have changed.
    fn index(&mut self) {
        let children: BTreeMap<&str, BTreeSet<&str>> = self
            .alarms
            .values()
            .filter(|alarm| alarm.is_composite())
            .map(|alarm| (alarm.plan.name.as_str(), alarm.plan.children()))
            .collect();
        let (order, stuck) = alarm::composite::order(&children);
        let order = order.into_iter().map(str::to_owned).collect();
        let stuck: BTreeMap<String, String> = stuck
            .into_iter()
            .map(|name| {
                let why = match alarm::composite::cycle_through(name, &children) {
                    Some(cycle) => cycle.to_string(),
                    None => "it asks about alarms that ask about one another".to_owned(),
                };
                (name.to_owned(), why)
            })
            .collect();
        let mut parents: HashMap<String, Vec<String>> = HashMap::new();
        for (child, asking) in alarm::composite::parents(&children) {
            parents.insert(
                child.to_owned(),
                asking.iter().map(|name| (*name).to_owned()).collect(),
            );
        }
        self.order = order;
        self.parents = parents;
        let names: BTreeSet<String> = self.alarms.keys().cloned().collect();
        for (name, alarm) in self
            .alarms
            .iter_mut()
            .filter(|(_, alarm)| alarm.is_composite())
        {
            alarm.problem = stuck.get(name).cloned().or_else(|| {
                let gone: Vec<&str> = alarm
                    .plan
                    .children()
                    .into_iter()
                    .filter(|c| !names.contains(*c))
                    .collect();
                let all = gone.join(", ");
                (!gone.is_empty()).then(|| format!("it asks about alarms that do not exist: {all}"))
            });
        }
    }

    /// Those who ask about `name` are to be evaluated.
    fn tell_parents(&mut self, name: &str, at: i64) {
        let Some(alarm) = self.alarms.get(name) else {
            return;
        };
        let change = (self.scribe.arn(name), alarm.own.state, at);
        for parent in self.parents.get(name).into_iter().flatten() {
            self.dirty
                .entry(parent.clone())
                .or_default()
                .push(change.clone());
        }
    }

    pub(crate) fn changes(&mut self) -> Changes {
        std::mem::take(&mut self.scribe.changes)
    }
}
