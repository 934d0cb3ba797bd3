//! `kansoku up --demo`: a server, and a simulated cluster that sends to it as agents and the watcher would.

mod folder;
mod send;

use std::path::Path;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use cluster::TableBatch;
use config::{DemoConfig, Loaded, UpConfig};
use demo::{Demo, Filled, Scale, TICK_USEC};
use store::Store;
use tokio::sync::mpsc::{Sender, channel};
use tokio_util::sync::CancellationToken;

use super::log;
use super::rows::write;
use super::server::{Back, Front, in_time, say, with_runtime};
use super::signals::Signals;
use crate::exit::Failure;
use send::Agents;

/// Batches of the watcher that wait for the store.
const WAITING: usize = 4;
/// Ticks from one report of an agent to its next.
const REPORT: u64 = 6;

/// Runs the server with the simulated cluster until told to stop.
pub(crate) fn demo(loaded: Loaded<UpConfig>, wanted: &DemoConfig) -> Result<(), Failure> {
    let scale: Scale = wanted
        .scale
        .parse()
        .map_err(|error| Failure::usage(format!("demo.scale = {}: {error}", wanted.scale)))?;
    log::start(&loaded.config.server.log, &loaded.warnings)?;
    with_runtime(async move {
        let (all, config) = (&loaded.config, &loaded.config.server);
        let _folder = folder::begin_anew(&config.data)?;
        let mut signals = Signals::listen()?;
        let front = Front::open(config).await?;
        say(&greeting(&front, scale))?;
        let tick = u32::try_from(TICK_USEC / 1_000_000).ok();
        let Some(back) = Back::open(config, tick, &mut signals).await? else {
            return front.close().await;
        };
        front.ready(&back);
        let server = all.agent_for(front.address()).server.to_string();
        let agents = Agents::new(&server, token(config.ingest.token_file.as_deref())?);
        let playing = Playing::start(scale, agents, back.store())?;
        let result = tokio::select! {
            signal = signals.next() => {
                tracing::info!(signal, "stopping");
                Ok(())
            }
            end = playing.ended() => Err(Failure::work(format!("the simulated cluster broke off: {end}"))),
        };
        in_time(&mut signals, async {
            playing.stop().await;
            front.close().await?;
            back.close().await;
            Ok(())
        })
        .await
        .and(result)
    })
}

fn greeting(front: &Front, scale: Scale) -> Vec<String> {
    let [address] = front.greeting();
    vec![
        address,
        format!(
            "It shows a simulated cluster of {} nodes and {} pods, and reads nothing of this machine.",
            scale.nodes(),
            scale.pods()
        ),
        "Its last hour comes within seconds; docs/guide/demo.md tells what happens in it. Ctrl-C stops it."
            .to_owned(),
    ]
}

/// The simulation, on a thread of its own.
struct Playing {
    stop: CancellationToken,
    thread: JoinHandle<()>,
    writing: tokio::task::JoinHandle<()>,
    fault: tokio::sync::watch::Receiver<Option<String>>,
}

impl Playing {
    fn start(scale: Scale, agents: Agents, store: Arc<Store>) -> Result<Playing, Failure> {
        let (rows, waiting) = channel(WAITING);
        let (told, fault) = tokio::sync::watch::channel(None);
        let stop = CancellationToken::new();
        let until = stop.clone();
        let play = move || {
            if let Err(error) = play(scale, agents, &rows, &until) {
                told.send_replace(Some(error));
            }
        };
        let thread = thread::Builder::new()
            .name("demo".to_owned())
            .spawn(play)
            .map_err(|error| Failure::work(format!("no thread for the demo: {error}")))?;
        Ok(Playing {
            stop,
            thread,
            writing: tokio::spawn(write("the cluster", store, waiting)),
            fault,
        })
    }

    /// Ends when the simulation has, with the reason.
    async fn ended(&self) -> String {
        let mut fault = self.fault.clone();
        match fault.wait_for(Option::is_some).await {
            Ok(fault) => fault.clone().unwrap_or_default(),
            // The thread is gone without a word.
            Err(_) => "its thread ended".to_owned(),
        }
    }

    async fn stop(self) {
        self.stop.cancel();
        let joined = tokio::task::spawn_blocking(move || self.thread.join());
        if !matches!(joined.await, Ok(Ok(()))) {
            tracing::error!("the simulated cluster did not end in order");
        }
        if let Err(error) = self.writing.await {
            tracing::error!(%error, "rows about the simulated cluster were not written in order");
        }
    }
}

/// Plays the past, then each tick when it comes.
fn play(
    scale: Scale,
    mut agents: Agents,
    watcher: &Sender<TableBatch>,
    stop: &CancellationToken,
) -> Result<(), String> {
    let now = now_usec() / TICK_USEC * TICK_USEC;
    let history = scale.usual_history_seconds() * 1_000_000;
    // Another seed at each start: ids of agents follow from it, and their frames are numbered from 1.
    let seed = now.unsigned_abs();
    let mut demo = Demo::new(scale, seed, now - history).map_err(|e| e.to_string())?;
    {
        let mut past = demo.history(now, TICK_USEC);
        while let Some(filled) = past.next().transpose().map_err(|e| e.to_string())? {
            if !deliver(&mut agents, watcher, stop, filled)? {
                return Ok(());
            }
        }
    }
    tracing::info!("the past of the simulated cluster is there");
    let mut ticks: u64 = 0;
    loop {
        if ticks.is_multiple_of(REPORT) {
            for node in 0..demo.nodes() {
                if let (Some(agent), Some(report)) = (demo.agent(node), demo.report(node)) {
                    agents.report(agent.measurements, &report);
                }
            }
        }
        let next = demo.now() + TICK_USEC;
        if !sleep_until(next, stop) {
            return Ok(());
        }
        let filled = demo.tick(next).map_err(|e| e.to_string())?;
        ticks += 1;
        if !deliver(&mut agents, watcher, stop, filled)? {
            return Ok(());
        }
    }
}

/// Sends what a tick, or several, came to; false when nobody takes it any more.
fn deliver(
    agents: &mut Agents,
    watcher: &Sender<TableBatch>,
    stop: &CancellationToken,
    filled: Filled,
) -> Result<bool, String> {
    for of_node in filled.nodes {
        for (agent, batches) in [
            (of_node.agent.measurements, of_node.measurements),
            (of_node.agent.logs, of_node.logs),
        ] {
            for batch in batches {
                agents.send(agent, batch, stop)?;
            }
        }
    }
    for batch in filled.watcher {
        if watcher.blocking_send(batch).is_err() {
            return Ok(false);
        }
    }
    Ok(!stop.is_cancelled())
}

/// The first of the tokens that the server takes.
fn token(file: Option<&Path>) -> Result<Option<String>, Failure> {
    let Some(path) = file else {
        return Ok(None);
    };
    let text = std::fs::read_to_string(path).map_err(|error| {
        Failure::usage(format!(
            "server.ingest.token_file = {}: {error}",
            path.display()
        ))
    })?;
    let mut lines = text.lines().map(str::trim);
    Ok(lines
        .find(|line| !line.is_empty() && !line.starts_with('#'))
        .map(str::to_owned))
}

/// Waits for a moment; false when told to stop meanwhile.
fn sleep_until(time: i64, stop: &CancellationToken) -> bool {
    const STEP: Duration = Duration::from_millis(100);
    while !stop.is_cancelled() {
        let left = time - now_usec();
        if left <= 0 {
            return true;
        }
        thread::sleep(STEP.min(Duration::from_micros(left.unsigned_abs())));
    }
    false
}

fn now_usec() -> i64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
}
