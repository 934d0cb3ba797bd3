//! Alarms as CloudWatch has them over the same rows, against a second evaluation: data points straight from the rows by SQL,
//! states by [`crate::treatments`].

use std::collections::BTreeMap;

use kansoku_tests::incidents::{Stage, seconds_of};
use serde_json::{Value, json};

use crate::starter::moment;
use crate::treatments::{BEYOND, MofN, TREATMENTS, state};

const MINUTE: i64 = 60;

/// A metric of Container Insights and what it is in rows.
struct Metric {
    name: &'static str,
    dimensions: &'static [(&'static str, &'static str)],
    statistic: &'static str,
    operator: &'static str,
    threshold: f64,
    /// The data point of a minute.
    value: &'static str,
    rows: &'static str,
}

const METRICS: [Metric; 3] = [
    // Has gaps: there is nothing to measure while the kubelet waits to start it again.
    Metric {
        name: "container_memory_utilization",
        dimensions: &[
            ("ClusterName", "real"),
            ("Namespace", "trouble"),
            ("PodName", "oomer"),
            ("ContainerName", "hog"),
        ],
        statistic: "Maximum",
        operator: "GreaterThanThreshold",
        threshold: 0.001,
        value: "max(100.0 * memory_working_set_bytes / node_memory_total_bytes)",
        rows: "container WHERE namespace = 'trouble' AND pod = 'oomer' AND container = 'hog'",
    },
    Metric {
        name: "pod_memory_working_set",
        dimensions: &[
            ("ClusterName", "real"),
            ("Namespace", "trouble"),
            ("PodName", "childoom"),
        ],
        statistic: "Average",
        operator: "GreaterThanOrEqualToThreshold",
        threshold: 560_000.0,
        value: "avg(memory_working_set_bytes)",
        rows: "pod WHERE namespace = 'trouble' AND pod = 'childoom'",
    },
    Metric {
        name: "pod_number_of_container_restarts",
        dimensions: &[
            ("ClusterName", "real"),
            ("Namespace", "trouble"),
            ("PodName", "crasher"),
        ],
        statistic: "Sum",
        operator: "GreaterThanThreshold",
        threshold: 0.0,
        value: "sum(CAST(restarts_increase AS DOUBLE))",
        rows: "object WHERE object_kind = 'Pod' AND namespace = 'trouble' AND object_name LIKE 'crasher-%'",
    },
];

const RULES: [MofN; 5] = [
    MofN { n: 1, m: 1 },
    MofN { n: 3, m: 3 },
    MofN { n: 3, m: 2 },
    MofN { n: 5, m: 3 },
    MofN { n: 4, m: 1 },
];

/// Each metric by each rule and each treatment of missing data.
pub(crate) fn is_evaluated_as_aws_says(stage: &Stage) {
    let (start, end) = stage.range();
    let mut compared = 0;
    for metric in &METRICS {
        let points = points(stage, metric);
        println!(
            "{}: {} minutes of {} have data",
            metric.name,
            points.len(),
            (end - start) / MINUTE
        );
        for rule in RULES {
            for treatment in TREATMENTS {
                let answer = replayed(stage, metric, rule, treatment);
                assert_values(metric, &answer, &points);
                let found = changes(&answer);
                let wanted = evaluated(metric, &points, rule, treatment, (start, end));
                assert_eq!(
                    found, wanted,
                    "{} {rule:?} {treatment} {points:?}",
                    metric.name
                );
                compared += wanted.len();
            }
        }
    }
    println!("{compared} changes of state are the same");
    assert!(
        compared > 100,
        "the rows hardly change anything: {compared}"
    );
}

fn replayed(stage: &Stage, metric: &Metric, rule: MofN, treatment: &str) -> Value {
    let (start, end) = stage.range();
    let dimensions = metric.dimensions.iter();
    let dimensions: Vec<Value> = dimensions
        .map(|(name, value)| json!({"Name": name, "Value": value}))
        .collect();
    let definition = json!({
        "AlarmName": metric.name, "Namespace": "ContainerInsights", "MetricName": metric.name, "Dimensions": dimensions,
        "Statistic": metric.statistic, "Period": MINUTE, "EvaluationPeriods": rule.n, "DatapointsToAlarm": rule.m,
        "ComparisonOperator": metric.operator, "Threshold": metric.threshold, "TreatMissingData": treatment,
    });
    let body = json!({"definition": definition, "start": moment(start), "end": moment(end)});
    let answer = stage.http().post("/api/alarms/replay", &body);
    assert_eq!(answer.status, 200, "{}: {}", metric.name, answer.text());
    answer.json()
}

/// The data points by the minute's start.
fn points(stage: &Stage, metric: &Metric) -> BTreeMap<i64, f64> {
    let rows = stage.http().sql(&format!(
        "SELECT date_trunc('minute', time) AS minute, {} AS value FROM {} GROUP BY 1",
        metric.value, metric.rows
    ));
    rows.iter()
        .filter_map(|row| Some((seconds_of(row["minute"].as_str()?), row["value"].as_f64()?)))
        .collect()
}

fn assert_values(metric: &Metric, answer: &Value, points: &BTreeMap<i64, f64>) {
    let times = answer["times"].as_array().unwrap().iter();
    let values = answer["series"][0]["values"].as_array().unwrap();
    let mut seen = 0;
    for (time, value) in times.zip(values) {
        let (time, value) = (time.as_i64().unwrap() / 1000, value.as_f64());
        let wanted = points.get(&time).copied();
        let same = match (value, wanted) {
            (Some(value), Some(wanted)) => (value - wanted).abs() <= wanted.abs() * 1e-9,
            (value, wanted) => value == wanted,
        };
        assert!(
            same,
            "{} at {time}: {value:?}, by SQL {wanted:?}",
            metric.name
        );
        seen += usize::from(value.is_some());
    }
    assert!(seen > 5, "{}: only {seen} data points", metric.name);
}

/// Seconds of the epoch and the new state.
type Changes = Vec<(i64, String)>;

fn changes(answer: &Value) -> Changes {
    let series = answer["series"].as_array().unwrap();
    assert_eq!(series.len(), 1, "a metric alarm has one series");
    let transitions = series[0]["transitions"].as_array().unwrap().iter();
    transitions
        .map(|one| {
            let text = |key: &str| one[key].as_str().unwrap();
            (seconds_of(text("time")), text("to").to_owned())
        })
        .collect()
}

fn evaluated(
    metric: &Metric,
    points: &BTreeMap<i64, f64>,
    rule: MofN,
    treatment: &str,
    (start, end): (i64, i64),
) -> Changes {
    let breaches = |value: f64| match metric.operator {
        "GreaterThanThreshold" => value > metric.threshold,
        "GreaterThanOrEqualToThreshold" => value >= metric.threshold,
        other => panic!("{other}"),
    };
    let mut changes = Changes::new();
    let mut now = "INSUFFICIENT_DATA".to_owned();
    let mut at = start;
    while at <= end {
        let periods = i64::try_from(rule.n + BEYOND).unwrap();
        let range = (1..=periods)
            .rev()
            .map(|back| points.get(&(at - back * MINUTE)).copied().map(breaches))
            .collect();
        let next = state(&range, rule, treatment, &now).to_owned();
        if next != now {
            changes.push((at, next.clone()));
            now = next;
        }
        at += MINUTE;
    }
    changes
}
