//! Checks of one node: what the API server knows of it, what its kubelet says, and its kubelet's certificate.

pub(crate) mod certificate;
mod cgroup;
pub(crate) mod configz;
mod handshake;
mod kernel;
mod model;
mod mounts;
mod place;
mod room;
mod rotation;
mod runtime;

use std::collections::HashMap;
use std::time::Duration;

use serde_json::Value;

use super::ask::{Api, Refusal};
use super::clock;
use super::finding::Finding;
use super::version;
use certificate::Authorities;
use configz::Configz;
pub(crate) use model::Node;
pub(crate) use place::{architectures, hosts};
pub(crate) use room::{PodLite, Used, used};

/// What is the same for all nodes.
pub(crate) struct Around<'c> {
    pub(crate) api: &'c Api,
    /// What the API server said of leases.
    pub(crate) tolerations: &'c [Value],
    /// What pods ask for, by node; or why that is not known.
    pub(crate) used: &'c Result<HashMap<String, Used>, Refusal>,
    pub(crate) authorities: &'c Authorities,
    /// Whether agents are installed that ask the kubelet.
    pub(crate) kubelet_asked: bool,
    pub(crate) patience: Duration,
}

/// All checks of a node but that of its clock, for which leases must be watched.
pub(crate) async fn check(around: &Around<'_>, node: &Node) -> Vec<Finding> {
    let name = node.name();
    let mut findings = vec![model::judge_ready(node), model::judge_version(node)];
    if node.is_windows() {
        findings.push(place::windows(name));
        return findings;
    }
    let configz = configz::ask(around.api, name).await;
    let runtime = runtime::judge(node);
    let cgroup = cgroup::judge(node, &version_of_cgroups(around.api, node, &configz).await);
    let kernel = kernel::judge(node);
    let rotation = rotation::judge(node, &configz);
    let mounts = mounts::judge(node, &configz, &folders(around.api, name).await);
    let certificate = certificate::check(around, node, &configz).await;
    findings.extend([runtime, kernel, cgroup, rotation, mounts, certificate]);
    findings.push(place::judge(node, around.tolerations));
    findings.push(room::judge(node, around.used));
    findings
}

/// The clock of a node, from what was seen of leases.
pub(crate) fn check_clock(node: &Node, leases: Option<&Result<clock::Leases, Refusal>>) -> Finding {
    match leases {
        None => clock::without_server_time(node.name()),
        Some(Err(refusal)) => clock::unread(node.name(), refusal),
        Some(Ok(leases)) => {
            let lease = leases.get(node.name()).copied();
            clock::judge_node(node.name(), lease, node.is_ready())
        }
    }
}

/// The kubelet's metric `kubelet_cgroup_version`, where the kubelet has it and its configuration does not say already.
async fn version_of_cgroups(
    api: &Api,
    node: &Node,
    configz: &Result<Configz, Refusal>,
) -> Result<Option<u32>, Refusal> {
    let configz = configz.as_ref().map_err(Refusal::clone)?;
    if configz.fail_cgroup_v1 == Some(true) {
        return Ok(Some(2));
    }
    let kubelet = version::parse(&node.status.node_info.kubelet_version);
    if kubelet.is_none_or(|kubelet| kubelet < cgroup::METRIC_SINCE) {
        return Ok(None);
    }
    let path = format!("/api/v1/nodes/{}/proxy/metrics", node.name());
    Ok(cgroup::metric(&api.text(&path).await?))
}

/// The kubelet's listing of `/var/log`.
async fn folders(api: &Api, node: &str) -> Result<String, Refusal> {
    api.text(&format!("/api/v1/nodes/{node}/proxy/logs/")).await
}

#[cfg(test)]
pub(crate) mod tests {
    use std::path::Path;

    use super::*;

    /// A recorded file of `corpus/check/`.
    pub(crate) fn corpus(file: &str) -> String {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpus/check");
        std::fs::read_to_string(folder.join(file)).unwrap()
    }

    /// The recorded node of a version.
    pub(crate) fn recorded(version: &str) -> Node {
        let text = corpus(&format!("node-{version}.json"));
        serde_json::from_str(&text).unwrap()
    }

    /// What its kubelet said of its configuration.
    pub(crate) fn recorded_configz(version: &str) -> Configz {
        configz::read(&corpus(&format!("configz-{version}.json"))).unwrap()
    }
}
