//! On a real Kubernetes: every line that pods write is stored exactly once, through the kubelet's own rotation and the
//! pods' deletion, while Kansoku is killed.

use std::collections::BTreeMap;
use std::time::Duration;

use kansoku_tests::{Daemon, Http, Kubernetes, wait_until};
use serde_json::Value;

const PODS: usize = 3;
/// Lines of a pod: some ten times what the kubelet lets a file have.
const LINES: i64 = 60_000;
/// A burst each half second, so that the kubelet, which looks every ten seconds, rotates while it goes on.
const BURST: i64 = 1_000;
/// How long everything may take to arrive.
const ARRIVE: Duration = Duration::from_secs(150);

fn manifest(namespace: &str) -> String {
    let bursts = LINES / BURST - 1;
    format!(
        r#"
apiVersion: v1
kind: Namespace
metadata: {{name: {namespace}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: counter, namespace: {namespace}}}
spec:
  replicas: {PODS}
  selector: {{matchLabels: {{app: counter}}}}
  template:
    metadata: {{labels: {{app: counter}}}}
    spec:
      terminationGracePeriodSeconds: 1
      containers:
      - name: count
        image: registry.local/busybox:1.35
        command:
        - /bin/sh
        - -c
        - |
          for burst in $(seq 0 {bursts}); do
            seq $((burst * {BURST} + 1)) $((burst * {BURST} + {BURST})) |
              awk -v pod=$HOSTNAME '{{print "line " $1 " " pod " words to make it as long as lines are, answered in " ($1 * 7919 % 997) " ms with status 200"}}'
            usleep 500000
          done
          sleep 100000
"#
    )
}

/// Lines and different lines of each pod.
fn stored(http: &Http, namespace: &str) -> BTreeMap<String, (i64, i64)> {
    let rows = http.sql(&format!(
        "SELECT pod, count(*) AS rows, count(DISTINCT split_part(message, ' ', 2)) AS different FROM log \
         WHERE namespace = '{namespace}' AND container = 'count' AND message LIKE concat('line % ', pod, ' %') \
         GROUP BY pod"
    ));
    let number = |row: &Value, name: &str| row[name].as_i64().unwrap();
    rows.iter()
        .map(|row| {
            let counts = (number(row, "rows"), number(row, "different"));
            (row["pod"].as_str().unwrap().to_owned(), counts)
        })
        .collect()
}

#[test]
fn every_line_of_pods_is_stored_once_through_the_kubelets_rotation() {
    let Some(kubernetes) = Kubernetes::up() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let namespace = format!("kansoku-test-{}", std::process::id());
    let mut kansoku = Daemon::up(folder.path(), &["--cluster", "real"]);
    let mut http = kansoku.ready();
    kubernetes.kubectl(&["apply", "-f", "-"], &manifest(&namespace));
    // Killed again and again while the pods write and the kubelet rotates.
    for _ in 0..4 {
        std::thread::sleep(Duration::from_secs(8));
        kansoku.kill();
        std::thread::sleep(Duration::from_secs(2));
        kansoku = Daemon::up(folder.path(), &["--cluster", "real"]);
        http = kansoku.ready();
    }
    let all = |stored: &BTreeMap<String, (i64, i64)>| {
        stored.len() == PODS && stored.values().all(|(rows, _)| *rows >= LINES)
    };
    let mut found = BTreeMap::new();
    let arrived = wait_until(ARRIVE, || {
        found = stored(&http, &namespace);
        all(&found).then_some(())
    });
    kubernetes.kubectl(&["delete", "namespace", &namespace, "--wait=false"], "");
    assert!(arrived.is_some(), "{found:?}\n{}", kansoku.said());
    for (pod, counts) in &found {
        assert_eq!(*counts, (LINES, LINES), "{pod}");
    }
    // The ledger says the same, a tick later, and what is deleted stays.
    let mut sums = Vec::new();
    let right = wait_until(ARRIVE, || {
        sums = http.sql(&format!(
            "SELECT pod, sum(log_written_bytes) = sum(log_read_bytes) AS is_read, sum(log_lost_bytes) AS lost, \
             sum(log_acknowledged_entries) AS acknowledged FROM log_ledger WHERE namespace = '{namespace}' GROUP BY pod"
        ));
        let is_right = |row: &Value| {
            row["is_read"] == true && row["lost"] == 0 && row["acknowledged"] == LINES
        };
        (sums.len() == PODS && sums.iter().all(is_right)).then_some(())
    });
    assert!(right.is_some(), "{sums:?}\n{}", kansoku.said());
    assert_eq!(stored(&http, &namespace), found);
}
