//! `GET /api/status`: what the server holds and costs, for people.

use std::time::SystemTime;

use axum::Json;
use axum::extract::State;
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
    #[serde(flatten)]
    store: StoreStatus,
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
        store: ready.store.status(),
    }))
}
