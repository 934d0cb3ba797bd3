//! Frames and reports of simulated agents, sent as real ones are.

use std::collections::HashMap;
use std::thread;
use std::time::Duration;

use cluster::TableBatch;
use serde_json::Value;
use tokio_util::sync::CancellationToken;
use wire::{AgentId, Encoding};

/// How long one answer may take.
const PATIENCE: Duration = Duration::from_secs(60);
/// Before a frame is sent again that was refused for now.
const AGAIN: Duration = Duration::from_millis(500);

/// The agents of a simulated cluster.
pub(super) struct Agents {
    http: ureq::Agent,
    base: String,
    authorization: Option<String>,
    /// The last number of each agent and table.
    sequences: HashMap<(AgentId, &'static str), u64>,
}

impl Agents {
    /// Agents that send to this server, with a token where it asks for one.
    pub(super) fn new(server: &str, token: Option<String>) -> Agents {
        let http = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(PATIENCE))
            .proxy(None)
            .build()
            .new_agent();
        Agents {
            http,
            base: server.trim_end_matches('/').to_owned(),
            authorization: token.map(|token| format!("Bearer {token}")),
            sequences: HashMap::new(),
        }
    }

    /// Sends rows until they are stored, or until told to stop.
    pub(super) fn send(
        &mut self,
        agent: AgentId,
        rows: TableBatch,
        stop: &CancellationToken,
    ) -> Result<(), String> {
        let TableBatch { table, batch } = rows;
        let body = wire::encode(&[batch], Encoding::Zstd)
            .map_err(|error| format!("rows of {}: {error}", table.name))?;
        let sequence = self.sequences.entry((agent, table.name)).or_insert(0);
        *sequence += 1;
        let sequence = sequence.to_string();
        let url = format!("{}/ingest/{}", self.base, table.name);
        while !stop.is_cancelled() {
            let mut request = self
                .http
                .post(&url)
                .header("Content-Type", wire::header::ARROW_STREAM)
                .header("Content-Encoding", "zstd")
                .header("Kansoku-Agent", agent.to_string())
                .header("Kansoku-Sequence", &sequence);
            if let Some(authorization) = &self.authorization {
                request = request.header("Authorization", authorization);
            }
            match request.send(&body[..]) {
                Ok(answer) if answer.status().is_success() => return Ok(()),
                Ok(answer) if [408, 429, 500, 503].contains(&answer.status().as_u16()) => {
                    thread::sleep(AGAIN);
                }
                Ok(mut answer) => {
                    let said = answer.body_mut().read_to_string().unwrap_or_default();
                    return Err(format!(
                        "rows of {}: {} {said}",
                        table.name,
                        answer.status()
                    ));
                }
                Err(error) => {
                    tracing::warn!(table = table.name, %error, "rows of the demo wait");
                    thread::sleep(AGAIN);
                }
            }
        }
        Ok(())
    }

    /// Sends a report. The next one comes soon: one that is not taken is no loss.
    pub(super) fn report(&self, agent: AgentId, report: &Value) {
        let mut request = self
            .http
            .put(format!("{}/api/agents/{agent}", self.base))
            .header("Content-Type", "application/json");
        if let Some(authorization) = &self.authorization {
            request = request.header("Authorization", authorization);
        }
        match request.send(report.to_string().as_bytes()) {
            Ok(answer) if answer.status().is_success() => {}
            Ok(answer) => tracing::warn!(status = %answer.status(), "a report was not taken"),
            Err(error) => tracing::warn!(%error, "a report was not sent"),
        }
    }
}
