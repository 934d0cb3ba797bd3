//! Names at question time: rows of `identity` in a real store, and questions by what pods were called.

use std::collections::HashMap;
use std::sync::Arc;

use query::{EntitiesRequest, Limits, LogsRequest, MetricsRequest, Query};
use serde_json::{Value, json};
use store::{Append, Clock, Store, StoreConfig};

use crate::held::{TEN, batch, table};

const NOW: i64 = (TEN + 1800) * 1_000_000;

struct Asked {
    store: Arc<Store>,
    query: Query,
    agent: wire::AgentId,
    /// Of each table.
    sequences: HashMap<String, u64>,
    _folder: tempfile::TempDir,
}

impl Asked {
    async fn new() -> Asked {
        let folder = tempfile::tempdir().unwrap();
        let config = StoreConfig::in_folder(folder.path()).unwrap();
        let clock = Clock::from_fn(|| NOW);
        let store = Arc::new(Store::open_with_clock(config, clock).await.unwrap());
        let limits = Limits {
            threads: 2,
            ..Limits::default()
        };
        let query = Query::new(Arc::clone(&store) as Arc<dyn query::Tables>, limits).unwrap();
        Asked {
            store,
            query,
            agent: wire::AgentId::random(),
            sequences: HashMap::new(),
            _folder: folder,
        }
    }

    async fn append(&mut self, name: &str, rows: Vec<(i64, Value)>) {
        let table = table(name);
        let batch = batch(&table.schema(), rows);
        let body = wire::encode(std::slice::from_ref(&batch), wire::Encoding::Zstd).unwrap();
        let sequence = self.sequences.entry(name.to_owned()).or_default();
        *sequence += 1;
        let append = Append {
            agent: self.agent,
            table,
            sequence: *sequence,
            oldest: None,
            encoding: wire::Encoding::Zstd,
            body: body.into(),
            batches: vec![batch],
        };
        self.store.append(append).await.unwrap();
    }

    /// Group → values of millicores of pods between ten and ten past, by five minutes.
    async fn millicores(&self, more: Value) -> Vec<(Vec<Option<String>>, Vec<Option<f64>>)> {
        let mut request = json!({"entity": "pod", "metric": "pod_cpu_usage_total", "statistic": "Total",
            "start": "2026-11-23T10:00:00Z", "end": "2026-11-23T10:10:00Z", "period_seconds": 300});
        for (key, value) in more.as_object().unwrap() {
            request[key] = value.clone();
        }
        let request = MetricsRequest::from_json(request.to_string().as_bytes()).unwrap();
        let answer = self.query.metrics(request, NOW).await.unwrap();
        answer
            .series
            .into_iter()
            .map(|s| (s.labels.into_values().collect(), s.values))
            .collect()
    }

    /// An answer about lines between ten and ten past.
    async fn lines(&self, mut request: Value) -> Value {
        request["start"] = json!("2026-11-23T10:00:00Z");
        request["end"] = json!("2026-11-23T10:10:00Z");
        let request = LogsRequest::from_json(request.to_string().as_bytes()).unwrap();
        let answer = self.query.logs(request, NOW).await.unwrap();
        serde_json::to_value(&answer).unwrap()
    }
}

/// The messages of an answer, in order of their text.
fn messages(answer: &Value) -> Vec<&str> {
    let lines = answer["lines"].as_array().unwrap().iter();
    let mut messages: Vec<&str> = lines
        .map(|line| line["message"].as_str().unwrap())
        .collect();
    messages.sort_unstable();
    messages
}

fn pod(uid: &str, workload: (&str, &str), services: &[&str], labels: Value) -> Value {
    let services: serde_json::Map<String, Value> = services
        .iter()
        .map(|s| ((*s).to_owned(), json!("")))
        .collect();
    json!({"cluster": "c", "namespace": "shop", "pod": format!("pod-{uid}"), "pod_uid": uid, "node": "n",
           "workload_kind": workload.0, "workload": workload.1, "services": services, "labels": labels})
}

/// `a` and `b` are of one deployment, `a` moves from the blue track to the green one; `s` is of a stateful set and is
/// deleted; `x` has no identity.
async fn seed(asked: &mut Asked) {
    let web = ("Deployment", "web");
    let mut gone = pod("s", ("StatefulSet", "db"), &[], json!({"app": "db"}));
    gone["deleted"] = json!(true);
    let identity = vec![
        (
            -900,
            pod(
                "a",
                web,
                &["front", "all"],
                json!({"app": "web", "example.com/track": "blue"}),
            ),
        ),
        (
            -900,
            pod(
                "b",
                web,
                &["front"],
                json!({"app": "web", "example.com/track": "green"}),
            ),
        ),
        (
            -900,
            pod(
                "s",
                ("StatefulSet", "db"),
                &["db", "all"],
                json!({"app": "db"}),
            ),
        ),
        (
            300,
            pod(
                "a",
                web,
                &["front", "all"],
                json!({"app": "web", "example.com/track": "green"}),
            ),
        ),
        (
            295,
            pod("s", ("StatefulSet", "db"), &[], json!({"app": "db"})),
        ),
        (298, gone),
    ];
    asked.append("identity", identity).await;
    let row = |uid: &str, cores: i64| {
        json!({"cluster": "c", "node": "n", "namespace": "shop", "pod": format!("pod-{uid}"), "pod_uid": uid,
               "interval_usec": 10_000_000, "cpu_usage_usec": cores * 10_000_000, "node_cpu_cores": 8.0})
    };
    let rows = (10..=590).step_by(10).flat_map(|at| {
        let mut rows = vec![(at, row("a", 1)), (at, row("b", 2)), (at, row("x", 4))];
        rows.extend((at < 300).then(|| (at, row("s", 3))));
        rows
    });
    asked.append("pod", rows.collect()).await;
}

fn some(texts: &[&str]) -> Vec<Option<String>> {
    texts.iter().map(|t| Some((*t).to_owned())).collect()
}

async fn check(asked: &Asked) {
    let by = |group: &[&str]| json!({"group_by": group});
    assert_eq!(
        asked.millicores(by(&["workload_kind", "workload"])).await,
        [
            (vec![None, None], vec![Some(4000.0); 2]),
            (some(&["web", "Deployment"]), vec![Some(3000.0); 2]),
            (some(&["db", "StatefulSet"]), vec![Some(3000.0), None]),
        ],
        "a deleted pod keeps its names; labels are given in order of their own names"
    );
    assert_eq!(
        asked.millicores(by(&["service"])).await,
        [
            (vec![None], vec![Some(4000.0); 2]),
            (some(&["all"]), vec![Some(4000.0), Some(1000.0)]),
            (some(&["db"]), vec![Some(3000.0), None]),
            (some(&["front"]), vec![Some(3000.0); 2]),
        ],
        "a pod behind two services counts in both, and one that ends in those that it had"
    );
    assert_eq!(
        asked.millicores(by(&["label.example.com/track"])).await,
        [
            (vec![None], vec![Some(7000.0), Some(4000.0)]),
            (some(&["blue"]), vec![Some(1000.0), None]),
            (some(&["green"]), vec![Some(2000.0), Some(3000.0)]),
        ],
        "by the label that it had at the time"
    );
    assert_eq!(
        asked.millicores(by(&["pod_name"])).await,
        [
            (vec![None], vec![Some(4000.0); 2]),
            (some(&["pod-s"]), vec![Some(3000.0), None]),
            (some(&["web"]), vec![Some(3000.0); 2]),
        ]
    );
    for (filters, expected) in [
        (json!({"workload": "web"}), vec![Some(3000.0); 2]),
        (json!({"service": "all"}), vec![Some(4000.0), Some(1000.0)]),
        (json!({"service": {"not": "all"}}), vec![Some(6000.0); 2]),
        (
            json!({"service": "all", "label.app": "web"}),
            vec![Some(1000.0); 2],
        ),
        (
            json!({"label.example.com/track": "gr*"}),
            vec![Some(2000.0), Some(3000.0)],
        ),
        (json!({"workload": null}), vec![Some(4000.0); 2]),
        (
            json!({"workload_kind": ["StatefulSet", null]}),
            vec![Some(7000.0), Some(4000.0)],
        ),
        (
            json!({"workload": "web", "pod": "pod-b"}),
            vec![Some(2000.0); 2],
        ),
        (json!({"workload": "nobody"}), vec![None; 2]),
    ] {
        let found = asked.millicores(json!({"filters": filters})).await;
        assert_eq!(found, [(vec![], expected)], "{filters}");
    }
    assert_eq!(
        asked
            .millicores(json!({"filters": {"service": "all"}, "group_by": ["service", "workload"]}))
            .await,
        [
            (some(&["all", "db"]), vec![Some(3000.0), None]),
            (some(&["all", "web"]), vec![Some(1000.0); 2]),
        ],
        "only the service that is asked for"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn by_what_pods_were_called_at_the_time() {
    let mut asked = Asked::new().await;
    seed(&mut asked).await;
    check(&asked).await;
    asked.store.flush().await.unwrap();
    check(&asked).await;
    asked.store.tend().await.unwrap();
    check(&asked).await;

    // What is taken in later is known to the next question.
    asked
        .append(
            "identity",
            vec![(-900, pod("x", ("CronJob", "night"), &[], json!({})))],
        )
        .await;
    let found = asked
        .millicores(json!({"filters": {"workload": "night"}}))
        .await;
    assert_eq!(found, [(vec![], vec![Some(4000.0); 2])]);
    asked.store.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_from_before_a_pods_name_was_read_have_its_name() {
    let mut asked = Asked::new().await;
    seed(&mut asked).await;
    let row = json!({"cluster": "c", "node": "n", "pod_uid": "b", "interval_usec": 10_000_000,
                     "cpu_usage_usec": 320_000_000, "node_cpu_cores": 8.0});
    asked.append("pod", vec![(5, row)]).await;
    let first = |values: Vec<Option<f64>>| values[0].unwrap();
    for filters in [
        json!({"pod": "pod-b"}),
        json!({"namespace": "shop", "workload": "web", "pod": {"not": "pod-a"}}),
    ] {
        let found = asked.millicores(json!({"filters": filters})).await;
        // In the first five minutes 2 cores, and 32 for ten seconds, of which there is a mean over the first minute.
        assert!(first(found[0].1.clone()) > 2500.0, "{found:?}");
    }
    let found = asked.millicores(json!({"group_by": ["pod"]})).await;
    let pods: Vec<_> = found
        .iter()
        .map(|(labels, _)| labels[0].as_deref())
        .collect();
    assert_eq!(
        pods,
        [Some("pod-a"), Some("pod-b"), Some("pod-s"), Some("pod-x")]
    );
    asked.store.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lines_and_entities_by_what_pods_are_called() {
    let mut asked = Asked::new().await;
    seed(&mut asked).await;
    let line = |uid: &str, message: &str| {
        json!({"cluster": "c", "node": "n", "namespace": "shop", "pod": format!("pod-{uid}"), "pod_uid": uid,
               "container": "main", "file": format!("/{uid}"), "offset": 0, "message": message})
    };
    let lines = vec![
        (100, line("a", "early")),
        (400, line("a", "late")),
        (400, line("b", "other")),
    ];
    asked.append("log", lines).await;
    for (filters, expected) in [
        (json!({"label.example.com/track": "blue"}), vec!["early"]),
        (
            json!({"label.example.com/track": "green"}),
            vec!["late", "other"],
        ),
        (json!({"service": "all"}), vec!["early", "late"]),
        (json!({"workload": {"not": "web"}}), vec![]),
    ] {
        let found = asked.lines(json!({"filters": filters})).await;
        assert_eq!(messages(&found), expected, "{filters}");
    }

    // The same in the language, and what can be counted.
    for (text, expected) in [
        ("service:all", vec!["early", "late"]),
        (
            "service:fr* -label.example.com/track:blue",
            vec!["late", "other"],
        ),
        ("label.app:web early", vec!["early"]),
        (
            "workload:web,db workload_kind:/^Deploy/",
            vec!["early", "late", "other"],
        ),
        ("-workload:*", vec![]),
        ("service:*", vec!["early", "late", "other"]),
    ] {
        let found = asked.lines(json!({"query": text})).await;
        assert_eq!(messages(&found), expected, "{text}");
    }
    let facets = ["workload", "service", "label.example.com/track"];
    let found = asked.lines(json!({"facets": facets})).await;
    let values = |facet: &str| {
        let listed = found["facets"][facet]["values"].as_array().unwrap();
        let pairs = listed.iter();
        let pairs = pairs.map(|v| (v["value"].as_str().unwrap(), v["count"].as_u64().unwrap()));
        pairs.collect::<Vec<_>>()
    };
    assert_eq!(values("workload"), [("web", 3)]);
    assert_eq!(values("service"), [("front", 3), ("all", 2)]);
    assert_eq!(
        values("label.example.com/track"),
        [("green", 2), ("blue", 1)]
    );
    for (request, words) in [
        (json!({"query": "service:/a/"}), "write service with *"),
        (json!({"query": "workload:>3"}), "has no order"),
        (json!({"facets": ["workloud"]}), "did you mean 'workload'"),
    ] {
        let request = LogsRequest::from_json(request.to_string().as_bytes()).unwrap();
        let fault = asked
            .query
            .logs(request, NOW)
            .await
            .unwrap_err()
            .to_string();
        assert!(fault.contains(words), "{fault}");
    }

    asked.query.learn_names().await.unwrap();
    let request =
        EntitiesRequest::from_pairs(table("pod"), [("service", "front"), ("label.app", "!x")])
            .unwrap();
    let answer = asked.query.entities("pod", &request, NOW).unwrap();
    let ids: Vec<&str> = answer.entities.iter().map(|e| e.id.as_str()).collect();
    assert_eq!(ids, ["c/n/a", "c/n/b"]);
    assert_eq!(
        json!(answer.entities[0].known_as),
        json!({"workload_kind": "Deployment", "workload": "web", "services": ["all", "front"],
               "labels": {"app": "web", "example.com/track": "green"}})
    );
    asked.store.shutdown().await;
}

#[tokio::test]
async fn names_that_there_are_not_are_told_of() {
    let asked = Asked::new().await;
    for (request, words) in [
        (
            json!({"entity": "pod", "metric": "pod_cpu_usage_total", "group_by": ["worklod"]}),
            "did you mean 'workload'",
        ),
        (
            json!({"entity": "node", "metric": "node_cpu_usage_total", "filters": {"workload": "a"}}),
            "not about a pod",
        ),
        (
            json!({"entity": "pod", "metric": "pod_cpu_usage_total", "group_by": ["label."]}),
            "no column 'label.'",
        ),
    ] {
        let request = MetricsRequest::from_json(request.to_string().as_bytes()).unwrap();
        let fault = asked
            .query
            .metrics(request, NOW)
            .await
            .unwrap_err()
            .to_string();
        assert!(fault.contains(words), "{fault}");
    }
}
