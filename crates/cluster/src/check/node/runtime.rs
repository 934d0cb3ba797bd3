//! The container runtime.

use super::Node;
use crate::check::finding::{Check, Finding};

const RUNTIME: Check = Check::new("node.runtime", "Container runtime");

pub(crate) fn judge(node: &Node) -> Finding {
    let name = node.name();
    let text = &node.status.node_info.container_runtime_version;
    let (runtime, version) = text.split_once("://").unwrap_or((text, ""));
    match runtime {
        "containerd" | "cri-o" => RUNTIME.ok(name, format!("{runtime} {version}")),
        "docker" => RUNTIME.warning(
            name,
            format!("Docker {version}: /var/log/pods has links to /var/lib/docker/containers, which is not mounted"),
            "In your kustomization.yaml: components: [deploy/kubernetes/components/docker]",
        ),
        _ => RUNTIME.warning(
            name,
            format!("`{text}`: not tried; containerd, CRI-O and Docker were"),
            "See whether Sources shows lines and control groups of this node as read after the installation: kansoku doctor",
        ),
    }
}

/// Whether the runtime writes the logs itself, and not as the kubelet tells it.
pub(crate) fn is_docker(node: &Node) -> bool {
    let text = &node.status.node_info.container_runtime_version;
    text.starts_with("docker://")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::finding::Outcome;
    use crate::check::node::tests::recorded;

    #[test]
    fn each_runtime() {
        let mut node = recorded("v1.20");
        assert_eq!(judge(&node).found, "containerd 1.6.20");
        for (runtime, outcome) in [
            ("cri-o://1.29.1", Outcome::Ok),
            ("docker://20.10.7", Outcome::Warning),
            ("rkt", Outcome::Warning),
        ] {
            node.status.node_info.container_runtime_version = runtime.to_owned();
            assert_eq!(judge(&node).result, outcome, "{runtime}");
        }
    }
}
