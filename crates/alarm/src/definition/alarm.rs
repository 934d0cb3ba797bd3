//! An alarm of any kind.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::common::{Actions, Tag};
use super::composite::CompositeAlarm;
use super::fault::{Fault, FaultKind, Faults};
use super::limits::{LONGEST_DEFINITION, STATISTICS};
use super::metric::MetricAlarm;
use super::read;
use super::source::Source;
use super::written::Written;
use crate::evaluate::Rule;
use crate::percentile::LowSampleCount;
use crate::schedule;

/// An alarm of any kind, within CloudWatch's limits. Its name is its key: no two alarms share one.
///
/// It is read from JSON with CloudWatch's keys. An alarm over what CloudWatch does not have is a metric alarm with
/// `Source` in place of the metric. `Tags` and `Dimensions` may be written as an object too,
/// `{"severity": "critical"}`, and a `null` is as if the key were not there.
#[derive(Debug, Clone, PartialEq)]
pub enum Definition {
    /// Over data points, wherever they come from.
    Metric(MetricAlarm),
    /// Over the states of other alarms.
    Composite(CompositeAlarm),
}

/// What an alarm is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A metric, or metric math.
    Metric,
    /// Rows of an entity.
    Rows,
    /// Log lines.
    Logs,
    /// An SQL query.
    Sql,
    /// Verdicts.
    Health,
    /// What was lost.
    Loss,
    /// Other alarms.
    Composite,
}

impl Kind {
    /// The word as it is serialized.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Metric => "metric",
            Kind::Rows => "rows",
            Kind::Logs => "logs",
            Kind::Sql => "sql",
            Kind::Health => "health",
            Kind::Loss => "loss",
            Kind::Composite => "composite",
        }
    }
}

/// Why something is no definition.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DefinitionError {
    /// It is too long to be one.
    #[error("has {0} bytes, a definition has at most {LONGEST_DEFINITION}")]
    TooLong(usize),
    /// It is not JSON; with line and column.
    #[error("not JSON: {0}")]
    NotJson(String),
    /// Its keys are wrong.
    #[error(transparent)]
    Faults(#[from] Faults),
}

impl DefinitionError {
    /// What is wrong, key by key; of what is no definition at all under an empty key.
    pub fn faults(&self) -> Vec<Fault> {
        match self {
            DefinitionError::Faults(faults) => faults.0.clone(),
            whole => vec![Fault {
                key: String::new(),
                message: whole.to_string(),
                kind: FaultKind::Value,
            }],
        }
    }
}

impl Definition {
    /// Reads a definition.
    ///
    /// # Errors
    /// It is not JSON, or it is wrong: then with every fault at once. A key that is not known is a fault, with the one
    /// that was probably meant. What is asked of other places is not checked: whether entities, metrics and columns
    /// exist, and whether a log query or SQL is well formed. A number of more than 15 digits may be read as the double
    /// beside it.
    pub fn from_json(json: &[u8]) -> Result<Definition, DefinitionError> {
        if json.len() > LONGEST_DEFINITION {
            return Err(DefinitionError::TooLong(json.len()));
        }
        // An editor's byte order mark is no part of it.
        let json = json.strip_prefix("\u{feff}".as_bytes()).unwrap_or(json);
        let written: Written = serde_json::from_slice(json)
            .map_err(|error| DefinitionError::NotJson(error.to_string()))?;
        Ok(read::definition(written)?)
    }

    /// The definition with its defaults, as [`Definition::from_json`] reads it. What an alarm has none of (no actions, no
    /// tags) is left out, and so is an `EvaluationInterval` that follows from the period.
    pub fn to_json(&self) -> Value {
        let mut keys = Map::new();
        let mut put = |key: &str, value: Value| {
            let is_empty = value.is_null() || value.as_array().is_some_and(Vec::is_empty);
            if !is_empty {
                keys.insert(key.to_owned(), value);
            }
        };
        let actions = self.actions();
        put("AlarmName", json!(self.name()));
        put("AlarmDescription", json!(self.description()));
        put("ActionsEnabled", json!(actions.enabled));
        put("OKActions", json!(actions.ok));
        put("AlarmActions", json!(actions.alarm));
        put("InsufficientDataActions", json!(actions.insufficient_data));
        put("Tags", json!(self.tag_list()));
        match self {
            Definition::Metric(alarm) => metric(alarm, put),
            Definition::Composite(alarm) => composite(alarm, put),
        }
        Value::Object(keys)
    }

    /// Its name, which no other alarm has.
    pub fn name(&self) -> &str {
        match self {
            Definition::Metric(alarm) => &alarm.name,
            Definition::Composite(alarm) => &alarm.name,
        }
    }

    /// What its author wrote for people.
    pub fn description(&self) -> Option<&str> {
        match self {
            Definition::Metric(alarm) => alarm.description.as_deref(),
            Definition::Composite(alarm) => alarm.description.as_deref(),
        }
    }

    /// What it is over.
    pub fn kind(&self) -> Kind {
        match self {
            Definition::Composite(_) => Kind::Composite,
            Definition::Metric(alarm) => match alarm.source {
                Source::Metric { .. } | Source::Math { .. } => Kind::Metric,
                Source::Rows(_) => Kind::Rows,
                Source::Logs(_) => Kind::Logs,
                Source::Sql(_) => Kind::Sql,
                Source::Health(_) => Kind::Health,
                Source::Loss(_) => Kind::Loss,
            },
        }
    }

    /// What is done on transitions.
    pub fn actions(&self) -> &Actions {
        match self {
            Definition::Metric(alarm) => &alarm.actions,
            Definition::Composite(alarm) => &alarm.actions,
        }
    }

    fn tag_list(&self) -> &[Tag] {
        match self {
            Definition::Metric(alarm) => &alarm.tags,
            Definition::Composite(alarm) => &alarm.tags,
        }
    }

    /// Its tags.
    pub fn tags(&self) -> BTreeMap<String, String> {
        let tags = self.tag_list().iter();
        tags.map(|tag| (tag.key.clone(), tag.value.clone()))
            .collect()
    }

    /// The alarm over data points, if it is one.
    pub fn metric(&self) -> Option<&MetricAlarm> {
        match self {
            Definition::Metric(alarm) => Some(alarm),
            Definition::Composite(_) => None,
        }
    }

    /// The alarm over other alarms, if it is one.
    pub fn composite(&self) -> Option<&CompositeAlarm> {
        match self {
            Definition::Metric(_) => None,
            Definition::Composite(alarm) => Some(alarm),
        }
    }

    /// Seconds of a period; `None` for a composite alarm.
    pub fn period(&self) -> Option<u32> {
        self.metric().map(|alarm| alarm.period)
    }

    /// What is done with the data points; `None` for a composite alarm.
    pub fn rule(&self) -> Option<&Rule> {
        self.metric().map(|alarm| &alarm.rule)
    }

    /// Seconds between two evaluations; `None` for a composite alarm, which is evaluated when another alarm changes.
    pub fn every(&self) -> Option<u32> {
        self.metric().map(|alarm| alarm.every)
    }

    /// Whether it has a contributor for each series; see [`Source::is_series`].
    pub fn is_series(&self) -> bool {
        self.metric().is_some_and(|alarm| alarm.source.is_series())
    }
}

fn metric(alarm: &MetricAlarm, mut put: impl FnMut(&str, Value)) {
    match &alarm.source {
        Source::Metric {
            namespace,
            name,
            dimensions,
            statistic,
            unit,
        } => {
            let key = match STATISTICS.contains(&statistic.as_str()) {
                true => "Statistic",
                false => "ExtendedStatistic",
            };
            put("Namespace", json!(namespace));
            put("MetricName", json!(name));
            put("Dimensions", json!(dimensions));
            put(key, json!(statistic.as_str()));
            put("Unit", json!(unit));
            put("Period", json!(alarm.period));
        }
        Source::Math {
            queries,
            band,
            detector,
        } => {
            put("Metrics", json!(queries));
            put("ThresholdMetricId", json!(band));
            put("AnomalyDetector", json!(detector.to_json()));
        }
        other => {
            put("Source", other.to_json().unwrap_or_default());
            put("Period", json!(alarm.period));
        }
    }
    let rule = &alarm.rule;
    let condition = &rule.condition;
    put("EvaluationPeriods", json!(rule.evaluation_periods));
    put("DatapointsToAlarm", json!(rule.datapoints_to_alarm));
    put("TreatMissingData", json!(rule.treat_missing_data));
    put("ComparisonOperator", json!(condition.operator()));
    put("Threshold", json!(condition.threshold()));
    let ignored = rule.low_samples.map(|_| LowSampleCount::Ignore);
    put("EvaluateLowSampleCountPercentile", json!(ignored));
    if alarm.every != schedule::every(alarm.period, rule.evaluation_periods) {
        put("EvaluationInterval", json!(alarm.every));
    }
}

fn composite(alarm: &CompositeAlarm, mut put: impl FnMut(&str, Value)) {
    put("AlarmRule", json!(alarm.rule_as_written));
    if let Some(suppressor) = &alarm.suppressor {
        let periods = suppressor.periods;
        put("ActionsSuppressor", json!(suppressor.alarm));
        put("ActionsSuppressorWaitPeriod", json!(periods.wait));
        put("ActionsSuppressorExtensionPeriod", json!(periods.extension));
    }
}
