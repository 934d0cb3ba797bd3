use serde_json::{Value, json};

use super::{Logs, Row, line, lines};

const MINUTE: i64 = 60_000_000;

fn rows() -> Vec<Row> {
    (0..900)
        .map(|n| {
            let pod = ["a", "b", "c"][(n % 3) as usize];
            let message = match n % 4 {
                0 => format!("GET /items/{n} 200 in {}ms", n * 7),
                1 => format!(
                    r#"{{"status": {}, "user": {{"id": "u-{}"}}, "msg": "done"}}"#,
                    200 + n % 2,
                    n % 10
                ),
                2 => format!(
                    "user {} has logged in from the web",
                    ["ada", "bob"][(n / 4 % 2) as usize]
                ),
                _ => "tick".to_owned(),
            };
            let (time, mut row) = line(pod, n, n * 4_000_000, &message);
            if n % 5 == 0 {
                row["level"] = Value::Null;
            }
            (time, row)
        })
        .collect()
}

async fn logs() -> Logs {
    let logs = Logs::new().await;
    let rows = rows();
    logs.write(&rows[..300]).await;
    logs.store.flush().await.unwrap();
    logs.write(&rows[300..700]).await;
    logs.store.flush().await.unwrap();
    logs.write(&rows[700..]).await;
    logs
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_counted_is_what_there_is() {
    let logs = logs().await;
    let answer = logs
        .ask(json!({"histogram": {"buckets": 60}, "facets": ["pod", "level", "json.status", "user.id"],
            "facet_values": 2, "limit": 5}))
        .await;
    let histogram = answer.histogram.as_ref().unwrap();
    assert_eq!(histogram.start, "2026-11-23T10:00:00.000000000Z");
    assert_eq!(
        (histogram.period_seconds, histogram.buckets.len()),
        (60, 60)
    );
    for (minute, bucket) in histogram.buckets.iter().enumerate() {
        let of = |level: Option<&str>| {
            let rows = rows();
            let within = rows.iter().filter(|r| r.0 / MINUTE == minute as i64);
            within.filter(|r| r.1["level"].as_str() == level).count() as u64
        };
        assert_eq!(bucket.total, 15);
        assert_eq!(bucket.levels.get("").copied().unwrap_or(0), of(None));
        assert_eq!(
            bucket.levels.get("warn").copied().unwrap_or(0),
            of(Some("warn"))
        );
    }
    assert_eq!(answer.stats.matched_rows, Some(900));
    assert!(answer.stats.complete);
    assert_eq!(
        serde_json::to_value(&answer.facets).unwrap(),
        json!({
            "pod": {"values": [{"value": "a", "count": 300}, {"value": "b", "count": 300}], "other": 300, "distinct": 3, "missing": 0},
            "level": {"values": [{"value": "error", "count": 240}, {"value": "info", "count": 240}], "other": 240, "distinct": 3, "missing": 180},
            "json.status": {"values": [{"value": "201", "count": 225}], "other": 0, "distinct": 1, "missing": 675},
            "user.id": {"values": [{"value": "u-1", "count": 45}, {"value": "u-3", "count": 45}], "other": 135, "distinct": 5, "missing": 675},
        })
    );
    assert_eq!(lines(&answer)[0].sequence, Some(900));
    logs.store.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn patterns_of_what_fits() {
    let logs = logs().await;
    let answer = logs
        .ask(json!({"query": "-tick", "patterns": {}, "lines": false}))
        .await;
    assert_eq!(answer.page, None);
    assert_eq!(answer.histogram, None);
    let patterns = answer.patterns.unwrap();
    let shown: Vec<_> = patterns
        .iter()
        .map(|p| (p.pattern.as_str(), p.count))
        .collect();
    assert_eq!(
        shown,
        [
            ("GET /items/<*> <*> in <*>ms", 225),
            ("user <*> has logged in from the web", 225),
            (
                r#"{"status": <*>, "user": {"id": "u-<*>"}, "msg": "done"}"#,
                225
            ),
        ]
    );
    assert_eq!(patterns[0].first, "2026-11-23T10:00:00.000000000Z");
    assert_eq!(patterns[0].sample, "GET /items/0 200 in 0ms");
    assert_eq!(patterns[0].trend.iter().sum::<u64>(), 225);
    assert_eq!(patterns[0].trend.len(), 30);
    assert_eq!(answer.stats.matched_rows, Some(675));
    logs.store.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_is_the_same_alone_and_with_counts() {
    let logs = logs().await;
    for query in ["", "user", "level:error", "status:>200"] {
        for order in ["newest", "oldest"] {
            let request = json!({"query": query, "order": order, "limit": 20});
            let alone = logs.ask(request.clone()).await;
            for more in [
                json!({"histogram": {}}),
                json!({"patterns": {}}),
                json!({"facets": ["json.msg"]}),
            ] {
                let mut request = request.clone();
                request
                    .as_object_mut()
                    .unwrap()
                    .extend(more.as_object().unwrap().clone());
                let both = logs.ask(request).await;
                assert_eq!(both.page, alone.page, "{query} {order} {more}");
            }
        }
    }
    logs.store.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_held_is_an_answer() {
    let logs = Logs::new().await;
    let answer = logs
        .ask(json!({"histogram": {}, "facets": ["pod"], "patterns": {}}))
        .await;
    assert!(lines(&answer).is_empty());
    assert_eq!(answer.page.unwrap().next, None);
    assert_eq!(answer.stats.matched_rows, Some(0));
    assert_eq!(answer.histogram.unwrap().buckets.len(), 60);
    assert_eq!(
        logs.ask(json!({"limit": 10})).await.stats.matched_rows,
        Some(0)
    );
    logs.store.shutdown().await;
}
