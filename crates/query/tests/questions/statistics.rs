//! Every statistic over rows small enough to check by hand.

use catalogue::Tier;
use query::{MetricsAnswer, MetricsRequest, Query};
use serde_json::{Value, json};

use crate::held::{Held, TEN};

/// Now, in microseconds: ten minutes past ten.
pub(crate) const NOW: i64 = (TEN + 600) * 1_000_000;

pub(crate) async fn ask(query: &Query, request: Value) -> MetricsAnswer {
    let request = MetricsRequest::from_json(request.to_string().as_bytes()).unwrap();
    query.metrics(request, NOW).await.unwrap()
}

/// The values of an answer's only series.
pub(crate) fn only(answer: &MetricsAnswer) -> Vec<Option<f64>> {
    assert_eq!(answer.series.len(), 1, "{:?}", answer.series);
    answer.series[0].values.clone()
}

/// A container's minute: seconds after ten, id, µs of CPU in the minute, working set (sum, least, greatest of six).
fn minute(at: i64, id: &str, cpu: Option<i64>, memory: Option<(i64, i64, i64)>) -> (i64, Value) {
    let mut row = json!({
        "cluster": "c", "node": "n", "namespace": if id < "c" { "shop" } else { "bank" },
        "pod": format!("pod-{id}"), "container": id, "container_id": id, "container_kind": "container",
        "interval_usec": 60_000_000, "cpu_usage_usec": cpu,
        "node_cpu_cores": 4.0, "node_memory_total_bytes": 1000,
        "samples": 6, "minutes": 1,
    });
    if let Some((sum, least, greatest)) = memory {
        row["memory_working_set_bytes_sum"] = json!(sum);
        row["memory_working_set_bytes_min"] = json!(least);
        row["memory_working_set_bytes_max"] = json!(greatest);
        row["memory_working_set_bytes_count"] = json!(6);
    }
    (at, row)
}

/// Three containers over three minutes; `b` is silent in the second, `c` has no CPU reading in the first, and in the
/// fourth there is nothing.
pub(crate) fn minutes() -> Held {
    Held::default().with(
        "container",
        Tier::Minute,
        vec![
            // Half a core, one core, two cores, …: 60 s × cores.
            minute(0, "a", Some(30_000_000), Some((600, 50, 200))),
            minute(0, "b", Some(60_000_000), Some((1200, 150, 250))),
            minute(0, "c", None, Some((1800, 290, 310))),
            minute(60, "a", Some(120_000_000), Some((660, 90, 130))),
            minute(60, "c", Some(6_000_000), None),
            minute(120, "a", Some(0), Some((0, 0, 0))),
            minute(120, "b", Some(90_000_000), Some((1260, 200, 220))),
            minute(120, "c", Some(60_000_000), Some((1860, 300, 320))),
        ],
    )
}

const CORES: &str = "cpu_usage_usec_per_second";

#[tokio::test]
async fn each_statistic_of_a_rate_by_minute() {
    let query = minutes().query();
    // Microseconds a second: half a core is 500,000.
    for (statistic, expected) in [
        (
            "Average",
            [
                Some(750_000.0),
                Some(1_050_000.0),
                Some(2_500_000.0 / 3.0),
                None,
            ],
        ),
        (
            "Sum",
            [
                Some(1_500_000.0),
                Some(2_100_000.0),
                Some(2_500_000.0),
                None,
            ],
        ),
        (
            "Minimum",
            [Some(500_000.0), Some(100_000.0), Some(0.0), None],
        ),
        (
            "Maximum",
            [
                Some(1_000_000.0),
                Some(2_000_000.0),
                Some(1_500_000.0),
                None,
            ],
        ),
        ("SampleCount", [Some(2.0), Some(2.0), Some(3.0), None]),
        (
            "Total",
            [
                Some(1_500_000.0),
                Some(2_100_000.0),
                Some(2_500_000.0),
                None,
            ],
        ),
        (
            "p50",
            [Some(750_000.0), Some(1_050_000.0), Some(1_000_000.0), None],
        ),
        (
            "p100",
            [
                Some(1_000_000.0),
                Some(2_000_000.0),
                Some(1_500_000.0),
                None,
            ],
        ),
        // A quarter of the way from the least to the next.
        (
            "p12.5",
            [Some(562_500.0), Some(337_500.0), Some(250_000.0), None],
        ),
    ] {
        let answer = ask(
            &query,
            json!({"entity": "container", "metric": CORES, "statistic": statistic,
                   "start": "-10m", "end": "-6m", "period_seconds": 60}),
        )
        .await;
        assert_eq!(only(&answer), expected, "{statistic}");
        assert_eq!(answer.stats.tier, "1m");
        assert_eq!(answer.stats.rows, 8);
        assert_eq!(
            answer.series[0].unit,
            if statistic == "SampleCount" {
                "Count"
            } else {
                "us/s"
            }
        );
        assert_eq!(
            answer.stats.percentiles,
            statistic.starts_with('p').then_some("exact")
        );
    }
}

#[tokio::test]
async fn each_statistic_of_a_gauge_by_minute() {
    let query = minutes().query();
    for (statistic, expected) in [
        // Of each minute's mean: 100, 200, 300; 110; 0, 210, 310.
        ("Average", [Some(200.0), Some(110.0), Some(520.0 / 3.0)]),
        ("Sum", [Some(600.0), Some(110.0), Some(520.0)]),
        ("p50", [Some(200.0), Some(110.0), Some(210.0)]),
        // Of what was read within the minute.
        ("Minimum", [Some(50.0), Some(90.0), Some(0.0)]),
        ("Maximum", [Some(310.0), Some(130.0), Some(320.0)]),
        ("SampleCount", [Some(3.0), Some(1.0), Some(3.0)]),
    ] {
        let answer = ask(
            &query,
            json!({"entity": "container", "metric": "memory_working_set_bytes", "statistic": statistic,
                   "start": "-10m", "end": "-7m", "period_seconds": 60}),
        )
        .await;
        assert_eq!(only(&answer), expected, "{statistic}");
    }
}

#[tokio::test]
async fn a_longer_period_has_a_sample_for_each_minute() {
    let query = minutes().query();
    for (statistic, expected) in [
        ("Average", 6_100_000.0 / 7.0),
        ("Sum", 6_100_000.0),
        ("SampleCount", 7.0),
        ("Maximum", 2_000_000.0),
        // a: (0.5 + 2 + 0) / 3; b: (1 + 1.5) / 2; c: (0.1 + 1) / 2 cores.
        ("Total", (2_500_000.0 / 3.0 + 1_250_000.0 + 550_000.0)),
    ] {
        let answer = ask(
            &query,
            json!({"entity": "container", "metric": CORES, "statistic": statistic,
                   "start": "-10m", "end": "-7m", "period_seconds": 300}),
        )
        .await;
        assert_eq!(answer.times, [TEN * 1000], "aligned to five minutes");
        let value = only(&answer)[0].unwrap();
        assert!(
            (value - expected).abs() < 1e-6,
            "{statistic}: {value} is not {expected}"
        );
    }
}

#[tokio::test]
async fn a_container_insights_name_is_a_formula_with_its_rows() {
    let mut rows = vec![
        minute(0, "a", Some(60_000_000), Some((600, 50, 200))),
        minute(0, "b", Some(180_000_000), Some((1200, 150, 250))),
    ];
    // The pod's pause container is no container in Container Insights.
    let mut sandbox = minute(0, "z", Some(60_000_000), Some((60, 10, 10)));
    sandbox.1["container_kind"] = json!("sandbox");
    rows.push(sandbox);
    let query = Held::default()
        .with("container", Tier::Minute, rows)
        .query();
    let answer = ask(
        &query,
        json!({"entity": "container", "start": "-10m", "end": "-9m", "period_seconds": 60, "metrics": [
            {"id": "cpu", "metric": "container_cpu_utilization"},
            {"metric": "container_memory_utilization", "statistic": "Maximum"},
            {"metric": "container_cpu_usage_total", "statistic": "Sum"},
            {"metric": "cpu_usage_usec", "statistic": "Sum"},
        ]}),
    )
    .await;
    let values: Vec<_> = answer
        .series
        .iter()
        .map(|s| (s.metric.as_str(), s.unit.as_str(), s.values[0]))
        .collect();
    assert_eq!(
        values,
        [
            // 1 and 3 of 4 cores.
            ("container_cpu_utilization", "Percent", Some(50.0)),
            // 250 of 1000 bytes.
            ("container_memory_utilization", "Percent", Some(25.0)),
            // Millicores.
            ("container_cpu_usage_total", "None", Some(4000.0)),
            // A base column is of all rows.
            ("cpu_usage_usec", "us", Some(300_000_000.0)),
        ]
    );
    assert_eq!(answer.series[0].id.as_deref(), Some("cpu"));
    assert_eq!(answer.series[1].id, None);
}

#[tokio::test]
async fn groups_have_their_labels_and_come_in_order() {
    let query = minutes().query();
    let request = json!({"entity": "container", "group_by": ["namespace"], "start": "-10m", "end": "-8m",
                         "period_seconds": 60, "metrics": [
                             {"metric": "memory_working_set_bytes", "statistic": "Sum"},
                             {"metric": "memory_working_set_bytes", "statistic": "SampleCount"}]});
    let answer = ask(&query, request).await;
    let series: Vec<_> = answer
        .series
        .iter()
        .map(|s| {
            (
                s.labels["namespace"].as_deref().unwrap(),
                s.statistic.as_str(),
                s.values.clone(),
            )
        })
        .collect();
    assert_eq!(
        series,
        [
            ("bank", "Sum", vec![Some(300.0), None]),
            ("bank", "SampleCount", vec![Some(1.0), None]),
            ("shop", "Sum", vec![Some(300.0), Some(110.0)]),
            ("shop", "SampleCount", vec![Some(2.0), Some(1.0)]),
        ]
    );
}

#[tokio::test]
async fn a_limit_keeps_groups_by_the_mean_of_the_first_metric() {
    let query = minutes().query();
    // Means over the two minutes: a 1.25 cores, b 1 (of the first minute alone), c 0.1.
    for (order, expected) in [("top", ["a", "b"]), ("bottom", ["c", "b"])] {
        let answer = ask(
            &query,
            json!({"entity": "container", "metric": CORES, "group_by": ["container"], "limit": 2, "order": order,
                   "start": "-10m", "end": "-8m", "period_seconds": 60}),
        )
        .await;
        let names: Vec<_> = answer
            .series
            .iter()
            .map(|s| s.labels["container"].as_deref().unwrap())
            .collect();
        assert_eq!(names, expected, "{order}");
    }
}

#[tokio::test]
async fn filters_keep_rows() {
    let query = minutes().query();
    for (filters, count) in [
        (json!({"container": "a"}), Some(1.0)),
        (json!({"container": ["a", "c"]}), Some(2.0)),
        (json!({"container": {"not": "a"}}), Some(2.0)),
        (json!({"pod": "pod-*"}), Some(3.0)),
        (json!({"pod": "*-b"}), Some(1.0)),
        (json!({"pod": ["*-b", "pod-c"]}), Some(2.0)),
        (json!({"pod": {"not": ["*-b", "pod-c"]}}), Some(1.0)),
        (json!({"pod": "pod_a"}), None),
        (json!({"pod": "pod%"}), None),
        (
            json!({"namespace": "shop", "container": {"not": "a"}}),
            Some(1.0),
        ),
        // Null in all rows here.
        (json!({"runtime": null}), Some(3.0)),
        (json!({"runtime": {"not": "docker"}}), Some(3.0)),
        (json!({"runtime": {"not": null}}), None),
        (json!({"runtime": "docker"}), None),
        (json!({"exited": {"not": true}}), Some(3.0)),
    ] {
        let answer = ask(
            &query,
            json!({"entity": "container", "metric": "memory_working_set_bytes", "statistic": "SampleCount",
                   "filters": filters, "start": "-10m", "end": "-9m", "period_seconds": 60}),
        )
        .await;
        assert_eq!(only(&answer), [count], "{filters}");
    }
}

#[tokio::test]
async fn without_rows_there_is_one_series_of_gaps_or_no_group() {
    let query = Held::default().query();
    let mut request = json!({"entity": "node", "metric": "node_cpu_utilization", "start": "-2m", "period_seconds": 60});
    let answer = ask(&query, request.clone()).await;
    assert_eq!(only(&answer), [None, None]);
    assert_eq!((answer.stats.tier.as_str(), answer.stats.rows), ("", 0));
    request["group_by"] = json!(["node"]);
    assert_eq!(ask(&query, request).await.series, []);
}

#[tokio::test]
async fn below_a_minute_a_raw_row_is_a_sample() {
    let raw = |at: i64, id: &str, cpu: Option<i64>, memory: Option<i64>| {
        (
            at,
            json!({"cluster": "c", "node": "n", "container_id": id, "interval_usec": 10_000_000,
                   "cpu_usage_usec": cpu, "memory_usage_bytes": memory}),
        )
    };
    let query = Held::default()
        .with(
            "container",
            Tier::Raw,
            vec![
                raw(0, "a", None, Some(1)),
                raw(0, "b", Some(10_000_000), Some(3)),
                raw(10, "a", Some(5_000_000), Some(2)),
                raw(20, "b", Some(20_000_000), None),
            ],
        )
        .query();
    for (metric, statistic, expected) in [
        (CORES, "Average", [Some(1e6), Some(0.5e6), Some(2e6), None]),
        (
            CORES,
            "SampleCount",
            [Some(1.0), Some(1.0), Some(1.0), None],
        ),
        // The increase itself.
        (
            "cpu_usage_usec",
            "Sum",
            [Some(1e7), Some(5e6), Some(2e7), None],
        ),
        (
            "memory_usage_bytes",
            "Sum",
            [Some(4.0), Some(2.0), None, None],
        ),
        (
            "memory_usage_bytes",
            "Minimum",
            [Some(1.0), Some(2.0), None, None],
        ),
        (
            "memory_usage_bytes",
            "Total",
            [Some(4.0), Some(2.0), None, None],
        ),
    ] {
        let answer = ask(
            &query,
            json!({"entity": "container", "metric": metric, "statistic": statistic, "start": "-600s",
                   "end": "-560s", "period_seconds": 10}),
        )
        .await;
        assert_eq!(only(&answer), expected, "{metric} {statistic}");
        assert_eq!(answer.stats.tier, "raw");
    }
}

#[tokio::test]
async fn a_zero_denominator_is_a_gap() {
    let mut row = minute(0, "a", Some(1), None);
    row.1["interval_usec"] = json!(0);
    let query = Held::default()
        .with("container", Tier::Minute, vec![row])
        .query();
    for statistic in ["Average", "Sum", "Maximum", "SampleCount", "Total", "p99"] {
        let answer = ask(
            &query,
            json!({"entity": "container", "metric": CORES, "statistic": statistic, "start": "-10m", "end": "-9m",
                   "period_seconds": 60}),
        )
        .await;
        assert_eq!(only(&answer), [None], "{statistic}");
    }
}

#[tokio::test]
async fn percentiles_and_totals_in_one_request() {
    let query = minutes().query();
    let answer = ask(
        &query,
        json!({"entity": "container", "start": "-10m", "end": "-9m", "period_seconds": 60, "metrics": [
            {"metric": CORES, "statistic": "p100"},
            {"metric": CORES, "statistic": "Total"},
            {"metric": "memory_working_set_bytes", "statistic": "p0"},
            {"metric": CORES, "statistic": "Minimum"},
        ]}),
    )
    .await;
    let values: Vec<_> = answer.series.iter().map(|s| s.values[0].unwrap()).collect();
    assert_eq!(values, [1_000_000.0, 1_500_000.0, 100.0, 500_000.0]);
    assert_eq!(answer.stats.rows, 3, "rows are counted once");
}

#[tokio::test]
async fn the_answer_as_json() {
    let query = minutes().query();
    let mut answer = ask(
        &query,
        json!({"entity": "container", "metrics": [{"id": "m", "metric": "memory_working_set_bytes"}],
               "group_by": ["namespace", "container"], "filters": {"container": "a"},
               "start": "2026-11-23T10:01:30Z", "end": (TEN + 240) * 1000, "period_seconds": 60}),
    )
    .await;
    answer.stats.elapsed_ms = 7;
    assert_eq!(
        serde_json::to_value(&answer).unwrap(),
        json!({
            "start": (TEN + 60) * 1000, "end": (TEN + 240) * 1000, "period_seconds": 60,
            "times": [(TEN + 60) * 1000, (TEN + 120) * 1000, (TEN + 180) * 1000],
            "series": [{
                "id": "m", "metric": "memory_working_set_bytes", "statistic": "Average", "unit": "By",
                "labels": {"namespace": "shop", "container": "a"}, "values": [110.0, 0.0, null],
            }],
            "stats": {"tier": "1m", "rows": 2, "files": 0, "elapsed_ms": 7},
        })
    );
}
