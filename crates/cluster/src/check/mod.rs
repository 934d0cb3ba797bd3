//! Checks before installation against a cluster: `kansoku doctor --cluster`.
//!
//! [`run`] asks the API server, and for each node its kubelet by way of the API server, and gives a [`Finding`] for each
//! check: how it ended, what was found, and what to do. It changes nothing: access reviews are the only requests that are
//! not reads, and they leave nothing behind. What may not be asked is skipped, with the right that it takes.
//!
//! Each check has a function that asks and one that judges; the latter is without network and clock.

mod api_server;
mod ask;
mod clock;
mod finding;
mod group;
mod installed;
mod manifest;
mod node;
mod other_agents;
mod pod_security;
mod rights;
mod server;
mod version;

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures::StreamExt;
use serde_json::Value;

use ask::{Api, Refusal};
use finding::Check;
use installed::Installed;
use node::certificate::Authorities;
use node::{Around, Node, PodLite, Used};

pub use finding::{CLUSTER, Finding, Outcome};
pub use group::{Group, grouped};
pub use manifest::NAMESPACE;

const NODES: Check = Check::new("cluster.nodes", "Nodes");
/// Nodes asked at once.
const AT_ONCE: usize = 8;
/// Steps that concern the cluster, for [`Progress`].
const STEPS: usize = 8;

/// What is checked.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The namespace that Kansoku is or will be in; [`NAMESPACE`] with the manifests as they are.
    pub namespace: String,
    /// Authorities from the kubeconfig, as DER. They are taken where the cluster does not publish its own.
    pub authorities: Vec<Vec<u8>>,
    /// The bound of one request.
    pub patience: Duration,
    /// How long renewals of leases are watched for the clocks of nodes; kubelets renew every ten seconds.
    pub watch_leases: Duration,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            namespace: NAMESPACE.to_owned(),
            authorities: Vec::new(),
            patience: Duration::from_secs(10),
            watch_leases: clock::RENEWAL,
        }
    }
}

/// How far the checks are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// Steps that are done.
    pub done: usize,
    /// Steps that there are, as far as is known; it grows when the nodes are listed.
    pub total: usize,
    /// What was done last.
    pub what: String,
}

/// Counts steps and tells of them.
struct Steps<'p> {
    done: AtomicUsize,
    total: AtomicUsize,
    tell: &'p (dyn Fn(Progress) + Send + Sync),
}

impl Steps<'_> {
    fn did(&self, what: &str) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        (self.tell)(Progress {
            done,
            total: self.total.load(Ordering::Relaxed),
            what: what.to_owned(),
        });
    }
}

/// Runs all checks. Findings about the cluster come first, then those about nodes in the order of their names.
/// `progress` is called after each step, from any thread. Must be called within a tokio runtime.
pub async fn run(
    client: &kube::Client,
    settings: &Settings,
    progress: &(dyn Fn(Progress) + Send + Sync),
) -> Vec<Finding> {
    let steps = Steps {
        done: AtomicUsize::new(0),
        total: AtomicUsize::new(STEPS),
        tell: progress,
    };
    let api = Api::new(client.clone(), settings.patience);
    let (mut findings, server) = api_server::check(&api).await;
    let Some(server) = server else {
        return findings;
    };
    let (here, offset) = clock::check_here(&server.answer);
    findings.push(here);
    steps.did("API server");

    let namespace = settings.namespace.as_str();
    let groups = groups(&api).await;
    let installed = Installed::look(&api, namespace).await;
    steps.did("what is installed");
    findings.extend(Box::pin(rights::installer::check(&api, namespace)).await);
    steps.did("rights to install");
    findings.extend(Box::pin(rights::accounts::check(&api, namespace, &installed)).await);
    steps.did("rights of the accounts");
    let admission = pod_security::check(&api, namespace, server.version, &groups);
    findings.extend(Box::pin(admission).await);
    steps.did("admission of pods");
    findings.extend(other_agents::check(&api, namespace).await);
    steps.did("agents of others");

    let mut nodes = match api.list::<Node>("/api/v1/nodes").await {
        Ok(listed) => listed.items,
        Err(refusal) => {
            let why = format!(
                "{}: nothing is said about nodes",
                refusal.lacking("list nodes")
            );
            findings.push(NODES.skipped(CLUSTER, why));
            return findings;
        }
    };
    nodes.sort_by(|a, b| a.name().cmp(b.name()));
    if nodes.is_empty() {
        findings.push(NODES.failed(
            CLUSTER,
            "the cluster has no node",
            "Add one; agents and the server run on nodes",
        ));
        return findings;
    }
    steps.total.store(STEPS + nodes.len(), Ordering::Relaxed);
    findings.push(node::architectures(&nodes));
    let used = used(&api, namespace).await;
    findings.push(server::check_place(&nodes, &used, &installed));
    findings.push(server::check_storage(&api, &nodes, &installed).await);
    steps.did("place of the server");

    let authorities = Authorities::look(&api, namespace, &settings.authorities).await;
    let tolerations = installed.tolerations();
    let around = Around {
        api: &api,
        tolerations: &tolerations,
        used: &used,
        authorities: &authorities,
        kubelet_asked: installed.rung().is_some_and(installed::Rung::asks_kubelet),
        patience: settings.patience,
    };
    let leases = async {
        let offset = offset?;
        let leases = clock::watch_leases(&api, offset, settings.watch_leases).await;
        steps.did("clocks of nodes");
        Some(leases)
    };
    let (leases, of_nodes) = futures::join!(
        Box::pin(leases),
        Box::pin(check_nodes(&around, &nodes, &steps))
    );
    for (node, of_node) in nodes.iter().zip(of_nodes) {
        findings.extend(of_node);
        findings.push(node::check_clock(node, leases.as_ref()));
    }
    findings
}

/// Checks of all nodes, some at once, in the order of the nodes.
async fn check_nodes(around: &Around<'_>, nodes: &[Node], steps: &Steps<'_>) -> Vec<Vec<Finding>> {
    let checks: Vec<_> = nodes
        .iter()
        .map(|node| {
            Box::pin(async move {
                let findings = node::check(around, node).await;
                steps.did(node.name());
                findings
            })
        })
        .collect();
    futures::stream::iter(checks)
        .buffered(AT_ONCE)
        .collect()
        .await
}

/// The API groups that are served; none when that may not be asked.
async fn groups(api: &Api) -> Vec<String> {
    let list: Value = api.get("/apis").await.unwrap_or_default();
    let groups = list["groups"].as_array().into_iter().flatten();
    let names = groups.filter_map(|group| group["name"].as_str());
    names.map(str::to_owned).collect()
}

async fn used(api: &Api, namespace: &str) -> Result<HashMap<String, Used>, Refusal> {
    let pods = api.list::<PodLite>("/api/v1/pods").await?;
    Ok(node::used(&pods.items, namespace))
}
