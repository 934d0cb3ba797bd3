//! The document and the handlers say the same.
#![allow(clippy::unwrap_used)]

mod support;

use std::collections::BTreeSet;

use serde_json::Value;
use support::schema::faults;
use support::{Answer, Server, ask, frame, node_row, server};
use wire::AgentId;

/// The document, every operation with its method and path.
async fn document(server: &Server) -> (Value, Vec<(String, String, Value)>) {
    let answer = server.get("/api/openapi.json").await;
    assert_eq!(answer.status, 200);
    let document = answer.json();
    let mut operations = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            operations.push((method.to_uppercase(), path.clone(), operation.clone()));
        }
    }
    (document, operations)
}

/// The schema that the operation promises for an answer's status and media type.
fn promised<'o>(operation: &'o Value, answer: &Answer) -> Option<&'o Value> {
    let responses = &operation["responses"];
    let exact = &responses[answer.status.to_string()];
    let range = &responses[format!("{}XX", answer.status / 100)];
    let response = if exact.is_null() { range } else { exact };
    assert!(
        !response.is_null(),
        "status {} is not described: {operation}",
        answer.status
    );
    let content = response.get("content")?;
    let media_type = answer
        .header("content-type")
        .unwrap_or_default()
        .split(';')
        .next()
        .unwrap_or_default();
    let described = &content[media_type];
    assert!(
        !described.is_null(),
        "{media_type} is not described for {}",
        answer.status
    );
    Some(&described["schema"])
}

fn holds(document: &Value, operation: &Value, answer: &Answer) {
    let Some(schema) = promised(operation, answer) else {
        assert!(answer.body.is_empty(), "a body that is not described");
        return;
    };
    if answer
        .header("content-type")
        .is_some_and(|t| t.contains("json"))
    {
        let faults = faults(document, schema, &answer.json());
        assert!(
            faults.is_empty(),
            "{}: {faults:#?}\n{}",
            operation["operationId"],
            answer.json()
        );
    }
}

/// The path with the examples of its parameters.
fn example_path(path: &str, operation: &Value) -> String {
    let mut path = path.to_owned();
    let mut query = Vec::new();
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        let Some(example) = parameter.get("example") else {
            continue;
        };
        let example = example
            .as_str()
            .map_or_else(|| example.to_string(), str::to_owned);
        let name = parameter["name"].as_str().unwrap();
        match parameter["in"].as_str().unwrap() {
            "path" => path = path.replace(&format!("{{{name}}}"), &example),
            "query" => query.push(format!("{name}={example}")),
            _ => {}
        }
    }
    assert!(
        !path.contains('{'),
        "a path parameter has no example: {path}"
    );
    if query.is_empty() {
        path
    } else {
        format!("{path}?{}", query.join("&"))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn routes_and_operations_are_the_same() {
    let server = server().await;
    let (_, operations) = document(&server).await;
    let described: BTreeSet<_> = operations
        .into_iter()
        .map(|(method, path, _)| (method, path))
        .collect();
    let routed: BTreeSet<_> = server::routes()
        .into_iter()
        .map(|(method, path)| (method.to_string(), path.to_owned()))
        .collect();
    assert_eq!(described, routed);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_example_is_answered_as_described() {
    let server = server().await;
    server.one_node().await;
    server.one_line().await;
    server.alarms_of_examples().await;
    let (document, operations) = document(&server).await;
    for (method, path, operation) in &operations {
        let path = example_path(path, operation);
        let body = &operation["requestBody"]["content"];
        if path == "/api/logs/tail" {
            // It has no end while the store is open: it has a test of its own.
            continue;
        }
        if path == "/api/silences/1" || path == "/api/receivers/team-mail/test" {
            // What is there has another name in each run; tests/alarms.rs has them.
            continue;
        }
        let answer = match body.as_object().and_then(|types| types.iter().next()) {
            Some((media_type, described)) if media_type == "application/json" => {
                let example = &described["example"];
                let faults = faults(&document, &described["schema"], example);
                assert!(faults.is_empty(), "the example of {path}: {faults:?}");
                ask(
                    &server.router,
                    method,
                    &path,
                    &[("content-type", "application/json")],
                    example.to_string(),
                )
                .await
            }
            Some(_) => {
                let rows = frame(&catalogue::tables::NODE, &[node_row()]);
                server.ingest("node", AgentId::random(), 1, rows).await
            }
            None => ask(&server.router, method, &path, &[], "").await,
        };
        assert!(
            answer.status < 300,
            "{method} {path}: {} {}",
            answer.status,
            String::from_utf8_lossy(&answer.body)
        );
        holds(&document, operation, &answer);
    }
    let sources = server.get("/api/sources").await.json();
    assert_eq!(
        sources["sources"][0]["path"], "/proc/stat",
        "the example of the report is shown: {sources}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tail_is_answered_as_described() {
    let server = server().await;
    let (document, operations) = document(&server).await;
    let (method, path, operation) = operations
        .iter()
        .find(|(_, path, _)| path == "/api/logs/tail")
        .unwrap();
    let described = &operation["requestBody"]["content"]["application/json"];
    let example = &described["example"];
    assert!(faults(&document, &described["schema"], example).is_empty());
    // It ends with the store.
    server.store.shutdown().await;
    let json = [("content-type", "application/json")];
    let answer = ask(&server.router, method, path, &json, example.to_string()).await;
    assert_eq!(answer.status, 200);
    holds(&document, operation, &answer);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_format_of_rows_is_as_described() {
    let server = server().await;
    server.one_node().await;
    let (document, operations) = document(&server).await;
    let (.., operation) = operations
        .iter()
        .find(|(_, path, _)| path == "/api/sql")
        .unwrap();
    for format in ["json", "csv", "arrow"] {
        let body = serde_json::json!({"sql": "SELECT node FROM node", "format": format});
        let answer = server.post("/api/sql", &body).await;
        assert_eq!(answer.status, 200);
        holds(&document, operation, &answer);
        assert!(answer.body.windows(6).any(|w| w == b"node-1"), "{format}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_are_as_described() {
    let server = server().await;
    let (document, operations) = document(&server).await;
    for (method, path, operation) in &operations {
        if operation.get("requestBody").is_none() {
            continue;
        }
        let path = example_path(path, operation);
        for content_type in [
            "application/json",
            "application/vnd.apache.arrow.stream",
            "text/plain",
        ] {
            let answer = ask(
                &server.router,
                method,
                &path,
                &[("content-type", content_type)],
                "{",
            )
            .await;
            assert!(
                (400..500).contains(&answer.status),
                "{method} {path} as {content_type}: {}",
                answer.status
            );
            holds(&document, operation, &answer);
        }
    }
    let (.., operation) = operations
        .iter()
        .find(|(_, path, _)| path == "/api/entities/{type}")
        .unwrap();
    for path in [
        "/api/entities/ship",
        "/api/entities/node?limit=x",
        "/api/entities/node?no_such=1",
    ] {
        let answer = server.get(path).await;
        assert!(
            (400..500).contains(&answer.status),
            "{path}: {}",
            answer.status
        );
        holds(&document, operation, &answer);
    }
}

#[tokio::test]
async fn what_needs_the_store_waits_for_it_and_says_so() {
    let (router, _state) =
        support::starting(server::Settings::default(), server::Tokens::default());
    let json = [("content-type", "application/json")];
    for (method, path, headers, body, status) in [
        ("GET", "/healthz", &[][..], "", 200),
        ("GET", "/metrics", &[], "", 200),
        ("GET", "/api/sources", &[], "", 200),
        ("GET", "/readyz", &[], "", 503),
        ("GET", "/api/status", &[], "", 503),
        ("GET", "/api/entities/node", &[], "", 503),
        ("POST", "/api/sql", &json, r#"{"sql": "SELECT 1"}"#, 503),
        ("POST", "/ingest/node", &[], "", 503),
        ("POST", "/api/logs", &json, "{}", 503),
        ("POST", "/api/logs/tail", &json, "{}", 503),
        ("POST", "/api/logs/ledger", &json, "{}", 503),
        ("GET", "/api/logs/usage", &[], "", 503),
        ("GET", "/api/alarms", &[], "", 503),
        ("GET", "/api/alarms/a", &[], "", 503),
        ("PUT", "/api/alarms/a", &json, "{}", 503),
        ("DELETE", "/api/alarms/a", &[], "", 503),
        ("POST", "/api/alarms/a/disable", &[], "", 503),
        (
            "POST",
            "/api/alarms/check",
            &json,
            r#"{"definition": {}}"#,
            503,
        ),
        (
            "POST",
            "/api/alarms/replay",
            &json,
            r#"{"definition": {}}"#,
            503,
        ),
        ("GET", "/api/alarm-history", &[], "", 503),
        ("GET", "/api/silences", &[], "", 503),
        ("GET", "/api/receivers", &[], "", 503),
        ("GET", "/api/deliveries", &[], "", 503),
    ] {
        let answer = ask(&router, method, path, headers, body).await;
        assert_eq!(answer.status, status, "{method} {path}");
        if status == 503 {
            assert_eq!(answer.json()["code"], "not_ready", "{path}");
            assert!(answer.header("retry-after").is_some(), "{path}");
        }
    }
}
