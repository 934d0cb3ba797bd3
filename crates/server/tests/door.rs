//! What every request passes: hosts, tokens, headers, the page, limits.
#![allow(clippy::unwrap_used)]

mod support;

use std::sync::Arc;
use std::time::Duration;

use server::{ConnectionLimits, Hosts, Limits, Listener, Settings, State, TokenFile, Tokens};
use support::{ask, frame, node_row, server, server_with};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;
use wire::AgentId;

#[tokio::test(flavor = "multi_thread")]
async fn a_name_of_somebody_else_is_not_answered_on_loopback() {
    let server = server().await;
    for (host, status) in [
        ("127.0.0.1:4780", 200),
        ("localhost", 200),
        ("evil.example", 421),
        ("evil.example:4780", 421),
    ] {
        let answer = ask(&server.router, "GET", "/healthz", &[("host", host)], "").await;
        assert_eq!(answer.status, status, "{host}");
    }
    let open = server_with(
        Settings {
            hosts: Hosts::Any,
            ..Settings::default()
        },
        Tokens::default(),
    )
    .await;
    assert_eq!(
        ask(
            &open.router,
            "GET",
            "/healthz",
            &[("host", "evil.example")],
            ""
        )
        .await
        .status,
        200
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn agents_and_people_have_tokens_of_their_own() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, token: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, token).unwrap();
        TokenFile::open(&path).unwrap()
    };
    let (agents, people) = ("agent-token-0123456789", "people-token-0123456789");
    let tokens = Tokens {
        agents: Some(file("a", agents)),
        people: Some(file("p", people)),
    };
    let server = server_with(Settings::default(), tokens).await;
    let status = async |method, path, token: Option<&str>| {
        let authorization = token.map(|token| format!("Bearer {token}"));
        let headers: Vec<_> = authorization
            .as_deref()
            .map(|value| ("authorization", value))
            .into_iter()
            .collect();
        ask(&server.router, method, path, &headers, "").await.status
    };
    for path in [
        "/api/status",
        "/api/sources",
        "/metrics",
        "/api/entities/node",
    ] {
        assert_eq!(status("GET", path, None).await, 401, "{path}");
        assert_eq!(status("GET", path, Some(agents)).await, 401, "{path}");
        assert_eq!(status("GET", path, Some(people)).await, 200, "{path}");
    }
    assert_eq!(status("POST", "/ingest/node", None).await, 401);
    assert_eq!(status("POST", "/ingest/node", Some(people)).await, 401);
    assert_eq!(status("POST", "/ingest/node", Some(agents)).await, 400);
    for path in ["/healthz", "/readyz", "/api/openapi.json"] {
        assert_eq!(status("GET", path, None).await, 200, "{path}");
    }
    let refused = ask(&server.router, "GET", "/api/status", &[], "").await;
    assert!(
        refused
            .header("www-authenticate")
            .unwrap()
            .starts_with("Bearer")
    );
    assert_eq!(refused.json()["code"], "unauthorized");
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_carry_headers_that_keep_browsers_in_check() {
    let server = server().await;
    for path in ["/", "/nodes/n1", "/api/status", "/healthz", "/api/none"] {
        let answer = server.get(path).await;
        assert_eq!(
            answer.header("x-content-type-options"),
            Some("nosniff"),
            "{path}"
        );
        assert_eq!(answer.header("x-frame-options"), Some("DENY"), "{path}");
        assert_eq!(
            answer.header("referrer-policy"),
            Some("no-referrer"),
            "{path}"
        );
        let policy = answer.header("content-security-policy").unwrap();
        assert!(
            policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"),
            "{path}"
        );
        assert!(!policy.contains("unsafe"), "{path}: {policy}");
    }
    assert_eq!(
        server.get("/api/status").await.header("cache-control"),
        Some("no-store")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_in_a_folder_is_served_with_every_view_as_a_path() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("assets")).unwrap();
    std::fs::write(folder.path().join("index.html"), "<!doctype html>index").unwrap();
    std::fs::write(folder.path().join("assets/a-1.js"), "let a").unwrap();
    let settings = Settings {
        page_folder: Some(folder.path().to_owned()),
        ..Settings::default()
    };
    let server = server_with(settings, Tokens::default()).await;
    for path in ["/", "/nodes", "/containers/a%2Fb?range=1h"] {
        let answer = server.get(path).await;
        assert_eq!(
            (answer.status, answer.body.as_slice()),
            (200, &b"<!doctype html>index"[..]),
            "{path}"
        );
        assert_eq!(answer.header("cache-control"), Some("no-cache"));
        let tag = answer.header("etag").unwrap();
        let again = ask(&server.router, "GET", path, &[("if-none-match", tag)], "").await;
        assert_eq!((again.status, again.body.len()), (304, 0));
    }
    let script = server.get("/assets/a-1.js").await;
    assert_eq!(
        script.header("content-type"),
        Some("text/javascript; charset=utf-8")
    );
    assert!(
        script
            .header("cache-control")
            .unwrap()
            .contains("immutable")
    );
    assert_eq!(server.get("/assets/gone-2.js").await.status, 404);
    let written = ask(&server.router, "POST", "/", &[], "").await;
    assert_eq!(
        (written.status, written.header("allow")),
        (405, Some("GET, HEAD"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_are_counted_by_route_and_refusals_by_code() {
    let server = server().await;
    server.get("/api/entities/node").await;
    server.get("/api/entities/ship").await;
    server.get("/some/view").await;
    server
        .ingest(
            "node",
            AgentId::random(),
            1,
            frame(&catalogue::tables::NODE, &[node_row()]),
        )
        .await;
    server
        .ingest("node", AgentId::random(), 1, b"nonsense".to_vec())
        .await;
    let answer = server.get("/metrics").await;
    assert_eq!(
        answer.header("content-type"),
        Some("text/plain; version=0.0.4; charset=utf-8")
    );
    let text = String::from_utf8(answer.body).unwrap();
    for line in [
        "kansoku_http_requests_total{route=\"/api/entities/{type}\",method=\"GET\",status=\"200\"} 1",
        "kansoku_http_requests_total{route=\"/api/entities/{type}\",method=\"GET\",status=\"404\"} 1",
        "kansoku_http_problems_total{code=\"unknown_entity\"} 1",
        "kansoku_http_problems_total{code=\"malformed_frame\"} 1",
        "kansoku_ingest_frames_total{table=\"node\",outcome=\"stored\"} 1",
        "kansoku_ingest_frames_total{table=\"node\",outcome=\"refused\"} 1",
        "kansoku_ingest_rows_total{table=\"node\"} 1",
        "kansoku_ready 1",
    ] {
        assert!(text.lines().any(|l| l == line), "{line}\n{text}");
    }
    assert!(
        !text.contains("/some/view"),
        "paths of callers are no labels"
    );
    for family in ["process_cpu_seconds_total", "process_resident_memory_bytes"] {
        let line = text.lines().find(|l| l.starts_with(family)).unwrap();
        assert!(
            line.rsplit(' ').next().unwrap().parse::<f64>().unwrap() > 0.0,
            "{line}"
        );
    }
}

/// A server on a real port.
async fn listening(
    settings: Settings,
    limits: ConnectionLimits,
) -> (
    std::net::SocketAddr,
    CancellationToken,
    tokio::task::JoinHandle<()>,
) {
    let listener = Listener::bind("127.0.0.1:0".parse().unwrap())
        .await
        .unwrap();
    let (address, stop) = (listener.address(), CancellationToken::new());
    let state = State::new(settings, Tokens::default());
    let serving = tokio::spawn(listener.serve(Arc::clone(&state), limits, stop.clone()));
    (address, stop, serving)
}

async fn read_all(stream: &mut TcpStream) -> String {
    let mut text = Vec::new();
    let read = tokio::time::timeout(Duration::from_secs(10), stream.read_to_end(&mut text));
    read.await
        .expect("the connection stayed open")
        .unwrap_or_default();
    String::from_utf8_lossy(&text).into_owned()
}

#[tokio::test]
async fn a_head_that_does_not_come_is_given_up() {
    let limits = ConnectionLimits {
        head_time: Duration::from_millis(100),
        ..ConnectionLimits::default()
    };
    let (address, _stop, _serving) = listening(Settings::default(), limits).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream
        .write_all(b"GET /healthz HTTP/1.1\r\nHost: local")
        .await
        .unwrap();
    let text = read_all(&mut stream).await;
    assert!(text.is_empty() || text.contains(" 408 "), "{text}");
}

#[tokio::test]
async fn a_body_that_does_not_come_is_given_up() {
    let limits = Limits {
        body_time: Duration::from_millis(100),
        ..Limits::default()
    };
    let settings = Settings {
        limits,
        ..Settings::default()
    };
    let (address, _stop, _serving) = listening(settings, ConnectionLimits::default()).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!(
        "PUT /api/agents/{} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{{",
        AgentId::random()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let text = read_all(&mut stream).await;
    assert!(
        text.contains(" 408 ") && text.contains("body_timeout"),
        "{text}"
    );
}

/// A caller that is refused early still hears why, however much it is sending.
#[tokio::test]
async fn a_refusal_is_heard_by_who_is_still_sending() {
    let (address, _stop, _serving) =
        listening(Settings::default(), ConnectionLimits::default()).await;
    let length = 20 << 20;
    for (head, status) in [
        (
            format!(
                "POST /api/sql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
            ),
            413,
        ),
        (
            format!(
                "POST /ingest/none HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n\r\n"
            ),
            404,
        ),
        (
            format!(
                "POST /api/sql HTTP/1.1\r\nHost: evil.example\r\nContent-Length: {length}\r\n\r\n"
            ),
            421,
        ),
    ] {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        stream.write_all(&vec![b' '; length]).await.unwrap();
        stream
            .write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            .await
            .unwrap();
        let text = read_all(&mut stream).await;
        assert!(text.starts_with(&format!("HTTP/1.1 {status} ")), "{text}");
        assert!(text.ends_with("alive\n"), "the connection goes on: {text}");
    }
}

#[tokio::test]
async fn stopping_finishes_what_is_under_way_and_takes_nothing_more() {
    let (address, stop, serving) =
        listening(Settings::default(), ConnectionLimits::default()).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!(
        "PUT /api/agents/{} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{{",
        AgentId::random()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut idle = TcpStream::connect(address).await.unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    stop.cancel();
    assert_eq!(read_all(&mut idle).await, "");
    stream.write_all(b"}").await.unwrap();
    let text = read_all(&mut stream).await;
    assert!(text.starts_with("HTTP/1.1 204"), "{text}");
    tokio::time::timeout(Duration::from_secs(5), serving)
        .await
        .unwrap()
        .unwrap();
    assert!(TcpStream::connect(address).await.is_err());
}
