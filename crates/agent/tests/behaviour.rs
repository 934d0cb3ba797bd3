//! What a sampler does when things go wrong or go away.

#![allow(clippy::unwrap_used)]

mod synthetic;
mod table;

use std::fs;

use agent::sampler::Sampler;
use agent::source::{Clock, ManualClock, Options};
use synthetic::{Layout, Synthetic, id, uid};
use table::{row, rows, rows_where};

struct Node {
    _dir: tempfile::TempDir,
    synthetic: Synthetic,
    clock: ManualClock,
    seconds: i64,
}

impl Node {
    fn new(layout: Layout) -> Node {
        let dir = synthetic::directory();
        let synthetic = Synthetic::new(dir.path(), layout);
        let mut node = Node {
            synthetic,
            clock: ManualClock::default(),
            seconds: 0,
            _dir: dir,
        };
        node.after(1);
        node
    }

    fn options(&self) -> Options {
        Options {
            clock: Clock::Manual(self.clock.clone()),
            ..self.synthetic.options()
        }
    }

    fn sampler(&self) -> Sampler {
        Sampler::new(self.options()).unwrap()
    }

    /// Lets time pass; answers the tick.
    fn after(&mut self, seconds: i64) -> i64 {
        self.seconds += seconds;
        self.clock.set(
            self.seconds as u64 * 1_000_000,
            4_000_000_000_000_000 + self.seconds * 1_000_000,
        );
        4_000_000_000_000_000 + self.seconds * 1_000_000
    }
}

#[test]
fn a_counter_that_goes_back_is_null_once() {
    for layout in [Layout::V1, Layout::V2] {
        let mut node = Node::new(layout);
        node.synthetic.pods(0..1, 1);
        let mut sampler = node.sampler();
        sampler.tick(node.after(10));
        let container = format!("{}/{}", Synthetic::pod(0), id(0, 1));
        let usage = |usec: u64| match layout {
            Layout::V1 => node.synthetic.set(
                "cpuacct",
                &container,
                "cpuacct.usage",
                &format!("{}\n", usec * 1000),
            ),
            _ => node
                .synthetic
                .set("", &container, "cpu.stat", &format!("usage_usec {usec}\n")),
        };
        let mut seen = Vec::new();
        let mut at = node.seconds;
        for usec in [3_000_000, 5_000, 7_000] {
            usage(usec);
            at += 10;
            node.clock.set(
                at as u64 * 1_000_000,
                4_000_000_000_000_000 + at * 1_000_000,
            );
            let batches = sampler.tick(at);
            seen.push(
                row(&batches, "container", "container_id", &id(0, 1)).integer("cpu_usage_usec"),
            );
        }
        let first = if layout == Layout::V1 {
            3_000_000 - 1_858_250
        } else {
            150_000
        };
        assert_eq!(seen, [Some(first), None, Some(2000)], "{layout:?}");
        assert!(sampler.counters().counter_resets >= 1);
    }
}

#[test]
fn a_new_limit_is_known_at_the_next_tick() {
    for (layout, tree, file) in [
        (Layout::V1, "memory", "memory.limit_in_bytes"),
        (Layout::V2, "", "memory.max"),
    ] {
        let mut node = Node::new(layout);
        node.synthetic.pods(0..1, 1);
        let mut sampler = node.sampler();
        let mut limit = |node: &mut Node| {
            let batches = sampler.tick(node.after(10));
            row(&batches, "pod", "pod_uid", &uid(0)).integer("memory_limit_bytes")
        };
        assert_eq!(limit(&mut node), Some(33_554_432));
        node.synthetic
            .set(tree, &Synthetic::pod(0), file, "1048576\n");
        assert_eq!(limit(&mut node), Some(1_048_576), "{layout:?}");
        node.synthetic.set(tree, &Synthetic::pod(0), file, "max\n");
        assert_eq!(limit(&mut node), None, "{layout:?}");
        assert_eq!(limit(&mut node), None, "{layout:?}");
    }
}

#[test]
fn a_pod_that_comes_between_ticks_is_counted_from_zero_and_named() {
    for layout in [Layout::V1, Layout::V2] {
        let mut node = Node::new(layout);
        node.synthetic.pods(0..1, 1);
        let mut sampler = node.sampler();
        sampler.tick(node.after(10));
        node.synthetic.pods(1..2, 2);
        node.after(4);
        sampler.poll();
        let batches = sampler.tick(node.after(6));
        let pod = row(&batches, "pod", "pod_uid", &uid(1));
        assert_eq!(pod.text("pod").as_deref(), Some("pod-1"));
        let usage = if layout == Layout::V1 {
            1_858_250
        } else {
            2_850_000
        };
        assert_eq!(pod.integer("cpu_usage_usec"), Some(usage), "{layout:?}");
        // At the latest it was made when it was noticed, six seconds before the tick.
        assert!((6_000_000..=10_000_000).contains(&pod.integer("interval_usec").unwrap()));
        let container = row(&batches, "container", "container_id", &id(1, 2));
        assert_eq!(container.text("container").as_deref(), Some("c2"));
        assert_eq!(container.text("namespace").as_deref(), Some("default"));
        assert!(container.integer("started_time").is_some());
    }
}

#[test]
fn one_that_ends_between_ticks_leaves_a_receipt() {
    for layout in [Layout::V1, Layout::V2] {
        let mut node = Node::new(layout);
        node.synthetic.pods(0..1, 1);
        let mut sampler = node.sampler();
        sampler.tick(node.after(10));
        // Born, read once, gone.
        node.synthetic.pods(1..2, 1);
        node.after(1);
        sampler.poll();
        node.after(2);
        node.synthetic.remove(&Synthetic::pod(1));
        sampler.poll();
        let batches = sampler.tick(node.after(7));
        let pod = row(&batches, "pod", "pod_uid", &uid(1));
        assert_eq!(pod.flag("exited"), Some(true), "{layout:?}");
        let usage = if layout == Layout::V1 {
            1_858_250
        } else {
            2_850_000
        };
        assert_eq!(pod.integer("lifetime_cpu_usage_usec"), Some(usage));
        assert_eq!(
            pod.integer("cpu_usage_usec"),
            Some(usage),
            "its only row counts what it used"
        );
        assert!((2_000_000..=3_000_000).contains(&pod.integer("lifetime_usec").unwrap()));
        assert_eq!(pod.text("pod").as_deref(), Some("pod-1"));
        let batches = sampler.tick(node.after(10));
        assert!(rows_where(&batches, "pod", "pod_uid", &uid(1)).is_empty());
        assert_eq!(rows(&batches, "pod").len(), 1);
    }
}

/// The kubelet of 1.20 and its runtime leave pods in the v2 tree of a hybrid machine for ever.
#[test]
fn what_is_left_in_a_tree_without_controllers_is_gone() {
    let mut node = Node::new(Layout::Hybrid);
    node.synthetic.pods(0..2, 1);
    let mut sampler = node.sampler();
    let batches = sampler.tick(node.after(10));
    assert_eq!(rows(&batches, "pod").len(), 2);
    let pressure = row(&batches, "pod", "pod_uid", &uid(0));
    assert_eq!(pressure.text("pod").as_deref(), Some("pod-0"));
    node.synthetic.remove(&Synthetic::pod(1));
    sampler.poll();
    let batches = sampler.tick(node.after(10));
    assert_eq!(
        row(&batches, "pod", "pod_uid", &uid(1)).flag("exited"),
        Some(true)
    );
    // Neither walks nor a new agent find it again.
    for _ in 0..20 {
        let batches = sampler.tick(node.after(60));
        assert_eq!(rows(&batches, "pod").len(), 1);
    }
    let mut sampler = node.sampler();
    let batches = sampler.tick(node.after(10));
    assert_eq!(rows(&batches, "pod").len(), 1);
    // One that comes now has its pressure, whichever tree has it first.
    node.synthetic.pods(2..3, 1);
    sampler.poll();
    sampler.tick(node.after(10));
    let batches = sampler.tick(node.after(10));
    let new = row(&batches, "pod", "pod_uid", &uid(2));
    assert_eq!(new.integer("cpu_pressure_some_usec"), Some(0));
}

#[test]
fn one_that_came_and_went_unseen_is_counted() {
    let mut node = Node::new(Layout::V1);
    node.synthetic.pods(0..1, 1);
    let mut sampler = node.sampler();
    sampler.tick(node.after(10));
    node.synthetic.pods(1..2, 1);
    node.synthetic.remove(&Synthetic::pod(1));
    let batches = sampler.tick(node.after(10));
    assert_eq!(rows(&batches, "pod").len(), 1);
    let counters = sampler.counters();
    assert!(counters.cgroups_missed >= 1, "{counters:?}");
    assert_eq!((counters.pods, counters.containers), (1, 2));
}

#[test]
fn a_cgroup_that_vanishes_between_listing_and_read_stops_nothing() {
    let mut node = Node::new(Layout::V2);
    node.synthetic.pods(0..3, 1);
    let mut sampler = node.sampler();
    node.synthetic.remove(&Synthetic::pod(1));
    let batches = sampler.tick(node.after(10));
    assert_eq!(rows(&batches, "pod").len(), 2);
}

#[test]
fn files_that_say_nonsense_leave_nulls() {
    let mut node = Node::new(Layout::V2);
    node.synthetic.pods(0..1, 1);
    let container = format!("{}/{}", Synthetic::pod(0), id(0, 1));
    for (file, text) in [
        ("cpu.stat", "usage_usec -5\nuser_usec\n\0\0\0nr_per"),
        ("memory.current", "lots\n"),
        (
            "memory.stat",
            "anon 1\nanon\u{fffd}file 99999999999999999999999\ninac",
        ),
        ("memory.max", ""),
        ("io.stat", "98:0 rbytes=x wbytes= rios\n98:0"),
        ("cpu.max", "\n\n"),
    ] {
        node.synthetic.set("", &container, file, text);
    }
    let mut sampler = node.sampler();
    sampler.tick(node.after(10));
    let batches = sampler.tick(node.after(10));
    let container = row(&batches, "container", "container_id", &id(0, 1));
    assert_eq!(container.integer("memory_anon_bytes"), Some(1));
    for column in [
        "cpu_usage_usec",
        "memory_usage_bytes",
        "memory_file_bytes",
        "memory_limit_bytes",
        "cpu_quota_usec",
    ] {
        assert_eq!(container.integer(column), None, "{column}");
    }
    assert_eq!(
        rows(&batches, "container").len(),
        2 + 2,
        "the rest is there"
    );
}

#[test]
fn a_file_that_cannot_be_read_is_reported_with_its_reason() {
    let mut node = Node::new(Layout::V1);
    node.synthetic.pods(0..1, 1);
    let proc = node.options().roots.proc;
    fs::remove_file(proc.join("vmstat")).unwrap();
    fs::create_dir(proc.join("vmstat")).unwrap();
    let mut sampler = node.sampler();
    let batches = sampler.tick(node.after(10));
    let report = sampler.report();
    let entry = report
        .files
        .iter()
        .find(|f| f.path.ends_with("vmstat"))
        .unwrap();
    assert_eq!((entry.state, entry.errno), ("unreadable", Some(21)));
    assert!(entry.reason.as_deref().unwrap().contains("directory") && entry.errors > 0);
    assert_eq!(
        rows(&batches, "node")[0].integer("memory_page_faults"),
        None
    );
    assert!(
        rows(&batches, "node")[0]
            .integer("memory_usage_bytes")
            .is_some()
    );
    let peak = report
        .files
        .iter()
        .find(|f| f.path.ends_with("**/memory.stat"))
        .unwrap();
    assert_eq!(
        (peak.state, peak.mode.is_some(), peak.owner.is_some()),
        ("ok", true, true)
    );
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(json["cgroup_version"], "v1");
    assert!(
        report
            .features
            .iter()
            .any(|f| f.name == "cgroup v2 controllers" && !f.present)
    );
}

#[test]
fn too_many_cgroups_are_left_out_and_counted() {
    let mut node = Node::new(Layout::V2);
    node.synthetic.pods(0..10, 1);
    let mut sampler = Sampler::new(Options {
        max_cgroups: 12,
        ..node.options()
    })
    .unwrap();
    let batches = sampler.tick(node.after(10));
    let all = rows(&batches, "pod").len() + rows(&batches, "container").len();
    assert_eq!(all, 12);
    assert_eq!(sampler.counters().cgroups_left_out, 2 + 30 - 12);
}

#[test]
fn with_few_descriptors_the_rows_are_the_same() {
    let mut node = Node::new(Layout::V1);
    node.synthetic.pods(0..5, 2);
    let but = ["read_delay_usec", "started_time"];
    let mut listings = Vec::new();
    for max_kept_files in [16_384, 100, 0] {
        let mut sampler = Sampler::new(Options {
            max_kept_files,
            ..node.options()
        })
        .unwrap();
        sampler.tick(node.after(10));
        let tick = node.after(10);
        let batches = sampler.tick(tick);
        listings.push(
            rows(&batches, "container")
                .iter()
                .chain(&rows(&batches, "pod"))
                .map(|r| r.listing(&but).replace(&tick.to_string(), ""))
                .collect::<String>(),
        );
        let counters = sampler.counters();
        assert!(
            counters.kept_files as usize <= max_kept_files,
            "{counters:?}"
        );
        let hot = counters.kept_files_per_cgroup;
        assert_eq!(hot.0 == hot.1, max_kept_files == 16_384);
    }
    assert_eq!(listings[0], listings[1]);
    assert_eq!(listings[0], listings[2]);
}

#[test]
fn without_announcements_a_walk_finds_what_changed() {
    for layout in [Layout::V1, Layout::V2] {
        let mut node = Node::new(layout);
        node.synthetic.pods(0..2, 1);
        let options = Options {
            announcements: false,
            rescan_usec: 20_000_000,
            ..node.options()
        };
        let mut sampler = Sampler::new(options).unwrap();
        assert!(sampler.announcements().is_none());
        let trees = node.synthetic.trees().len() as i64;
        // Each tree is walked once, so that what comes later is known to be new.
        for _ in 0..trees {
            sampler.tick(node.after(20));
        }
        node.synthetic.pods(2..3, 1);
        node.synthetic.remove(&Synthetic::pod(0));
        let mut seen = Vec::new();
        for _ in 0..=trees {
            let batches = sampler.tick(node.after(20));
            seen.extend(rows(&batches, "pod").iter().map(|r| {
                (
                    r.text("pod").unwrap_or_default(),
                    r.flag("exited"),
                    r.integer("cpu_usage_usec"),
                    r.integer("interval_usec"),
                )
            }));
        }
        let ended: Vec<_> = seen.iter().filter(|(pod, ..)| pod == "pod-0").collect();
        assert_eq!(ended.len(), 1, "{layout:?}: the receipt and nothing else");
        assert_eq!(ended[0].1, Some(true));
        let usage = if layout == Layout::V1 {
            1_858_250
        } else {
            2_850_000
        };
        let new = seen.iter().find(|(pod, ..)| pod == "pod-2").unwrap();
        assert_eq!(
            new.2,
            Some(usage),
            "{layout:?}: made since the last walk, so counted from zero"
        );
        assert_eq!(new.3, Some(20_000_000 * trees));
    }
}

#[test]
fn lost_announcements_are_made_good_by_a_walk() {
    let mut node = Node::new(Layout::V2);
    node.synthetic.pods(0..1, 1);
    let mut sampler = node.sampler();
    sampler.tick(node.after(10));
    let watches = sampler.counters().watches;
    let limit: usize = fs::read_to_string("/proc/sys/fs/inotify/max_queued_events")
        .unwrap()
        .trim()
        .parse()
        .unwrap();
    let noise = node.synthetic.trees()[0].join("kubepods/noise");
    for _ in 0..=limit / 2 {
        fs::create_dir(&noise).unwrap();
        fs::remove_dir(&noise).unwrap();
    }
    // Both are after the queue is full.
    node.synthetic.pods(1..2, 1);
    node.synthetic.remove(&Synthetic::pod(0));
    let batches = sampler.tick(node.after(10));
    assert_eq!(sampler.counters().lost_announcements, 1);
    let new = row(&batches, "pod", "pod_uid", &uid(1));
    assert_eq!(new.integer("cpu_usage_usec"), Some(2_850_000));
    assert_eq!(
        row(&batches, "pod", "pod_uid", &uid(0)).flag("exited"),
        Some(true)
    );
    assert_eq!(sampler.counters().watches, watches, "set anew, none twice");
    // They work again.
    node.synthetic.pods(2..3, 1);
    assert_eq!(rows(&sampler.tick(node.after(10)), "pod").len(), 2);
}

#[test]
fn a_clock_that_jumps_changes_no_increase_and_no_interval() {
    let mut node = Node::new(Layout::V2);
    node.synthetic.pods(0..1, 1);
    let mut sampler = node.sampler();
    sampler.tick(node.after(10));
    for wall in [0, -1_000_000_000_000, i64::MAX] {
        node.seconds += 10;
        node.clock.set(node.seconds as u64 * 1_000_000, wall);
        let batches = sampler.tick(42);
        let pod = rows(&batches, "pod")[0];
        assert_eq!(pod.integer("interval_usec"), Some(10_000_000));
        assert_eq!(pod.integer("cpu_usage_usec"), Some(0));
        assert_eq!(pod.integer("time"), Some(42));
        assert_eq!(
            rows(&batches, "node")[0].integer("interval_usec"),
            Some(10_000_000)
        );
    }
}

#[test]
fn a_full_node_has_a_row_for_everything() {
    for layout in [Layout::V1, Layout::V2] {
        let mut node = Node::new(layout);
        node.synthetic.pods(0..110, 2);
        let mut sampler = node.sampler();
        sampler.tick(node.after(10));
        let batches = sampler.tick(node.after(10));
        assert_eq!(rows(&batches, "pod").len(), 110);
        // 220 containers and 110 pause containers, and the two slices above them.
        assert_eq!(rows(&batches, "container").len(), 332);
        let pods: std::collections::HashSet<_> = rows(&batches, "container")
            .iter()
            .filter_map(|r| r.text("pod_uid"))
            .collect();
        assert_eq!(pods.len(), 110);
        assert!(
            rows(&batches, "pod")
                .iter()
                .all(|p| p.integer("cpu_usage_usec") == Some(0))
        );
        let counters = sampler.counters();
        assert_eq!(
            (
                counters.cgroups_left_out,
                counters.cgroups_missed,
                counters.failed_batches
            ),
            (0, 0, 0)
        );
    }
}

#[test]
fn units_without_anything_in_them_have_no_row() {
    let mut node = Node::new(Layout::V2);
    for path in [
        "system.slice",
        "system.slice/busy.service",
        "system.slice/dead.service",
    ] {
        node.synthetic.cgroup(path);
    }
    for (file, text) in [
        ("pids.current", "0\n"),
        ("cgroup.procs", ""),
        ("memory.current", "0\n"),
    ] {
        node.synthetic
            .set("", "system.slice/dead.service", file, text);
    }
    let mut sampler = node.sampler();
    sampler.tick(node.after(10));
    let batches = sampler.tick(node.after(10));
    let ids: Vec<_> = rows(&batches, "container")
        .iter()
        .filter_map(|r| r.text("container_id"))
        .collect();
    assert_eq!(ids, ["/system.slice", "/system.slice/busy.service"]);
    let busy = row(&batches, "container", "container", "busy.service");
    assert_eq!(busy.text("container_kind").as_deref(), Some("unit"));
    assert_eq!(busy.text("runtime").as_deref(), Some("systemd"));
    // What it used while it had no row is in the next one that it has.
    node.synthetic.set(
        "",
        "system.slice/dead.service",
        "cpu.stat",
        "usage_usec 2860000\n",
    );
    let batches = sampler.tick(node.after(10));
    let dead = row(&batches, "container", "container", "dead.service");
    assert_eq!(
        (
            dead.integer("cpu_usage_usec"),
            dead.integer("interval_usec")
        ),
        (Some(10_000), Some(20_000_000))
    );
}

#[test]
fn containers_without_kubernetes_have_the_names_that_their_runtimes_keep() {
    let mut node = Node::new(Layout::V2);
    let (docker, podman, other) = (id(1, 1), id(2, 2), id(3, 3));
    let inner = format!("docker/{docker}/kubelet/kubepods/pod{}", uid(7));
    for path in [
        "docker",
        &format!("docker/{docker}"),
        &inner,
        "machine.slice",
        &format!("machine.slice/libpod-{podman}.scope"),
        &format!("machine.slice/libpod-{podman}.scope/container"),
        &format!("system.slice/docker-{other}.scope"),
        "lxc.payload.web",
        "batch/job_7",
    ] {
        node.synthetic.cgroup(path);
    }
    let host = node.options().roots.host;
    let config = host.join("var/lib/docker/containers").join(&docker);
    fs::create_dir_all(&config).unwrap();
    fs::write(config.join("config.v2.json"), r#"{"Name":"/my-db"}"#).unwrap();
    let storage = host.join("var/lib/containers/storage/overlay-containers");
    fs::create_dir_all(&storage).unwrap();
    let list = format!(r#"[{{"id":"{podman}","names":["shop"]}}]"#);
    fs::write(storage.join("containers.json"), list).unwrap();
    let batches = node.sampler().tick(node.after(10));
    for (id, name, kind, runtime) in [
        (docker.as_str(), "my-db", "container", Some("docker")),
        (&podman, "shop", "container", Some("podman")),
        // Docker keeps nothing readable of this one: its id, as short as Docker shows it.
        (&other, &other[..12], "container", Some("docker")),
        ("web", "web", "container", Some("lxc")),
        ("/batch/job_7", "job_7", "scope", None),
        ("/machine.slice", "machine.slice", "slice", Some("systemd")),
    ] {
        let row = row(&batches, "container", "container_id", id);
        assert_eq!(row.text("container").as_deref(), Some(name), "{id}");
        assert_eq!(row.text("container_kind").as_deref(), Some(kind), "{id}");
        assert_eq!(row.text("runtime").as_deref(), runtime, "{id}");
        assert_eq!(
            (row.text("namespace"), row.text("pod_uid")),
            (None, None),
            "{id}"
        );
    }
    let paths: Vec<_> = rows(&batches, "container")
        .iter()
        .filter_map(|r| r.text("cgroup_path"))
        .collect();
    assert!(
        !paths.iter().any(|p| p.ends_with("/container")),
        "a part of Podman's container: {paths:?}"
    );
    // A cluster in a container (kind) has its pods.
    assert_eq!(
        row(&batches, "pod", "pod_uid", &uid(7)).text("cgroup_path"),
        Some(format!("/{inner}"))
    );
    let running = rows(&batches, "node")[0].integer("containers_running");
    assert_eq!(running, Some(4), "Docker's two, Podman's and LXC's");
}

#[test]
fn roots_that_do_not_exist_are_an_error_that_names_the_option() {
    let node = Node::new(Layout::V2);
    let mut options = node.options();
    options.roots.proc = "/none/proc".into();
    let error = Sampler::new(options).unwrap_err().to_string();
    assert!(
        error.contains("/none/proc") && error.contains("roots.proc"),
        "{error}"
    );
    let error = Sampler::new(Options {
        node: Some(String::new()),
        ..node.options()
    })
    .unwrap_err();
    assert!(error.to_string().contains("name"), "{error}");
}
