//! Keys that are missing, not known, there twice or of the wrong type, and those that do not go together.

use super::*;

#[test]
fn every_key_that_is_missing_is_named() {
    refused(
        &json!({}),
        &[
            "AlarmName: is missing",
            "MetricName: is missing: an alarm is over a metric (Namespace, MetricName, Statistic), Metrics, a Source or an \
             AlarmRule",
            "Period: is missing",
            "EvaluationPeriods: is missing",
            "ComparisonOperator: is missing",
        ],
    );
    refused(
        &without(without(metric(), "Namespace"), "Statistic"),
        &[
            "Namespace: is missing",
            "Statistic: is missing, and ExtendedStatistic too",
        ],
    );
    refused(
        &without(metric(), "Threshold"),
        &["Threshold: GreaterThanThreshold needs a Threshold"],
    );
    refused(&without(rows(), "Period"), &["Period: is missing"]);
    refused(
        &without(composite(), "AlarmRule"),
        &["AlarmRule: is missing"],
    );
    refused(
        &without(composite(), "ActionsSuppressorWaitPeriod"),
        &["ActionsSuppressorWaitPeriod: is missing"],
    );
    refused(
        &without(composite(), "ActionsSuppressor"),
        &[
            "ActionsSuppressorWaitPeriod: is for an ActionsSuppressor, which is missing",
            "ActionsSuppressorExtensionPeriod: is for an ActionsSuppressor, which is missing",
        ],
    );
    refused(
        &source_of(json!({"Rows": {}})),
        &[
            "Source.Rows.Entity: is missing",
            "Source.Rows.Metric: is missing",
        ],
    );
    refused(
        &source_of(json!({"Logs": {}})),
        &["Source.Logs.Filter: is missing; \"\" is every line"],
    );
    refused(
        &source_of(json!({"Sql": {}})),
        &["Source.Sql.Query: is missing"],
    );
    refused(
        &source_of(json!({})),
        &["Source: is one of Rows, Logs, Sql, Health, Loss"],
    );
}

#[test]
fn a_key_that_is_not_known_is_told_with_the_nearest() {
    refused(
        &with(metric(), "Treshold", json!(1)),
        &["Treshold: there is no such key, did you mean Threshold?"],
    );
    refused(
        &with(metric(), "Zebra", json!(1)),
        &["Zebra: there is no such key"],
    );
    refused(
        &source_of(json!({"Row": {}})),
        &[
            "Source.Row: there is no such key, did you mean Rows?",
            "Source: is one of Rows, Logs, Sql, Health, Loss",
        ],
    );
    refused(
        &source_of(json!({"Loss": {"Groupby": []}})),
        &["Source.Loss.Groupby: there is no such key, did you mean GroupBy?"],
    );
    refused(
        &source_of(json!({"Health": {"Kinds": ["pod", "Moon"], "Words": ["crash-loping"]}})),
        &[
            "Source.Health.Kinds[1]: 'pod' is not known, did you mean Pod?",
            "Source.Health.Kinds[2]: 'Moon' is none of Cluster, Node, Namespace, Workload, Service, Pod, Container, Volume",
            "Source.Health.Words[1]: 'crash-loping' is not known, did you mean crash-looping?",
        ],
    );
    let newer = with(metric(), "EvaluationWindow", json!({"Sliding": {}}));
    refused(
        &newer,
        &["EvaluationWindow: is not known yet: windows slide, they do not follow the clock"],
    );
}

#[test]
fn keys_that_do_not_go_together_are_told() {
    for (key, value, message) in [
        ("Metrics", json!([]), "Metrics: has no items"),
        ("AlarmRule", json!("TRUE"), ""),
        (
            "ActionsSuppressor",
            json!("x"),
            "ActionsSuppressor: is not for metric alarms, only for composite ones",
        ),
        (
            "ExtendedStatistic",
            json!("p99"),
            "Statistic: is either there or ExtendedStatistic is",
        ),
        (
            "ThresholdMetricId",
            json!("x"),
            "ThresholdMetricId: names one of Metrics, which are missing",
        ),
    ] {
        let found = faults(&with(metric(), key, value));
        assert!(
            message.is_empty() || found.iter().any(|f| f == message),
            "{key}: {found:?}"
        );
        assert!(!found.is_empty(), "{key}");
    }
    let both = with(composite(), "Period", json!(60));
    refused(
        &both,
        &["Period: is not for composite alarms, which have an AlarmRule"],
    );
    for (key, value) in [
        ("MetricName", json!("m")),
        ("Namespace", json!("n")),
        ("Statistic", json!("Sum")),
        ("ExtendedStatistic", json!("p9")),
        ("Dimensions", json!({"a": "b"})),
        ("Unit", json!("Bytes")),
        ("Metrics", math().get("Metrics").unwrap().clone()),
        ("ThresholdMetricId", json!("x")),
    ] {
        let found = faults(&with(rows(), key, value));
        assert!(
            found.contains(&format!("{key}: is not for alarms with Source")),
            "{found:?}"
        );
    }
    refused(
        &source_of(json!({"Loss": {}, "Sql": {"Query": "SELECT 1"}})),
        &["Source: is one of Rows, Logs, Sql, Health, Loss"],
    );
    let band = with(
        without(rows(), "Threshold"),
        "ComparisonOperator",
        json!("LessThanLowerThreshold"),
    );
    refused(
        &band,
        &[
            "ComparisonOperator: LessThanLowerThreshold compares with a band, which a Source does not have",
        ],
    );
    let kinds = read(&with(rows(), "Unit", json!("Bytes")))
        .unwrap_err()
        .faults();
    assert_eq!(kinds[0].kind, FaultKind::Combination);
}

#[test]
fn values_of_the_wrong_type_are_told_and_not_said_to_be_missing() {
    refused(
        &json!({
            "AlarmName": 5, "Namespace": [], "MetricName": {}, "Statistic": true, "Period": "60",
            "EvaluationPeriods": 1.5, "DatapointsToAlarm": -1, "Threshold": "80", "ComparisonOperator": 1,
            "ActionsEnabled": "true", "AlarmActions": "arn", "OKActions": ["arn", 5], "Tags": 3,
            "Dimensions": [{"Name": "a"}, 7]
        }),
        &[
            "OKActions[2]: is a number, a text is wanted",
            "AlarmActions: is a text, a list is wanted",
            "AlarmName: is 5, a text is wanted",
            "ActionsEnabled: is a text, true or false is wanted",
            "MetricName: is an object, a text is wanted",
            "Namespace: is a list, a text is wanted",
            "Statistic: is true or false, a text is wanted",
            "Dimensions[1].Value: is missing",
            "Dimensions[2]: is a number, an object is wanted",
            "Period: is a text, a whole number from 0 to 4294967295 is wanted",
            "EvaluationPeriods: is 1.5, a whole number from 0 to 4294967295 is wanted",
            "DatapointsToAlarm: is -1, a whole number from 0 to 4294967295 is wanted",
            "Threshold: is a text, a finite number is wanted",
            "ComparisonOperator: is 1, a text is wanted",
            "Tags: is 3, a list is wanted",
        ],
    );
    refused(
        &source_of(json!([])),
        &["Source: is a list, an object is wanted"],
    );
    refused(
        &source_of(
            json!({"Rows": {"Entity": "pod", "Metric": "m", "Filters": {"a": [], "b": {"no": 1}, "c": {"not": {"not": 1}}, "d": [[]]}}}),
        ),
        &[
            "Source.Rows.Filters.a: an empty list lets nothing pass: leave it out, or name a value",
            "Source.Rows.Filters.b: an object has one key here, \"not\"",
            "Source.Rows.Filters.c.not: takes a value or a list of values",
            "Source.Rows.Filters.d: is a list, a value is wanted",
        ],
    );
    for whole in ["[]", "3", "null", "\"x\""] {
        let error = Definition::from_json(whole.as_bytes()).unwrap_err();
        let message = error.to_string();
        assert!(
            message.starts_with("is ") && message.ends_with(", an object is wanted"),
            "{message}"
        );
    }
}

#[test]
fn a_key_that_is_there_twice_is_a_fault() {
    let twice = metric().to_string().replacen('{', "{\"Period\": 60, ", 1);
    let error = Definition::from_json(twice.as_bytes()).unwrap_err();
    assert_eq!(error.to_string(), "Period: is there twice");
    let twice = source_of(json!({"Health": {"Kinds": ["Pod", "Pod"], "Words": ["full", "full"]}}));
    refused(
        &twice,
        &[
            "Source.Health.Kinds[2]: 'Pod' is there twice",
            "Source.Health.Words[2]: 'full' is there twice",
        ],
    );
    let tags = with(
        metric(),
        "Tags",
        json!([{"Key": "a", "Value": "1"}, {"Key": "a", "Value": "2"}]),
    );
    refused(&tags, &["Tags[2].Key: 'a' is there twice"]);
}

#[test]
fn a_null_is_as_if_the_key_were_not_there() {
    let definition = with(
        with(metric(), "AlarmDescription", Value::Null),
        "Source",
        Value::Null,
    );
    assert_eq!(taken(&definition), taken(&metric()));
}

#[test]
fn tags_and_dimensions_may_be_objects() {
    let long = with(
        metric(),
        "Tags",
        json!([{"Key": "severity", "Value": "critical"}]),
    );
    let short = with(
        with(metric(), "Tags", json!({"severity": "critical"})),
        "Dimensions",
        json!({"ClusterName": "demo"}),
    );
    assert_eq!(taken(&long), taken(&short));
    assert_eq!(taken(&short).tags()["severity"], "critical");
    refused(
        &with(metric(), "Tags", json!({"severity": 3})),
        &["Tags.severity: is a number, a text is wanted"],
    );
}
