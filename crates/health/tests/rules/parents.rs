//! What is as well as its parts.

use health::facts::{ClusterFacts, EventFact, NamespaceFacts, NodeFacts, WorkloadFacts};
use health::{Named, Parts, Severity, Word};

use super::{HOUR, MINUTE, NOW, condition, text};

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
