//! `POST /api/performance`: performance log events of Container Insights, rendered from rows.

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use query::{PerformanceAnswer, PerformanceRequest};

use crate::api::time::now_usec;
use crate::body;
use crate::problem::Problem;
use crate::state::Shared;

pub(crate) async fn post(
    State(state): State<Shared>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<PerformanceAnswer>, Problem> {
    let limits = &state.settings().limits;
    let text = body::read_json(&headers, body, limits.json_bytes, limits.body_time).await?;
    let request = PerformanceRequest::from_json(&text)?;
    Ok(Json(
        state
            .ready()?
            .query
            .performance(request, now_usec())
            .await?,
    ))
}
