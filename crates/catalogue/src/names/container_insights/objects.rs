//! The names that the state of Kubernetes objects and the identity of pods allow.

use super::dimensions as d;
use super::{Published, container_event, event};
use crate::formula::{Formula, column};
use crate::metric::{Metric, Rows};
use crate::names::list::Group;

const CLUSTER: &[&str] = &["cluster"];
const NAMESPACE: &[&str] = &["cluster", "namespace"];
/// The pod of a container's rows.
const POD: &[&str] = &["cluster", "namespace", "object_name", "object_uid"];

const NO_REQUEST: &str = "no request; no identity rows";
const NO_CONDITION: &str = "no such condition";
const NONE: &str = "no such container";

fn objects(origin: &'static str, kind: &'static str) -> Group {
    event(origin, "object", Rows::Equal("object_kind", kind))
}

/// One for each row.
fn each() -> Formula {
    Formula::Constant(1.0)
}

/// A container's rows in which a reason is this.
fn reason(column: &'static str, reasons: &'static [&'static str]) -> Group {
    event("Pod", "object", Rows::OneOf(column, reasons))
}

pub(super) fn metrics(list: &mut Vec<Metric>) {
    requests(list);
    node(list);
    pod(list);
    container(list);
    cluster(list);
    workloads(list);
}

fn requests(list: &mut Vec<Metric>) {
    let node = event("Node", "node", Rows::All);
    let both: Published = (d::NODE, d::NODE);
    list! { list, node;
        "node_cpu_request", "None", column("pods_cpu_request_cores") * 1e3, "CPU that the node's pods request, in millicores.", absent "no identity rows";
        "node_memory_request", "Bytes", column("pods_memory_request_bytes"), "Memory that the node's pods request.", absent "no identity rows";
        "node_cpu_reserved_capacity", "Percent", column("pods_cpu_request_cores") / column("node_cpu_cores") * 100.0,
            "CPU requested, of the processors there are.", published both, absent "no identity rows";
        "node_memory_reserved_capacity", "Percent", column("pods_memory_request_bytes") / column("node_memory_total_bytes") * 100.0,
            "Memory requested, of the memory there is.", published both, absent "no identity rows";
    }
    let pod = event("Pod", "pod", Rows::All);
    let enhanced: Published = (d::NONE, d::POD);
    let reserved: Published = (d::WORKLOAD, d::POD);
    list! { list, pod;
        "pod_cpu_request", "None", column("cpu_request_cores") * 1e3, "CPU requested, in millicores.", published enhanced, absent NO_REQUEST;
        "pod_memory_request", "Bytes", column("memory_request_bytes"), "Memory requested.", published enhanced, absent NO_REQUEST;
        "pod_cpu_reserved_capacity", "Percent", column("cpu_request_cores") / column("node_cpu_cores") * 100.0,
            "CPU requested, of the node's processors.", published reserved, absent NO_REQUEST;
        "pod_memory_reserved_capacity", "Percent", column("memory_request_bytes") / column("node_memory_total_bytes") * 100.0,
            "Memory requested, of the node's memory.", published reserved, absent NO_REQUEST;
    }
    let container = container_event();
    let enhanced: Published = (d::NONE, d::CONTAINER);
    list! { list, container;
        "container_cpu_request", "None", column("cpu_request_cores") * 1e3, "CPU requested, in millicores.", published enhanced, absent NO_REQUEST;
        "container_memory_request", "Bytes", column("memory_request_bytes"), "Memory requested.", published enhanced, absent NO_REQUEST;
    }
    let files = Group {
        origin: "ContainerFS",
        ..container
    };
    let unread = "the kubelet's /stats/summary is not read";
    list! { list, files;
        "container_filesystem_usage", "Bytes", column("rootfs_used_bytes"), "Used by the writable layer.", published enhanced, absent unread;
        "container_filesystem_available", "Bytes", column("rootfs_available_bytes"), "Free on the file system that has it.", published enhanced, absent unread;
        "container_filesystem_utilization", "Percent", column("rootfs_used_bytes") / column("rootfs_capacity_bytes") * 100.0,
            "Used by the writable layer, of that file system's size.", published enhanced, absent unread;
        "container_filesystem_capacity", "Bytes", column("rootfs_capacity_bytes"), "Size of that file system.", absent unread;
        "container_filesystem_inodes", "Count", column("rootfs_inodes"), "Inodes it can hold.", absent unread;
        "container_filesystem_inodes_free", "Count", column("rootfs_inodes_free"), "Inodes still free.", absent unread;
    }
}

fn node(list: &mut Vec<Metric>) {
    let enhanced: Published = (d::NONE, d::NODE);
    list! { list, objects("Node", "Node");
        "node_status_condition_ready", "Count", column("is_ready"), "1 when it is ready.", published enhanced, absent NO_CONDITION;
        "node_status_condition_disk_pressure", "Count", column("has_disk_pressure"), "1 when it is short of disk.", published enhanced, absent NO_CONDITION;
        "node_status_condition_memory_pressure", "Count", column("has_memory_pressure"), "1 when it is short of memory.", published enhanced, absent NO_CONDITION;
        "node_status_condition_pid_pressure", "Count", column("has_pid_pressure"), "1 when it is short of process ids.", published enhanced, absent NO_CONDITION;
        "node_status_condition_network_unavailable", "Count", column("has_no_network"), "1 when its network is not set up.", published enhanced, absent NO_CONDITION;
        "node_status_condition_unknown", "Count", column("has_unknown_condition"), "1 when some condition is Unknown.", published enhanced;
        "node_status_capacity_pods", "Count", column("pods_capacity"), "Pods it can hold.", published enhanced;
        "node_status_allocatable_pods", "Count", column("pods_allocatable"), "Pods that may be put there.", published enhanced;
    }
}

fn pod(list: &mut Vec<Metric>) {
    let pod = objects("Pod", "Pod");
    let enhanced: Published = (d::NONE, d::POD);
    list! { list, pod;
        "pod_number_of_container_restarts", "Count", column("restarts_increase"), "Restarts of its containers within the interval.",
            published (d::WORKLOAD_ALONE, d::POD), absent "first row of the pod";
        "pod_number_of_containers", "Count", column("containers"), "Containers that have a status.", published enhanced;
        "pod_status_pending", "Count", column("is_pending"), "1 in this phase, 0 in another.", published enhanced;
        "pod_status_running", "Count", column("is_running"), "1 in this phase, 0 in another.", published enhanced;
        "pod_status_succeeded", "Count", column("is_succeeded"), "1 in this phase, 0 in another.", published enhanced;
        "pod_status_failed", "Count", column("is_failed"), "1 in this phase, 0 in another.", published enhanced;
        "pod_status_ready", "Count", column("is_ready"), "1 when it is ready.", published enhanced, absent NO_CONDITION;
        "pod_status_scheduled", "Count", column("is_scheduled"), "1 when a node was chosen.", published enhanced, absent NO_CONDITION;
        "pod_status_unknown", "Count", column("is_unknown"), "1 when nobody knows whether it is ready or scheduled.", published enhanced, absent NO_CONDITION;
        "pod_container_status_running", "Count", column("containers_running"), "Containers that run.", published enhanced;
        "pod_container_status_waiting", "Count", column("containers_waiting"), "Containers that wait.", published enhanced;
        "pod_container_status_terminated", "Count", column("containers_terminated"), "Containers that have ended.", published enhanced;
    }
    list! { list, reason("waiting_reason", &["CrashLoopBackOff"]);
        "pod_container_status_waiting_reason_crash_loop_back_off", "Count", each(), "Containers that wait between crashes.", gathered POD, published enhanced, absent NONE;
    }
    list! { list, reason("waiting_reason", &["ErrImagePull", "ImagePullBackOff", "InvalidImageName"]);
        "pod_container_status_waiting_reason_image_pull_error", "Count", each(), "Containers whose image cannot be had.", gathered POD, published enhanced, absent NONE;
    }
    list! { list, reason("waiting_reason", &["StartError"]);
        "pod_container_status_waiting_reason_start_error", "Count", each(), "Containers that could not be started.", gathered POD, published enhanced, absent NONE;
    }
    list! { list, reason("waiting_reason", &["CreateContainerError"]);
        "pod_container_status_waiting_reason_create_container_error", "Count", each(), "Containers that could not be made.", gathered POD, published enhanced, absent NONE;
    }
    list! { list, reason("waiting_reason", &["CreateContainerConfigError"]);
        "pod_container_status_waiting_reason_create_container_config_error", "Count", each(), "Containers whose configuration cannot be had.", gathered POD, published enhanced, absent NONE;
    }
    list! { list, reason("last_terminated_reason", &["OOMKilled"]);
        "pod_container_status_terminated_reason_oom_killed", "Count", each(), "Containers whose instance before this one was killed for memory.", gathered POD, published enhanced, absent NONE;
    }
}

fn container(list: &mut Vec<Metric>) {
    list! { list, objects("Container", "Container");
        "number_of_container_restarts", "Count", column("restarts_increase"), "Restarts within the interval.",
            published (d::NONE, d::CONTAINER), absent "first row of the container";
    }
}

fn cluster(list: &mut Vec<Metric>) {
    let always: Published = (d::CLUSTER, d::CLUSTER);
    list! { list, objects("Cluster", "Node");
        "cluster_node_count", "Count", each(), "Nodes there are.", gathered CLUSTER, published always;
        "cluster_failed_node_count", "Count", column("has_failed"), "Nodes with a pressure or without a network, True or Unknown.", gathered CLUSTER, published always;
    }
    let running = event("Cluster", "object", Rows::Equal("phase", "Running"));
    list! { list, running;
        "cluster_number_of_running_pods", "Count", each(), "Pods in phase Running.", gathered CLUSTER, published (d::NONE, d::CLUSTER), absent "there are none";
    }
    let namespace: Published = (d::NAMESPACE, d::NAMESPACE);
    list! { list, Group { origin: "ClusterNamespace", ..running };
        "namespace_number_of_running_pods", "Count", each(), "Pods in phase Running.", gathered NAMESPACE, published namespace, absent "there are none";
    }
    list! { list, objects("ClusterNamespace", "Ingress");
        "namespace_ingress_count", "Count", each(), "Ingresses.", gathered NAMESPACE, published (d::NONE, d::NAMESPACE), absent "there are none";
    }
    list! { list, objects("ClusterService", "Service");
        "service_number_of_running_pods", "Count", column("endpoints_ready"), "Ready addresses behind it; 0 when there are none, where AWS's agent says nothing.",
            published (d::SERVICE, d::SERVICE);
    }
    let claim: Published = (d::NONE, d::CLAIM);
    list! { list, objects("Cluster", "PersistentVolumeClaim");
        "persistent_volume_claim_status_bound", "Count", column("is_bound"), "1 in this phase, 0 in another.", published claim;
        "persistent_volume_claim_status_lost", "Count", column("is_lost"), "1 in this phase, 0 in another.", published claim;
        "persistent_volume_claim_status_pending", "Count", column("is_pending"), "1 in this phase, 0 in another.", published claim;
        "persistent_volume_claim_count", "Count", each(), "1 for each: their Sum within a minute is how many there are.", published claim;
    }
    list! { list, objects("Cluster", "PersistentVolume");
        "persistent_volume_count", "Count", each(), "Persistent volumes.", gathered CLUSTER, published (d::NONE, d::CLUSTER), absent "there are none";
    }
}

fn workloads(list: &mut Vec<Metric>) {
    const KINDS: &[&str] = &["Deployment", "DaemonSet", "StatefulSet", "ReplicaSet"];
    let workload: Published = (d::NONE, d::WORKLOAD);
    let all = event(
        "ClusterDeployment",
        "object",
        Rows::OneOf("object_kind", KINDS),
    );
    list! { list, all;
        "replicas_desired", "Count", column("replicas_desired"), "Replicas wanted.", published workload;
        "replicas_ready", "Count", column("replicas_ready"),
            "Replicas that are ready; of a daemon set too, where AWS's agent counts those that are scheduled.", published workload;
        "status_replicas_available", "Count", column("replicas_available"), "Replicas ready for long enough.", published workload;
        "status_replicas_unavailable", "Count", column("replicas_unavailable"), "Replicas missing.", published workload, absent "stateful and replica sets";
    }
    list! { list, objects("ClusterDaemonSet", "DaemonSet");
        "daemonset_status_number_available", "Count", column("replicas_available"), "Replicas ready for long enough.", published workload;
        "daemonset_status_number_unavailable", "Count", column("replicas_unavailable"), "Replicas missing.", published workload;
    }
}
