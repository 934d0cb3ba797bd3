//! Percentiles, metric math, bands, rules, and what is written back.

use super::*;

#[test]
fn a_percentile_may_ask_for_samples_enough() {
    let p99 = with(
        without(metric(), "Statistic"),
        "ExtendedStatistic",
        json!("p99"),
    );
    let ignore = with(
        p99.clone(),
        "EvaluateLowSampleCountPercentile",
        json!("ignore"),
    );
    let evaluate = with(p99, "EvaluateLowSampleCountPercentile", json!("evaluate"));
    let low = |definition: &Value| taken(definition).rule().unwrap().low_samples;
    assert_eq!(low(&ignore), LowSamples::of_percentile(99.0));
    assert_eq!(low(&ignore).unwrap().needed(), 1000);
    assert_eq!(low(&evaluate), None);
    // Of an average it means nothing.
    assert_eq!(
        low(&with(
            metric(),
            "EvaluateLowSampleCountPercentile",
            json!("ignore")
        )),
        None
    );
    let of_rows = json!({"Rows": {"Entity": "pod", "Metric": "m", "Statistic": "p90"}});
    let of_rows = with(
        source_of(of_rows),
        "EvaluateLowSampleCountPercentile",
        json!("ignore"),
    );
    assert_eq!(low(&of_rows).unwrap().needed(), 100);
}

#[test]
fn math_has_one_period_one_result_and_ten_metrics() {
    assert_eq!(taken(&math()).period(), Some(60));
    let metrics = |metrics: Value| with(math(), "Metrics", metrics);
    let stat = |id: &str, period: u32| json!({"Id": id, "ReturnData": false, "MetricStat": {"Metric": {"Namespace": "N", "MetricName": "m"}, "Period": period, "Stat": "Sum"}});
    let result = json!({"Id": "e", "Expression": "1"});
    for (queries, fault) in [
        (
            json!([stat("a", 60), stat("b", 120), result]),
            "Metrics: are all of the same Period",
        ),
        (
            json!([stat("a", 60)]),
            "Metrics: exactly one of them has ReturnData true: the one that is looked at",
        ),
        (
            json!([stat("a", 60), stat("a", 60), result]),
            "Metrics[2].Id: 'a' is there twice",
        ),
        (
            json!([stat("A", 60), result]),
            "Metrics[1].Id: is of letters, digits and '_', and begins with a lower-case letter",
        ),
        (
            json!([stat("a", 61), result]),
            "Metrics: Period is 10, 20, 30 or a multiple of 60",
        ),
        (
            json!([result]),
            "Metrics: have no Period: give one to a MetricStat, or to the expression where there is none",
        ),
        (
            json!([{"Id": "e", "Period": 60}]),
            "Metrics[1].Expression: is either there or MetricStat is",
        ),
        (
            json!([{"Id": "e", "Period": 60, "Expression": ""}]),
            "Metrics[1].Expression: has 0 characters, 1 to 2048 are allowed",
        ),
        (
            json!([{"Id": "e", "Period": 60, "Expression": "x".repeat(2049)}]),
            "Metrics[1].Expression: has 2049 characters, 1 to 2048 are allowed",
        ),
        (
            json!([{"Id": "e", "Period": 60, "Expression": "1", "Labl": "x"}]),
            "Metrics[1].Labl: there is no such key, did you mean Label?",
        ),
        (
            json!([7, result]),
            "Metrics[1]: is a number, an object is wanted",
        ),
        (json!(7), "Metrics: is 7, a list is wanted"),
    ] {
        let found = faults(&metrics(queries));
        assert!(found.contains(&fault.to_owned()), "{fault}: {found:?}");
    }
    let many = |count: usize| {
        let mut all: Vec<Value> = (0..count).map(|i| stat(&format!("m{i}"), 60)).collect();
        all.push(result.clone());
        metrics(json!(all))
    };
    taken(&many(10));
    refused(
        &many(11),
        &["Metrics: has 11 items, at most 10 are allowed"],
    );
    refused(
        &with(math(), "Period", json!(60)),
        &["Period: is not for alarms with Metrics"],
    );
}

#[test]
fn a_band_is_named_by_an_operator_for_it() {
    let band = json!({
        "AlarmName": "odd", "EvaluationPeriods": 2, "ComparisonOperator": "LessThanLowerOrGreaterThanUpperThreshold",
        "ThresholdMetricId": "band",
        "Metrics": [
            {"Id": "m", "MetricStat": {"Metric": {"Namespace": "N", "MetricName": "m"}, "Period": 60, "Stat": "Sum"}},
            {"Id": "band", "Expression": "ANOMALY_DETECTION_BAND(m, 2)"}
        ]
    });
    let rule = *taken(&band).rule().unwrap();
    assert_eq!(
        rule.condition.operator(),
        ComparisonOperator::LessThanLowerOrGreaterThanUpperThreshold
    );
    assert_eq!(rule.condition.threshold(), None);
    refused(
        &without(band.clone(), "ThresholdMetricId"),
        &[
            "Metrics: exactly one of them has ReturnData true: the one that is looked at",
            "ThresholdMetricId: is missing: LessThanLowerOrGreaterThanUpperThreshold compares with a band",
        ],
    );
    refused(
        &with(band.clone(), "ThresholdMetricId", json!("other")),
        &[
            "ThresholdMetricId: names one of two Metrics with ReturnData true, the band; the other is looked at",
        ],
    );
    refused(
        &with(band, "Threshold", json!(1)),
        &[
            "Threshold: LessThanLowerOrGreaterThanUpperThreshold compares with a band, and takes no Threshold",
        ],
    );
}

#[test]
fn a_fault_of_a_rule_names_its_character() {
    refused(
        &with(composite(), "AlarmRule", json!("ALARM(a) XOR ALARM(b)")),
        &["AlarmRule: character 10: expected AND, OR or the end, found 'XOR'"],
    );
}

#[test]
fn a_rule_is_written_back_as_it_was_written() {
    let rule = "not  alarm( a )or Ok(b)";
    let written = taken(&with(composite(), "AlarmRule", json!(rule))).to_json();
    assert_eq!(written["AlarmRule"], rule);
}

#[test]
fn what_is_written_back_has_the_defaults_and_nothing_that_is_not_there() {
    assert_eq!(
        taken(&metric()).to_json(),
        json!({
            "AlarmName": "node-cpu", "ActionsEnabled": true, "Namespace": "ContainerInsights",
            "MetricName": "node_cpu_utilization", "Dimensions": [{"Name": "ClusterName", "Value": "demo"}],
            "Statistic": "Average", "Period": 300, "EvaluationPeriods": 3, "DatapointsToAlarm": 3,
            "TreatMissingData": "missing", "ComparisonOperator": "GreaterThanThreshold", "Threshold": 80.0
        })
    );
    assert_eq!(
        taken(&source_of(json!({"Health": {"Words": ["full"]}}))).to_json()["Source"],
        json!({"Health": {"Words": ["full"], "Severity": "warning"}})
    );
    assert_eq!(taken(&rows()).to_json()["Source"], rows()["Source"]);
    let seldom = with(metric(), "EvaluationInterval", json!(600));
    assert_eq!(taken(&seldom).to_json()["EvaluationInterval"], 600);
}

#[test]
fn cloudwatchs_clients_cannot_send_a_source() {
    let sent: Result<PutMetricAlarm, _> = serde_json::from_value(rows());
    assert!(
        sent.unwrap_err()
            .to_string()
            .contains("unknown field `Source`")
    );
}

#[test]
fn of_an_alarm_on_promql_nothing_else_is_said_to_be_missing() {
    let mut alarm = metric();
    for key in [
        "Namespace",
        "MetricName",
        "Statistic",
        "Dimensions",
        "Period",
    ] {
        alarm = without(alarm, key);
    }
    alarm["EvaluationCriteria"] = json!({"PromQLCriteria": {"Query": "up"}});
    refused(
        &alarm,
        &["EvaluationCriteria: is not known yet: alarms on PromQL are not evaluated"],
    );
}

#[test]
fn a_statistic_that_is_meant_is_named() {
    for (name, meant) in [
        ("Avg", "did you mean Average?"),
        ("max", "did you mean Maximum?"),
        ("average", "did you mean Average?"),
        ("Summ", "did you mean Sum?"),
        (
            "p101",
            "write one of SampleCount, Average, Sum, Minimum, Maximum, or a percentile such as p99",
        ),
    ] {
        let alarm = json!({
            "AlarmName": "a", "Source": {"Rows": {"Entity": "pod", "Metric": "m", "Statistic": name}},
            "Period": 60, "EvaluationPeriods": 1, "ComparisonOperator": "GreaterThanThreshold", "Threshold": 1,
        });
        let faults = Definition::from_json(alarm.to_string().as_bytes())
            .unwrap_err()
            .to_string();
        assert!(faults.ends_with(meant), "{faults}");
    }
}
