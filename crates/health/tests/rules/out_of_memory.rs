//! Kills for lack of memory: which limit, which process, who lived.

use health::facts::{EventFact, Latest, OutOfMemory, Window};
use health::{Severity, Word};

use super::{HOUR, MIB, MINUTE, NOW, container, text, value};

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
    // The kernel counts at once, the API tells a few seconds later.
    let mut early = kill(NOW - HOUR, 1);
    early.container_state = text("waiting");
    early.waiting_reason = text("ContainerCreating");
    early.started_time = None;
    let told = health::container(&early, NOW);
    assert_eq!(
        (told.word, told.severity),
        (Word::OomKilled, Severity::Warning)
    );
    assert_eq!(
        told.reason,
        "A process of it was killed for lack of memory, and whether the container went on is not known yet: \
         it met its limit of 64 MiB."
    );
    early.restarts = Some(1);
    assert_eq!(
        health::container(&early, NOW).reason,
        "It was killed for lack of memory and waits to be started again: it met its limit of 64 MiB."
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
fn the_newest_kill_is_told_whoever_tells_of_it() {
    let running = |measured: Option<i64>, by_api: Option<i64>| {
        let mut facts = container(Latest::default(), Window::default());
        facts.started_time = Some(NOW - 2 * HOUR);
        facts.measured.as_mut().unwrap().out_of_memory = measured.map(|time| OutOfMemory {
            time: Some(time),
            kills: Some(1),
            ..OutOfMemory::default()
        });
        if let Some(time) = by_api {
            facts.started_time = Some(time + 1);
            facts.last_terminated_reason = text("OOMKilled");
            facts.last_terminated_time = Some(time);
            facts.last_exit_code = Some(137);
        }
        facts
    };
    let (early, late) = (NOW - 40 * MINUTE, NOW - 2 * MINUTE);
    for (measured, by_api, last) in [
        (Some(late), None, late),
        (None, Some(early), early),
        // A child of the instance that was started after the first kill.
        (Some(late), Some(early), late),
        // The kill that the API tells of is newer than the row.
        (Some(early), Some(late), late),
    ] {
        let verdict = health::container(&running(measured, by_api), NOW);
        assert_eq!(verdict.word, Word::OomKilled);
        assert_eq!(verdict.last, Some(last), "{measured:?} {by_api:?}");
    }
    // A loop began long ago, and its newest kill is now.
    let mut looping = running(None, Some(late));
    looping.waiting_reason = text("CrashLoopBackOff");
    looping.container_state = text("waiting");
    looping.restarts = Some(9);
    looping.restarts_increase = Some(5);
    let verdict = health::container(&looping, NOW);
    let found = std::iter::once((verdict.word, verdict.last));
    let mut found = found.chain(verdict.also.iter().map(|also| (also.word, also.last)));
    assert!(found.any(|one| one == (Word::OomKilled, Some(late))));
}
