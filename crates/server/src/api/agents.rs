//! `PUT /api/agents/{id}`: what agents say about themselves (what they read, and what they may not), kept in memory.

use std::collections::HashMap;
use std::time::SystemTime;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use parking_lot::RwLock;
use serde_json::{Map, Value};
use wire::AgentId;

use crate::body;
use crate::problem::{self, Code, Problem};
use crate::state::Shared;

/// The last report of one agent.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Report {
    /// Who sent it.
    pub(crate) agent: AgentId,
    /// When it came, by this server's clock.
    pub(crate) at: SystemTime,
    /// What it says.
    pub(crate) said: Map<String, Value>,
}

/// The last report of each agent, up to a number of agents.
#[derive(Debug)]
pub(crate) struct Agents {
    most: usize,
    reports: RwLock<HashMap<AgentId, Report>>,
}

impl Agents {
    pub(crate) fn new(most: usize) -> Agents {
        Agents {
            most: most.max(1),
            reports: RwLock::default(),
        }
    }

    /// Keeps a report; above the bound the agent heard of longest ago is forgotten.
    pub(crate) fn keep(&self, report: Report) {
        let mut reports = self.reports.write();
        reports.insert(report.agent, report);
        if reports.len() > self.most {
            let oldest = reports
                .values()
                .min_by_key(|report| report.at)
                .map(|report| report.agent);
            if let Some(oldest) = oldest {
                tracing::warn!(agent = %oldest, most = self.most, "an agent's report was forgotten: too many agents");
                reports.remove(&oldest);
            }
        }
    }

    /// All reports, by agent.
    pub(crate) fn all(&self) -> Vec<Report> {
        let mut all: Vec<_> = self.reports.read().values().cloned().collect();
        all.sort_by_key(|report| report.agent);
        all
    }

    /// Whether an agent has reported since the start.
    pub(crate) fn knows(&self, agent: AgentId) -> bool {
        self.reports.read().contains_key(&agent)
    }

    /// How many agents have reported.
    pub(crate) fn len(&self) -> usize {
        self.reports.read().len()
    }
}

pub(crate) async fn put(
    State(state): State<Shared>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<StatusCode, Problem> {
    let agent: AgentId = id
        .parse()
        .map_err(|error: wire::BadAgentId| Problem::new(Code::InvalidRequest, error.to_string()))?;
    let limits = &state.settings().limits;
    let text = body::read_json(&headers, body, limits.report_bytes, limits.body_time).await?;
    let said = serde_json::from_slice(&text).map_err(|error| problem::of_json(&text, &error))?;
    state.agents().keep(Report {
        agent,
        at: SystemTime::now(),
        said,
    });
    Ok(StatusCode::NO_CONTENT)
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;

    #[test]
    fn the_agent_heard_of_longest_ago_is_forgotten_first() {
        let agents = Agents::new(2);
        let report = |agent, second| Report {
            agent,
            at: UNIX_EPOCH + Duration::from_secs(second),
            said: Map::new(),
        };
        let [a, b, c] = [1, 2, 3].map(|n| AgentId::from_bytes([n; 16]));
        for (agent, second) in [(a, 1), (b, 2), (a, 3), (c, 4)] {
            agents.keep(report(agent, second));
        }
        let left: Vec<_> = agents
            .all()
            .into_iter()
            .map(|report| report.agent)
            .collect();
        assert_eq!(left, [a, c]);
        assert_eq!(agents.len(), 2);
    }
}
