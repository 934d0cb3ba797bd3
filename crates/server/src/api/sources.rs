//! `GET /api/sources`: what every agent and the server itself read, and which right is missing for what they cannot.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::agents::Report;
use super::own_source::OwnSource;
use super::rung::{self, InForce};
use super::time::rfc3339;
use crate::state::Shared;

/// The member of a report that lists sources.
const SOURCES: &str = "sources";

/// The reports of all agents, their sources in one list.
#[derive(Debug, PartialEq, Serialize)]
pub(crate) struct Sources {
    /// A report each, without its sources, with the agent's id and when it was heard.
    agents: Vec<Map<String, Value>>,
    /// The sources of all agents, each with its agent and node; first those of the server, which have neither.
    sources: Vec<Map<String, Value>>,
    /// Which rung of rights the agent of each Kubernetes node is on, and what the next would add.
    rungs: Vec<InForce>,
}

pub(crate) async fn get(State(state): State<Shared>) -> Json<Sources> {
    Json(gather(state.agents().all(), state.own_sources()))
}

fn gather(reports: Vec<Report>, own: Vec<OwnSource>) -> Sources {
    let mut gathered = Sources {
        agents: Vec::new(),
        sources: own.into_iter().map(OwnSource::into_json).collect(),
        rungs: Vec::new(),
    };
    for Report {
        agent,
        at,
        mut said,
    } in reports
    {
        gathered.rungs.extend(rung::in_force(&said));
        let agent = json!(agent.to_string());
        let node = said.get("node").cloned().unwrap_or(Value::Null);
        if let Some(Value::Array(sources)) = said.remove(SOURCES) {
            for source in sources {
                let Value::Object(mut source) = source else {
                    continue;
                };
                source.insert("agent".to_owned(), agent.clone());
                source.insert("node".to_owned(), node.clone());
                gathered.sources.push(source);
            }
        }
        said.insert("agent".to_owned(), agent);
        said.insert("node".to_owned(), node);
        said.insert("last_seen".to_owned(), json!(rfc3339(at)));
        gathered.agents.push(said);
    }
    gathered
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use wire::AgentId;

    use super::*;

    #[test]
    fn sources_are_told_apart_by_agent() {
        let said = json!({"node": "n1", "version": "0.1.0", "sources": [{"path": "/proc/stat", "agent": "forged"}, 7]});
        let Value::Object(said) = said else { panic!() };
        let agent = AgentId::from_bytes([1; 16]);
        let own = OwnSource {
            path: "/api/v1/pods".to_owned(),
            feeds: "names",
            state: "unreadable",
            reason: Some("forbidden".to_owned()),
            missing_right: Some("list and watch".to_owned()),
            reads: 0,
            errors: 1,
            last_read: None,
            last_error: Some("forbidden".to_owned()),
        };
        let report = Report {
            agent,
            at: UNIX_EPOCH + Duration::from_millis(1_500),
            said,
        };
        let mut gathered = gather(vec![report], vec![own]);
        let own = json!(gathered.sources.remove(0));
        assert_eq!(own["agent"], Value::Null);
        assert_eq!(own["path"], "/api/v1/pods");
        assert_eq!(own["missing_right"], "list and watch");
        let id = agent.to_string();
        assert_eq!(
            json!(gathered),
            json!({
                "agents": [{"agent": id, "node": "n1", "version": "0.1.0", "last_seen": "1970-01-01T00:00:01.500Z"}],
                "sources": [{"path": "/proc/stat", "agent": id, "node": "n1"}],
                "rungs": [],
            })
        );
    }
}
