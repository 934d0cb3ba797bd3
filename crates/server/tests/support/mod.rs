//! A server over a real store in a folder of its own, asked without a port.
#![allow(dead_code, missing_docs, unreachable_pub)]

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request};
use catalogue::Table;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use server::{Settings, Shared, State, Tokens};
use store::{Store, StoreConfig};
use tower::ServiceExt;
use wire::{AgentId, Encoding};

pub mod alarms;
pub mod schema;

/// A server that is ready.
pub struct Server {
    pub router: Router,
    pub state: Shared,
    pub store: Arc<Store>,
    _data: tempfile::TempDir,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&self.body)))
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

/// A server that is still starting.
pub fn starting(settings: Settings, tokens: Tokens) -> (Router, Shared) {
    let state = State::new(settings, tokens);
    (server::router(Arc::clone(&state)), state)
}

pub async fn server_with(settings: Settings, tokens: Tokens) -> Server {
    let data = tempfile::tempdir().unwrap();
    let (router, state) = starting(settings, tokens);
    let mut config = StoreConfig::in_folder(data.path()).unwrap();
    config.disk_reserve_bytes = 0;
    let store = Arc::new(Store::open(config).await.unwrap());
    let tables: Arc<dyn query::Tables> = Arc::clone(&store) as _;
    let query = Arc::new(query::Query::new(tables, query::Limits::default()).unwrap());
    state.set_ready(Arc::clone(&store), Arc::clone(&query));
    state.set_alarms(alarms::in_folder(data.path(), &store, &query));
    Server {
        router,
        state,
        store,
        _data: data,
    }
}

pub async fn server() -> Server {
    server_with(Settings::default(), Tokens::default()).await
}

pub async fn ask(
    router: &Router,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: impl Into<Body>,
) -> Answer {
    let mut request = Request::builder().method(method).uri(path);
    if !headers
        .iter()
        .any(|(name, _)| name.eq_ignore_ascii_case("host"))
    {
        request = request.header("host", "localhost:4780");
    }
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = router
        .clone()
        .oneshot(request.body(body.into()).unwrap())
        .await
        .unwrap();
    let (parts, body) = response.into_parts();
    let body = body.collect().await.unwrap().to_bytes().to_vec();
    Answer {
        status: parts.status.as_u16(),
        headers: parts.headers,
        body,
    }
}

impl Server {
    pub async fn get(&self, path: &str) -> Answer {
        ask(&self.router, "GET", path, &[], Body::empty()).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        ask(
            &self.router,
            "POST",
            path,
            &[("content-type", "application/json")],
            body.to_string(),
        )
        .await
    }

    /// Sends a frame; the table's name may be wrong on purpose.
    pub async fn ingest(
        &self,
        table: &str,
        agent: AgentId,
        sequence: u64,
        body: Vec<u8>,
    ) -> Answer {
        let (agent, sequence) = (agent.to_string(), sequence.to_string());
        let headers = [
            ("content-type", wire::header::ARROW_STREAM),
            ("content-encoding", "zstd"),
            ("kansoku-agent", &agent),
            ("kansoku-sequence", &sequence),
        ];
        ask(
            &self.router,
            "POST",
            &format!("/ingest/{table}"),
            &headers,
            body,
        )
        .await
    }

    /// Stores a log line that fits the examples of the API's description.
    pub async fn one_line(&self) {
        let row = json!({
            "time": node_row()["time"], "node": "node-1", "namespace": "shop", "pod": "web-1", "container": "app",
            "stream": "stdout", "file": "/0.log", "offset": 0, "sequence": 1, "level": "error",
            "message": "timeout: connection reset",
        });
        let rows = frame(&catalogue::tables::LOG, &[row]);
        let answer = self.ingest("log", AgentId::random(), 1, rows).await;
        assert_eq!(
            answer.status,
            200,
            "{}",
            String::from_utf8_lossy(&answer.body)
        );
    }

    /// Stores a row of the node table.
    pub async fn one_node(&self) -> AgentId {
        let agent = AgentId::random();
        let answer = self
            .ingest(
                "node",
                agent,
                1,
                frame(&catalogue::tables::NODE, &[node_row()]),
            )
            .await;
        assert_eq!(
            answer.status,
            200,
            "{}",
            String::from_utf8_lossy(&answer.body)
        );
        agent
    }
}

pub fn node_row() -> Value {
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap();
    json!({
        "time": i64::try_from(now.as_micros()).unwrap() / 10_000_000 * 10_000_000,
        "interval_usec": 10_000_000,
        "node": "node-1",
        "cpu_usage_usec": 5_000_000,
        "node_cpu_cores": 2,
    })
}

/// Rows as the body of a frame.
pub fn frame(table: &'static Table, rows: &[Value]) -> Vec<u8> {
    wire::encode(&[batch(table, rows)], Encoding::Zstd).unwrap()
}

/// Rows as a batch of the table's schema.
pub fn batch(table: &'static Table, rows: &[Value]) -> arrow::array::RecordBatch {
    use arrow::datatypes::{DataType, Field, Schema};
    let plain = |field: &Field| match field.data_type() {
        DataType::Dictionary(_, value) => field.clone().with_data_type(value.as_ref().clone()),
        DataType::Timestamp(..) => field.clone().with_data_type(DataType::Int64),
        _ => field.clone(),
    };
    let schema = table.schema();
    let fields: Vec<Field> = schema.fields().iter().map(|field| plain(field)).collect();
    let mut decoder = arrow::json::ReaderBuilder::new(Arc::new(Schema::new(fields)))
        .build_decoder()
        .unwrap();
    decoder.serialize(rows).unwrap();
    let rows = decoder.flush().unwrap().unwrap();
    let columns = schema.fields().iter().zip(rows.columns());
    let columns = columns
        .map(|(field, column)| arrow::compute::cast(column, field.data_type()).unwrap())
        .collect();
    arrow::array::RecordBatch::try_new(schema, columns).unwrap()
}
