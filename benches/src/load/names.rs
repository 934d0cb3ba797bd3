//! What the simulated things are called, in the shapes that Kubernetes gives.

use super::random::Random;

/// The names of one pod or container.
#[derive(Debug, Clone)]
pub(crate) struct EntityNames {
    pub(crate) cluster: &'static str,
    pub(crate) node: String,
    pub(crate) namespace: &'static str,
    pub(crate) pod: String,
    pub(crate) pod_uid: String,
    /// Of a container: its name and id.
    pub(crate) container: Option<(&'static str, String)>,
}

const NAMESPACES: [&str; 20] = [
    "shop",
    "checkout",
    "payments",
    "search",
    "catalog",
    "accounts",
    "shipping",
    "pricing",
    "media",
    "notifications",
    "reports",
    "ingest",
    "ml-serving",
    "ml-training",
    "data",
    "ci",
    "staging",
    "observability",
    "ingress",
    "kube-system",
];
const WORKLOADS: [&str; 12] = [
    "api",
    "web",
    "worker",
    "gateway",
    "cache",
    "scheduler",
    "consumer",
    "indexer",
    "exporter",
    "proxy",
    "auth",
    "sync",
];
const CONTAINERS: [&str; 4] = ["main", "sidecar", "proxy", "logs"];

/// The names of pod `pod` on node `node`; of its container `container` if that is asked for.
pub(crate) fn entity_names(node: usize, pod: usize, container: Option<usize>) -> EntityNames {
    let mut random = Random::of(&[11, node as u64, pod as u64]);
    // The square favours the first: some namespaces have many pods, most have few.
    let at = (random.share() * random.share() * NAMESPACES.len() as f64) as usize;
    let namespace = NAMESPACES[at.min(NAMESPACES.len() - 1)];
    let workload = WORKLOADS[random.below(WORKLOADS.len() as u64) as usize];
    let replica_set = letters(&mut Random::of(&[12, at as u64, workload.len() as u64]), 10);
    let name = format!(
        "{namespace}-{workload}-{replica_set}-{}",
        letters(&mut random, 5)
    );
    let (a, b) = (random.next(), random.next());
    let uid = format!(
        "{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}",
        a >> 32,
        (a >> 16) & 0xffff,
        a & 0xfff,
        (b >> 48) & 0xfff,
        b & 0xffff_ffff_ffff
    );
    let container = container.map(|at| {
        let mut random = Random::of(&[13, node as u64, pod as u64, at as u64]);
        let id: String = (0..4).map(|_| format!("{:016x}", random.next())).collect();
        (CONTAINERS[at % CONTAINERS.len()], id)
    });
    EntityNames {
        cluster: "production",
        node: format!(
            "ip-10-0-{}-{}.eu-west-1.compute.internal",
            node / 250,
            node % 250 + 4
        ),
        namespace,
        pod: name,
        pod_uid: uid,
        container,
    }
}

/// Letters and digits as Kubernetes puts them behind names: without vowels and what looks like them.
fn letters(random: &mut Random, length: usize) -> String {
    const ALPHABET: &[u8] = b"bcdfghjklmnpqrstvwxz2456789";
    (0..length)
        .map(|_| char::from(ALPHABET[random.below(ALPHABET.len() as u64) as usize]))
        .collect()
}

impl EntityNames {
    /// The text of an identity or attribute column; `None` where such a row has none.
    pub(crate) fn text(&self, column: &str) -> Option<String> {
        let text = match (column, &self.container) {
            ("cluster", _) => self.cluster,
            ("node", _) => &self.node,
            ("namespace", _) => self.namespace,
            ("pod", _) => &self.pod,
            ("pod_uid", _) => &self.pod_uid,
            ("qos_class", None) => "Burstable",
            ("container", Some((name, _))) => name,
            ("container_id", Some((_, id))) => id,
            ("container_kind", Some(_)) => "container",
            ("runtime", Some(_)) => "containerd",
            ("cgroup_path", container) => {
                let uid = self.pod_uid.replace('-', "_");
                let pod = format!(
                    "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod{uid}.slice"
                );
                return Some(match container {
                    Some((_, id)) => format!("{pod}/cri-containerd-{id}.scope"),
                    None => pod,
                });
            }
            _ => return None,
        };
        Some(text.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn no_two_entities_share_an_id() {
        let mut ids = HashSet::new();
        for (node, pod) in (0..100).flat_map(|n| (0..60).map(move |p| (n, p))) {
            assert!(ids.insert(entity_names(node, pod, None).pod_uid));
        }
        let first = entity_names(0, 0, Some(0)).container.unwrap();
        assert_ne!(first.1, entity_names(0, 0, Some(1)).container.unwrap().1);
        assert_eq!(first.1.len(), 64);
    }
}
