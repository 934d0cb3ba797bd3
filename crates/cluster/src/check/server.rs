//! Where the server is to run, and where its data are to be.

use serde_json::Value;

use super::ask::{Api, Refusal};
use super::finding::{CLUSTER, Check, Finding};
use super::installed::Installed;
use super::manifest;
use super::node::{Node, Used, hosts};

use std::collections::HashMap;

const PLACE: Check = Check::new("cluster.server", "A node for the server");
const STORAGE: Check = Check::new("cluster.storage", "Storage of the server");

/// The annotation of the default storage class, and what it was before.
const DEFAULT: [&str; 2] = [
    "storageclass.kubernetes.io/is-default-class",
    "storageclass.beta.kubernetes.io/is-default-class",
];

pub(crate) async fn check_storage(api: &Api, nodes: &[Node], installed: &Installed) -> Finding {
    let classes = api
        .list::<Value>("/apis/storage.k8s.io/v1/storageclasses")
        .await
        .map(|listed| default_class(&listed.items));
    judge_storage(nodes, &classes, installed.server_on_claim())
}

fn default_class(classes: &[Value]) -> Option<String> {
    let default = classes.iter().find(|class| {
        let annotations = &class["metadata"]["annotations"];
        DEFAULT.iter().any(|name| annotations[*name] == "true")
    });
    default?["metadata"]["name"].as_str().map(str::to_owned)
}

fn judge_storage(
    nodes: &[Node],
    class: &Result<Option<String>, Refusal>,
    on_claim: bool,
) -> Finding {
    let class_said = match class {
        Ok(Some(name)) => format!("the default storage class is {name}"),
        Ok(None) => "there is no default storage class".to_owned(),
        Err(refusal) => refusal.lacking("list storageclasses.storage.k8s.io"),
    };
    if on_claim {
        return STORAGE.ok(
            CLUSTER,
            format!("the server's data are on a claim; {class_said}"),
        );
    }
    let component = "components: [deploy/kubernetes/components/storage-class] in kustomization.yaml (Helm: server.storage.kind=claim)";
    let chosen = nodes
        .iter()
        .find(|node| node.label(manifest::SERVER_NODE_LABEL) == Some("true"));
    let fitting: Vec<&Node> = nodes.iter().filter(|node| hosts(node)).collect();
    let node = match (chosen, fitting.as_slice()) {
        (Some(node), _) => node,
        (None, [only]) => only,
        (None, []) => {
            return STORAGE.skipped(CLUSTER, "no node takes the server");
        }
        (None, [first, ..]) => {
            let label = format!(
                "kubectl label node {} {}=true",
                first.name(),
                manifest::SERVER_NODE_LABEL
            );
            let remedy = match class {
                Ok(Some(_)) => format!("{label}\nor, before the first start, {component}"),
                _ => label,
            };
            return STORAGE.warning(
                CLUSTER,
                format!(
                    "the data are in a folder of the server's node, and none of {} nodes is named for it: after a restart on \
                     another they are not there; {class_said}",
                    fitting.len()
                ),
                remedy,
            );
        }
    };
    let name = node.name();
    let disk = node.allocatable("ephemeral-storage");
    if let Some(disk) = disk.filter(|disk| *disk < manifest::SERVER_DISK_BYTES) {
        return STORAGE.warning(
            CLUSTER,
            format!(
                "the data are in a folder of {name}, whose disk has {:.0} GiB for pods; the budget is {:.0} GiB",
                disk / 1_073_741_824.0,
                manifest::SERVER_DISK_BYTES / 1_073_741_824.0
            ),
            format!("In config-map.yaml, [server.disk]: a smaller budget; or {component}"),
        );
    }
    STORAGE.ok(
        CLUSTER,
        format!("the data are in /var/lib/kansoku-server of {name}; {class_said}"),
    )
}

/// Whether there is a node on which the server, which tolerates no taint, fits.
pub(crate) fn check_place(
    nodes: &[Node],
    used: &Result<HashMap<String, Used>, Refusal>,
    installed: &Installed,
) -> Finding {
    let ready = installed.server.as_ref();
    let ready = ready.and_then(|server| server["status"]["readyReplicas"].as_u64());
    if ready.is_some_and(|ready| ready > 0) {
        return PLACE.ok(CLUSTER, "the server is running");
    }
    let (cores, bytes) = manifest::SERVER_REQUESTS;
    let has_room = |node: &&&Node| {
        let Ok(used) = used else { return true };
        let used = used.get(node.name()).copied().unwrap_or_default();
        let free = |resource: &str, taken: f64| {
            node.allocatable(resource)
                .is_none_or(|all| all - taken >= 0.0)
        };
        free("cpu", used.cores + cores) && free("memory", used.bytes + bytes)
    };
    let fitting: Vec<&Node> = nodes.iter().filter(|node| hosts(node)).collect();
    if fitting.is_empty() {
        return PLACE.failed(
            CLUSTER,
            "no ready Linux node is without a taint, and the server tolerates none",
            "In the pod template of the stateful set kansoku-server: tolerations: [{key: node-role.kubernetes.io/control-plane, \
             operator: Exists, effect: NoSchedule}] (before Kubernetes 1.24 the key is node-role.kubernetes.io/master)",
        );
    }
    let roomy = fitting.iter().filter(has_room).count();
    if roomy == 0 {
        return PLACE.failed(
            CLUSTER,
            format!(
                "none of {} nodes that would take the server has {:.0}m CPU and {:.0} MiB free of requests",
                fitting.len(),
                cores * 1000.0,
                bytes / 1_048_576.0
            ),
            "Add a node, move pods away, or ask for less: in the stateful set kansoku-server, resources.requests",
        );
    }
    let words = if roomy == 1 { "node fits" } else { "nodes fit" };
    PLACE.ok(CLUSTER, format!("{roomy} {words}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::check::finding::Outcome;
    use crate::check::node::tests::recorded;

    fn nodes(count: usize) -> Vec<Node> {
        let named = |at: usize| {
            let mut node = recorded("v1.36");
            node.metadata.name = format!("node-{at}");
            node
        };
        (1..=count).map(named).collect()
    }

    #[test]
    fn a_folder_needs_a_node_that_is_named() {
        let none = Ok(None);
        assert_eq!(judge_storage(&nodes(1), &none, false).result, Outcome::Ok);
        let three = judge_storage(&nodes(3), &none, false);
        assert_eq!(three.result, Outcome::Warning);
        assert_eq!(
            three.remedy.as_deref(),
            Some("kubectl label node node-1 kansoku.io/server=true")
        );
        let class = Ok(Some("gp3".to_owned()));
        let three = judge_storage(&nodes(3), &class, false);
        assert!(three.remedy.unwrap().contains("components/storage-class"));
        let mut named = nodes(3);
        let label = ("kansoku.io/server".to_owned(), "true".to_owned());
        named[1].metadata.labels.extend([label]);
        let finding = judge_storage(&named, &none, false);
        assert!(finding.found.contains("of node-2;"), "{}", finding.found);
        assert_eq!(judge_storage(&nodes(3), &class, true).result, Outcome::Ok);
        let mut small = nodes(1);
        let disk = ("ephemeral-storage".to_owned(), "10Gi".to_owned());
        small[0].status.allocatable.extend([disk]);
        assert_eq!(judge_storage(&small, &none, false).result, Outcome::Warning);
    }

    #[test]
    fn the_default_class_is_the_annotated_one() {
        let classes = [
            json!({"metadata": {"name": "slow"}}),
            json!({"metadata": {"name": "gp3", "annotations": {DEFAULT[0]: "true"}}}),
        ];
        assert_eq!(default_class(&classes).as_deref(), Some("gp3"));
        assert_eq!(default_class(&classes[..1]), None);
    }

    #[test]
    fn the_server_needs_a_node_without_a_taint_and_with_room() {
        let nobody = Installed::default();
        let used = |cores| {
            let used = Used {
                cores,
                ..Used::default()
            };
            Ok(HashMap::from([("node-1".to_owned(), used)]))
        };
        assert_eq!(
            check_place(&nodes(1), &used(1.8), &nobody).result,
            Outcome::Ok
        );
        assert_eq!(
            check_place(&nodes(1), &used(1.9), &nobody).result,
            Outcome::Failed
        );
        assert_eq!(
            check_place(&nodes(2), &used(1.9), &nobody).result,
            Outcome::Ok
        );
        let mut cordoned = nodes(1);
        cordoned[0].spec.unschedulable = true;
        assert_eq!(
            check_place(&cordoned, &used(0.0), &nobody).result,
            Outcome::Failed
        );
        let running = Installed {
            server: Some(json!({"status": {"readyReplicas": 1}})),
            ..Installed::default()
        };
        assert_eq!(
            check_place(&cordoned, &used(0.0), &running).found,
            "the server is running"
        );
    }
}
