//! What must not be called unwell.
#![allow(clippy::unwrap_used)]

use health::facts::{
    ContainerFacts, EventFact, FilesystemFacts, Latest, Measured, MemorySplit, NodeFacts, PodFacts,
    ServiceFacts, VolumeFacts, Window, WorkloadFacts,
};
use health::{Named, Severity, Verdict, Word};

const SECOND: i64 = 1_000_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
const NOW: i64 = 1_795_000_000 * SECOND;
const MIB: i64 = 1 << 20;

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

#[track_caller]
fn quiet(verdict: &Verdict, word: Word) {
    assert_eq!(
        (
            verdict.word,
            verdict.severity,
            verdict.also.iter().any(|f| f.is_unwell())
        ),
        (word, Severity::Ok, false),
        "{verdict:#?}"
    );
}

fn running() -> ContainerFacts {
    ContainerFacts {
        container: text("web"),
        container_kind: text("container"),
        container_state: text("running"),
        ready: Some(true),
        started_time: Some(NOW - 2 * DAY),
        restarts: Some(0),
        ..ContainerFacts::default()
    }
}

fn measured(latest: Latest, window: Window) -> Option<Measured> {
    Some(Measured {
        latest: Latest {
            time: Some(NOW - 5 * SECOND),
            interval_usec: Some(10 * SECOND),
            ..latest
        },
        window: Window {
            interval_usec: Some(5 * MINUTE),
            ..window
        },
        ..Measured::default()
    })
}

#[test]
fn a_single_restart_long_ago() {
    let facts = ContainerFacts {
        restarts: Some(1),
        restarts_increase: Some(0),
        last_exit_code: Some(1),
        last_terminated_reason: text("Error"),
        last_terminated_time: Some(NOW - 3 * HOUR),
        ..running()
    };
    let verdict = health::container(&facts, NOW);
    quiet(&verdict, Word::Healthy);
    // It is not hidden either.
    assert!(verdict.evidence.iter().any(|e| e.label == "last exit"));
}

#[test]
fn many_restarts_of_which_none_is_of_late() {
    let facts = ContainerFacts {
        restarts: Some(40),
        restarts_increase: Some(0),
        last_exit_code: Some(1),
        last_terminated_time: Some(NOW - 3 * HOUR),
        ..running()
    };
    quiet(&health::container(&facts, NOW), Word::Healthy);
}

#[test]
fn a_kill_for_lack_of_memory_of_yesterday() {
    let facts = ContainerFacts {
        restarts: Some(1),
        last_exit_code: Some(137),
        last_terminated_reason: text("OOMKilled"),
        last_terminated_time: Some(NOW - DAY),
        ..running()
    };
    quiet(&health::container(&facts, NOW), Word::Healthy);
}

#[test]
fn a_working_set_at_the_limit_that_is_page_cache() {
    let latest = Latest {
        memory_limit_bytes: Some(256 * MIB),
        memory_usage_bytes: Some(255 * MIB),
        memory_working_set_bytes: Some(243 * MIB),
        split: MemorySplit {
            anon: Some(60 * MIB),
            shmem: Some(0),
            kernel: Some(4 * MIB),
            active_file: Some(179 * MIB),
            inactive_file: Some(12 * MIB),
            dirty: Some(0),
        },
        ..Latest::default()
    };
    let mut facts = ContainerFacts {
        measured: measured(latest, Window::default()),
        ..running()
    };
    quiet(&health::container(&facts, NOW), Word::Healthy);
    // A cache that grows is no leak.
    let measured = facts.measured.as_mut().unwrap();
    measured.working_set_points = (0..30)
        .map(|i| (NOW - (30 - i) * MINUTE, (150 + 3 * i) * MIB))
        .collect();
    quiet(&health::container(&facts, NOW), Word::Healthy);
}

#[test]
fn a_short_throttle() {
    for (periods, throttled, usec) in [
        // Many periods, hardly any time.
        (3000, 1500, 5 * SECOND),
        // Much time in few periods.
        (3000, 300, 90 * SECOND),
        // A container that hardly works.
        (20, 20, 60 * SECOND),
    ] {
        let window = Window {
            cpu_periods: Some(periods),
            cpu_throttled_periods: Some(throttled),
            cpu_throttled_usec: Some(usec),
            ..Window::default()
        };
        let facts = ContainerFacts {
            measured: measured(Latest::default(), window),
            ..running()
        };
        quiet(&health::container(&facts, NOW), Word::Healthy);
    }
}

#[test]
fn pressure_that_is_all_zero_or_not_there() {
    for pressure in [Some(0), None] {
        let window = Window {
            cpu_pressure_some_usec: pressure,
            memory_pressure_some_usec: pressure,
            memory_pressure_full_usec: pressure,
            io_pressure_full_usec: pressure,
            ..Window::default()
        };
        let facts = ContainerFacts {
            measured: measured(Latest::default(), window),
            ..running()
        };
        quiet(&health::container(&facts, NOW), Word::Healthy);
    }
}

#[test]
fn init_containers_that_are_done_and_debug_containers() {
    let init = ContainerFacts {
        container_kind: text("init"),
        container_state: text("terminated"),
        terminated_reason: text("Completed"),
        exit_code: Some(0),
        terminated_time: Some(NOW - HOUR),
        ready: Some(false),
        ..ContainerFacts::default()
    };
    let init = health::container(&init, NOW);
    quiet(&init, Word::Completed);
    let debug = ContainerFacts {
        container_kind: text("ephemeral"),
        ready: Some(false),
        ..running()
    };
    let debug = health::container(&debug, NOW);
    quiet(&debug, Word::Healthy);
    let web = health::container(&running(), NOW);
    let parts = [("init", &init), ("debug", &debug), ("web", &web)]
        .map(|(name, verdict)| Named { name, verdict });
    let pod = PodFacts {
        phase: text("Running"),
        conditions: [("Ready".to_owned(), "True".to_owned())].into(),
        ready_time: Some(NOW - HOUR),
        ..PodFacts::default()
    };
    quiet(&health::pod(&pod, &parts, NOW), Word::Healthy);
}

#[test]
fn a_pod_within_its_grace() {
    let facts = ContainerFacts {
        container_state: text("terminated"),
        terminated_reason: text("Error"),
        exit_code: Some(137),
        deleted_time: Some(NOW + 10 * SECOND),
        ready: Some(false),
        ..running()
    };
    let container = health::container(&facts, NOW);
    quiet(&container, Word::Terminating);
    let pod = PodFacts {
        phase: text("Running"),
        deleted_time: Some(NOW + 10 * SECOND),
        conditions: [("Ready".to_owned(), "False".to_owned())].into(),
        ..PodFacts::default()
    };
    let parts = [Named {
        name: "web",
        verdict: &container,
    }];
    quiet(&health::pod(&pod, &parts, NOW), Word::Terminating);
    // The deletion timestamp has the grace in it; what is late is.
    let late = health::pod(&pod, &parts, NOW + 10 * MINUTE);
    assert_eq!(
        (late.word, late.severity),
        (Word::Terminating, Severity::Warning)
    );
}

#[test]
fn pods_of_cron_jobs_that_succeeded_and_their_job() {
    let pod = PodFacts {
        phase: text("Succeeded"),
        owner_kind: text("Job"),
        conditions: [("Ready".to_owned(), "False".to_owned())].into(),
        ..PodFacts::default()
    };
    let pod = health::pod(&pod, &[], NOW);
    quiet(&pod, Word::Completed);
    let job = WorkloadFacts {
        object_kind: text("Job"),
        conditions: [("Complete".to_owned(), "True".to_owned())].into(),
        job_failed: Some(2),
        ..WorkloadFacts::default()
    };
    let parts = [Named {
        name: "tick-1",
        verdict: &pod,
    }];
    quiet(&health::workload(&job, &parts, NOW), Word::Completed);
}

#[test]
fn a_cron_job_whose_failed_run_was_followed_by_a_good_one() {
    let job = |failed: bool, time| {
        let condition = if failed { "Failed" } else { "Complete" };
        let facts = WorkloadFacts {
            object_kind: text("Job"),
            owner_kind: text("CronJob"),
            conditions: [(condition.to_owned(), "True".to_owned())].into(),
            condition_times: [(condition.to_owned(), time)].into(),
            ..WorkloadFacts::default()
        };
        health::workload(&facts, &[], NOW)
    };
    let cron = WorkloadFacts {
        object_kind: text("CronJob"),
        job_active: Some(0),
        last_schedule_time: Some(NOW - MINUTE),
        ..WorkloadFacts::default()
    };
    let (bad, good) = (job(true, NOW - 2 * HOUR), job(false, NOW - HOUR));
    let parts = [("a", &bad), ("b", &good)].map(|(name, verdict)| Named { name, verdict });
    quiet(&health::workload(&cron, &parts, NOW), Word::Healthy);
    let (good, bad) = (job(false, NOW - 2 * HOUR), job(true, NOW - HOUR));
    let parts = [("a", &bad), ("b", &good)].map(|(name, verdict)| Named { name, verdict });
    let verdict = health::workload(&cron, &parts, NOW);
    assert_eq!(
        (verdict.word, verdict.severity),
        (Word::Failed, Severity::Warning)
    );
}

fn deployment(desired: i64, available: i64, updated: i64) -> WorkloadFacts {
    WorkloadFacts {
        object_kind: text("Deployment"),
        created_time: Some(NOW - DAY),
        replicas_desired: Some(desired),
        replicas_available: Some(available),
        replicas_updated: Some(updated),
        ..WorkloadFacts::default()
    }
}

#[test]
fn workloads_at_rest_or_on_their_way() {
    let paused = WorkloadFacts {
        paused: Some(true),
        conditions: [("Progressing".to_owned(), "False".to_owned())].into(),
        ..deployment(3, 3, 1)
    };
    quiet(&health::workload(&paused, &[], NOW), Word::Healthy);
    quiet(
        &health::workload(&deployment(0, 0, 0), &[], NOW),
        Word::Healthy,
    );
    let rolling = WorkloadFacts {
        below_since: Some(NOW - 5 * MINUTE),
        ..deployment(4, 3, 2)
    };
    quiet(&health::workload(&rolling, &[], NOW), Word::Starting);
    let young = WorkloadFacts {
        created_time: Some(NOW - 30 * SECOND),
        ..deployment(3, 0, 3)
    };
    quiet(&health::workload(&young, &[], NOW), Word::Starting);
    let suspended = WorkloadFacts {
        object_kind: text("CronJob"),
        paused: Some(true),
        last_schedule_time: Some(NOW - DAY),
        last_success_time: Some(NOW - 2 * DAY),
        job_active: Some(0),
        ..WorkloadFacts::default()
    };
    quiet(&health::workload(&suspended, &[], NOW), Word::Healthy);
    // Updated by hand: OnDelete, or held by a partition.
    let by_hand = WorkloadFacts {
        object_kind: text("StatefulSet"),
        rollout_since: Some(NOW - DAY),
        ..deployment(3, 3, 1)
    };
    quiet(&health::workload(&by_hand, &[], NOW), Word::Healthy);
}

#[test]
fn a_daemon_set_and_its_cordoned_node() {
    let set = WorkloadFacts {
        object_kind: text("DaemonSet"),
        replicas_misscheduled: Some(1),
        ..deployment(3, 3, 3)
    };
    quiet(&health::workload(&set, &[], NOW), Word::Healthy);
    let node = NodeFacts {
        conditions: [("Ready".to_owned(), "True".to_owned())].into(),
        unschedulable: Some(true),
        ..NodeFacts::default()
    };
    quiet(&health::node(&node, NOW), Word::Cordoned);
}

#[test]
fn a_replica_that_restarts_beside_ready_ones_is_not_critical() {
    let looping = ContainerFacts {
        container_state: text("waiting"),
        waiting_reason: text("CrashLoopBackOff"),
        restarts: Some(9),
        last_exit_code: Some(1),
        ready: Some(false),
        ..running()
    };
    let container = health::container(&looping, NOW);
    let parts = [Named {
        name: "web",
        verdict: &container,
    }];
    let pod = PodFacts {
        phase: text("Running"),
        ..PodFacts::default()
    };
    let bad = health::pod(&pod, &parts, NOW);
    assert_eq!(bad.severity, Severity::Critical);
    let good = health::pod(
        &PodFacts {
            phase: text("Running"),
            ready_time: Some(NOW - DAY),
            ..PodFacts::default()
        },
        &[],
        NOW,
    );
    let pods =
        [("a", &bad), ("b", &good), ("c", &good)].map(|(name, verdict)| Named { name, verdict });
    let verdict = health::workload(&deployment(3, 3, 3), &pods, NOW);
    assert_eq!(
        (verdict.word, verdict.severity),
        (Word::Degraded, Severity::Warning)
    );
    assert_eq!(
        verdict.reason,
        "3 of 3 replicas are available; 1 of 3 pods is unwell: 1 crash-looping."
    );
}

#[test]
fn volumes_and_file_systems_that_are_full_by_nature() {
    let full = VolumeFacts {
        volume_capacity_bytes: Some(100 * MIB),
        volume_available_bytes: Some(0),
        time: Some(NOW),
        ..VolumeFacts::default()
    };
    let read_only = VolumeFacts {
        access_modes: vec!["ReadOnlyMany".to_owned()],
        ..full.clone()
    };
    quiet(&health::volume(&read_only, NOW), Word::Healthy);
    let empty_dir = VolumeFacts {
        shares_node_filesystem: Some(true),
        ..full.clone()
    };
    quiet(&health::volume(&empty_dir, NOW), Word::Healthy);
    assert_eq!(health::volume(&full, NOW).word, Word::Full);
    // 92 % used and no growth.
    let steady = VolumeFacts {
        volume_available_bytes: Some(8 * MIB),
        used_points: (0..60).map(|i| (NOW - i * MINUTE, 92 * MIB)).collect(),
        ..full
    };
    quiet(&health::volume(&steady, NOW), Word::Healthy);
    let node = NodeFacts {
        time: Some(NOW),
        filesystems: vec![FilesystemFacts {
            mountpoint: "/snap/core".to_owned(),
            filesystem_read_only: Some(true),
            filesystem_size_bytes: Some(MIB),
            filesystem_available_bytes: Some(0),
            ..FilesystemFacts::default()
        }],
        ..NodeFacts::default()
    };
    quiet(&health::node(&node, NOW), Word::Healthy);
}

#[test]
fn a_claim_that_waits_for_its_first_pod() {
    let claim = VolumeFacts {
        phase: text("Pending"),
        created_time: Some(NOW - HOUR),
        events: vec![EventFact {
            time: Some(NOW - MINUTE),
            reason: "WaitForFirstConsumer".to_owned(),
            message: "waiting for first consumer to be created before binding".to_owned(),
            ..EventFact::default()
        }],
        ..VolumeFacts::default()
    };
    quiet(&health::volume(&claim, NOW), Word::Pending);
}

#[test]
fn services_without_addresses_that_want_none() {
    for facts in [
        ServiceFacts {
            service_type: text("ExternalName"),
            endpoints_ready: Some(0),
            ..ServiceFacts::default()
        },
        ServiceFacts {
            endpoints_ready: Some(0),
            scaled_to_zero: Some(true),
            ..ServiceFacts::default()
        },
        ServiceFacts {
            endpoints_ready: Some(3),
            endpoints_not_ready: Some(1),
            ..ServiceFacts::default()
        },
    ] {
        quiet(&health::service(&facts, NOW), Word::Healthy);
    }
}

#[test]
fn an_agent_that_is_away_does_not_make_what_runs_unwell() {
    let mut facts = running();
    facts.measured = measured(
        Latest::default(),
        // Old figures, which say nothing of now.
        Window {
            cpu_periods: Some(3000),
            cpu_throttled_periods: Some(3000),
            cpu_throttled_usec: Some(5 * MINUTE),
            ..Window::default()
        },
    );
    let verdict = health::container(&facts, NOW + HOUR);
    assert_eq!(
        (verdict.word, verdict.severity),
        (Word::Healthy, Severity::Ok)
    );
    assert!(verdict.has(Word::Silent) && !verdict.has(Word::Throttled));
}
