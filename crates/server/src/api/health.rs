//! Liveness, readiness and own metrics, for whoever keeps the server running.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use query::QueryFigures;

use crate::own::{Process, TEXT_FORMAT, Text};
use crate::problem::Problem;
use crate::state::Shared;

/// `GET /healthz`: the process answers.
pub(crate) async fn alive() -> &'static str {
    "alive\n"
}

/// `GET /readyz`: the write-ahead log is replayed.
pub(crate) async fn ready(State(state): State<Shared>) -> Result<&'static str, Problem> {
    state.ready().map(|_| "ready\n")
}

/// `GET /metrics`: the server's own, also while it is starting.
pub(crate) async fn metrics(State(state): State<Shared>) -> Response {
    let mut text = Text::default();
    text.family("kansoku_build_info", "gauge", "The version, as a label.");
    text.sample(
        "kansoku_build_info",
        &[("version", state.settings().version)],
        1,
    );
    text.single(
        "kansoku_ready",
        "gauge",
        "Whether the write-ahead log is replayed.",
        u8::from(state.ready().is_ok()),
    );
    text.single(
        "kansoku_agents",
        "gauge",
        "Agents whose reports are kept.",
        state.agents().len(),
    );
    match Process::read() {
        Ok(process) => process.write(&mut text),
        Err(error) => tracing::warn!(%error, "the process's own figures are missing from /metrics"),
    }
    state.counters().write(&mut text);
    state.admission().write(&mut text);
    let text = match state.ready() {
        Ok(ready) => {
            write_queries(&ready.query.figures(), &mut text);
            text.finish() + &ready.store.metrics_text()
        }
        Err(_) => text.finish(),
    };
    (
        [(header::CONTENT_TYPE, TEXT_FORMAT)],
        text + &state.more_metrics(),
    )
        .into_response()
}

fn write_queries(figures: &QueryFigures, text: &mut Text) {
    text.single(
        "kansoku_queries_total",
        "counter",
        "Questions asked.",
        figures.asked,
    );
    text.single(
        "kansoku_queries_failed_total",
        "counter",
        "Questions that got an error.",
        figures.failed,
    );
    text.single(
        "kansoku_queries_overloaded_total",
        "counter",
        "Questions refused because too many were asked at once.",
        figures.overloaded,
    );
    text.single(
        "kansoku_queries_timed_out_total",
        "counter",
        "Questions that ran out of time.",
        figures.timed_out,
    );
    text.single(
        "kansoku_queries_running",
        "gauge",
        "Questions that are being answered.",
        figures.running,
    );
    text.single(
        "kansoku_log_tails",
        "gauge",
        "Live tails of logs that are open.",
        figures.tails,
    );
}
