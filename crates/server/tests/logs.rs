//! Logs by HTTP: lines and counts, their faults, live tails, the ledger, what namespaces take.
#![allow(clippy::unwrap_used)]

mod support;

use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use catalogue::tables::{LOG, LOG_LEDGER};
use futures::StreamExt;
use serde_json::{Value, json};
use support::{Server, ask, frame, server};
use tower::ServiceExt;
use wire::AgentId;

const PATIENCE: Duration = Duration::from_secs(60);

fn now_usec() -> i64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    i64::try_from(now.unwrap().as_micros()).unwrap()
}

fn row(n: i64, message: &str) -> Value {
    json!({
        "time": now_usec() - 60_000_000 + n * 1000, "cluster": "c", "node": "node-1", "namespace": "shop", "pod": "web-1",
        "pod_uid": "u", "container": "app", "container_id": "id", "stream": "stdout", "file": "/0.log",
        "offset": n * 10, "sequence": n + 1, "level": "info", "message": message,
    })
}

async fn write(server: &Server, agent: AgentId, sequence: u64, rows: &[Value]) {
    let answer = server
        .ingest("log", agent, sequence, frame(&LOG, rows))
        .await;
    assert_eq!(
        answer.status,
        200,
        "{}",
        String::from_utf8_lossy(&answer.body)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_counts_and_the_next_page() {
    let server = server().await;
    let rows: Vec<Value> = (0..5).map(|n| row(n, &format!("GET /items/{n}"))).collect();
    write(&server, AgentId::random(), 1, &rows).await;
    let mut request =
        json!({"query": "get", "limit": 2, "histogram": {}, "facets": ["pod"], "patterns": {}});
    let answer = server.post("/api/logs", &request).await;
    assert_eq!(
        answer.status,
        200,
        "{}",
        String::from_utf8_lossy(&answer.body)
    );
    let answer = answer.json();
    let lines = answer["lines"].as_array().unwrap();
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0]["message"], "GET /items/4");
    assert_eq!(lines[0]["pod"], "web-1");
    assert_eq!(
        lines[0].get("truncated_bytes"),
        None,
        "what is null is left out"
    );
    assert_eq!(lines[0].get("anchor"), None);
    assert_eq!(answer["patterns"][0]["pattern"], "GET /items/<*>");
    assert_eq!(
        answer["facets"]["pod"]["values"],
        json!([{"value": "web-1", "count": 5}])
    );
    assert_eq!(answer["stats"]["matched_rows"], 5);
    request = json!({"query": "get", "limit": 3, "after": answer["next"]});
    let answer = server.post("/api/logs", &request).await.json();
    let messages: Vec<_> = answer["lines"]
        .as_array()
        .unwrap()
        .iter()
        .map(|l| &l["message"])
        .collect();
    assert_eq!(messages, ["GET /items/2", "GET /items/1", "GET /items/0"]);
    let context = json!({"context": {"around": answer["lines"][0]["id"], "before": 1, "after": 1}});
    let answer = server.post("/api/logs", &context).await.json();
    assert_eq!(answer["lines"][1]["anchor"], true);
    assert_eq!(answer["lines"].as_array().unwrap().len(), 3);
    assert_eq!(answer["next"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fault_of_the_language_has_its_place() {
    let server = server().await;
    for path in ["/api/logs", "/api/logs/tail"] {
        let answer = server.post(path, &json!({"query": "a\n (b"})).await;
        assert_eq!(answer.status, 400);
        assert_eq!(
            answer.header("content-type"),
            Some("application/problem+json")
        );
        let problem = answer.json();
        assert_eq!(problem["code"], "invalid_request");
        assert_eq!(
            problem["position"],
            json!({"path": "query", "line": 2, "column": 2})
        );
        let problem = server
            .post(path, &json!({"query": "levl:x namspace:y"}))
            .await
            .json();
        assert_eq!(problem["code"], "unknown_column");
        assert_eq!(problem["nearest"], json!(["namespace"]));
        assert_eq!(problem["position"]["column"], 8);
    }
}

/// The events of a stream, one after the other.
struct Events {
    body: axum::body::BodyDataStream,
    text: String,
}

impl Events {
    async fn open(server: &Server, request: &Value) -> Events {
        let request = Request::post("/api/logs/tail")
            .header("host", "localhost:4780")
            .header("content-type", "application/json")
            .body(Body::from(request.to_string()))
            .unwrap();
        let response = server.router.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        assert_eq!(response.headers()["x-accel-buffering"], "no");
        Events {
            body: response.into_body().into_data_stream(),
            text: String::new(),
        }
    }

    async fn next(&mut self) -> Option<(String, Value)> {
        loop {
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let field = |name: &str| {
                    let line = event.lines().find_map(|line| line.strip_prefix(name));
                    line.map(str::trim).unwrap_or_default().to_owned()
                };
                let (name, data) = (field("event:"), field("data:"));
                self.text = rest.to_owned();
                if !name.is_empty() {
                    return Some((name, serde_json::from_str(&data).unwrap()));
                }
                continue;
            }
            let more = tokio::time::timeout(PATIENCE, self.body.next())
                .await
                .unwrap()?;
            self.text
                .push_str(std::str::from_utf8(&more.unwrap()).unwrap());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tail_tells_of_stored_lines_and_of_those_that_come() {
    let server = server().await;
    let agent = AgentId::random();
    write(&server, agent, 1, &[row(0, "stored"), row(1, "other")]).await;
    let mut events = Events::open(
        &server,
        &json!({"query": "-other", "since": "-1h", "rate": 1}),
    )
    .await;
    let (name, data) = events.next().await.unwrap();
    assert_eq!(
        (name.as_str(), &data["lines"][0]["message"]),
        ("lines", &json!("stored"))
    );
    write(
        &server,
        agent,
        2,
        &[row(2, "first"), row(3, "second"), row(4, "other")],
    )
    .await;
    let (name, data) = events.next().await.unwrap();
    assert_eq!(name, "lines");
    assert_eq!(data["lines"].as_array().unwrap().len(), 1);
    assert_eq!(data["lines"][0]["message"], "first");
    let (name, data) = events.next().await.unwrap();
    assert_eq!(
        (name.as_str(), data),
        ("dropped", json!({"lines": 1, "why": "rate"}))
    );
    server.store.shutdown().await;
    assert_eq!(events.next().await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tail_ends_when_the_server_stops() {
    use std::net::Ipv4Addr;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let server = server().await;
    let listener = server::Listener::bind((Ipv4Addr::LOCALHOST, 0).into())
        .await
        .unwrap();
    let address = listener.address();
    let stop = tokio_util::sync::CancellationToken::new();
    let limits = server::ConnectionLimits {
        finish_time: Duration::from_secs(600),
        ..server::ConnectionLimits::default()
    };
    let serving = tokio::spawn(listener.serve(server.state.clone(), limits, stop.clone()));
    let mut line = tokio::net::TcpStream::connect(address).await.unwrap();
    let head = format!(
        "POST /api/logs/tail HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{{}}"
    );
    line.write_all(head.as_bytes()).await.unwrap();
    let mut begin = [0; 15];
    line.read_exact(&mut begin).await.unwrap();
    assert_eq!(&begin, b"HTTP/1.1 200 OK");
    stop.cancel();
    let mut rest = Vec::new();
    tokio::time::timeout(PATIENCE, line.read_to_end(&mut rest))
        .await
        .unwrap()
        .unwrap();
    assert!(
        rest.ends_with(b"0\r\n\r\n"),
        "the stream is closed in order"
    );
    tokio::time::timeout(PATIENCE, serving)
        .await
        .unwrap()
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_became_of_a_log_and_what_its_namespace_takes() {
    let server = server().await;
    let agent = AgentId::random();
    write(&server, agent, 1, &[row(0, "a"), row(1, "bc")]).await;
    let tick = (now_usec() - 60_000_000) / 10_000_000 * 10_000_000;
    let ledger = json!({
        "time": tick, "interval_usec": 10_000_000, "cluster": "c", "node": "node-1", "log_source": "shop/web-1/u/app",
        "namespace": "shop", "pod": "web-1", "pod_uid": "u", "container": "app", "log_entries": 3,
        "log_limited_entries": 1, "log_read_bytes": 30,
    });
    let answer = server
        .ingest("log_ledger", agent, 1, frame(&LOG_LEDGER, &[ledger]))
        .await;
    assert_eq!(
        answer.status,
        200,
        "{}",
        String::from_utf8_lossy(&answer.body)
    );
    let answer = server
        .post(
            "/api/logs/ledger",
            &json!({"filters": {"namespace": "shop"}}),
        )
        .await
        .json();
    assert_eq!(answer["sources"][0]["log_source"], "shop/web-1/u/app");
    assert_eq!(answer["sources"][0]["entries"], 3);
    assert_eq!(answer["sources"][0]["stored"], 2);
    assert_eq!(answer["bands"][0]["kind"], "limited");
    assert_eq!(answer["bands"][0]["entries"], 1);
    let usage = ask(&server.router, "GET", "/api/logs/usage", &[], Body::empty())
        .await
        .json();
    let shop = &usage["namespaces"][0];
    assert_eq!(
        (&shop["namespace"], &shop["rows"], &shop["bytes_in"]),
        (&json!("shop"), &json!(2), &json!(3))
    );
}
