//! Clusters of other sizes.

use std::collections::{BTreeMap, BTreeSet};

use demo::{Demo, Scale, TICK_USEC};

use crate::rows::{EVEN_HOUR, MINUTE, Row, rows};

fn tick(scale: Scale, ticks: i64) -> BTreeMap<&'static str, Vec<Row>> {
    let mut demo = Demo::new(scale, 1, EVEN_HOUR + MINUTE).unwrap();
    let mut all: BTreeMap<&'static str, Vec<Row>> = BTreeMap::new();
    let filled = demo
        .fill((1..=ticks).map(|n| EVEN_HOUR + MINUTE + n * TICK_USEC))
        .unwrap();
    for batch in filled.batches() {
        all.entry(batch.table.name).or_default().extend(rows(batch));
    }
    all
}

#[test]
fn there_are_as_many_nodes_and_pods_as_are_asked_for() {
    for (nodes, pods) in [(1, 40), (3, 40), (3, 41), (4, 1000), (20, 500)] {
        let rows = tick(Scale::new(nodes, pods).unwrap(), 1);
        let names: BTreeSet<_> = rows["node"]
            .iter()
            .map(|r| r.text("node").to_owned())
            .collect();
        assert_eq!(names.len(), nodes as usize);
        let uids: BTreeSet<_> = rows["pod"]
            .iter()
            .map(|r| r.text("pod_uid").to_owned())
            .collect();
        assert_eq!(uids.len(), pods as usize, "nodes={nodes},pods={pods}");
        let mut on_nodes: BTreeMap<&str, u32> = BTreeMap::new();
        for pod in &rows["pod"] {
            *on_nodes.entry(pod.text("node")).or_default() += 1;
        }
        assert!(on_nodes.values().all(|n| *n <= 251), "{on_nodes:?}");
        // Nodes are neither idle nor overrun.
        for node in &rows["node"] {
            let total = node.number("node_memory_total_bytes").unwrap();
            assert!(
                node.number("memory_usage_bytes").unwrap() < total * 9 / 10,
                "{node:?}"
            );
        }
    }
}

#[test]
fn every_pod_of_a_row_is_known() {
    // The first long enough that jobs are removed.
    for (scale, ticks) in [(Scale::default(), 70), (Scale::new(12, 400).unwrap(), 14)] {
        let rows = tick(scale, ticks);
        let known = |row: &&Row, column: &str| {
            let of_pod = column == "pod";
            of_pod == row.text("container").is_empty()
        };
        let of = |column: &'static str| -> BTreeSet<(String, String)> {
            let identities = rows["identity"].iter().filter(|r| known(r, column));
            identities
                .map(|r| (r.text("pod_uid").to_owned(), r.text("container").to_owned()))
                .collect()
        };
        let (pods, containers) = (of("pod"), of("container"));
        for row in &rows["pod"] {
            assert!(
                pods.contains(&(row.text("pod_uid").to_owned(), String::new())),
                "{row:?}"
            );
        }
        for row in rows["container"]
            .iter()
            .filter(|r| r.is("container_kind", "container"))
        {
            let key = (
                row.text("pod_uid").to_owned(),
                row.text("container").to_owned(),
            );
            assert!(containers.contains(&key), "{row:?}");
        }
        for row in rows["identity"]
            .iter()
            .filter(|r| r.text("container").is_empty())
        {
            assert_ne!(row.text("workload_kind"), "", "{row:?}");
            assert_ne!(row.text("workload_kind"), "ReplicaSet", "{row:?}");
            assert_ne!(row.text("workload_kind"), "Job", "{row:?}");
        }
    }
}

#[test]
fn lines_of_a_large_cluster_are_bounded() {
    let rows = tick(Scale::new(100, 2500).unwrap(), 6);
    let rate = rows["log"].len() as f64 / 60.0;
    assert!(rate < 60.0, "{rate} lines a second");
}
