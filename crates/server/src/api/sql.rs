//! `POST /api/sql`: one statement that reads, answered as JSON, CSV or an Arrow stream.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use query::SqlRequest;

use crate::body;
use crate::problem::Problem;
use crate::state::Shared;

/// The answer begins when its first rows are there. A fault after that breaks the connection off, which every client
/// takes for the failure that it is: nothing else can be said once the status is on its way.
pub(crate) async fn post(
    State(state): State<Shared>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let limits = &state.settings().limits;
    let text = body::read_json(&headers, body, limits.json_bytes, limits.body_time).await?;
    let rows = state
        .ready()?
        .query
        .sql(SqlRequest::from_json(&text)?)
        .await?;
    let media_type = HeaderValue::from_static(rows.content_type());
    let mut response = Response::new(Body::from_stream(rows));
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, media_type);
    Ok(response)
}
