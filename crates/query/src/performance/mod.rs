//! Performance log events of Container Insights (classic JSON), rendered from rows on demand: a view, nothing is kept.
//!
//! One event for each entity and minute, from the one-minute rows, as AWS's agent writes one a minute. What is in an
//! event follows from the catalogue: every name of the event's `Type` that has a value, and directives for those that
//! are published in the mode.

mod event;
mod read;
mod render;

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::RecordBatch;
use catalogue::Table;
use datafusion::prelude::SessionContext;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::{Code, QueryError};
use crate::metrics::grid::MINUTE;
use crate::moment::Moment;
use crate::names::Names;
use crate::request;
use crate::tables::Tables;

/// Events in an answer when the request does not say.
const USUAL_LIMIT: usize = 1000;
/// Events in an answer at most: of one minute they are in memory at once.
const MOST_LIMIT: usize = 50_000;
/// Minutes that a request may name.
const MOST_MINUTES: i64 = 24 * 60;

/// The `Type`s that are rendered.
pub(crate) const TYPES: [&str; 16] = [
    "Cluster",
    "ClusterDaemonSet",
    "ClusterDeployment",
    "ClusterNamespace",
    "ClusterReplicaSet",
    "ClusterService",
    "ClusterStatefulSet",
    "Container",
    "ContainerFS",
    "ControlPlane",
    "Node",
    "NodeDiskIO",
    "NodeFS",
    "NodeNet",
    "Pod",
    "PodNet",
];

/// Which events.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PerformanceRequest {
    /// From when; five minutes ago when left out.
    pub start: Option<Moment>,
    /// Until when, itself left out; now when not said.
    pub end: Option<Moment>,
    /// As which of the agent's modes; `enhanced` when left out.
    pub mode: Mode,
    /// Of these `Type`s; of all when empty.
    pub types: Vec<String>,
    /// At most so many, but always whole minutes.
    pub limit: Option<usize>,
}

impl PerformanceRequest {
    /// Reads a JSON request; an error says where it is wrong.
    pub fn from_json(json: &[u8]) -> Result<PerformanceRequest, QueryError> {
        request::from_json(json)
    }
}

/// The modes of AWS's agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Few metrics; every event is written.
    Standard,
    /// All metrics; events without one are left out.
    #[default]
    Enhanced,
}

/// Events in order of time.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct PerformanceAnswer {
    /// Each as it would be written to the log group `/aws/containerinsights/<cluster>/performance`.
    pub events: Vec<Value>,
    /// Where the next page starts, in milliseconds of the epoch; null when there is nothing more.
    pub next: Option<i64>,
}

/// The one-minute rows of one minute.
#[derive(Debug, Default)]
pub(crate) struct MinuteRows {
    /// When it begins, in microseconds of the epoch.
    pub(crate) time: i64,
    /// By table.
    pub(crate) rows: HashMap<&'static str, Vec<RecordBatch>>,
}

impl MinuteRows {
    fn of(&self, table: &str) -> &[RecordBatch] {
        self.rows.get(table).map_or(&[], Vec::as_slice)
    }
}

/// Answers a request at `now` (microseconds of the epoch).
pub(crate) async fn answer(
    request: &PerformanceRequest,
    now: i64,
    tables: &dyn Tables,
    names: &Names,
    context: &SessionContext,
) -> Result<PerformanceAnswer, QueryError> {
    for (i, name) in request.types.iter().enumerate() {
        if !TYPES.contains(&name.as_str()) {
            return Err(QueryError::invalid(
                format!("types[{i}]"),
                format!("there is no type '{name}'; there are {}", TYPES.join(", ")),
            ));
        }
    }
    let limit = request::limit(request.limit, USUAL_LIMIT, MOST_LIMIT)?;
    let start = request
        .start
        .unwrap_or(Moment::seconds_ago(300))
        .micros(now);
    let end = request.end.unwrap_or(Moment::NOW).micros(now);
    if end <= start {
        return Err(QueryError::invalid(
            "end",
            "the range is empty: end must be later than start",
        ));
    }
    let first = start.div_euclid(MINUTE);
    if end.div_euclid(MINUTE) - first > MOST_MINUTES {
        return Err(QueryError::invalid(
            "start",
            format!("a range is at most {} hours", MOST_MINUTES / 60),
        ));
    }
    let index = names.current(tables, context).await?;
    let mut answer = PerformanceAnswer::default();
    let mut minute = first * MINUTE;
    while minute < end {
        let rows = read::minute(minute, &needed(&request.types), tables, context).await?;
        let events = render::events(&rows, request.mode, &request.types, &index);
        if answer.events.len() + events.len() > limit {
            if answer.events.is_empty() {
                let message = format!(
                    "one minute has {} events, more than the limit of {limit}: raise it (to {MOST_LIMIT}), or name types",
                    events.len()
                );
                return Err(QueryError::new(Code::InvalidRequest, message).at_path("limit"));
            }
            answer.next = Some(minute / 1000);
            break;
        }
        answer.events.extend(events);
        minute += MINUTE;
    }
    Ok(answer)
}

/// The tables that events of these types are rendered from.
fn needed(types: &[String]) -> Vec<&'static Table> {
    use catalogue::tables as t;
    let any = |wanted: &[&str]| {
        types.is_empty() || types.iter().any(|name| wanted.contains(&name.as_str()))
    };
    // Every event of a node says what machine it is.
    let mut needed = vec![&t::NODE];
    let all = TYPES.iter().copied();
    let of_objects: Vec<&str> = all.filter(|name| name.starts_with("Cluster")).collect();
    if any(&of_objects) || any(&["Node", "Pod", "Container"]) {
        needed.push(&t::OBJECT);
    }
    for (name, table) in [
        ("NodeFS", &t::NODE_FILESYSTEM),
        ("NodeNet", &t::NODE_NETWORK),
        ("NodeDiskIO", &t::NODE_DISK),
        ("Pod", &t::POD),
        ("PodNet", &t::POD_NETWORK),
        ("ControlPlane", &t::CONTROL_PLANE),
    ] {
        if any(&[name]) {
            needed.push(table);
        }
    }
    if any(&["Container", "ContainerFS"]) {
        needed.push(&t::CONTAINER);
    }
    needed
}

pub(crate) type Index = Arc<crate::names::Index>;
