//! Deployments, replica sets, stateful sets and daemon sets, and the slices that list their pods.

use cluster::{Kind, ToldError};
use serde_json::{Value, json};

use super::{condition, owner, service};
use crate::plan::Controller;
use crate::state::Simulation;
use crate::state::pod::{Maker, Pod};
use crate::state::workload::{Progress, ReplicaSet, Workload};
use crate::time::rfc3339;

/// Pods of a workload, or of one of its versions.
#[derive(Debug, Default, Clone, Copy)]
struct Count {
    all: u32,
    ready: u32,
    /// Of the version that is asked for.
    updated: u32,
}

/// Tells of a workload and of what hangs on it.
pub(super) fn tell(sim: &mut Simulation, place: usize) -> Result<(), ToldError> {
    let Some(workload) = sim.workloads.get_mut(place) else {
        return Ok(());
    };
    let pods = workload.pods.iter().filter_map(|id| sim.pods.get(id));
    let mut count = Count::default();
    let mut of_sets = vec![Count::default(); workload.sets.len()];
    for pod in pods {
        let set = set_of(pod);
        let ready = u32::from(pod.is_ready());
        count.all += 1;
        count.ready += ready;
        count.updated += u32::from(set == workload.wanted);
        if let Some(of_set) = of_sets.get_mut(set) {
            of_set.all += 1;
            of_set.ready += ready;
        }
    }
    let told = &mut sim.told;
    let kind = workload.plan.controller.kind();
    match workload.plan.controller {
        Controller::Deployment => {
            told.apply(kind, deployment(workload, count))?;
            for (set, of_set) in workload.sets.iter().zip(&of_sets) {
                told.apply(Kind::ReplicaSet, replica_set(workload, set, *of_set))?;
            }
        }
        Controller::StatefulSet => told.apply(kind, stateful_set(workload, count))?,
        Controller::DaemonSet => told.apply(kind, daemon_set(workload, count))?,
    }
    if workload.plan.port.is_some() {
        let pods = workload.pods.iter().filter_map(|id| sim.pods.get(id));
        let slice = service::slice(workload, pods);
        told.apply(Kind::EndpointSlice, slice)?;
    }
    Ok(())
}

fn set_of(pod: &Pod) -> usize {
    match pod.maker {
        Maker::Workload { set, .. } => set,
        Maker::Job(_) => 0,
    }
}

fn metadata(workload: &Workload, labels: bool) -> Value {
    let plan = &workload.plan;
    let labels = labels.then(|| json!({"app.kubernetes.io/name": &*plan.name, "app.kubernetes.io/part-of": &*plan.namespace}));
    json!({
        "name": &*plan.name,
        "namespace": &*plan.namespace,
        "uid": workload.uid,
        "creationTimestamp": rfc3339(workload.created),
        "generation": workload.generation,
        "labels": labels,
    })
}

/// Zero is left out, as the API server does.
fn unless_zero(number: u32) -> Option<u32> {
    (number > 0).then_some(number)
}

fn deployment(workload: &Workload, count: Count) -> Value {
    let plan = &workload.plan;
    // A quarter may be missing during a rollout, rounded down.
    let needed = plan.replicas - plan.replicas / 4;
    let is_available = count.ready >= needed;
    let (progressing, reason) = match workload.progress {
        Progress::Done => (true, "NewReplicaSetAvailable"),
        Progress::Under => (true, "ReplicaSetUpdated"),
        Progress::DeadlineExceeded => (false, "ProgressDeadlineExceeded"),
    };
    let available = if is_available {
        "MinimumReplicasAvailable"
    } else {
        "MinimumReplicasUnavailable"
    };
    json!({
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": metadata(workload, true),
        "spec": {"replicas": plan.replicas, "progressDeadlineSeconds": 600},
        "status": {
            "observedGeneration": workload.generation,
            "replicas": unless_zero(count.all),
            "updatedReplicas": unless_zero(count.updated),
            "readyReplicas": unless_zero(count.ready),
            "availableReplicas": unless_zero(count.ready),
            "unavailableReplicas": unless_zero(count.all.max(plan.replicas) - count.ready),
            "conditions": [
                condition("Available", is_available, Some(available), workload.available_since),
                condition("Progressing", progressing, Some(reason), workload.progress_since),
            ],
        },
    })
}

fn replica_set(workload: &Workload, set: &ReplicaSet, count: Count) -> Value {
    let plan = &workload.plan;
    json!({
        "apiVersion": "apps/v1",
        "kind": "ReplicaSet",
        "metadata": {
            "name": set.name,
            "namespace": &*plan.namespace,
            "uid": set.uid,
            "creationTimestamp": rfc3339(set.created),
            "generation": 1,
            "labels": {"app.kubernetes.io/name": &*plan.name, "pod-template-hash": set.hash},
            "annotations": {"deployment.kubernetes.io/revision": set.revision.to_string()},
            "ownerReferences": owner("apps/v1", "Deployment", &plan.name, &workload.uid),
        },
        "spec": {"replicas": set.desired},
        "status": {
            "observedGeneration": 1,
            "replicas": count.all,
            "readyReplicas": unless_zero(count.ready),
            "availableReplicas": unless_zero(count.ready),
        },
    })
}

fn stateful_set(workload: &Workload, count: Count) -> Value {
    let revision = workload.sets.first().map(|s| s.name.as_str());
    json!({
        "apiVersion": "apps/v1",
        "kind": "StatefulSet",
        "metadata": metadata(workload, true),
        "spec": {"replicas": workload.plan.replicas},
        "status": {
            "observedGeneration": workload.generation,
            "replicas": count.all,
            "readyReplicas": unless_zero(count.ready),
            "availableReplicas": count.ready,
            "updatedReplicas": unless_zero(count.all),
            "currentRevision": revision,
            "updateRevision": revision,
        },
    })
}

fn daemon_set(workload: &Workload, count: Count) -> Value {
    let wanted = workload.plan.replicas;
    json!({
        "apiVersion": "apps/v1",
        "kind": "DaemonSet",
        "metadata": metadata(workload, true),
        "status": {
            "observedGeneration": workload.generation,
            "desiredNumberScheduled": wanted,
            "currentNumberScheduled": count.all,
            "updatedNumberScheduled": count.all,
            "numberReady": count.ready,
            "numberAvailable": unless_zero(count.ready),
            "numberUnavailable": unless_zero(wanted - count.ready.min(wanted)),
            "numberMisscheduled": 0,
        },
    })
}
