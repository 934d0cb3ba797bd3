//! From rows to facts to verdicts: what things are made of first, then the things.

mod nodes;
mod parents;
mod pods;
mod services;
mod volumes;
mod workloads;

use std::collections::HashMap;

use health::Verdict;
use health::facts::{Conditions, Neighbour};

use super::history::{History, LastOtherwise, NodeKey};
use super::newest::{Row, Rows};
use super::request::VerdictKind;
use crate::names::Index;

/// A verdict with the names of what it is about.
#[derive(Debug, Clone)]
pub(super) struct Judged {
    pub(super) kind: VerdictKind,
    pub(super) cluster: Option<String>,
    pub(super) namespace: Option<String>,
    pub(super) node: Option<String>,
    pub(super) name: String,
    pub(super) uid: Option<String>,
    pub(super) workload_kind: Option<String>,
    pub(super) workload: Option<String>,
    pub(super) container: Option<String>,
    pub(super) verdict: Verdict,
}

impl Judged {
    fn new(kind: VerdictKind, name: &str, verdict: Verdict) -> Judged {
        Judged {
            kind,
            cluster: None,
            namespace: None,
            node: None,
            name: name.to_owned(),
            uid: None,
            workload_kind: None,
            workload: None,
            container: None,
            verdict,
        }
    }

    fn is_of(&self, cluster: Option<&str>, namespace: Option<&str>) -> bool {
        self.cluster.as_deref() == cluster && self.namespace.as_deref() == namespace
    }
}

/// What all parts look at.
pub(super) struct Desk<'a> {
    pub(super) rows: &'a Rows<'a>,
    pub(super) history: &'a History,
    pub(super) names: &'a Index,
    /// The last lines of containers that ended, by pod uid and container, oldest first.
    pub(super) lines: &'a HashMap<(String, String), Vec<String>>,
    pub(super) now: i64,
    /// Whether a node is ready, by cluster and name.
    ready_nodes: HashMap<NodeKey, bool>,
    /// Who uses a node's processors most: pod uid and name.
    busiest: HashMap<NodeKey, Vec<(String, Neighbour)>>,
}

/// The verdicts about everything.
pub(super) fn judge(
    rows: &Rows<'_>,
    history: &History,
    names: &Index,
    lines: &HashMap<(String, String), Vec<String>>,
    now: i64,
) -> Vec<Judged> {
    let desk = Desk {
        rows,
        history,
        names,
        lines,
        now,
        ready_nodes: nodes::ready(rows),
        busiest: pods::busiest(rows, history),
    };
    let mut all = nodes::judge(&desk);
    let (pods, containers) = pods::judge(&desk);
    let workloads = workloads::judge(&desk, &pods);
    let services = services::judge(&desk);
    let volumes = volumes::judge(&desk);
    let namespaces = parents::namespaces(&desk, [&workloads, &pods, &services, &volumes]);
    let clusters = parents::clusters(&desk, &all, &namespaces);
    for judged in [
        clusters, namespaces, workloads, services, volumes, pods, containers,
    ] {
        all.extend(judged);
    }
    all
}

/// The conditions in a row of an object.
fn conditions(row: Row<'_>) -> Conditions {
    row.entries("conditions")
        .into_iter()
        .map(|(name, status)| (name.to_owned(), status.to_owned()))
        .collect()
}

impl Desk<'_> {
    fn otherwise(&self, uid: &str, container: &str) -> Option<&LastOtherwise> {
        self.history
            .otherwise
            .get(&(uid.to_owned(), container.to_owned()))
    }

    /// Since when it is as it is now; where the rows do not reach back so far, their oldest.
    fn since(&self, uid: &str, container: &str, otherwise: &str) -> Option<i64> {
        let known = self.otherwise(uid, container)?;
        Some(known.since(otherwise).unwrap_or(known.first()))
    }

    fn events(&self, uid: &str) -> Vec<health::facts::EventFact> {
        self.history.events.get(uid).cloned().unwrap_or_default()
    }
}
