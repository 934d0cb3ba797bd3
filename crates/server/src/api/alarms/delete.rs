//! `DELETE /api/alarms/{name}`: removes an alarm; its history stays.

use axum::extract::{Path, State};
use axum::http::StatusCode;

use crate::api::time::now_usec;
use crate::problem::Problem;
use crate::state::Shared;

pub(crate) async fn delete(
    State(state): State<Shared>,
    Path(name): Path<String>,
) -> Result<StatusCode, Problem> {
    let alarms = state.alarms()?;
    alarms.evaluator().delete(&name, now_usec()).await?;
    Ok(StatusCode::NO_CONTENT)
}
