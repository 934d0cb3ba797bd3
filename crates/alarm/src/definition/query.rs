//! Metric math: metrics and expressions, one of which is looked at.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::common::{Dimension, check_metric};
use super::fault::Check;
use super::limits::{
    LONGEST_EXPRESSION, MOST_METRICS, MOST_QUERIES, SHORTEST_PERIOD_OF_BANDS, UNITS, is_period,
};
use super::statistic::Statistic;

/// A metric or an expression of an alarm.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct MetricDataQuery {
    /// What expressions call it: letters, digits and underscores, of which the first is a lower-case letter.
    pub id: String,
    /// An expression over other ids.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expression: Option<String>,
    /// A metric.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metric_stat: Option<MetricStat>,
    /// What it is called for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Whether it is the one that is looked at. `None` is true.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub return_data: Option<bool>,
    /// Seconds of an expression's period.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<u32>,
}

/// A statistic of a metric.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct MetricStat {
    /// Of which metric.
    pub metric: Metric,
    /// Over how many seconds.
    pub period: u32,
    /// `Average`, `p99` and so on.
    pub stat: String,
    /// Of samples in this unit only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
}

/// A metric.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Metric {
    /// Such as `ContainerInsights`.
    #[serde(default)]
    pub namespace: Option<String>,
    /// Such as `pod_cpu_utilization`.
    #[serde(default)]
    pub metric_name: Option<String>,
    /// All of its dimensions: a metric with one more is another one.
    #[serde(default)]
    pub dimensions: Vec<Dimension>,
}

impl MetricDataQuery {
    fn is_returned(&self) -> bool {
        self.return_data.unwrap_or(true)
    }
}

/// Checks the queries; the period that all of them have.
pub(super) fn check_queries(
    check: &mut Check,
    queries: &[MetricDataQuery],
    band: Option<&str>,
) -> Option<u32> {
    let mut ids = BTreeSet::new();
    let mut periods = BTreeSet::new();
    for (i, query) in queries.iter().enumerate() {
        let key = format!("Metrics[{}].", i + 1);
        if !is_id(&query.id) {
            let message = "is of letters, digits and '_', and begins with a lower-case letter";
            check.value(format!("{key}Id"), message);
        }
        if !ids.insert(query.id.as_str()) {
            check.value(format!("{key}Id"), format!("'{}' is there twice", query.id));
        }
        if let Some(expression) = &query.expression {
            let at = format!("{key}Expression");
            check.length(at, expression, LONGEST_EXPRESSION);
        }
        match (&query.expression, &query.metric_stat) {
            (Some(_), None) => periods.extend(query.period),
            (None, Some(stat)) => {
                check_stat(check, &key, stat);
                periods.insert(stat.period);
            }
            _ => check.combination(
                &format!("{key}Expression"),
                "is either there or MetricStat is",
            ),
        }
    }
    check.at_most("Metrics", queries.len(), MOST_QUERIES);
    let metrics = queries.iter().filter(|q| q.metric_stat.is_some()).count();
    check.at_most("Metrics", metrics, MOST_METRICS);
    check_returned(check, queries, band);
    let period = periods.first().copied();
    match period {
        _ if periods.len() > 1 => {
            check.combination("Metrics", "are all of the same Period");
        }
        None => check.missing(
            "Metrics",
            "have no Period: give one to a MetricStat, or to the expression where there is none",
        ),
        Some(period) if !is_period(period) => {
            check.value("Metrics", "Period is 10, 20, 30 or a multiple of 60");
        }
        Some(period) if band.is_some() && period < SHORTEST_PERIOD_OF_BANDS => {
            check.value("Metrics", "a band has a Period of at least 60");
        }
        Some(_) => {}
    }
    period
}

fn check_returned(check: &mut Check, queries: &[MetricDataQuery], band: Option<&str>) {
    let returned: Vec<_> = queries.iter().filter(|q| q.is_returned()).collect();
    match band {
        None if returned.len() != 1 => check.combination(
            "Metrics",
            "exactly one of them has ReturnData true: the one that is looked at",
        ),
        None => {}
        Some(band) => {
            let bands = returned.iter().filter(|query| query.id == band);
            if bands.count() != 1 || returned.len() != 2 {
                check.combination(
                    "ThresholdMetricId",
                    "names one of two Metrics with ReturnData true, the band; the other is looked at",
                );
            }
        }
    }
}

fn check_stat(check: &mut Check, key: &str, stat: &MetricStat) {
    let metric = &stat.metric;
    check_metric(
        check,
        &format!("{key}MetricStat.Metric."),
        metric.namespace.as_deref(),
        metric.metric_name.as_deref(),
        &metric.dimensions,
    );
    if Statistic::of(&stat.stat).is_none() {
        check.value(
            format!("{key}MetricStat.Stat"),
            Statistic::unknown(&stat.stat),
        );
    }
    if let Some(unit) = &stat.unit
        && !UNITS.contains(&unit.as_str())
    {
        let message = format!("'{unit}' is no unit of CloudWatch");
        check.value(format!("{key}MetricStat.Unit"), message);
    }
}

fn is_id(id: &str) -> bool {
    const LONGEST: usize = 255;
    id.len() <= LONGEST
        && id.starts_with(|c: char| c.is_ascii_lowercase())
        && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}
