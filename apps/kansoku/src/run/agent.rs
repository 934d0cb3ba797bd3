//! `kansoku agent`: the agent alone, without the server's end in the same process.

use std::time::Duration;

use config::{AgentConfig, Loaded};

use super::server::{in_time, with_runtime};
use super::signals::Signals;
use super::{log, reading};
use crate::exit::Failure;

/// How long rows that wait may still be sent after the order to stop.
const LAST_ROWS: Duration = Duration::from_secs(10);

/// Runs the agent until it is told to stop.
pub(crate) fn agent(loaded: Loaded<AgentConfig>) -> Result<(), Failure> {
    log::start(&loaded.config.log, &loaded.warnings)?;
    with_runtime(async move {
        let mut signals = Signals::listen()?;
        let (agent, ended) = reading::start(reading::settings(loaded.config))?;
        let result = tokio::select! {
            signal = signals.next() => {
                tracing::info!(signal, "stopping");
                Ok(())
            }
            end = ended => Err(reading::failure(end.ok())),
        };
        in_time(&mut signals, async {
            reading::stop(agent, LAST_ROWS).await;
            Ok(())
        })
        .await
        .and(result)
    })
}
