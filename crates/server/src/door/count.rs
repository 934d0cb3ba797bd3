//! Counts each request by its route, never by its path: paths are the callers' to invent.

use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;

use crate::problem::Code;
use crate::state::Shared;

pub(super) async fn count(State(state): State<Shared>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let under_way = state.counters().begin();
    let response = next.run(request).await;
    drop(under_way);
    let route = route.as_ref().map_or("(page)", MatchedPath::as_str);
    let code = response.extensions().get::<Code>().copied();
    state.counters().record(
        route,
        &method,
        response.status().as_u16(),
        code,
        started.elapsed(),
    );
    response
}
