//! Runs the agent until it is told to stop.

use std::sync::Arc;
use std::time::Duration;

use agent::{Agent, End};
use config::{AgentConfig, Loaded};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::oneshot;

use crate::exit::Failure;
use crate::{listen, log, settings};

/// How long what waits may be sent after the order to stop. Kubernetes gives 30 s by default.
const LAST_ROUND: Duration = Duration::from_secs(5);

/// Runs until SIGTERM or SIGINT, or until the agent has to end.
pub(crate) fn run(loaded: Loaded<AgentConfig>) -> Result<(), Failure> {
    log::start(&loaded.config.log, &loaded.warnings)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::work(format!("no runtime: {error}")))?;
    runtime.block_on(until_stopped(loaded.config))
}

async fn until_stopped(config: AgentConfig) -> Result<(), Failure> {
    let listen = |kind| {
        signal(kind).map_err(|error| Failure::work(format!("signals cannot be caught: {error}")))
    };
    let (mut terminate, mut interrupt) = (
        listen(SignalKind::terminate())?,
        listen(SignalKind::interrupt())?,
    );
    let door = match config.listen {
        Some(address) => Some(listen::bind(address).await?),
        None => None,
    };
    let (ended, mut end) = oneshot::channel();
    let on_end = move |why: End| {
        // Nobody listens any more once it was told to stop.
        let _ = ended.send(why);
    };
    let agent = Arc::new(Agent::start(settings::settings(&config), on_end).map_err(Failure::work)?);
    let serving = door.map(|door| {
        if let Ok(address) = door.local_addr() {
            tracing::info!(%address, "own metrics are at /metrics");
        }
        tokio::spawn(listen::serve(door, Arc::clone(&agent)))
    });
    tracing::info!(
        server = %config.server, cluster = config.cluster, node = config.node, agent = %agent.status().agent(),
        interval_seconds = config.interval.duration().as_secs(), "reading"
    );
    let result = tokio::select! {
        signal = first(&mut terminate, &mut interrupt) => {
            tracing::info!(signal, "stopping");
            Ok(())
        }
        end = &mut end => Err(match end {
            Ok(End::Memory { resident, limit }) => {
                format!("it took {resident} bytes of memory, and agent.memory_limit is {limit}")
            }
            _ => "reading or sending failed; the log says why".to_owned(),
        }),
    };
    if let Some(serving) = serving {
        serving.abort();
        let _ = serving.await;
    }
    let stopping = tokio::task::spawn_blocking(move || stop(&agent));
    let left = tokio::select! {
        left = stopping => left.ok(),
        signal = first(&mut terminate, &mut interrupt) => {
            return Err(Failure::work(format!("{signal} again: stopped at once; rows on disk are sent by the next run")));
        }
    };
    if left == Some(false) {
        return Err(Failure::work(
            "rows that were read could not be written to the spool, and are lost",
        ));
    }
    result.map_err(Failure::work)
}

/// Ends in order; whether everything that was not sent is on disk.
fn stop(agent: &Agent) -> bool {
    let left = agent.stop(LAST_ROUND);
    let frames: u64 = left
        .spool
        .lanes
        .iter()
        .map(|lane| lane.waiting.frames)
        .sum();
    tracing::info!(frames_waiting = frames, durable = left.durable, "stopped");
    left.durable
}

async fn first(terminate: &mut Signal, interrupt: &mut Signal) -> &'static str {
    tokio::select! {
        _ = terminate.recv() => "SIGTERM",
        _ = interrupt.recv() => "SIGINT",
    }
}
