//! Whether a node has room for what an agent asks for.

use std::collections::HashMap;

use serde::Deserialize;

use super::Node;
use crate::api::{Meta, PodSpec};
use crate::check::ask::Refusal;
use crate::check::finding::{Check, Finding};
use crate::check::manifest;
use crate::resources;

const ROOM: Check = Check::new("node.room", "Room for an agent");

/// A pod, with what it asks for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct PodLite {
    metadata: Meta,
    spec: PodSpec,
    status: Phase,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Phase {
    phase: Option<String>,
}

/// What the pods of a node ask for.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Used {
    pub(crate) cores: f64,
    pub(crate) bytes: f64,
    pub(crate) pods: f64,
    /// An agent is there already; it is not counted.
    pub(crate) agent: bool,
}

/// What pods that have not ended ask for, by node. Agents in `namespace` are not counted.
pub(crate) fn used(pods: &[PodLite], namespace: &str) -> HashMap<String, Used> {
    let mut nodes: HashMap<String, Used> = HashMap::new();
    for pod in pods {
        let ended = matches!(pod.status.phase.as_deref(), Some("Succeeded" | "Failed"));
        let Some(node) = pod.spec.node_name.as_ref().filter(|_| !ended) else {
            continue;
        };
        let used = nodes.entry(node.clone()).or_default();
        let own = pod.metadata.namespace.as_deref() == Some(namespace)
            && pod
                .metadata
                .owner()
                .is_some_and(|owner| owner.name == manifest::AGENT);
        if own {
            used.agent = true;
            continue;
        }
        let requests = resources::requests(&pod.spec);
        used.cores += requests.get("cpu").copied().unwrap_or(0.0);
        used.bytes += requests.get("memory").copied().unwrap_or(0.0);
        used.pods += 1.0;
    }
    nodes
}

pub(crate) fn judge(node: &Node, used: &Result<HashMap<String, Used>, Refusal>) -> Finding {
    let name = node.name();
    let used = match used {
        Ok(used) => used.get(name).copied().unwrap_or_default(),
        Err(refusal) => return ROOM.skipped(name, refusal.lacking("list pods")),
    };
    let free = |resource: &str, taken: f64| node.allocatable(resource).map(|all| all - taken);
    let (Some(cores), Some(bytes), Some(pods)) = (
        free("cpu", used.cores),
        free("memory", used.bytes),
        free("pods", used.pods),
    ) else {
        return ROOM.skipped(name, "the node does not say what pods may use");
    };
    let found = format!(
        "free of requests: {:.0}m CPU, {:.0} MiB, {pods:.0} pods",
        cores * 1000.0,
        bytes / 1_048_576.0
    );
    let (asked_cores, asked_bytes) = manifest::AGENT_REQUESTS;
    let asked = format!(
        "{:.0}m CPU, {:.0} MiB and a pod",
        asked_cores * 1000.0,
        asked_bytes / 1_048_576.0
    );
    // Sums of decimal fractions are a little off.
    if cores + 1e-9 < asked_cores || bytes < asked_bytes || pods < 1.0 {
        return ROOM.warning(
            name,
            format!("{found}; an agent asks for {asked}"),
            "Let the agents go first: in the pod template of the daemon set kansoku-agent, priorityClassName: \
             system-node-critical; or move a pod away from the node",
        );
    }
    let ephemeral = node.allocatable("ephemeral-storage");
    if let Some(disk) = ephemeral.filter(|disk| *disk < 2.0 * manifest::AGENT_DISK_BYTES) {
        return ROOM.warning(
            name,
            format!("its disk has {:.1} GiB for pods; an agent keeps up to {:.0} MiB there while the server is away",
                disk / 1_073_741_824.0, manifest::AGENT_DISK_BYTES / 1_048_576.0),
            "In config-map.yaml, [agent.spool] and [agent.logs.spool]: max_bytes = \"64MiB\"",
        );
    }
    let there = if used.agent {
        "; an agent is there already"
    } else {
        ""
    };
    ROOM.ok(name, format!("{found}{there}"))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::check::finding::Outcome;
    use crate::check::node::tests::recorded;

    fn pod(owner: &str, cpu: &str, phase: &str) -> PodLite {
        let json: Value = json!({"metadata": {"name": "p", "namespace": "kansoku", "uid": "u",
                "ownerReferences": [{"kind": "DaemonSet", "name": owner, "uid": "o", "controller": true}]},
            "spec": {"nodeName": "node-1", "containers": [{"name": "c",
                "resources": {"requests": {"cpu": cpu, "memory": "1Gi"}}}]},
            "status": {"phase": phase}});
        serde_json::from_value(json).unwrap()
    }

    #[test]
    fn requests_of_pods_that_go_on_are_taken_off() {
        let pods = [
            pod("web", "1500m", "Running"),
            pod("sum", "8", "Succeeded"),
            pod("kansoku-agent", "50m", "Running"),
        ];
        let used = used(&pods, "kansoku");
        let one = used["node-1"];
        assert_eq!((one.cores, one.pods, one.agent), (1.5, 1.0, true));
        let finding = judge(&recorded("v1.36"), &Ok(used));
        assert_eq!(finding.result, Outcome::Ok);
        assert!(
            finding
                .found
                .starts_with("free of requests: 500m CPU, 22982 MiB, 199 pods"),
            "{}",
            finding.found
        );
        assert!(finding.found.ends_with("already"));
    }

    #[test]
    fn a_full_node_is_told_with_what_is_asked_for() {
        let full = |cores, bytes, pods| {
            let used = Used {
                cores,
                bytes,
                pods,
                agent: false,
            };
            judge(
                &recorded("v1.36"),
                &Ok(HashMap::from([("node-1".to_owned(), used)])),
            )
        };
        assert_eq!(full(1.95, 0.0, 1.0).result, Outcome::Ok);
        assert_eq!(full(1.96, 0.0, 1.0).result, Outcome::Warning);
        assert_eq!(full(0.0, 25.15e9, 1.0).result, Outcome::Warning);
        let pods = full(0.0, 0.0, 200.0);
        assert!(
            pods.found
                .ends_with("an agent asks for 50m CPU, 64 MiB and a pod")
        );
        let refused = judge(&recorded("v1.36"), &Err(Refusal::Forbidden(String::new())));
        assert_eq!(refused.found, "this account lacks the right to list pods");
    }

    #[test]
    fn a_small_disk_is_said() {
        let mut node = recorded("v1.36");
        let small = ("ephemeral-storage".to_owned(), "1Gi".to_owned());
        node.status.allocatable.extend([small]);
        let finding = judge(&node, &Ok(HashMap::new()));
        assert_eq!(finding.result, Outcome::Warning);
        assert!(finding.found.contains("1.0 GiB"));
    }
}
