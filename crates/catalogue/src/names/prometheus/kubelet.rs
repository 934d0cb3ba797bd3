//! The kubelet: `/metrics/resource`, and what of `/metrics` the agent can tell itself.

use super::seconds;
use crate::formula::{Formula, column};
use crate::metric::{Dialect, Metric, Rows};
use crate::names::list::Group;

const RESOURCE: &str = "kubelet /metrics/resource";
const KUBELET: &str = "kubelet /metrics";

const fn kubelet(
    origin: &'static str,
    table: &'static str,
    rows: Rows,
    label_columns: &'static [(&'static str, &'static str)],
) -> Group {
    Group {
        dialect: Dialect::Prometheus,
        origin,
        table,
        rows,
        labels: &[],
        label_columns,
    }
}

pub(super) fn add(list: &mut Vec<Metric>) {
    list! { list, kubelet(RESOURCE, "node", Rows::All, &[]);
        "node_cpu_usage_seconds_total", "seconds", seconds("cpu_usage_usec"), "CPU time used.";
        "node_memory_working_set_bytes", "bytes", column("memory_working_set_bytes"), "Memory used, less inactive page cache.";
        "node_swap_usage_bytes", "bytes", column("memory_swap_total_bytes") - column("memory_swap_free_bytes"), "Swap used.";
    }
    list! { list, kubelet(RESOURCE, "pod", Rows::All, &[("namespace", "namespace"), ("pod", "pod")]);
        "pod_cpu_usage_seconds_total", "seconds", seconds("cpu_usage_usec"), "CPU time used.";
        "pod_memory_working_set_bytes", "bytes", column("memory_working_set_bytes"), "Memory used, less inactive page cache.";
        "pod_swap_usage_bytes", "bytes", column("memory_swap_bytes"), "Swap used.";
    }
    let container = kubelet(
        RESOURCE,
        "container",
        Rows::Equal("container_kind", "container"),
        &[
            ("container", "container"),
            ("namespace", "namespace"),
            ("pod", "pod"),
        ],
    );
    list! { list, container;
        "container_cpu_usage_seconds_total", "seconds", seconds("cpu_usage_usec"), "CPU time used.";
        "container_memory_working_set_bytes", "bytes", column("memory_working_set_bytes"), "Memory used, less inactive page cache.";
        "container_start_time_seconds", "seconds", seconds("started_time"), "When it started, since 1970.";
        "container_swap_usage_bytes", "bytes", column("memory_swap_bytes"), "Swap used.";
        "container_swap_limit_bytes", "bytes", column("memory_swap_limit_bytes"), "Swap limit.", absent "no limit";
    }
    list! { list, kubelet(KUBELET, "node", Rows::All, &[]);
        "kubelet_running_pods", "", column("pods_running"), "Pods that have a process.";
        "kubelet_running_containers", "", column("containers_running"), "Containers that have a process.", labels &[("container_state", "running")];
        "kubelet_node_name", "", Formula::Constant(1.0), "Always 1.", label_columns &[("node", "node")];
    }
    let claim = kubelet(
        KUBELET,
        "volume",
        Rows::Present("volume_claim"),
        &[
            ("namespace", "namespace"),
            ("persistentvolumeclaim", "volume_claim"),
        ],
    );
    list! { list, claim;
        "kubelet_volume_stats_capacity_bytes", "bytes", column("volume_capacity_bytes"), "Size.";
        "kubelet_volume_stats_available_bytes", "bytes", column("volume_available_bytes"), "Free.";
        "kubelet_volume_stats_used_bytes", "bytes", column("volume_used_bytes"), "Used.";
        "kubelet_volume_stats_inodes", "", column("volume_inodes"), "Inodes it can hold.";
        "kubelet_volume_stats_inodes_free", "", column("volume_inodes_free"), "Inodes still free.";
        "kubelet_volume_stats_inodes_used", "", column("volume_inodes_used"), "Inodes used.";
    }
}
