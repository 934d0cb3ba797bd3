//! What is kept on disk, as JSON.

use alarm::composite::Suppression;
use alarm::{State, Transition};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::windows::Labels;

/// Who made a definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// It comes with Kansoku.
    Starter,
    /// It is in `alarms.toml`.
    File,
    /// It was put over the API.
    Api,
}

impl Origin {
    /// The word as it is serialized.
    pub fn as_str(self) -> &'static str {
        match self {
            Origin::Starter => "starter",
            Origin::File => "file",
            Origin::Api => "api",
        }
    }
}

/// A definition on disk.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DefinitionRecord {
    /// As it was written.
    pub definition: Value,
    /// Who made it.
    pub origin: Origin,
    /// When it was last changed, in microseconds since 1970.
    pub configured_at: i64,
    /// Whether actions are done, where somebody switched them on or off apart from the definition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actions_enabled: Option<bool>,
}

/// The state of an alarm, or of one of its series, on disk.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StateRecord {
    /// Name of the alarm.
    pub alarm: String,
    /// Which series; empty for the alarm itself.
    #[serde(default, skip_serializing_if = "Labels::is_empty")]
    pub labels: Labels,
    /// The state.
    pub state: State,
    /// When it was entered, in microseconds since 1970.
    pub since: i64,
    /// When state or reason last changed, in microseconds since 1970.
    pub updated: i64,
    /// Why.
    pub reason: String,
    /// The evaluated points, JSON in a string; empty when there are none.
    pub reason_data: String,
    /// The newest data point when the state was entered.
    pub value: Option<f64>,
    /// Whether somebody set the state; the next evaluation corrects it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_set: bool,
    /// Of a composite alarm with a suppressor: what holds its actions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suppression: Option<Suppression>,
    /// The newest transition, while its actions are held.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held: Option<Transition>,
}

impl StateRecord {
    /// Of an alarm, or of one of its series, that was not evaluated yet.
    pub fn initial(alarm: &str, labels: Labels, at: i64) -> StateRecord {
        StateRecord {
            alarm: alarm.to_owned(),
            labels,
            state: State::InsufficientData,
            since: at,
            updated: at,
            reason: alarm::reason::CREATED.to_owned(),
            reason_data: String::new(),
            value: None,
            is_set: false,
            suppression: None,
            held: None,
        }
    }

    /// What it is kept under.
    pub fn key(&self) -> String {
        state_key(&self.alarm, &self.labels)
    }
}

/// What a receiver that forgets was told last, and is told again while it lasts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StandingRecord {
    /// Name of the receiver.
    pub receiver: String,
    /// The change of which it was told.
    pub transition: Transition,
}

/// Name and labels as one text, as in [`Transition::key`].
pub fn state_key(alarm: &str, labels: &Labels) -> String {
    let mut key = alarm.to_owned();
    for (label, value) in labels {
        key.push('\u{1f}');
        key.push_str(label);
        key.push('=');
        key.push_str(value);
    }
    key
}
