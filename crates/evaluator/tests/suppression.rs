//! AWS's examples of a suppressor through rounds and restarts.
#![allow(clippy::unwrap_used)]

mod harness;

use alarm::State::{self, Alarm, Ok};
use alarm::composite::SuppressedBy;
use harness::{Lab, MINUTE, SECOND, START, composite, metric_with};
use serde_json::{Value, json};

/// Which alarm goes to which state at which second.
type Event = (i64, &'static str, State);

fn suppressed() -> Value {
    let mut definition = composite("page", "ALARM(cause)");
    definition["ActionsSuppressor"] = json!("maintenance");
    definition["ActionsSuppressorWaitPeriod"] = json!(2);
    definition["ActionsSuppressorExtensionPeriod"] = json!(3);
    definition
}

/// What was told, as (second, state), of twenty seconds. A metric alarm keeps its state for want of data.
async fn play(suppressor: State, events: &[Event], restarts: bool) -> Vec<(i64, State)> {
    let mut lab = Lab::new();
    let quiet = json!({
        "TreatMissingData": "ignore", "OKActions": [], "AlarmActions": [], "InsufficientDataActions": [],
    });
    let before = START - MINUTE;
    for (name, state) in [("cause", Ok), ("maintenance", suppressor)] {
        lab.put(metric_with(name, quiet.clone()), before).await;
        lab.e()
            .set_state(name, state, "test", "", before)
            .await
            .unwrap();
    }
    lab.put(suppressed(), before).await;
    for second in -55..=-1 {
        lab.round(START + second * SECOND).await;
    }
    lab.deliver(START - SECOND).await;
    lab.receivers.told.lock().clear();
    let mut told = Vec::new();
    for second in 0..20 {
        let at = START + second * SECOND;
        for (_, name, state) in events.iter().filter(|event| event.0 == second) {
            lab.e()
                .set_state(name, *state, "test", "", at)
                .await
                .unwrap();
        }
        lab.round(at).await;
        lab.deliver(at).await;
        told.extend(
            std::mem::take(&mut *lab.receivers.told.lock())
                .iter()
                .map(|t| (second, t.3[0].to)),
        );
        if restarts {
            let before = lab.status("page").suppressed_by;
            lab.restart();
            assert_eq!(lab.status("page").suppressed_by, before);
        }
    }
    told
}

#[tokio::test]
async fn the_examples_of_aws_hold_with_a_restart_after_each_second_and_without() {
    let to_alarm = (2, "cause", Alarm);
    let fifth = [to_alarm, (3, "maintenance", Alarm), (6, "maintenance", Ok)];
    let sixth = [fifth.as_slice(), &[(7, "cause", Ok)]].concat();
    for restarts in [false, true] {
        for (example, suppressor, events, expected) in [
            (1, Ok, vec![to_alarm], vec![(4, Alarm)]),
            (2, Ok, vec![to_alarm, (3, "maintenance", Alarm)], vec![]),
            (3, Ok, vec![to_alarm, (3, "cause", Ok)], vec![(5, Ok)]),
            (4, Alarm, vec![to_alarm], vec![]),
            (5, Ok, fifth.to_vec(), vec![(9, Alarm)]),
            (6, Ok, sixth.clone(), vec![(9, Ok)]),
        ] {
            let told = play(suppressor, &events, restarts).await;
            assert_eq!(told, expected, "example {example}, restarts: {restarts}");
        }
    }
}

#[tokio::test]
async fn states_are_recorded_while_actions_are_held_and_what_holds_them_is_told() {
    let lab = Lab::new();
    for name in ["cause", "maintenance"] {
        lab.put(
            metric_with(name, json!({"TreatMissingData": "ignore"})),
            START,
        )
        .await;
    }
    lab.e()
        .set_state("maintenance", Alarm, "test", "", START)
        .await
        .unwrap();
    lab.put(suppressed(), START).await;
    lab.e()
        .set_state("cause", Alarm, "test", "", START + SECOND)
        .await
        .unwrap();
    let status = lab.status("page");
    assert_eq!(
        (status.state, status.suppressed_by),
        (Alarm, Some(SuppressedBy::Alarm))
    );
    // Without a suppressor nothing holds them any more.
    lab.put(composite("page", "ALARM(cause)"), START + 2 * SECOND)
        .await;
    lab.receivers.told.lock().clear();
    lab.deliver(START + 3 * SECOND).await;
    let told = lab.receivers.told.lock();
    let of_page: Vec<State> = told
        .iter()
        .filter(|t| t.3[0].alarm == "page")
        .map(|t| t.3[0].to)
        .collect();
    assert_eq!(of_page, [Alarm]);
}

#[tokio::test]
async fn a_suppressor_that_goes_to_alarm_in_the_same_round_holds_back_without_any_wait() {
    let lab = Lab::new();
    for name in ["cause", "maintenance"] {
        let keys = json!({"EvaluationPeriods": 1, "OKActions": [], "AlarmActions": [], "InsufficientDataActions": []});
        lab.put(metric_with(name, keys), START).await;
        lab.points.put(name, &evaluator::Labels::new(), START, 9.0);
    }
    let mut definition = suppressed();
    definition["ActionsSuppressorWaitPeriod"] = json!(0);
    lab.put(definition, START).await;
    lab.deliver(START).await;
    lab.receivers.told.lock().clear();
    lab.round(START + MINUTE + 11 * SECOND).await;
    lab.deliver(START + 2 * MINUTE).await;
    assert_eq!(lab.status("page").suppressed_by, Some(SuppressedBy::Alarm));
    assert!(lab.receivers.told.lock().is_empty());
}
