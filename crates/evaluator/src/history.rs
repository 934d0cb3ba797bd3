//! What happened to alarms: CloudWatch's history items.

use alarm::{State, Transition};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::windows::Labels;

/// `HistoryItemType`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum HistoryItemType {
    /// A definition was made, changed or removed.
    ConfigurationUpdate,
    /// A state changed.
    StateUpdate,
    /// A receiver was told, or could not be.
    Action,
}

impl HistoryItemType {
    /// CloudWatch's word.
    pub fn as_str(self) -> &'static str {
        match self {
            HistoryItemType::ConfigurationUpdate => "ConfigurationUpdate",
            HistoryItemType::StateUpdate => "StateUpdate",
            HistoryItemType::Action => "Action",
        }
    }
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HistoryItem {
    /// Counts up over all items, and is never given twice.
    pub number: u64,
    /// When, in microseconds since 1970.
    pub time: i64,
    /// Name of the alarm.
    pub alarm: String,
    /// Which series of it; empty for the alarm itself.
    #[serde(default)]
    pub labels: Labels,
    /// What kind of thing.
    #[serde(rename = "type")]
    pub kind: HistoryItemType,
    /// In words.
    pub summary: String,
    /// The state before, of a change of state.
    pub from: Option<State>,
    /// The state after, of a change of state.
    pub to: Option<State>,
    /// Why, of a change of state.
    pub reason: Option<String>,
    /// `HistoryData`.
    pub data: Value,
}

/// Whose state changed from what, for [`HistoryItem::state_update`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct Before<'a> {
    pub(crate) reason: &'a str,
    pub(crate) reason_data: &'a str,
}

impl HistoryItem {
    pub(crate) fn state_update(
        number: u64,
        transition: &Transition,
        before: Before<'_>,
    ) -> HistoryItem {
        let side = |state: State, reason: &str, data: &str| {
            json!({
                "stateValue": state,
                "stateReason": reason,
                // As an object where it is one: who reads it then need not parse twice.
                "stateReasonData": serde_json::from_str::<Value>(data).unwrap_or(Value::Null),
            })
        };
        HistoryItem {
            number,
            time: transition.at,
            alarm: transition.alarm.clone(),
            labels: transition.labels.clone(),
            kind: HistoryItemType::StateUpdate,
            summary: format!(
                "Alarm updated from {} to {}",
                transition.from, transition.to
            ),
            from: Some(transition.from),
            to: Some(transition.to),
            reason: Some(transition.reason.clone()),
            data: json!({
                "version": "1.0",
                "number": transition.number,
                "oldState": side(transition.from, before.reason, before.reason_data),
                "newState": side(transition.to, &transition.reason, &transition.reason_data),
            }),
        }
    }

    /// `what`: `created`, `updated` or `deleted`.
    pub(crate) fn configuration(
        number: u64,
        time: i64,
        alarm: &str,
        what: Configured,
        definition: &Value,
    ) -> HistoryItem {
        let (word, kind, key) = match what {
            Configured::Created => ("created", "Create", "createdAlarm"),
            Configured::Updated => ("updated", "Update", "updatedAlarm"),
            Configured::Deleted => ("deleted", "Delete", "deletedAlarm"),
        };
        HistoryItem {
            number,
            time,
            alarm: alarm.to_owned(),
            labels: Labels::new(),
            kind: HistoryItemType::ConfigurationUpdate,
            summary: format!("Alarm \"{alarm}\" {word}"),
            from: None,
            to: None,
            reason: None,
            data: json!({ "version": "1.0", "type": kind, key: definition }),
        }
    }

    pub(crate) fn action(number: u64, time: i64, done: &ActionDone<'_>) -> HistoryItem {
        let (state, summary) = match done.error {
            None => (
                "Succeeded",
                format!("Successfully executed action {}", done.receiver),
            ),
            Some(error) => (
                "Failed",
                format!("Failed to execute action {}: {error}", done.receiver),
            ),
        };
        HistoryItem {
            number,
            time,
            alarm: done.alarm.to_owned(),
            labels: done.labels.clone(),
            kind: HistoryItemType::Action,
            summary,
            from: None,
            to: Some(done.to),
            reason: None,
            data: json!({
                "actionState": state,
                "stateUpdateTimestamp": done.at,
                "notificationResource": done.receiver,
                "publishedMessage": done.answer,
                "error": done.error,
                "delivery": done.delivery,
                "attempts": done.attempts,
            }),
        }
    }
}

/// What happened to a definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Configured {
    Created,
    Updated,
    Deleted,
}

/// A delivery that came to its end.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ActionDone<'a> {
    pub(crate) alarm: &'a str,
    pub(crate) labels: &'a Labels,
    pub(crate) to: State,
    pub(crate) at: i64,
    pub(crate) receiver: &'a str,
    pub(crate) delivery: &'a str,
    pub(crate) attempts: u32,
    pub(crate) answer: Option<&'a str>,
    pub(crate) error: Option<&'a str>,
}
