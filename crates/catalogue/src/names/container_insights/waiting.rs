//! The names that wait for a source that is not read yet.

use super::dimensions as d;
use crate::metric::{Dialect, DimensionSet, Publication, Waiting};

const OBJECTS: &str = "requests and limits of accelerators in pods' specifications";
const DCGM: &str = "NVIDIA's DCGM exporter";
const NEURON: &str = "AWS's neuron-monitor";
const EFA: &str = "EFA counters in /sys/class/infiniband";
const EBS: &str = "metrics of the EBS CSI driver";
const INSTANCE_STORE: &str = "metrics of the instance store CSI driver";
const KUEUE: &str = "metrics of Kueue";
const HYPERPOD: &str = "SageMaker HyperPod's node label";
const BLKIO_SPLIT: &str = "blkio's split of cgroup v1; v2 and /proc/diskstats have none";
const ROOT_CGROUP: &str = "a root cgroup with a limit and a peak, which no kernel has";

struct Group {
    event: &'static str,
    unit: &'static str,
    needs: &'static str,
    standard: &'static [DimensionSet],
    enhanced: &'static [DimensionSet],
    names: &'static [&'static str],
}

macro_rules! groups {
    ($($event:literal $unit:literal, $needs:expr, $standard:expr, $enhanced:expr => $($name:expr),+;)*) => {
        &[$(Group {
            event: $event, unit: $unit, needs: $needs, standard: $standard, enhanced: $enhanced, names: &[$($name),+],
        }),*]
    };
}

/// Names that exist for containers, pods and nodes alike.
macro_rules! accelerators {
    ($($unit:literal, $needs:expr => $($name:literal),+;)*) => {
        &[$(
            Group { event: "Container", unit: $unit, needs: $needs, standard: d::NONE, enhanced: d::CONTAINER_PART, names: &[$(concat!("container_", $name)),+] },
            Group { event: "Pod", unit: $unit, needs: $needs, standard: d::NONE, enhanced: d::POD_PART, names: &[$(concat!("pod_", $name)),+] },
            Group { event: "Node", unit: $unit, needs: $needs, standard: d::NONE, enhanced: d::NODE_PART, names: &[$(concat!("node_", $name)),+] },
        )*]
    };
}

const KUBERNETES: &[Group] = groups! {
    "Node" "Count", ROOT_CGROUP, d::NONE, d::NONE => "node_memory_failcnt";
    "Node" "Bytes", ROOT_CGROUP, d::NONE, d::NONE => "node_memory_max_usage";
    "NodeDiskIO" "Bytes/Second", BLKIO_SPLIT, d::NONE, d::NONE =>
        "node_diskio_io_service_bytes_async", "node_diskio_io_service_bytes_sync";
    "NodeDiskIO" "Count/Second", BLKIO_SPLIT, d::NONE, d::NONE =>
        "node_diskio_io_serviced_async", "node_diskio_io_serviced_sync";
    "HyperPodNode" "Count", HYPERPOD, d::NONE, d::NODE =>
        "hyperpod_node_health_status_schedulable", "hyperpod_node_health_status_unschedulable",
        "hyperpod_node_health_status_unschedulable_pending_replacement",
        "hyperpod_node_health_status_unschedulable_pending_reboot";
};

const QUEUES: &[Group] = groups! {
    "ClusterQueue" "None", KUEUE, d::NONE, d::CLUSTER =>
        "kueue_pending_workloads", "kueue_evicted_workloads_total", "kueue_admitted_active_workloads",
        "kueue_cluster_queue_resource_usage", "kueue_cluster_queue_nominal_quota";
};

const ACCELERATORS: &[Group] = accelerators! {
    "Percent", DCGM => "gpu_utilization", "gpu_memory_utilization", "gpu_tensor_core_utilization";
    "Bytes", DCGM => "gpu_memory_total", "gpu_memory_used";
    "None", DCGM => "gpu_power_draw", "gpu_temperature";
    "Percent", NEURON => "neuroncore_utilization";
    "Bytes", NEURON =>
        "neuroncore_memory_usage_total", "neuroncore_memory_usage_constants", "neuroncore_memory_usage_model_code",
        "neuroncore_memory_usage_model_shared_scratchpad", "neuroncore_memory_usage_runtime_memory",
        "neuroncore_memory_usage_tensors";
    "Count", NEURON => "neurondevice_hw_ecc_events_total";
    "Bytes/Second", EFA =>
        "efa_rx_bytes", "efa_tx_bytes", "efa_rdma_read_bytes", "efa_rdma_write_bytes", "efa_rdma_write_recv_bytes",
        "efa_retrans_bytes";
    "Count/Second", EFA =>
        "efa_rx_dropped", "efa_retrans_pkts", "efa_retrans_timeout_events", "efa_impaired_remote_conn_events",
        "efa_unresponsive_remote_events";
};

const DEVICES: &[Group] = groups! {
    "Pod" "Count", OBJECTS, d::NONE, d::POD =>
        "pod_gpu_request", "pod_gpu_limit", "pod_gpu_usage_total", "pod_neuroncore_request", "pod_neuroncore_limit",
        "pod_neuroncore_usage_total", "pod_efa_request", "pod_efa_limit", "pod_efa_usage_total";
    "Pod" "Percent", OBJECTS, d::NONE, d::POD =>
        "pod_gpu_reserved_capacity", "pod_neuroncore_reserved_capacity", "pod_efa_reserved_capacity";
    "Node" "Count", OBJECTS, d::NONE, d::NODE =>
        "node_gpu_limit", "node_gpu_usage_total", "node_neuroncore_limit", "node_neuroncore_usage_total",
        "node_efa_limit", "node_efa_usage_total";
    "Node" "Percent", OBJECTS, d::NONE, d::NODE =>
        "node_gpu_reserved_capacity", "node_gpu_unreserved_capacity", "node_gpu_available_capacity",
        "node_neuroncore_reserved_capacity", "node_neuroncore_unreserved_capacity",
        "node_neuroncore_available_capacity", "node_efa_reserved_capacity", "node_efa_unreserved_capacity",
        "node_efa_available_capacity";
    "Node" "Count", NEURON, d::NONE, d::NODE_PART => "node_neuron_execution_errors_total";
    "Node" "Bytes", NEURON, d::NONE, d::NODE_PART => "node_neurondevice_runtime_memory_used_bytes";
    "Node" "Seconds", NEURON, d::NONE, d::NODE_PART => "node_neuron_execution_latency";
    "NodeEBS" "Count", EBS, d::NONE, d::NODE_VOLUME =>
        "node_diskio_ebs_total_read_ops", "node_diskio_ebs_total_write_ops", "node_diskio_ebs_volume_queue_length";
    "NodeEBS" "Bytes", EBS, d::NONE, d::NODE_VOLUME =>
        "node_diskio_ebs_total_read_bytes", "node_diskio_ebs_total_write_bytes";
    "NodeEBS" "Seconds", EBS, d::NONE, d::NODE_VOLUME =>
        "node_diskio_ebs_total_read_time", "node_diskio_ebs_total_write_time",
        "node_diskio_ebs_volume_performance_exceeded_iops", "node_diskio_ebs_volume_performance_exceeded_tp",
        "node_diskio_ebs_ec2_instance_performance_exceeded_iops",
        "node_diskio_ebs_ec2_instance_performance_exceeded_tp";
    "NodeInstanceStore" "Count", INSTANCE_STORE, d::NONE, d::NODE_VOLUME =>
        "node_diskio_instance_store_total_read_ops", "node_diskio_instance_store_total_write_ops",
        "node_diskio_instance_store_volume_queue_length";
    "NodeInstanceStore" "Bytes", INSTANCE_STORE, d::NONE, d::NODE_VOLUME =>
        "node_diskio_instance_store_total_read_bytes", "node_diskio_instance_store_total_write_bytes";
    "NodeInstanceStore" "Seconds", INSTANCE_STORE, d::NONE, d::NODE_VOLUME =>
        "node_diskio_instance_store_total_read_time", "node_diskio_instance_store_total_write_time",
        "node_diskio_instance_store_ec2_instance_performance_exceeded_iops",
        "node_diskio_instance_store_ec2_instance_performance_exceeded_tp";
};

/// Every name without a formula.
pub(in crate::names) fn waiting() -> impl Iterator<Item = Waiting> {
    [KUBERNETES, QUEUES, ACCELERATORS, DEVICES]
        .into_iter()
        .flatten()
        .flat_map(|group| {
            group.names.iter().map(|name| Waiting {
                name,
                dialect: Dialect::ContainerInsights,
                origin: group.event,
                unit: group.unit,
                needs: group.needs,
                publication: Some(Publication {
                    standard: group.standard,
                    enhanced: group.enhanced,
                }),
            })
        })
}
