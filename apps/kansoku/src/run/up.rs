//! `kansoku up`: agent and server in one process. The agent ships to the server over loopback, through the same door
//! as any other.

use std::sync::{Arc, Weak};
use std::time::Duration;

use agent::{Agent, Token};
use config::{Loaded, UpConfig};
use parking_lot::Mutex;

use super::server::{Back, Front, in_time, say, with_runtime};
use super::signals::Signals;
use super::{log, reading};
use crate::exit::Failure;

/// How long the last rows may take from the spool to the store, on the same machine.
const LAST_ROWS: Duration = Duration::from_secs(3);

/// Runs agent and server until told to stop.
pub(crate) fn up(loaded: Loaded<UpConfig>) -> Result<(), Failure> {
    log::start(&loaded.config.server.log, &loaded.warnings)?;
    with_runtime(async move {
        let config = loaded.config;
        let mut signals = Signals::listen()?;
        let front = Front::open(&config.server).await?;
        say(&greeting(&front, &config))?;
        let tick = u32::try_from(config.agent.interval.duration().as_secs()).ok();
        let Some(back) = Back::open(&config.server, tick, &mut signals).await? else {
            return front.close().await;
        };
        front.ready(&back);
        let started = match back.kubernetes(&front, &config.server).await {
            Ok(kubernetes) => match reading::start(settings(&front, &config)) {
                Ok(reading) => Ok((kubernetes, reading)),
                Err(failure) => {
                    kubernetes.stop().await;
                    Err(failure)
                }
            },
            Err(failure) => Err(failure),
        };
        let (kubernetes, (agent, ended)) = match started {
            Ok(started) => started,
            Err(failure) => {
                front.close().await?;
                back.close().await;
                return Err(failure);
            }
        };
        let agent = Arc::new(Mutex::new(Some(agent)));
        front.add_metrics(metrics_of(Arc::downgrade(&agent)));
        let result = tokio::select! {
            signal = signals.next() => {
                tracing::info!(signal, "stopping");
                Ok(())
            }
            end = ended => Err(reading::failure(end.ok())),
        };
        let taken = agent.lock().take();
        in_time(&mut signals, async {
            // First the agent, so that its last rows still find the server.
            if let Some(agent) = taken {
                reading::stop(agent, LAST_ROWS).await;
            }
            front.close().await?;
            kubernetes.stop().await;
            back.close().await;
            Ok(())
        })
        .await
        .and(result)
    })
}

/// The agent's part, for the port that the server really got, and with a token that it takes.
fn settings(front: &Front, config: &UpConfig) -> agent::Settings {
    let mut settings = reading::settings(config.agent_for(front.address()));
    if let Some(path) = &config.server.ingest.token_file {
        settings.server.token = Token::File(path.clone());
    }
    settings
}

fn metrics_of(agent: Weak<Mutex<Option<Agent>>>) -> server::MoreMetrics {
    Box::new(move || {
        let agent = agent.upgrade();
        agent
            .and_then(|agent| agent.lock().as_ref().map(Agent::metrics_text))
            .unwrap_or_default()
    })
}

fn greeting(front: &Front, config: &UpConfig) -> Vec<String> {
    let [address] = front.greeting();
    let agent = &config.agent;
    vec![
        address,
        format!(
            "It reads this machine as node {} every {}, and keeps the rows in {}.",
            agent.node,
            agent.interval,
            config.server.data.display()
        ),
        "What it reads, and what it may not, is on the page under Sources. Ctrl-C stops it."
            .to_owned(),
    ]
}
