//! Alarms through whole rounds: when they are evaluated, over what, and what follows.
#![allow(clippy::unwrap_used)]

mod harness;

use alarm::State::{self, Alarm, InsufficientData, Ok};
use evaluator::{HistoryItemType, HistoryQuery, Labels, Settings};
use harness::{
    Lab, MINUTE, SECOND, START, composite, labels, metric, metric_with, series, settings,
};
use serde_json::json;

/// The timeline of alarms.md, 3.5. State of minute n: what is known once it is complete.
const VALUES: [f64; 10] = [2.0, 2.0, 4.0, 4.0, 4.0, 2.0, 2.0, 2.0, 4.0, 2.0];
const STATES: [State; 10] = [Ok, Ok, Ok, Ok, Alarm, Ok, Ok, Ok, Ok, Ok];

#[tokio::test]
async fn the_timeline_of_aws_in_one_go_and_with_a_restart_after_each_minute() {
    for restarts in [false, true] {
        let mut lab = Lab::new();
        lab.put(metric("cpu"), START).await;
        assert_eq!(lab.state("cpu"), InsufficientData);
        for (minute, (value, state)) in VALUES.into_iter().zip(STATES).enumerate() {
            let begin = START + minute as i64 * MINUTE;
            lab.points.put("cpu", &Labels::new(), begin, value);
            lab.rounds(begin + MINUTE, begin + MINUTE + 30 * SECOND)
                .await;
            assert_eq!(lab.state("cpu"), state, "minute {}", minute + 1);
            if restarts {
                lab.restart();
                assert_eq!(lab.state("cpu"), state);
            }
        }
        lab.deliver(START + 11 * MINUTE).await;
        assert_eq!(lab.told("pager"), [Alarm], "once");
        assert_eq!(lab.told("mail"), [Ok, Alarm, Ok]);
        let changes: Vec<_> = lab.transitions().await.iter().map(|t| (t.1, t.2)).collect();
        assert_eq!(changes, [(InsufficientData, Ok), (Ok, Alarm), (Alarm, Ok)]);
        let told = lab.receivers.told.lock();
        let alarm = &told.iter().find(|told| told.0 == "pager").unwrap().3[0];
        assert!(
            alarm
                .reason
                .starts_with("Threshold Crossed: 3 out of the last 3 datapoints [4.0 (")
        );
        assert_eq!((alarm.value, alarm.number), (Some(4.0), 2));
        assert_eq!(alarm.trigger["Statistic"], "AVERAGE");
    }
}

#[tokio::test]
async fn a_round_that_changes_nothing_writes_nothing_and_one_that_changes_much_writes_once() {
    let lab = Lab::new();
    for i in 0..50 {
        lab.put(metric(&format!("cpu-{i}")), START).await;
        for minute in 0..3 {
            lab.points.put(
                &format!("cpu-{i}"),
                &Labels::new(),
                START + minute * MINUTE,
                9.0,
            );
        }
    }
    let before = lab.e().health().commits;
    lab.round(START + 4 * MINUTE - SECOND).await;
    assert_eq!(
        lab.e().health().commits,
        before + 1,
        "fifty transitions in one transaction"
    );
    assert_eq!(
        lab.e()
            .list(&evaluator::Filter {
                state: Some(Alarm),
                ..Default::default()
            })
            .len(),
        50
    );
    for minute in 3..6 {
        for i in 0..50 {
            lab.points.put(
                &format!("cpu-{i}"),
                &Labels::new(),
                START + minute * MINUTE,
                9.0,
            );
        }
        lab.rounds(
            START + minute * MINUTE + MINUTE,
            START + minute * MINUTE + 75 * SECOND,
        )
        .await;
    }
    assert_eq!(lab.e().health().commits, before + 1);
}

#[tokio::test]
async fn alarms_are_spread_and_each_sees_its_newest_minute() {
    let lab = Lab::new();
    for i in 0..200 {
        lab.put(
            metric_with(&format!("a{i}"), json!({"EvaluationPeriods": 1})),
            START,
        )
        .await;
        lab.points
            .put(&format!("a{i}"), &Labels::new(), START - MINUTE, 9.0);
    }
    lab.round(START + 30 * SECOND).await;
    lab.points.asked.lock().clear();
    for i in 0..200 {
        lab.points.put(&format!("a{i}"), &Labels::new(), START, 1.0);
    }
    lab.rounds(START + 31 * SECOND, START + MINUTE + 11 * SECOND)
        .await;
    let asked = lab.points.asked.lock().clone();
    assert_eq!(asked.iter().sum::<usize>(), 200, "each once");
    assert!(
        asked.len() >= 9 && asked.iter().all(|count| *count < 60),
        "{asked:?}"
    );
    let ok = evaluator::Filter {
        state: Some(Ok),
        ..Default::default()
    };
    assert_eq!(
        lab.e().list(&ok).len(),
        200,
        "each has seen the minute that has just ended"
    );
}

#[tokio::test]
async fn a_row_that_is_late_is_seen_by_the_next_evaluation() {
    let ten = |name: &str| metric_with(name, json!({"Period": 10, "EvaluationPeriods": 2}));
    for delay in [0, 6] {
        let lab = Lab::with(Settings {
            delay_seconds: delay,
            ..settings()
        });
        lab.put(ten("cpu"), START).await;
        let mut at = START;
        // Every row is there five seconds after its period has ended.
        while at < START + 2 * MINUTE {
            if (at - START) % (10 * SECOND) == 5 * SECOND {
                let begin = at - 15 * SECOND;
                let value = if begin >= START + 60 * SECOND {
                    9.0
                } else {
                    1.0
                };
                lab.points.put("cpu", &Labels::new(), begin, value);
            }
            lab.round(at).await;
            at += SECOND;
        }
        let all = lab.transitions().await;
        assert_eq!(all.len(), 2, "no other transition for being late: {all:?}");
        let (_, _, to, when) = &all[1];
        assert_eq!(*to, Alarm);
        // The second breaching period ends at 80 and its row is there at 85: with a delay it is seen as soon as it is looked for.
        let bounds = if delay == 0 { 90..=92 } else { 86..=88 };
        assert!(bounds.contains(when), "{when} with a delay of {delay}");
    }
}

#[tokio::test]
async fn a_window_that_cannot_be_read_is_a_problem_and_no_transition() {
    let mut lab = Lab::new();
    lab.put(metric("cpu"), START).await;
    for minute in 0..3 {
        lab.points
            .put("cpu", &Labels::new(), START + minute * MINUTE, 9.0);
    }
    lab.round(START + 3 * MINUTE + 10 * SECOND).await;
    *lab.points.unreadable.lock() = Some("the store is starting".to_owned());
    lab.rounds(START + 4 * MINUTE, START + 9 * MINUTE).await;
    let status = lab.status("cpu");
    assert_eq!(
        (status.state, status.problem.as_deref()),
        (Alarm, Some("the store is starting"))
    );
    *lab.points.unreadable.lock() = None;
    lab.points
        .put("cpu", &Labels::new(), START + 8 * MINUTE, 9.0);
    lab.rounds(
        START + 9 * MINUTE + SECOND,
        START + 9 * MINUTE + 11 * SECOND,
    )
    .await;
    let status = lab.status("cpu");
    assert_eq!(
        (status.state, status.problem),
        (Alarm, None),
        "it is read again within ten seconds"
    );
    lab.restart();
    assert_eq!(lab.transitions().await.len(), 1);
}

#[tokio::test]
async fn an_alarm_over_one_series_that_finds_two_says_so() {
    let lab = Lab::new();
    lab.put(metric("cpu"), START).await;
    for pod in ["a", "b"] {
        lab.points.put("cpu", &labels(pod), START, 9.0);
    }
    lab.round(START + MINUTE + 10 * SECOND).await;
    assert_eq!(lab.state("cpu"), InsufficientData);
    assert_eq!(
        lab.status("cpu").problem.unwrap(),
        "it is over one series, and 2 were found"
    );
}

#[tokio::test]
async fn each_series_has_a_state_of_its_own() {
    let mut lab = Lab::new();
    lab.put(series("memory", json!({"EvaluationPeriods": 2})), START)
        .await;
    let minute = |n: i64| START + n * MINUTE;
    // `calm` appears and is OK; `hot` breaches from its third minute on, and is gone after its fifth.
    for n in 0..12 {
        lab.points.put("memory", &labels("calm"), minute(n), 1.0);
    }
    for n in 0..5 {
        let value = if n >= 2 { 9.0 } else { 1.0 };
        lab.points.put("memory", &labels("hot"), minute(n), value);
    }
    let mut seen = Vec::new();
    for n in 1..12 {
        lab.rounds(minute(n), minute(n) + 11 * SECOND).await;
        lab.restart();
        let status = lab.status("memory");
        let counts = status.contributors.unwrap();
        seen.push((n, status.state, counts.alarm, counts.ok));
    }
    assert_eq!(
        seen,
        [
            (1, Ok, 0, 2),
            (2, Ok, 0, 2),
            (3, Ok, 0, 2),
            (4, Alarm, 1, 1),
            (5, Alarm, 1, 1),
            (6, Alarm, 1, 1),
            // Its last data point leaves the range of four minutes after the eighth.
            (7, Alarm, 1, 1),
            (8, Alarm, 1, 1),
            (9, Alarm, 1, 1),
            // A server that starts anew gives it another period.
            (10, Alarm, 1, 1),
            (11, Alarm, 1, 1),
        ]
    );
    lab.rounds(minute(12), minute(13) + 11 * SECOND).await;
    assert_eq!(lab.status("memory").contributors.unwrap().ok, 1);
    lab.deliver(minute(14)).await;
    assert_eq!(
        lab.told("mail"),
        [Alarm, Ok],
        "and nothing of series that are OK"
    );
    let told = lab.receivers.told.lock();
    assert!(told.iter().all(|told| told.3[0].labels == labels("hot")));
    let last = told.iter().rfind(|told| told.0 == "mail").unwrap();
    assert!(last.3[0].reason.starts_with("The series ended"));
}

#[tokio::test]
async fn a_series_that_is_gone_breaches_where_missing_data_do() {
    let lab = Lab::new();
    let keys = json!({"EvaluationPeriods": 2, "TreatMissingData": "breaching"});
    lab.put(series("agents", keys), START).await;
    for n in 0..3 {
        lab.points
            .put("agents", &labels("a"), START + n * MINUTE, 1.0);
        lab.points
            .put("agents", &labels("b"), START + n * MINUTE, 1.0);
    }
    for n in 3..30 {
        lab.points
            .put("agents", &labels("b"), START + n * MINUTE, 1.0);
    }
    for n in 1..30 {
        lab.rounds(START + n * MINUTE, START + n * MINUTE + 11 * SECOND)
            .await;
    }
    let status = lab.status("agents");
    assert_eq!((status.state, status.in_alarm.len()), (Alarm, 1));
    assert_eq!(status.in_alarm[0].labels, labels("a"));
    assert_eq!(lab.transitions().await.len(), 1);
}

#[tokio::test]
async fn more_series_than_are_evaluated_are_told() {
    let lab = Lab::with(Settings {
        most_contributors: 10,
        ..settings()
    });
    lab.put(series("memory", json!({"EvaluationPeriods": 1})), START)
        .await;
    for i in 0..12 {
        lab.points
            .put("memory", &labels(&format!("pod-{i:02}")), START, 9.0);
    }
    lab.round(START + MINUTE + 10 * SECOND).await;
    let status = lab.status("memory");
    assert_eq!(status.contributors.unwrap().alarm, 10);
    assert!(
        status
            .problem
            .unwrap()
            .contains("it has 12 series, and at most 10 are evaluated")
    );
}

#[tokio::test]
async fn a_composite_alarm_follows_its_children_in_the_same_round() {
    let mut lab = Lab::new();
    lab.put(metric("a"), START).await;
    lab.put(metric("b"), START).await;
    lab.put(composite("both", "ALARM(a) AND ALARM(b)"), START)
        .await;
    lab.put(composite("above", "ALARM(both) OR FALSE"), START)
        .await;
    assert_eq!(lab.state("above"), Ok, "it is evaluated when it is put");
    lab.restart();
    for n in 0..3 {
        lab.points.put("a", &Labels::new(), START + n * MINUTE, 9.0);
        lab.points.put("b", &Labels::new(), START + n * MINUTE, 9.0);
    }
    let at = START + 3 * MINUTE + 11 * SECOND;
    lab.round(at).await;
    assert_eq!((lab.state("both"), lab.state("above")), (Alarm, Alarm));
    assert!(
        lab.status("above")
            .reason
            .contains(":alarm:both transitioned to ALARM at ")
    );
    let all = lab.transitions().await;
    let names: Vec<&str> = all.iter().map(|t| t.0.as_str()).collect();
    assert_eq!(names[names.len() - 2..], ["both", "above"]);
    // What was set on a composite alarm stays until a child changes.
    lab.e()
        .set_state("both", Ok, "quiet", "", at)
        .await
        .unwrap();
    lab.rounds(at + SECOND, at + 30 * SECOND).await;
    assert_eq!((lab.state("both"), lab.state("above")), (Ok, Ok));
}

#[tokio::test]
async fn a_state_that_was_set_is_corrected_by_the_next_evaluation() {
    let mut lab = Lab::new();
    lab.put(metric("cpu"), START).await;
    lab.put(series("memory", json!({"EvaluationPeriods": 1})), START)
        .await;
    for n in 0..10 {
        lab.points
            .put("cpu", &Labels::new(), START + n * MINUTE, 1.0);
        lab.points
            .put("memory", &labels("a"), START + n * MINUTE, 1.0);
    }
    lab.round(START + 3 * MINUTE + 10 * SECOND).await;
    for name in ["cpu", "memory"] {
        lab.e()
            .set_state(name, Alarm, "a drill", "", START + 3 * MINUTE + 20 * SECOND)
            .await
            .unwrap();
        assert_eq!(lab.state(name), Alarm);
    }
    lab.restart();
    lab.rounds(START + 4 * MINUTE, START + 4 * MINUTE + 11 * SECOND)
        .await;
    assert_eq!((lab.state("cpu"), lab.state("memory")), (Ok, Ok));
    lab.deliver(START + 5 * MINUTE).await;
    assert_eq!(lab.told("pager"), [Alarm, Alarm]);
}

#[tokio::test]
async fn actions_that_are_switched_off_are_not_done_and_states_change() {
    let lab = Lab::new();
    lab.put(
        metric_with(
            "cpu",
            json!({"ActionsEnabled": false, "EvaluationPeriods": 1}),
        ),
        START,
    )
    .await;
    lab.points.put("cpu", &Labels::new(), START, 9.0);
    lab.round(START + MINUTE + 10 * SECOND).await;
    assert_eq!(lab.state("cpu"), Alarm);
    lab.e()
        .enable_actions("cpu", true, START + 70 * SECOND)
        .await
        .unwrap();
    lab.round(START + MINUTE + 50 * SECOND).await;
    lab.deliver(START + 2 * MINUTE).await;
    assert!(
        lab.receivers.told.lock().is_empty(),
        "not for a state that it is in already"
    );
    lab.points.put("cpu", &Labels::new(), START + MINUTE, 1.0);
    lab.round(START + 2 * MINUTE + 10 * SECOND).await;
    lab.deliver(START + 3 * MINUTE).await;
    assert_eq!(lab.told("mail"), [Ok]);
}

#[tokio::test]
async fn what_happened_is_written_in_the_shapes_of_cloudwatch() {
    let lab = Lab::new();
    lab.put(metric_with("cpu", json!({"EvaluationPeriods": 1})), START)
        .await;
    lab.points.put("cpu", &Labels::new(), START, 9.0);
    lab.round(START + MINUTE + 10 * SECOND).await;
    lab.deliver(START + 2 * MINUTE).await;
    lab.e().delete("cpu", START + 3 * MINUTE).await.unwrap();
    let all = lab.history(HistoryQuery::default()).await;
    let told: Vec<_> = all
        .iter()
        .map(|item| (item.kind, item.summary.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            (
                HistoryItemType::ConfigurationUpdate,
                "Alarm \"cpu\" created"
            ),
            (
                HistoryItemType::StateUpdate,
                "Alarm updated from INSUFFICIENT_DATA to ALARM"
            ),
            (HistoryItemType::Action, "Successfully executed action mail"),
            (
                HistoryItemType::Action,
                "Successfully executed action pager"
            ),
            (
                HistoryItemType::ConfigurationUpdate,
                "Alarm \"cpu\" deleted"
            ),
        ]
    );
    assert_eq!(
        all[1].data["oldState"]["stateReason"],
        "Unchecked: Initial alarm creation"
    );
    assert_eq!(
        all[1].data["newState"]["stateReasonData"]["recentDatapoints"],
        json!([9.0])
    );
    assert_eq!(all[2].data["actionState"], "Succeeded");
    let of_state = HistoryQuery {
        kind: Some(HistoryItemType::StateUpdate),
        alarm: Some("cpu".to_owned()),
        start: Some(START + MINUTE),
        end: Some(START + 2 * MINUTE),
        ..HistoryQuery::default()
    };
    assert_eq!(lab.history(of_state).await.len(), 1);
    // Handing to the store, in pieces.
    let first = lab.e().history_to_hand(2).await.unwrap();
    lab.e().history_handed(first[1].number).await.unwrap();
    let rest = lab.e().history_to_hand(100).await.unwrap();
    assert_eq!(rest, all[2..]);
}

#[tokio::test]
async fn what_an_evaluation_would_see_is_told_without_consequence() {
    let lab = Lab::new();
    lab.put(metric("cpu"), START).await;
    for n in 0..3 {
        lab.points
            .put("cpu", &Labels::new(), START + n * MINUTE, 9.0);
    }
    let at = START + 3 * MINUTE;
    let seen = lab
        .e()
        .explain("cpu", &*lab.points, at)
        .await
        .unwrap()
        .unwrap();
    assert_eq!((seen[0].1.state, seen[0].1.points.len()), (Alarm, 5));
    assert_eq!(lab.state("cpu"), InsufficientData);
    assert!(lab.e().explain("none", &*lab.points, at).await.is_none());
}

/// What `Source.Health` reads for `kansoku-oom-killed`: 1 for as many seconds after a kill as it asks for.
fn kills(lab: &Lab, within: i64, minutes: &[i64]) {
    for minute in 0..60 {
        let at = minute * MINUTE;
        let since_kill = minutes.iter().map(|kill| at - kill * MINUTE);
        let fits = since_kill
            .clone()
            .any(|passed| (0..within * SECOND).contains(&passed));
        let value = if fits { 1.0 } else { 0.0 };
        let (name, labels) = ("kansoku-oom-killed", labels("web-1"));
        lab.points.put(name, &labels, START + at, value);
    }
}

/// A minute's verdicts are made a few seconds after it.
#[tokio::test]
async fn an_alarm_over_verdicts_waits_for_those_of_the_minute_that_is_over() {
    let definition = json!({
        "AlarmName": "unwell", "Source": {"Health": {"Kinds": ["Pod"]}}, "Period": 60, "EvaluationPeriods": 1,
        "Threshold": 1, "ComparisonOperator": "GreaterThanOrEqualToThreshold",
    });
    let lab = Lab::new();
    lab.put(definition, START).await;
    lab.rounds(START, START + MINUTE + 5 * SECOND).await;
    lab.points.put("unwell", &labels("web-1"), START, 1.0);
    lab.rounds(START + MINUTE + 6 * SECOND, START + 2 * MINUTE)
        .await;
    let all = lab.transitions().await;
    let told = all.iter().find(|(_, _, to, _)| *to == Alarm).unwrap();
    assert!((70..81).contains(&told.3), "{} s", told.3);
}

#[tokio::test]
async fn a_second_kill_within_the_hour_is_told_again_and_a_loop_of_kills_once() {
    let starter = alarm::starter::definitions().iter();
    let mut starter = starter.filter(|one| one.name() == "kansoku-oom-killed");
    let mut definition = starter.next().unwrap().to_json();
    let within = definition["Source"]["Health"]["WithinSeconds"]
        .as_i64()
        .unwrap();
    definition["ActionsEnabled"] = json!(true);
    definition["AlarmActions"] = json!(["mail"]);
    for (minutes, times) in [
        (&[2, 30][..], 2),
        // The kubelet waits five minutes at most before it starts it again.
        (&[2, 3, 5, 8, 13, 19, 25], 1),
        (&[2, 3, 5, 40, 46], 2),
    ] {
        let lab = Lab::new();
        lab.put(definition.clone(), START).await;
        kills(&lab, within, minutes);
        lab.rounds(START + MINUTE, START + 60 * MINUTE).await;
        lab.deliver(START + 60 * MINUTE).await;
        assert_eq!(lab.told("mail"), vec![State::Alarm; times], "{minutes:?}");
    }
}

#[tokio::test]
async fn who_is_told_reads_what_was_found_before_the_points() {
    let lab = Lab::new();
    for name in ["in words", "one in words"] {
        let keys = json!({"EvaluationPeriods": 2});
        let definition = match name {
            "in words" => series(name, keys),
            _ => metric_with(name, keys),
        };
        lab.put(definition, START).await;
        let of = match name {
            "in words" => labels("web-1"),
            _ => Labels::new(),
        };
        for minute in 0..4 {
            let value = if minute < 2 { 9.0 } else { 1.0 };
            lab.points.put(name, &of, START + minute * MINUTE, value);
        }
    }
    lab.rounds(START + 2 * MINUTE, START + 4 * MINUTE + 30 * SECOND)
        .await;
    lab.deliver(START + 5 * MINUTE).await;
    let told = lab.receivers.told.lock();
    let all = told
        .iter()
        .filter(|told| told.0 == "mail")
        .flat_map(|told| &told.3);
    let mut states = Vec::new();
    for transition in all {
        let words = format!("The words at {}. Threshold Crossed: ", START + MINUTE);
        assert_eq!(
            transition.reason.starts_with(&words),
            transition.to == Alarm,
            "{}",
            transition.reason
        );
        states.push((transition.alarm.as_str(), transition.to));
    }
    states.sort_unstable();
    assert_eq!(
        states,
        [
            ("in words", Ok),
            ("in words", Alarm),
            ("one in words", Ok),
            ("one in words", Alarm)
        ]
    );
}
