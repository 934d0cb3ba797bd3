//! The control plane's metrics, against what the API server says to kubectl.

use std::collections::BTreeMap;
use std::time::Duration;

use kansoku_tests::{Installed, Kubernetes, Rung};
use serde_json::{Value, json};

const SOON: Duration = Duration::from_secs(150);

/// The series of a name: labels as they stand, and the value.
fn said(text: &str, name: &str) -> Vec<(String, f64)> {
    let lines = text.lines().filter_map(|line| line.strip_prefix(name));
    lines
        .filter_map(|rest| {
            let (labels, value) = rest.strip_prefix('{')?.rsplit_once("} ")?;
            Some((labels.to_owned(), value.parse().ok()?))
        })
        .collect()
}

fn label<'l>(labels: &'l str, name: &str) -> &'l str {
    let after = labels
        .split_once(&format!("{name}=\""))
        .map_or("", |(_, after)| after);
    after.split('"').next().unwrap_or_default()
}

#[test]
fn the_control_planes_metrics_are_those_of_the_api_server() {
    let Some(kubernetes) = Kubernetes::up() else {
        return;
    };
    let installed = Installed::on(&kubernetes, Rung::Node);
    let http = installed.http();
    // Two answers of the process that answers now make an increase.
    let metrics = || kubernetes.kubectl(&["get", "--raw", "/metrics"], "");
    let began: f64 = metrics()
        .lines()
        .find_map(|line| line.strip_prefix("process_start_time_seconds "))
        .and_then(|value| value.parse().ok())
        .unwrap();
    let rows = installed.eventually("no control plane", SOON, || {
        let rows = http.sql(&format!(
            "SELECT * FROM control_plane WHERE time = (SELECT max(time) FROM control_plane \
             WHERE increase IS NOT NULL AND time > to_timestamp({began}))"
        ));
        (!rows.is_empty()).then_some(rows)
    });
    let raw = metrics();
    let value = |series: &str, column: &str, wanted: &str, number: &str| {
        let row = rows
            .iter()
            .find(|row| row["series"] == series && (column.is_empty() || row[column] == wanted));
        row.unwrap_or_else(|| panic!("{series} {column}={wanted}"))[number].as_f64()
    };
    // Objects that hardly change meanwhile, and what has no reason to.
    let objects = said(&raw, "etcd_object_counts");
    let nodes = objects
        .iter()
        .find(|(labels, _)| label(labels, "resource") == "nodes")
        .unwrap()
        .1;
    assert_eq!(
        value(
            "apiserver_storage_objects",
            "resource",
            "nodes",
            "series_value"
        ),
        Some(nodes)
    );
    let size: f64 = said(&raw, "etcd_db_total_size_in_bytes")
        .iter()
        .map(|(_, value)| value)
        .sum();
    let ours = value("etcd_db_total_size_in_bytes", "", "", "series_value").unwrap();
    assert!(
        (ours - size).abs() <= size * 0.2,
        "{ours} here, {size} there"
    );
    let limits = said(&raw, "apiserver_flowcontrol_request_concurrency_limit");
    for (labels, limit) in &limits {
        let level = label(labels, "priority_level");
        let ours = value(
            "apiserver_flowcontrol_request_concurrency_limit",
            "priority_level",
            level,
            "series_value",
        );
        assert_eq!(ours, Some(*limit), "{level}");
    }
    // Increases of a minute, added up over what is left out: no more than all that was ever counted.
    let mut totals: BTreeMap<(String, String), f64> = BTreeMap::new();
    for (labels, count) in said(&raw, "apiserver_request_total") {
        let key = (
            label(&labels, "verb").to_owned(),
            label(&labels, "code").to_owned(),
        );
        *totals.entry(key).or_default() += count;
    }
    let requests: Vec<&Value> = rows
        .iter()
        .filter(|row| row["series"] == "apiserver_request_total")
        .collect();
    assert!(requests.len() > 3, "{requests:?}");
    for row in &requests {
        let text = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
        let total = totals[&(text("verb"), text("code"))];
        let increase = row["increase"].as_f64().unwrap();
        assert!(increase >= 0.0 && increase <= total, "{row} of {total}");
    }
    let lists = requests
        .iter()
        .filter(|row| row["verb"] == "GET")
        .filter_map(|row| row["increase"].as_f64());
    assert!(
        lists.sum::<f64>() > 5.0,
        "leases alone are asked for more often: {requests:?}"
    );

    // By the names of Container Insights, and as events.
    let question = json!({"entity": "control_plane", "start": "-5m", "period_seconds": 60, "group_by": ["code", "verb"],
        "metrics": [{"metric": "apiserver_request_total", "statistic": "Sum"}]});
    let answer = http.post("/api/metrics", &question).json();
    assert!(answer["series"].as_array().unwrap().len() > 3, "{answer}");
    installed.eventually("no event of the control plane", SOON, || {
        let question = json!({"types": ["ControlPlane"], "start": "-4m"});
        let answer = http.post("/api/performance", &question).json();
        let events = answer["events"].as_array()?.clone();
        let found = events.iter().find(|event| {
            event["apiserver_request_duration_seconds"].is_number() && event["verb"] == "LIST"
        })?;
        assert_eq!(found["Type"], "ControlPlane");
        assert_eq!(found["ClusterName"], "real");
        Some(())
    });
}
