//! Questions over a real store: rows go in as an agent sends them, and are asked for in memory and from files.

use std::sync::Arc;

use query::{EntitiesRequest, Limits, MetricsRequest, Query, SqlRequest};
use serde_json::{Value, json};
use store::{Append, Clock, Store, StoreConfig};

use crate::held::{TEN, batch, table};

const NOW: i64 = (TEN + 1800) * 1_000_000;

async fn append(store: &Store, agent: wire::AgentId, sequence: u64, rows: Vec<(i64, Value)>) {
    let table = table("container");
    let batch = batch(&table.schema(), rows);
    let body = wire::encode(std::slice::from_ref(&batch), wire::Encoding::Zstd).unwrap();
    let append = Append {
        agent,
        table,
        sequence,
        oldest: None,
        encoding: wire::Encoding::Zstd,
        body: body.into(),
        batches: vec![batch],
    };
    store.append(append).await.unwrap();
}

/// Twenty minutes, a row every ten seconds; `a` uses a core, `b` two.
fn rows(from: i64, until: i64) -> Vec<(i64, Value)> {
    let row = |id: &str, cores: i64, at: i64| {
        json!({"cluster": "c", "node": "n", "namespace": "shop", "pod": format!("pod-{id}"), "container": id,
               "container_id": id, "container_kind": "container", "interval_usec": 10_000_000,
               "cpu_usage_usec": cores * 10_000_000, "memory_usage_bytes": at, "node_cpu_cores": 4.0})
    };
    (from..until)
        .step_by(10)
        .flat_map(|at| [(at, row("a", 1, at)), (at, row("b", 2, at))])
        .collect()
}

async fn check(query: &Query, files: bool) {
    let request = json!({"entity": "container", "start": "2026-11-23T10:00:00Z", "end": "2026-11-23T10:20:00Z",
    "group_by": ["container"], "filters": {"pod": "pod-*"}, "period_seconds": 300, "metrics": [
        {"metric": "container_cpu_utilization"},
        {"metric": "cpu_usage_usec", "statistic": "Sum"},
        {"metric": "memory_usage_bytes", "statistic": "Maximum"},
        {"metric": "memory_usage_bytes", "statistic": "SampleCount"},
    ]});
    let request = MetricsRequest::from_json(request.to_string().as_bytes()).unwrap();
    let answer = query.metrics(request, NOW).await.unwrap();
    let values: Vec<Vec<f64>> = answer
        .series
        .iter()
        .map(|s| s.values.iter().map(|v| v.unwrap()).collect())
        .collect();
    assert_eq!(
        values,
        [
            vec![25.0; 4],
            vec![300e6; 4],
            vec![290.0, 590.0, 890.0, 1190.0],
            vec![5.0; 4],
            vec![50.0; 4],
            vec![600e6; 4],
            vec![290.0, 590.0, 890.0, 1190.0],
            vec![5.0; 4],
        ]
    );
    assert_eq!(answer.stats.files > 0, files, "{:?}", answer.stats);

    for (sql, expected) in [
        ("SELECT count(*) AS n, sum(cpu_usage_usec) AS cpu FROM container", json!([{"n": 240, "cpu": 3_600_000_000_i64}])),
        ("SELECT sum(samples) AS n FROM container_1m WHERE pod = 'pod-a'", json!([{"n": 120}])),
        (
            "SELECT container, count(*) AS n FROM container WHERE time >= '2026-11-23T10:10:00Z' AND container LIKE 'b%'
             GROUP BY container",
            json!([{"container": "b", "n": 60}]),
        ),
        ("SELECT container FROM container_now ORDER BY container", json!([{"container": "a"}, {"container": "b"}])),
    ] {
        let body = query.sql(SqlRequest::new(sql)).await.unwrap().collect().await.unwrap();
        let answer: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(answer["rows"], expected, "{sql}");
    }

    let request = EntitiesRequest {
        sort: Some("-cpu_usage_usec".into()),
        ..EntitiesRequest::default()
    };
    let answer = query
        .entities("container", &request, (TEN + 1200) * 1_000_000)
        .unwrap();
    let ids: Vec<&str> = answer.entities.iter().map(|e| e.id.as_str()).collect();
    assert_eq!(ids, ["c/n/b", "c/n/a"]);
    assert_eq!(answer.entities[0].time, "2026-11-23T10:19:50.000000000Z");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_answers_from_memory_and_from_files() {
    let folder = tempfile::tempdir().unwrap();
    let config = StoreConfig::in_folder(folder.path()).unwrap();
    let store = Arc::new(
        Store::open_with_clock(config, Clock::from_fn(|| NOW))
            .await
            .unwrap(),
    );
    let agent = wire::AgentId::random();
    append(&store, agent, 1, rows(0, 600)).await;
    append(&store, agent, 2, rows(600, 1200)).await;
    let tables: Arc<dyn query::Tables> = Arc::clone(&store) as _;
    let query = Query::new(
        tables,
        Limits {
            threads: 2,
            ..Limits::default()
        },
    )
    .unwrap();
    check(&query, false).await;
    store.flush().await.unwrap();
    check(&query, true).await;
    store.tend().await.unwrap();
    check(&query, true).await;
    store.shutdown().await;
}
