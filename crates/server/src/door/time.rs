//! The longest that any handler may take. Queries and bodies have tighter bounds of their own.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::problem::{Code, Problem};
use crate::state::Shared;

pub(super) async fn bound(State(state): State<Shared>, request: Request, next: Next) -> Response {
    let limit = state.settings().limits.request_time;
    match tokio::time::timeout(limit, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Problem::new(
            Code::Timeout,
            format!("no answer within {} s", limit.as_secs()),
        )
        .into_response(),
    }
}
