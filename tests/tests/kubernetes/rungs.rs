//! Each rung of the ladder works with exactly its rights, and says what is dark.

use std::collections::BTreeMap;
use std::time::Duration;

use kansoku_tests::{Http, Installed, Kubernetes, Rung};
use serde_json::{Value, json};

const SOON: Duration = Duration::from_secs(150);

/// What a rung is to show: each a question whose one number must be above 0, or 0.
const SEEN: [(&str, &str); 8] = [
    (
        "the node's CPU",
        "SELECT count(cpu_usage_usec) AS n FROM node WHERE true",
    ),
    (
        "CPU of pods",
        "SELECT count(cpu_usage_usec) AS n FROM pod WHERE pod = 'burner'",
    ),
    (
        "memory of containers",
        "SELECT count(memory_working_set_bytes) AS n FROM container WHERE pod = 'holder' AND container = 'hold'",
    ),
    (
        "traffic of pods",
        "SELECT count(network_rx_bytes) AS n FROM pod WHERE pod = 'receiver'",
    ),
    (
        "throttling",
        "SELECT count(cpu_throttled_usec) AS n FROM container WHERE pod = 'throttled' AND container = 'burn'",
    ),
    (
        "volumes",
        "SELECT count(*) AS n FROM volume WHERE pod = 'claim-user'",
    ),
    (
        "root file systems of containers",
        "SELECT count(rootfs_used_bytes) AS n FROM container WHERE pod = 'burner'",
    ),
    (
        "lines",
        "SELECT count(*) AS n FROM log WHERE namespace = 'data' AND container = 'sidecar'",
    ),
];

/// User, group, capabilities, no-new-privileges and seccomp of the agent's process, as the kernel has them.
fn process() -> Option<BTreeMap<String, String>> {
    let output = std::process::Command::new("pgrep")
        .args(["-f", "^/usr/local/bin/kansoku-agent$"])
        .output()
        .ok()?;
    let pids = String::from_utf8_lossy(&output.stdout).into_owned();
    let status = std::fs::read_to_string(format!("/proc/{}/status", pids.lines().next()?)).ok()?;
    let pairs = status.lines().filter_map(|line| line.split_once(':'));
    Some(
        pairs
            .map(|(name, value)| (name.to_owned(), value.trim().replace('\t', " ")))
            .collect(),
    )
}

fn may(kubernetes: &Kubernetes, verb: &str, resource: &str) -> bool {
    let account = "--as=system:serviceaccount:kansoku:kansoku-agent";
    let (resource, part) = resource.split_once('/').unwrap_or((resource, ""));
    let part = format!("--subresource={part}");
    // kubectl ends with 1 when the answer is no.
    kubernetes
        .try_kubectl(&["auth", "can-i", verb, resource, &part, account], "")
        .is_ok_and(|said| said.trim() == "yes")
}

fn sources(http: &Http) -> Vec<Value> {
    http.get("/api/sources").json()["sources"]
        .as_array()
        .cloned()
        .unwrap_or_default()
}

fn check(kubernetes: &Kubernetes, rung: Rung, seen: &[&str], group: &str, asks_kubelet: bool) {
    let installed = Installed::on(kubernetes, rung);
    let http = installed.http();
    let count = |question: &str| {
        http.sql(&format!("{question} AND {}", installed.since()))[0]["n"].as_i64()
    };
    for (what, question) in SEEN.iter().filter(|(what, _)| seen.contains(what)) {
        installed.eventually(&format!("{rung:?} does not show {what}"), SOON, || {
            (count(question)? > 0).then_some(())
        });
    }
    for (what, question) in SEEN.iter().filter(|(what, _)| !seen.contains(what)) {
        assert_eq!(count(question), Some(0), "{rung:?} shows {what}");
    }
    // Its rights: these and no others.
    assert_eq!(
        may(kubernetes, "get", "nodes/stats"),
        asks_kubelet,
        "{rung:?}"
    );
    for resource in [
        "nodes/proxy",
        "nodes/metrics",
        "nodes/log",
        "pods",
        "secrets",
        "configmaps",
        "pods/log",
        "pods/exec",
    ] {
        for verb in ["get", "list", "create"] {
            assert!(
                !may(kubernetes, verb, resource),
                "{rung:?}: {verb} {resource}"
            );
        }
    }
    let process = process().unwrap();
    let of = |name: &str| process[name].as_str();
    assert_eq!(of("Uid"), "65534 65534 65534 65534");
    assert_eq!(of("Gid"), [group; 4].join(" "));
    assert_eq!(of("CapEff"), "0000000000000000");
    assert_eq!(of("CapPrm"), "0000000000000000");
    assert_eq!(of("CapBnd"), "0000000000000000");
    assert_eq!(of("NoNewPrivs"), "1");
    assert_eq!(of("Seccomp"), "2");
    // The server's own rights are told of beside the agents' files.
    let sources = installed.eventually("watches are not told of as sources", SOON, || {
        let sources = sources(http);
        let pods = sources
            .iter()
            .find(|source| source["path"] == "/api/v1/pods")?;
        (pods["state"] == "ok").then_some(sources)
    });
    for source in &sources {
        // What is dark says why.
        if source["state"] == "unreadable" {
            assert!(
                source["reason"].is_string() || source["missing_right"].is_string(),
                "{source}"
            );
        }
    }
    let state = |part: &str| {
        let found = sources.iter().filter(|source| {
            source["path"]
                .as_str()
                .is_some_and(|path| path.contains(part))
        });
        found
            .map(|source| source["state"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        state("/stats/summary").contains(&"ok".to_owned()),
        asks_kubelet,
        "{rung:?}: {:?}",
        state("/stats/summary")
    );
    let said = http.get("/api/sources").json();
    let stands = &said["rungs"][0];
    let (name, next) = match rung {
        Rung::Kubelet => ("0", json!("1")),
        Rung::Logs => ("1", json!("2 and volumes")),
        Rung::Node => ("2", json!("2 and volumes")),
        Rung::NodeAndVolumes => ("2 and volumes", Value::Null),
    };
    assert_eq!(stands["in_force"], name, "{stands}");
    assert_eq!(stands["next"]["rung"], next, "{stands}");
    assert_eq!(stands["lacks"], json!([]), "{stands}");
    let features = &said["agents"][0]["features"];
    let dark: Vec<&Value> = features
        .as_array()
        .unwrap()
        .iter()
        .filter(|feature| feature["present"] == false)
        .collect();
    println!("{rung:?} is without {dark:?}");
}

#[test]
fn each_rung_shows_what_its_rights_allow_and_no_more() {
    let Some(kubernetes) = Kubernetes::up() else {
        return;
    };
    kubernetes.workloads();
    let measured = [
        "the node's CPU",
        "CPU of pods",
        "memory of containers",
        "traffic of pods",
    ];
    let with = |more: &[&'static str]| [&measured[..], more].concat();
    let disks = ["volumes", "root file systems of containers"];
    check(&kubernetes, Rung::Kubelet, &with(&disks), "65534", true);
    check(
        &kubernetes,
        Rung::Logs,
        &[&with(&disks)[..], &["lines"]].concat(),
        "0",
        true,
    );
    check(
        &kubernetes,
        Rung::Node,
        &with(&["throttling", "lines"]),
        "0",
        false,
    );
    let all: Vec<&str> = SEEN.iter().map(|(what, _)| *what).collect();
    check(&kubernetes, Rung::NodeAndVolumes, &all, "0", true);
}

#[test]
fn a_right_that_is_taken_from_the_server_is_named() {
    let Some(kubernetes) = Kubernetes::up() else {
        return;
    };
    let installed = Installed::on(&kubernetes, Rung::Node);
    let http = installed.http();
    let state = |path: &str| {
        let sources = sources(http);
        sources
            .iter()
            .find(|source| source["path"] == path)
            .cloned()
    };
    installed.eventually("jobs are not watched", SOON, || {
        (state("/apis/batch/v1/jobs")?["state"] == "ok").then_some(())
    });
    // Everything but jobs and cron jobs.
    let role = kubernetes.kubectl(&["get", "clusterrole", "kansoku-server", "-o", "json"], "");
    let mut role: Value = serde_json::from_str(&role).unwrap();
    let rules = role["rules"].as_array_mut().unwrap();
    rules.retain(|rule| rule["apiGroups"][0] != "batch");
    kubernetes.kubectl(&["apply", "-f", "-"], &role.to_string());
    let name = "kansoku-server-control-plane";
    kubernetes.kubectl(&["delete", "clusterrolebinding", name], "");
    kubernetes.kubectl(&["-n", "kansoku", "delete", "pod", "kansoku-server-0"], "");
    installed.wait();
    let jobs = installed.eventually("the missing right is not named", SOON, || {
        let jobs = state("/apis/batch/v1/jobs")?;
        (jobs["state"] == "unreadable").then_some(jobs)
    });
    let right = jobs["missing_right"].as_str().unwrap();
    assert!(
        right.contains("list and watch") && right.contains("jobs") && right.contains("batch"),
        "{right}"
    );
    let metrics = installed.eventually("nor is that to the control plane's", SOON, || {
        let metrics = state("/metrics")?;
        (metrics["state"] == "unreadable").then_some(metrics)
    });
    let right = metrics["missing_right"].as_str().unwrap();
    assert!(
        right.contains("get") && right.contains("/metrics"),
        "{right}"
    );
    // The rest goes on.
    assert_eq!(state("/api/v1/pods").unwrap()["state"], "ok");
    let since = "time > now() - interval '20 seconds'";
    installed.eventually("other objects have no rows any more", SOON, || {
        let rows = http.sql(&format!(
            "SELECT count(*) AS n FROM object WHERE object_kind = 'Pod' AND {since}"
        ));
        (rows[0]["n"].as_i64()? > 0).then_some(())
    });
}
