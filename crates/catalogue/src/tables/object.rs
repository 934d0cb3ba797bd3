//! State of Kubernetes objects as the API tells it.

use super::row::{NEVER, ROW};
use crate::table::{Table, TableKind};

const UNSET: &str = "not set";
const POD: &str = "not a pod or container";
const CONTAINER: &str = "not a container";
const NODE: &str = "not a node";
const REPLICAS: &str = "kind without replicas; not set";
const JOB: &str = "not a job or cron job; not set";
const HPA: &str = "not a horizontal pod autoscaler";
const PDB: &str = "not a pod disruption budget";
const CLAIM: &str = "not a volume or claim; not set";

columns! {
    ANY {
        key cluster "": "Name of the cluster, as configured."; "configuration"; "not configured";
        key object_kind "": "Kind: Pod, Container (one of a pod), Node, Namespace, Service, Deployment, …"; "apiVersion, kind"; NEVER;
        key namespace "": "Its namespace."; "metadata.namespace"; "object of the cluster";
        key object_name "": "Its name; of a container its pod's."; "metadata.name"; NEVER;
        key object_uid "": "Its uid; of a container its pod's."; "metadata.uid"; NEVER;
        key container "": "The container's name."; "status.containerStatuses[].name"; CONTAINER;
        text node "": "The node it is on."; "spec.nodeName"; "not on a node";
        text owner_kind "": "Kind of the controlling owner."; "metadata.ownerReferences[]"; "no owner";
        text owner_name "": "Name of the controlling owner."; "metadata.ownerReferences[]"; "no owner";
        text workload_kind "": "Kind at the end of the owner chain."; "owner references"; "no workload";
        text workload "": "Name at the end of the owner chain."; "owner references"; "no workload";
        labels labels "": "Its labels."; "metadata.labels"; "none";
        labels conditions "": "Each condition: True, False or Unknown."; "status.conditions[]"; "none";
        text phase "": "Its phase."; "status.phase"; "kind without one";
        text status_reason "": "Why it is in this phase."; "status.reason"; UNSET;
        moment created_time "": "When it was made."; "metadata.creationTimestamp"; NEVER;
        moment deleted_time "": "When its deletion was asked for."; "metadata.deletionTimestamp"; UNSET;
        number generation "1": "Version of what is wanted."; "metadata.generation"; UNSET;
        number observed_generation "1": "Version that the controller has seen."; "status.observedGeneration"; UNSET;
    }
}

columns! {
    PODS {
        text qos_class "": "Guaranteed, Burstable or BestEffort."; "status.qosClass"; POD;
        gauge containers "{container}": "Containers that have a status."; "status.containerStatuses"; POD;
        gauge containers_running "{container}": "Those that run."; "state.running"; POD;
        gauge containers_waiting "{container}": "Those that wait."; "state.waiting"; POD;
        gauge containers_terminated "{container}": "Those that have ended."; "state.terminated"; POD;
        gauge containers_ready "{container}": "Those that are ready."; "status.containerStatuses[].ready"; POD;
        gauge restarts "{restart}": "Restarts so far."; "status.containerStatuses[].restartCount"; POD;
        delta restarts_increase "{restart}": "Restarts within the interval."; "as restarts"; "first row; not a pod or container";
        text container_state "": "running, waiting or terminated."; "state"; CONTAINER;
        text waiting_reason "": "Why it waits: CrashLoopBackOff, ImagePullBackOff, …"; "state.waiting.reason"; "not waiting";
        text terminated_reason "": "Why it has ended: Completed, Error, OOMKilled, …"; "state.terminated.reason"; "not terminated";
        number exit_code "": "Exit code of the instance that has ended and was not started again."; "state.terminated.exitCode"; "not terminated";
        moment terminated_time "": "When that ended."; "state.terminated.finishedAt"; "not terminated";
        flag ready "": "True when it is ready."; "status.containerStatuses[].ready"; CONTAINER;
        text last_terminated_reason "": "Why the instance before it ended."; "lastState.terminated.reason"; "not restarted";
        number last_exit_code "": "Exit code of the instance before it."; "lastState.terminated.exitCode"; "not restarted";
        moment last_terminated_time "": "When the instance before it ended."; "lastState.terminated.finishedAt"; "not restarted";
        moment started_time "": "When it started."; "status.startTime, state.running.startedAt"; "not started";
        moment scheduled_time "": "When a node was chosen."; "conditions[PodScheduled]"; POD;
        moment ready_time "": "Since when it is ready."; "conditions[Ready]"; "not ready";
    }
}

columns! {
    NODES {
        flag unschedulable "": "True when it takes no new pods."; "spec.unschedulable"; NODE;
        labels taints "": "Each taint's key=value to its effect."; "spec.taints[]"; "none";
        labels roles "": "Its roles."; "label node-role.kubernetes.io/<role>"; "none";
        labels addresses "": "Its addresses by type."; "status.addresses[]"; NODE;
        labels versions "": "Kernel, system, runtime, kubelet, provider id."; "status.nodeInfo, spec.providerID"; NODE;
        share cpu_capacity_cores "{cpu}": "Processors there are."; "status.capacity.cpu"; NODE;
        share cpu_allocatable_cores "{cpu}": "Processors for pods."; "status.allocatable.cpu"; NODE;
        constant memory_capacity_bytes "By": "Memory there is."; "status.capacity.memory"; NODE;
        constant memory_allocatable_bytes "By": "Memory for pods."; "status.allocatable.memory"; NODE;
        constant pods_capacity "{pod}": "Pods it can hold."; "status.capacity.pods"; NODE;
        constant pods_allocatable "{pod}": "Pods that may be put there."; "status.allocatable.pods"; NODE;
        constant ephemeral_storage_allocatable_bytes "By": "Ephemeral storage for pods."; "status.allocatable.ephemeral-storage"; NODE;
        labels extended_allocatable "": "Other resources for pods."; "status.allocatable"; NODE;
    }
}

columns! {
    WORKLOADS {
        gauge replicas_desired "{replica}": "Replicas wanted."; "spec.replicas; DaemonSet desiredNumberScheduled"; REPLICAS;
        gauge replicas_current "{replica}": "Replicas there are."; "status.replicas; DaemonSet currentNumberScheduled"; REPLICAS;
        gauge replicas_ready "{replica}": "Replicas that are ready."; "status.readyReplicas; DaemonSet numberReady"; REPLICAS;
        gauge replicas_available "{replica}": "Replicas ready for long enough."; "status.availableReplicas; DaemonSet numberAvailable"; REPLICAS;
        gauge replicas_unavailable "{replica}": "Replicas missing."; "status.unavailableReplicas; DaemonSet numberUnavailable"; REPLICAS;
        gauge replicas_updated "{replica}": "Replicas of the newest version."; "status.updatedReplicas; DaemonSet updatedNumberScheduled"; REPLICAS;
        gauge replicas_misscheduled "{replica}": "Pods on nodes where none should be."; "DaemonSet numberMisscheduled"; "not a daemon set";
        flag paused "": "True when a deployment is paused or a job suspended."; "spec.paused, spec.suspend"; UNSET;
        text current_revision "": "Revision of the old replicas."; "StatefulSet status.currentRevision"; "not a stateful set";
        text update_revision "": "Revision of the new replicas."; "StatefulSet status.updateRevision"; "not a stateful set";
        gauge job_active "{pod}": "Pods of a job that run; jobs of a cron job."; "status.active"; JOB;
        gauge job_succeeded "{pod}": "Pods that succeeded."; "status.succeeded"; JOB;
        gauge job_failed "{pod}": "Pods that failed."; "status.failed"; JOB;
        constant job_completions "{pod}": "Successes wanted."; "spec.completions"; JOB;
        constant job_parallelism "{pod}": "Pods at a time."; "spec.parallelism"; JOB;
        text schedule "": "A cron job's schedule."; "spec.schedule"; JOB;
        moment completed_time "": "When the job was done."; "status.completionTime"; JOB;
        moment last_schedule_time "": "When the cron job started one last."; "status.lastScheduleTime"; JOB;
        moment last_success_time "": "When one of its jobs succeeded last."; "status.lastSuccessfulTime"; JOB;
        constant autoscaler_min_replicas "{replica}": "Fewest replicas."; "spec.minReplicas"; HPA;
        constant autoscaler_max_replicas "{replica}": "Most replicas."; "spec.maxReplicas"; HPA;
        gauge disruption_healthy "{pod}": "Healthy pods."; "status.currentHealthy"; PDB;
        gauge disruption_healthy_desired "{pod}": "Healthy pods needed."; "status.desiredHealthy"; PDB;
        gauge disruptions_allowed "{pod}": "Pods that may be evicted now."; "status.disruptionsAllowed"; PDB;
    }
}

columns! {
    OTHERS {
        gauge endpoints_ready "{endpoint}": "Ready addresses behind a service."; "EndpointSlice endpoints[].conditions.ready"; "not a service";
        gauge endpoints_not_ready "{endpoint}": "Addresses that are not ready."; "EndpointSlice endpoints[].conditions.ready"; "not a service";
        text service_type "": "ClusterIP, NodePort, LoadBalancer or ExternalName."; "spec.type"; "not a service";
        text storage_class "": "Its storage class."; "spec.storageClassName"; CLAIM;
        text volume_name "": "The persistent volume behind a claim, or the claim of a volume."; "spec.volumeName, spec.claimRef"; CLAIM;
        labels access_modes "": "Its access modes."; "spec.accessModes"; CLAIM;
        constant storage_request_bytes "By": "Storage asked for."; "spec.resources.requests.storage"; CLAIM;
        constant storage_capacity_bytes "By": "Storage there is."; "status.capacity.storage, spec.capacity.storage"; CLAIM;
        labels quota_hard "": "Each resource's bound."; "ResourceQuota status.hard"; "not a quota";
        labels quota_used "": "Each resource's use."; "ResourceQuota status.used"; "not a quota";
    }
}

/// A row for each object and interval.
pub static OBJECT: Table = Table {
    name: "object",
    kind: TableKind::Measurement,
    help: "The state of a Kubernetes object in one interval; a column that its kind does not have is null.",
    key: &["cluster", "object_kind", "object_uid", "container"],
    sort: &[
        "cluster",
        "object_kind",
        "namespace",
        "object_name",
        "container",
        "time",
    ],
    columns: join!(ROW, ANY, PODS, NODES, WORKLOADS, OTHERS),
};
