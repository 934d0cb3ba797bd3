//! Names of kube-state-metrics for what the table `object` has. Names that are not here are of what it has not.

use std::sync::LazyLock;

use catalogue::{Dialect, Formula, Metric, MetricKind, Rows, column};

/// Where these names come from.
pub(super) const ORIGIN: &str = "kube-state-metrics";

/// Label and column, or label and fixed value.
type Labels = &'static [(&'static str, &'static str)];

/// Metrics that share labels and rows.
struct Group {
    rows: Rows,
    labels: Labels,
}

const fn of(kind: &'static str, labels: Labels) -> Group {
    Group {
        rows: Rows::Equal("object_kind", kind),
        labels,
    }
}

const DEPLOYMENT: Group = of(
    "Deployment",
    &[("namespace", "namespace"), ("deployment", "object_name")],
);
const STATEFUL_SET: Group = of(
    "StatefulSet",
    &[("namespace", "namespace"), ("statefulset", "object_name")],
);
const DAEMON_SET: Group = of(
    "DaemonSet",
    &[("namespace", "namespace"), ("daemonset", "object_name")],
);
const REPLICA_SET: Group = of(
    "ReplicaSet",
    &[("namespace", "namespace"), ("replicaset", "object_name")],
);
const JOB: Group = of(
    "Job",
    &[("namespace", "namespace"), ("job_name", "object_name")],
);
const NODE: Group = of("Node", &[("node", "object_name")]);
const POD: Group = of("Pod", &[("namespace", "namespace"), ("pod", "object_name")]);
const CLAIM: Group = of(
    "PersistentVolumeClaim",
    &[
        ("namespace", "namespace"),
        ("persistentvolumeclaim", "object_name"),
    ],
);
const VOLUME: Group = of("PersistentVolume", &[("persistentvolume", "object_name")]);
const OF_CONTAINERS: Labels = &[
    ("namespace", "namespace"),
    ("pod", "object_name"),
    ("container", "container"),
];
const CONTAINER: Group = of("Container", OF_CONTAINERS);

/// A gauge that is a column.
const GAUGES: [(Group, &str, &str); 33] = [
    (
        DEPLOYMENT,
        "kube_deployment_spec_replicas",
        "replicas_desired",
    ),
    (
        DEPLOYMENT,
        "kube_deployment_status_replicas",
        "replicas_current",
    ),
    (
        DEPLOYMENT,
        "kube_deployment_status_replicas_ready",
        "replicas_ready",
    ),
    (
        DEPLOYMENT,
        "kube_deployment_status_replicas_available",
        "replicas_available",
    ),
    (
        DEPLOYMENT,
        "kube_deployment_status_replicas_unavailable",
        "replicas_unavailable",
    ),
    (
        DEPLOYMENT,
        "kube_deployment_status_replicas_updated",
        "replicas_updated",
    ),
    (
        DEPLOYMENT,
        "kube_deployment_metadata_generation",
        "generation",
    ),
    (
        DEPLOYMENT,
        "kube_deployment_status_observed_generation",
        "observed_generation",
    ),
    (DEPLOYMENT, "kube_deployment_spec_paused", "paused"),
    (
        STATEFUL_SET,
        "kube_statefulset_replicas",
        "replicas_desired",
    ),
    (
        STATEFUL_SET,
        "kube_statefulset_status_replicas",
        "replicas_current",
    ),
    (
        STATEFUL_SET,
        "kube_statefulset_status_replicas_ready",
        "replicas_ready",
    ),
    (
        STATEFUL_SET,
        "kube_statefulset_status_replicas_available",
        "replicas_available",
    ),
    (
        STATEFUL_SET,
        "kube_statefulset_status_replicas_updated",
        "replicas_updated",
    ),
    (
        STATEFUL_SET,
        "kube_statefulset_metadata_generation",
        "generation",
    ),
    (
        STATEFUL_SET,
        "kube_statefulset_status_observed_generation",
        "observed_generation",
    ),
    (
        DAEMON_SET,
        "kube_daemonset_status_desired_number_scheduled",
        "replicas_desired",
    ),
    (
        DAEMON_SET,
        "kube_daemonset_status_current_number_scheduled",
        "replicas_current",
    ),
    (
        DAEMON_SET,
        "kube_daemonset_status_number_ready",
        "replicas_ready",
    ),
    (
        DAEMON_SET,
        "kube_daemonset_status_number_available",
        "replicas_available",
    ),
    (
        DAEMON_SET,
        "kube_daemonset_status_number_unavailable",
        "replicas_unavailable",
    ),
    (
        DAEMON_SET,
        "kube_daemonset_status_updated_number_scheduled",
        "replicas_updated",
    ),
    (
        DAEMON_SET,
        "kube_daemonset_status_number_misscheduled",
        "replicas_misscheduled",
    ),
    (
        REPLICA_SET,
        "kube_replicaset_spec_replicas",
        "replicas_desired",
    ),
    (
        REPLICA_SET,
        "kube_replicaset_status_replicas",
        "replicas_current",
    ),
    (
        REPLICA_SET,
        "kube_replicaset_status_ready_replicas",
        "replicas_ready",
    ),
    (JOB, "kube_job_status_active", "job_active"),
    (JOB, "kube_job_status_succeeded", "job_succeeded"),
    (JOB, "kube_job_status_failed", "job_failed"),
    (JOB, "kube_job_spec_completions", "job_completions"),
    (NODE, "kube_node_spec_unschedulable", "unschedulable"),
    (CONTAINER, "kube_pod_container_status_ready", "ready"),
    (
        CLAIM,
        "kube_persistentvolumeclaim_resource_requests_storage_bytes",
        "storage_request_bytes",
    ),
];

/// A moment, in seconds since 1970.
const MOMENTS: [(Group, &str, &str); 6] = [
    (JOB, "kube_job_status_start_time", "started_time"),
    (JOB, "kube_job_status_completion_time", "completed_time"),
    (POD, "kube_pod_start_time", "started_time"),
    (POD, "kube_pod_created", "created_time"),
    (POD, "kube_pod_deletion_timestamp", "deleted_time"),
    (NODE, "kube_node_created", "created_time"),
];

/// A gauge that is a column, or is derived from one, for one value of labels.
const LABELLED: [(Group, &str, Labels, &str); 21] = [
    (
        NODE,
        CAPACITY,
        &[("resource", "cpu"), ("unit", "core")],
        "cpu_capacity_cores",
    ),
    (
        NODE,
        CAPACITY,
        &[("resource", "memory"), ("unit", "byte")],
        "memory_capacity_bytes",
    ),
    (
        NODE,
        CAPACITY,
        &[("resource", "pods"), ("unit", "integer")],
        "pods_capacity",
    ),
    (
        NODE,
        ALLOCATABLE,
        &[("resource", "cpu"), ("unit", "core")],
        "cpu_allocatable_cores",
    ),
    (
        NODE,
        ALLOCATABLE,
        &[("resource", "memory"), ("unit", "byte")],
        "memory_allocatable_bytes",
    ),
    (
        NODE,
        ALLOCATABLE,
        &[("resource", "pods"), ("unit", "integer")],
        "pods_allocatable",
    ),
    (
        NODE,
        CONDITION,
        &[("condition", "Ready"), ("status", "true")],
        "is_ready",
    ),
    (
        NODE,
        CONDITION,
        &[("condition", "MemoryPressure"), ("status", "true")],
        "has_memory_pressure",
    ),
    (
        NODE,
        CONDITION,
        &[("condition", "DiskPressure"), ("status", "true")],
        "has_disk_pressure",
    ),
    (
        NODE,
        CONDITION,
        &[("condition", "PIDPressure"), ("status", "true")],
        "has_pid_pressure",
    ),
    (
        NODE,
        CONDITION,
        &[("condition", "NetworkUnavailable"), ("status", "true")],
        "has_no_network",
    ),
    (
        POD,
        "kube_pod_status_ready",
        &[("condition", "true")],
        "is_ready",
    ),
    (
        POD,
        "kube_pod_status_scheduled",
        &[("condition", "true")],
        "is_scheduled",
    ),
    (POD, PHASE, &[("phase", "Pending")], "is_pending"),
    (POD, PHASE, &[("phase", "Running")], "is_running"),
    (POD, PHASE, &[("phase", "Succeeded")], "is_succeeded"),
    (POD, PHASE, &[("phase", "Failed")], "is_failed"),
    (CLAIM, CLAIM_PHASE, &[("phase", "Pending")], "is_pending"),
    (CLAIM, CLAIM_PHASE, &[("phase", "Bound")], "is_bound"),
    (CLAIM, CLAIM_PHASE, &[("phase", "Lost")], "is_lost"),
    (
        VOLUME,
        "kube_persistentvolume_status_phase",
        &[("phase", "Failed")],
        "is_failed",
    ),
];
const CAPACITY: &str = "kube_node_status_capacity";
const ALLOCATABLE: &str = "kube_node_status_allocatable";
const CONDITION: &str = "kube_node_status_condition";
const PHASE: &str = "kube_pod_status_phase";
const CLAIM_PHASE: &str = "kube_persistentvolumeclaim_status_phase";

/// 1 while there is a reason, which is a label.
const REASONS: [(&str, &str); 3] = [
    ("kube_pod_container_status_waiting_reason", "waiting_reason"),
    (
        "kube_pod_container_status_terminated_reason",
        "terminated_reason",
    ),
    (
        "kube_pod_container_status_last_terminated_reason",
        "last_terminated_reason",
    ),
];

static METRICS: LazyLock<Vec<Metric>> = LazyLock::new(|| {
    let gauge = |group: &Group, name, formula, fixed: Labels| Metric {
        name,
        dialect: Dialect::Prometheus,
        origin: ORIGIN,
        table: "object",
        rows: group.rows,
        unit: "",
        kind: MetricKind::Gauge,
        formula,
        gather: &[],
        help: "",
        absent: "",
        labels: fixed.to_vec(),
        label_columns: group.labels.to_vec(),
        publication: None,
    };
    let mut all = Vec::new();
    for (group, name, of) in &GAUGES {
        all.push(gauge(group, name, column(of), &[]));
    }
    for (group, name, of) in &MOMENTS {
        all.push(gauge(group, name, column(of) / 1e6, &[]));
    }
    for (group, name, labels, of) in &LABELLED {
        all.push(gauge(group, name, column(of), labels));
    }
    for (name, of) in REASONS {
        let group = Group {
            rows: Rows::Present(of),
            labels: OF_CONTAINERS,
        };
        let mut one = gauge(&group, name, Formula::Constant(1.0), &[]);
        one.label_columns.push(("reason", of));
        all.push(one);
    }
    all.push(Metric {
        kind: MetricKind::Counter,
        ..gauge(
            &CONTAINER,
            "kube_pod_container_status_restarts_total",
            column("restarts_increase"),
            &[],
        )
    });
    all
});

/// All of them.
pub(super) fn metrics() -> impl Iterator<Item = &'static Metric> {
    METRICS.iter()
}

/// Those of a name.
pub(super) fn metrics_named(name: &str) -> impl Iterator<Item = &'static Metric> {
    metrics().filter(move |metric| metric.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_of_columns_that_the_table_has() {
        let table = catalogue::table("object").unwrap();
        for metric in metrics() {
            for name in metric.formula.columns() {
                let is_known =
                    table.column(name).is_some() || catalogue::derived("object", name).is_some();
                assert!(is_known, "{}: {name}", metric.name);
            }
            for (_, name) in &metric.label_columns {
                assert!(table.column(name).is_some(), "{}: {name}", metric.name);
            }
            assert!(table.column(metric.rows.column().unwrap()).is_some());
        }
        assert_eq!(metrics_named(CONDITION).count(), 5);
    }
}
