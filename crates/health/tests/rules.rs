//! Each rule at its threshold, and what does not depend on one: order, words, extreme numbers.
#![allow(clippy::unwrap_used)]

use health::facts::{
    ClusterFacts, Conditions, ContainerFacts, EventFact, FilesystemFacts, Latest, Measured,
    MemorySplit, NamespaceFacts, Neighbour, NodeFacts, OutOfMemory, PodFacts, Point, ServiceFacts,
    VolumeFacts, Window, WorkloadFacts,
};
use health::{Named, Parts, Severity, Verdict, Word};

const SECOND: i64 = 1_000_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const NOW: i64 = 1_795_000_000 * SECOND;
const MIB: i64 = 1 << 20;

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn condition(name: &str, status: &str) -> Conditions {
    [(name.to_owned(), status.to_owned())].into()
}

fn value<'a>(verdict: &'a Verdict, label: &str) -> &'a str {
    let evidence = verdict.evidence.iter().find(|e| e.label == label);
    evidence.map_or("", |e| &e.value)
}

fn container(latest: Latest, window: Window) -> ContainerFacts {
    ContainerFacts {
        container_state: text("running"),
        ready: Some(true),
        started_time: Some(NOW - HOUR),
        measured: Some(Measured {
            latest: Latest {
                time: Some(NOW - SECOND),
                interval_usec: Some(10 * SECOND),
                ..latest
            },
            window: Window {
                interval_usec: Some(5 * MINUTE),
                ..window
            },
            ..Measured::default()
        }),
        ..ContainerFacts::default()
    }
}

#[test]
fn its_own_limit_or_its_neighbours() {
    // periods, held back, time held back, pressure (each of 300 s) → words
    let s = SECOND;
    for (periods, throttled, held, pressure, words) in [
        (
            Some(3000),
            Some(2400),
            Some(120 * s),
            None,
            vec![Word::Throttled],
        ),
        (
            Some(3000),
            Some(750),
            Some(30 * s),
            None,
            vec![Word::Throttled],
        ),
        (
            Some(3000),
            Some(749),
            Some(30 * s),
            None,
            vec![Word::Healthy],
        ),
        (
            Some(3000),
            Some(750),
            Some(29 * s),
            None,
            vec![Word::Healthy],
        ),
        (None, None, None, Some(60 * s), vec![Word::CpuStarved]),
        (None, None, None, Some(59 * s), vec![Word::Healthy]),
        // What the pressure has of its own limit is not the neighbours'.
        (
            Some(3000),
            Some(2400),
            Some(120 * s),
            Some(150 * s),
            vec![Word::Throttled],
        ),
        // Both: a fifth of the periods, and long waits in the others.
        (
            Some(3000),
            Some(900),
            Some(40 * s),
            Some(200 * s),
            vec![Word::Throttled, Word::CpuStarved],
        ),
        (
            Some(3000),
            Some(3000),
            Some(120 * s),
            Some(299 * s),
            vec![Word::Throttled],
        ),
    ] {
        let window = Window {
            cpu_periods: periods,
            cpu_throttled_periods: throttled,
            cpu_throttled_usec: held,
            cpu_pressure_some_usec: pressure,
            cpu_usage_usec: Some(30 * s),
            ..Window::default()
        };
        let mut facts = container(
            Latest {
                node_cpu_cores: Some(4.0),
                ..Latest::default()
            },
            window,
        );
        facts.measured.as_mut().unwrap().neighbours = vec![
            Neighbour {
                name: "a/b".to_owned(),
                cpu_usage_cores: 0.5,
            },
            Neighbour {
                name: "c/d".to_owned(),
                cpu_usage_cores: 2.25,
            },
        ];
        let verdict = health::container(&facts, NOW);
        let mut found = vec![verdict.word];
        found.extend(verdict.also.iter().map(|f| f.word));
        assert_eq!(found, words, "{throttled:?} {held:?} {pressure:?}");
        if verdict.word == Word::CpuStarved {
            assert_eq!(
                value(&verdict, "busiest neighbours"),
                "c/d 2.25 cores, a/b 0.5 cores"
            );
            assert_eq!(value(&verdict, "a task waited"), "20 % of the time");
        }
    }
}

#[test]
fn who_waits_for_itself_is_told_so() {
    let window = Window {
        cpu_pressure_some_usec: Some(4 * MINUTE),
        cpu_usage_usec: Some(19 * MINUTE),
        ..Window::default()
    };
    let latest = Latest {
        node_cpu_cores: Some(4.0),
        ..Latest::default()
    };
    let verdict = health::container(&container(latest, window), NOW);
    assert!(verdict.reason.contains("itself"), "{}", verdict.reason);
}

fn memory(anon: i64, points: Vec<Point>) -> Verdict {
    let latest = Latest {
        memory_limit_bytes: Some(256 * MIB),
        memory_usage_bytes: Some(250 * MIB),
        split: MemorySplit {
            anon: Some(anon * MIB),
            ..MemorySplit::default()
        },
        ..Latest::default()
    };
    let mut facts = container(latest, Window::default());
    facts.measured.as_mut().unwrap().unreclaimable_points = points;
    health::container(&facts, NOW)
}

#[test]
fn near_the_limit_with_the_time_to_full() {
    let none = Vec::new;
    let steady = |by: i64, now: i64| -> Vec<Point> {
        (0..30)
            .map(|i| (NOW - (29 - i) * MINUTE, (now - (29 - i) * by) * MIB))
            .collect()
    };
    for (anon, points, word, severity) in [
        (229, none(), Word::Healthy, Severity::Ok),
        (231, none(), Word::NearLimit, Severity::Warning),
        (251, none(), Word::NearLimit, Severity::Warning),
        (160, steady(3, 160), Word::NearLimit, Severity::Warning),
        (236, steady(4, 236), Word::NearLimit, Severity::Critical),
        // A leak that takes two hours more.
        (136, steady(1, 136), Word::Healthy, Severity::Ok),
        // Below half of the limit it warms up.
        (100, steady(3, 100), Word::Healthy, Severity::Ok),
    ] {
        let verdict = memory(anon, points);
        assert_eq!(
            (verdict.word, verdict.severity),
            (word, severity),
            "{anon} {}",
            verdict.reason
        );
    }
    assert_eq!(
        memory(236, steady(1, 236)).reason,
        "It uses 92 % of its memory limit (236 MiB of 256 MiB) and grows: full in about 20 min."
    );
}

#[test]
fn a_working_set_alone_is_never_critical() {
    let latest = Latest {
        memory_limit_bytes: Some(256 * MIB),
        memory_working_set_bytes: Some(256 * MIB),
        ..Latest::default()
    };
    let verdict = health::container(&container(latest, Window::default()), NOW);
    assert_eq!(
        (verdict.word, verdict.severity),
        (Word::NearLimit, Severity::Warning)
    );
    assert_eq!(
        value(&verdict, "measured by"),
        "working set: of what kind the memory is, is not known"
    );
}

#[test]
fn of_findings_that_are_alike_the_older_comes_first() {
    let facts = NodeFacts {
        conditions: [("MemoryPressure", "True"), ("DiskPressure", "True")]
            .map(|(n, s)| (n.to_owned(), s.to_owned()))
            .into(),
        condition_times: [
            ("MemoryPressure".to_owned(), NOW - MINUTE),
            ("DiskPressure".to_owned(), NOW - HOUR),
        ]
        .into(),
        ..NodeFacts::default()
    };
    let verdict = health::node(&facts, NOW);
    assert_eq!(verdict.since, Some(NOW - HOUR));
    assert_eq!(verdict.also.len(), 1);
}

#[test]
fn thrashing_with_and_without_pressure_figures() {
    for (some, full, refaults, word, severity) in [
        (
            Some(30),
            Some(0),
            Some(10),
            Word::Thrashing,
            Severity::Warning,
        ),
        (
            Some(120),
            Some(90),
            Some(10),
            Word::Thrashing,
            Severity::Critical,
        ),
        (Some(29), Some(0), Some(10), Word::Healthy, Severity::Ok),
        // Pressure without a page read back is reclaim that works.
        (Some(60), Some(0), Some(0), Word::Healthy, Severity::Ok),
        (
            None,
            None,
            Some(1_500_000),
            Word::Thrashing,
            Severity::Warning,
        ),
        (None, None, Some(1_499_000), Word::Healthy, Severity::Ok),
    ] {
        let window = Window {
            memory_pressure_some_usec: some.map(|s: i64| s * SECOND),
            memory_pressure_full_usec: full.map(|s: i64| s * SECOND),
            memory_refaults_file: refaults,
            ..Window::default()
        };
        let verdict = health::container(&container(Latest::default(), window), NOW);
        assert_eq!(
            (verdict.word, verdict.severity),
            (word, severity),
            "{some:?} {refaults:?}"
        );
    }
}

#[test]
fn whether_pid_1_lived() {
    let kill = |started: i64, kills: i64| {
        let mut facts = container(
            Latest {
                memory_limit_bytes: Some(64 * MIB),
                ..Latest::default()
            },
            Window::default(),
        );
        facts.started_time = Some(started);
        facts.measured.as_mut().unwrap().out_of_memory = Some(OutOfMemory {
            time: Some(NOW - 5 * MINUTE),
            kills: Some(kills),
            memory_usage_bytes: Some(63 * MIB),
            ..OutOfMemory::default()
        });
        facts
    };
    let lived = health::container(&kill(NOW - HOUR, 3), NOW);
    assert_eq!(
        (lived.word, lived.severity),
        (Word::OomKilled, Severity::Warning)
    );
    assert_eq!(
        value(&lived, "PID 1"),
        "lived: 3 processes were killed, the container went on"
    );
    assert_eq!(value(&lived, "limit"), "64 MiB, of the container");
    assert_eq!(
        health::container(&kill(NOW - HOUR, 5), NOW).severity,
        Severity::Critical
    );
    // Started after the kill: it ended, whatever the API has not told yet.
    let ended = health::container(&kill(NOW - 4 * MINUTE, 1), NOW);
    assert_eq!(value(&ended, "PID 1"), "killed: the container ended");
    // PID 1 ended by itself because a child was killed: the runtime says OOMKilled all the same.
    let mut by_child = kill(NOW - 4 * MINUTE, 1);
    by_child.last_terminated_reason = text("OOMKilled");
    by_child.last_terminated_time = Some(NOW - 5 * MINUTE);
    by_child.last_exit_code = Some(1);
    let by_child = health::container(&by_child, NOW);
    assert_eq!(
        value(&by_child, "PID 1"),
        "ended with exit code 1 after another process was killed"
    );
    // Only the measurements are left.
    let mut gone = kill(NOW - HOUR, 1);
    gone.container_state = None;
    gone.measured.as_mut().unwrap().latest.exited = Some(true);
    assert_eq!(health::container(&gone, NOW).severity, Severity::Critical);
}

#[test]
fn which_limit_was_met() {
    let oom = OutOfMemory {
        time: Some(NOW - MINUTE),
        kills: Some(1),
        ..OutOfMemory::default()
    };
    let gib = 1024 * MIB;
    for (own, oom, limit) in [
        (
            Some(gib),
            OutOfMemory {
                memory_limit_hits: Some(1),
                ..oom.clone()
            },
            "1 GiB, of the container",
        ),
        (
            Some(gib),
            OutOfMemory {
                memory_usage_bytes: Some(1000 * MIB),
                ..oom.clone()
            },
            "1 GiB, of the container",
        ),
        (
            Some(gib),
            OutOfMemory {
                memory_usage_bytes: Some(100 * MIB),
                pod_memory_limit_bytes: Some(2 * gib),
                pod_memory_usage_bytes: Some(2 * gib - MIB),
                ..oom.clone()
            },
            "2 GiB, of the pod",
        ),
        (
            Some(gib),
            OutOfMemory {
                memory_usage_bytes: Some(100 * MIB),
                node_memory_available_bytes: Some(50 * MIB),
                ..oom.clone()
            },
            "the node's memory: no limit below it was met",
        ),
        (
            None,
            oom.clone(),
            "the node's memory: no limit below it was met",
        ),
        (
            None,
            OutOfMemory {
                pod_memory_limit_bytes: Some(gib),
                ..oom.clone()
            },
            "not known",
        ),
    ] {
        let mut facts = container(
            Latest {
                memory_limit_bytes: own,
                node_memory_total_bytes: Some(8 * gib),
                ..Latest::default()
            },
            Window::default(),
        );
        facts.measured.as_mut().unwrap().out_of_memory = Some(oom);
        assert_eq!(value(&health::container(&facts, NOW), "limit"), limit);
    }
}

#[test]
fn a_process_is_named_when_the_node_reported_only_one() {
    let event = |message: &str, reason: &str, time| EventFact {
        time: Some(time),
        reason: reason.to_owned(),
        message: message.to_owned(),
        ..EventFact::default()
    };
    let tail = event(
        "System OOM encountered, victim process: tail, pid: 4384",
        "SystemOOM",
        NOW - MINUTE,
    );
    let java = event(
        "Out of memory: Killed process 77 (java) total-vm:1kB",
        "OOMKilling",
        NOW - MINUTE,
    );
    let old = event(
        "System OOM encountered, victim process: old, pid: 1",
        "SystemOOM",
        NOW - HOUR,
    );
    for (events, process) in [
        (
            vec![tail.clone(), old.clone()],
            "tail, as the node reported at that time",
        ),
        (
            vec![java.clone()],
            "java, as the node reported at that time",
        ),
        (vec![tail, java], ""),
        (vec![old], ""),
    ] {
        let mut facts = container(Latest::default(), Window::default());
        facts.node_events = events;
        facts.measured.as_mut().unwrap().out_of_memory = Some(OutOfMemory {
            time: Some(NOW - MINUTE),
            kills: Some(1),
            ..OutOfMemory::default()
        });
        assert_eq!(value(&health::container(&facts, NOW), "process"), process);
    }
}

#[test]
fn states_that_pass_and_states_that_do_not() {
    let pending = |age: i64| PodFacts {
        phase: text("Pending"),
        created_time: Some(NOW - age),
        ..PodFacts::default()
    };
    let on_node = |age: i64, event: Option<&str>| PodFacts {
        node: text("n"),
        started_time: Some(NOW - age),
        events: event
            .map(|reason| EventFact {
                time: Some(NOW - MINUTE),
                reason: reason.to_owned(),
                message: "it is not there".to_owned(),
                ..EventFact::default()
            })
            .into_iter()
            .collect(),
        ..pending(age)
    };
    let init = PodFacts {
        conditions: condition("Initialized", "False"),
        events: vec![EventFact {
            reason: "BackOff".to_owned(),
            message: "Back-off restarting failed container".to_owned(),
            object_field: text("spec.initContainers{migrate}"),
            ..EventFact::default()
        }],
        ..on_node(5 * MINUTE, None)
    };
    let gated = PodFacts {
        status_reason: text("SchedulingGated"),
        ..pending(HOUR)
    };
    let slow_init = |age| PodFacts {
        conditions: condition("Initialized", "False"),
        ..on_node(age, None)
    };
    let gate = PodFacts {
        phase: text("Running"),
        node: text("n"),
        started_time: Some(NOW - HOUR),
        conditions: [("Ready", "False"), ("ContainersReady", "True")]
            .map(|(n, s)| (n.to_owned(), s.to_owned()))
            .into(),
        ..PodFacts::default()
    };
    for (facts, word, severity) in [
        (pending(59 * SECOND), Word::Starting, Severity::Ok),
        (pending(MINUTE), Word::Pending, Severity::Warning),
        (pending(15 * MINUTE), Word::Pending, Severity::Critical),
        (gated, Word::Pending, Severity::Ok),
        (on_node(119 * SECOND, None), Word::Starting, Severity::Ok),
        (
            on_node(119 * SECOND, Some("FailedMount")),
            Word::Starting,
            Severity::Ok,
        ),
        (
            on_node(2 * MINUTE, Some("FailedMount")),
            Word::Pending,
            Severity::Warning,
        ),
        (
            on_node(HOUR, Some("FailedAttachVolume")),
            Word::Pending,
            Severity::Critical,
        ),
        (init, Word::CrashLooping, Severity::Critical),
        (slow_init(14 * MINUTE), Word::Starting, Severity::Ok),
        (slow_init(15 * MINUTE), Word::Pending, Severity::Warning),
        (gate, Word::NotReady, Severity::Critical),
    ] {
        let verdict = health::pod(&facts, &[], NOW);
        assert_eq!(
            (verdict.word, verdict.severity),
            (word, severity),
            "{}",
            verdict.reason
        );
    }
}

#[test]
fn crash_loops_begin_with_three_restarts_of_late() {
    for (restarts, of_late, ended, word) in [
        (2, Some(2), 30 * SECOND, Word::Restarted),
        (3, Some(3), 30 * SECOND, Word::CrashLooping),
        (3, None, 30 * SECOND, Word::CrashLooping),
        (90, Some(1), 30 * SECOND, Word::Restarted),
        (90, Some(3), 11 * MINUTE, Word::Healthy),
        (1, Some(1), 11 * MINUTE, Word::Healthy),
    ] {
        let facts = ContainerFacts {
            container_state: text("running"),
            ready: Some(true),
            restarts: Some(restarts),
            restarts_increase: of_late,
            last_exit_code: Some(2),
            last_terminated_time: Some(NOW - ended),
            started_time: Some(NOW - ended + SECOND),
            ..ContainerFacts::default()
        };
        assert_eq!(
            health::container(&facts, NOW).word,
            word,
            "{restarts} {of_late:?}"
        );
    }
}

#[test]
fn last_lines_come_along_and_are_not_endless() {
    let facts = ContainerFacts {
        container_state: text("waiting"),
        waiting_reason: text("CrashLoopBackOff"),
        last_exit_code: Some(0),
        last_lines: vec![
            "one".into(),
            "two".into(),
            " ".into(),
            "three".into(),
            "x".repeat(9000),
        ],
        ..ContainerFacts::default()
    };
    let verdict = health::container(&facts, NOW);
    let lines: Vec<usize> = verdict
        .evidence
        .iter()
        .filter(|e| e.label == "last line")
        .map(|e| e.value.chars().count())
        .collect();
    assert_eq!(lines, [3, 5, 301]);
    assert!(verdict.reason.contains("by itself"), "{}", verdict.reason);
}

#[test]
fn space_and_inodes() {
    let growing = |by: i64, used: i64| -> Vec<Point> {
        (0..30)
            .map(|i| (NOW - (29 - i) * MINUTE, (used - (29 - i) * by) * MIB))
            .collect()
    };
    for (free, points, inodes, word, severity) in [
        (0, vec![], 50, Word::Full, Severity::Critical),
        (29, vec![], 50, Word::Filling, Severity::Critical),
        (31, vec![], 50, Word::Filling, Severity::Warning),
        (51, vec![], 50, Word::Healthy, Severity::Ok),
        (140, growing(1, 860), 50, Word::Filling, Severity::Critical),
        (900, growing(1, 100), 50, Word::Healthy, Severity::Ok),
        (900, vec![], 4, Word::InodesLow, Severity::Warning),
        (900, vec![], 2, Word::InodesLow, Severity::Critical),
    ] {
        let facts = VolumeFacts {
            volume_capacity_bytes: Some(1000 * MIB),
            volume_available_bytes: Some(free * MIB),
            volume_inodes: Some(100),
            volume_inodes_free: Some(inodes),
            used_points: points,
            ..VolumeFacts::default()
        };
        let verdict = health::volume(&facts, NOW);
        assert_eq!(
            (verdict.word, verdict.severity),
            (word, severity),
            "{free} {}",
            verdict.reason
        );
    }
    let lost = VolumeFacts {
        phase: text("Lost"),
        ..VolumeFacts::default()
    };
    assert_eq!(health::volume(&lost, NOW).severity, Severity::Critical);
}

#[test]
fn nodes() {
    let ready = || NodeFacts {
        conditions: condition("Ready", "True"),
        time: Some(NOW),
        interval_usec: Some(10 * SECOND),
        window_interval_usec: Some(5 * MINUTE),
        ..NodeFacts::default()
    };
    let with = |name: &str, status: &str| {
        let mut facts = ready();
        facts.conditions.insert(name.to_owned(), status.to_owned());
        facts
    };
    let full = FilesystemFacts {
        mountpoint: "/var".to_owned(),
        filesystem_size_bytes: Some(1000),
        // 50 are reserved for root, 45 are left to others: 4.7 % of what they may have.
        filesystem_free_bytes: Some(95),
        filesystem_available_bytes: Some(45),
        ..FilesystemFacts::default()
    };
    for (facts, word, severity) in [
        (
            with("Ready", "False"),
            Word::NodeNotReady,
            Severity::Critical,
        ),
        (
            NodeFacts {
                created_time: Some(NOW - 20 * SECOND),
                ..with("Ready", "False")
            },
            Word::Starting,
            Severity::Ok,
        ),
        (
            with("DiskPressure", "True"),
            Word::Pressure,
            Severity::Warning,
        ),
        (with("DiskPressure", "Unknown"), Word::Healthy, Severity::Ok),
        (
            with("NetworkUnavailable", "True"),
            Word::NetworkUnavailable,
            Severity::Critical,
        ),
        (
            with("ReadonlyFilesystem", "True"),
            Word::Degraded,
            Severity::Warning,
        ),
        (with("EtcdIsVoter", "True"), Word::Healthy, Severity::Ok),
        (
            NodeFacts {
                time: Some(NOW - 121 * SECOND),
                ..ready()
            },
            Word::Silent,
            Severity::Warning,
        ),
        (
            NodeFacts {
                time: Some(NOW - HOUR),
                ..NodeFacts::default()
            },
            Word::Silent,
            Severity::Critical,
        ),
        (
            NodeFacts {
                boot_time: Some(NOW - MINUTE),
                ..ready()
            },
            Word::Restarted,
            Severity::Warning,
        ),
        (
            NodeFacts {
                boot_time: Some(NOW - MINUTE),
                created_time: Some(NOW),
                ..ready()
            },
            Word::Starting,
            Severity::Ok,
        ),
        (
            NodeFacts {
                clock_offset_usec: Some(-50_000),
                ..ready()
            },
            Word::ClockOff,
            Severity::Warning,
        ),
        (
            NodeFacts {
                conntrack_entries: Some(90),
                conntrack_limit: Some(100),
                ..ready()
            },
            Word::NearLimit,
            Severity::Warning,
        ),
        (
            NodeFacts {
                memory_available_bytes: Some(4),
                node_memory_total_bytes: Some(100),
                ..ready()
            },
            Word::NearLimit,
            Severity::Warning,
        ),
        (
            NodeFacts {
                memory_available_bytes: Some(1),
                node_memory_total_bytes: Some(100),
                ..ready()
            },
            Word::NearLimit,
            Severity::Critical,
        ),
        (
            NodeFacts {
                cpu_pressure_some_usec: Some(3 * MINUTE),
                ..ready()
            },
            Word::CpuStarved,
            Severity::Warning,
        ),
        (
            NodeFacts {
                memory_pressure_full_usec: Some(2 * MINUTE),
                memory_pressure_some_usec: Some(2 * MINUTE),
                ..ready()
            },
            Word::Thrashing,
            Severity::Critical,
        ),
        (
            NodeFacts {
                filesystems: vec![full],
                ..ready()
            },
            Word::Filling,
            Severity::Warning,
        ),
        (NodeFacts::default(), Word::Unknown, Severity::Unknown),
    ] {
        let verdict = health::node(&facts, NOW);
        assert_eq!(
            (verdict.word, verdict.severity),
            (word, severity),
            "{}",
            verdict.reason
        );
    }
}

#[test]
fn services() {
    let made = Some(NOW - HOUR);
    for (ready, not_ready, created, word, severity) in [
        (
            Some(0),
            Some(2),
            made,
            Word::NoEndpoints,
            Severity::Critical,
        ),
        (Some(0), Some(0), made, Word::NoEndpoints, Severity::Warning),
        (
            Some(0),
            Some(2),
            Some(NOW - MINUTE),
            Word::Starting,
            Severity::Ok,
        ),
        (Some(1), Some(2), made, Word::Degraded, Severity::Warning),
        (Some(1), Some(1), made, Word::Healthy, Severity::Ok),
        (None, None, made, Word::Unknown, Severity::Unknown),
    ] {
        let facts = ServiceFacts {
            endpoints_ready: ready,
            endpoints_not_ready: not_ready,
            created_time: created,
            ..ServiceFacts::default()
        };
        let verdict = health::service(&facts, NOW);
        assert_eq!(
            (verdict.word, verdict.severity),
            (word, severity),
            "{ready:?}"
        );
    }
}

#[test]
fn workloads() {
    let facts = |desired, available, updated| WorkloadFacts {
        object_kind: text("Deployment"),
        created_time: Some(NOW - HOUR),
        below_since: Some(NOW - 5 * MINUTE),
        replicas_desired: Some(desired),
        replicas_available: Some(available),
        replicas_updated: Some(updated),
        ..WorkloadFacts::default()
    };
    let quota = WorkloadFacts {
        conditions: condition("ReplicaFailure", "True"),
        events: vec![EventFact {
            reason: "FailedCreate".to_owned(),
            message: "exceeded quota: small".to_owned(),
            ..EventFact::default()
        }],
        ..facts(3, 1, 3)
    };
    let stuck = WorkloadFacts {
        conditions: condition("Progressing", "False"),
        ..facts(3, 0, 1)
    };
    let unseen = WorkloadFacts {
        unobserved_since: Some(NOW - HOUR),
        ..facts(3, 3, 3)
    };
    let set = WorkloadFacts {
        object_kind: text("StatefulSet"),
        rollout_since: Some(NOW - HOUR),
        ..facts(3, 2, 1)
    };
    let job = |name: &str, owner: Option<String>, age| WorkloadFacts {
        object_kind: text("Job"),
        owner_kind: owner,
        conditions: condition(name, "True"),
        condition_times: [(name.to_owned(), NOW - age)].into(),
        ..WorkloadFacts::default()
    };
    let again = WorkloadFacts {
        object_kind: text("Job"),
        job_active: Some(1),
        job_failed: Some(2),
        started_time: Some(NOW - HOUR),
        ..WorkloadFacts::default()
    };
    let cron = WorkloadFacts {
        object_kind: text("CronJob"),
        job_active: Some(0),
        last_schedule_time: Some(NOW - HOUR),
        last_success_time: Some(NOW - 2 * HOUR),
        ..WorkloadFacts::default()
    };
    for (facts, word, severity) in [
        (facts(3, 3, 3), Word::Healthy, Severity::Ok),
        (facts(3, 2, 3), Word::BelowReplicas, Severity::Warning),
        (facts(3, 0, 3), Word::BelowReplicas, Severity::Critical),
        (quota, Word::BelowReplicas, Severity::Warning),
        (stuck, Word::RolloutStuck, Severity::Critical),
        (unseen, Word::RolloutStuck, Severity::Warning),
        (set, Word::RolloutStuck, Severity::Warning),
        (
            job("Failed", None, MINUTE),
            Word::Failed,
            Severity::Critical,
        ),
        (
            job("Failed", None, 2 * HOUR),
            Word::Failed,
            Severity::Warning,
        ),
        (
            job("Failed", text("CronJob"), MINUTE),
            Word::Failed,
            Severity::Warning,
        ),
        (again, Word::Degraded, Severity::Warning),
        (cron, Word::Failed, Severity::Warning),
        (WorkloadFacts::default(), Word::Unknown, Severity::Unknown),
    ] {
        let verdict = health::workload(&facts, &[], NOW);
        assert_eq!(
            (verdict.word, verdict.severity),
            (word, severity),
            "{}",
            verdict.reason
        );
    }
}

#[test]
fn parents_are_as_bad_as_they_should_be() {
    let bad = NodeFacts {
        conditions: condition("Ready", "Unknown"),
        ..NodeFacts::default()
    };
    let bad = health::node(&bad, NOW);
    let good = NodeFacts {
        conditions: condition("Ready", "True"),
        ..NodeFacts::default()
    };
    let good = health::node(&good, NOW);
    let cluster = |sick: usize, all: usize| {
        let verdicts = (0..all).map(|i| if i < sick { &bad } else { &good });
        let nodes: Vec<Named<'_>> = verdicts
            .map(|verdict| Named { name: "n", verdict })
            .collect();
        health::cluster(&ClusterFacts::default(), &nodes, &[], NOW)
    };
    assert_eq!(cluster(0, 9).word, Word::Healthy);
    assert_eq!(
        (cluster(1, 9).word, cluster(1, 9).severity),
        (Word::Degraded, Severity::Warning)
    );
    assert_eq!(cluster(2, 9).severity, Severity::Critical);
    let lost = ClusterFacts {
        api_watched: Some(false),
        api_lost_since: Some(NOW - HOUR),
        ..ClusterFacts::default()
    };
    assert_eq!(health::cluster(&lost, &[], &[], NOW).word, Word::Silent);
    let stuck = NamespaceFacts {
        deleted_time: Some(NOW - HOUR),
        ..NamespaceFacts::default()
    };
    let stuck = health::namespace(&stuck, Parts::default(), NOW);
    assert_eq!(
        (stuck.word, stuck.severity),
        (Word::Terminating, Severity::Warning)
    );
}

#[test]
fn words_are_serialized_as_they_are_called() {
    for word in Word::ALL {
        assert_eq!(serde_json::to_value(word).unwrap(), word.as_str());
    }
    assert!(Word::ALL.is_sorted());
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/guide/health.md");
    let guide = std::fs::read_to_string(path).unwrap();
    for word in Word::ALL {
        assert!(
            guide.contains(&format!("| `{word}` |")),
            "{word} is not in {path}"
        );
    }
    assert!(Severity::Critical < Severity::Warning && Severity::Warning < Severity::Ok);
}

/// Facts in which every number is `n`, and so are all texts; by the fields that serde knows.
fn all<T: Default + serde::Serialize + serde::de::DeserializeOwned>(n: i64) -> Vec<T> {
    let names = serde_json::to_value(T::default()).unwrap();
    let names: Vec<String> = names.as_object().unwrap().keys().cloned().collect();
    let fill = |name: &String, word: &str| -> serde_json::Value {
        for try_this in [
            serde_json::json!(n),
            serde_json::json!(word),
            serde_json::json!(true),
            serde_json::json!({ word: "False" }),
            serde_json::json!({ word: n }),
            serde_json::json!([word]),
            serde_json::json!([[0, n], [n, 0], [n, n]]),
        ] {
            if serde_json::from_value::<T>(serde_json::json!({ name: try_this })).is_ok() {
                return try_this;
            }
        }
        serde_json::to_value(T::default())
            .unwrap()
            .get(name)
            .unwrap()
            .clone()
    };
    ["Ready", "Pending", "running", "OOMKilled", "Job"]
        .iter()
        .map(|word| {
            let fields = names.iter().map(|name| (name.clone(), fill(name, word)));
            serde_json::from_value(serde_json::Value::Object(fields.collect())).unwrap()
        })
        .collect()
}

fn sane(verdict: &Verdict) {
    let text = serde_json::to_string(verdict).unwrap();
    assert!(!text.contains("NaN") && !text.contains("inf "), "{text}");
    assert!(!verdict.reason.is_empty());
    assert!(
        verdict.also.is_sorted_by_key(|f| (f.severity, f.word)),
        "{text}"
    );
    assert!(
        verdict
            .also
            .iter()
            .all(|f| (verdict.severity, verdict.word) <= (f.severity, f.word))
    );
}

#[test]
fn extreme_numbers_are_no_panic_and_no_nonsense() {
    let extremes = [0, 1, -1, i64::MAX, i64::MIN, i64::MAX - 1, NOW];
    for n in extremes {
        for now in extremes {
            for mut facts in all::<ContainerFacts>(n) {
                for (latest, window) in all::<Latest>(n).into_iter().zip(all::<Window>(n)) {
                    for oom in all::<OutOfMemory>(n) {
                        let split = all::<MemorySplit>(n).pop().unwrap();
                        facts.measured = Some(Measured {
                            latest: Latest {
                                split: split.clone(),
                                exited: None,
                                ..latest.clone()
                            },
                            window: window.clone(),
                            out_of_memory: Some(OutOfMemory { split, ..oom }),
                            unreclaimable_points: vec![
                                (i64::MIN, n),
                                (0, i64::MIN),
                                (n, i64::MAX),
                                (i64::MAX, 0),
                                (5, 5),
                            ],
                            working_set_points: vec![],
                            node_cpu_utilization: Some(n as f64),
                            neighbours: vec![Neighbour {
                                name: String::new(),
                                cpu_usage_cores: f64::NAN,
                            }],
                        });
                        for state in [None, text("running"), text("waiting"), text("terminated")] {
                            for deleted in [None, Some(n)] {
                                facts.container_state = state.clone();
                                facts.deleted_time = deleted;
                                sane(&health::container(&facts, now));
                            }
                        }
                    }
                }
            }
            let part = health::container(&ContainerFacts::default(), now);
            let parts = [Named {
                name: "",
                verdict: &part,
            }];
            for facts in all::<PodFacts>(n) {
                for phase in ["Pending", "Running", "Failed", "Succeeded", "Unknown", ""] {
                    for deleted_time in [None, Some(n)] {
                        let facts = PodFacts {
                            phase: text(phase),
                            deleted_time,
                            ..facts.clone()
                        };
                        sane(&health::pod(&facts, &parts, now));
                    }
                }
            }
            for facts in all::<WorkloadFacts>(n) {
                for kind in ["Deployment", "DaemonSet", "StatefulSet", "Job", "CronJob"] {
                    let facts = WorkloadFacts {
                        object_kind: text(kind),
                        deleted_time: None,
                        paused: None,
                        ..facts.clone()
                    };
                    sane(&health::workload(&facts, &parts, now));
                }
            }
            for mut facts in all::<NodeFacts>(n) {
                facts.filesystems = all::<FilesystemFacts>(n);
                facts
                    .filesystems
                    .iter_mut()
                    .for_each(|f| f.filesystem_read_only = None);
                sane(&health::node(&facts, now));
            }
            for mut facts in all::<VolumeFacts>(n) {
                sane(&health::volume(&facts, now));
                facts.shares_node_filesystem = None;
                sane(&health::volume(&facts, now));
            }
            for facts in all::<ServiceFacts>(n) {
                sane(&health::service(
                    &ServiceFacts {
                        scaled_to_zero: None,
                        ..facts
                    },
                    now,
                ));
            }
            for facts in all::<NamespaceFacts>(n) {
                sane(&health::namespace(
                    &facts,
                    Parts {
                        bare_pods: &parts,
                        ..Parts::default()
                    },
                    now,
                ));
            }
            for facts in all::<ClusterFacts>(n) {
                sane(&health::cluster(&facts, &parts, &parts, now));
            }
        }
    }
}
