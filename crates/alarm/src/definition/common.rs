//! What all alarms have.

use serde::{Deserialize, Serialize};

use super::fault::Check;
use super::limits::{
    LONGEST_ACTION, LONGEST_DESCRIPTION, LONGEST_NAME, MOST_ACTIONS, MOST_DIMENSIONS, MOST_TAGS,
};
use crate::state::State;

/// A dimension of a metric.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Dimension {
    /// Such as `ClusterName`.
    pub name: String,
    /// What it is there.
    pub value: String,
}

/// A tag of an alarm.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Tag {
    /// 1 to 128 characters.
    pub key: String,
    /// At most 256 characters.
    pub value: String,
}

/// What is done when a state is entered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Actions {
    /// Whether anything is done; states change all the same.
    #[serde(rename = "ActionsEnabled")]
    pub enabled: bool,
    /// ARNs, for OK.
    #[serde(rename = "OKActions")]
    pub ok: Vec<String>,
    /// ARNs, for ALARM.
    #[serde(rename = "AlarmActions")]
    pub alarm: Vec<String>,
    /// ARNs, for INSUFFICIENT_DATA.
    #[serde(rename = "InsufficientDataActions")]
    pub insufficient_data: Vec<String>,
}

impl Actions {
    /// What to do on the way from one state to another: nothing when it is the same, or while actions are switched off.
    pub fn on(&self, from: State, to: State) -> &[String] {
        if from == to || !self.enabled {
            return &[];
        }
        match to {
            State::Ok => &self.ok,
            State::Alarm => &self.alarm,
            State::InsufficientData => &self.insufficient_data,
        }
    }

    pub(super) fn check(&self, check: &mut Check) {
        for (key, actions) in [
            ("OKActions", &self.ok),
            ("AlarmActions", &self.alarm),
            ("InsufficientDataActions", &self.insufficient_data),
        ] {
            check.at_most(key, actions.len(), MOST_ACTIONS);
            for (i, action) in actions.iter().enumerate() {
                check.length(format!("{key}[{}]", i + 1), action, LONGEST_ACTION);
            }
        }
    }
}

pub(super) fn check_name_and_description(
    check: &mut Check,
    name: Option<&String>,
    description: Option<&String>,
) {
    match name {
        Some(name) => {
            check.length("AlarmName", name, LONGEST_NAME);
            // It is part of keys, of messages' subjects and of lines of text.
            if name.chars().any(char::is_control) {
                check.value("AlarmName", "has no control characters");
            }
        }
        None => check.missing("AlarmName", "is missing"),
    }
    // A description may be empty.
    let length = description.map_or(0, |text| text.chars().count());
    if length > LONGEST_DESCRIPTION {
        let message = format!("has {length} characters, at most {LONGEST_DESCRIPTION} are allowed");
        check.value("AlarmDescription", message);
    }
}

pub(super) fn check_tags(check: &mut Check, tags: &[Tag]) {
    const LONGEST_KEY: usize = 128;
    const LONGEST_VALUE: usize = 256;
    check.at_most("Tags", tags.len(), MOST_TAGS);
    for (i, tag) in tags.iter().enumerate() {
        check.length(format!("Tags[{}].Key", i + 1), &tag.key, LONGEST_KEY);
        if tag.value.chars().count() > LONGEST_VALUE {
            let message = format!("has more than {LONGEST_VALUE} characters");
            check.value(format!("Tags[{}].Value", i + 1), message);
        }
        let mut before = tags.iter().take(i.min(MOST_TAGS));
        if before.any(|other| other.key == tag.key) {
            let message = format!("'{}' is there twice", tag.key);
            check.value(format!("Tags[{}].Key", i + 1), message);
        }
    }
}

/// A metric by namespace, name and dimensions. `key` is the path before their keys, with its full stop.
pub(super) fn check_metric(
    check: &mut Check,
    key: &str,
    namespace: Option<&str>,
    name: Option<&str>,
    dimensions: &[Dimension],
) {
    let at = |what: &str| format!("{key}{what}");
    match namespace {
        Some(text) if text.starts_with(':') => {
            check.value(at("Namespace"), "does not begin with a colon");
        }
        Some(text) => check.length(at("Namespace"), text, LONGEST_NAME),
        None => check.missing(&at("Namespace"), "is missing"),
    }
    match name {
        Some(text) => check.length(at("MetricName"), text, LONGEST_NAME),
        None => check.missing(&at("MetricName"), "is missing"),
    }
    check.at_most(&at("Dimensions"), dimensions.len(), MOST_DIMENSIONS);
    for (i, dimension) in dimensions.iter().enumerate() {
        let at = |what: &str| format!("{key}Dimensions[{}].{what}", i + 1);
        check.length(at("Name"), &dimension.name, LONGEST_NAME);
        check.length(at("Value"), &dimension.value, LONGEST_DESCRIPTION);
        let mut before = dimensions.iter().take(i.min(MOST_DIMENSIONS));
        if before.any(|other| other.name == dimension.name) {
            check.value(at("Name"), format!("'{}' is there twice", dimension.name));
        }
    }
}
