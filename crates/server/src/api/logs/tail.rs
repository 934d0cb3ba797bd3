//! `POST /api/logs/tail`: lines as they come, as server-sent events.
//!
//! | event | data |
//! | --- | --- |
//! | `lines` | `{"lines": […]}`, as `/api/logs` shows them |
//! | `dropped` | `{"lines": n, "why": "rate"` or `"slow"}` |
//! | `problem` | a problem (RFC 9457); the stream ends with it |
//!
//! A comment comes every 15 seconds, so that both sides notice when the other is gone.

use std::time::Duration;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::StreamExt;
use query::{TailEvent, TailRequest};
use serde_json::json;

use crate::api::time::now_usec;
use crate::body;
use crate::problem::Problem;
use crate::state::Shared;

const HEARTBEAT: Duration = Duration::from_secs(15);

pub(crate) async fn post(
    State(state): State<Shared>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let limits = &state.settings().limits;
    let text = body::read_json(&headers, body, limits.json_bytes, limits.body_time).await?;
    let request = TailRequest::from_json(&text)?;
    let tail = state.ready()?.query.tail(request, now_usec()).await?;
    let events = tail
        .map(event)
        .take_until(state.stopping().clone().cancelled_owned());
    let heartbeat = KeepAlive::new().interval(HEARTBEAT);
    let mut response = Sse::new(events).keep_alive(heartbeat).into_response();
    // Proxies that gather an answer before they pass it on would hold lines back.
    response.headers_mut().insert(
        HeaderName::from_static("x-accel-buffering"),
        HeaderValue::from_static("no"),
    );
    Ok(response)
}

fn event(event: TailEvent) -> Result<Event, axum::Error> {
    match event {
        TailEvent::Lines(lines) => Event::default()
            .event("lines")
            .json_data(json!({"lines": lines})),
        TailEvent::Dropped(dropped) => Event::default().event("dropped").json_data(dropped),
        TailEvent::Failed(fault) => Event::default()
            .event("problem")
            .json_data(Problem::from(fault).to_json()),
    }
}
