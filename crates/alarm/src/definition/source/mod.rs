//! Where the data points of an alarm come from.

mod filter;

pub use filter::{Filter, Filters};
pub use health::{Severity, Word};

use serde_json::{Map, Value, json};

use super::common::Dimension;
use super::detector::AnomalyDetector;
use super::query::MetricDataQuery;
use super::statistic::Statistic;

/// What verdicts are about: [`Health::kinds`].
pub const KINDS: [&str; 8] = [
    "Cluster",
    "Node",
    "Namespace",
    "Workload",
    "Service",
    "Pod",
    "Container",
    "Volume",
];

/// Where the data points of an alarm come from. The first two are CloudWatch's, the others are written under `Source`.
#[derive(Debug, Clone, PartialEq)]
pub enum Source {
    /// One metric.
    Metric {
        /// Its namespace.
        namespace: String,
        /// Its name.
        name: String,
        /// All of its dimensions.
        dimensions: Vec<Dimension>,
        /// The statistic over a period.
        statistic: Statistic,
        /// Of samples in this unit only.
        unit: Option<String>,
    },
    /// Expressions over metrics.
    Math {
        /// All of them.
        queries: Vec<MetricDataQuery>,
        /// The id of the anomaly band that is compared with.
        band: Option<String>,
        /// What the band is learned from.
        detector: AnomalyDetector,
    },
    /// A statistic over the rows of an entity.
    Rows(Rows),
    /// How many log lines match.
    Logs(Logs),
    /// The answer of an SQL query.
    Sql(Sql),
    /// Verdicts about entities.
    Health(Health),
    /// Rows and lines that were lost.
    Loss(Loss),
}

/// A statistic over the rows of an entity, as metric queries have it.
#[derive(Debug, Clone, PartialEq)]
pub struct Rows {
    /// The measurement table, such as `pod`.
    pub entity: String,
    /// A column, its rate (`…_per_second`), or a Container Insights name.
    pub metric: String,
    /// Over the samples of a period; `Average` when it is not written.
    pub statistic: Statistic,
    /// Of which rows.
    pub filters: Filters,
    /// A series for each combination of values of these columns; one series when there are none.
    pub group_by: Vec<String>,
}

/// How many log lines match in each period; 0 when none do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logs {
    /// A log query; empty is every line.
    pub filter: String,
    /// A series for each combination of values of these fields.
    pub group_by: Vec<String>,
}

/// The answer of an SQL query: column `time` is the start of a period, `value` its value, and columns of text are labels, a
/// series for each combination of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sql {
    /// The query, in which `$start`, `$end` and `$period` are filled in.
    pub query: String,
}

/// Verdicts: 1 for each entity about which something was found that is meant, first or beside something else, and 0 for
/// one about which nothing was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Health {
    /// About entities of these [`KINDS`]; empty is every kind.
    pub kinds: Vec<String>,
    /// These words; empty is every word.
    pub words: Vec<Word>,
    /// At least so bad; [`Severity::Warning`] when it is not written.
    pub severity: Severity,
    /// Of which entities.
    pub filters: Filters,
    /// Only what happened last, or where that is not known began, within so many seconds before the data point. So an
    /// alarm over something that a verdict remembers for long (kills: an hour) is over sooner, and told of the next one.
    pub within_seconds: Option<u32>,
}

/// Rows and lines lost in each period, by the ledgers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loss {
    /// A series for each combination of values of these columns.
    pub group_by: Vec<String>,
}

impl Source {
    /// Whether it has a series, and so the alarm a contributor, for each combination of labels. Of an SQL query that is
    /// known only by its answer, which may be one series without labels.
    pub fn is_series(&self) -> bool {
        match self {
            Source::Metric { .. } | Source::Math { .. } => false,
            Source::Rows(Rows { group_by, .. })
            | Source::Logs(Logs { group_by, .. })
            | Source::Loss(Loss { group_by }) => !group_by.is_empty(),
            Source::Sql(_) | Source::Health(_) => true,
        }
    }

    /// The statistic over a period; `None` where there is none, as for an expression.
    pub fn statistic(&self) -> Option<&Statistic> {
        match self {
            Source::Metric { statistic, .. } | Source::Rows(Rows { statistic, .. }) => {
                Some(statistic)
            }
            _ => None,
        }
    }

    /// What its bands are learned from; `None` where it can have none.
    pub fn detector(&self) -> Option<&AnomalyDetector> {
        match self {
            Source::Math { detector, .. } => Some(detector),
            _ => None,
        }
    }

    /// As it is written under `Source`; `None` for CloudWatch's, which are written otherwise.
    pub fn to_json(&self) -> Option<Value> {
        let (kind, keys) = match self {
            Source::Metric { .. } | Source::Math { .. } => return None,
            Source::Rows(rows) => ("Rows", rows.keys()),
            Source::Logs(logs) => ("Logs", logs.keys()),
            Source::Sql(sql) => ("Sql", vec![("Query", json!(sql.query))]),
            Source::Health(health) => ("Health", health.keys()),
            Source::Loss(loss) => ("Loss", vec![("GroupBy", list(&loss.group_by))]),
        };
        let keys = keys.into_iter().filter(|(_, value)| !value.is_null());
        let keys: Map<String, Value> = keys.map(|(key, value)| (key.to_owned(), value)).collect();
        Some(json!({ kind: keys }))
    }
}

impl Rows {
    fn keys(&self) -> Vec<(&'static str, Value)> {
        vec![
            ("Entity", json!(self.entity)),
            ("Metric", json!(self.metric)),
            ("Statistic", json!(self.statistic.as_str())),
            ("Filters", filters(&self.filters)),
            ("GroupBy", list(&self.group_by)),
        ]
    }
}

impl Logs {
    fn keys(&self) -> Vec<(&'static str, Value)> {
        vec![
            ("Filter", json!(self.filter)),
            ("GroupBy", list(&self.group_by)),
        ]
    }
}

impl Health {
    fn keys(&self) -> Vec<(&'static str, Value)> {
        let words: Vec<&str> = self.words.iter().map(|word| word.as_str()).collect();
        vec![
            ("Kinds", list(&self.kinds)),
            ("Words", list(&words)),
            ("Severity", json!(self.severity)),
            ("Filters", filters(&self.filters)),
            ("WithinSeconds", json!(self.within_seconds)),
        ]
    }
}

/// Nothing for an empty list, which is as if the key were not there.
fn list<T: serde::Serialize>(items: &[T]) -> Value {
    match items.is_empty() {
        true => Value::Null,
        false => json!(items),
    }
}

fn filters(filters: &Filters) -> Value {
    if filters.is_empty() {
        return Value::Null;
    }
    let all = filters.iter();
    all.map(|(column, filter)| (column.clone(), filter.to_json()))
        .collect()
}
