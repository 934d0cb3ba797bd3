//! What the rows of the last hours say, by whom it is about.

use std::collections::HashMap;

use arrow::array::RecordBatch;
use health::facts::{EventFact, MemorySplit, OutOfMemory, Point, Window};

use crate::ask::each;
use crate::entities::Columns;

/// A pod's uid and a container's name.
pub(super) type ContainerKey = (String, String);
/// A cluster's name, empty where there is none, and a node's.
pub(super) type NodeKey = (String, String);

/// What a node used over the window.
#[derive(Debug, Clone, Default)]
pub(super) struct NodeWindow {
    pub(super) interval_usec: Option<i64>,
    pub(super) cpu_usage_usec: Option<i64>,
    pub(super) cpu_pressure_some_usec: Option<i64>,
    pub(super) memory_pressure_some_usec: Option<i64>,
    pub(super) memory_pressure_full_usec: Option<i64>,
    pub(super) io_pressure_full_usec: Option<i64>,
    pub(super) memory_oom_kills: Option<i64>,
}

/// The last minutes in which an object was still otherwise.
#[derive(Debug, Clone, Default)]
pub(super) struct LastOtherwise {
    moments: HashMap<&'static str, i64>,
    first: i64,
}

impl LastOtherwise {
    /// Since when it is as it is now: from the minute after the last in which it was otherwise. Where it never was, as
    /// far back as the rows go, `None`: it is so for longer than is known.
    pub(super) fn since(&self, otherwise: &str) -> Option<i64> {
        self.moments.get(otherwise).map(|last| last + MINUTE)
    }

    /// The time of its oldest row in the hours that were looked at.
    pub(super) fn first(&self) -> i64 {
        self.first
    }
}

const MINUTE: i64 = 60 * 1_000_000;

/// Everything that is read beside the newest rows.
#[derive(Debug, Clone, Default)]
pub(super) struct History {
    pub(super) containers: HashMap<ContainerKey, Window>,
    pub(super) pods: HashMap<String, Window>,
    pub(super) nodes: HashMap<NodeKey, NodeWindow>,
    pub(super) memory: HashMap<ContainerKey, Vec<Point>>,
    pub(super) node_memory: HashMap<NodeKey, Vec<Point>>,
    pub(super) filesystems: HashMap<(String, String, String), Vec<Point>>,
    /// By pod uid and volume.
    pub(super) volumes: HashMap<ContainerKey, Vec<Point>>,
    pub(super) kills: HashMap<ContainerKey, OutOfMemory>,
    pub(super) restarts: HashMap<ContainerKey, i64>,
    /// By uid and container, which is empty for everything else.
    pub(super) otherwise: HashMap<ContainerKey, LastOtherwise>,
    /// By uid of the object that they are about.
    pub(super) events: HashMap<String, Vec<EventFact>>,
    /// Those about nodes, by name: their uid is often the name again.
    pub(super) node_events: HashMap<String, Vec<EventFact>>,
}

macro_rules! integers {
    ($to:expr, $columns:expr, $row:expr; $($name:ident),* $(,)?) => {
        $($to.$name = $columns.integer(stringify!($name), $row);)*
    };
}
pub(super) use integers;

fn owned(columns: &Columns<'_>, name: &str, row: usize) -> String {
    columns.text(name, row).unwrap_or_default().to_owned()
}

pub(super) fn windows(batches: &[RecordBatch]) -> HashMap<ContainerKey, Window> {
    let mut found = HashMap::new();
    each(batches, |columns, row| {
        let mut window = Window::default();
        integers!(window, columns, row;
            interval_usec, cpu_usage_usec, cpu_periods, cpu_throttled_periods, cpu_throttled_usec,
            cpu_pressure_some_usec, cpu_pressure_full_usec, memory_limit_hits, memory_oom_kills,
            memory_refaults_anon, memory_refaults_file, memory_pressure_some_usec,
            memory_pressure_full_usec, io_pressure_some_usec, io_pressure_full_usec, pids_limit_hits,
        );
        let key = (
            owned(columns, "pod_uid", row),
            owned(columns, "container", row),
        );
        found.insert(key, window);
    });
    found
}

pub(super) fn node_windows(batches: &[RecordBatch]) -> HashMap<NodeKey, NodeWindow> {
    let mut found = HashMap::new();
    each(batches, |columns, row| {
        let mut window = NodeWindow::default();
        integers!(window, columns, row;
            interval_usec, cpu_usage_usec, cpu_pressure_some_usec, memory_pressure_some_usec,
            memory_pressure_full_usec, io_pressure_full_usec, memory_oom_kills,
        );
        found.insert(
            (owned(columns, "cluster", row), owned(columns, "node", row)),
            window,
        );
    });
    found
}

/// Points of `bytes` by two columns.
pub(super) fn points(
    batches: &[RecordBatch],
    first: &str,
    second: &str,
) -> HashMap<(String, String), Vec<Point>> {
    let mut found: HashMap<(String, String), Vec<Point>> = HashMap::new();
    each(batches, |columns, row| {
        let Some(bytes) = columns.integer("bytes", row) else {
            return;
        };
        let key = (owned(columns, first, row), owned(columns, second, row));
        found
            .entry(key)
            .or_default()
            .push((columns.time(row), bytes));
    });
    found
}

/// Points of file systems by cluster, node and mount point.
pub(super) fn filesystem_points(
    batches: &[RecordBatch],
) -> HashMap<(String, String, String), Vec<Point>> {
    let mut found: HashMap<(String, String, String), Vec<Point>> = HashMap::new();
    each(batches, |columns, row| {
        let Some(bytes) = columns.integer("bytes", row) else {
            return;
        };
        let key = (
            owned(columns, "cluster", row),
            owned(columns, "node", row),
            owned(columns, "mountpoint", row),
        );
        found
            .entry(key)
            .or_default()
            .push((columns.time(row), bytes));
    });
    found
}

/// Containers with kills: when by the minute, and how many.
pub(super) fn kills(batches: &[RecordBatch]) -> Vec<(ContainerKey, i64, Option<i64>)> {
    let mut found = Vec::new();
    each(batches, |columns, row| {
        let key = (
            owned(columns, "pod_uid", row),
            owned(columns, "container", row),
        );
        found.push((key, columns.time(row), columns.integer("kills", row)));
    });
    found
}

/// Adds what the rows around the kills tell.
pub(super) fn describe_kills(
    kills: &mut HashMap<ContainerKey, OutOfMemory>,
    rows: &[RecordBatch],
    pods: &[RecordBatch],
) {
    each(rows, |columns, row| {
        let key = (
            owned(columns, "pod_uid", row),
            owned(columns, "container", row),
        );
        let Some(kill) = kills.get_mut(&key) else {
            return;
        };
        if let Some(hits) = columns.integer("memory_limit_hits", row) {
            kill.memory_limit_hits = Some(kill.memory_limit_hits.unwrap_or(0) + hits);
        }
        kill.memory_usage_bytes = kill
            .memory_usage_bytes
            .max(columns.integer("memory_usage_bytes", row));
        let split = MemorySplit {
            anon: columns.integer("memory_anon_bytes", row),
            shmem: columns.integer("memory_shmem_bytes", row),
            kernel: columns.integer("memory_kernel_bytes", row),
            dirty: columns.integer("memory_dirty_bytes", row),
            active_file: columns.integer("memory_active_file_bytes", row),
            inactive_file: columns.integer("memory_inactive_file_bytes", row),
        };
        let has_killed = columns.integer("memory_oom_kills", row).unwrap_or(0) > 0;
        // Rows come by time: the fullest of those up to the newest kill tells what was there.
        if has_killed {
            kill.time = Some(columns.time(row));
        }
        if split.anon > kill.split.anon {
            kill.split = split;
        }
    });
    each(pods, |columns, row| {
        let uid = columns.text("pod_uid", row).unwrap_or_default();
        for (_, kill) in kills.iter_mut().filter(|((of, _), _)| of == uid) {
            kill.pod_memory_usage_bytes = columns.integer("usage", row);
            kill.pod_memory_limit_bytes = columns.integer("own_limit", row);
        }
    });
}

pub(super) fn restarts(batches: &[RecordBatch]) -> HashMap<ContainerKey, i64> {
    let mut found = HashMap::new();
    each(batches, |columns, row| {
        if let Some(restarts) = columns.integer("restarts", row) {
            let key = (
                owned(columns, "object_uid", row),
                owned(columns, "container", row),
            );
            found.insert(key, restarts);
        }
    });
    found
}

pub(super) fn otherwise(batches: &[RecordBatch]) -> HashMap<ContainerKey, LastOtherwise> {
    const MOMENTS: [&str; 12] = [
        "not_waiting",
        "ready",
        "not_ended",
        "complete",
        "updated",
        "with_endpoints",
        "node_ready",
        "no_memory_pressure",
        "no_disk_pressure",
        "no_pid_pressure",
        "progressing",
        "available",
    ];
    let mut found = HashMap::new();
    each(batches, |columns, row| {
        let moments = MOMENTS
            .into_iter()
            .filter_map(|name| Some((name, columns.moment(name, row)?)))
            .collect();
        let first = columns.moment("first", row).unwrap_or_default();
        let key = (
            owned(columns, "object_uid", row),
            owned(columns, "container", row),
        );
        found.insert(key, LastOtherwise { moments, first });
    });
    found
}

impl History {
    /// Takes in events.
    pub(super) fn add_events(&mut self, batches: &[RecordBatch]) {
        each(batches, |columns, row| {
            let text = |name: &str| columns.text(name, row).map(str::to_owned);
            let event = EventFact {
                time: Some(columns.time(row)),
                first_time: columns.moment("first_time", row),
                reason: text("reason").unwrap_or_default(),
                message: text("message").unwrap_or_default(),
                event_type: text("event_type"),
                event_count: columns.integer("event_count", row),
                object_field: text("object_field"),
            };
            if columns.text("object_kind", row) == Some("Node") {
                let name = text("object_name").unwrap_or_default();
                self.node_events.entry(name).or_default().push(event);
            } else {
                let uid = text("object_uid").unwrap_or_default();
                self.events.entry(uid).or_default().push(event);
            }
        });
    }
}
