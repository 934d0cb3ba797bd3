//! What of Kansoku is in the cluster already.

use serde_json::Value;

use super::ask::{Api, Refusal};
use super::manifest;

/// The agents' rung on the ladder of rights, by what their pods mount and whether they have a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rung {
    /// 0: asks the kubelet.
    Kubelet,
    /// 1: asks the kubelet, reads logs.
    Logs,
    /// 2: reads the node, asks nobody.
    Node,
    /// 2 with volumes: reads the node and asks the kubelet.
    NodeAndVolumes,
}

impl Rung {
    pub(crate) fn asks_kubelet(self) -> bool {
        self != Rung::Node
    }
}

/// The daemon set and the stateful set, where they are.
#[derive(Debug, Clone, Default)]
pub(crate) struct Installed {
    pub(crate) agent: Option<Value>,
    pub(crate) server: Option<Value>,
    /// Why one of them could not be seen.
    pub(crate) unseen: Option<Refusal>,
}

impl Installed {
    pub(crate) async fn look(api: &Api, namespace: &str) -> Installed {
        let at = |plural, name| format!("/apis/apps/v1/namespaces/{namespace}/{plural}/{name}");
        let mut installed = Installed::default();
        for (plural, name) in [
            ("daemonsets", manifest::AGENT),
            ("statefulsets", manifest::SERVER),
        ] {
            let into = match plural {
                "daemonsets" => &mut installed.agent,
                _ => &mut installed.server,
            };
            match api.get(&at(plural, name)).await {
                Ok(found) => *into = Some(found),
                Err(Refusal::Absent) => {}
                Err(refusal) => installed.unseen = Some(refusal),
            }
        }
        installed
    }

    pub(crate) fn rung(&self) -> Option<Rung> {
        self.agent.as_ref().map(rung)
    }

    /// The tolerations of the agents that are there, else those of the manifests: every taint.
    pub(crate) fn tolerations(&self) -> Vec<Value> {
        match &self.agent {
            None => vec![serde_json::json!({"operator": "Exists"})],
            Some(agent) => list(agent, "/spec/template/spec/tolerations")
                .cloned()
                .collect(),
        }
    }

    /// Whether the server's data are on a claim, and not in a folder of its node.
    pub(crate) fn server_on_claim(&self) -> bool {
        let claims = self.server.iter();
        claims
            .flat_map(|server| list(server, "/spec/volumeClaimTemplates"))
            .next()
            .is_some()
    }
}

fn rung(agent: &Value) -> Rung {
    let pod = "/spec/template/spec";
    let mounts = |path: &str| {
        list(agent, &format!("{pod}/volumes")).any(|volume| {
            let folder = volume["hostPath"]["path"].as_str().unwrap_or_default();
            folder.trim_end_matches('/') == path
        })
    };
    // Kubernetes mounts a token unless the pod or the account says otherwise; the manifests say it in the pod.
    let token =
        agent.pointer(&format!("{pod}/automountServiceAccountToken")) != Some(&Value::Bool(false));
    match (mounts("/sys/fs/cgroup"), token) {
        (true, false) => Rung::Node,
        (true, true) => Rung::NodeAndVolumes,
        (false, _) if mounts("/var/log/pods") || mounts("/var/log") => Rung::Logs,
        (false, _) => Rung::Kubelet,
    }
}

fn list<'v>(value: &'v Value, pointer: &str) -> impl Iterator<Item = &'v Value> {
    let items = value.pointer(pointer).and_then(Value::as_array);
    items.into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn each_rung_is_told_from_its_manifest() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/kubernetes/rungs");
        for (file, expected) in [
            ("0-kubelet", Rung::Kubelet),
            ("1-logs", Rung::Logs),
            ("2-node", Rung::Node),
            ("2-node-volumes", Rung::NodeAndVolumes),
        ] {
            let text = std::fs::read_to_string(folder.join(format!("{file}.yaml"))).unwrap();
            let all = serde_saphyr::from_multiple::<Value>(&text).unwrap();
            let agent = all.into_iter().find(|one| one["kind"] == "DaemonSet");
            let installed = Installed {
                agent,
                ..Installed::default()
            };
            assert_eq!(installed.rung(), Some(expected), "{file}");
            assert_eq!(installed.tolerations().len(), 1, "{file}");
        }
        assert_eq!(Installed::default().rung(), None);
    }
}
