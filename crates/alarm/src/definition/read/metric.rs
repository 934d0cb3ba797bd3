//! A metric alarm's keys.

use super::object::Object;
use super::{ACTIONS, detector, source, tags};
use crate::definition::common::Dimension;
use crate::definition::fault::Check;
use crate::definition::metric::PutMetricAlarm;
use crate::definition::query::{Metric, MetricDataQuery, MetricStat};
use crate::definition::written::Written;

/// What a metric alarm has beside what every alarm has.
pub(super) const KEYS: [&str; 18] = [
    "MetricName",
    "Namespace",
    "Statistic",
    "ExtendedStatistic",
    "Dimensions",
    "Period",
    "Unit",
    "EvaluationPeriods",
    "DatapointsToAlarm",
    "Threshold",
    "ComparisonOperator",
    "TreatMissingData",
    "EvaluateLowSampleCountPercentile",
    "Metrics",
    "ThresholdMetricId",
    "AnomalyDetector",
    "EvaluationInterval",
    "Source",
];

pub(super) fn metric_alarm(check: &mut Check, keys: &mut Object) -> PutMetricAlarm {
    let [ok_actions, alarm_actions, insufficient_data_actions] =
        ACTIONS.map(|key| keys.texts(check, key));
    PutMetricAlarm {
        alarm_name: keys.text(check, "AlarmName"),
        alarm_description: keys.text(check, "AlarmDescription"),
        actions_enabled: keys.flag(check, "ActionsEnabled"),
        ok_actions,
        alarm_actions,
        insufficient_data_actions,
        metric_name: keys.text(check, "MetricName"),
        namespace: keys.text(check, "Namespace"),
        statistic: keys.text(check, "Statistic"),
        extended_statistic: keys.text(check, "ExtendedStatistic"),
        dimensions: dimensions(check, keys),
        period: keys.whole(check, "Period"),
        unit: keys.text(check, "Unit"),
        evaluation_periods: keys.whole(check, "EvaluationPeriods"),
        datapoints_to_alarm: keys.whole(check, "DatapointsToAlarm"),
        threshold: keys.number(check, "Threshold"),
        comparison_operator: keys.text(check, "ComparisonOperator"),
        treat_missing_data: keys.text(check, "TreatMissingData"),
        evaluate_low_sample_count_percentile: keys.text(check, "EvaluateLowSampleCountPercentile"),
        metrics: queries(check, keys),
        tags: tags(check, keys),
        threshold_metric_id: keys.text(check, "ThresholdMetricId"),
        evaluation_interval: keys.whole(check, "EvaluationInterval"),
        anomaly_detector: keys
            .take("AnomalyDetector")
            .map(|written| detector::detector(check, "AnomalyDetector", written)),
        source: keys
            .take("Source")
            .map(|written| source::source(check, written)),
    }
}

fn dimensions(check: &mut Check, keys: &mut Object) -> Vec<Dimension> {
    let pairs = keys.pairs(check, "Dimensions", "Name").into_iter();
    let dimensions = pairs.map(|(name, value)| Dimension { name, value });
    dimensions.collect()
}

fn queries(check: &mut Check, keys: &mut Object) -> Vec<MetricDataQuery> {
    let is_there = keys.has("Metrics");
    let path = keys.at("Metrics");
    let list = keys.list(check, "Metrics");
    if is_there && list.is_empty() {
        check.value(path.as_str(), "has no items");
        // Else it would be checked as an alarm over a single metric.
        return vec![query(check, &path, Written::Object(Vec::new()))];
    }
    let items = list.into_iter().enumerate();
    let queries = items.map(|(i, item)| query(check, &format!("{path}[{}]", i + 1), item));
    queries.collect()
}

fn query(check: &mut Check, path: &str, written: Written) -> MetricDataQuery {
    const KEYS: [&str; 6] = [
        "Id",
        "Expression",
        "MetricStat",
        "Label",
        "ReturnData",
        "Period",
    ];
    let mut keys = Object::of(check, path, written, &KEYS);
    let is_there = keys.has("Id");
    let id = keys.text(check, "Id");
    if !is_there {
        check.missing(&keys.at("Id"), "is missing");
    }
    MetricDataQuery {
        id: id.unwrap_or_default(),
        expression: keys.text(check, "Expression"),
        metric_stat: keys
            .take("MetricStat")
            .map(|written| stat(check, &keys.at("MetricStat"), written)),
        label: keys.text(check, "Label"),
        return_data: keys.flag(check, "ReturnData"),
        period: keys.whole(check, "Period"),
    }
}

fn stat(check: &mut Check, path: &str, written: Written) -> MetricStat {
    let mut keys = Object::of(check, path, written, &["Metric", "Period", "Stat", "Unit"]);
    for key in ["Metric", "Period", "Stat"] {
        if !keys.has(key) {
            check.missing(&keys.at(key), "is missing");
        }
    }
    let metric_keys = ["Namespace", "MetricName", "Dimensions"];
    let written = keys.take("Metric");
    let written = written.unwrap_or_else(|| Written::Object(Vec::new()));
    let mut metric = Object::of(check, &keys.at("Metric"), written, &metric_keys);
    MetricStat {
        metric: Metric {
            namespace: metric.text(check, "Namespace"),
            metric_name: metric.text(check, "MetricName"),
            dimensions: dimensions(check, &mut metric),
        },
        period: keys.whole(check, "Period").unwrap_or_default(),
        stat: keys.text(check, "Stat").unwrap_or_default(),
        unit: keys.text(check, "Unit"),
    }
}
