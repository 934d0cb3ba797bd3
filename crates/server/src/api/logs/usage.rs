//! `GET /api/logs/usage`: what the log lines of each namespace take, and how long they are kept.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use store::NamespaceUsage;

use crate::api::time::rfc3339_micros;
use crate::problem::Problem;
use crate::state::Shared;

/// The answer.
#[derive(Debug, Serialize)]
pub(crate) struct Usage {
    namespaces: Vec<Namespace>,
}

/// One namespace; null: logs of hosts.
#[derive(Debug, Serialize)]
struct Namespace {
    namespace: Option<String>,
    rows: u64,
    hot_rows: u64,
    bytes_in: u64,
    bytes_on_disk: u64,
    oldest: String,
    newest: String,
    retention_seconds: u64,
}

pub(crate) async fn get(State(state): State<Shared>) -> Result<Json<Usage>, Problem> {
    let usage = state.ready()?.store.log_usage();
    Ok(Json(Usage {
        namespaces: usage.into_iter().map(namespace).collect(),
    }))
}

fn namespace(usage: NamespaceUsage) -> Namespace {
    Namespace {
        namespace: usage.namespace,
        rows: usage.rows,
        hot_rows: usage.hot_rows,
        bytes_in: usage.message_bytes,
        bytes_on_disk: usage.stored_bytes,
        oldest: rfc3339_micros(usage.oldest_usec),
        newest: rfc3339_micros(usage.newest_usec),
        retention_seconds: usage.retention_seconds,
    }
}
