//! Services and the endpoint slices behind them.

use cluster::{Kind, ToldError};
use serde_json::{Value, json};

use super::owner;
use crate::state::Simulation;
use crate::state::pod::{Phase, Pod};
use crate::state::workload::Workload;
use crate::time::rfc3339;

/// Tells of all services.
pub(super) fn tell(sim: &mut Simulation) -> Result<(), ToldError> {
    for workload in &sim.workloads {
        let Some(port) = workload.plan.port else {
            continue;
        };
        let plan = &workload.plan;
        let is_entrance = &*plan.name == "ingress";
        let json = json!({
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": {
                "name": &*plan.name,
                "namespace": &*plan.namespace,
                "uid": workload.service_uid,
                "creationTimestamp": rfc3339(workload.created),
                "labels": {"app.kubernetes.io/name": &*plan.name},
            },
            "spec": {
                "type": if is_entrance { "LoadBalancer" } else { "ClusterIP" },
                "clusterIP": workload.service_address,
                "selector": {"app.kubernetes.io/name": &*plan.name},
                "ports": [{"name": "main", "port": port, "protocol": "TCP"}],
            },
            "status": {"loadBalancer": {}},
        });
        sim.told.apply(Kind::Service, json)?;
    }
    Ok(())
}

/// The slice with the addresses of a workload's pods.
pub(super) fn slice<'a>(workload: &Workload, pods: impl Iterator<Item = &'a Pod>) -> Value {
    let plan = &workload.plan;
    let endpoints: Vec<Value> = pods
        .filter(|pod| pod.phase == Phase::Running)
        .filter_map(|pod| {
            let address = pod.address.as_ref()?;
            Some(json!({
                "addresses": [address],
                "conditions": {"ready": pod.is_ready(), "serving": pod.is_ready(), "terminating": false},
                "nodeName": pod.node.map(Simulation::node_name),
                "targetRef": {
                    "kind": "Pod",
                    "namespace": &*pod.namespace,
                    "name": pod.name,
                    "uid": pod.uid,
                },
            }))
        })
        .collect();
    json!({
        "apiVersion": "discovery.k8s.io/v1",
        "kind": "EndpointSlice",
        "metadata": {
            "name": format!("{}-{}", plan.name, workload.slice_end),
            "namespace": &*plan.namespace,
            "uid": workload.slice_uid,
            "creationTimestamp": rfc3339(workload.created),
            "labels": {"kubernetes.io/service-name": &*plan.name},
            "ownerReferences": owner("v1", "Service", &plan.name, &workload.service_uid),
        },
        "addressType": "IPv4",
        "ports": [{"name": "main", "port": plan.port, "protocol": "TCP"}],
        "endpoints": endpoints,
    })
}
