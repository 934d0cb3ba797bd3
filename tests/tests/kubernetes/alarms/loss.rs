//! Log lines that the kubelet throws away before an agent could read them. It takes three faults at once: no server takes rows,
//! the spool is full, and the agent, which holds what it has not read open even when it is deleted, is ended.

use std::time::{Duration, Instant};

use kansoku_tests::Kubernetes;
use serde_json::Value;

use super::stage::{Stage, is_all};

/// How long no server runs. A pod writes some 290 MB meanwhile: the spool takes 85 of them, and the kubelet keeps the last 100.
const AWAY: Duration = Duration::from_secs(90);
/// After its start a server evaluates nothing for a minute, and then waits for rows as new as the clock.
const LATER: Duration = Duration::from_secs(300);
const AGENTS: &str = "app.kubernetes.io/name=kansoku-agent";
const LIMIT: &str = "KANSOKU_AGENT_LOGS_SPOOL_MAX_BYTES";

/// Agents with a small spool, until this is dropped.
struct SmallSpool<'a>(&'a Kubernetes);

impl<'a> SmallSpool<'a> {
    fn give(kubernetes: &'a Kubernetes) -> SmallSpool<'a> {
        set(kubernetes, &format!("{LIMIT}=64MiB")).unwrap();
        SmallSpool(kubernetes)
    }
}

impl Drop for SmallSpool<'_> {
    fn drop(&mut self) {
        if let Err(error) = set(self.0, &format!("{LIMIT}-")) {
            println!("the agents' spools are still small: {error}");
        }
    }
}

fn set(kubernetes: &Kubernetes, variable: &str) -> Result<String, String> {
    let arguments = [
        "-n",
        "kansoku",
        "set",
        "env",
        "daemonset/kansoku-agent",
        variable,
    ];
    kubernetes.try_kubectl(&arguments, "")
}

/// No server, until this is dropped.
struct NoServer<'a>(&'a Kubernetes);

impl<'a> NoServer<'a> {
    fn new(kubernetes: &'a Kubernetes) -> NoServer<'a> {
        scale(kubernetes, 0).unwrap();
        let gone = [
            "-n",
            "kansoku",
            "wait",
            "--for=delete",
            "pod/kansoku-server-0",
            "--timeout=60s",
        ];
        // It may be gone before anybody waits for that.
        let _ = kubernetes.try_kubectl(&gone, "");
        NoServer(kubernetes)
    }
}

impl Drop for NoServer<'_> {
    fn drop(&mut self) {
        if let Err(error) = scale(self.0, 1) {
            println!("the server is still away: {error}");
        }
    }
}

fn scale(kubernetes: &Kubernetes, replicas: u32) -> Result<String, String> {
    let replicas = format!("--replicas={replicas}");
    let arguments = [
        "-n",
        "kansoku",
        "scale",
        "statefulset/kansoku-server",
        &replicas,
    ];
    kubernetes.try_kubectl(&arguments, "")
}

/// A pod that writes lines which do not compress.
fn flood(namespace: &str) -> String {
    format!(
        r#"
apiVersion: v1
kind: Namespace
metadata: {{name: {namespace}}}
---
apiVersion: v1
kind: Pod
metadata: {{name: flood, namespace: {namespace}}}
spec:
  terminationGracePeriodSeconds: 1
  containers:
  - name: main
    image: registry.local/busybox:1.35
    command: [/bin/sh, -c, "while true; do head -c 2400000 /dev/urandom | base64; sleep 1; done"]
"#
    )
}

#[test]
fn who_is_told_of_lost_lines_hears_it_though_they_were_lost_while_the_server_was_away() {
    if !is_all() {
        println!("skipped: it takes minutes; KANSOKU_INCIDENTS=all does it");
        return;
    }
    let Some(kubernetes) = Kubernetes::up() else {
        return;
    };
    let stage = Stage::set(&kubernetes);
    let (http, namespace) = (stage.installed.http(), stage.namespace.as_str());
    let spool = SmallSpool::give(&kubernetes);
    stage.installed.wait();
    let heard = stage.hook.all().len();
    let away = NoServer::new(&kubernetes);
    kubernetes.kubectl(&["apply", "-f", "-"], &flood(namespace));
    std::thread::sleep(AWAY);
    kubernetes.kubectl(&["-n", namespace, "delete", "pod", "flood"], "");
    let agents = ["-n", "kansoku", "delete", "pods", "-l", AGENTS];
    kubernetes.kubectl(&agents, "");
    drop(away);
    stage.installed.wait();

    let began = Instant::now();
    let told = stage
        .installed
        .eventually("nobody was told of lost lines", LATER, || {
            let mut all = stage.hook.all().split_off(heard);
            all.retain(|one| one.message["AlarmName"] == "kansoku-log-loss");
            all.into_iter().next()
        });
    let (labels, reason) = (
        &told.message["Kansoku"]["Labels"],
        told.message["NewStateReason"].as_str().unwrap(),
    );
    println!(
        "lost lines are told {:.0} s after the server is ready again: {reason}",
        (told.at - began).as_secs_f64()
    );
    assert_eq!(told.message["NewStateValue"], "ALARM");
    assert_eq!(labels["node"], "node-1", "{labels}");
    // The ledger names the pod that wrote them. Of files that the ended agent saw after its spool was full nothing is on
    // disk: the next one counts what it knows of, which is less than was lost.
    let rows = http.sql(&format!(
        "SELECT pod, sum(log_lost_bytes) AS bytes FROM log_ledger WHERE namespace = '{namespace}' AND log_lost_bytes > 0 \
         GROUP BY pod"
    ));
    assert_eq!(rows.len(), 1, "{rows:?}");
    assert_eq!(rows[0]["pod"], Value::from("flood"));
    assert!(rows[0]["bytes"].as_i64().unwrap() > 1_000_000, "{rows:?}");
    drop(spool);
    stage.installed.wait();
}
