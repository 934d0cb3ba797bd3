//! The starter set is valid, says what to do, and has each of its subjects.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;

use alarm::definition::Source;
use alarm::definition::source::Health;
use alarm::{Definition, Period, State, starter};

fn named(name: &str) -> &'static Definition {
    let mut all = starter::definitions().iter();
    all.find(|alarm| alarm.name() == name)
        .unwrap_or_else(|| panic!("{name}"))
}

#[test]
fn the_file_has_no_faults() {
    let found = alarm::file::alarms(starter::TEXT);
    assert_eq!(found.map(|all| all.len()), Ok(12));
    assert_eq!(starter::definitions().len(), 12);
}

#[test]
fn each_subject_has_its_alarm() {
    for (name, kinds, words) in [
        (
            "kansoku-node-not-ready",
            &["Node"][..],
            &["node-not-ready"][..],
        ),
        ("kansoku-node-pressure", &["Node"], &["pressure"]),
        ("kansoku-pod-crash-looping", &["Pod"], &["crash-looping"]),
        ("kansoku-oom-killed", &["Pod"], &["oom-killed"]),
        (
            "kansoku-pod-pending",
            &["Pod"],
            &["pending", "image-pull", "cannot-start"],
        ),
        (
            "kansoku-workload-below-replicas",
            &["Workload"],
            &["below-replicas"],
        ),
        ("kansoku-rollout-stuck", &["Workload"], &["rollout-stuck"]),
        (
            "kansoku-container-near-memory-limit",
            &["Container"],
            &["near-limit"],
        ),
        ("kansoku-cpu-throttled", &["Container"], &["throttled"]),
        (
            "kansoku-filesystem-filling",
            &["Volume", "Node"],
            &["filling", "full", "inodes-low"],
        ),
        ("kansoku-agent-silent", &["Node", "Cluster"], &["silent"]),
    ] {
        let Source::Health(Health {
            kinds: found,
            words: told,
            ..
        }) = &named(name).metric().unwrap().source
        else {
            panic!("{name}")
        };
        assert_eq!(found, kinds, "{name}");
        let told: Vec<&str> = told.iter().map(|word| word.as_str()).collect();
        assert_eq!(told, words, "{name}");
    }
    let Source::Health(kills) = &named("kansoku-oom-killed").metric().unwrap().source else {
        panic!()
    };
    assert_eq!(
        kills.within_seconds,
        Some(600),
        "not for the verdict's hour"
    );
    let lost = named("kansoku-log-loss");
    let Source::Loss(loss) = &lost.metric().unwrap().source else {
        panic!()
    };
    assert_eq!(loss.group_by, ["cluster", "node"]);
    // What is told late is of minutes that are past.
    let rule = &lost.metric().unwrap().rule;
    assert_eq!((rule.evaluation_periods, rule.datapoints_to_alarm), (15, 1));
}

#[test]
fn each_says_why_and_what_to_do_and_notifies_nobody() {
    let mut names = BTreeSet::new();
    for alarm in starter::definitions() {
        let name = alarm.name();
        assert!(names.insert(name), "{name}");
        assert!(
            alarm.description().unwrap().split_whitespace().count() >= 10,
            "{name}"
        );
        let tags = alarm.tags();
        assert!(
            ["critical", "warning", "info"].contains(&tags["severity"].as_str()),
            "{name}"
        );
        assert!(tags["runbook"].split_whitespace().count() >= 15, "{name}");
        assert!(tags["summary"].len() <= 60, "{name}");
        assert!(!alarm.actions().enabled, "{name}");
        for state in State::ALL {
            assert!(
                State::ALL
                    .iter()
                    .all(|from| alarm.actions().on(*from, state).is_empty()),
                "{name}"
            );
        }
        assert!(alarm.is_series(), "{name}");
        assert_eq!(alarm.every(), Some(60), "{name}");
    }
}

#[test]
fn each_goes_to_alarm_when_its_value_stays_and_back_when_the_entity_is_gone() {
    for alarm in starter::definitions() {
        let rule = alarm.rule().unwrap();
        let range = |value: Option<f64>| -> Vec<Period> {
            (0..i64::from(rule.range()))
                .map(|i| Period::new(i * 60_000_000, value))
                .collect()
        };
        let state = |value, previous| rule.evaluate(&range(value), previous).state;
        assert_eq!(
            state(Some(0.0), State::InsufficientData),
            State::Ok,
            "{}",
            alarm.name()
        );
        assert_eq!(
            state(Some(1.0), State::Ok),
            State::Alarm,
            "{}",
            alarm.name()
        );
        // The minutes of an entity that is gone are 0.
        let gone = state(Some(0.0), State::Alarm);
        assert_eq!(gone, State::Ok, "{}", alarm.name());
    }
}
