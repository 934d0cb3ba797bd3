//! What the manifests in `deploy/kubernetes` ask for. A test holds it against the files themselves.

use super::rights::Right;

/// Where they install to.
pub const NAMESPACE: &str = "kansoku";
/// The daemon set and its service account.
pub(crate) const AGENT: &str = "kansoku-agent";
/// The stateful set and its service account.
pub(crate) const SERVER: &str = "kansoku-server";
/// The label of the node on which the server is to run.
pub(crate) const SERVER_NODE_LABEL: &str = "kansoku.io/server";
/// The agent's requests: cores and bytes.
pub(crate) const AGENT_REQUESTS: (f64, f64) = (0.05, 64.0 * 1_048_576.0);
/// The server's.
pub(crate) const SERVER_REQUESTS: (f64, f64) = (0.2, 512.0 * 1_048_576.0);
/// `server.disk.budget`
pub(crate) const SERVER_DISK_BYTES: f64 = 20.0 * 1_073_741_824.0;
/// `agent.spool.max_bytes` and `agent.logs.spool.max_bytes` together.
pub(crate) const AGENT_DISK_BYTES: f64 = 768.0 * 1_048_576.0;

/// What is created, by group and plural.
pub(crate) const CLUSTER_OBJECTS: [(&str, &str); 3] = [
    ("", "namespaces"),
    ("rbac.authorization.k8s.io", "clusterroles"),
    ("rbac.authorization.k8s.io", "clusterrolebindings"),
];

/// What is created in the namespace.
pub(crate) const NAMESPACED_OBJECTS: [(&str, &str); 6] = [
    ("", "serviceaccounts"),
    ("", "configmaps"),
    ("", "services"),
    ("networking.k8s.io", "networkpolicies"),
    ("apps", "statefulsets"),
    ("apps", "daemonsets"),
];

/// What the server's role lets it list and watch.
pub(crate) const SERVER_WATCHES: [(&str, &str); 15] = [
    ("", "pods"),
    ("", "nodes"),
    ("", "namespaces"),
    ("", "services"),
    ("", "persistentvolumeclaims"),
    ("", "persistentvolumes"),
    ("", "events"),
    ("discovery.k8s.io", "endpointslices"),
    ("apps", "deployments"),
    ("apps", "replicasets"),
    ("apps", "daemonsets"),
    ("apps", "statefulsets"),
    ("batch", "jobs"),
    ("batch", "cronjobs"),
    ("networking.k8s.io", "ingresses"),
];

/// The rights of the server's role.
pub(crate) fn server_rights() -> Vec<Right> {
    let both = |(group, plural): (&'static str, &'static str)| {
        ["list", "watch"].map(|verb| Right::on(verb, group, plural))
    };
    SERVER_WATCHES.into_iter().flat_map(both).collect()
}

/// The right of the agent's role, on the rungs that ask the kubelet.
pub(crate) fn kubelet_right() -> Right {
    Right::on("get", "", "nodes/stats")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use serde_json::Value;

    use super::*;
    use crate::quantity::number;

    fn documents(file: &str) -> Vec<Value> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/kubernetes");
        let text = std::fs::read_to_string(folder.join(file)).unwrap();
        serde_saphyr::from_multiple::<Value>(&text).unwrap()
    }

    fn of_kind(file: &str, kind: &str) -> Value {
        let all = documents(file);
        all.into_iter().find(|one| one["kind"] == kind).unwrap()
    }

    fn texts(value: &Value) -> Vec<String> {
        let items = value.as_array().unwrap().iter();
        items.map(|one| one.as_str().unwrap().to_owned()).collect()
    }

    fn granted(role: &Value) -> BTreeSet<String> {
        let mut rights = BTreeSet::new();
        for rule in role["rules"].as_array().unwrap() {
            for group in texts(&rule["apiGroups"]) {
                for resource in texts(&rule["resources"]) {
                    for verb in texts(&rule["verbs"]) {
                        rights.insert(format!("{verb} {group}/{resource}"));
                    }
                }
            }
        }
        rights
    }

    fn as_text(rights: &[Right]) -> BTreeSet<String> {
        rights
            .iter()
            .map(|right| format!("{} {}/{}", right.verb, right.group, right.resource))
            .collect()
    }

    #[test]
    fn the_rights_are_those_of_the_roles() {
        let role = of_kind("service-accounts.yaml", "ClusterRole");
        assert_eq!(granted(&role), as_text(&server_rights()));
        for rung in ["0-kubelet", "1-logs", "2-node-volumes"] {
            let role = of_kind(&format!("rungs/{rung}.yaml"), "ClusterRole");
            assert_eq!(granted(&role), as_text(&[kubelet_right()]), "{rung}");
        }
    }

    #[test]
    fn every_object_of_the_manifests_is_asked_for() {
        let mut kinds = BTreeSet::new();
        for file in [
            "namespace.yaml",
            "service-accounts.yaml",
            "config-map.yaml",
            "kansoku.yaml",
        ] {
            for document in documents(file) {
                let version = document["apiVersion"].as_str().unwrap().to_owned();
                let group = version.split_once('/').map_or("", |(group, _)| group);
                let kind = document["kind"].as_str().unwrap().to_lowercase();
                let plural = kind
                    .strip_suffix("policy")
                    .map_or(format!("{kind}s"), |stem| format!("{stem}policies"));
                kinds.insert((group.to_owned(), plural));
            }
        }
        let asked: BTreeSet<(String, String)> = CLUSTER_OBJECTS
            .iter()
            .chain(&NAMESPACED_OBJECTS)
            .map(|(group, plural)| ((*group).to_owned(), (*plural).to_owned()))
            .collect();
        assert_eq!(kinds, asked);
    }

    #[test]
    fn requests_names_and_tolerations_are_those_of_the_pods() {
        for (kind, name, (cores, bytes)) in [
            ("DaemonSet", AGENT, AGENT_REQUESTS),
            ("StatefulSet", SERVER, SERVER_REQUESTS),
        ] {
            let object = of_kind("kansoku.yaml", kind);
            assert_eq!(object["metadata"]["name"], name);
            assert_eq!(object["metadata"]["namespace"], NAMESPACE);
            let pod = &object["spec"]["template"]["spec"];
            assert_eq!(pod["serviceAccountName"], name);
            let requests = &pod["containers"][0]["resources"]["requests"];
            assert_eq!(number(requests["cpu"].as_str().unwrap()), Some(cores));
            assert_eq!(number(requests["memory"].as_str().unwrap()), Some(bytes));
            assert_eq!(pod["nodeSelector"]["kubernetes.io/os"], "linux");
        }
        let agent = of_kind("kansoku.yaml", "DaemonSet");
        let tolerations = &agent["spec"]["template"]["spec"]["tolerations"];
        assert_eq!(tolerations, &serde_json::json!([{"operator": "Exists"}]));
        let server = of_kind("kansoku.yaml", "StatefulSet");
        assert!(server["spec"]["template"]["spec"]["tolerations"].is_null());
        assert!(server.to_string().contains(SERVER_NODE_LABEL));
    }

    #[test]
    fn the_room_on_disk_is_that_of_the_configuration() {
        let map = of_kind("config-map.yaml", "ConfigMap");
        let text = map["data"]["kansoku.toml"].as_str().unwrap();
        let mut sizes = text.lines().filter_map(|line| {
            let (key, value) = line.split_once(" = ")?;
            matches!(key, "max_bytes" | "budget")
                .then(|| number(value.trim_matches('"').trim_end_matches('B')).unwrap())
        });
        let spools = sizes.next().unwrap() + sizes.next().unwrap();
        assert_eq!(spools, AGENT_DISK_BYTES);
        assert_eq!(sizes.next().unwrap(), SERVER_DISK_BYTES);
    }
}
