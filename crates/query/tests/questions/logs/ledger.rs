use catalogue::tables::LOG_LEDGER;
use query::LedgerRequest;
use serde_json::{Value, json};

use super::{Logs, NOW, Row, line};

const TEN_SECONDS: i64 = 10_000_000;

fn row(pod: &str, tick: i64, more: Value) -> Row {
    let mut row = json!({
        "interval_usec": TEN_SECONDS, "cluster": "c", "node": "node-1", "log_source": format!("shop/{pod}/uid-{pod}/app"),
        "namespace": "shop", "pod": pod, "pod_uid": format!("uid-{pod}"), "container": "app",
        "log_written_bytes": 100, "log_read_bytes": 90, "log_entries": 3, "log_spooled_entries": 3,
        "log_acknowledged_entries": 2, "log_unread_bytes": tick, "log_waiting_entries": 7,
    });
    row.as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    (tick * TEN_SECONDS, row)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_became_of_each_log() {
    let logs = Logs::new().await;
    let mut rows = Vec::new();
    for tick in 0..60 {
        let lost = match tick {
            6..=11 => json!({"log_lost_bytes": 5}),
            12 => json!({"log_lost_bytes": 1, "log_limited_entries": 2}),
            30 => json!({"log_lost_bytes": 9}),
            _ => json!({}),
        };
        rows.push(row("a", tick, lost));
        rows.push(row("b", tick, json!({})));
    }
    logs.write_to(&LOG_LEDGER, 1, &rows).await;
    let written: Vec<Row> = (0..50)
        .map(|n| line(if n < 40 { "a" } else { "b" }, n, n * TEN_SECONDS, "x"))
        .collect();
    logs.write(&written).await;
    for flushed in [false, true] {
        if flushed {
            logs.store.flush().await.unwrap();
        }
        let request = json!({"start": "2026-11-23T10:00:00Z", "end": "2026-11-23T10:10:00Z", "period_seconds": 60,
            "filters": {"log_source": "shop/a/*"}});
        let request = LedgerRequest::from_json(request.to_string().as_bytes()).unwrap();
        let answer = logs.query.ledger(request, NOW).await.unwrap();
        let answer = serde_json::to_value(&answer).unwrap();
        assert_eq!(
            answer["sources"],
            json!([{
                "log_source": "shop/a/uid-a/app", "cluster": "c", "node": "node-1", "namespace": "shop", "pod": "a",
                "pod_uid": "uid-a", "container": "app", "written_bytes": 6000, "read_bytes": 5400, "skipped_bytes": 0,
                "lost_bytes": 40, "entries": 180, "excluded": 0, "limited": 2, "refused": 0, "spooled": 180,
                "acknowledged": 120, "stored": 40, "truncated": 0, "invalid": 0, "malformed": 0, "redacted": 0,
                "unread_bytes": 59, "held_bytes": 0, "waiting": 7,
            }])
        );
        let band = |start: &str, end: &str, kind: &str, bytes: i64, entries: i64| {
            json!({"log_source": "shop/a/uid-a/app", "node": "node-1", "namespace": "shop", "pod": "a", "container": "app",
                "start": format!("2026-11-23T10:{start}:00.000000000Z"), "end": format!("2026-11-23T10:{end}:00.000000000Z"),
                "kind": kind, "bytes": bytes, "entries": entries})
        };
        assert_eq!(
            answer["bands"],
            json!([
                band("01", "03", "lost", 31, 0),
                band("02", "03", "limited", 0, 2),
                band("05", "06", "lost", 9, 0),
            ])
        );
    }
    let all = LedgerRequest::from_json(b"{}").unwrap();
    let answer = logs.query.ledger(all, NOW).await.unwrap();
    let stored: Vec<_> = answer
        .sources
        .iter()
        .map(|s| (s.pod.as_deref(), s.stored))
        .collect();
    assert_eq!(stored, [(Some("a"), 40), (Some("b"), 10)]);
    logs.store.shutdown().await;
}
