//! `POST /api/logs/ledger`: what became of each log, and where lines are missing.

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use query::{LedgerAnswer, LedgerRequest};

use crate::api::time::now_usec;
use crate::body;
use crate::problem::Problem;
use crate::state::Shared;

pub(crate) async fn post(
    State(state): State<Shared>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<LedgerAnswer>, Problem> {
    let limits = &state.settings().limits;
    let text = body::read_json(&headers, body, limits.json_bytes, limits.body_time).await?;
    let request = LedgerRequest::from_json(&text)?;
    Ok(Json(
        state.ready()?.query.ledger(request, now_usec()).await?,
    ))
}
