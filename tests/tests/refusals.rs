//! Bad input: each gets its code, and nothing of it is stored.
#![allow(clippy::unwrap_used)]

use std::time::Duration;

use arrow::array::{ArrayRef, Int64Array, RecordBatch};
use arrow::datatypes::{DataType, Field, Schema};
use catalogue::tables::NODE;
use catalogue::{SCHEMA_VERSION, SCHEMA_VERSION_KEY};
use kansoku_tests::{Answer, Daemon, Frame, Http, rows_of, wait_until};
use serde_json::{Value, json};
use wire::{AgentId, Encoding};

fn now_usec() -> i64 {
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap();
    i64::try_from(now.as_micros()).unwrap()
}

fn row() -> Value {
    json!({"time": now_usec(), "node": "n1", "cpu_usage_usec": 5})
}

/// A server, and an agent that it has never heard of.
fn server() -> (tempfile::TempDir, Daemon, Http) {
    let data = tempfile::tempdir().unwrap();
    let mut server = Daemon::server(data.path(), &[]);
    let http = server.ready();
    (data, server, http)
}

fn refused(answer: &Answer, status: u16, code: &str) -> Value {
    assert_eq!(answer.status, status, "{code}: {}", answer.text());
    assert_eq!(
        answer.header("content-type"),
        Some("application/problem+json"),
        "{code}"
    );
    let problem = answer.json();
    assert_eq!(problem["code"], code, "{problem}");
    assert_eq!(problem["status"], status, "{problem}");
    for member in ["type", "title", "detail"] {
        assert!(
            problem[member]
                .as_str()
                .is_some_and(|text| !text.is_empty()),
            "{member}: {problem}"
        );
    }
    problem
}

/// The row's batch with another schema.
fn with_column(name: &str, version: u32) -> Vec<u8> {
    let batch = rows_of(&NODE, &[row()]);
    let mut fields: Vec<_> = batch.schema().fields().iter().cloned().collect();
    fields.push(Field::new(name, DataType::Int64, true).into());
    let metadata = [(SCHEMA_VERSION_KEY.to_owned(), version.to_string())].into();
    let mut columns = batch.columns().to_vec();
    columns.push(std::sync::Arc::new(Int64Array::from(vec![1])) as ArrayRef);
    let schema = std::sync::Arc::new(Schema::new_with_metadata(fields, metadata));
    wire::encode(
        &[RecordBatch::try_new(schema, columns).unwrap()],
        Encoding::Zstd,
    )
    .unwrap()
}

#[test]
fn frames_that_cannot_be_taken_say_why_and_leave_nothing() {
    let (_data, server, http) = server();
    let agent = AgentId::random();
    let good = Frame::new(agent, &NODE, 1, &[row()]);
    let with = |change: &dyn Fn(&mut Frame)| {
        let mut frame = good.clone();
        change(&mut frame);
        frame.send(&http)
    };

    refused(
        &with(&|f| f.table = "nodes".to_owned()),
        404,
        "unknown_table",
    );
    refused(
        &with(&|f| f.table = "alarm_history".to_owned()),
        403,
        "own_table",
    );
    refused(
        &with(&|f| f.body = b"not an arrow stream".to_vec()),
        400,
        "malformed_frame",
    );
    refused(
        &with(&|f| f.body.truncate(f.body.len() / 2)),
        400,
        "malformed_frame",
    );
    refused(&with(&|f| f.oldest = 5), 400, "malformed_header");
    let negative = json!({"time": now_usec(), "node": "n1", "cpu_usage_usec": -5});
    let problem = refused(
        &Frame::new(agent, &NODE, 1, &[negative]).send(&http),
        422,
        "schema_mismatch",
    );
    assert!(
        problem["detail"]
            .as_str()
            .unwrap()
            .contains("cpu_usage_usec"),
        "{problem}"
    );
    let future = json!({"time": now_usec() + 400 * 86_400 * 1_000_000, "node": "n1"});
    refused(
        &Frame::new(agent, &NODE, 1, &[future]).send(&http),
        422,
        "schema_mismatch",
    );
    refused(
        &with(&|f| f.body = with_column("invented", SCHEMA_VERSION)),
        422,
        "schema_mismatch",
    );
    let skipped = refused(
        &with(&|f| (f.sequence, f.oldest) = (3, 1)),
        409,
        "out_of_order",
    );
    assert_eq!(skipped["expected"], 1);

    let headers = [("content-type", "application/vnd.apache.arrow.stream")];
    refused(
        &http.send("POST", "/ingest/node", &headers, &good.body),
        400,
        "malformed_header",
    );
    refused(
        &http.send(
            "POST",
            "/ingest/node",
            &[("content-type", "text/plain")],
            b"x",
        ),
        400,
        "malformed_header",
    );
    refused(&http.get("/ingest/node"), 405, "method_not_allowed");

    assert_eq!(
        http.sql("SELECT count(*) AS n FROM node")[0]["n"],
        0,
        "{}",
        server.said()
    );
    let answer = good.send(&http);
    // The server has never had a report of this agent.
    assert_eq!(
        (answer.status, answer.json()),
        (200, json!({"stored": 1, "report_wanted": true}))
    );
    let again = good.send(&http);
    assert_eq!(
        (again.status, again.json()),
        (
            200,
            json!({"stored": 0, "duplicate": true, "last": 1, "report_wanted": true})
        )
    );
    assert_eq!(http.sql("SELECT count(*) AS n FROM node")[0]["n"], 1);
}

#[test]
fn frames_above_the_bounds_are_refused() {
    let data = tempfile::tempdir().unwrap();
    let mut server = Daemon::server(data.path(), &["--set", "server.ingest.max_body=1MiB"]);
    let http = server.ready();
    let mut frame = Frame::new(AgentId::random(), &NODE, 1, &[row()]);
    frame.body = vec![0; (1 << 20) + 1];
    refused(&frame.send(&http), 413, "too_large");
    // 4 GiB of zeros in a few hundred kilobytes.
    frame.body = zeros();
    assert!(frame.body.len() < 1 << 20);
    refused(&frame.send(&http), 413, "too_large");
}

/// A zstd stream (RFC 8878) of 4 GiB of zeros: a header without a size, then RLE blocks of 128 KiB.
fn zeros() -> Vec<u8> {
    let block: u32 = 128 << 10;
    let mut stream = vec![0x28, 0xB5, 0x2F, 0xFD, 0x00, 0x38];
    let blocks: u32 = 32 << 10;
    for at in 1..=blocks {
        let last = u32::from(at == blocks);
        let header = last | 1 << 1 | block << 3;
        stream.extend_from_slice(&header.to_le_bytes()[..3]);
        stream.push(0);
    }
    stream
}

/// An agent that is newer than the server is served: what the server knows is stored, what it does not is named.
#[test]
fn a_newer_schema_is_taken_without_its_new_columns() {
    let (_data, _server, http) = server();
    let mut frame = Frame::new(AgentId::random(), &NODE, 1, &[row()]);
    frame.body = with_column("from_the_future", SCHEMA_VERSION + 1);
    let answer = frame.send(&http);
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(
        answer.json(),
        json!({"stored": 1, "report_wanted": true, "ignored_columns": ["from_the_future"]})
    );
    assert_eq!(http.sql("SELECT cpu_usage_usec AS n FROM node")[0]["n"], 5);
    let metrics = http.get("/metrics").text();
    assert!(
        metrics.contains("kansoku_ingest_ignored_columns_total{table=\"node\"} 1"),
        "{metrics}"
    );
}

#[test]
fn questions_that_make_no_sense_are_answered_with_the_place_of_the_fault() {
    let (_data, _server, http) = server();
    let json = [("content-type", "application/json")];
    let send = |path: &str, body: &str| http.send("POST", path, &json, body.as_bytes());

    let problem = refused(
        &send("/api/sql", "{\"sql\": \"SELECT 1\",\n \"format\" x}"),
        400,
        "invalid_request",
    );
    assert_eq!(problem["position"], json!({"line": 2, "column": 11}));
    let problem = refused(
        &send("/api/sql", r#"{"sql": "SELECT 1\nFROM node WHERE )"}"#),
        400,
        "sql_syntax",
    );
    assert_eq!(problem["position"]["line"], 2, "{problem}");
    refused(
        &send("/api/sql", r#"{"sql": "DROP TABLE node"}"#),
        400,
        "sql_refused",
    );
    refused(
        &send("/api/sql", r#"{"sql": "SELECT * FROM nodes"}"#),
        400,
        "unknown_table",
    );
    refused(
        &send("/api/sql", r#"{"sql": "SELECT no_such FROM node"}"#),
        400,
        "unknown_column",
    );
    refused(
        &send(
            "/api/metrics",
            r#"{"entity": "node", "metric": "node_cpu_utilisation"}"#,
        ),
        400,
        "unknown_metric",
    );
    refused(
        &send("/api/metrics", r#"{"entity": "ship", "metric": "x"}"#),
        400,
        "unknown_entity",
    );
    refused(&http.get("/api/entities/ship"), 404, "unknown_entity");
    // The server answers before it has read all of it and closes; the answer may be lost with the connection.
    let large = "x".repeat(2 << 20);
    let answer = wait_until(Duration::from_secs(10), || {
        http.try_send("POST", "/api/sql", &json, large.as_bytes())
    });
    refused(&answer.unwrap(), 413, "too_large");
    refused(
        &http.send("POST", "/api/sql", &[("content-type", "text/plain")], b"{}"),
        415,
        "unsupported_media_type",
    );
    let answer = http.get("/api/sql");
    refused(&answer, 405, "method_not_allowed");
    assert_eq!(answer.header("allow"), Some("POST"));
    refused(&http.get("/api/no/such/thing"), 404, "not_found");
    refused(
        &http.send("GET", "/api/status", &[("host", "evil.example")], b""),
        421,
        "host_not_allowed",
    );
    refused(
        &http.send("PUT", "/api/agents/node-1", &json, b"{}"),
        400,
        "invalid_request",
    );
    let agent = format!("/api/agents/{}", AgentId::random());
    refused(
        &http.send("PUT", &agent, &json, b"[1]"),
        400,
        "invalid_request",
    );
    refused(
        &http.send("PUT", &agent, &json, &vec![b' '; 2 << 20]),
        413,
        "too_large",
    );
}
