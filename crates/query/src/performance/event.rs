//! One event.

use std::collections::BTreeMap;

use catalogue::{DimensionSet, Metric};
use serde_json::{Map, Value, json};

use super::Mode;

/// An event before it is written.
#[derive(Debug, Default)]
pub(super) struct Event {
    pub(super) kind: String,
    pub(super) sources: &'static [&'static str],
    /// Root texts: dimensions and others.
    pub(super) texts: BTreeMap<&'static str, String>,
    pub(super) kubernetes: Map<String, Value>,
    /// Values of metrics.
    pub(super) fields: Vec<(&'static Metric, f64)>,
}

impl Event {
    /// Adds a value to that of its metric.
    pub(super) fn add(&mut self, metric: &'static Metric, value: f64) {
        let mut fields = self.fields.iter_mut();
        match fields.find(|(known, _)| known.name == metric.name) {
            Some((_, sum)) => *sum += value,
            None => self.fields.push((metric, value)),
        }
    }

    /// The event as JSON; `None` for one that the mode does not write.
    pub(super) fn json(self, mode: Mode, millis: i64) -> Option<Value> {
        let fields: Vec<_> = self
            .fields
            .into_iter()
            .filter(|(metric, value)| value.is_finite() && is_of(metric, mode))
            .collect();
        if fields.is_empty() {
            return None;
        }
        let directives = directives(&fields, &self.texts, mode);
        if directives.is_empty() && mode == Mode::Enhanced {
            return None;
        }
        let mut event = Map::new();
        event.insert("Type".to_owned(), json!(self.kind));
        event.insert("Version".to_owned(), json!("0"));
        event.insert("Timestamp".to_owned(), json!(millis.to_string()));
        event.insert("Sources".to_owned(), json!(self.sources));
        if !directives.is_empty() {
            event.insert("CloudWatchMetrics".to_owned(), Value::Array(directives));
        }
        for (name, text) in self.texts {
            event.insert(name.to_owned(), Value::String(text));
        }
        if !self.kubernetes.is_empty() {
            event.insert("kubernetes".to_owned(), Value::Object(self.kubernetes));
        }
        for (metric, value) in fields {
            event.insert(metric.name.to_owned(), number(value));
        }
        Some(Value::Object(event))
    }
}

/// Whether a mode has a metric as a field: the standard one has no states of objects but replicas and restarts, and no
/// use of containers' limits.
fn is_of(metric: &Metric, mode: Mode) -> bool {
    let enhanced_alone = metric.name.contains("_status_") && !metric.name.starts_with("status_")
        || metric.name.ends_with("_over_container_limit");
    mode == Mode::Enhanced || !enhanced_alone
}

/// What is published, by dimension sets: sets of which the event has every dimension.
fn directives(
    fields: &[(&'static Metric, f64)],
    texts: &BTreeMap<&'static str, String>,
    mode: Mode,
) -> Vec<Value> {
    let mut groups: Vec<(&'static [DimensionSet], Vec<Value>)> = Vec::new();
    for (metric, _) in fields {
        let Some(publication) = metric.publication else {
            continue;
        };
        let sets = match mode {
            Mode::Standard => publication.standard,
            Mode::Enhanced => publication.enhanced,
        };
        if sets.is_empty() {
            continue;
        }
        let mut definition = json!({"Name": metric.name});
        if metric.unit != "None" {
            definition["Unit"] = json!(metric.unit);
        }
        match groups.iter_mut().find(|(known, _)| *known == sets) {
            Some((_, metrics)) => metrics.push(definition),
            None => groups.push((sets, vec![definition])),
        }
    }
    groups
        .into_iter()
        .filter_map(|(sets, metrics)| {
            let has = |set: &&DimensionSet| set.iter().all(|name| texts.contains_key(name));
            let sets: Vec<_> = sets.iter().filter(has).collect();
            (!sets.is_empty()).then(|| {
                json!({"Namespace": "ContainerInsights", "Dimensions": sets, "Metrics": metrics})
            })
        })
        .collect()
}

/// Whole numbers are written as such.
fn number(value: f64) -> Value {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if value.fract() == 0.0 && value.abs() < EXACT {
        json!(value as i64)
    } else {
        json!(value)
    }
}
