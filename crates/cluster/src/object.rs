//! Rows of table `object`: the state of objects at a moment.

use crate::api::{Condition, ContainerStatus, Meta, Pairs, Pod, Thing};
use crate::identity::pairs;
use crate::kind::Kind;
use crate::quantity::{number, whole};
use crate::rows::Rows;

/// What all rows of one moment share.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moment<'a> {
    pub(crate) cluster: &'a str,
    /// The tick, in microseconds since 1970.
    pub(crate) tick: i64,
    /// From the tick to the reading, in microseconds.
    pub(crate) delay: i64,
}

/// What is not in the object itself.
#[derive(Debug, Clone, Default)]
pub(crate) struct Context {
    /// Since the object's row before, in microseconds; `None` in the first.
    pub(crate) interval: Option<i64>,
    /// Kind and name at the end of the owner chain.
    pub(crate) workload: Option<(String, String)>,
    /// Of a pod, restarts since the row before.
    pub(crate) restarts_increase: Option<i64>,
    /// Of a service: addresses that are ready, and that are not.
    pub(crate) endpoints: Option<(i64, i64)>,
}

const ROLE: &str = "node-role.kubernetes.io/";

fn begin(rows: &mut Rows, moment: Moment<'_>, kind: &str, meta: &Meta, context: &Context) {
    rows.time("time", Some(moment.tick));
    rows.integer("interval_usec", context.interval);
    rows.integer("read_delay_usec", Some(moment.delay.max(0)));
    rows.text("cluster", Some(moment.cluster));
    rows.text("object_kind", Some(kind));
    rows.text("namespace", meta.namespace.as_deref());
    rows.text("object_name", Some(&meta.name));
    rows.text("object_uid", Some(&meta.uid));
    if let Some(owner) = meta.owner() {
        rows.text("owner_kind", Some(&owner.kind));
        rows.text("owner_name", Some(&owner.name));
    }
    if let Some((kind, name)) = &context.workload {
        rows.text("workload_kind", Some(kind));
        rows.text("workload", Some(name));
    }
    rows.labels("labels", pairs(&meta.labels));
    rows.time("created_time", meta.creation_timestamp);
    rows.time("deleted_time", meta.deletion_timestamp);
    rows.integer("generation", meta.generation);
}

fn conditions(rows: &mut Rows, conditions: &[Condition]) {
    let pairs = conditions
        .iter()
        .map(|c| (c.r#type.as_str(), c.status.as_str()));
    rows.labels("conditions", pairs);
}

/// Since when a condition is true.
fn since(conditions: &[Condition], name: &str) -> Option<i64> {
    let condition = conditions.iter().find(|c| c.r#type == name)?;
    (condition.status == "True")
        .then_some(condition.last_transition_time)
        .flatten()
}

/// Restarts of all containers.
pub(crate) fn restarts(pod: &Pod) -> i64 {
    let statuses = &pod.status.container_statuses;
    statuses.iter().map(|s| s.restart_count).sum()
}

/// Writes a pod's row.
pub(crate) fn pod(rows: &mut Rows, moment: Moment<'_>, pod: &Pod, context: &Context) {
    begin(rows, moment, Kind::Pod.name(), &pod.metadata, context);
    let status = &pod.status;
    rows.text("node", pod.spec.node_name.as_deref());
    conditions(rows, &status.conditions);
    rows.text("phase", status.phase.as_deref());
    // Why a pod is not scheduled is said by the condition only.
    let unscheduled = status
        .conditions
        .iter()
        .find(|c| c.r#type == "PodScheduled" && c.status != "True")
        .and_then(|c| c.reason.as_deref());
    rows.text("status_reason", status.reason.as_deref().or(unscheduled));
    rows.text("qos_class", status.qos_class.as_deref());
    let count = |holds: &dyn Fn(&ContainerStatus) -> bool| {
        let number = status
            .container_statuses
            .iter()
            .filter(|s| holds(s))
            .count();
        i64::try_from(number).ok()
    };
    rows.integer("containers", count(&|_| true));
    rows.integer("containers_running", count(&|s| s.state.running.is_some()));
    rows.integer("containers_waiting", count(&|s| s.state.waiting.is_some()));
    rows.integer(
        "containers_terminated",
        count(&|s| s.state.terminated.is_some()),
    );
    rows.integer("containers_ready", count(&|s| s.ready));
    rows.integer("restarts", Some(restarts(pod)));
    rows.integer("restarts_increase", context.restarts_increase);
    rows.time("started_time", status.start_time);
    rows.time("scheduled_time", since(&status.conditions, "PodScheduled"));
    rows.time("ready_time", since(&status.conditions, "Ready"));
    rows.end_row();
}

/// Writes the row of a container of a pod.
pub(crate) fn container(
    rows: &mut Rows,
    moment: Moment<'_>,
    pod: &Pod,
    status: &ContainerStatus,
    context: &Context,
) {
    begin(rows, moment, "Container", &pod.metadata, context);
    rows.text("container", Some(&status.name));
    rows.text("node", pod.spec.node_name.as_deref());
    let state = &status.state;
    let word = if state.running.is_some() {
        "running"
    } else if state.terminated.is_some() {
        "terminated"
    } else {
        "waiting"
    };
    rows.text("container_state", Some(word));
    rows.integer("restarts", Some(status.restart_count));
    rows.integer("restarts_increase", context.restarts_increase);
    let reason = |of: &Option<crate::api::StateDetail>| of.as_ref().and_then(|d| d.reason.clone());
    rows.text("waiting_reason", reason(&state.waiting).as_deref());
    rows.text("terminated_reason", reason(&state.terminated).as_deref());
    if let Some(ended) = &state.terminated {
        rows.integer("exit_code", ended.exit_code);
        rows.time("terminated_time", ended.finished_at);
    }
    rows.flag("ready", Some(status.ready));
    if let Some(last) = &status.last_state.terminated {
        rows.text("last_terminated_reason", last.reason.as_deref());
        rows.integer("last_exit_code", last.exit_code);
        rows.time("last_terminated_time", last.finished_at);
    }
    let begun = state.running.as_ref().or(state.terminated.as_ref());
    rows.time("started_time", begun.and_then(|d| d.started_at));
    rows.end_row();
}

/// Writes the row of an object of another kind.
pub(crate) fn thing(
    rows: &mut Rows,
    moment: Moment<'_>,
    kind: Kind,
    thing: &Thing,
    context: &Context,
) {
    begin(rows, moment, kind.name(), &thing.metadata, context);
    let (spec, status) = (&thing.spec, &thing.status);
    conditions(rows, &status.conditions);
    rows.text("phase", status.phase.as_deref());
    rows.text("status_reason", status.reason.as_deref());
    rows.integer("observed_generation", status.observed_generation);
    match kind {
        Kind::Node => node(rows, thing),
        Kind::Deployment | Kind::ReplicaSet | Kind::StatefulSet => {
            // What is not written is 0.
            let current = status.replicas.unwrap_or(0);
            let desired = spec.replicas.unwrap_or(1);
            let ready = status.ready_replicas.unwrap_or(0);
            // Stateful sets before 1.22 do not say how many are available; those that are ready are.
            let available = status.available_replicas.unwrap_or(match kind {
                Kind::StatefulSet => ready,
                _ => 0,
            });
            rows.integer("replicas_desired", Some(desired));
            rows.integer("replicas_current", Some(current));
            rows.integer("replicas_ready", Some(ready));
            rows.integer("replicas_available", Some(available));
            let missing = status.unavailable_replicas.unwrap_or(match kind {
                Kind::Deployment => 0,
                _ => (desired - available).max(0),
            });
            rows.integer("replicas_unavailable", Some(missing));
            if kind != Kind::ReplicaSet {
                rows.integer(
                    "replicas_updated",
                    Some(status.updated_replicas.unwrap_or(0)),
                );
            }
            if kind == Kind::Deployment {
                rows.flag("paused", Some(spec.paused.unwrap_or(false)));
            }
            rows.text("current_revision", status.current_revision.as_deref());
            rows.text("update_revision", status.update_revision.as_deref());
        }
        Kind::DaemonSet => {
            let counts = [
                ("replicas_desired", status.desired_number_scheduled),
                ("replicas_current", status.current_number_scheduled),
                ("replicas_ready", status.number_ready),
                ("replicas_available", status.number_available),
                ("replicas_unavailable", status.number_unavailable),
                ("replicas_updated", status.updated_number_scheduled),
                ("replicas_misscheduled", status.number_misscheduled),
            ];
            for (column, count) in counts {
                rows.integer(column, Some(count.unwrap_or(0)));
            }
        }
        Kind::Job => {
            rows.integer("job_active", Some(status.active.unwrap_or(0)));
            rows.integer("job_succeeded", Some(status.succeeded.unwrap_or(0)));
            rows.integer("job_failed", Some(status.failed.unwrap_or(0)));
            rows.integer("job_completions", spec.completions);
            rows.integer("job_parallelism", spec.parallelism);
            rows.flag("paused", spec.suspend);
            rows.time("started_time", status.start_time);
            rows.time("completed_time", status.completion_time);
        }
        Kind::CronJob => {
            rows.integer("job_active", Some(status.active.unwrap_or(0)));
            rows.text("schedule", spec.schedule.as_deref());
            rows.flag("paused", spec.suspend);
            rows.time("last_schedule_time", status.last_schedule_time);
            rows.time("last_success_time", status.last_successful_time);
        }
        Kind::Service => {
            rows.text("service_type", spec.r#type.as_deref());
            if let Some((ready, not_ready)) = context.endpoints {
                rows.integer("endpoints_ready", Some(ready));
                rows.integer("endpoints_not_ready", Some(not_ready));
            }
        }
        Kind::PersistentVolumeClaim | Kind::PersistentVolume => volume(rows, thing),
        Kind::Namespace | Kind::Ingress | Kind::Pod | Kind::EndpointSlice | Kind::Event => {}
    }
    rows.end_row();
}

fn bytes(of: &Pairs, name: &str) -> Option<i64> {
    of.get(name).and_then(|q| number(q)).and_then(whole)
}

fn node(rows: &mut Rows, node: &Thing) {
    let (meta, spec, status) = (&node.metadata, &node.spec, &node.status);
    rows.text("node", Some(&meta.name));
    rows.flag("unschedulable", Some(spec.unschedulable));
    let taints: Vec<(String, &str)> = spec
        .taints
        .iter()
        .map(|taint| {
            let value = taint.value.as_deref().unwrap_or_default();
            (format!("{}={value}", taint.key), taint.effect.as_str())
        })
        .collect();
    rows.labels("taints", taints.iter().map(|(k, v)| (k.as_str(), *v)));
    let roles = meta.labels.iter().filter_map(|(label, value)| {
        let role = label.strip_prefix(ROLE)?;
        Some((role, value.as_str()))
    });
    rows.labels("roles", roles);
    let addresses = status.addresses.iter();
    rows.labels(
        "addresses",
        addresses.map(|a| (a.r#type.as_str(), a.address.as_str())),
    );
    let named = [
        "kernelVersion",
        "osImage",
        "operatingSystem",
        "architecture",
        "containerRuntimeVersion",
        "kubeletVersion",
        "kubeProxyVersion",
    ];
    let versions = named
        .iter()
        .filter_map(|name| Some((*name, status.node_info.get(*name)?.as_str())))
        .chain(spec.provider_id.as_deref().map(|id| ("providerID", id)));
    rows.labels("versions", versions);
    let share = |of: &Pairs| of.get("cpu").and_then(|q| number(q));
    rows.float("cpu_capacity_cores", share(&status.capacity));
    rows.float("cpu_allocatable_cores", share(&status.allocatable));
    rows.integer("memory_capacity_bytes", bytes(&status.capacity, "memory"));
    rows.integer(
        "memory_allocatable_bytes",
        bytes(&status.allocatable, "memory"),
    );
    rows.integer("pods_capacity", bytes(&status.capacity, "pods"));
    rows.integer("pods_allocatable", bytes(&status.allocatable, "pods"));
    rows.integer(
        "ephemeral_storage_allocatable_bytes",
        bytes(&status.allocatable, "ephemeral-storage"),
    );
    let plain = ["cpu", "memory", "pods", "ephemeral-storage"];
    let extended = pairs(&status.allocatable).filter(|(name, _)| !plain.contains(name));
    rows.labels("extended_allocatable", extended);
}

fn volume(rows: &mut Rows, thing: &Thing) {
    let (spec, status) = (&thing.spec, &thing.status);
    rows.text("storage_class", spec.storage_class_name.as_deref());
    let claim = spec.claim_ref.as_ref().map(|claim| {
        let namespace = claim.namespace.as_deref().unwrap_or_default();
        format!("{namespace}/{}", claim.name)
    });
    rows.text(
        "volume_name",
        spec.volume_name.as_deref().or(claim.as_deref()),
    );
    let modes = spec.access_modes.iter();
    rows.labels("access_modes", modes.map(|mode| (mode.as_str(), "")));
    rows.integer(
        "storage_request_bytes",
        bytes(&spec.resources.requests, "storage"),
    );
    let capacity = bytes(&status.capacity, "storage").or(bytes(&spec.capacity, "storage"));
    rows.integer("storage_capacity_bytes", capacity);
}
