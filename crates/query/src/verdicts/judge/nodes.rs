//! Nodes and their file systems.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use health::facts::{FilesystemFacts, NodeFacts};

use super::super::history::NodeKey;
use super::super::newest::{Row, Rows};
use super::super::request::VerdictKind;
use super::{Desk, Judged, conditions};

/// Whether each node is ready, as far as the API tells.
pub(super) fn ready(rows: &Rows<'_>) -> HashMap<NodeKey, bool> {
    objects(rows)
        .into_iter()
        .filter_map(|(key, object)| {
            let ready = conditions(object).get("Ready")? == "True";
            Some((key, ready))
        })
        .collect()
}

fn objects<'a>(rows: &'a Rows<'a>) -> BTreeMap<NodeKey, Row<'a>> {
    let told = rows.objects.get("Node").map_or(&[][..], Vec::as_slice);
    told.iter()
        .map(|row| {
            let text = |name: &str| row.owned(name).unwrap_or_default();
            ((text("cluster"), text("object_name")), *row)
        })
        .collect()
}

pub(super) fn judge(desk: &Desk<'_>) -> Vec<Judged> {
    let objects = objects(desk.rows);
    let keys: BTreeSet<&NodeKey> = objects.keys().chain(desk.rows.nodes.keys()).collect();
    keys.into_iter()
        .filter(|key| {
            // Without the API nobody says that a node is gone on purpose: after a day nobody asks for it.
            let row = desk.rows.nodes.get(*key);
            objects.contains_key(*key) || row.is_some_and(|row| desk.now - row.time() < FORGOTTEN)
        })
        .map(|key| {
            let (object, row) = (objects.get(key).copied(), desk.rows.nodes.get(key).copied());
            let verdict = health::node(&facts(desk, key, object, row), desk.now);
            let mut judged = Judged::new(VerdictKind::Node, &key.1, verdict);
            judged.cluster = Some(key.0.clone()).filter(|name| !name.is_empty());
            judged.node = Some(key.1.clone());
            judged.uid = object.and_then(|object| object.owned("object_uid"));
            judged
        })
        .collect()
}

const FORGOTTEN: i64 = 24 * 3600 * 1_000_000;

fn facts(
    desk: &Desk<'_>,
    key: &NodeKey,
    object: Option<Row<'_>>,
    row: Option<Row<'_>>,
) -> NodeFacts {
    let window = desk.history.nodes.get(key).cloned().unwrap_or_default();
    let integer = |column: &str| row.and_then(|row| row.integer(column));
    let uid = object
        .and_then(|object| object.text("object_uid"))
        .unwrap_or_default();
    let conditions = object.map(conditions).unwrap_or_default();
    let times = [
        ("Ready", "node_ready"),
        ("MemoryPressure", "no_memory_pressure"),
        ("DiskPressure", "no_disk_pressure"),
        ("PIDPressure", "no_pid_pressure"),
    ];
    NodeFacts {
        condition_times: times
            .into_iter()
            .filter_map(|(name, otherwise)| {
                let since = desk.otherwise(uid, "")?.since(otherwise)?;
                Some((name.to_owned(), since))
            })
            .collect(),
        created_time: object.and_then(|object| object.moment("created_time")),
        unschedulable: object.and_then(|object| object.flag("unschedulable")),
        events: desk
            .history
            .node_events
            .get(&key.1)
            .cloned()
            .unwrap_or_default(),
        time: row.map(|row| row.time()),
        interval_usec: integer("interval_usec"),
        boot_time: row.and_then(|row| row.moment("boot_time")),
        window_interval_usec: window.interval_usec,
        cpu_usage_usec: window.cpu_usage_usec,
        node_cpu_cores: row.and_then(|row| row.number("node_cpu_cores")),
        cpu_pressure_some_usec: window.cpu_pressure_some_usec,
        memory_pressure_some_usec: window.memory_pressure_some_usec,
        memory_pressure_full_usec: window.memory_pressure_full_usec,
        io_pressure_full_usec: window.io_pressure_full_usec,
        memory_oom_kills: window.memory_oom_kills,
        node_memory_total_bytes: integer("node_memory_total_bytes"),
        memory_available_bytes: integer("memory_available_bytes"),
        memory_used_points: desk
            .history
            .node_memory
            .get(key)
            .cloned()
            .unwrap_or_default(),
        pids_current: integer("pids_current"),
        pids_limit: integer("pids_limit"),
        conntrack_entries: integer("conntrack_entries"),
        conntrack_limit: integer("conntrack_limit"),
        files_open: integer("files_open"),
        files_limit: integer("files_limit"),
        clock_offset_usec: integer("clock_offset_usec"),
        filesystems: desk
            .rows
            .filesystems
            .get(key)
            .map_or(&[][..], Vec::as_slice)
            .iter()
            .map(|row| filesystem(desk, key, *row))
            .collect(),
        conditions,
    }
}

fn filesystem(desk: &Desk<'_>, key: &NodeKey, row: Row<'_>) -> FilesystemFacts {
    let mountpoint = row.owned("mountpoint").unwrap_or_default();
    let point = (key.0.clone(), key.1.clone(), mountpoint.clone());
    FilesystemFacts {
        filesystem_type: row.owned("filesystem_type"),
        filesystem_read_only: row.flag("filesystem_read_only"),
        filesystem_size_bytes: row.integer("filesystem_size_bytes"),
        filesystem_available_bytes: row.integer("filesystem_available_bytes"),
        filesystem_free_bytes: row.integer("filesystem_free_bytes"),
        filesystem_inodes: row.integer("filesystem_inodes"),
        filesystem_inodes_free: row.integer("filesystem_inodes_free"),
        used_points: desk
            .history
            .filesystems
            .get(&point)
            .cloned()
            .unwrap_or_default(),
        mountpoint,
    }
}
