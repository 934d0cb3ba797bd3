//! Every line that pods write is stored exactly once, through the kubelet's own rotation and the pods' deletion, while the
//! pods of agent and server are killed.

use std::process::Command;
use std::time::{Duration, Instant};

use kansoku_tests::{Installed, Kubernetes, Rung};
use serde_json::Value;

const PODS: i64 = 3;
/// Lines of a pod: some five times what the kubelet lets a file have.
const LINES: i64 = 60_000;
/// A burst each half second, so that the kubelet, which looks every ten seconds, rotates while it goes on.
const BURST: i64 = 1_000;
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
metadata: {{name: emitter, namespace: {namespace}}}
spec:
  replicas: {PODS}
  selector: {{matchLabels: {{app: emitter}}}}
  template:
    metadata: {{labels: {{app: emitter}}}}
    spec:
      terminationGracePeriodSeconds: 1
      containers:
      - name: emit
        image: registry.local/busybox:1.35
        command:
        - /bin/sh
        - -c
        - |
          for burst in $(seq 0 {bursts}); do
            seq $((burst * {BURST} + 1)) $((burst * {BURST} + {BURST})) |
              awk -v pod=$HOSTNAME '{{print "line " $1 " " pod " and words that fill it up to the length of a usual line of a log"}}'
            usleep 500000
          done
          sleep 100000
"#
    )
}

/// `kill -9` to every process of that name and arguments.
fn kill(program: &str) {
    let _ = Command::new("pkill").args(["-9", "-f", program]).status();
}

#[test]
fn every_line_arrives_once_while_agent_and_server_are_killed() {
    let Some(kubernetes) = Kubernetes::up() else {
        return;
    };
    let installed = Installed::on(&kubernetes, Rung::Node);
    let http = installed.http();
    let namespace = format!("kansoku-killed-{}", std::process::id());
    kubernetes.kubectl(&["apply", "-f", "-"], &manifest(&namespace));
    let delete = |labels: &str| {
        kubernetes.kubectl(
            &[
                "-n",
                "kansoku",
                "delete",
                "pod",
                "-l",
                labels,
                "--force",
                "--grace-period=0",
            ],
            "",
        );
    };
    let began = Instant::now();
    let mut round = 0;
    while began.elapsed() < Duration::from_secs(60) {
        std::thread::sleep(Duration::from_secs(7));
        match round % 4 {
            0 => kill("^/usr/local/bin/kansoku-agent"),
            1 => kill("^/usr/local/bin/kansoku server"),
            2 => delete("app.kubernetes.io/name=kansoku-agent"),
            _ => delete("app.kubernetes.io/name=kansoku-server"),
        }
        round += 1;
    }
    // Back-off of the kubelet between restarts is no matter here.
    delete("app.kubernetes.io/name=kansoku-agent");
    installed.wait();
    let mut rows = Vec::new();
    let count = |rows: &mut Vec<Value>| {
        let question = format!(
            "SELECT pod, count(*) AS rows, count(DISTINCT split_part(message, ' ', 2)) AS different, \
             count(DISTINCT pod_uid) AS uids, min(node) AS node FROM log WHERE namespace = '{namespace}' \
             AND container = 'emit' GROUP BY pod ORDER BY pod"
        );
        let body = serde_json::json!({"sql": question});
        let body = serde_json::to_vec(&body).unwrap();
        let answer = http.try_send(
            "POST",
            "/api/sql",
            &[("content-type", "application/json")],
            &body,
        )?;
        if answer.status != 200 {
            return None;
        }
        *rows = answer.json()["rows"].as_array()?.clone();
        let all = rows
            .iter()
            .map(|row| row["rows"].as_i64().unwrap_or(0))
            .sum::<i64>();
        (all >= PODS * LINES).then_some(())
    };
    installed.eventually("lines are missing", ARRIVE, || count(&mut rows));
    for row in &rows {
        assert_eq!(
            (row["rows"].as_i64(), row["different"].as_i64()),
            (Some(LINES), Some(LINES)),
            "{row}"
        );
        assert_eq!(
            (row["uids"].as_i64(), row["node"].as_str()),
            (Some(1), Some("node-1")),
            "{row}"
        );
    }
    assert_eq!(rows.len() as i64, PODS);
    kubernetes.kubectl(&["delete", "namespace", &namespace, "--wait=false"], "");
    // The ledger says the same, a tick later, and what is deleted stays.
    let mut sums = Vec::new();
    installed.eventually("the ledger does not agree", ARRIVE, || {
        sums = http.sql(&format!(
            "SELECT pod, sum(log_written_bytes) = sum(log_read_bytes) AS is_read, sum(log_lost_bytes) AS lost, \
             sum(log_acknowledged_entries) AS acknowledged FROM log_ledger WHERE namespace = '{namespace}' GROUP BY pod"
        ));
        let is_right = |row: &Value| {
            row["is_read"] == true && row["lost"] == 0 && row["acknowledged"] == LINES
        };
        (sums.len() as i64 == PODS && sums.iter().all(is_right)).then_some(())
    });
    let then = std::mem::take(&mut rows);
    assert!(count(&mut rows).is_some());
    assert_eq!(rows, then);
}
