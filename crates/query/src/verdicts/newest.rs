//! The newest rows, by whom they are about.

use std::collections::HashMap;

use arrow::array::RecordBatch;
use catalogue::tables::{CONTAINER, NODE, NODE_FILESYSTEM, OBJECT, POD, VOLUME};
use health::facts::{Latest, MemorySplit};

use super::history::{NodeKey, integers};
use crate::entities::Columns;
use crate::tables::Tables;

/// An object whose newest row is so many intervals older than the cluster's newest is gone, and so is a file system of a node.
const GONE_INTERVALS: i64 = 3;
/// The interval of rows that do not say.
const USUAL_INTERVAL: i64 = 10 * 1_000_000;
/// After so long without any row nothing that the API told counts any more.
pub(super) const API_LOST: i64 = 5 * 60 * 1_000_000;

/// The newest rows of each entity.
#[derive(Debug)]
pub(super) struct Newest {
    object: RecordBatch,
    container: RecordBatch,
    pod: RecordBatch,
    node: RecordBatch,
    filesystem: RecordBatch,
    volume: RecordBatch,
}

/// A row of one of the batches.
#[derive(Clone, Copy)]
pub(super) struct Row<'a> {
    columns: &'a Columns<'a>,
    at: usize,
}

impl<'a> Row<'a> {
    pub(super) fn text(&self, name: &str) -> Option<&'a str> {
        self.columns.text(name, self.at)
    }

    pub(super) fn owned(&self, name: &str) -> Option<String> {
        self.text(name).map(str::to_owned)
    }

    pub(super) fn integer(&self, name: &str) -> Option<i64> {
        self.columns.integer(name, self.at)
    }

    pub(super) fn number(&self, name: &str) -> Option<f64> {
        self.columns.number(name, self.at)
    }

    pub(super) fn flag(&self, name: &str) -> Option<bool> {
        self.columns.boolean(name, self.at)
    }

    pub(super) fn moment(&self, name: &str) -> Option<i64> {
        self.columns.moment(name, self.at)
    }

    pub(super) fn entries(&self, name: &str) -> Vec<(&'a str, &'a str)> {
        self.columns.entries(name, self.at)
    }

    pub(super) fn time(&self) -> i64 {
        self.columns.time(self.at)
    }

    /// The name of its node with that of its cluster.
    pub(super) fn node_key(&self) -> NodeKey {
        let text = |name: &str| self.owned(name).unwrap_or_default();
        (text("cluster"), text("node"))
    }
}

/// The columns of all batches, which rows borrow from.
pub(super) struct Sheets<'a> {
    object: Columns<'a>,
    container: Columns<'a>,
    pod: Columns<'a>,
    node: Columns<'a>,
    filesystem: Columns<'a>,
    volume: Columns<'a>,
}

impl Newest {
    pub(super) fn read(tables: &dyn Tables) -> Newest {
        Newest {
            object: tables.latest(&OBJECT),
            container: tables.latest(&CONTAINER),
            pod: tables.latest(&POD),
            node: tables.latest(&NODE),
            filesystem: tables.latest(&NODE_FILESYSTEM),
            volume: tables.latest(&VOLUME),
        }
    }

    pub(super) fn objects(&self) -> &RecordBatch {
        &self.object
    }

    pub(super) fn sheets(&self) -> Sheets<'_> {
        Sheets {
            object: Columns::new(&self.object),
            container: Columns::new(&self.container),
            pod: Columns::new(&self.pod),
            node: Columns::new(&self.node),
            filesystem: Columns::new(&self.filesystem),
            volume: Columns::new(&self.volume),
        }
    }
}

/// Rows by their entities.
#[derive(Default)]
pub(super) struct Rows<'a> {
    /// By kind: what the API has now.
    pub(super) objects: HashMap<&'a str, Vec<Row<'a>>>,
    /// By pod uid: its containers as the API tells them.
    pub(super) container_objects: HashMap<&'a str, Vec<Row<'a>>>,
    /// By pod uid: what runs of it as agents see it, the newest instance of each name.
    pub(super) containers: HashMap<&'a str, HashMap<&'a str, Row<'a>>>,
    /// By uid.
    pub(super) pods: HashMap<&'a str, Row<'a>>,
    /// By cluster and name.
    pub(super) nodes: HashMap<NodeKey, Row<'a>>,
    /// By node.
    pub(super) filesystems: HashMap<NodeKey, Vec<Row<'a>>>,
    /// Of pods.
    pub(super) volumes: Vec<Row<'a>>,
    /// The newest row about an object, by cluster.
    pub(super) told: HashMap<&'a str, i64>,
    /// The uid in the cgroup to namespace and name, of pods that agents name.
    names: HashMap<(&'a str, &'a str), &'a str>,
}

fn rows<'a>(columns: &'a Columns<'a>, batch: &RecordBatch) -> impl Iterator<Item = Row<'a>> {
    (0..batch.num_rows()).map(move |at| Row { columns, at })
}

impl<'a> Rows<'a> {
    pub(super) fn of(newest: &'a Newest, sheets: &'a Sheets<'a>, now: i64) -> Rows<'a> {
        let mut all = Rows::default();
        for row in rows(&sheets.object, &newest.object) {
            let told = all.told.entry(row.text("cluster").unwrap_or_default());
            let told = told.or_insert(i64::MIN);
            *told = (*told).max(row.time());
        }
        for row in rows(&sheets.object, &newest.object) {
            let told = all.told.get(row.text("cluster").unwrap_or_default());
            let told = told.copied().unwrap_or(i64::MIN);
            let interval = row.integer("interval_usec").unwrap_or(USUAL_INTERVAL);
            let is_there = told - row.time() <= GONE_INTERVALS * interval.max(USUAL_INTERVAL);
            if !is_there || now - told > API_LOST {
                continue;
            }
            match row.text("object_kind") {
                Some("Container") => {
                    let uid = row.text("object_uid").unwrap_or_default();
                    all.container_objects.entry(uid).or_default().push(row);
                }
                Some(kind) => all.objects.entry(kind).or_default().push(row),
                None => {}
            }
        }
        for row in rows(&sheets.container, &newest.container) {
            let (Some(uid), Some(name)) = (row.text("pod_uid"), row.text("container")) else {
                continue;
            };
            let of_pod = all.containers.entry(uid).or_default();
            match of_pod.get(name) {
                Some(other) if other.time() >= row.time() => {}
                _ => {
                    of_pod.insert(name, row);
                }
            }
        }
        for row in rows(&sheets.pod, &newest.pod) {
            let Some(uid) = row.text("pod_uid") else {
                continue;
            };
            all.pods.insert(uid, row);
            if let (Some(namespace), Some(pod)) = (row.text("namespace"), row.text("pod")) {
                let known = all.names.entry((namespace, pod)).or_insert(uid);
                // A name that is used again is the newest one's.
                if all
                    .pods
                    .get(known)
                    .is_none_or(|other| other.time() < row.time())
                {
                    *known = uid;
                }
            }
        }
        for row in rows(&sheets.node, &newest.node) {
            all.nodes.insert(row.node_key(), row);
        }
        for row in rows(&sheets.filesystem, &newest.filesystem) {
            all.filesystems.entry(row.node_key()).or_default().push(row);
        }
        for of_node in all.filesystems.values_mut() {
            leave_out_gone(of_node);
        }
        all.volumes = rows(&sheets.volume, &newest.volume).collect();
        all
    }

    /// The uid under which agents know a pod of the API: its own, or, of a static pod, the one in its cgroup.
    pub(super) fn seen_as(&self, uid: &'a str, namespace: &str, pod: &str) -> &'a str {
        if self.pods.contains_key(uid) || self.containers.contains_key(uid) {
            return uid;
        }
        self.names.get(&(namespace, pod)).copied().unwrap_or(uid)
    }
}

/// Leaves out what was not measured any more when others of the same node still were: it is unmounted, or told under another
/// name. Of a silent agent all rows are equally old, and stay.
fn leave_out_gone(rows: &mut Vec<Row<'_>>) {
    let newest = rows.iter().map(|row| row.time()).max().unwrap_or(i64::MIN);
    rows.retain(|row| {
        let interval = row.integer("interval_usec").unwrap_or(USUAL_INTERVAL);
        newest.saturating_sub(row.time()) <= GONE_INTERVALS * interval.max(USUAL_INTERVAL)
    });
}

/// Gauges, constants and receipts of a row of a pod or container.
pub(super) fn latest(row: Row<'_>) -> Latest {
    let mut latest = Latest {
        time: Some(row.time()),
        started_time: row.moment("started_time"),
        exited: row.flag("exited"),
        node_cpu_cores: row.number("node_cpu_cores"),
        split: MemorySplit {
            anon: row.integer("memory_anon_bytes"),
            shmem: row.integer("memory_shmem_bytes"),
            kernel: row.integer("memory_kernel_bytes"),
            dirty: row.integer("memory_dirty_bytes"),
            active_file: row.integer("memory_active_file_bytes"),
            inactive_file: row.integer("memory_inactive_file_bytes"),
        },
        ..Latest::default()
    };
    let (columns, at) = (row.columns, row.at);
    integers!(latest, columns, at;
        interval_usec, node_memory_total_bytes, cpu_quota_usec, cpu_period_usec, memory_usage_bytes,
        memory_working_set_bytes, memory_limit_bytes, memory_peak_bytes, pids_current, pids_limit,
        lifetime_oom_kills,
    );
    latest
}
