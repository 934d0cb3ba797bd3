//! Nodes.

use serde_json::{Value, json};

use super::{VERSION, condition};
use crate::rows::{KERNEL, SYSTEM};
use crate::state::node::Node;
use crate::time::rfc3339;

/// Pods that a node may have; the kubelet's own default is 110.
const PODS: &str = "300";

/// A node as it is now.
pub(super) fn json(node: &Node) -> Value {
    let memory = node.memory_bytes / 1024;
    let pressure = node.disk_pressure_since.is_some();
    let taints = pressure.then(|| {
        json!([{"key": "node.kubernetes.io/disk-pressure", "effect": "NoSchedule", "timeAdded": rfc3339(node.disk_pressure_changed)}])
    });
    let resources = |cpu: String, memory: i64| {
        json!({
            "cpu": cpu,
            "memory": format!("{memory}Ki"),
            "pods": PODS,
            "ephemeral-storage": "104857600Ki",
            "hugepages-2Mi": "0",
        })
    };
    let (disk, disk_reason) = match pressure {
        true => (true, "KubeletHasDiskPressure"),
        false => (false, "KubeletHasNoDiskPressure"),
    };
    let since = node.created;
    json!({
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {
            "name": node.name,
            "uid": node.uid,
            "creationTimestamp": rfc3339(node.created),
            "labels": {
                "kubernetes.io/arch": "amd64",
                "kubernetes.io/os": "linux",
                "kubernetes.io/hostname": node.name,
                "node-role.kubernetes.io/worker": "",
                "node.kubernetes.io/instance-type": "simulated",
            },
        },
        "spec": {"providerID": format!("demo:///{}", node.name), "taints": taints},
        "status": {
            "capacity": resources(node.cores.to_string(), memory),
            "allocatable": resources(format!("{}m", node.cores * 1000 - 80), memory - 409_600),
            "conditions": [
                condition("MemoryPressure", false, Some("KubeletHasSufficientMemory"), since),
                condition("DiskPressure", disk, Some(disk_reason), node.disk_pressure_changed),
                condition("PIDPressure", false, Some("KubeletHasSufficientPID"), since),
                condition("Ready", true, Some("KubeletReady"), since),
            ],
            "addresses": [
                {"type": "InternalIP", "address": node.address},
                {"type": "Hostname", "address": node.name},
            ],
            "nodeInfo": {
                "kernelVersion": KERNEL,
                "osImage": SYSTEM,
                "operatingSystem": "linux",
                "architecture": "amd64",
                "containerRuntimeVersion": "containerd://1.7.22",
                "kubeletVersion": VERSION,
                "kubeProxyVersion": VERSION,
                "machineID": node.machine_id,
                "bootID": node.boot_id,
            },
        },
    })
}
