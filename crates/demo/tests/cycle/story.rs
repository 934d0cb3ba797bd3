//! Everything that is promised to happen within a cycle happens, in every place where it would be seen.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use demo::Scale;

use crate::rows::{Cell, EVEN_HOUR, MINUTE, Row, live, of};

/// Two cycles and a little, from two minutes before a full hour.
fn told() -> &'static BTreeMap<&'static str, Vec<Row>> {
    static TOLD: OnceLock<BTreeMap<&'static str, Vec<Row>>> = OnceLock::new();
    TOLD.get_or_init(|| {
        let batches = live(Scale::default(), 11, EVEN_HOUR - 2 * MINUTE, 124);
        batches
            .keys()
            .map(|table| (*table, of(&batches, table)))
            .collect()
    })
}

/// Minutes past the first full hour.
fn minutes(row: &Row) -> f64 {
    (row.number("time").unwrap() - EVEN_HOUR) as f64 / MINUTE as f64
}

/// Rows of a table within minutes past the first full hour.
fn rows(table: &str, from: f64, to: f64) -> impl Iterator<Item = &'static Row> {
    told()[table]
        .iter()
        .filter(move |r| (from..to).contains(&minutes(r)))
}

fn events(reason: &str) -> Vec<&'static Row> {
    told()["event"]
        .iter()
        .filter(|r| r.is("reason", reason))
        .collect()
}

fn object<'a>(kind: &'a str, name: &'a str) -> impl Iterator<Item = &'static Row> + use<'a> {
    let all = told()["object"].iter();
    all.filter(move |r| r.is("object_kind", kind) && r.text("object_name").starts_with(name))
}

#[test]
fn a_container_is_killed_for_its_memory_and_started_again() {
    let of_checkout = |r: &&Row| r.is("container", "checkout");
    let killed: Vec<_> = told()["container"]
        .iter()
        .filter(of_checkout)
        .filter(|r| r.number("memory_oom_kills") > Some(0))
        .collect();
    // 3, 23 and 43 minutes past each of two hours.
    assert_eq!(killed.len(), 6);
    for row in &killed {
        assert!(row.flag("exited"));
        assert_eq!(row.number("lifetime_oom_kills"), Some(1));
        assert!(row.number("memory_limit_hits") > Some(0));
        let limit = row.number("memory_limit_bytes").unwrap();
        assert!(
            row.number("lifetime_memory_peak_bytes").unwrap() > limit * 95 / 100,
            "{row:?}"
        );
        assert_eq!(row.number("lifetime_usec").unwrap() / MINUTE, 20);
    }
    // Its anonymous memory grew before.
    let uid = killed[0].text("pod_uid");
    let anon: Vec<_> = rows("container", 4.0, 22.5)
        .filter(of_checkout)
        .filter(|r| r.is("pod_uid", uid) && !r.flag("exited"))
        .map(|r| r.number("memory_anon_bytes").unwrap())
        .collect();
    assert!(anon.len() > 100);
    assert!(
        anon[anon.len() - 1] > 2 * anon[3],
        "{} to {}",
        anon[3],
        anon[anon.len() - 1]
    );
    // The API tells the same.
    let states: Vec<_> = object("Container", "checkout")
        .filter(|r| r.is("object_uid", uid))
        .collect();
    let increases: i64 = states
        .iter()
        .filter_map(|r| r.number("restarts_increase"))
        .sum();
    assert_eq!(increases, 6);
    let after = states
        .iter()
        .find(|r| r.number("restarts_increase") == Some(1))
        .unwrap();
    assert_eq!(
        (
            after.text("last_terminated_reason"),
            after.number("last_exit_code")
        ),
        ("OOMKilled", Some(137))
    );
    let pod: i64 = object("Pod", "checkout")
        .filter(|r| r.is("object_uid", uid))
        .filter_map(|r| r.number("restarts_increase"))
        .sum();
    assert_eq!(pod, 6);
    let told_of: Vec<_> = events("OOMKilling")
        .into_iter()
        .filter(|r| r.text("message").contains("(node)"))
        .collect();
    assert_eq!(told_of.len(), 6);
    assert!(
        told_of
            .iter()
            .all(|r| r.is("object_kind", "Node") && r.is("event_type", "Warning"))
    );
    let warned =
        |r: &&Row| r.is("level", "warn") && r.text("message").contains("heap is nearly full");
    assert!(told()["log"].iter().filter(warned).count() > 3);
    assert!(
        told()["log"]
            .iter()
            .any(|r| r.is("stream", "kern") && r.text("message").contains("Killed process"))
    );
}

#[test]
fn a_child_is_killed_and_its_container_lives() {
    let of_it = |r: &&Row| r.is("container", "recommender");
    let all: Vec<_> = told()["container"].iter().filter(of_it).collect();
    let killed: Vec<_> = all
        .iter()
        .filter(|r| r.number("memory_oom_kills") > Some(0))
        .collect();
    assert_eq!(killed.len(), 4);
    assert!(all.iter().all(|r| !r.flag("exited")));
    let ids: BTreeSet<_> = all.iter().map(|r| r.text("container_id")).collect();
    assert_eq!(ids.len(), 1);
    assert!(object("Container", "recommender").all(|r| r.number("restarts") == Some(0)));
    let in_its_log =
        |r: &&Row| r.is("container", "recommender") && r.text("message").contains("signal 9");
    assert_eq!(told()["log"].iter().filter(in_its_log).count(), 4);
    // A process more while it grows.
    let processes: BTreeSet<_> = all
        .iter()
        .filter_map(|r| r.number("process_count"))
        .collect();
    assert_eq!(processes, [5, 6].into());
}

#[test]
fn a_container_crashes_again_and_again() {
    let ends: Vec<_> = rows("container", 4.0, 60.0)
        .filter(|r| r.is("container", "fraud-check") && r.flag("exited"))
        .collect();
    assert!((8..16).contains(&ends.len()), "{}", ends.len());
    assert!(ends.iter().all(|r| r.number("lifetime_usec").is_some()));
    let states: Vec<_> = object("Container", "fraud-check")
        .filter(|r| (5.0..45.0).contains(&minutes(r)))
        .collect();
    let waits = states
        .iter()
        .filter(|r| r.is("waiting_reason", "CrashLoopBackOff"))
        .count();
    assert!(waits > states.len() / 2, "{waits} of {}", states.len());
    assert!(states.iter().any(|r| r.number("last_exit_code") == Some(1)));
    let back_off: Vec<_> = events("BackOff")
        .into_iter()
        .filter(|r| r.text("object_name").starts_with("fraud-check"))
        .collect();
    let most = back_off
        .iter()
        .filter_map(|r| r.number("event_count"))
        .max()
        .unwrap();
    assert!(most > 20, "{most}");
    let traces: Vec<_> = told()["log"]
        .iter()
        .filter(|r| r.text("message").starts_with("Traceback"))
        .collect();
    assert!(traces.len() >= ends.len());
    assert!(
        traces
            .iter()
            .all(|r| r.number("joined_lines") == Some(7) && r.is("level", "error"))
    );
    // It comes up at last.
    let after: Vec<_> = object("Container", "fraud-check")
        .filter(|r| (52.0..60.0).contains(&minutes(r)))
        .collect();
    assert!(!after.is_empty() && after.iter().all(|r| r.is("container_state", "running")));
}

#[test]
fn rollouts_go_wrong_and_are_taken_back() {
    let deployment: Vec<_> = object("Deployment", "catalog").collect();
    for (hour, reason) in [(0.0, "Unhealthy"), (60.0, "Failed")] {
        let within = |from: f64, to: f64| {
            let all = deployment.iter();
            all.filter(move |r| (hour + from..hour + to).contains(&minutes(r)))
                .collect::<Vec<_>>()
        };
        let during = within(21.0, 31.5);
        assert!(!during.is_empty());
        for row in during {
            assert_eq!(
                row.label("conditions", "Progressing"),
                Some("False"),
                "{row:?}"
            );
            assert_eq!(row.label("conditions", "Available"), Some("True"));
            assert_eq!(row.number("replicas_unavailable"), Some(1));
            assert_eq!(row.number("replicas_ready"), Some(3));
            assert_eq!(row.number("replicas_updated"), Some(1));
        }
        for row in within(11.0, 19.5).into_iter().chain(within(33.0, 59.0)) {
            assert_eq!(row.label("conditions", "Progressing"), Some("True"));
        }
        assert!(
            within(33.0, 59.0)
                .iter()
                .all(|r| r.number("replicas_unavailable") == Some(0))
        );
        let seen = events(reason)
            .into_iter()
            .filter(|r| r.text("object_name").starts_with("catalog"));
        let seen = seen.filter(|r| (hour + 10.0..hour + 32.0).contains(&minutes(r)));
        assert!(seen.count() > 5, "{reason}");
    }
    let sets: BTreeSet<_> = object("ReplicaSet", "catalog")
        .map(|r| r.text("object_uid"))
        .collect();
    assert_eq!(sets.len(), 3);
    let reasons: BTreeSet<_> = object("Container", "catalog")
        .map(|r| r.text("waiting_reason"))
        .collect();
    assert!(
        reasons.contains("ImagePullBackOff") && reasons.contains("ErrImagePull"),
        "{reasons:?}"
    );
    // The service kept its three addresses.
    for row in object("Service", "catalog") {
        assert_eq!(row.number("endpoints_ready"), Some(3));
    }
    assert!(object("Service", "catalog").any(|r| r.number("endpoints_not_ready") == Some(1)));
    let down = events("ScalingReplicaSet")
        .into_iter()
        .filter(|r| r.text("message").ends_with("to 0"));
    assert!(down.filter(|r| r.is("object_name", "catalog")).count() == 2);
    // Whoever went has a row that says so.
    let gone = told()["identity"]
        .iter()
        .filter(|r| r.flag("deleted") && r.is("workload", "catalog"));
    assert!(gone.count() >= 4);
}

#[test]
fn a_noisy_neighbour_makes_others_wait() {
    let share = |rows: Vec<&Row>, column: &str| {
        let sum = |c: &str| rows.iter().filter_map(|r| r.number(c)).sum::<i64>() as f64;
        sum(column) / sum("interval_usec")
    };
    let noisy = rows("container", 26.0, 38.0)
        .find(|r| r.is("container", "encode"))
        .unwrap();
    let node = noisy.text("node");
    let of_node = |from, to| {
        rows("node", from, to)
            .filter(|r| r.is("node", node))
            .collect::<Vec<_>>()
    };
    assert!(share(of_node(26.0, 38.0), "cpu_usage_usec") > 3.7);
    assert!(share(of_node(41.0, 46.0), "cpu_usage_usec") < 2.5);
    assert!(share(of_node(26.0, 38.0), "cpu_pressure_some_usec") > 0.3);
    let others = |from, to| {
        let all = rows("container", from, to)
            .filter(|r| r.is("node", node) && r.is("container_kind", "container"));
        all.filter(|r| !r.is("container", "encode"))
            .collect::<Vec<_>>()
    };
    let (during, after) = (
        share(others(26.0, 38.0), "cpu_pressure_some_usec"),
        share(others(41.0, 46.0), "cpu_pressure_some_usec"),
    );
    assert!(during > 0.1 && after < 0.05, "{during} and {after}");
    // On other nodes nobody does.
    let elsewhere = rows("node", 26.0, 38.0)
        .filter(|r| !r.is("node", node))
        .collect();
    assert!(share(elsewhere, "cpu_pressure_some_usec") < 0.1);
}

#[test]
fn one_is_held_back_by_its_own_limit() {
    let all: Vec<_> = told()["container"]
        .iter()
        .filter(|r| r.is("container", "search"))
        .collect();
    let sum = |column: &str| all.iter().filter_map(|r| r.number(column)).sum::<i64>();
    let share = sum("cpu_throttled_periods") as f64 / sum("cpu_periods") as f64;
    assert!((0.05..0.9).contains(&share), "{share}");
    assert!(sum("cpu_throttled_usec") > 60_000_000);
}

#[test]
fn a_volume_fills() {
    let of_it = |from, to| {
        rows("volume", from, to)
            .filter(|r| r.is("pod", "postgres-0"))
            .collect::<Vec<_>>()
    };
    let share = |r: &Row| {
        r.number("volume_used_bytes").unwrap() as f64
            / r.number("volume_capacity_bytes").unwrap() as f64
    };
    let all = of_it(0.0, 60.0);
    let most = all.iter().map(|r| share(r)).fold(0.0, f64::max);
    assert!((0.965..0.975).contains(&most), "{most}");
    assert!(share(of_it(1.0, 2.0)[0]) < 0.5 && share(of_it(59.2, 60.0)[0]) < 0.5);
    assert!(all.iter().all(|r| r.is("volume_claim", "data-postgres-0")));
    assert!(object("PersistentVolumeClaim", "data-postgres-0").all(|r| r.is("phase", "Bound")));
    let warned = |r: &&Row| r.is("pod", "postgres-0") && r.is("level", "warn");
    assert!(rows("log", 48.0, 57.0).filter(warned).count() > 3);
}

#[test]
fn a_pod_finds_no_node() {
    let pending: Vec<_> = object("Pod", "reindex")
        .filter(|r| (48.0..58.0).contains(&minutes(r)))
        .collect();
    assert!(pending.len() > 50);
    for row in &pending {
        assert_eq!(
            (row.text("phase"), row.text("status_reason")),
            ("Pending", "Unschedulable")
        );
        assert_eq!(row.text("node"), "");
    }
    let failed: Vec<_> = events("FailedScheduling");
    assert!(failed.len() > 15);
    assert!(failed.iter().all(|r| {
        r.text("message")
            .starts_with("0/3 nodes are available: 3 Insufficient cpu")
    }));
    assert!(object("Pod", "reindex").all(|r| !(59.0..107.0).contains(&minutes(r))));
    assert!(
        told()["pod"]
            .iter()
            .all(|r| !r.text("pod").starts_with("reindex"))
    );
}

#[test]
fn a_node_is_under_disk_pressure() {
    let condition = |from: f64, to: f64| {
        let all = object("Node", "demo-node-3").filter(move |r| (from..to).contains(&minutes(r)));
        all.map(|r| r.label("conditions", "DiskPressure").unwrap())
            .collect::<BTreeSet<_>>()
    };
    assert_eq!(condition(50.2, 57.0), ["True"].into());
    assert_eq!(condition(10.0, 49.9), ["False"].into());
    assert_eq!(condition(57.2, 100.0), ["False"].into());
    let tainted = object("Node", "demo-node-3")
        .find(|r| r.get("taints").is_some())
        .unwrap();
    assert_eq!(
        tainted.label("taints", "node.kubernetes.io/disk-pressure="),
        Some("NoSchedule")
    );
    let free = |from, to| {
        let all = rows("node_filesystem", from, to)
            .filter(|r| r.is("node", "demo-node-3") && r.is("mountpoint", "/"));
        let share = |r: &Row| {
            r.number("filesystem_free_bytes").unwrap() as f64
                / r.number("filesystem_size_bytes").unwrap() as f64
        };
        all.map(share).fold(1.0, f64::min)
    };
    assert!(free(51.0, 55.0) < 0.1 && free(20.0, 30.0) > 0.4);
    for reason in [
        "EvictionThresholdMet",
        "NodeHasDiskPressure",
        "NodeHasNoDiskPressure",
    ] {
        assert!(!events(reason).is_empty(), "{reason}");
    }
}

#[test]
fn jobs_come_end_and_leave_receipts() {
    let ended = |name: &'static str| {
        let all = told()["container"]
            .iter()
            .filter(move |r| r.is("container", name) && r.flag("exited"));
        all.collect::<Vec<_>>()
    };
    let (reports, thumbnails) = (ended("report"), ended("thumbnails"));
    assert!((23..=25).contains(&reports.len()), "{}", reports.len());
    assert!(
        (60..=63).contains(&thumbnails.len()),
        "{}",
        thumbnails.len()
    );
    for row in &thumbnails {
        let lifetime = row.number("lifetime_usec").unwrap();
        assert!((3_000_000..8_100_000).contains(&lifetime), "{row:?}");
        assert!(row.number("lifetime_cpu_usage_usec").unwrap() > 1_000_000);
        assert!(row.number("lifetime_memory_peak_bytes").unwrap() > 20 << 20);
    }
    // Pods and pause containers end too.
    let pods = told()["pod"]
        .iter()
        .filter(|r| r.flag("exited") && r.text("pod").starts_with("sales-report"));
    assert!(pods.clone().count() >= 23);
    assert!(
        pods.clone()
            .all(|r| r.number("lifetime_network_rx_bytes") > Some(0))
    );
    let succeeded: Vec<_> = object("Job", "sales-report")
        .filter(|r| r.number("job_succeeded") == Some(1))
        .collect();
    assert!(succeeded.iter().all(|r| r.get("completed_time").is_some()));
    assert!(succeeded.len() > 100);
    assert!(object("Job", "thumbnails").any(|r| r.number("job_failed") == Some(1)));
    assert!(object("Pod", "thumbnails").any(|r| r.is("phase", "Failed")));
    assert!(object("CronJob", "thumbnails").all(|r| r.is("schedule", "*/2 * * * *")));
    assert!(
        object("CronJob", "thumbnails")
            .any(|r| matches!(r.get("last_success_time"), Some(Cell::Number(_))))
    );
    // Not more than three ended ones of each are kept.
    let mut at: BTreeMap<i64, u32> = BTreeMap::new();
    for row in object("Job", "thumbnails") {
        *at.entry(row.number("time").unwrap()).or_default() += 1;
    }
    assert!(at.values().all(|count| *count <= 4));
    for reason in [
        "SuccessfulCreate",
        "Completed",
        "SawCompletedJob",
        "BackoffLimitExceeded",
    ] {
        assert!(!events(reason).is_empty(), "{reason}");
    }
}

#[test]
fn services_have_words_levels_and_waves() {
    let levels: BTreeSet<_> = told()["log"].iter().map(|r| r.text("level")).collect();
    assert!(
        ["info", "warn", "error", "debug"]
            .iter()
            .all(|l| levels.contains(l)),
        "{levels:?}"
    );
    let streams: BTreeSet<_> = told()["log"].iter().map(|r| r.text("stream")).collect();
    assert_eq!(streams, ["kern", "stderr", "stdout"].into());
    let json = told()["log"]
        .iter()
        .filter(|r| r.text("message").starts_with('{'))
        .count();
    let plain = told()["log"].len() - json;
    assert!(json > 1000 && plain > 1000);
    let use_of = |r: &Row| {
        r.number("cpu_usage_usec")
            .zip(r.number("interval_usec"))
            .map(|(used, of)| used as f64 / of as f64)
    };
    let web: Vec<f64> = told()["container"]
        .iter()
        .filter(|r| r.is("container", "web"))
        .filter_map(use_of)
        .collect();
    let (least, most) = web.iter().fold((f64::MAX, 0.0_f64), |(least, most), v| {
        (least.min(*v), most.max(*v))
    });
    assert!(most > 1.4 * least, "{least} to {most}");
    for kind in [
        "StatefulSet",
        "DaemonSet",
        "Deployment",
        "ReplicaSet",
        "Namespace",
        "PersistentVolume",
        "Service",
    ] {
        assert!(object(kind, "").next().is_some(), "{kind}");
    }
    for namespace in [
        "shop",
        "payments",
        "data",
        "batch",
        "monitoring",
        "kube-system",
    ] {
        assert!(
            told()["pod"].iter().any(|r| r.is("namespace", namespace)),
            "{namespace}"
        );
    }
}
