//! Definitions: what is refused and with which words, defaults, limits at their edges, and what is written back.
#![allow(clippy::unwrap_used)]

mod keys;
mod kinds;
mod limits;
mod sources;

use alarm::definition::{DefinitionError, FaultKind, Kind, PutMetricAlarm, Source, source};
use alarm::percentile::LowSamples;
use alarm::{ComparisonOperator, Definition, TreatMissingData};
use serde_json::{Value, json};

fn metric() -> Value {
    json!({
        "AlarmName": "node-cpu", "Namespace": "ContainerInsights", "MetricName": "node_cpu_utilization",
        "Dimensions": [{"Name": "ClusterName", "Value": "demo"}], "Statistic": "Average", "Period": 300,
        "EvaluationPeriods": 3, "Threshold": 80, "ComparisonOperator": "GreaterThanThreshold"
    })
}

fn math() -> Value {
    json!({
        "AlarmName": "share", "EvaluationPeriods": 1, "Threshold": 0.5, "ComparisonOperator": "GreaterThanThreshold",
        "Metrics": [
            {"Id": "used", "ReturnData": false, "MetricStat": {"Metric": {"Namespace": "N", "MetricName": "m"}, "Period": 60, "Stat": "Sum"}},
            {"Id": "share", "Expression": "used / 100", "Label": "share"}
        ]
    })
}

fn rows() -> Value {
    json!({
        "AlarmName": "memory", "Period": 60, "EvaluationPeriods": 5, "DatapointsToAlarm": 3,
        "Threshold": 1e9, "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        "Source": {"Rows": {"Entity": "pod", "Metric": "memory_working_set_bytes", "Statistic": "Maximum",
            "Filters": {"namespace": ["shop", "kube-*"], "pod": {"not": "canary-*"}},
            "GroupBy": ["cluster", "namespace", "workload"]}}
    })
}

fn source_of(source: Value) -> Value {
    with(rows(), "Source", source)
}

fn composite() -> Value {
    json!({
        "AlarmName": "both", "AlarmRule": "ALARM(a) AND ALARM(b)", "ActionsSuppressor": "maintenance",
        "ActionsSuppressorWaitPeriod": 60, "ActionsSuppressorExtensionPeriod": 120
    })
}

fn with(mut definition: Value, key: &str, value: Value) -> Value {
    definition
        .as_object_mut()
        .unwrap()
        .insert(key.to_owned(), value);
    definition
}

fn without(mut definition: Value, key: &str) -> Value {
    definition.as_object_mut().unwrap().remove(key).unwrap();
    definition
}

fn read(definition: &Value) -> Result<Definition, DefinitionError> {
    Definition::from_json(definition.to_string().as_bytes())
}

fn taken(definition: &Value) -> Definition {
    read(definition).unwrap_or_else(|error| panic!("{error}: {definition}"))
}

/// `key: message` of each fault.
fn faults(definition: &Value) -> Vec<String> {
    let error = read(definition).expect_err(&definition.to_string());
    error.faults().iter().map(ToString::to_string).collect()
}

/// Exactly these faults.
#[track_caller]
fn refused(definition: &Value, expected: &[&str]) {
    assert_eq!(faults(definition), expected, "{definition}");
}
