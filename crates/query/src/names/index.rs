//! Every version of every pod's names, in memory.
//!
//! A version holds from its row's time until the next one's; the first also before (a pod has no other names), the last
//! for ever: a pod that is gone keeps its names. What holds for a sample is what held at the sample's end, as the
//! attributes of rollup rows are those last seen.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, OnceLock};

use arrow::array::RecordBatch;

use super::facts::{Facts, Requests};
use super::nodes::NodeRequests;
use crate::entities::Columns;

/// Pods that are held; past it those that ended first are let go.
const MOST_PODS: usize = 200_000;
/// Versions that are held of one pod; past it the oldest are let go.
const MOST_VERSIONS: usize = 500;
/// A pod that ends leaves its services' endpoints before its last row: a version without services that began so shortly
/// before the end keeps those of the version before.
const LEAVING: i64 = 10 * 60 * 1_000_000;
/// Of a static pod's mirror: the uid that its cgroup carries.
const STATIC_UID: &str = "kubernetes.io/config.hash";

/// Requests, by the time from which they hold.
type Requested = Vec<(i64, Requests)>;

/// What is held of one pod.
#[derive(Debug, Clone, Default)]
struct Pod {
    /// By the time from which they hold.
    versions: Vec<(i64, Arc<Facts>)>,
    /// Each container's requests, by the time from which they hold.
    containers: Vec<(Arc<str>, Requested)>,
    ended: Option<i64>,
}

/// The names of pods by uid and time.
#[derive(Debug, Clone, Default)]
pub(crate) struct Index {
    pods: HashMap<Arc<str>, Arc<Pod>>,
    /// The uid in a static pod's cgroup to the one that the API gives its mirror.
    aliases: HashMap<Arc<str>, Arc<str>>,
    texts: HashSet<Arc<str>>,
    let_go: usize,
    nodes: OnceLock<NodeRequests>,
}

impl Index {
    /// The names of a pod at a time (microseconds of the epoch).
    pub(crate) fn at(&self, uid: &str, time: i64) -> Option<&Facts> {
        let pod = self.pod(uid)?;
        let after = pod.versions.partition_point(|(from, _)| *from <= time);
        pod.versions
            .get(after.saturating_sub(1))
            .map(|(_, facts)| facts.as_ref())
    }

    /// Whether the pod has had the same names all its life.
    pub(crate) fn is_constant(&self, uid: &str) -> bool {
        self.pod(uid).is_none_or(|pod| pod.versions.len() <= 1)
    }

    /// What a container of a pod asks for at a time.
    pub(crate) fn container_at(&self, uid: &str, container: &str, time: i64) -> Option<Requests> {
        let pod = self.pod(uid)?;
        let (_, versions) = pod
            .containers
            .iter()
            .find(|(name, _)| name.as_ref() == container)?;
        let after = versions.partition_point(|(from, _)| *from <= time);
        versions.get(after.saturating_sub(1)).map(|(_, r)| *r)
    }

    fn pod(&self, uid: &str) -> Option<&Pod> {
        let found = self.pods.get(uid).or_else(|| {
            let uid = self.aliases.get(uid)?;
            self.pods.get(uid)
        });
        found.map(Arc::as_ref)
    }

    /// How many pods were let go because there were too many.
    pub(crate) fn let_go(&self) -> usize {
        self.let_go
    }

    /// What pods request together, by node.
    pub(crate) fn nodes(&self) -> &NodeRequests {
        self.nodes
            .get_or_init(|| NodeRequests::new(self.on_nodes()))
    }

    /// Each pod's life on a node: cluster, node, since when, until when, and what it asks for.
    fn on_nodes(&self) -> impl Iterator<Item = (Option<&str>, &str, i64, i64, Requests)> + '_ {
        self.pods.values().flat_map(|pod| {
            let end = pod.ended.unwrap_or(i64::MAX);
            pod.versions
                .iter()
                .enumerate()
                .filter_map(move |(i, (from, facts))| {
                    let until = pod.versions.get(i + 1).map_or(end, |(next, _)| *next);
                    let node = facts.node.as_deref()?;
                    (*from < until).then_some((
                        facts.cluster.as_deref(),
                        node,
                        *from,
                        until,
                        facts.requests,
                    ))
                })
        })
    }

    /// Takes in rows of `identity`, in any order; a row that came before changes nothing.
    pub(crate) fn add(&mut self, rows: &RecordBatch) {
        self.nodes = OnceLock::new();
        let columns = Columns::new(rows);
        let mut touched: HashSet<Arc<str>> = HashSet::new();
        for row in 0..rows.num_rows() {
            let Some(uid) = columns.text("pod_uid", row) else {
                continue;
            };
            let uid = self.text(uid);
            let time = columns.time(row);
            touched.insert(Arc::clone(&uid));
            let requests = Requests {
                cpu_cores: columns.number("cpu_request_cores", row),
                memory_bytes: columns.number("memory_request_bytes", row),
            };
            if let Some(container) = columns.text("container", row) {
                let container = self.text(container);
                let pod = Arc::make_mut(self.pods.entry(uid).or_default());
                add_container(pod, container, time, requests);
                continue;
            }
            let ended = columns.boolean("deleted", row) == Some(true);
            let facts = self.facts(&columns, row, requests);
            if let Some((_, hash)) = facts
                .annotations
                .iter()
                .find(|(key, _)| key.as_ref() == STATIC_UID)
            {
                self.aliases.insert(Arc::clone(hash), Arc::clone(&uid));
            }
            let pod = Arc::make_mut(self.pods.entry(uid).or_default());
            if ended {
                pod.ended = Some(time);
                // Its last row says that it is gone, not that it is called otherwise.
                if !pod.versions.is_empty() {
                    continue;
                }
            }
            match pod.versions.binary_search_by_key(&time, |(from, _)| *from) {
                Ok(at) => {
                    if let Some(version) = pod.versions.get_mut(at) {
                        version.1 = Arc::new(facts);
                    }
                }
                Err(at) => {
                    let before = at.checked_sub(1).and_then(|b| pod.versions.get(b));
                    let facts = match before {
                        Some((_, same)) if **same == facts => Arc::clone(same),
                        _ => Arc::new(facts),
                    };
                    pod.versions.insert(at, (time, facts));
                }
            }
        }
        for uid in touched {
            if let Some(pod) = self.pods.get_mut(&uid) {
                settle(Arc::make_mut(pod));
            }
        }
        self.bound();
    }

    fn facts(&mut self, columns: &Columns<'_>, row: usize, requests: Requests) -> Facts {
        let mut text = |name: &str| columns.text(name, row).map(|t| self.text(t));
        let mut facts = Facts {
            cluster: text("cluster"),
            namespace: text("namespace"),
            pod: text("pod"),
            node: text("node"),
            owner_kind: text("owner_kind"),
            owner_name: text("owner_name"),
            workload_kind: text("workload_kind"),
            workload: text("workload"),
            qos_class: text("qos_class"),
            priority_class: text("priority_class"),
            service_account: text("service_account"),
            requests,
            ..Facts::default()
        };
        facts.labels = self.entries(columns, "labels", row);
        facts.annotations = self.entries(columns, "annotations", row);
        let services = self.entries(columns, "services", row);
        facts.services = services.into_iter().map(|(name, _)| name).collect();
        if facts.services.is_empty() {
            facts
                .services
                .extend(columns.text("service", row).map(|t| self.text(t)));
        }
        facts
    }

    fn entries(
        &mut self,
        columns: &Columns<'_>,
        name: &str,
        row: usize,
    ) -> Vec<(Arc<str>, Arc<str>)> {
        let mut entries: Vec<_> = columns
            .entries(name, row)
            .into_iter()
            .map(|(key, value)| (self.text(key), self.text(value)))
            .collect();
        entries.sort_unstable();
        entries
    }

    /// A text, held once.
    fn text(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.texts.get(text) {
            return Arc::clone(known);
        }
        let new: Arc<str> = Arc::from(text);
        self.texts.insert(Arc::clone(&new));
        new
    }

    fn bound(&mut self) {
        if self.pods.len() <= MOST_PODS {
            return;
        }
        let mut ends: Vec<(i64, Arc<str>)> = self
            .pods
            .iter()
            .map(|(uid, pod)| {
                let last = pod.versions.last().map_or(i64::MIN, |(from, _)| *from);
                // Those that live go last, the oldest of them first.
                (
                    pod.ended.unwrap_or(i64::MAX / 2 + last / 2),
                    Arc::clone(uid),
                )
            })
            .collect();
        ends.sort_unstable();
        // A tenth at once, so that this is not done for every row.
        let too_many = self.pods.len() - MOST_PODS + MOST_PODS / 10;
        for (_, uid) in ends.into_iter().take(too_many) {
            self.pods.remove(&uid);
            self.let_go += 1;
        }
        self.aliases.retain(|_, uid| self.pods.contains_key(uid));
        // What only the set itself holds on to is of nobody any more.
        self.texts.retain(|text| Arc::strong_count(text) > 1);
    }
}

fn add_container(pod: &mut Pod, name: Arc<str>, time: i64, requests: Requests) {
    let at = match pod.containers.iter().position(|(known, _)| *known == name) {
        Some(at) => at,
        None => {
            pod.containers.push((name, Vec::new()));
            pod.containers.len() - 1
        }
    };
    let Some((_, versions)) = pod.containers.get_mut(at) else {
        return;
    };
    match versions.binary_search_by_key(&time, |(from, _)| *from) {
        Ok(at) => {
            if let Some(version) = versions.get_mut(at) {
                version.1 = requests;
            }
        }
        Err(at) => versions.insert(at, (time, requests)),
    }
    let over = versions.len().saturating_sub(MOST_VERSIONS);
    versions.drain(..over);
}

/// What follows from all rows of a pod together.
fn settle(pod: &mut Pod) {
    let over = pod.versions.len().saturating_sub(MOST_VERSIONS);
    pod.versions.drain(..over);
    let Some(ended) = pod.ended else {
        return;
    };
    let mut services: Vec<Arc<str>> = Vec::new();
    for (from, facts) in &mut pod.versions {
        if facts.services.is_empty() && !services.is_empty() && *from >= ended - LEAVING {
            Arc::make_mut(facts).services.clone_from(&services);
        }
        services.clone_from(&facts.services);
    }
}
