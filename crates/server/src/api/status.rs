//! `GET /api/status`: what the server holds and costs, for people.

use std::time::{Instant, SystemTime};

use axum::Json;
use axum::extract::State;
use query::SlowQuery;
use serde::Serialize;
use store::StoreStatus;

use super::time::rfc3339;
use crate::own::Process;
use crate::problem::Problem;
use crate::state::Shared;

/// The answer; the store's members stand beside the server's.
#[derive(Debug, Serialize)]
pub(crate) struct Status {
    version: &'static str,
    cluster: Option<String>,
    started: String,
    uptime_seconds: u64,
    agents: usize,
    own: Option<Process>,
    slow_queries: Vec<Slow>,
    #[serde(flatten)]
    store: StoreStatus,
}

/// A question that took long.
#[derive(Debug, Serialize)]
struct Slow {
    language: &'static str,
    text: String,
    took_ms: f64,
    at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

fn slow(slow: SlowQuery) -> Slow {
    let ago = Instant::now().saturating_duration_since(slow.ended);
    Slow {
        language: slow.language,
        text: slow.text,
        took_ms: slow.took.as_secs_f64() * 1e3,
        at: rfc3339(SystemTime::now() - ago),
        error: slow.error,
    }
}

pub(crate) async fn get(State(state): State<Shared>) -> Result<Json<Status>, Problem> {
    let ready = state.ready()?;
    let settings = state.settings();
    Ok(Json(Status {
        version: settings.version,
        cluster: settings.cluster.clone(),
        started: rfc3339(state.started()),
        uptime_seconds: SystemTime::now()
            .duration_since(state.started())
            .map_or(0, |up| up.as_secs()),
        agents: state.agents().len(),
        own: Process::read().ok(),
        slow_queries: ready.query.slow().into_iter().map(slow).collect(),
        store: ready.store.status(),
    }))
}
