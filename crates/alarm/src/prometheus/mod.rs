//! Prometheus' alerting rules as definitions, where the expression is one that maps.
//!
//! What maps is a comparison of metrics that the catalogue knows, by the names of cAdvisor, the kubelet, node-exporter, and of
//! kube-state-metrics for what the Kubernetes API tells:
//!
//! | expression | data points |
//! | --- | --- |
//! | `metric{…} OP n` of a gauge | mean of a minute, a series for each entity |
//! | `rate(counter{…}[5m]) OP n`, `increase(…) OP n` | sum of the increase in five minutes, held against what `n` comes to |
//! | `avg`, `min`, `max by (…)` of a gauge | mean, least, greatest of a minute's samples, a series for each group |
//! | `max_over_time(gauge{…}[5m]) OP n` and its kin | greatest of five minutes |
//! | `sum by (…)` of `rate` or `increase` | sum of the increase, a series for each group |
//! | `avg by (…)` of `rate` | mean of the rates |
//! | `absent(metric{…})` | samples of a minute; none breaches |
//! | arithmetic, two metrics, `sum` of gauges, `==`, `!=`, `and`, `unless`, `changes` | SQL over one table ([`sql`]) |
//!
//! `for` is how long the condition holds in a row: `for: 10m` over windows of five minutes is three windows, from the first that
//! breaches to the one ten minutes later. `keep_firing_for` without `for` is one breaching data point of as many as it takes. A
//! series that is gone is no alarm, as in Prometheus: missing data do not breach.
//! Everything else is not imported, with the reason and the character that it fails at; where an alarm of the starter set
//! watches the same, it is named.

mod duration;
mod expression;
mod kube_state;
mod mapping;
mod pattern;
mod rules;
mod sql;
mod starter;

use std::collections::BTreeSet;

use crate::definition::{Definition, PutMetricAlarm, Tag};
use rules::{File, Rule};

/// The most bytes of a file of rules.
pub const LONGEST_FILE: usize = 4 << 20;

/// A rule, and what became of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Imported {
    /// The group that it is in.
    pub group: String,
    /// Its name: of the alert, or of what it records.
    pub rule: String,
    /// The definition, or why there is none.
    pub outcome: Result<Definition, NotImported>,
    /// What of the rule the definition does not say.
    pub notes: Vec<String>,
}

/// Why a rule is not imported.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not imported: {}{why}", character.map(|at| format!("character {at}: ")).unwrap_or_default())]
pub struct NotImported {
    /// Which character of the expression, from 1, when it is the expression's.
    pub character: Option<usize>,
    /// Why.
    pub why: String,
}

impl NotImported {
    fn at(character: usize, why: impl Into<String>) -> NotImported {
        NotImported {
            character: Some(character),
            why: why.into(),
        }
    }

    fn whole(why: impl Into<String>) -> NotImported {
        NotImported {
            character: None,
            why: why.into(),
        }
    }
}

/// Why a text is no file of rules.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// It is too long.
    #[error("has {0} bytes, a file of rules has at most {LONGEST_FILE}")]
    TooLong(usize),
    /// It is no YAML, or has no groups of rules.
    #[error("no rules of Prometheus: {0}")]
    NotRules(String),
}

/// Every rule of a file in its order: `groups` at the top, or under `spec` as in a PrometheusRule of Kubernetes.
///
/// # Errors
/// It is too long, no YAML, or no file of rules.
pub fn import(yaml: &str) -> Result<Vec<Imported>, ImportError> {
    if yaml.len() > LONGEST_FILE {
        return Err(ImportError::TooLong(yaml.len()));
    }
    let files = File::all(yaml).map_err(ImportError::NotRules)?;
    let mut names = BTreeSet::new();
    let mut imported = Vec::new();
    for group in files.into_iter().flat_map(File::groups) {
        for rule in group.rules {
            let mut notes = Vec::new();
            let outcome = definition(&rule, &mut names, &mut notes);
            imported.push(Imported {
                group: group.name.clone(),
                rule: rule.name(),
                outcome,
                notes,
            });
        }
    }
    Ok(imported)
}

fn definition(
    rule: &Rule,
    names: &mut BTreeSet<String>,
    notes: &mut Vec<String>,
) -> Result<Definition, NotImported> {
    let Some(alert) = &rule.alert else {
        return Err(NotImported::whole(
            "it records a metric, and is not an alert",
        ));
    };
    let mapped = expression::parse(&rule.expr)
        .and_then(|node| mapping::map(&node, notes))
        .map_err(|reason| starter::named(alert, reason))?;
    let held = rule.held().map_err(NotImported::whole)?;
    let kept = rule.kept().map_err(NotImported::whole)?;
    let periods = |seconds: u64| {
        let after = seconds.div_ceil(u64::from(mapped.period));
        u32::try_from(after.saturating_add(1)).unwrap_or(u32::MAX)
    };
    let (of, breaching) = match (held, kept) {
        (held, 0) => (periods(held), None),
        // In ALARM from the first data point that breaches until so long after the last.
        (0, kept) => (periods(kept), Some(1)),
        (held, _) => {
            notes.push(
                "keep_firing_for is left out: beside 'for' no M of N is the same, so the alarm is OK as soon as one data \
                 point does not breach"
                    .to_owned(),
            );
            (periods(held), None)
        }
    };
    let put = PutMetricAlarm {
        alarm_name: Some(unused(alert, rule, names)),
        alarm_description: rule.description(notes),
        tags: tags(rule, notes),
        period: Some(mapped.period),
        evaluation_periods: Some(of),
        datapoints_to_alarm: breaching,
        threshold: Some(mapped.threshold),
        comparison_operator: Some(mapped.operator.as_str().to_owned()),
        treat_missing_data: Some(mapped.missing.as_str().to_owned()),
        source: Some(mapped.source),
        ..PutMetricAlarm::default()
    };
    let definition = put
        .check()
        .map_err(|faults| NotImported::whole(faults.to_string()))?;
    names.insert(definition.name.clone());
    Ok(Definition::Metric(definition))
}

/// Prometheus lets several rules have one name, most often one for each severity.
fn unused(alert: &str, rule: &Rule, names: &BTreeSet<String>) -> String {
    let with_severity = rule.labels.get("severity");
    let with_severity = with_severity.map(|severity| format!("{alert} ({severity})"));
    let numbered = (2..).map(|number| format!("{alert} ({number})"));
    let mut candidates = std::iter::once(alert.to_owned())
        .chain(with_severity)
        .chain(numbered);
    candidates
        .find(|name| !names.contains(name))
        .unwrap_or_else(|| alert.to_owned())
}

fn tags(rule: &Rule, notes: &mut Vec<String>) -> Vec<Tag> {
    let labels = rule
        .labels
        .iter()
        .map(|(label, value)| (label.as_str(), value));
    let annotations = [
        ("summary", "summary"),
        ("runbook_url", "runbook"),
        ("runbook", "runbook"),
    ];
    let annotations = annotations
        .iter()
        .filter_map(|(annotation, tag)| Some((*tag, rule.annotations.get(*annotation)?)));
    let mut tags: Vec<Tag> = Vec::new();
    for (key, value) in labels.chain(annotations) {
        if value.contains("{{") {
            notes.push(format!("{key} is left out: it is a template of Prometheus"));
        } else if !tags.iter().any(|tag| tag.key == key) {
            tags.push(Tag {
                key: key.to_owned(),
                value: value.clone(),
            });
        }
    }
    tags
}
