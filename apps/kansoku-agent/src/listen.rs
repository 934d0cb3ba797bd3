//! The agent's own door: `/metrics` in Prometheus' text format and `/healthz`.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use agent::Agent;
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;
use tokio::net::TcpListener;

use crate::exit::Failure;

/// Ticks that may fail to come before the agent says that it is not well.
const TICKS_MISSING: u32 = 3;
/// What a tick may be late besides.
const GRACE: Duration = Duration::from_secs(15);

/// Opens the door.
pub(crate) async fn bind(address: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(address)
        .await
        .map_err(|error| Failure::work(format!("agent.listen = {address}: {error}")))
}

/// Answers until it is dropped.
pub(crate) async fn serve(listener: TcpListener, agent: Arc<Agent>) {
    let router = Router::new()
        .route("/metrics", get(metrics))
        .route("/healthz", get(health))
        .with_state(agent);
    if let Err(error) = axum::serve(listener, router).await {
        tracing::error!(%error, "own metrics are no longer answered");
    }
}

async fn metrics(State(agent): State<Arc<Agent>>) -> impl IntoResponse {
    (
        [(
            header::CONTENT_TYPE,
            "text/plain; version=0.0.4; charset=utf-8",
        )],
        agent.metrics_text(),
    )
}

/// Well, as long as ticks come. That the server is away is no illness of the agent: rows wait in the spool.
async fn health(State(agent): State<Arc<Agent>>) -> impl IntoResponse {
    let ticks = agent.ticks();
    let patience = ticks.interval * TICKS_MISSING + GRACE;
    let silent = agent.since_last_tick();
    if silent <= patience {
        (StatusCode::OK, "ok\n".to_owned())
    } else {
        let words = format!(
            "no tick for {} s, although there is one every {} s\n",
            silent.as_secs(),
            ticks.interval.as_secs()
        );
        (StatusCode::SERVICE_UNAVAILABLE, words)
    }
}
