//! A pod that asks for more than any node has.

use super::{Action, HOUR, PENDS};
use crate::state::Simulation;
use crate::state::lifecycle::Event;
use crate::state::pod::{Maker, PodId};
use crate::time::{MINUTE, next};

/// Somebody scales `reindex` to 1.
pub(super) fn begin(sim: &mut Simulation, at: i64) {
    sim.schedule
        .at(next(at, HOUR, PENDS.0), Action::PendingBegins);
    scale(sim, 1, at);
    let Some(place) = sim.workload("batch", "reindex") else {
        return;
    };
    let maker = Maker::Workload {
        workload: place,
        set: 0,
    };
    let id = sim.make_pod(maker, at);
    sim.story.pending = Some(id);
    finds_no_node(sim, id, at);
}

fn scale(sim: &mut Simulation, replicas: u32, at: i64) {
    let Some(place) = sim.workload("batch", "reindex") else {
        return;
    };
    let workload = &mut sim.workloads[place];
    workload.plan.replicas = replicas;
    workload.sets[0].desired = replicas;
    workload.generation += 1;
    workload.progress_since = at;
    workload.available_since = at;
    let way = if replicas > 0 { "up" } else { "down" };
    let message = format!(
        "Scaled {way} replica set {} to {replicas}",
        workload.sets[0].name
    );
    let event = Event::of_workload(workload, "Normal", "ScalingReplicaSet", message);
    sim.happen(event, at);
    sim.changed.workloads.insert(place);
}

/// The scheduler says so, again and again.
pub(super) fn finds_no_node(sim: &mut Simulation, id: PodId, at: i64) {
    let nodes = sim.nodes.len();
    let Some(pod) = sim.pods.get(&id) else { return };
    let message = format!(
        "0/{nodes} nodes are available: {nodes} Insufficient cpu. preemption: 0/{nodes} nodes are available: {nodes} No preemption victims found for incoming pod."
    );
    let event = Event::of_pod(pod, "Warning", "FailedScheduling", message);
    sim.happen(event.from("default-scheduler"), at);
    sim.schedule.at(at + MINUTE, Action::FindsNoNode(id));
}

/// Somebody gives up.
pub(super) fn end(sim: &mut Simulation, at: i64) {
    sim.schedule
        .at(next(at, HOUR, PENDS.1), Action::PendingEnds);
    let Some(id) = sim.story.pending.take() else {
        return;
    };
    scale(sim, 0, at);
    sim.stop_pod(id, at);
}
