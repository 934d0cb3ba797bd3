//! A rollout of `catalog` that does not come up, and is taken back. In even hours its readiness probe fails, in odd ones
//! its image cannot be pulled.

use std::sync::Arc;

use super::{Action, HOUR, ROLLOUT};
use crate::logs::Voice;
use crate::plan::Part;
use crate::state::Simulation;
use crate::state::lifecycle::Event;
use crate::state::pod::{Maker, PodId, State};
use crate::state::workload::{Progress, ReplicaSet};
use crate::time::{MINUTE, SECOND, next};

/// `spec.progressDeadlineSeconds`, as it is when nobody sets it.
const DEADLINE: i64 = 10 * MINUTE;
const PROBES: i64 = 20 * SECOND;
const LONGEST_PULL_WAIT: i64 = 150 * SECOND;

fn cannot_be_pulled(at: i64) -> bool {
    at.div_euclid(HOUR).rem_euclid(2) == 1
}

/// A new version is asked for. One pod of it is made beside the old ones.
pub(super) fn begin(sim: &mut Simulation, at: i64) {
    sim.schedule
        .at(next(at, HOUR, ROLLOUT.0), Action::RolloutBegins);
    let Some(place) = sim.workload("shop", "catalog") else {
        return;
    };
    if sim.story.bad_set.is_some() {
        return;
    }
    let (hash, uid) = (sim.random.name_end(9), sim.random.uuid());
    let Some(workload) = sim.workloads.get_mut(place) else {
        return;
    };
    let revision = workload.sets.iter().map(|s| s.revision).max().unwrap_or(0) + 1;
    let tag = if cannot_be_pulled(at) {
        "2.15.0-rc1"
    } else {
        "2.15.0"
    };
    let parts = workload.plan.parts.iter();
    let parts = parts.map(|part| {
        Arc::new(Part {
            tag,
            voice: Voice::Silent,
            ..(**part).clone()
        })
    });
    workload.sets.push(ReplicaSet {
        name: format!("{}-{hash}", workload.plan.name),
        hash,
        uid,
        created: at,
        desired: 1,
        parts: parts.collect(),
        revision,
    });
    let set = workload.sets.len() - 1;
    workload.wanted = set;
    workload.generation += 1;
    (workload.progress, workload.progress_since) = (Progress::Under, at);
    let message = format!("Scaled up replica set {} to 1", workload.sets[set].name);
    let event = Event::of_workload(workload, "Normal", "ScalingReplicaSet", message);
    sim.happen(event, at);
    sim.story.bad_set = Some(set);
    sim.changed.workloads.insert(place);
    let maker = Maker::Workload {
        workload: place,
        set,
    };
    let id = sim.make_pod(maker, at);
    sim.schedule.at(at + DEADLINE, Action::DeadlinePasses);
    if cannot_be_pulled(at) {
        sim.schedule
            .at(at + 3 * SECOND, Action::PullFails(id, false));
    } else {
        sim.schedule.at(at + SECOND, Action::StartPod(id));
        sim.schedule
            .at(at + SECOND + PROBES, Action::ProbeFails(id));
    }
}

/// Whether a pod is of the version that does not come up.
pub(crate) fn is_bad(sim: &Simulation, id: PodId) -> bool {
    let Some(bad) = sim.story.bad_set else {
        return false;
    };
    let catalog = sim.workload("shop", "catalog");
    sim.pods.get(&id).is_some_and(|pod| match pod.maker {
        Maker::Workload { workload, set } => Some(workload) == catalog && set == bad,
        Maker::Job(_) => false,
    })
}

/// The readiness probe has no good answer.
pub(super) fn probe_fails(sim: &mut Simulation, id: PodId, at: i64) {
    let Some(pod) = sim.pods.get(&id) else { return };
    let message = "Readiness probe failed: HTTP probe failed with statuscode: 503".to_owned();
    let event = Event::of_container(pod, 0, "Warning", "Unhealthy", message);
    sim.happen(event, at);
    let line = format!(
        r#"{{"time":"{}","level":"error","service":"catalog","msg":"not ready: index has version 7, version 8 is needed","path":"/healthz"}}"#,
        crate::time::rfc3339_millis(at)
    );
    sim.say(id, 0, at, Some("error"), false, line);
    sim.schedule.at(at + PROBES, Action::ProbeFails(id));
}

/// The image is not there; between attempts the kubelet waits.
pub(super) fn pull_fails(sim: &mut Simulation, id: PodId, again: bool, at: i64) {
    sim.start_sandbox(id, at);
    let Some(pod) = sim.pods.get_mut(&id) else {
        return;
    };
    let Some(container) = pod.containers.first_mut() else {
        return;
    };
    let image = container.image.clone();
    let waits = matches!(container.state, State::Waiting("ErrImagePull"));
    if waits {
        container.state = State::Waiting("ImagePullBackOff");
        let events = [
            (
                "Normal",
                "BackOff",
                format!("Back-off pulling image \"{image}\""),
            ),
            ("Warning", "Failed", "Error: ImagePullBackOff".to_owned()),
        ];
        for (kind, reason, message) in events {
            let Some(pod) = sim.pods.get(&id) else { return };
            let event = Event::of_container(pod, 0, kind, reason, message);
            sim.happen(event, at);
        }
        let wait = if again {
            LONGEST_PULL_WAIT
        } else {
            20 * SECOND
        };
        sim.schedule.at(at + wait, Action::PullFails(id, true));
    } else {
        container.state = State::Waiting("ErrImagePull");
        let failed = format!(
            "Failed to pull image \"{image}\": rpc error: code = NotFound desc = failed to pull and unpack image \"{image}\": not found"
        );
        let events = [
            ("Normal", "Pulling", format!("Pulling image \"{image}\"")),
            ("Warning", "Failed", failed),
            ("Warning", "Failed", "Error: ErrImagePull".to_owned()),
        ];
        for (kind, reason, message) in events {
            let Some(pod) = sim.pods.get(&id) else { return };
            let event = Event::of_container(pod, 0, kind, reason, message);
            sim.happen(event, at);
        }
        sim.schedule
            .at(at + 12 * SECOND, Action::PullFails(id, again));
    }
    sim.changed.pods.insert(id);
}

/// It has not come up in time.
pub(super) fn deadline(sim: &mut Simulation, at: i64) {
    let Some(place) = sim.workload("shop", "catalog") else {
        return;
    };
    let workload = &mut sim.workloads[place];
    if workload.progress == Progress::Under {
        workload.progress = Progress::DeadlineExceeded;
        workload.progress_since = at;
        sim.changed.workloads.insert(place);
    }
}

/// Somebody takes the version back: the pod that did not come up goes.
pub(super) fn roll_back(sim: &mut Simulation, at: i64) {
    sim.schedule
        .at(next(at, HOUR, ROLLOUT.1), Action::RollsBack);
    let (Some(set), Some(place)) = (sim.story.bad_set.take(), sim.workload("shop", "catalog"))
    else {
        return;
    };
    let workload = &mut sim.workloads[place];
    workload.wanted = 0;
    workload.generation += 1;
    (workload.progress, workload.progress_since) = (Progress::Done, at);
    // What was asked for again is the newest revision.
    let newest = workload.sets.iter().map(|s| s.revision).max().unwrap_or(0);
    workload.sets[0].revision = newest + 1;
    workload.sets[set].desired = 0;
    let message = format!("Scaled down replica set {} to 0", workload.sets[set].name);
    let event = Event::of_workload(workload, "Normal", "ScalingReplicaSet", message);
    let pods: Vec<PodId> = workload.pods.clone();
    // Two old versions are kept; the oldest goes.
    let old: Vec<usize> = (1..workload.sets.len())
        .filter(|s| workload.sets[*s].desired == 0)
        .collect();
    let oldest = (old.len() > 2).then(|| workload.sets[old[0]].uid.clone());
    sim.happen(event, at);
    for id in pods {
        let made_by_it = Maker::Workload {
            workload: place,
            set,
        };
        if sim.pods.get(&id).is_some_and(|p| p.maker == made_by_it) {
            sim.stop_pod(id, at);
        }
    }
    if let Some(uid) = oldest {
        sim.changed.deleted.push((cluster::Kind::ReplicaSet, uid));
        sim.forget_set(place, old[0]);
    }
    sim.changed.workloads.insert(place);
}
