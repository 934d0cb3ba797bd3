//! Deliveries: in order, again, given up, together, bounded.
#![allow(clippy::unwrap_used)]

mod harness;

use std::sync::Arc;
use std::time::Duration;

use alarm::State::{self, Alarm, Ok};
use alarm::Transition;
use evaluator::{Deliver, DeliveryFilter, DeliveryState, Failure, Gathered, Settings};
use harness::{Lab, SECOND, START, metric_with, settings};
use parking_lot::Mutex;
use serde_json::json;

fn failure(transient: bool) -> Failure {
    Failure {
        transient,
        retry_after: None,
        message: "503 Service Unavailable".to_owned(),
    }
}

async fn with_alarms(lab: &Lab, names: &[&str]) {
    for name in names {
        let only_mail = json!({"AlarmActions": ["mail"]});
        lab.put(metric_with(name, only_mail), START).await;
    }
}

async fn set(lab: &Lab, name: &str, state: State, at: i64) {
    lab.e()
        .set_state(name, state, "test", "", at)
        .await
        .unwrap();
}

fn states(lab: &Lab) -> Vec<DeliveryState> {
    let all = lab.e().deliveries(&DeliveryFilter {
        limit: 1000,
        ..Default::default()
    });
    all.iter().rev().map(|delivery| delivery.state).collect()
}

#[tokio::test]
async fn a_notification_waits_for_the_one_before_of_its_alarm_and_no_other() {
    let mut lab = Lab::new();
    with_alarms(&lab, &["a", "b"]).await;
    set(&lab, "a", Alarm, START).await;
    *lab.receivers.failure.lock() = Some(failure(true));
    lab.deliver(START).await;
    set(&lab, "a", Ok, START + 1).await;
    set(&lab, "b", Alarm, START + 1).await;
    *lab.receivers.failure.lock() = None;
    lab.deliver(START + 1).await;
    let told: Vec<_> = lab
        .receivers
        .told
        .lock()
        .iter()
        .map(|t| (t.3[0].alarm.clone(), t.2))
        .collect();
    assert_eq!(
        told,
        [("a".to_owned(), 1), ("b".to_owned(), 1)],
        "a waits a second"
    );
    lab.restart();
    lab.deliver(START + SECOND).await;
    let told = lab.receivers.told.lock();
    let rest: Vec<_> = told
        .iter()
        .skip(2)
        .map(|t| (t.1.clone(), t.2, t.3[0].to))
        .collect();
    assert_eq!(
        rest,
        [(told[0].1.clone(), 2, Alarm), (rest[1].0.clone(), 1, Ok)]
    );
    assert_ne!(rest[0].0, rest[1].0);
}

#[tokio::test]
async fn it_is_tried_for_a_day_and_then_given_up_and_the_next_goes_on() {
    let lab = Lab::new();
    with_alarms(&lab, &["a"]).await;
    set(&lab, "a", Alarm, START).await;
    set(&lab, "a", Ok, START + 3600 * SECOND).await;
    *lab.receivers.failure.lock() = Some(failure(true));
    let mut at = START;
    while states(&lab)[0] != DeliveryState::Failed {
        assert!(at < START + 90_000 * SECOND);
        lab.deliver(at).await;
        at += 60 * SECOND;
    }
    assert!((at - START) / SECOND >= 86_400, "{}", (at - START) / SECOND);
    let attempts = lab.receivers.told.lock().len();
    assert!(
        (200..500).contains(&attempts),
        "{attempts} attempts in a day"
    );
    let status = lab.e().receivers()["mail"].clone();
    assert_eq!(
        (status.failed, status.last_error.as_deref()),
        (1, Some("503 Service Unavailable"))
    );
    let all = lab.history(Default::default()).await;
    let last = all
        .iter()
        .rfind(|item| item.summary.starts_with("Failed"))
        .unwrap();
    assert_eq!(
        last.summary,
        "Failed to execute action mail: 503 Service Unavailable"
    );
    *lab.receivers.failure.lock() = None;
    lab.receivers.told.lock().clear();
    lab.deliver(at + 600 * SECOND).await;
    assert_eq!(lab.told("mail"), [Ok]);
}

#[tokio::test]
async fn what_fails_for_good_is_not_tried_again_and_what_asks_for_time_gets_it() {
    let lab = Lab::new();
    with_alarms(&lab, &["a", "b"]).await;
    set(&lab, "a", Alarm, START).await;
    *lab.receivers.failure.lock() = Some(failure(false));
    lab.deliver(START).await;
    assert_eq!(states(&lab), [DeliveryState::Failed]);
    set(&lab, "b", Alarm, START).await;
    let minute = Some(Duration::from_secs(60));
    *lab.receivers.failure.lock() = Some(Failure {
        retry_after: minute,
        ..failure(true)
    });
    lab.deliver(START).await;
    lab.deliver(START + 59 * SECOND).await;
    assert_eq!(lab.receivers.told.lock().len(), 2);
    lab.deliver(START + 60 * SECOND).await;
    assert_eq!(lab.receivers.told.lock().len(), 3);
}

#[tokio::test]
async fn after_a_crash_an_attempt_is_made_again_with_its_id() {
    let mut lab = Lab::new();
    with_alarms(&lab, &["a"]).await;
    set(&lab, "a", Alarm, START).await;
    let begun = lab.e().begin(&*lab.receivers, START, 10).await;
    lab.restart();
    assert_eq!(states(&lab), [DeliveryState::Attempting]);
    lab.deliver(START).await;
    let told = lab.receivers.told.lock();
    assert_eq!(
        (told.len(), &told[0].1, told[0].2),
        (1, &begun[0].delivery, 2)
    );
    drop(told);
    assert_eq!(states(&lab), [DeliveryState::Delivered]);
}

/// Tells everything together that waits, thirty seconds after the first.
#[derive(Debug, Default)]
struct Together(Mutex<Vec<(String, Vec<u64>)>>);

#[async_trait::async_trait]
impl Deliver for Together {
    async fn deliver(
        &self,
        _receiver: &str,
        transitions: &[Transition],
        delivery: &str,
        attempt: u32,
    ) -> Result<String, Failure> {
        let numbers = transitions
            .iter()
            .map(|transition| transition.number)
            .collect();
        self.0.lock().push((delivery.to_owned(), numbers));
        match attempt {
            1 => Err(failure(true)),
            _ => Result::Ok("200 OK".to_owned()),
        }
    }

    fn gather(&self, _receiver: &str, waiting: &[Transition], now: i64) -> Gathered {
        let at = waiting[0].at + 30 * SECOND;
        match at <= now {
            true => Gathered {
                now: vec![(0..waiting.len()).collect()],
                look_again: None,
            },
            false => Gathered {
                now: vec![],
                look_again: Some(at),
            },
        }
    }
}

#[tokio::test]
async fn those_told_together_are_tried_together_again_also_after_a_crash() {
    let mut lab = Lab::new();
    with_alarms(&lab, &["a", "b"]).await;
    set(&lab, "a", Alarm, START).await;
    set(&lab, "b", Alarm, START + SECOND).await;
    let together = Together::default();
    assert!(
        lab.e()
            .begin(&together, START + 29 * SECOND, 10)
            .await
            .is_empty()
    );
    let begun = lab.e().begin(&together, START + 30 * SECOND, 10).await;
    assert_eq!((begun.len(), begun[0].transitions.len()), (1, 2));
    let result = lab.e().attempt(&together, &begun[0]).await;
    lab.e()
        .ended(&begun[0], result, START + 30 * SECOND, 0.5)
        .await;
    set(&lab, "a", Ok, START + 31 * SECOND).await;
    set(&lab, "b", Ok, START + 31 * SECOND).await;
    lab.restart();
    let begun = lab.e().begin(&together, START + 62 * SECOND, 10).await;
    let result = lab.e().attempt(&together, &begun[0]).await;
    lab.e()
        .ended(&begun[0], result, START + 62 * SECOND, 0.5)
        .await;
    let told = together.0.lock().clone();
    assert_eq!(told.len(), 2);
    assert_eq!(told[0], told[1], "the same id, the same transitions");
    let next = lab.e().begin(&together, START + 62 * SECOND, 10).await;
    assert_eq!(
        next[0].transitions.iter().map(|t| t.to).collect::<Vec<_>>(),
        [Ok, Ok]
    );
}

#[tokio::test]
async fn a_full_outbox_lets_go_of_what_arrived_and_says_when_it_has_to_drop() {
    let lab = Lab::with(Settings {
        most_deliveries: 5,
        ..settings()
    });
    with_alarms(&lab, &["a"]).await;
    let mut state = Alarm;
    for i in 0..8 {
        set(&lab, "a", state, START + i).await;
        lab.deliver(START + i).await;
        state = if state == Alarm { Ok } else { Alarm };
    }
    assert_eq!((states(&lab).len(), lab.e().health().dropped), (5, 0));
    for i in 8..15 {
        set(&lab, "a", state, START + i).await;
        state = if state == Alarm { Ok } else { Alarm };
    }
    let health = lab.e().health();
    assert_eq!((health.owed, health.dropped), (5, 2));
    let all = lab.history(Default::default()).await;
    let dropped = all
        .iter()
        .filter(|item| item.summary.ends_with("the outbox was full"));
    assert_eq!(dropped.count(), 2);
}

/// Never answers.
#[derive(Debug)]
struct Silent;

#[async_trait::async_trait]
impl Deliver for Silent {
    async fn deliver(&self, _: &str, _: &[Transition], _: &str, _: u32) -> Result<String, Failure> {
        std::future::pending().await
    }
}

#[tokio::test]
async fn an_attempt_that_does_not_end_fails() {
    let lab = Lab::with(Settings {
        attempt_seconds: 1,
        ..settings()
    });
    with_alarms(&lab, &["a"]).await;
    set(&lab, "a", Alarm, START).await;
    let begun = lab.e().begin(&Silent, START, 10).await;
    let result = lab.e().attempt(&Silent, &begun[0]).await;
    assert_eq!(result.unwrap_err().message, "no answer for 1 seconds");
}

#[tokio::test]
async fn the_loops_evaluate_deliver_and_end() {
    let lab = Lab::new();
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let (rounds, deliveries) = (lab.e().clone(), lab.e().clone());
    let points: Arc<dyn evaluator::Windows> = lab.points.clone();
    let receivers: Arc<dyn Deliver> = lab.receivers.clone();
    let rounds_stopped = stopped.clone();
    let loops = [
        tokio::spawn(async move { rounds.run_rounds(points, rounds_stopped).await }),
        tokio::spawn(async move { deliveries.run_deliveries(receivers, stopped).await }),
    ];
    let begun = std::time::Instant::now();
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap();
    let breaching = json!({"TreatMissingData": "breaching", "AlarmActions": ["mail"]});
    lab.put(
        metric_with("a", breaching),
        i64::try_from(now.as_micros()).unwrap(),
    )
    .await;
    while lab.told("mail").is_empty() {
        assert!(begun.elapsed() < Duration::from_secs(60));
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    stop.send(true).unwrap();
    for ended in loops {
        ended.await.unwrap();
    }
    assert_eq!(lab.told("mail"), [Alarm]);
}
