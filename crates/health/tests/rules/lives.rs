//! Pods and containers that begin, end and begin again.

use health::facts::{ContainerFacts, EventFact, PodFacts};
use health::{Severity, Word};

use super::{HOUR, MINUTE, NOW, SECOND, condition, text};

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
fn an_image_is_named_as_the_kubelet_names_it() {
    let event = |reason: &str, container: &str, message: &str| EventFact {
        time: Some(NOW - MINUTE),
        reason: reason.to_owned(),
        message: message.to_owned(),
        object_field: Some(format!("spec.containers{{{container}}}")),
        ..EventFact::default()
    };
    let waits = |events: Vec<EventFact>| ContainerFacts {
        container: text("main"),
        container_state: text("waiting"),
        waiting_reason: text("ImagePullBackOff"),
        created_time: Some(NOW - HOUR),
        events,
        ..ContainerFacts::default()
    };
    let failed = "Failed to pull image \"web:2\": rpc error: code = NotFound";
    for (event, named) in [
        (event("Failed", "main", failed), "image web:2 cannot"),
        (
            event("BackOff", "main", "Back-off pulling image \"web:2\""),
            "image web:2 cannot",
        ),
        // Of another container, and of no image.
        (event("Failed", "other", failed), "Its image cannot"),
        (
            event("Failed", "main", "Error: ImagePullBackOff"),
            "Its image cannot",
        ),
        (event("Failed", "main", "image \"\""), "Its image cannot"),
        (
            event("Failed", "main", "image \"without end"),
            "Its image cannot",
        ),
    ] {
        let message = event.message.clone();
        let verdict = health::container(&waits(vec![event]), NOW);
        assert!(
            verdict.reason.contains(named),
            "{message}: {}",
            verdict.reason
        );
    }
    // What the API says comes first.
    let mut told = waits(vec![event("Failed", "main", failed)]);
    told.image = text("web:1");
    let verdict = health::container(&told, NOW);
    assert!(verdict.reason.contains("image web:1 cannot"));
}
