//! Receivers that forget are told again of what lasts: as it was, while it lasts, and not otherwise.
#![allow(clippy::unwrap_used)]

mod harness;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use alarm::State::{self, Alarm, InsufficientData, Ok};
use alarm::Transition;
use async_trait::async_trait;
use evaluator::{Deliver, Failure, Repetition, Routing};
use harness::{Lab, MINUTE, SECOND, START, labels, metric_with, series};
use parking_lot::Mutex;
use serde_json::json;

/// Everybody but `mail` forgets after three minutes.
#[derive(Debug, Default)]
struct Forgetful {
    told: Mutex<Vec<(String, Vec<Transition>)>>,
    fails: Mutex<bool>,
}

#[async_trait]
impl Deliver for Forgetful {
    async fn deliver(
        &self,
        receiver: &str,
        transitions: &[Transition],
        _delivery: &str,
        _attempt: u32,
    ) -> Result<String, Failure> {
        if *self.fails.lock() {
            return Err(Failure {
                transient: true,
                retry_after: None,
                message: "connection refused".to_owned(),
            });
        }
        let told = (receiver.to_owned(), transitions.to_vec());
        self.told.lock().push(told);
        Result::Ok("200 OK".to_owned())
    }

    fn repeats_after(&self, receiver: &str) -> Option<Duration> {
        (receiver != "mail").then_some(Duration::from_secs(180))
    }
}

impl Forgetful {
    /// What was told since it was asked last.
    fn take(&self) -> Vec<(String, Vec<Transition>)> {
        std::mem::take(&mut *self.told.lock())
    }
}

async fn deliver(lab: &Lab, to: &Forgetful, at: i64) {
    for attempt in lab.e().begin(to, at, 1000).await {
        let result = lab.e().attempt(to, &attempt).await;
        lab.e().ended(&attempt, result, at, 0.5).await;
    }
}

async fn begun(lab: &Lab, to: &Forgetful, at: i64) -> Vec<Repetition> {
    lab.e().begin_repeating(to, at).await
}

/// Repeats all that is due, and says how many requests it took.
async fn repeat(lab: &Lab, to: &Forgetful, at: i64) -> usize {
    let mut requests = 0;
    loop {
        let due = begun(lab, to, at).await;
        if due.is_empty() {
            return requests;
        }
        requests += due.len();
        for repetition in due {
            let result = lab.e().repeat(to, &repetition).await;
            lab.e().ended_repeating(&repetition, result, at);
        }
    }
}

async fn set(lab: &Lab, name: &str, state: State, at: i64) {
    lab.e()
        .set_state(name, state, "test", "", at)
        .await
        .unwrap();
}

/// An alarm that was told to `pager` and `mail` at the start.
async fn in_alarm(lab: &Lab, to: &Forgetful) -> Transition {
    let actions = json!({"AlarmActions": ["pager", "mail"], "OKActions": ["pager"], "InsufficientDataActions": ["pager"]});
    lab.put(metric_with("a", actions), START).await;
    set(lab, "a", Alarm, START).await;
    deliver(lab, to, START).await;
    let told = to.take();
    assert_eq!(told.len(), 2);
    told[0].1[0].clone()
}

#[tokio::test]
async fn what_lasts_is_told_again_as_it_was_and_is_no_delivery() {
    let lab = Lab::new();
    let to = Forgetful::default();
    let first = in_alarm(&lab, &to).await;
    let before = (
        lab.history(Default::default()).await,
        lab.e().receivers()["pager"].clone(),
    );
    assert_eq!(repeat(&lab, &to, START + 3 * MINUTE - 1).await, 0);
    for times in 1..4 {
        let at = START + times * 3 * MINUTE;
        assert_eq!(repeat(&lab, &to, at).await, 1);
        assert_eq!(
            to.take(),
            [("pager".to_owned(), vec![first.clone()])],
            "mail forgets nothing"
        );
        assert_eq!(repeat(&lab, &to, at + 1).await, 0);
    }
    let after = (
        lab.history(Default::default()).await,
        lab.e().receivers()["pager"].clone(),
    );
    assert_eq!(before, after);

    set(&lab, "a", Ok, START + 10 * MINUTE).await;
    assert_eq!(
        repeat(&lab, &to, START + 20 * MINUTE).await,
        0,
        "it is over, and the OK is owed"
    );
    deliver(&lab, &to, START + 20 * MINUTE).await;
    assert_eq!(to.take()[0].1[0].to, Ok);
    assert_eq!(repeat(&lab, &to, START + 60 * MINUTE).await, 0);
}

#[tokio::test]
async fn what_is_not_known_any_more_is_told_again_too() {
    let lab = Lab::new();
    let to = Forgetful::default();
    in_alarm(&lab, &to).await;
    set(&lab, "a", InsufficientData, START + MINUTE).await;
    deliver(&lab, &to, START + MINUTE).await;
    to.take();
    assert_eq!(repeat(&lab, &to, START + 4 * MINUTE).await, 1);
    assert_eq!(to.take()[0].1[0].to, InsufficientData);
}

#[tokio::test]
async fn after_a_restart_it_is_told_at_once() {
    let mut lab = Lab::new();
    let to = Forgetful::default();
    let first = in_alarm(&lab, &to).await;
    lab.restart();
    assert_eq!(repeat(&lab, &to, START + SECOND).await, 1);
    assert_eq!(to.take()[0].1, std::slice::from_ref(&first));
    assert_eq!(repeat(&lab, &to, START + 3 * MINUTE).await, 0);
    assert_eq!(repeat(&lab, &to, START + 3 * MINUTE + SECOND).await, 1);
    set(&lab, "a", Ok, START + 5 * MINUTE).await;
    deliver(&lab, &to, START + 5 * MINUTE).await;
    to.take();
    lab.restart();
    assert_eq!(repeat(&lab, &to, START + 30 * MINUTE).await, 0);
}

/// Tells everybody that is named, unless it is silenced.
#[derive(Debug, Default)]
struct Silenced(Mutex<(i64, i64)>);

impl Routing for Silenced {
    fn receivers(&self, transition: &Transition) -> Vec<String> {
        let (from, to) = *self.0.lock();
        match (from..to).contains(&transition.at) {
            true => Vec::new(),
            false => transition.receivers().to_vec(),
        }
    }
}

#[tokio::test]
async fn nothing_is_told_again_while_it_is_silenced_or_switched_off() {
    let lab = Lab::new();
    let to = Forgetful::default();
    let silenced = Arc::new(Silenced::default());
    lab.e().set_routing(silenced.clone());
    in_alarm(&lab, &to).await;
    *silenced.0.lock() = (START + MINUTE, START + 7 * MINUTE);
    assert_eq!(repeat(&lab, &to, START + 3 * MINUTE).await, 0);
    assert_eq!(repeat(&lab, &to, START + 6 * MINUTE).await, 0);
    assert_eq!(repeat(&lab, &to, START + 9 * MINUTE).await, 1, "it is over");
    let e = lab.e();
    e.enable_actions("a", false, START + 10 * MINUTE)
        .await
        .unwrap();
    assert_eq!(repeat(&lab, &to, START + 12 * MINUTE).await, 0);
    e.enable_actions("a", true, START + 13 * MINUTE)
        .await
        .unwrap();
    assert_eq!(repeat(&lab, &to, START + 15 * MINUTE).await, 1);
    // What was silenced when it began is not told by a repetition either.
    to.take();
    set(&lab, "a", Ok, START + 16 * MINUTE).await;
    *silenced.0.lock() = (START + 17 * MINUTE, START + 18 * MINUTE);
    set(&lab, "a", Alarm, START + 17 * MINUTE).await;
    deliver(&lab, &to, START + 18 * MINUTE).await;
    assert_eq!(to.take().len(), 1, "the OK");
    assert_eq!(repeat(&lab, &to, START + 30 * MINUTE).await, 0);
}

#[tokio::test]
async fn an_alarm_that_was_deleted_is_not_told_again() {
    let lab = Lab::new();
    let to = Forgetful::default();
    in_alarm(&lab, &to).await;
    lab.e().delete("a", START + MINUTE).await.unwrap();
    assert_eq!(repeat(&lab, &to, START + 30 * MINUTE).await, 0);
    // Nor is its namesake.
    lab.put(metric_with("a", json!({})), START + 31 * MINUTE)
        .await;
    assert_eq!(repeat(&lab, &to, START + 60 * MINUTE).await, 0);
}

#[tokio::test]
async fn many_series_are_told_again_in_parts_and_each_once() {
    let lab = Lab::new();
    let to = Forgetful::default();
    let one = json!({"EvaluationPeriods": 1, "AlarmActions": ["pager"], "OKActions": ["pager"]});
    lab.put(series("many", one), START).await;
    for i in 0..1001 {
        lab.points
            .put("many", &labels(&format!("{i:04}")), START - MINUTE, 9.0);
    }
    lab.round(START + 15 * SECOND).await;
    let at = START + MINUTE;
    while lab.e().health().owed > 0 {
        deliver(&lab, &to, at).await;
    }
    to.take();
    let at = START + 6 * MINUTE;
    assert_eq!(repeat(&lab, &to, at).await, 5);
    let told = to.take();
    assert!(told.iter().all(|(_, some)| some.len() <= 250));
    let pods: Vec<String> = told
        .iter()
        .flat_map(|(_, some)| some.iter().map(|t| t.labels["pod"].clone()))
        .collect();
    assert_eq!(pods.len(), 1001);
    assert_eq!(pods.into_iter().collect::<BTreeSet<_>>().len(), 1001);
}

#[tokio::test]
async fn an_ok_waits_for_a_repetition_that_is_under_way() {
    let lab = Lab::new();
    let to = Forgetful::default();
    in_alarm(&lab, &to).await;
    let at = START + 3 * MINUTE;
    let under_way = begun(&lab, &to, at).await;
    assert_eq!(under_way.len(), 1);
    assert!(begun(&lab, &to, at).await.is_empty(), "one at a time");
    set(&lab, "a", Ok, at).await;
    assert!(lab.e().begin(&to, at, 10).await.is_empty());
    let result = lab.e().repeat(&to, &under_way[0]).await;
    lab.e().ended_repeating(&under_way[0], result, at);
    deliver(&lab, &to, at).await;
    let states: Vec<State> = to.take().iter().map(|(_, some)| some[0].to).collect();
    assert_eq!(states, [Alarm, Ok]);
    assert_eq!(repeat(&lab, &to, START + 30 * MINUTE).await, 0);
}

#[tokio::test]
async fn one_that_fails_is_made_again_within_a_minute_and_holds_nothing_up() {
    let lab = Lab::new();
    let to = Forgetful::default();
    in_alarm(&lab, &to).await;
    *to.fails.lock() = true;
    let at = START + 3 * MINUTE;
    let due = begun(&lab, &to, at).await;
    let result = lab.e().repeat(&to, &due[0]).await;
    assert!(result.is_err());
    lab.e().ended_repeating(&due[0], result, at);
    *to.fails.lock() = false;
    assert_eq!(repeat(&lab, &to, at + 59 * SECOND).await, 0);
    assert_eq!(repeat(&lab, &to, at + MINUTE).await, 1);
    assert_eq!(lab.e().receivers()["pager"].failed, 0);
}

/// Knows no receiver, as a server whose file was not read yet.
#[derive(Debug)]
struct Unknown;

#[async_trait]
impl Deliver for Unknown {
    async fn deliver(&self, _: &str, _: &[Transition], _: &str, _: u32) -> Result<String, Failure> {
        panic!("nobody is told")
    }
}

#[tokio::test]
async fn a_receiver_that_is_not_known_yet_is_told_when_it_is() {
    let mut lab = Lab::new();
    let to = Forgetful::default();
    in_alarm(&lab, &to).await;
    lab.restart();
    assert!(lab.e().begin_repeating(&Unknown, START).await.is_empty());
    assert_eq!(repeat(&lab, &to, START + 5 * SECOND).await, 1);
}
