//! A change of an alarm's state: what history, notifications and events are made of.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::state::State;

/// An alarm, or one of its contributors, went from one state to another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Transition {
    /// Counts up over all alarms and is never given twice, so that a receiver can know what it has seen.
    pub number: u64,
    /// Name of the alarm.
    pub alarm: String,
    /// Its ARN.
    pub arn: String,
    /// What its author wrote for people.
    pub description: Option<String>,
    /// Which series of an alarm over many: label and value, as `namespace` and `shop`. Empty for an alarm over one.
    pub labels: BTreeMap<String, String>,
    /// The alarm's tags, such as `severity`, `team`, `runbook`.
    pub tags: BTreeMap<String, String>,
    /// The state before.
    pub from: State,
    /// The state now.
    pub to: State,
    /// When it was found, in microseconds since 1970.
    pub at: i64,
    /// When the state before began, in microseconds since 1970.
    pub from_since: i64,
    /// Why, in CloudWatch's words.
    pub reason: String,
    /// The evaluated points: CloudWatch's `StateReasonData`, JSON in a string.
    pub reason_data: String,
    /// The newest data point, if there is one.
    pub value: Option<f64>,
    /// When the definition was last changed, in microseconds since 1970.
    pub configured_at: i64,
    /// What is evaluated, in the shape of `Trigger` of CloudWatch's SNS message.
    pub trigger: serde_json::Value,
    /// The actions of every state, as they are defined.
    pub actions: TransitionActions,
}

/// Names or ARNs of receivers by state, as a definition has them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct TransitionActions {
    /// For OK.
    #[serde(rename = "OKActions")]
    pub ok: Vec<String>,
    /// For ALARM.
    #[serde(rename = "AlarmActions")]
    pub alarm: Vec<String>,
    /// For INSUFFICIENT_DATA.
    #[serde(rename = "InsufficientDataActions")]
    pub insufficient_data: Vec<String>,
}

impl Transition {
    /// Who is to be told of it.
    pub fn receivers(&self) -> &[String] {
        match self.to {
            State::Ok => &self.actions.ok,
            State::Alarm => &self.actions.alarm,
            State::InsufficientData => &self.actions.insufficient_data,
        }
    }

    /// The same for every transition of one alarm and contributor: name and labels. Receivers that keep an incident open
    /// (PagerDuty, Alertmanager) know it by this.
    pub fn key(&self) -> String {
        let mut key = self.alarm.clone();
        for (label, value) in &self.labels {
            key.push('\u{1f}');
            key.push_str(label);
            key.push('=');
            key.push_str(value);
        }
        key
    }
}
