//! `kansoku up --demo`: a cluster to look at where there is none.
#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::time::Duration;

use kansoku_tests::{Daemon, Http, wait_until};
use rustix::process::Signal;
use serde_json::Value;

/// The last 90 minutes are stored within this time.
const PAST: Duration = Duration::from_secs(120);

fn count(http: &Http, question: &str) -> i64 {
    http.sql(question)[0]["n"].as_i64().unwrap()
}

/// Waits until all of the past is there: the newest row is of now.
fn wait_for_past(up: &mut Daemon) -> Http {
    let http = up.ready();
    let fresh = "SELECT count(*) AS n FROM node WHERE time > now() - interval '15 seconds'";
    wait_until(PAST, || (count(&http, fresh) >= 3).then_some(()))
        .unwrap_or_else(|| panic!("no rows of now:\n{}", up.said()));
    http
}

fn named<'a>(verdicts: &'a Value, name: &str) -> Vec<&'a str> {
    let all = verdicts["entities"].as_array().unwrap();
    let found = all
        .iter()
        .filter(|of| of["name"].as_str().unwrap().starts_with(name));
    found.map(|of| of["word"].as_str().unwrap()).collect()
}

#[test]
fn a_simulated_cluster_is_shown_as_a_real_one() {
    let data = tempfile::tempdir().unwrap();
    let folder = data.path().join("demo");
    let mut up = Daemon::up(&folder, &["--demo"]);
    let http = wait_for_past(&mut up);

    assert_eq!(
        count(&http, "SELECT count(DISTINCT node) AS n FROM node"),
        3
    );
    // Each table's rows come in a frame of their own, after the nodes'.
    let pods = || {
        let newest =
            "SELECT count(DISTINCT pod_uid) AS n FROM pod WHERE time > now() - interval '1 minute'";
        count(&http, newest)
    };
    wait_until(PAST, || (pods() >= 40).then_some(()));
    let pods = pods();
    assert!((40..60).contains(&pods), "{pods}");
    // Nothing of this machine.
    assert_eq!(
        count(
            &http,
            "SELECT count(*) AS n FROM node WHERE cluster <> 'demo'"
        ),
        0
    );
    // Charts are full: minute after minute, without a gap.
    let minutes =
        "SELECT count(DISTINCT time) AS n FROM pod_1m WHERE time < now() - interval '2 minutes'";
    assert!(count(&http, minutes) >= 85, "{}", count(&http, minutes));
    // Lines arrive once each, as the ledger says.
    let lines = count(
        &http,
        "SELECT count(*) AS n FROM log WHERE time < now() - interval '30 seconds'",
    );
    assert!(lines > 10_000, "{lines}");
    let repeated = "SELECT count(*) AS n FROM (SELECT file, sequence, node FROM log GROUP BY file, sequence, node, \
                    container_id HAVING count(*) > 1)";
    assert_eq!(count(&http, repeated), 0);

    // Whatever the hour: one of these happened within it. The rows of kills may still be on their way.
    let verdicts = || http.get("/api/verdicts?all=true").json();
    for (name, word) in [
        ("demo", "degraded"),
        ("checkout", "oom-killed"),
        ("recommender", "oom-killed"),
    ] {
        let is_told = || named(&verdicts(), name).contains(&word).then_some(());
        let told = wait_until(PAST, is_told);
        assert!(told.is_some(), "{name}: {:?}", named(&verdicts(), name));
    }
    let verdicts = verdicts();
    let kinds = verdicts["counts"].as_object().unwrap();
    for kind in [
        "Cluster",
        "Node",
        "Namespace",
        "Workload",
        "Service",
        "Pod",
        "Container",
        "Volume",
    ] {
        assert!(kinds.contains_key(kind), "{kind}: {kinds:?}");
    }
    let killed = verdicts["entities"].as_array().unwrap();
    let killed = killed
        .iter()
        .find(|of| {
            of["kind"] == "Container" && of["container"] == "checkout" && of["word"] == "oom-killed"
        })
        .unwrap();
    let evidence = killed["evidence"].to_string();
    assert!(evidence.contains("256 MiB, of the container"), "{evidence}");

    let cost = http.get("/api/cost?mode=standard").json();
    let total = cost["cloudwatch"]["total_usd_month"].as_f64().unwrap();
    let metrics = &cost["cloudwatch"]["lines"][0];
    // About 20 workloads, 20 services, 7 namespaces and 3 nodes: 24 + 24 + 9 w + 7 s + 7 n.
    let quantity = metrics["quantity"].as_f64().unwrap();
    assert!((300.0..800.0).contains(&quantity), "{metrics}");
    assert!(total > quantity * 0.3, "{total}: {metrics}");
    let bad = http.get("/api/cost?region=mars-1");
    assert_eq!(bad.status, 400);

    let sources = http.get("/api/sources").json();
    assert_eq!(sources["agents"].as_array().unwrap().len(), 3, "{sources}");
    up.signal(Signal::INT);
    let status = up.wait(Duration::from_secs(30));
    assert!(status.success(), "{status}: {}", up.said());

    // It begins anew, and touches no other folder.
    let mut again = Daemon::up(&folder, &["--demo"]);
    let http = wait_for_past(&mut again);
    let spans = count(
        &http,
        "SELECT count(DISTINCT time) AS n FROM node WHERE node = 'demo-node-1'",
    );
    assert!(
        spans <= 90 * 6 + 60,
        "{spans} rows of one node: an earlier demo's are among them"
    );
    again.stop();
}

#[test]
fn rows_that_are_no_demos_are_never_removed() {
    let data = tempfile::tempdir().unwrap();
    std::fs::write(data.path().join("mine"), "rows").unwrap();
    let refused = |folder: &Path, more: &[&str]| {
        let mut up = Daemon::up(folder, &[&["--demo"], more].concat());
        let status = up.wait(Duration::from_secs(20));
        assert_eq!(status.code(), Some(2), "{}", up.said());
        up.said()
    };
    let said = refused(data.path(), &[]);
    assert!(said.contains("not a demo's"), "{said}");
    assert!(data.path().join("mine").exists());
    let folder = data.path().join("demo");
    let said = refused(&folder, &["--demo-scale", "pods=3"]);
    assert!(said.contains("demo.scale = pods=3"), "{said}");

    // Nor those of a demo that runs.
    let mut up = Daemon::up(&folder, &["--demo"]);
    let http = up.ready();
    let said = refused(&folder, &[]);
    assert!(said.contains("another demo"), "{said}");
    assert_eq!(http.get("/readyz").status, 200);
    up.stop();
}
