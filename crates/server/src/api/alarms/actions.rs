//! `POST /api/alarms/{name}/enable` and `/disable`: whether anybody is told; states change all the same.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};

use super::site;
use crate::api::time::now_usec;
use crate::problem::Problem;
use crate::state::Shared;

pub(crate) async fn enable(
    state: State<Shared>,
    name: Path<String>,
    headers: HeaderMap,
) -> Result<StatusCode, Problem> {
    switch(state, name, &headers, true).await
}

pub(crate) async fn disable(
    state: State<Shared>,
    name: Path<String>,
    headers: HeaderMap,
) -> Result<StatusCode, Problem> {
    switch(state, name, &headers, false).await
}

async fn switch(
    State(state): State<Shared>,
    Path(name): Path<String>,
    headers: &HeaderMap,
    on: bool,
) -> Result<StatusCode, Problem> {
    site::check(headers)?;
    let alarms = state.alarms()?;
    let evaluator = alarms.evaluator();
    evaluator.enable_actions(&name, on, now_usec()).await?;
    Ok(StatusCode::NO_CONTENT)
}
