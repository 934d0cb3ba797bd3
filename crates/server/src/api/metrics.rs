//! `POST /api/metrics`: statistics of metrics over time.

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use query::{MetricsAnswer, MetricsRequest};

use super::time::now_usec;
use crate::body;
use crate::problem::Problem;
use crate::state::Shared;

pub(crate) async fn post(
    State(state): State<Shared>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<MetricsAnswer>, Problem> {
    let limits = &state.settings().limits;
    let text = body::read_json(&headers, body, limits.json_bytes, limits.body_time).await?;
    Ok(Json(
        state
            .ready()?
            .query
            .metrics(MetricsRequest::from_json(&text)?, now_usec())
            .await?,
    ))
}
