//! Rows of table `identity`: what pods and their containers are and belong to.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::api::{Container, Pairs, Pod};
use crate::quantity::whole;
use crate::resources::{Amounts, amounts, is_sidecar, limits, requests};
use crate::rows::Rows;

/// A pod or one of its containers, as its row tells it.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Identity {
    pub(crate) namespace: String,
    pub(crate) pod: String,
    pub(crate) pod_uid: String,
    /// Empty in the row about the pod itself.
    pub(crate) container: String,
    pub(crate) node: Option<String>,
    pub(crate) owner: Option<(String, String)>,
    pub(crate) workload: Option<(String, String)>,
    pub(crate) services: BTreeSet<String>,
    pub(crate) labels: Pairs,
    pub(crate) annotations: Pairs,
    pub(crate) qos_class: Option<String>,
    pub(crate) priority_class: Option<String>,
    pub(crate) service_account: Option<String>,
    pub(crate) host_network: Option<bool>,
    pub(crate) pod_ip: Option<String>,
    pub(crate) host_ip: Option<String>,
    pub(crate) created: Option<i64>,
    pub(crate) container_kind: Option<&'static str>,
    pub(crate) container_id: Option<String>,
    pub(crate) image: Option<String>,
    pub(crate) image_id: Option<String>,
    pub(crate) requests: Amounts,
    pub(crate) limits: Amounts,
}

const CPU: &str = "cpu";
const MEMORY: &str = "memory";
const EPHEMERAL: &str = "ephemeral-storage";

/// The rows about a pod: its own, then each container's.
pub(crate) fn identities(
    pod: &Pod,
    workload: (String, String),
    services: BTreeSet<String>,
    annotations: &[String],
) -> Vec<Identity> {
    let (meta, spec, status) = (&pod.metadata, &pod.spec, &pod.status);
    let chosen = meta
        .annotations
        .iter()
        .filter(|(name, _)| annotations.contains(name))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    let own = Identity {
        namespace: meta.namespace.clone().unwrap_or_default(),
        pod: meta.name.clone(),
        pod_uid: meta.uid.clone(),
        node: spec.node_name.clone(),
        owner: meta.owner().map(|o| (o.kind.clone(), o.name.clone())),
        workload: Some(workload),
        services,
        labels: meta.labels.clone(),
        annotations: chosen,
        qos_class: status.qos_class.clone(),
        priority_class: spec.priority_class_name.clone(),
        service_account: spec.service_account_name.clone(),
        host_network: Some(spec.host_network),
        pod_ip: status.pod_ip.clone(),
        host_ip: status.host_ip.clone(),
        created: meta.creation_timestamp,
        ..Identity::default()
    };
    let container = |container: &Container, kind| {
        let status = status.container(&container.name);
        Identity {
            container: container.name.clone(),
            container_kind: Some(kind),
            container_id: status
                .and_then(|s| s.container_id.as_deref())
                .map(|id| bare_id(id).to_owned()),
            image: container.image.clone(),
            image_id: status.and_then(|s| s.image_id.clone()),
            requests: amounts(&container.resources.requests),
            limits: amounts(&container.resources.limits),
            ..own.clone()
        }
    };
    let init = spec.init_containers.iter().map(|c| {
        let kind = if is_sidecar(c) { "sidecar" } else { "init" };
        container(c, kind)
    });
    let containers = spec.containers.iter().map(|c| container(c, "container"));
    let ephemeral = spec
        .ephemeral_containers
        .iter()
        .map(|c| container(c, "ephemeral"));
    let of_containers: Vec<Identity> = init.chain(containers).chain(ephemeral).collect();
    // A pod that has ended takes no room on its node any more, though it is still there.
    let has_ended = matches!(status.phase.as_deref(), Some("Succeeded" | "Failed"));
    let requested = match has_ended {
        true => Amounts::default(),
        false => requests(spec),
    };
    let mut rows = vec![Identity {
        requests: requested,
        limits: limits(spec),
        ..own
    }];
    rows.extend(of_containers);
    rows
}

/// Without the runtime's name in front: `containerd://0123…`.
fn bare_id(id: &str) -> &str {
    id.split_once("://").map_or(id, |(_, id)| id)
}

impl Identity {
    /// A number that changes when any column changes.
    pub(crate) fn print(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        let texts = [
            &self.node,
            &self.qos_class,
            &self.priority_class,
            &self.service_account,
            &self.pod_ip,
            &self.host_ip,
            &self.container_id,
            &self.image,
            &self.image_id,
        ];
        (&self.namespace, &self.pod, &self.container).hash(&mut hasher);
        texts.hash(&mut hasher);
        (&self.owner, &self.workload, &self.services).hash(&mut hasher);
        (&self.labels, &self.annotations).hash(&mut hasher);
        (self.host_network, self.created, self.container_kind).hash(&mut hasher);
        for amounts in [&self.requests, &self.limits] {
            amounts.len().hash(&mut hasher);
            for (name, amount) in amounts {
                (name, amount.to_bits()).hash(&mut hasher);
            }
        }
        hasher.finish()
    }

    /// Writes the row.
    pub(crate) fn write(&self, rows: &mut Rows, cluster: &str, time: i64, deleted: bool) {
        rows.time("time", Some(time));
        rows.text("cluster", Some(cluster));
        rows.text("namespace", Some(&self.namespace));
        rows.text("pod", Some(&self.pod));
        rows.text("pod_uid", Some(&self.pod_uid));
        rows.text("container", Some(&self.container));
        rows.text("node", self.node.as_deref());
        rows.flag("deleted", deleted.then_some(true));
        if let Some((kind, name)) = &self.owner {
            rows.text("owner_kind", Some(kind));
            rows.text("owner_name", Some(name));
        }
        if let Some((kind, name)) = &self.workload {
            rows.text("workload_kind", Some(kind));
            rows.text("workload", Some(name));
        }
        rows.text("service", self.services.first().map(String::as_str));
        rows.labels("services", self.services.iter().map(|s| (s.as_str(), "")));
        rows.labels("labels", pairs(&self.labels));
        rows.labels("annotations", pairs(&self.annotations));
        rows.text("qos_class", self.qos_class.as_deref());
        rows.text("priority_class", self.priority_class.as_deref());
        rows.text("service_account", self.service_account.as_deref());
        rows.flag("host_network", self.host_network);
        rows.text("pod_ip", self.pod_ip.as_deref());
        rows.text("host_ip", self.host_ip.as_deref());
        rows.time("created_time", self.created);
        rows.text("container_kind", self.container_kind);
        rows.text("container_id", self.container_id.as_deref());
        rows.text("image", self.image.as_deref());
        rows.text("image_id", self.image_id.as_deref());
        let share = |amounts: &Amounts| amounts.get(CPU).copied();
        let bytes = |amounts: &Amounts, name| amounts.get(name).copied().and_then(whole);
        rows.float("cpu_request_cores", share(&self.requests));
        rows.float("cpu_limit_cores", share(&self.limits));
        rows.integer("memory_request_bytes", bytes(&self.requests, MEMORY));
        rows.integer("memory_limit_bytes", bytes(&self.limits, MEMORY));
        rows.integer(
            "ephemeral_storage_request_bytes",
            bytes(&self.requests, EPHEMERAL),
        );
        rows.integer(
            "ephemeral_storage_limit_bytes",
            bytes(&self.limits, EPHEMERAL),
        );
        let others: Vec<(&str, String)> = self
            .requests
            .iter()
            .filter(|(name, _)| ![CPU, MEMORY, EPHEMERAL].contains(&name.as_str()))
            .map(|(name, amount)| (name.as_str(), amount.to_string()))
            .collect();
        rows.labels(
            "extended_requests",
            others.iter().map(|(name, amount)| (*name, amount.as_str())),
        );
        rows.end_row();
    }
}

/// Names and values of a map.
pub(crate) fn pairs(map: &Pairs) -> impl Iterator<Item = (&str, &str)> {
    map.iter().map(|(k, v)| (k.as_str(), v.as_str()))
}
