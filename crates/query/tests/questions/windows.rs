//! Data points for alarms: the same whether asked alone or with others.

use std::collections::BTreeMap;

use catalogue::Tier;
use query::{
    Code, Filter, HealthWindow, Periods, Query, RowsWindow, Window, WindowLabels, WindowSource,
    Windows, WindowsRequest,
};
use serde_json::{Value, json};

use crate::held::{Held, TEN, table};
use crate::roll::roll;

const NOW: i64 = (TEN + 600) * 1_000_000;

/// Ten minutes of four pods: pod `p0` uses no core, `p1` one, and so on; memory is the minute.
fn containers() -> Vec<(i64, Value)> {
    let row = |pod: i64, at: i64| {
        json!({"cluster": "c", "node": "n", "namespace": if pod < 2 { "shop" } else { "data" },
               "pod": format!("p{pod}"), "container": "main", "container_id": format!("id{pod}"),
               "container_kind": "container", "interval_usec": 10_000_000,
               "cpu_usage_usec": pod * 10_000_000, "memory_usage_bytes": at / 60})
    };
    (0..600)
        .step_by(10)
        .flat_map(|at| (0..4).map(move |pod| (at, row(pod, at))))
        .collect()
}

fn query() -> Query {
    let raw = containers();
    let minutes = roll(table("container"), Tier::Minute, &raw);
    Held::default()
        .with("container", Tier::Minute, minutes)
        .with("container", Tier::Raw, raw)
        .query()
}

fn periods(from: i64, seconds: u32, count: u32) -> Periods {
    Periods {
        start: (TEN + from) * 1_000_000,
        seconds,
        count,
    }
}

fn rows(metric: &str, statistic: &str, filters: &[(&str, &str)], group_by: &[&str]) -> RowsWindow {
    RowsWindow {
        entity: "container".to_owned(),
        metric: metric.to_owned(),
        statistic: statistic.to_owned(),
        filters: filters
            .iter()
            .map(|(name, value)| ((*name).to_owned(), Filter::any([*value])))
            .collect(),
        group_by: group_by.iter().map(|name| (*name).to_owned()).collect(),
        samples: false,
    }
}

fn of(source: RowsWindow, periods: Periods) -> WindowsRequest {
    WindowsRequest {
        source: WindowSource::Rows(source),
        periods,
    }
}

fn labels(pairs: &[(&str, &str)]) -> WindowLabels {
    let owned = pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    owned.collect()
}

fn values(windows: &Windows) -> BTreeMap<WindowLabels, Vec<Option<f64>>> {
    let windows = windows.as_ref().unwrap().iter();
    windows
        .map(|window| (window.labels.clone(), window.values.clone()))
        .collect()
}

const CORES: &str = "cpu_usage_usec_per_second";

#[tokio::test]
async fn questions_that_are_asked_together_get_the_answers_that_each_gets_alone() {
    let query = query();
    let five = periods(0, 60, 10);
    let mut questions = Vec::new();
    for pod in ["p0", "p1", "p3", "gone"] {
        questions.push(of(rows(CORES, "Average", &[("pod", pod)], &[]), five));
        questions.push(of(
            rows("memory_usage_bytes", "Maximum", &[("pod", pod)], &[]),
            five,
        ));
    }
    questions.push(of(
        rows(CORES, "Sum", &[("namespace", "shop")], &["pod"]),
        five,
    ));
    questions.push(of(
        rows(CORES, "Sum", &[("namespace", "data")], &["pod"]),
        five,
    ));
    questions.push(of(rows(CORES, "p50.0", &[], &["namespace"]), five));
    questions.push(of(rows(CORES, "Maximum", &[("pod", "p*")], &[]), five));
    questions.push(of(
        rows(CORES, "Average", &[("pod", "p1")], &[]),
        periods(60, 300, 1),
    ));
    let together = query.windows(&questions, NOW).await;
    for (question, answer) in questions.iter().zip(&together) {
        let alone = query.windows(std::slice::from_ref(question), NOW).await;
        assert_eq!(values(answer), values(&alone[0]), "{question:?}");
    }
    let core = Some(1e6);
    assert_eq!(values(&together[2])[&labels(&[])], [core; 10]);
    assert_eq!(
        values(&together[8]).keys().cloned().collect::<Vec<_>>(),
        [labels(&[("pod", "p0")]), labels(&[("pod", "p1")])]
    );
    assert_eq!(
        values(&together[6])[&labels(&[])],
        [None; 10],
        "no such pod"
    );
    let minutes: Vec<Option<f64>> = (0..10).map(|minute| Some(f64::from(minute))).collect();
    assert_eq!(values(&together[3])[&labels(&[])], minutes);
}

#[tokio::test]
async fn periods_slide_by_the_minute() {
    let query = query();
    let memory = rows("memory_usage_bytes", "Average", &[("pod", "p1")], &[]);
    // From 10:01: minutes 1 to 5, then 6 to 9 and one that is to come.
    let answer = query.windows(&[of(memory, periods(60, 300, 2))], NOW).await;
    assert_eq!(values(&answer[0])[&labels(&[])], [Some(3.0), Some(7.5)]);
}

#[tokio::test]
async fn how_many_samples_there_are_comes_beside_the_values() {
    let query = query();
    let mut counted = rows(CORES, "p90", &[("namespace", "shop")], &[]);
    counted.samples = true;
    let plain = rows(CORES, "p90", &[("namespace", "data")], &[]);
    let at = periods(540, 60, 2);
    let answers = query.windows(&[of(counted, at), of(plain, at)], NOW).await;
    let window = |answer: &Windows| -> Window { answer.as_ref().unwrap()[0].clone() };
    assert_eq!(window(&answers[0]).samples, Some(vec![Some(2.0), None]));
    assert_eq!(window(&answers[1]).samples, None);
}

#[tokio::test]
async fn a_question_that_cannot_be_answered_does_not_darken_the_others() {
    let query = query();
    let at = periods(0, 60, 3);
    let questions = [
        of(rows(CORES, "Average", &[("pod", "p1")], &[]), at),
        of(rows("cpu_usage", "Average", &[("pod", "p2")], &[]), at),
        of(rows(CORES, "Mean", &[("pod", "p3")], &[]), at),
        of(
            rows(CORES, "Average", &[("pod", "p3")], &[]),
            periods(0, 0, 3),
        ),
        WindowsRequest {
            source: WindowSource::Logs {
                filter: "(level:error".to_owned(),
                group_by: Vec::new(),
            },
            periods: at,
        },
    ];
    let answers = query.windows(&questions, NOW).await;
    assert_eq!(values(&answers[0])[&labels(&[])], [Some(1e6); 3]);
    let code = |answer: &Windows| answer.as_ref().unwrap_err().code;
    assert_eq!(code(&answers[1]), Code::UnknownMetric);
    assert_eq!(code(&answers[2]), Code::UnknownStatistic);
    assert_eq!(code(&answers[3]), Code::InvalidRequest);
    assert!(answers[4].is_err());
}

#[tokio::test]
async fn a_month_of_minutes_is_asked_in_parts() {
    let query = query();
    let month = 30 * 24 * 60;
    let whole = periods(600 - i64::from(month) * 60, 60, month);
    let answer = query
        .windows(
            &[of(rows(CORES, "Average", &[("pod", "p1")], &[]), whole)],
            NOW,
        )
        .await;
    let values = &values(&answer[0])[&labels(&[])];
    assert_eq!(values.len(), month as usize);
    let at: Vec<usize> = (0..values.len()).filter(|i| values[*i].is_some()).collect();
    assert_eq!(
        at,
        (month as usize - 10..month as usize).collect::<Vec<_>>()
    );
}

#[tokio::test]
async fn a_statement_gives_series_by_its_texts() {
    let query = query();
    let sql = |text: &str| WindowsRequest {
        source: WindowSource::Sql {
            query: text.to_owned(),
        },
        periods: periods(120, 60, 2),
    };
    let answers = query
        .windows(
            &[
                sql("SELECT date_trunc('minute', time) AS time, max(memory_usage_bytes) AS value, namespace FROM container
                     WHERE time >= $start AND time < $end GROUP BY 1, namespace"),
                sql("SELECT 1 AS value"),
                sql("SELECT max(time) AS time FROM container WHERE time >= $start"),
                sql("DELETE FROM container WHERE time >= $start"),
            ],
            NOW,
        )
        .await;
    let expected = [("data", [2.0, 3.0]), ("shop", [2.0, 3.0])];
    let expected =
        expected.map(|(name, values)| (labels(&[("namespace", name)]), values.map(Some).to_vec()));
    assert_eq!(values(&answers[0]), BTreeMap::from(expected));
    let said = |answer: &Windows| answer.as_ref().unwrap_err().to_string();
    assert!(said(&answers[1]).contains("time >= $start"));
    assert!(said(&answers[2]).contains("no column 'value'"));
    assert!(answers[3].is_err());
}

/// Minutes 0 to 4 of two clusters; nobody looked in minute 3. A pod loops in minutes 1 and 2, and is killed beside that.
fn verdicts() -> Vec<(i64, Value)> {
    let cluster = |name: &str, minute: i64| {
        (
            minute * 60,
            json!({"cluster": name, "entity_kind": "Cluster", "entity_name": name, "word": "ok",
                             "severity": "ok", "is_first": true}),
        )
    };
    let pod = |minute: i64, word: &str, severity: &str, is_first: bool| {
        (
            minute * 60,
            json!({"cluster": "c", "namespace": "shop", "entity_kind": "Pod", "entity_name": "web-1",
            "entity_uid": "u", "node": "n", "workload": "web", "word": word, "severity": severity, "is_first": is_first,
            "verdict_reason": "It is so."}),
        )
    };
    let mut rows: Vec<(i64, Value)> = [0, 1, 2, 4]
        .into_iter()
        .flat_map(|minute| [cluster("c", minute), cluster("d", minute)])
        .collect();
    rows.extend([1, 2].map(|minute| pod(minute, "crash-looping", "critical", true)));
    rows.push(pod(2, "throttled", "warning", false));
    rows
}

#[tokio::test]
async fn verdicts_are_ones_and_zeros_and_gaps_where_nobody_looked() {
    let query = Held::default()
        .with("verdict", Tier::Raw, verdicts())
        .query();
    let asked = |wanted: HealthWindow| WindowsRequest {
        source: WindowSource::Health(wanted),
        // A verdict of a full minute is of the period that ends there.
        periods: periods(-60, 60, 5),
    };
    let words = |words: &[&str], severity: Option<&str>| HealthWindow {
        kinds: vec!["Pod".to_owned()],
        words: words.iter().map(|word| (*word).to_owned()).collect(),
        severity: severity.map(str::to_owned),
        ..HealthWindow::default()
    };
    let filtered = |name: &str, filter: Filter| HealthWindow {
        filters: BTreeMap::from([(name.to_owned(), filter)]),
        ..words(&[], None)
    };
    let answers = query
        .windows(
            &[
                asked(words(&["crash-looping"], None)),
                asked(words(&["throttled"], None)),
                asked(words(&[], Some("critical"))),
                asked(filtered("namespace", Filter::none(["shop"]))),
                asked(filtered("name", Filter::any(["web-*"]))),
                asked(filtered("nmespace", Filter::any(["x"]))),
                asked(words(&[], Some("bad"))),
                asked(filtered("name", Filter::any(["x' OR 'a' = 'a"]))),
            ],
            NOW,
        )
        .await;
    let cluster = |name: &str| {
        let seen = [Some(0.0), Some(0.0), Some(0.0), None, Some(0.0)];
        (labels(&[("cluster", name)]), seen.to_vec())
    };
    let pod = labels(&[
        ("cluster", "c"),
        ("kind", "Pod"),
        ("name", "web-1"),
        ("namespace", "shop"),
        ("node", "n"),
        ("workload", "web"),
    ]);
    let with = |minutes: [Option<f64>; 5]| {
        BTreeMap::from([cluster("c"), cluster("d"), (pod.clone(), minutes.to_vec())])
    };
    let (no, yes) = (Some(0.0), Some(1.0));
    assert_eq!(values(&answers[0]), with([no, yes, yes, None, no]));
    assert_eq!(values(&answers[1]), with([no, no, yes, None, no]));
    let found = answers[0].as_ref().unwrap();
    let of_pod = found.iter().find(|window| window.labels == pod).unwrap();
    let said = "Pod web-1: crash-looping. It is so.".to_owned();
    let minutes = [0, 60].map(|at| ((TEN + at) * 1_000_000, said.clone()));
    assert_eq!(of_pod.words, BTreeMap::from(minutes));
    assert!(
        found
            .iter()
            .filter(|window| window.labels != pod)
            .all(|window| window.words.is_empty())
    );
    assert_eq!(values(&answers[2]), with([no, yes, yes, None, no]));
    assert_eq!(values(&answers[3]).len(), 2, "no pod");
    assert_eq!(values(&answers[4]), with([no, yes, yes, None, no]));
    assert_eq!(answers[5].as_ref().unwrap_err().code, Code::UnknownColumn);
    assert_eq!(answers[6].as_ref().unwrap_err().code, Code::InvalidRequest);
    assert_eq!(values(&answers[7]).len(), 2, "a quote is no way out");
}

/// A pod is killed in minutes 1 and 20, and its verdict remembers that for an hour.
#[tokio::test]
async fn what_a_verdict_remembers_is_over_when_it_is_asked_so() {
    let mut rows = Vec::new();
    for minute in 0..40 {
        let at = minute * 60;
        rows.push((
            at,
            json!({"cluster": "c", "entity_kind": "Cluster", "entity_name": "c", "word": "ok", "severity": "ok",
                "is_first": true}),
        ));
        let killed = [1, 20].into_iter().filter(|kill| *kill <= minute).max();
        if let Some(killed) = killed {
            let killed = (TEN + killed * 60) * 1_000_000;
            rows.push((
                at,
                json!({"cluster": "c", "entity_kind": "Pod", "entity_name": "web-1", "word": "oom-killed",
                    "severity": "warning", "is_first": false, "last_occurrence": killed}),
            ));
        }
        // A state, of which only its beginning is known; and one of which nothing is.
        let mut state = json!({"cluster": "c", "entity_kind": "Pod", "entity_name": "web-2", "word": "pending",
            "severity": "warning", "is_first": true, "since": TEN * 1_000_000});
        rows.push((at, state.clone()));
        state["entity_name"] = json!("web-3");
        state["since"] = Value::Null;
        rows.push((at, state));
    }
    let query = Held::default().with("verdict", Tier::Raw, rows).query();
    let wanted = HealthWindow {
        kinds: vec!["Pod".to_owned()],
        within_seconds: Some(600),
        ..HealthWindow::default()
    };
    let asked = WindowsRequest {
        source: WindowSource::Health(wanted),
        periods: periods(-60, 60, 40),
    };
    let answers = query.windows(&[asked], NOW + 3_600_000_000).await;
    let found = values(&answers[0]);
    let fits = |name: &str| -> Vec<usize> {
        let of = labels(&[("cluster", "c"), ("kind", "Pod"), ("name", name)]);
        let values = found[&of].iter().enumerate();
        values
            .filter(|(_, value)| **value == Some(1.0))
            .map(|(minute, _)| minute)
            .collect()
    };
    assert_eq!(fits("web-1"), (1..11).chain(20..30).collect::<Vec<_>>());
    assert_eq!(fits("web-2"), (0..10).collect::<Vec<_>>());
    assert_eq!(fits("web-3"), (0..40).collect::<Vec<_>>());
}

#[tokio::test]
async fn lost_lines_are_counted_by_the_ledgers() {
    let ledger = |at: i64, node: &str, refused: i64, lost: i64| {
        (
            at,
            json!({"cluster": "c", "node": node, "log_source": "s", "log_refused_entries": refused,
                    "log_lost_bytes": lost, "log_read_bytes": 1000, "log_entries": 10}),
        )
    };
    let query = Held::default()
        .with(
            "log_ledger",
            Tier::Raw,
            vec![
                ledger(0, "n", 0, 0),
                ledger(30, "n", 3, 0),
                ledger(60, "n", 0, 250),
                ledger(60, "m", 0, 0),
            ],
        )
        .query();
    let asked = |group_by: &[&str]| WindowsRequest {
        source: WindowSource::Loss {
            group_by: group_by.iter().map(|name| (*name).to_owned()).collect(),
        },
        periods: periods(0, 60, 3),
    };
    let answers = query
        .windows(&[asked(&["node"]), asked(&[]), asked(&["nod"])], NOW)
        .await;
    let by_node = values(&answers[0]);
    // 250 bytes of lines of 100 bytes are three.
    assert_eq!(
        by_node[&labels(&[("node", "n")])],
        [Some(3.0), Some(3.0), None]
    );
    assert_eq!(by_node[&labels(&[("node", "m")])], [None, Some(0.0), None]);
    assert_eq!(
        values(&answers[1])[&labels(&[])],
        [Some(3.0), Some(3.0), None]
    );
    assert_eq!(answers[2].as_ref().unwrap_err().nearest, ["node"]);
}

#[tokio::test]
async fn rows_that_an_agent_dropped_are_lost_too() {
    let node = |at: i64, node: &str, lost: i64| {
        (
            at,
            json!({"cluster": "c", "node": node, "interval_usec": 10_000_000, "agent_lost_rows": lost}),
        )
    };
    let ledger = (
        70,
        json!({"cluster": "c", "node": "n", "log_source": "s", "log_refused_entries": 2}),
    );
    let query = Held::default()
        .with(
            "node",
            Tier::Raw,
            vec![
                node(10, "n", 0),
                node(70, "n", 40),
                node(80, "n", 2),
                node(70, "m", 0),
            ],
        )
        .with("log_ledger", Tier::Raw, vec![ledger])
        .query();
    let asked = |group_by: &[&str]| WindowsRequest {
        source: WindowSource::Loss {
            group_by: group_by.iter().map(|name| (*name).to_owned()).collect(),
        },
        periods: periods(0, 60, 2),
    };
    let answers = query
        .windows(&[asked(&["node"]), asked(&["node", "namespace"])], NOW)
        .await;
    let by_node = values(&answers[0]);
    assert_eq!(by_node.len(), 1, "{by_node:?}");
    assert_eq!(by_node[&labels(&[("node", "n")])], [None, Some(44.0)]);
    assert_eq!(
        values(&answers[1])[&labels(&[("node", "n")])],
        [None, Some(44.0)]
    );
}
