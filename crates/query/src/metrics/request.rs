//! The question, as it is written.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::error::QueryError;
use crate::filter::Filter;
use crate::moment::Moment;
use crate::request;

/// Statistics of metrics over time.
///
/// ```json
/// {"entity": "container",
///  "metrics": [{"metric": "container_cpu_utilization", "statistic": "Average"}],
///  "filters": {"namespace": ["shop", "kube-*"], "pod": {"not": "canary-*"}},
///  "group_by": ["namespace"], "start": "-3h", "end": "now", "period_seconds": 60}
/// ```
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MetricsRequest {
    /// The measurement table: `node`, `pod`, `container`, …; names of Container Insights tell it when left out.
    #[serde(default)]
    pub entity: String,
    /// What to compute; or `metric` and `statistic` for a single one.
    #[serde(default)]
    pub metrics: Vec<MetricRequest>,
    /// A single metric.
    #[serde(default)]
    pub metric: Option<String>,
    /// The single metric's statistic; `Average` when left out.
    #[serde(default)]
    pub statistic: Option<String>,
    /// Which rows, by identity and attribute columns.
    #[serde(default)]
    pub filters: BTreeMap<String, Filter>,
    /// A series for each combination of values of these identity and attribute columns.
    #[serde(default)]
    pub group_by: Vec<String>,
    /// From when; an hour ago when left out. Moved down to a multiple of the period.
    #[serde(default)]
    pub start: Option<Moment>,
    /// Until when, itself left out; now when not said. The period that it falls into is answered whole.
    #[serde(default)]
    pub end: Option<Moment>,
    /// The length of a period; chosen for some 300 points when left out.
    #[serde(default)]
    pub period_seconds: Option<u64>,
    /// Periods begin so long after multiples of their length: of 300 s and an offset of 60, at 00:01, 00:06, …
    #[serde(default)]
    pub offset_seconds: Option<u64>,
    /// At most so many groups, taken from the top or the bottom.
    #[serde(default)]
    pub limit: Option<u64>,
    /// From which end `limit` takes, by the mean of the first metric's values over the range; `top` when left out.
    #[serde(default)]
    pub order: Option<Order>,
}

/// One metric with its statistic.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MetricRequest {
    /// Repeated in the answer's series, to tell them apart.
    #[serde(default)]
    pub id: Option<String>,
    /// A Container Insights name, a base column, or `<delta column>_per_second`.
    pub metric: String,
    /// `Average` when left out.
    #[serde(default)]
    pub statistic: Option<String>,
}

/// Which groups a limit keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Order {
    /// The greatest means, in falling order.
    #[default]
    Top,
    /// The least means, in rising order.
    Bottom,
}

impl MetricsRequest {
    /// Reads a JSON request; an error says where it is wrong.
    pub fn from_json(json: &[u8]) -> Result<Self, QueryError> {
        request::from_json(json)
    }

    /// What is asked, in a line for people.
    pub(crate) fn told(&self) -> String {
        let named = self.metrics.iter().map(|metric| metric.metric.as_str());
        let metrics: Vec<&str> = self.metric.as_deref().into_iter().chain(named).collect();
        let mut told = metrics.join(", ");
        if !self.entity.is_empty() {
            told.push_str(&format!(" of {}", self.entity));
        }
        if !self.group_by.is_empty() {
            told.push_str(&format!(" by {}", self.group_by.join(", ")));
        }
        if !self.filters.is_empty() {
            let names: Vec<&str> = self.filters.keys().map(String::as_str).collect();
            told.push_str(&format!(" where {}", names.join(", ")));
        }
        told
    }
}
