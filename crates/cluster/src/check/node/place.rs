//! Whether an agent is placed on a node: taints, nodes without a kernel of their own, architecture.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Node;
use super::model::Taint;
use crate::check::finding::{CLUSTER, Check, Finding};

const PLACE: Check = Check::new("node.taints", "An agent is placed on it");
const ARCHITECTURE: Check = Check::new("cluster.architecture", "Architectures of nodes");

/// Taints that every pod of a daemon set tolerates.
const TOLERATED: [&str; 6] = [
    "node.kubernetes.io/not-ready",
    "node.kubernetes.io/unreachable",
    "node.kubernetes.io/disk-pressure",
    "node.kubernetes.io/memory-pressure",
    "node.kubernetes.io/pid-pressure",
    "node.kubernetes.io/unschedulable",
];

/// Labels of nodes that are no machines: label, value, what it is.
const NO_MACHINE: [(&str, &str, &str); 3] = [
    (
        "eks.amazonaws.com/compute-type",
        "fargate",
        "an AWS Fargate node",
    ),
    ("type", "virtual-kubelet", "a virtual node"),
    ("kubernetes.io/role", "agent-virtual", "a virtual node"),
];

/// Architectures that the program is built for.
const BUILT_FOR: [&str; 2] = ["amd64", "arm64"];

/// A Windows node.
pub(crate) fn windows(name: &str) -> Finding {
    PLACE.skipped(
        name,
        "a Windows node: agents are placed on Linux nodes only",
    )
}

fn keeps_away(taint: &Taint) -> bool {
    matches!(taint.effect.as_str(), "NoSchedule" | "NoExecute")
}

/// Whether one of the tolerations covers a taint.
fn tolerated(taint: &Taint, tolerations: &[Value]) -> bool {
    tolerations.iter().any(|toleration| {
        let text = |name: &str| toleration[name].as_str().unwrap_or_default();
        let effect = text("effect");
        if !effect.is_empty() && effect != taint.effect {
            return false;
        }
        match (text("key"), text("operator")) {
            ("", "Exists") => true,
            (key, "Exists") => key == taint.key,
            (key, _) => key == taint.key && text("value") == taint.value.as_deref().unwrap_or(""),
        }
    })
}

fn shown(taint: &Taint) -> String {
    match taint.value.as_deref().filter(|value| !value.is_empty()) {
        Some(value) => format!("{}={value}:{}", taint.key, taint.effect),
        None => format!("{}:{}", taint.key, taint.effect),
    }
}

pub(crate) fn judge(node: &Node, tolerations: &[Value]) -> Finding {
    let name = node.name();
    let machine = NO_MACHINE
        .iter()
        .find(|(label, value, _)| node.label(label) == Some(value));
    if let Some((label, value, what)) = machine {
        return PLACE.warning(
            name,
            format!("{what}: it takes no daemon sets and has no files to read, so an agent would stay pending there"),
            format!(
                "In the pod template of the daemon set kansoku-agent: affinity: {{nodeAffinity: \
                 {{requiredDuringSchedulingIgnoredDuringExecution: {{nodeSelectorTerms: [{{matchExpressions: \
                 [{{key: {label}, operator: NotIn, values: [{value}]}}]}}]}}}}}}"
            ),
        );
    }
    if node.label("kubernetes.io/os") != Some("linux") {
        return PLACE.failed(
            name,
            "it lacks the label kubernetes.io/os=linux, by which agents are placed",
            format!("kubectl label node {name} kubernetes.io/os=linux"),
        );
    }
    let away: Vec<&Taint> = node
        .taints()
        .filter(|taint| keeps_away(taint))
        .filter(|taint| !TOLERATED.contains(&taint.key.as_str()))
        .collect();
    let kept: Vec<String> = away
        .iter()
        .filter(|taint| !tolerated(taint, tolerations))
        .map(|taint| shown(taint))
        .collect();
    if !kept.is_empty() {
        return PLACE.warning(
            name,
            format!("no agent is placed on it: the daemon set does not tolerate {}", kept.join(", ")),
            "In the pod template of the daemon set kansoku-agent: tolerations: [{operator: Exists}]",
        );
    }
    match away.len() {
        0 => PLACE.ok(name, "it has no taint that keeps pods away"),
        _ => {
            let away: Vec<String> = away.into_iter().map(shown).collect();
            PLACE.ok(name, format!("the agents tolerate {}", away.join(", ")))
        }
    }
}

/// Whether the server, which tolerates nothing, may be placed on a node.
pub(crate) fn hosts(node: &Node) -> bool {
    node.is_ready()
        && !node.is_windows()
        && !node.spec.unschedulable
        && node.label("kubernetes.io/os") == Some("linux")
        && !node.taints().any(keeps_away)
        && BUILT_FOR.contains(&node.status.node_info.architecture.as_str())
}

/// The architectures that the image must have.
pub(crate) fn architectures(nodes: &[Node]) -> Finding {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for node in nodes.iter().filter(|node| !node.is_windows()) {
        *counts
            .entry(&node.status.node_info.architecture)
            .or_default() += 1;
    }
    let found: Vec<String> = counts
        .iter()
        .map(|(name, count)| format!("{count} {name}"))
        .collect();
    let found = found.join(", ");
    let other: Vec<&str> = counts
        .keys()
        .copied()
        .filter(|name| !BUILT_FOR.contains(name))
        .collect();
    if !other.is_empty() {
        return ARCHITECTURE.warning(
            CLUSTER,
            format!("{found}: the program is not built for {}", other.join(", ")),
            "Keep agents to the others; in the nodeSelector of the daemon set kansoku-agent: kubernetes.io/arch: amd64",
        );
    }
    match counts.len() {
        0 => ARCHITECTURE.skipped(CLUSTER, "there is no Linux node"),
        1 => ARCHITECTURE.told(
            CLUSTER,
            found,
            format!(
                "The image must be built for linux/{}",
                counts.keys().next().copied().unwrap_or_default()
            ),
        ),
        _ => {
            let platforms: Vec<String> =
                counts.keys().map(|name| format!("linux/{name}")).collect();
            ARCHITECTURE.warning(
                CLUSTER,
                format!("{found}: one image must have all of them"),
                format!(
                    "docker buildx build --platform {} -f deploy/Dockerfile -t registry.example.com/kansoku:0.1.0 --push .",
                    platforms.join(",")
                ),
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::check::finding::Outcome;
    use crate::check::node::tests::recorded;

    fn tainted(key: &str, value: Option<&str>, effect: &str) -> Node {
        let mut node = recorded("v1.36");
        node.spec.taints = Some(vec![Taint {
            key: key.to_owned(),
            value: value.map(str::to_owned),
            effect: effect.to_owned(),
        }]);
        node
    }

    #[test]
    fn the_manifests_tolerate_every_taint() {
        let all = [json!({"operator": "Exists"})];
        let control_plane = tainted("node-role.kubernetes.io/control-plane", None, "NoSchedule");
        let finding = judge(&control_plane, &all);
        assert_eq!(finding.result, Outcome::Ok);
        assert_eq!(
            finding.found,
            "the agents tolerate node-role.kubernetes.io/control-plane:NoSchedule"
        );
        assert!(!hosts(&control_plane));
        assert!(hosts(&recorded("v1.36")));
    }

    #[test]
    fn a_daemon_set_that_tolerates_less_is_told_what() {
        let gpu = tainted("gpu", Some("yes"), "NoSchedule");
        for (tolerations, outcome) in [
            (vec![], Outcome::Warning),
            (
                vec![json!({"key": "gpu", "operator": "Exists"})],
                Outcome::Ok,
            ),
            (vec![json!({"key": "gpu", "value": "yes"})], Outcome::Ok),
            (vec![json!({"key": "gpu", "value": "no"})], Outcome::Warning),
            (
                vec![json!({"key": "gpu", "operator": "Exists", "effect": "NoExecute"})],
                Outcome::Warning,
            ),
        ] {
            assert_eq!(judge(&gpu, &tolerations).result, outcome, "{tolerations:?}");
        }
        // Kubernetes itself lets daemon sets past these, and this one only prefers others.
        let drained = tainted("node.kubernetes.io/unschedulable", None, "NoSchedule");
        assert_eq!(judge(&drained, &[]).result, Outcome::Ok);
        let softly = tainted("gpu", None, "PreferNoSchedule");
        assert_eq!(judge(&softly, &[]).result, Outcome::Ok);
        assert!(hosts(&softly));
    }

    #[test]
    fn a_node_that_is_no_machine_takes_no_agent() {
        let mut node = recorded("v1.36");
        let label = ("eks.amazonaws.com/compute-type", "fargate");
        node.metadata
            .labels
            .insert(label.0.to_owned(), label.1.to_owned());
        let finding = judge(&node, &[json!({"operator": "Exists"})]);
        assert_eq!(finding.result, Outcome::Warning);
        assert!(finding.remedy.unwrap().contains("values: [fargate]"));
    }

    #[test]
    fn images_must_have_every_architecture() {
        let amd = recorded("v1.36");
        let mut arm = amd.clone();
        arm.status.node_info.architecture = "arm64".to_owned();
        let mut other = amd.clone();
        other.status.node_info.architecture = "s390x".to_owned();
        let one = architectures(std::slice::from_ref(&amd));
        assert_eq!((one.result, one.found.as_str()), (Outcome::Ok, "1 amd64"));
        let two = architectures(&[amd.clone(), arm]);
        assert!(two.remedy.unwrap().contains("linux/amd64,linux/arm64"));
        assert!(
            architectures(&[amd, other])
                .found
                .contains("not built for s390x")
        );
    }
}
