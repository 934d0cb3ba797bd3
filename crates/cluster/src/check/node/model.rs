//! A node as the API server lists it.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::api::{Condition, Meta};
use crate::check::finding::{Check, Finding};
use crate::check::version::{self, Version};
use crate::quantity::number;

const READY: Check = Check::new("node.ready", "Node is ready");
const VERSION: Check = Check::new("node.kubelet", "Version of the kubelet");

/// The versions between which Kansoku was tried.
const TRIED: (Version, Version) = (Version::new(1, 20), Version::new(1, 36));

/// A node.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Node {
    pub(crate) metadata: Meta,
    pub(crate) spec: NodeSpec,
    pub(crate) status: NodeStatus,
}

/// Its `spec`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct NodeSpec {
    pub(crate) unschedulable: bool,
    pub(crate) taints: Option<Vec<Taint>>,
}

/// What keeps pods away that do not tolerate it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Taint {
    pub(crate) key: String,
    pub(crate) value: Option<String>,
    pub(crate) effect: String,
}

/// A node's `status`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct NodeStatus {
    pub(crate) addresses: Option<Vec<Address>>,
    pub(crate) allocatable: BTreeMap<String, String>,
    pub(crate) conditions: Option<Vec<Condition>>,
    pub(crate) node_info: NodeInfo,
    pub(crate) daemon_endpoints: DaemonEndpoints,
}

/// Of `status.addresses`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Address {
    pub(crate) address: String,
    pub(crate) r#type: String,
}

/// `status.nodeInfo`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct NodeInfo {
    pub(crate) architecture: String,
    pub(crate) container_runtime_version: String,
    pub(crate) kernel_version: String,
    pub(crate) kubelet_version: String,
    pub(crate) operating_system: String,
    pub(crate) os_image: String,
}

/// `status.daemonEndpoints`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct DaemonEndpoints {
    kubelet_endpoint: Endpoint,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Endpoint {
    #[serde(rename = "Port")]
    port: u16,
}

impl Node {
    pub(crate) fn name(&self) -> &str {
        &self.metadata.name
    }

    pub(crate) fn is_ready(&self) -> bool {
        self.condition("Ready")
            .is_some_and(|one| one.status == "True")
    }

    fn condition(&self, name: &str) -> Option<&Condition> {
        let mut conditions = self.status.conditions.iter().flatten();
        conditions.find(|condition| condition.r#type == name)
    }

    pub(crate) fn is_windows(&self) -> bool {
        self.status.node_info.operating_system == "windows"
    }

    pub(crate) fn taints(&self) -> impl Iterator<Item = &Taint> {
        self.spec.taints.iter().flatten()
    }

    pub(crate) fn label(&self, name: &str) -> Option<&str> {
        self.metadata.labels.get(name).map(String::as_str)
    }

    /// What pods may use of a resource, in cores, bytes or pods.
    pub(crate) fn allocatable(&self, resource: &str) -> Option<f64> {
        number(self.status.allocatable.get(resource)?)
    }

    /// Where its kubelet is asked: `status.hostIP` of the agent's pod is the first internal address.
    pub(crate) fn kubelet(&self) -> Option<(std::net::IpAddr, u16)> {
        let mut addresses = self.status.addresses.iter().flatten();
        let address = addresses.find(|one| one.r#type == "InternalIP")?;
        let port = match self.status.daemon_endpoints.kubelet_endpoint.port {
            0 => 10250,
            port => port,
        };
        Some((address.address.parse().ok()?, port))
    }
}

pub(crate) fn judge_ready(node: &Node) -> Finding {
    let name = node.name();
    if node.is_ready() {
        return READY.ok(name, "ready");
    }
    let reason = node
        .condition("Ready")
        .and_then(|condition| condition.reason.as_deref())
        .unwrap_or("it has no condition Ready");
    READY.warning(
        name,
        format!("not ready: {reason}"),
        format!("No agent starts on it before it is: kubectl describe node {name}"),
    )
}

pub(crate) fn judge_version(node: &Node) -> Finding {
    let (name, text) = (node.name(), &node.status.node_info.kubelet_version);
    let (from, to) = TRIED;
    match version::parse(text) {
        Some(version) if version.release() >= from && version.release() <= to => {
            VERSION.ok(name, version.to_string())
        }
        Some(version) => VERSION.warning(
            name,
            format!(
                "{version}: not tried; {}.{} to {}.{} were",
                from.major, from.minor, to.major, to.minor
            ),
            "See whether Sources shows every file of this node as read after the installation: kansoku doctor",
        ),
        None => VERSION.skipped(name, format!("`{text}` is not a version that can be read")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::finding::Outcome;
    use crate::check::node::tests::recorded;

    #[test]
    fn recorded_nodes_are_read() {
        for set in ["v1.20", "v1.36"] {
            let node = recorded(set);
            assert_eq!(node.name(), "node-1", "{set}");
            assert!(node.is_ready(), "{set}");
            assert_eq!(judge_ready(&node).result, Outcome::Ok);
            assert_eq!(judge_version(&node).result, Outcome::Ok, "{set}");
            assert_eq!(node.allocatable("cpu"), Some(2.0));
            let (address, port) = node.kubelet().unwrap();
            assert_eq!((address.to_string().as_str(), port), ("10.99.0.1", 10250));
        }
    }

    #[test]
    fn a_node_that_is_not_ready_says_why() {
        let mut node = recorded("v1.36");
        for condition in node.status.conditions.iter_mut().flatten() {
            condition.status = "Unknown".to_owned();
            condition.reason = Some("NodeStatusUnknown".to_owned());
        }
        let finding = judge_ready(&node);
        assert_eq!(finding.found, "not ready: NodeStatusUnknown");
    }
}
