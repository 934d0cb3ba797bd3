//! Clocks that step and servers that pause make no false transition.
#![allow(clippy::unwrap_used)]

mod harness;

use std::time::Duration;

use alarm::State::{Alarm, Ok};
use evaluator::{Hold, Labels, Now, Settings};
use harness::{Lab, MINUTE, SECOND, START, metric_with, settings};
use serde_json::json;

/// Breaching in minutes 0 to 9, fine from 10 on; missing data would breach at once.
async fn lab() -> Lab {
    let lab = Lab::with(Settings {
        settle_seconds: 60,
        ..settings()
    });
    let keys = json!({"EvaluationPeriods": 2, "TreatMissingData": "breaching"});
    lab.put(metric_with("cpu", keys), START).await;
    for n in 0..120 {
        let value = if n < 10 { 9.0 } else { 1.0 };
        lab.points
            .put("cpu", &Labels::new(), START + n * MINUTE, value);
    }
    lab
}

async fn at(lab: &Lab, wall: i64, monotonic: i64) -> Option<Hold> {
    let monotonic = Duration::from_micros(u64::try_from(monotonic).unwrap());
    lab.e()
        .round(Now { wall, monotonic }, &*lab.points)
        .await
        .held
}

/// Runs for `length` from these moments, a round each second; how often it was held.
async fn run(lab: &Lab, wall: i64, monotonic: i64, length: i64) -> usize {
    let mut held = 0;
    for second in 0..length / SECOND {
        let later = second * SECOND;
        held += usize::from(at(lab, wall + later, monotonic + later).await.is_some());
    }
    held
}

#[tokio::test]
async fn a_clock_that_is_set_back_makes_no_transition() {
    let lab = lab().await;
    run(&lab, START + 12 * MINUTE, 0, 3 * MINUTE).await;
    assert_eq!(lab.state("cpu"), Ok);
    let before = lab.transitions().await.len();
    // Back to minute 7, when it breached, and on from there.
    let held = run(&lab, START + 7 * MINUTE, 3 * MINUTE, 8 * MINUTE).await;
    assert_eq!(
        (lab.state("cpu"), lab.transitions().await.len()),
        (Ok, before)
    );
    assert_eq!(held, 8 * 60 - 1, "until it is where it was");
    run(&lab, START + 15 * MINUTE, 11 * MINUTE, 3 * MINUTE).await;
    assert_eq!(lab.transitions().await.len(), before);
}

#[tokio::test]
async fn a_clock_that_jumps_forward_makes_no_transition_while_no_row_is_as_new() {
    let lab = lab().await;
    *lab.points.newest.lock() = Some(START + 14 * MINUTE);
    run(&lab, START + 12 * MINUTE, 0, 3 * MINUTE).await;
    let before = lab.transitions().await.len();
    // A day ahead, for five minutes, and back. Nothing is there, and missing data breach.
    let held = run(&lab, START + 1440 * MINUTE, 3 * MINUTE, 5 * MINUTE).await;
    assert_eq!(held, 300);
    *lab.points.newest.lock() = Some(START + 23 * MINUTE);
    let held = run(&lab, START + 20 * MINUTE, 8 * MINUTE, 3 * MINUTE).await;
    assert!(held <= 60, "{held}: the wrong time was never believed");
    assert_eq!(
        (lab.state("cpu"), lab.transitions().await.len()),
        (Ok, before)
    );
}

#[tokio::test]
async fn after_an_hour_down_an_alarm_evaluates_what_is_there_once() {
    let mut lab = lab().await;
    run(&lab, START + 3 * MINUTE, 0, 3 * MINUTE).await;
    assert_eq!(lab.state("cpu"), Alarm);
    let before = lab.transitions().await.len();
    lab.restart();
    lab.points.asked.lock().clear();
    // The agents' rows of the last hour come half a minute after the start.
    let series = std::mem::take(&mut *lab.points.series.lock());
    let held = run(&lab, START + 66 * MINUTE + 15 * SECOND, 0, 30 * SECOND).await;
    *lab.points.series.lock() = series;
    assert_eq!((held, lab.state("cpu")), (30, Alarm));
    run(
        &lab,
        START + 66 * MINUTE + 45 * SECOND,
        30 * SECOND,
        40 * SECOND,
    )
    .await;
    assert_eq!((lab.state("cpu"), lab.points.asked.lock().len()), (Ok, 1));
    assert_eq!(lab.transitions().await.len(), before + 1);
}

#[tokio::test]
async fn a_pause_is_as_a_start() {
    let lab = lab().await;
    run(&lab, START + 12 * MINUTE, 0, 2 * MINUTE).await;
    let held = run(&lab, START + 40 * MINUTE, 28 * MINUTE, 2 * MINUTE).await;
    assert_eq!(held, 60);
}

#[tokio::test]
async fn a_state_from_the_future_holds_until_the_longest_hold() {
    let mut lab = lab().await;
    run(&lab, START + 12 * MINUTE, 0, 2 * MINUTE).await;
    lab.restart();
    let held = run(&lab, START - 100 * MINUTE, 0, 12 * MINUTE).await;
    assert_eq!(held, 600);
}
