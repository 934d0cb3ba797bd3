//! A definition as evaluation needs it. This is the only place that reads definitions.

use std::collections::BTreeMap;

use alarm::Rule;
use alarm::TransitionActions;
use alarm::composite::Expression;
use alarm::definition::{
    ActionsSuppressor, Definition, DefinitionError, Fault, FaultKind, Faults, Source,
};
use serde_json::{Map, Value, json};

/// An alarm, as evaluation needs it.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// Its name, which no other alarm has.
    pub name: String,
    /// `metric`, `rows`, `logs`, `sql`, `health`, `loss` or `composite`.
    pub kind: String,
    /// For people.
    pub description: Option<String>,
    /// By key.
    pub tags: BTreeMap<String, String>,
    /// Whether actions are done, as the definition has it.
    pub actions_enabled: bool,
    /// What is done, by state.
    pub actions: TransitionActions,
    /// What is evaluated.
    pub subject: Subject,
    /// The same for people who parse: `Trigger` of CloudWatch's SNS message.
    pub trigger: Value,
    /// The definition as it was written.
    pub definition: Value,
}

/// What is evaluated.
#[derive(Debug, Clone, PartialEq)]
pub enum Subject {
    /// Data points.
    Points(Points),
    /// The states of other alarms.
    Composite {
        /// When it is in ALARM.
        rule: Expression,
        /// What holds its actions.
        suppressor: Option<ActionsSuppressor>,
    },
}

/// An alarm over data points.
#[derive(Debug, Clone, PartialEq)]
pub struct Points {
    /// What is done with them.
    pub rule: Rule,
    /// Seconds of a period.
    pub period: u32,
    /// Seconds between two evaluations.
    pub every: u32,
    /// Where they come from.
    pub source: Source,
}

impl Points {
    /// Whether each series has a state of its own, known by its labels.
    pub fn is_series(&self) -> bool {
        self.source.is_series()
    }

    /// Whether reading them can take long: people wrote the question, it goes through log lines, or a band is learned from
    /// weeks. Other alarms must not wait for it.
    pub fn takes_long(&self) -> bool {
        match &self.source {
            Source::Sql(_) | Source::Logs(_) | Source::Math { band: Some(_), .. } => true,
            Source::Math { band: None, .. }
            | Source::Metric { .. }
            | Source::Rows(_)
            | Source::Health(_)
            | Source::Loss(_) => false,
        }
    }

    /// The name of the statistic, if it has one.
    pub fn statistic(&self) -> Option<&str> {
        self.source.statistic().map(|statistic| statistic.as_str())
    }

    /// The unit, if it names one.
    pub fn unit(&self) -> Option<&str> {
        match &self.source {
            Source::Metric { unit, .. } => unit.as_deref(),
            _ => None,
        }
    }
}

/// A definition that cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(transparent)]
pub struct PlanError(#[from] pub DefinitionError);

impl PlanError {
    /// A fault of one key.
    pub fn of(key: &str, message: impl Into<String>) -> PlanError {
        PlanError(DefinitionError::Faults(Faults(vec![Fault {
            key: key.to_owned(),
            message: message.into(),
            kind: FaultKind::Value,
        }])))
    }

    /// What is wrong, key by key.
    pub fn faults(&self) -> Vec<Fault> {
        self.0.faults()
    }
}

impl Plan {
    /// Reads a definition.
    ///
    /// # Errors
    /// What is wrong with it, all at once.
    pub fn read(definition: &Value) -> Result<Plan, PlanError> {
        let read = Definition::from_json(definition.to_string().as_bytes())?;
        let subject = match &read {
            Definition::Composite(alarm) => Subject::Composite {
                rule: alarm.rule.clone(),
                suppressor: alarm.suppressor.clone(),
            },
            Definition::Metric(alarm) => Subject::Points(Points {
                rule: alarm.rule,
                period: alarm.period,
                every: alarm.every,
                source: alarm.source.clone(),
            }),
        };
        let actions = read.actions();
        Ok(Plan {
            name: read.name().to_owned(),
            kind: read.kind().as_str().to_owned(),
            description: read.description().map(str::to_owned),
            tags: read.tags(),
            actions_enabled: actions.enabled,
            actions: TransitionActions {
                ok: actions.ok.clone(),
                alarm: actions.alarm.clone(),
                insufficient_data: actions.insufficient_data.clone(),
            },
            subject,
            trigger: trigger(&read, definition),
            definition: definition.clone(),
        })
    }

    /// The alarms that a composite alarm asks about, its suppressor apart; none for others.
    pub fn children(&self) -> std::collections::BTreeSet<&str> {
        match &self.subject {
            Subject::Composite { rule, .. } => rule.children(),
            Subject::Points(_) => Default::default(),
        }
    }

    /// The name of the alarm that holds its actions.
    pub fn suppressor(&self) -> Option<&str> {
        match &self.subject {
            Subject::Composite {
                suppressor: Some(s),
                ..
            } => Some(name_of(&s.alarm)),
            _ => None,
        }
    }

    /// Whether it is over other alarms.
    pub fn is_composite(&self) -> bool {
        matches!(self.subject, Subject::Composite { .. })
    }

    /// Data points, if it is over data points.
    pub fn points(&self) -> Option<&Points> {
        match &self.subject {
            Subject::Points(points) => Some(points),
            Subject::Composite { .. } => None,
        }
    }
}

/// The name of an alarm that is written as name or ARN.
pub(crate) fn name_of(written: &str) -> &str {
    match written.splitn(7, ':').collect::<Vec<_>>().as_slice() {
        ["arn", _, "cloudwatch", _, _, "alarm", name] if !name.is_empty() => name,
        _ => written,
    }
}

/// The keys of CloudWatch's `Trigger`; what is an own kind of alarm has its `Source` there.
fn trigger(read: &Definition, definition: &Value) -> Value {
    if read.composite().is_some() {
        return json!({ "AlarmRule": definition.get("AlarmRule") });
    }
    let mut trigger = Map::new();
    let get = |key: &str| definition.get(key).filter(|v| !v.is_null()).cloned();
    for key in [
        "MetricName",
        "Namespace",
        "Period",
        "EvaluationPeriods",
        "DatapointsToAlarm",
        "ComparisonOperator",
        "Threshold",
        "ThresholdMetricId",
        "TreatMissingData",
        "EvaluateLowSampleCountPercentile",
        "Metrics",
        "Source",
    ] {
        if let Some(value) = get(key) {
            trigger.insert(key.to_owned(), value);
        }
    }
    if let Some(Value::String(statistic)) = get("Statistic") {
        // In messages CloudWatch writes SAMPLE_COUNT where a definition has SampleCount.
        let word = match statistic.as_str() {
            "SampleCount" => "SAMPLE_COUNT".to_owned(),
            other => other.to_uppercase(),
        };
        trigger.insert("StatisticType".to_owned(), json!("Statistic"));
        trigger.insert("Statistic".to_owned(), json!(word));
    }
    if let Some(extended) = get("ExtendedStatistic") {
        trigger.insert("StatisticType".to_owned(), json!("ExtendedStatistic"));
        trigger.insert("ExtendedStatistic".to_owned(), extended);
    }
    if let Some(Source::Metric {
        dimensions, unit, ..
    }) = read.metric().map(|alarm| &alarm.source)
    {
        // In messages CloudWatch writes `name` and `value` where a definition has `Name` and `Value`.
        let dimensions: Vec<Value> = dimensions
            .iter()
            .map(|one| json!({ "value": one.value, "name": one.name }))
            .collect();
        trigger.insert("Unit".to_owned(), json!(unit));
        trigger.insert("Dimensions".to_owned(), json!(dimensions));
    }
    Value::Object(trigger)
}
