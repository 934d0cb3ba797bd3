//! Pods.

use serde_json::{Map, Value, json};

use super::{condition, owner};
use crate::plan::{Controller, Part};
use crate::state::Simulation;
use crate::state::pod::{Container, Ended, Maker, Phase, Pod, PodId, State};
use crate::time::rfc3339;

/// A pod as it is now; `None` when it is gone.
pub(super) fn json(sim: &Simulation, id: PodId) -> Option<Value> {
    let pod = sim.pods.get(&id)?;
    let (owner, labels) = made_by(sim, pod);
    let host = pod.node.and_then(|n| sim.nodes.get(n));
    let started = pod
        .containers
        .iter()
        .any(|c| !matches!(c.state, State::Waiting(_)) || c.last.is_some());
    let has_network = pod.sandbox.is_some() || started;
    let address = pod.address.as_ref().filter(|_| has_network);
    let statuses = |pod: &Pod| -> Vec<Value> { pod.containers.iter().map(status).collect() };
    Some(json!({
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": pod.name,
            "namespace": &*pod.namespace,
            "uid": pod.uid,
            "creationTimestamp": rfc3339(pod.created),
            "labels": labels,
            "ownerReferences": owner,
        },
        "spec": {
            "nodeName": host.map(|n| n.name.as_str()),
            "serviceAccountName": "default",
            "hostNetwork": pod.host_network,
            "priorityClassName": pod.priority,
            "restartPolicy": if matches!(pod.maker, Maker::Job(_)) { "Never" } else { "Always" },
            "containers": pod.containers.iter().map(spec).collect::<Vec<_>>(),
        },
        "status": {
            "phase": pod.phase.word(),
            "qosClass": pod.qos(),
            "hostIP": host.map(|n| n.address.as_str()),
            "podIP": address,
            "podIPs": address.map(|ip| json!([{"ip": ip}])),
            "startTime": pod.scheduled.map(rfc3339),
            "conditions": conditions(pod),
            "containerStatuses": if host.is_some() { Some(statuses(pod)) } else { None },
        },
    }))
}

/// Owner references and labels.
fn made_by(sim: &Simulation, pod: &Pod) -> (Option<Value>, Map<String, Value>) {
    let mut labels = Map::new();
    let mut label = |name: &str, value: &str| {
        labels.insert(name.to_owned(), Value::from(value));
    };
    let owner = match pod.maker {
        Maker::Workload { workload, set } => sim.workloads.get(workload).map(|workload| {
            let plan = &workload.plan;
            label("app.kubernetes.io/name", &plan.name);
            label("app.kubernetes.io/part-of", &plan.namespace);
            match (plan.controller, workload.sets.get(set)) {
                (Controller::Deployment, Some(set)) => {
                    label("pod-template-hash", &set.hash);
                    owner("apps/v1", "ReplicaSet", &set.name, &set.uid)
                }
                (Controller::StatefulSet, Some(set)) => {
                    label("controller-revision-hash", &set.name);
                    label("statefulset.kubernetes.io/pod-name", &pod.name);
                    owner("apps/v1", "StatefulSet", &plan.name, &workload.uid)
                }
                (_, set) => {
                    label(
                        "controller-revision-hash",
                        set.map_or("", |s| s.hash.as_str()),
                    );
                    owner(
                        "apps/v1",
                        plan.controller.kind().name(),
                        &plan.name,
                        &workload.uid,
                    )
                }
            }
        }),
        Maker::Job(number) => sim.jobs.get(&number).map(|job| {
            label("batch.kubernetes.io/job-name", &job.name);
            label("job-name", &job.name);
            owner("batch/v1", "Job", &job.name, &job.uid)
        }),
    };
    (owner, labels)
}

fn resources(part: &Part) -> Value {
    let mut limits = Map::new();
    if let Some(cpu) = part.cpu_limit {
        limits.insert("cpu".to_owned(), format!("{cpu}m").into());
    }
    if let Some(memory) = part.memory_limit {
        limits.insert("memory".to_owned(), format!("{memory}Mi").into());
    }
    json!({
        "requests": {
            "cpu": format!("{}m", part.cpu_request),
            "memory": format!("{}Mi", part.memory_request),
        },
        "limits": limits,
    })
}

fn spec(container: &Container) -> Value {
    json!({
        "name": container.part.name,
        "image": container.image,
        "imagePullPolicy": "IfNotPresent",
        "resources": resources(&container.part),
    })
}

fn status(container: &Container) -> Value {
    let state = match &container.state {
        State::Waiting(reason) => json!({"waiting": {"reason": reason}}),
        State::Running { since } => json!({"running": {"startedAt": rfc3339(*since)}}),
        State::Ended(ended) => terminated(ended),
    };
    let was_pulled = container.id().is_some();
    json!({
        "name": container.part.name,
        "image": container.image,
        "imageID": if was_pulled { Some(image_id(container)) } else { None },
        "containerID": container.id().map(|id| format!("containerd://{id}")),
        "ready": container.ready,
        "started": matches!(container.state, State::Running { .. }),
        "restartCount": container.restarts,
        "state": state,
        "lastState": container.last.as_ref().map_or_else(|| json!({}), terminated),
    })
}

/// A digest that is the same for the same image.
fn image_id(container: &Container) -> String {
    let mut sum: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in container.image.bytes() {
        sum = (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    let repository = container.image.split(':').next().unwrap_or_default();
    let digest = crate::random::Random::new(sum).hex(64);
    format!("{repository}@sha256:{digest}")
}

fn terminated(ended: &Ended) -> Value {
    json!({"terminated": {
        "reason": ended.reason,
        "exitCode": ended.exit_code,
        "startedAt": rfc3339(ended.started),
        "finishedAt": rfc3339(ended.finished),
        "containerID": format!("containerd://{}", ended.id),
    }})
}

fn conditions(pod: &Pod) -> Vec<Value> {
    let Some(scheduled) = pod.scheduled else {
        return vec![condition(
            "PodScheduled",
            false,
            Some("Unschedulable"),
            pod.created,
        )];
    };
    let has_ended = matches!(pod.phase, Phase::Succeeded | Phase::Failed);
    let reason = if has_ended {
        "PodCompleted"
    } else {
        "ContainersNotReady"
    };
    let ready = match pod.ready_since {
        Some(since) => (true, None, since),
        None => (false, Some(reason), pod.not_ready_since),
    };
    vec![
        condition("Initialized", true, None, scheduled),
        condition("Ready", ready.0, ready.1, ready.2),
        condition("ContainersReady", ready.0, ready.1, ready.2),
        condition("PodScheduled", true, None, scheduled),
    ]
}
