//! `POST /api/logs`: log lines, and what is counted over those that fit.

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use query::{LogsAnswer, LogsRequest};

use crate::api::time::now_usec;
use crate::body;
use crate::problem::Problem;
use crate::state::Shared;

pub(crate) async fn post(
    State(state): State<Shared>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<LogsAnswer>, Problem> {
    let limits = &state.settings().limits;
    let text = body::read_json(&headers, body, limits.json_bytes, limits.body_time).await?;
    let request = LogsRequest::from_json(&text)?;
    Ok(Json(state.ready()?.query.logs(request, now_usec()).await?))
}
