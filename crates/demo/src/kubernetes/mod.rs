//! Objects in the JSON of the Kubernetes API, as a cluster of version 1.31 shows them, and telling of those that have
//! changed.

mod job;
mod node;
mod pod;
mod service;
mod volume;
mod workload;

use cluster::{Kind, ToldError};
use serde_json::{Value, json};

use crate::plan;
use crate::state::Simulation;
use crate::time::{DAY, rfc3339};

/// The version that the API server and the kubelets are of.
const VERSION: &str = "v1.31.2";

/// Tells of what there is beside pods, workloads and nodes: once.
pub(crate) fn begin(sim: &mut Simulation) -> Result<(), ToldError> {
    let mut namespaces: Vec<String> = plan::NAMESPACES.map(str::to_owned).into();
    let more = sim.workloads.iter().map(|w| w.plan.namespace.to_string());
    namespaces.extend(more);
    namespaces.push("default".to_owned());
    namespaces.sort();
    namespaces.dedup();
    let created = rfc3339(sim.started - 30 * DAY);
    for name in namespaces {
        let uid = sim.random.uuid();
        sim.told.apply(
            Kind::Namespace,
            json!({
                "apiVersion": "v1",
                "kind": "Namespace",
                "metadata": {
                    "name": name,
                    "uid": uid,
                    "creationTimestamp": created,
                    "labels": {"kubernetes.io/metadata.name": name},
                },
                "spec": {"finalizers": ["kubernetes"]},
                "status": {"phase": "Active"},
            }),
        )?;
    }
    volume::tell(sim)?;
    service::tell(sim)
}

/// Tells of everything that has changed since the last call.
pub(crate) fn tell(sim: &mut Simulation) -> Result<(), ToldError> {
    let changed = std::mem::take(&mut sim.changed);
    for place in changed.workloads {
        workload::tell(sim, place)?;
    }
    for number in changed.jobs {
        job::tell(sim, number)?;
    }
    for place in changed.crons {
        job::tell_cron(sim, place)?;
    }
    for id in changed.pods {
        if let Some(json) = pod::json(sim, id) {
            sim.told.apply(Kind::Pod, json)?;
        }
    }
    for place in changed.nodes {
        if let Some(node) = sim.nodes.get(place) {
            sim.told.apply(Kind::Node, node::json(node))?;
        }
    }
    for event in changed.events {
        sim.told.apply(Kind::Event, event)?;
    }
    for (kind, uid) in changed.deleted {
        sim.told.delete(kind, &uid);
    }
    Ok(())
}

/// A condition; `since` in microseconds.
fn condition(name: &str, holds: bool, reason: Option<&str>, since: i64) -> Value {
    let status = if holds { "True" } else { "False" };
    json!({"type": name, "status": status, "reason": reason, "lastTransitionTime": rfc3339(since)})
}

/// A controlling owner.
fn owner(api_version: &str, kind: &str, name: &str, uid: &str) -> Value {
    json!([{
        "apiVersion": api_version,
        "kind": kind,
        "name": name,
        "uid": uid,
        "controller": true,
        "blockOwnerDeletion": true,
    }])
}
