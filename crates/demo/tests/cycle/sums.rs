//! What is in a group is what the groups in it are; a node holds at least its pods.

use std::collections::{BTreeMap, BTreeSet};

use demo::Scale;

use crate::rows::{EVEN_HOUR, MINUTE, Row, live, of};

const ADD_UP: [&str; 12] = [
    "cpu_usage_usec",
    "cpu_user_usec",
    "cpu_system_usec",
    "memory_page_faults",
    "memory_major_page_faults",
    "memory_oom_kills",
    "memory_limit_hits",
    "memory_pages_scanned",
    "io_read_bytes",
    "io_write_bytes",
    "io_reads",
    "io_writes",
];
const HELD: [&str; 5] = [
    "memory_usage_bytes",
    "memory_anon_bytes",
    "memory_file_bytes",
    "pids_current",
    "process_count",
];

type Key = (i64, String);

fn sums<'a>(
    rows: impl Iterator<Item = &'a Row>,
    key: &str,
    columns: &[&'static str],
) -> BTreeMap<Key, BTreeMap<&'static str, i64>> {
    let mut sums: BTreeMap<Key, BTreeMap<_, _>> = BTreeMap::new();
    for row in rows {
        let of = sums
            .entry((row.number("time").unwrap(), row.text(key).to_owned()))
            .or_default();
        for column in columns {
            *of.entry(*column).or_default() += row.number(column).unwrap_or(0);
        }
    }
    sums
}

#[test]
fn a_pod_is_the_sum_of_its_containers() {
    // With a rollout, crashes, kills and jobs.
    let batches = live(Scale::default(), 5, EVEN_HOUR + 8 * MINUTE, 30);
    let containers: Vec<_> = of(&batches, "container")
        .into_iter()
        .filter(|r| !r.text("pod_uid").is_empty())
        .collect();
    let pods = of(&batches, "pod");
    let deltas = sums(containers.iter(), "pod_uid", &ADD_UP);
    let living = containers.iter().filter(|r| !r.flag("exited"));
    let held = sums(living, "pod_uid", &HELD);
    let mut compared = 0;
    for pod in &pods {
        let key = (pod.number("time").unwrap(), pod.text("pod_uid").to_owned());
        for column in ADD_UP {
            if let Some(value) = pod.number(column) {
                assert_eq!(value, deltas[&key][column], "{column}: {pod:?}");
                compared += 1;
            }
        }
        if !pod.flag("exited") {
            for column in HELD {
                assert_eq!(
                    pod.number(column),
                    Some(held[&key][column]),
                    "{column}: {pod:?}"
                );
            }
        }
    }
    assert!(compared > 50_000, "{compared}");
    // And there is no container whose pod has no row.
    let pods: BTreeSet<_> = pods
        .iter()
        .map(|p| (p.number("time").unwrap(), p.text("pod_uid").to_owned()))
        .collect();
    assert!(deltas.keys().all(|key| pods.contains(key)));
}

#[test]
fn a_node_is_at_least_its_pods() {
    let batches = live(Scale::default(), 5, EVEN_HOUR + 8 * MINUTE, 35);
    let pods = of(&batches, "pod");
    let columns = [
        "cpu_usage_usec",
        "memory_oom_kills",
        "memory_page_faults",
        "io_write_bytes",
    ];
    let of_pods = sums(pods.iter(), "node", &columns);
    let held = sums(
        pods.iter().filter(|p| !p.flag("exited")),
        "node",
        &["memory_usage_bytes", "memory_anon_bytes"],
    );
    let mut traffic = 0;
    for node in of(&batches, "node") {
        let key = (node.number("time").unwrap(), node.text("node").to_owned());
        let Some(interval) = node.number("interval_usec") else {
            continue;
        };
        for column in columns {
            assert!(
                node.number(column).unwrap() >= of_pods[&key][column],
                "{column}: {node:?}"
            );
        }
        for column in ["memory_usage_bytes", "memory_anon_bytes"] {
            assert!(
                node.number(column).unwrap() >= held[&key][column],
                "{column}: {node:?}"
            );
        }
        // All processors' time is accounted for, and no more than there is.
        let parts = [
            "cpu_user_usec",
            "cpu_nice_usec",
            "cpu_system_usec",
            "cpu_idle_usec",
            "cpu_iowait_usec",
            "cpu_irq_usec",
            "cpu_softirq_usec",
            "cpu_steal_usec",
        ];
        let all: i64 = parts.iter().map(|c| node.number(c).unwrap()).sum();
        let there = interval * 4;
        assert!(
            all >= there && all <= there + there / 20,
            "{all} of {there}: {node:?}"
        );
        let memory =
            node.number("memory_usage_bytes").unwrap() + node.number("memory_free_bytes").unwrap();
        assert_eq!(Some(memory), node.number("node_memory_total_bytes"));
        traffic += node.number("network_tx_bytes").unwrap();
    }
    assert!(traffic > 0);
}

#[test]
fn usage_stays_below_limits() {
    let batches = live(Scale::default(), 5, EVEN_HOUR, 30);
    let mut limited = 0;
    for row in of(&batches, "container") {
        if let Some(limit) = row.number("memory_limit_bytes") {
            assert!(
                row.number("memory_usage_bytes").unwrap() <= limit,
                "{row:?}"
            );
            assert!(row.number("memory_working_set_bytes").unwrap() <= limit);
            limited += 1;
        }
        if let (Some(quota), Some(used), Some(interval)) = (
            row.number("cpu_quota_usec"),
            row.number("cpu_usage_usec"),
            row.number("interval_usec"),
        ) {
            // Ends between ticks are not held back; a start has its burst within the quota's mean.
            assert!(used <= interval * quota / 100_000 + interval / 4, "{row:?}");
        }
    }
    assert!(limited > 1000);
}

#[test]
fn the_ledger_has_every_line() {
    let batches = live(Scale::default(), 5, EVEN_HOUR, 30);
    let mut lines: BTreeMap<(String, String), i64> = BTreeMap::new();
    let mut sequences: BTreeMap<(String, String), Vec<(i64, i64)>> = BTreeMap::new();
    for row in of(&batches, "log") {
        let log = (
            row.text("pod_uid").to_owned(),
            row.text("container").to_owned(),
        );
        *lines.entry(log).or_default() += 1;
        let file = (row.text("node").to_owned(), row.text("file").to_owned());
        let place = (row.number("sequence").unwrap(), row.number("time").unwrap());
        sequences.entry(file).or_default().push(place);
    }
    for (file, places) in sequences {
        assert!(
            places
                .windows(2)
                .all(|w| w[1].0 == w[0].0 + 1 && w[1].1 >= w[0].1),
            "{file:?}"
        );
    }
    let mut entries: BTreeMap<(String, String), i64> = BTreeMap::new();
    let mut acknowledged = 0;
    for row in of(&batches, "log_ledger") {
        let log = (
            row.text("pod_uid").to_owned(),
            row.text("container").to_owned(),
        );
        *entries.entry(log).or_default() += row.number("log_entries").unwrap();
        acknowledged += row.number("log_acknowledged_entries").unwrap();
        assert_eq!(
            row.number("log_written_bytes"),
            row.number("log_read_bytes")
        );
    }
    entries.retain(|_, count| *count > 0);
    assert_eq!(lines, entries);
    let all: i64 = lines.values().sum();
    assert!(acknowledged > all * 9 / 10 && acknowledged <= all);
    let rate = all as f64 / 1800.0;
    assert!((5.0..20.0).contains(&rate), "{rate} lines a second");
}
