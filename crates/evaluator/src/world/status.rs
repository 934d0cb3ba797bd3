//! Alarms as they are shown.

use std::collections::BTreeMap;

use alarm::State;
use alarm::composite::SuppressedBy;
use alarm::contributor::{self, Counts};
use serde_json::Value;

use super::{Alarm, World};
use crate::record::Origin;
use crate::windows::Labels;

/// The most series in ALARM that a [`Status`] lists.
const MOST_LISTED: usize = 20;

/// An alarm as it is now. Times are microseconds since 1970.
#[derive(Debug, Clone, PartialEq)]
#[expect(
    missing_docs,
    reason = "the fields are CloudWatch's and those of the API"
)]
pub struct Status {
    pub name: String,
    pub arn: String,
    pub kind: String,
    pub description: Option<String>,
    pub state: State,
    /// When the state was entered.
    pub since: i64,
    /// When state or reason last changed.
    pub updated: i64,
    pub reason: String,
    pub reason_data: String,
    /// The newest data point, of an alarm over one series.
    pub value: Option<f64>,
    pub origin: Origin,
    pub actions_enabled: bool,
    pub tags: BTreeMap<String, String>,
    /// How many series are in which state; `None` for an alarm over one.
    pub contributors: Option<Counts>,
    /// Series in ALARM, those that are longest first, at most twenty.
    pub in_alarm: Vec<ContributorStatus>,
    pub suppressed_by: Option<SuppressedBy>,
    /// Why it cannot be evaluated.
    pub problem: Option<String>,
    pub configured_at: i64,
    /// What a composite alarm asks about, with their states; `None` where one is gone.
    pub children: Vec<(String, Option<State>)>,
    /// Composite alarms that ask about it.
    pub parents: Vec<String>,
    pub definition: Value,
}

/// A series of an alarm as it is now. Times are microseconds since 1970.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "as in Status")]
pub struct ContributorStatus {
    pub labels: Labels,
    pub state: State,
    pub since: i64,
    pub reason: String,
    pub reason_data: String,
    pub value: Option<f64>,
}

/// A definition that this version cannot read.
#[derive(Debug, Clone, PartialEq)]
pub struct Broken {
    /// Its name.
    pub name: String,
    /// Why.
    pub why: String,
    /// As it is on disk.
    pub definition: Value,
}

/// Which alarms are asked for; of everything that is given, all must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// In this state.
    pub state: Option<State>,
    /// One of these names; empty: any.
    pub names: Vec<String>,
    /// Whose names begin so.
    pub prefix: Option<String>,
    /// With these tags.
    pub tags: BTreeMap<String, String>,
}

impl Filter {
    fn holds(&self, name: &str, alarm: &Alarm) -> bool {
        self.state.is_none_or(|state| alarm.own.state == state)
            && (self.names.is_empty() || self.names.iter().any(|wanted| wanted == name))
            && self
                .prefix
                .as_deref()
                .is_none_or(|prefix| name.starts_with(prefix))
            && self
                .tags
                .iter()
                .all(|(key, value)| alarm.plan.tags.get(key) == Some(value))
    }
}

impl World {
    pub(crate) fn list(&self, filter: &Filter) -> Vec<Status> {
        let asked = self
            .alarms
            .iter()
            .filter(|(name, alarm)| filter.holds(name, alarm));
        asked.map(|(_, alarm)| self.status(alarm)).collect()
    }

    pub(crate) fn describe(&self, name: &str) -> Option<Status> {
        self.alarms.get(name).map(|alarm| self.status(alarm))
    }

    pub(crate) fn broken(&self) -> Vec<Broken> {
        let all = self.broken.iter().map(|(name, (record, why))| Broken {
            name: name.clone(),
            why: why.clone(),
            definition: record.definition.clone(),
        });
        all.collect()
    }

    /// Every series of an alarm, by labels.
    pub(crate) fn series(&self, name: &str) -> Option<Vec<ContributorStatus>> {
        let mut all: Vec<_> = self
            .alarms
            .get(name)?
            .series
            .values()
            .map(contributor)
            .collect();
        all.sort_unstable_by(|a, b| a.labels.cmp(&b.labels));
        Some(all)
    }

    fn status(&self, alarm: &Alarm) -> Status {
        let plan = &alarm.plan;
        let counts = alarm.counts();
        let is_series = plan.points().is_some_and(|points| points.is_series());
        let of_it = alarm.series.values();
        let mut in_alarm: Vec<_> = of_it
            .filter(|series| series.record.state == State::Alarm)
            .collect();
        in_alarm.sort_unstable_by(|a, b| {
            (a.record.since, &a.record.labels).cmp(&(b.record.since, &b.record.labels))
        });
        let children = plan.children().into_iter().map(|child| {
            (
                child.to_owned(),
                self.alarms.get(child).map(|alarm| alarm.own.state),
            )
        });
        Status {
            name: plan.name.clone(),
            arn: self.scribe.arn(&plan.name),
            kind: plan.kind.clone(),
            description: plan.description.clone(),
            state: alarm.own.state,
            since: alarm.own.since,
            updated: alarm.own.updated,
            // What was written with the last change of state counts series that have changed since.
            reason: match is_series && counts.total() > 0 && !alarm.own.is_set {
                true => contributor::reason(counts),
                false => alarm.own.reason.clone(),
            },
            reason_data: alarm.own.reason_data.clone(),
            value: alarm.value,
            origin: alarm.origin,
            actions_enabled: alarm.acts(),
            tags: plan.tags.clone(),
            contributors: is_series.then_some(counts),
            in_alarm: in_alarm
                .into_iter()
                .take(MOST_LISTED)
                .map(contributor)
                .collect(),
            suppressed_by: alarm.suppressed_by(),
            problem: alarm.problem.clone(),
            configured_at: alarm.configured_at,
            children: children.collect(),
            parents: self.parents.get(&plan.name).cloned().unwrap_or_default(),
            definition: plan.definition.clone(),
        }
    }
}

fn contributor(series: &super::Series) -> ContributorStatus {
    let record = &series.record;
    ContributorStatus {
        labels: record.labels.clone(),
        state: record.state,
        since: record.since,
        reason: record.reason.clone(),
        reason_data: record.reason_data.clone(),
        value: series.value,
    }
}
