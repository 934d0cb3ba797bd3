//! The sampler over recorded trees of real nodes.

#![allow(clippy::unwrap_used)]

mod replay;
mod table;

use std::collections::{HashMap, HashSet};
use std::fs;

use agent::source::cgroup::classify::{Kind, classify};
use replay::{Replay, json, set_dir};
use serde_json::Value;
use table::{row, rows, rows_where};

/// Sets with two moments: set, first and second snapshot, pod.
const PAIRS: [(&str, &str, &str); 5] = [
    ("v1.20-cgroupv1", "cgroup.json", "cgroup.2.json"),
    ("v1.36.2-cgroupv1", "cgroup.json", "cgroup.2.json"),
    ("v1.36.2-cgroupv2", "cgroup.json", "cgroup.2.json"),
    (
        "v1.36.2-cgroupv2",
        "cgroup-throttled.json",
        "cgroup-throttled.2.json",
    ),
    ("v1.36.2-cgroupv2", "cgroup-oom.json", "cgroup-oom.2.json"),
];

/// What the file of a pod's cgroup says, straight from the snapshot.
fn text(snapshot: &Value, ending: &str) -> String {
    let files = snapshot["files"].as_object().unwrap();
    let mut found = files.iter().filter(|(path, _)| path.ends_with(ending));
    let (_, file) = found.next().unwrap_or_else(|| panic!("no file {ending}"));
    assert!(found.next().is_none(), "{ending} is not unique");
    file["text"].as_str().unwrap().to_owned()
}

fn value(text: &str, key: &str) -> i64 {
    text.lines()
        .find_map(|l| l.strip_prefix(key)?.strip_prefix(' '))
        .unwrap_or_else(|| panic!("no {key}"))
        .parse()
        .unwrap()
}

fn seconds(time: &Value) -> f64 {
    // 2026-11-23T03:14:20Z: all within one day.
    let clock = time
        .as_str()
        .unwrap()
        .split('T')
        .nth(1)
        .unwrap()
        .trim_end_matches('Z');
    clock
        .split(':')
        .fold(0.0, |sum, part| sum * 60.0 + part.parse::<f64>().unwrap())
}

fn pod_of<'s>(summary: &'s Value, uid: &str) -> Option<&'s Value> {
    summary["pods"]
        .as_array()
        .unwrap()
        .iter()
        .find(|p| p["podRef"]["uid"] == uid)
}

/// Cores that the kubelet saw used between its two summaries, by its own times.
fn kubelet_cores(first: &Value, second: &Value) -> f64 {
    let used = second["cpu"]["usageCoreNanoSeconds"].as_f64().unwrap()
        - first["cpu"]["usageCoreNanoSeconds"].as_f64().unwrap();
    used / 1e9 / (seconds(&second["cpu"]["time"]) - seconds(&first["cpu"]["time"]))
}

#[test]
fn the_cpu_of_pods_and_containers_agrees_with_the_kubelets() {
    let mut compared = 0;
    for (set, first, second) in PAIRS {
        let mut replay = Replay::new(set, first);
        let mut sampler = replay.sampler();
        sampler.tick(replay.time);
        replay.go_to(second, ".2");
        let batches = sampler.tick(replay.time);
        let summaries = (
            json(set, "kubelet/stats-summary.json"),
            json(set, "kubelet/stats-summary.2.json"),
        );
        for pod in rows(&batches, "pod") {
            let uid = pod.text("pod_uid").unwrap();
            let (Some(before), Some(after)) =
                (pod_of(&summaries.0, &uid), pod_of(&summaries.1, &uid))
            else {
                continue;
            };
            let ours = |row: &table::Row<'_>| {
                row.integer("cpu_usage_usec").unwrap() as f64
                    / row.integer("interval_usec").unwrap() as f64
            };
            let theirs = kubelet_cores(before, after);
            assert!(
                (ours(&pod) / theirs - 1.0).abs() < 0.04,
                "{set} {uid}: {} and {theirs} cores",
                ours(&pod)
            );
            compared += 1;
            for container in after["containers"].as_array().unwrap() {
                let name = container["name"].as_str().unwrap();
                let earlier = before["containers"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .find(|c| c["name"] == name);
                let row = row(&batches, "container", "container", name);
                let theirs = kubelet_cores(earlier.unwrap(), container);
                assert!(
                    (ours(&row) / theirs - 1.0).abs() < 0.12,
                    "{set} {name}: {} and {theirs}",
                    ours(&row)
                );
                compared += 1;
            }
        }
    }
    assert!(compared >= 9, "{compared} compared");
}

#[test]
fn the_memory_of_pods_agrees_with_the_kubelets() {
    // Steady pods only: the others' memory moves between the kubelet's sample and the snapshot.
    for (snapshot, pod, tolerance) in [
        ("cgroup-throttled.2.json", "throttled-v2", 0.01),
        ("cgroup.2.json", "flood-v2", 0.12),
    ] {
        let replay = Replay::new("v1.36.2-cgroupv2", snapshot);
        let batches = replay.sampler().tick(replay.time);
        let ours = row(&batches, "pod", "pod", pod);
        let summary = json("v1.36.2-cgroupv2", "kubelet/stats-summary.2.json");
        let theirs = &pod_of(&summary, &ours.text("pod_uid").unwrap()).unwrap()["memory"];
        for (column, field) in [
            ("memory_usage_bytes", "usageBytes"),
            ("memory_working_set_bytes", "workingSetBytes"),
            ("memory_anon_bytes", "rssBytes"),
        ] {
            let (ours, theirs) = (
                ours.integer(column).unwrap() as f64,
                theirs[field].as_f64().unwrap(),
            );
            assert!(
                (ours / theirs - 1.0).abs() < tolerance,
                "{pod} {column}: {ours} and {theirs}"
            );
        }
    }
}

#[test]
fn the_nodes_cpu_agrees_with_the_kubelets() {
    for set in ["v1.20-cgroupv1", "v1.36.2-cgroupv1"] {
        let mut replay = Replay::new(set, "cgroup.json");
        let mut sampler = replay.sampler();
        sampler.tick(replay.time);
        replay.go_to("cgroup.2.json", ".2");
        let batches = sampler.tick(replay.time);
        let node = rows(&batches, "node")[0];
        let ours = node.integer("cpu_usage_usec").unwrap() as f64
            / node.integer("interval_usec").unwrap() as f64;
        let theirs = kubelet_cores(
            &json(set, "kubelet/stats-summary.json")["node"],
            &json(set, "kubelet/stats-summary.2.json")["node"],
        );
        assert!(
            (ours / theirs - 1.0).abs() < 0.05,
            "{set}: {ours} and {theirs}"
        );
        assert_eq!(node.float("node_cpu_cores"), Some(2.0));
        assert_eq!(node.text("cgroup_version").as_deref(), Some("hybrid"));
    }
}

#[test]
fn every_v1_file_ends_in_its_column() {
    for set in ["v1.20-cgroupv1", "v1.36.2-cgroupv1"] {
        let (before, after) = (json(set, "cgroup.json"), json(set, "cgroup.2.json"));
        let mut replay = Replay::new(set, "cgroup.json");
        let mut sampler = replay.sampler();
        let first = sampler.tick(replay.time);
        replay.go_to("cgroup.2.json", ".2");
        let second = sampler.tick(replay.time);
        let container = row(&second, "container", "container", "flood");
        let id = container.text("container_id").unwrap();
        let number = |snapshot: &Value, file: &str| {
            text(snapshot, &format!("{id}/{file}"))
                .trim()
                .parse::<i64>()
                .unwrap()
        };
        let stat = |snapshot: &Value, file: &str, key: &str| {
            value(&text(snapshot, &format!("{id}/{file}")), key)
        };
        let delta = |file: &str, key: &str| stat(&after, file, key) - stat(&before, file, key);
        let memory = |key: &str| stat(&after, "memory.stat", key);
        for (column, expected) in [
            (
                "cpu_usage_usec",
                number(&after, "cpuacct.usage") / 1000 - number(&before, "cpuacct.usage") / 1000,
            ),
            ("cpu_user_usec", delta("cpuacct.stat", "user") * 10_000),
            ("cpu_system_usec", delta("cpuacct.stat", "system") * 10_000),
            ("cpu_periods", delta("cpu.stat", "nr_periods")),
            ("cpu_throttled_periods", delta("cpu.stat", "nr_throttled")),
            (
                "cpu_throttled_usec",
                stat(&after, "cpu.stat", "throttled_time") / 1000
                    - stat(&before, "cpu.stat", "throttled_time") / 1000,
            ),
            ("cpu_quota_usec", number(&after, "cpu.cfs_quota_us")),
            ("cpu_period_usec", number(&after, "cpu.cfs_period_us")),
            ("cpu_shares", number(&after, "cpu.shares")),
            (
                "memory_usage_bytes",
                number(&after, "memory.usage_in_bytes"),
            ),
            (
                "memory_working_set_bytes",
                number(&after, "memory.usage_in_bytes") - memory("total_inactive_file"),
            ),
            (
                "memory_limit_bytes",
                number(&after, "memory.limit_in_bytes"),
            ),
            ("memory_anon_bytes", memory("total_rss")),
            ("memory_file_bytes", memory("total_cache")),
            ("memory_mapped_bytes", memory("total_mapped_file")),
            (
                "memory_kernel_bytes",
                number(&after, "memory.kmem.usage_in_bytes"),
            ),
            (
                "memory_peak_bytes",
                number(&after, "memory.max_usage_in_bytes"),
            ),
            ("memory_page_faults", delta("memory.stat", "total_pgfault")),
            (
                "memory_limit_hits",
                number(&after, "memory.failcnt") - number(&before, "memory.failcnt"),
            ),
            ("memory_oom_kills", delta("memory.oom_control", "oom_kill")),
            ("pids_current", number(&after, "pids.current")),
            (
                "process_count",
                text(
                    &after,
                    &format!(
                        "systemd/kubepods/burstable/pod{}/{id}/cgroup.procs",
                        container.text("pod_uid").unwrap()
                    ),
                )
                .lines()
                .count() as i64,
            ),
        ] {
            assert_eq!(container.integer(column), Some(expected), "{set} {column}");
        }
        // Swap is limited to what memory and swap together leave: nothing here.
        assert_eq!(
            container.integer("memory_swap_limit_bytes"),
            Some(0),
            "{set}"
        );
        for absent in [
            "cpu_weight",
            "memory_slab_bytes",
            "memory_high_hits",
            "pids_limit",
            "io_read_bytes",
        ] {
            assert_eq!(container.integer(absent), None, "{set} {absent}");
        }
        // A pod that was there before the agent has no increase in its first row.
        let first = row(&first, "container", "container", "flood");
        assert_eq!(
            (
                first.integer("cpu_usage_usec"),
                first.integer("interval_usec")
            ),
            (None, None)
        );
        assert!(first.integer("memory_usage_bytes").is_some());
    }
}

#[test]
fn every_v2_file_ends_in_its_column() {
    let set = "v1.36.2-cgroupv2";
    let (before, after) = (
        json(set, "cgroup-throttled.json"),
        json(set, "cgroup-throttled.2.json"),
    );
    let mut replay = Replay::new(set, "cgroup-throttled.json");
    let mut sampler = replay.sampler();
    sampler.tick(replay.time);
    replay.go_to("cgroup-throttled.2.json", ".2");
    let batches = sampler.tick(replay.time);
    let container = row(&batches, "container", "container", "burn");
    let id = container.text("container_id").unwrap();
    let stat = |snapshot: &Value, file: &str, key: &str| {
        value(&text(snapshot, &format!("{id}/{file}")), key)
    };
    let delta = |file: &str, key: &str| stat(&after, file, key) - stat(&before, file, key);
    let number = |file: &str| {
        text(&after, &format!("{id}/{file}"))
            .trim()
            .parse::<i64>()
            .unwrap()
    };
    let memory = |key: &str| stat(&after, "memory.stat", key);
    for (column, expected) in [
        ("cpu_usage_usec", delta("cpu.stat", "usage_usec")),
        ("cpu_user_usec", delta("cpu.stat", "user_usec")),
        ("cpu_system_usec", delta("cpu.stat", "system_usec")),
        ("cpu_periods", delta("cpu.stat", "nr_periods")),
        ("cpu_throttled_periods", delta("cpu.stat", "nr_throttled")),
        ("cpu_throttled_usec", delta("cpu.stat", "throttled_usec")),
        ("cpu_weight", number("cpu.weight")),
        ("memory_usage_bytes", number("memory.current")),
        (
            "memory_working_set_bytes",
            number("memory.current") - memory("inactive_file"),
        ),
        ("memory_limit_bytes", number("memory.max")),
        ("memory_anon_bytes", memory("anon")),
        ("memory_file_bytes", memory("file")),
        ("memory_kernel_bytes", memory("kernel")),
        ("memory_slab_bytes", memory("slab")),
        ("memory_peak_bytes", number("memory.peak")),
        ("memory_swap_bytes", number("memory.swap.current")),
        ("memory_swap_limit_bytes", number("memory.swap.max")),
        ("memory_page_faults", delta("memory.stat", "pgfault")),
        ("memory_limit_hits", delta("memory.events", "max")),
        ("memory_oom_kills", delta("memory.events", "oom_kill")),
        ("pids_current", number("pids.current")),
        ("process_count", 1),
    ] {
        assert_eq!(container.integer(column), Some(expected), "{column}");
    }
    assert_eq!(container.integer("cpu_quota_usec"), Some(10_000));
    for absent in [
        "cpu_shares",
        "cpu_pressure_some_usec",
        "memory_high_bytes",
        "pids_limit",
    ] {
        assert_eq!(container.integer(absent), None, "{absent}");
    }
    let io = row(&batches, "pod", "pod", "throttled-v2");
    assert_eq!(io.text("qos_class").as_deref(), Some("Burstable"));
    let flood = Replay::new(set, "cgroup.2.json");
    let mut replay = Replay::new(set, "cgroup.json");
    let mut sampler = replay.sampler();
    sampler.tick(replay.time);
    replay.go_to("cgroup.2.json", ".2");
    let batches = sampler.tick(replay.time);
    drop(flood);
    let writer = row(&batches, "container", "container", "writer");
    let id = writer.text("container_id").unwrap();
    let written = |name: &str| -> i64 {
        text(&json(set, name), &format!("{id}/io.stat"))
            .split_whitespace()
            .find_map(|f| f.strip_prefix("wbytes="))
            .unwrap()
            .parse()
            .unwrap()
    };
    assert_eq!(
        writer.integer("io_write_bytes"),
        Some(written("cgroup.2.json") - written("cgroup.json"))
    );
    assert!(writer.integer("io_write_bytes").unwrap() > 0);
    // No limit of memory is no number.
    assert_eq!(writer.integer("memory_limit_bytes"), None);
}

#[test]
fn an_oom_kill_ends_one_container_and_starts_another() {
    let set = "v1.36.2-cgroupv2";
    let mut replay = Replay::new(set, "cgroup-oom.json");
    let mut sampler = replay.sampler();
    sampler.tick(replay.time);
    let gone = "b4f62d079b4685a864575ed24366df156ae432c84ad93ac1cb405d1962d9545b";
    let new = "7ca7adc63bec11ffccda8ac45457dc28f881adc98e086529dfc74314da90fc2e";
    replay.go_to("cgroup-oom.2.json", ".2");
    let batches = sampler.tick(replay.time);

    let pod = row(&batches, "pod", "pod", "oom-v2");
    assert_eq!(pod.integer("memory_oom_kills"), Some(3));
    assert_eq!(pod.integer("memory_oom_group_kills"), Some(1));
    assert_eq!(pod.integer("memory_limit_hits"), Some(20));
    assert_eq!(pod.flag("exited"), None);

    let receipt = row(&batches, "container", "container_id", gone);
    assert_eq!(receipt.flag("exited"), Some(true));
    assert_eq!(receipt.integer("lifetime_cpu_usage_usec"), Some(430_000));
    assert_eq!(
        receipt.integer("lifetime_memory_peak_bytes"),
        Some(2_859_008)
    );
    assert_eq!(receipt.integer("lifetime_oom_kills"), Some(0));
    assert_eq!(receipt.text("pod").as_deref(), Some("oom-v2"));
    // Nothing was read of it since its last row, so nothing is said of the interval.
    assert_eq!(
        (
            receipt.integer("cpu_usage_usec"),
            receipt.integer("memory_usage_bytes")
        ),
        (None, None)
    );

    let born = row(&batches, "container", "container_id", new);
    assert_eq!(
        born.integer("cpu_usage_usec"),
        Some(450_000),
        "all that it used since it was made"
    );
    assert_eq!(born.integer("process_count"), Some(2));
    assert!(born.integer("interval_usec").is_some());

    replay.wait(10_000_000);
    let batches = sampler.tick(replay.time);
    assert!(
        rows_where(&batches, "container", "container_id", gone).is_empty(),
        "one receipt only"
    );
    let counters = sampler.counters();
    assert_eq!((counters.cgroups_ended, counters.cgroups_missed), (1, 0));
}

#[test]
fn pause_containers_are_told_by_their_command_and_named_by_their_pod() {
    for (set, comm) in [("v1.20-cgroupv1", "pause"), ("v1.36.2-cgroupv2", "pause")] {
        let replay = Replay::new(set, "cgroup.json");
        let recorded = json(set, "cgroup.json");
        let files = recorded["files"].as_object().unwrap();
        let named: HashSet<String> = fs::read_to_string(set_dir(set).join("container-links.txt"))
            .unwrap()
            .lines()
            .map(|l| {
                l.split(".log")
                    .next()
                    .unwrap()
                    .rsplit('-')
                    .next()
                    .unwrap()
                    .to_owned()
            })
            .collect();
        let mut sandbox = None;
        for (path, file) in files.iter().filter(|(p, _)| p.ends_with("cgroup.procs")) {
            let cgroup = path
                .split("kubepods")
                .nth(1)
                .unwrap()
                .trim_end_matches("/cgroup.procs");
            let id = cgroup.rsplit('/').next().unwrap().to_owned();
            let Some(pid) = file["text"].as_str().unwrap().lines().next() else {
                continue;
            };
            let is_sandbox = id.len() == 64 && !named.contains(&id);
            let name = if is_sandbox { comm } else { "sh" };
            replay.process(
                pid.parse().unwrap(),
                name,
                &format!("/kubepods{cgroup}"),
                b"",
            );
            if is_sandbox {
                sandbox = Some(id);
            }
        }
        let batches = replay.sampler().tick(replay.time);
        let sandbox = row(&batches, "container", "container_id", &sandbox.unwrap());
        assert_eq!(
            sandbox.text("container_kind").as_deref(),
            Some("sandbox"),
            "{set}"
        );
        assert_eq!(sandbox.text("namespace").as_deref(), Some("load"), "{set}");
        assert_eq!(sandbox.text("container"), None);
        let pod = rows(&batches, "pod")[0];
        let containers = if set.contains("v2") { 2 } else { 1 };
        assert_eq!(pod.integer("containers_running"), Some(containers), "{set}");
        let node = rows(&batches, "node")[0];
        assert_eq!(
            (
                node.integer("pods_running"),
                node.integer("containers_running")
            ),
            (Some(1), Some(containers))
        );
        let kinds: Vec<_> = rows(&batches, "container")
            .iter()
            .filter_map(|r| r.text("container_kind"))
            .collect();
        assert!(kinds.contains(&"slice".to_owned()), "{kinds:?}");
    }
}

#[test]
fn a_pods_network_is_read_through_its_pause_container() {
    let set = "v1.20-cgroupv1";
    let mut replay = Replay::new(set, "cgroup.json");
    let uid = "4168fda1-c48f-416f-be5c-7cbd5689620c";
    let sandbox = format!(
        "/kubepods/burstable/pod{uid}/a68fb03f20740e583db07bc92c06b5e3ace1c05104d24b4e41499a2d5af6721f"
    );
    let pid: u32 =
        fs::read_to_string(replay.path(&format!("/sys/fs/cgroup/pids{sandbox}/cgroup.procs")))
            .unwrap()
            .trim()
            .parse()
            .unwrap();
    let net_dev = fs::read(set_dir(set).join("proc/container-pid-net-dev.txt")).unwrap();
    replay.process(pid, "pause", &sandbox, &net_dev);
    let mut sampler = replay.sampler();
    let first = sampler.tick(replay.time);
    let interface = row(&first, "pod_network", "pod_uid", uid);
    assert_eq!(
        interface.text("interface").as_deref(),
        Some("eth0"),
        "lo is left out"
    );
    assert_eq!(
        interface.integer("network_rx_bytes"),
        None,
        "the agent came later than the pod"
    );

    let more = String::from_utf8(net_dev)
        .unwrap()
        .replace("22288", "23288")
        .replace("  892", "  999");
    fs::write(replay.path(&format!("/proc/{pid}/net/dev")), more).unwrap();
    replay.go_to("cgroup.2.json", ".2");
    let second = sampler.tick(replay.time);
    let interface = row(&second, "pod_network", "pod_uid", uid);
    let pod = row(&second, "pod", "pod_uid", uid);
    for row in [interface, pod] {
        assert_eq!(row.integer("network_rx_bytes"), Some(1000));
        assert_eq!(row.integer("network_tx_bytes"), Some(107));
        assert_eq!(row.text("pod").as_deref(), Some("flood"));
    }
    assert_eq!(pod.flag("host_network"), Some(false));
}

#[test]
fn a_pod_in_the_hosts_network_has_no_network_of_its_own() {
    let set = "v1.20-cgroupv1";
    let replay = Replay::new(set, "cgroup.json");
    let uid = "4168fda1-c48f-416f-be5c-7cbd5689620c";
    let container = format!(
        "/kubepods/burstable/pod{uid}/f082915216019d6aa38b1b00ed557f5ef745197c4fb977b8e446dd7ac0ff00b3"
    );
    let host = fs::read(set_dir(set).join("proc/net-dev.txt")).unwrap();
    // No list of processes, as for an agent without the host's pid namespace: found by going through /proc.
    for tree in ["cpu", "cpuacct", "memory", "pids", "blkio", "systemd"] {
        for entry in [
            "",
            "/a68fb03f20740e583db07bc92c06b5e3ace1c05104d24b4e41499a2d5af6721f",
            &container[container.rfind('/').unwrap()..],
        ] {
            let list = replay.path(&format!(
                "/sys/fs/cgroup/{tree}/kubepods/burstable/pod{uid}{entry}/cgroup.procs"
            ));
            fs::write(list, "").unwrap();
        }
    }
    replay.process(4321, "sh", &format!("/../..{container}"), &host);
    let batches = replay.sampler().tick(replay.time);
    let pod = row(&batches, "pod", "pod_uid", uid);
    assert_eq!(pod.flag("host_network"), Some(true));
    assert_eq!(pod.integer("network_rx_bytes"), None);
    assert!(rows(&batches, "pod_network").is_empty());
    assert_eq!(
        pod.integer("process_count"),
        None,
        "an empty list beside tasks says nothing"
    );
}

#[test]
fn every_recorded_directory_is_what_the_kubelet_says() {
    let mut pods_seen = 0;
    for set in [
        "v1.20-cgroupv1",
        "v1.36.2-cgroupv1",
        "v1.36.2-cgroupv2",
        "v1.20-cgroupv2",
    ] {
        let pods = json(set, "kubelet/pods.json");
        let pods: HashMap<&str, &Value> = pods
            .as_array()
            .unwrap()
            .iter()
            .map(|p| (p["uid"].as_str().unwrap(), p))
            .collect();
        let tree = fs::read_to_string(set_dir(set).join("tree.txt")).unwrap();
        for line in tree.lines() {
            let path = line
                .trim_start_matches("/sys/fs/cgroup")
                .trim_start_matches("/memory");
            match classify(path).kind {
                Kind::Pod { uid, qos } => {
                    let Some(pod) = pods.get(uid.as_str()) else {
                        continue;
                    };
                    assert_eq!(qos.map(|q| q.word()), pod["qos"].as_str(), "{path}");
                    pods_seen += 1;
                }
                Kind::Container { pod_uid, id, .. } => {
                    let uid = pod_uid.unwrap_or_else(|| panic!("{path} has no pod"));
                    assert!(path.ends_with(&id) && path.contains(&uid));
                }
                other => assert!(!path.contains("/pod"), "{path} is {other:?}"),
            }
        }
        for (uid, pod) in &pods {
            for id in pod["containers"].as_object().unwrap().values() {
                let id = id.as_str().unwrap();
                // The tree was listed a moment before or after the pods: one that crashes may be missing.
                let Some(line) = tree.lines().find(|l| l.ends_with(id)) else {
                    continue;
                };
                let found = classify(line).kind;
                assert!(
                    matches!(&found, Kind::Container { pod_uid: Some(u), id: i, .. } if u == uid && i == id),
                    "{line} is {found:?}"
                );
            }
        }
    }
    assert!(pods_seen > 40, "{pods_seen}");
}

#[test]
fn rows_stay_as_they_are() {
    for (set, first, second) in PAIRS {
        let mut replay = Replay::new(set, first);
        let mut sampler = replay.sampler();
        sampler.tick(replay.time);
        replay.go_to(second, ".2");
        let batches = sampler.tick(replay.time);
        let mut listing = String::new();
        for table in ["node", "node_disk", "node_network", "pod", "container"] {
            for row in rows(&batches, table) {
                // What belongs to the machine that runs the test.
                let text = row.listing(&[
                    "started_time",
                    "lifetime_usec",
                    "architecture",
                    "agent_version",
                ]);
                listing += &format!("# {table}\n{text}\n");
            }
        }
        insta::assert_snapshot!(
            format!("{set}-{}", first.trim_end_matches(".json")),
            listing
        );
    }
}
