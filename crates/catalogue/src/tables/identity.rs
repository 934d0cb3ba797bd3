//! What pods and their containers are called and belong to, versioned in time.

use super::row::NEVER;
use crate::table::{Table, TableKind};

const POD_ROW: &str = "row of a pod";
const UNSET: &str = "not set";
const REQUEST: &str = "not set; a pod that has ended";

columns! {
    IDENTITY_COLUMNS {
        tick time "": "From when on this holds."; "watch"; NEVER;
        key cluster "": "Name of the cluster, as configured."; "configuration"; "not configured";
        key namespace "": "The pod's namespace."; "Pod: metadata.namespace"; NEVER;
        key pod "": "The pod's name."; "Pod: metadata.name"; NEVER;
        key pod_uid "": "The pod's uid."; "Pod: metadata.uid"; NEVER;
        key container "": "The container's name; null in the row about the pod itself."; "Pod: spec.containers[].name"; POD_ROW;
        text node "": "Where it runs."; "Pod: spec.nodeName"; "not scheduled";
        flag deleted "": "True in the last row."; "watch"; "while it exists";
        text owner_kind "": "Kind of the controlling owner."; "Pod: metadata.ownerReferences[]"; "no owner";
        text owner_name "": "Name of the controlling owner."; "Pod: metadata.ownerReferences[]"; "no owner";
        text workload_kind "": "Kind of the workload at the end of the owner chain; Pod for a bare one."; "owner references of ReplicaSet and Job"; NEVER;
        text workload "": "Name of that workload."; "owner references of ReplicaSet and Job"; NEVER;
        text service "": "The service that selects it; of several the first by name."; "EndpointSlice"; "no service";
        labels services "": "Every service that selects it, to the empty string."; "EndpointSlice"; "no service";
        labels labels "": "Its labels."; "Pod: metadata.labels"; "none";
        labels annotations "": "Chosen annotations."; "Pod: metadata.annotations"; "none";
        text qos_class "": "Guaranteed, Burstable or BestEffort."; "Pod: status.qosClass"; "not written";
        text priority_class "": "Its priority class."; "Pod: spec.priorityClassName"; UNSET;
        text service_account "": "Its service account."; "Pod: spec.serviceAccountName"; UNSET;
        flag host_network "": "True when it uses the node's network."; "Pod: spec.hostNetwork"; NEVER;
        text pod_ip "": "Its address."; "Pod: status.podIP"; "not assigned";
        text host_ip "": "Its node's address."; "Pod: status.hostIP"; "not scheduled";
        moment created_time "": "When the pod was made."; "Pod: metadata.creationTimestamp"; NEVER;
        text container_kind "": "container, init, sidecar or ephemeral."; "Pod: spec"; POD_ROW;
        text container_id "": "The runtime's id of the instance that runs or ran last."; "Pod: status.containerStatuses[].containerID"; "row of a pod; not started";
        text image "": "The image asked for."; "Pod: spec.containers[].image"; POD_ROW;
        text image_id "": "The image that runs."; "Pod: status.containerStatuses[].imageID"; "row of a pod; not started";
        share cpu_request_cores "{cpu}": "CPU requested; of a pod the effective sum."; "Pod: resources.requests.cpu"; REQUEST;
        share cpu_limit_cores "{cpu}": "CPU limit; of a pod the sum, when every container has one."; "Pod: resources.limits.cpu"; UNSET;
        constant memory_request_bytes "By": "Memory requested; of a pod the effective sum."; "Pod: resources.requests.memory"; REQUEST;
        constant memory_limit_bytes "By": "Memory limit; of a pod the sum, when every container has one."; "Pod: resources.limits.memory"; UNSET;
        constant ephemeral_storage_request_bytes "By": "Ephemeral storage requested."; "Pod: resources.requests.ephemeral-storage"; UNSET;
        constant ephemeral_storage_limit_bytes "By": "Ephemeral storage limit."; "Pod: resources.limits.ephemeral-storage"; UNSET;
        labels extended_requests "": "Other resources requested, for example nvidia.com/gpu."; "Pod: resources.requests"; "none";
    }
}

/// A row for each change of a pod or of one of its containers.
pub static IDENTITY: Table = Table {
    name: "identity",
    kind: TableKind::Change,
    help: "What a pod, or one of its containers, is and belongs to, from a moment on. The agents do not need it.",
    key: &["cluster", "pod_uid", "container"],
    sort: &[
        "cluster",
        "namespace",
        "pod",
        "pod_uid",
        "container",
        "time",
    ],
    columns: IDENTITY_COLUMNS,
};
