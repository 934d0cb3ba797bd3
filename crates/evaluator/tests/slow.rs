//! Alarms whose reading takes long, beside others.
#![allow(clippy::unwrap_used)]

mod harness;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use alarm::Period;
use alarm::State::{Alarm, InsufficientData};
use async_trait::async_trait;
use evaluator::{Ask, Deliver, Window, Windows};
use harness::{Lab, composite, metric_with};
use serde_json::{Value, json};
use tokio::sync::watch;

/// Statements take as long as they are set to, and find one series that breaches; everything else is there at once, without
/// a data point.
#[derive(Debug, Default)]
struct Slow {
    takes: Duration,
    fails: bool,
    under_way: AtomicUsize,
    most: AtomicUsize,
    read: parking_lot::Mutex<Vec<String>>,
}

#[async_trait]
impl Windows for Slow {
    async fn read(&self, asks: &[Ask], _now: i64) -> Vec<Result<Vec<Window>, String>> {
        let is_slow = asks.iter().any(|ask| ask.plan.kind == "sql");
        if is_slow {
            let under_way = self.under_way.fetch_add(1, Ordering::SeqCst) + 1;
            self.most.fetch_max(under_way, Ordering::SeqCst);
            tokio::time::sleep(self.takes).await;
            self.under_way.fetch_sub(1, Ordering::SeqCst);
        }
        let mut read = self.read.lock();
        read.extend(asks.iter().map(|ask| ask.plan.name.clone()));
        let answer = |ask: &Ask| match is_slow {
            true if self.fails => Err("not done in time".to_owned()),
            true => Ok(vec![breaching(ask)]),
            false => Ok(Vec::new()),
        };
        asks.iter().map(answer).collect()
    }
}

fn breaching(ask: &Ask) -> Window {
    let at = |start: &i64| Period::new(*start, Some(9.0));
    Window {
        labels: harness::labels("web-1"),
        periods: ask.starts.iter().map(at).collect(),
        words: evaluator::Words::new(),
    }
}

fn statement(name: &str) -> Value {
    json!({
        "AlarmName": name, "Source": {"Sql": {"Query": "SELECT time, value FROM t WHERE time >= $start"}},
        "Period": 60, "EvaluationPeriods": 1, "Threshold": 1, "ComparisonOperator": "GreaterThanThreshold",
    })
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    i64::try_from(since.as_micros()).unwrap()
}

/// What runs until it is dropped.
struct Loops {
    stop: watch::Sender<bool>,
    tasks: Vec<tokio::task::JoinHandle<()>>,
}

impl Loops {
    fn start(lab: &Lab, windows: Arc<Slow>) -> Loops {
        let (stop, stopped) = watch::channel(false);
        let (rounds, deliveries) = (lab.e().clone(), lab.e().clone());
        let receivers: Arc<dyn Deliver> = lab.receivers.clone();
        let rounds_stopped = stopped.clone();
        let tasks = vec![
            tokio::spawn(async move { rounds.run_rounds(windows, rounds_stopped).await }),
            tokio::spawn(async move { deliveries.run_deliveries(receivers, stopped).await }),
        ];
        Loops { stop, tasks }
    }

    async fn end(self) {
        self.stop.send(true).unwrap();
        for task in self.tasks {
            task.await.unwrap();
        }
    }
}

async fn until(what: &str, holds: impl Fn() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < Duration::from_secs(60), "{what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn statements_that_do_not_end_hold_no_other_alarm_up() {
    let lab = Lab::new();
    let windows = Arc::new(Slow {
        takes: Duration::from_secs(3600),
        ..Slow::default()
    });
    for i in 0..6 {
        lab.put(statement(&format!("slow {i}")), now()).await;
    }
    let loops = Loops::start(&lab, Arc::clone(&windows));
    until("statements are read", || {
        windows.under_way.load(Ordering::SeqCst) == 4
    })
    .await;
    let breaching = json!({"TreatMissingData": "breaching", "AlarmActions": ["mail"]});
    lab.put(metric_with("quick", breaching), now()).await;
    until("the quick one is told of", || {
        lab.told("mail").contains(&Alarm)
    })
    .await;
    assert_eq!(lab.state("slow 0"), InsufficientData, "still being read");
    assert_eq!(windows.under_way.load(Ordering::SeqCst), 4);
    let begun = Instant::now();
    loops.end().await;
    assert!(
        begun.elapsed() < Duration::from_secs(60),
        "a stop waits for none"
    );
}

#[tokio::test]
async fn statements_are_read_one_by_one_some_at_once_and_what_follows_is_told() {
    let lab = Lab::new();
    let windows = Arc::new(Slow {
        takes: Duration::from_millis(100),
        ..Slow::default()
    });
    for i in 0..10 {
        lab.put(statement(&format!("slow {i}")), now()).await;
    }
    lab.put(
        composite("both", "ALARM(\"slow 0\") AND ALARM(\"slow 9\")"),
        now(),
    )
    .await;
    let loops = Loops::start(&lab, Arc::clone(&windows));
    until("the composite is told of", || {
        lab.told("mail").contains(&Alarm)
    })
    .await;
    loops.end().await;
    assert_eq!(windows.most.load(Ordering::SeqCst), 4);
    assert!((0..10).all(|i| lab.state(&format!("slow {i}")) == Alarm));
}

#[tokio::test]
async fn what_is_in_vain_is_not_tried_again_at_once() {
    let lab = Lab::new();
    let windows = Arc::new(Slow {
        takes: Duration::from_millis(10),
        fails: true,
        ..Slow::default()
    });
    lab.put(statement("in vain"), now()).await;
    let loops = Loops::start(&lab, Arc::clone(&windows));
    until("it is read", || !windows.read.lock().is_empty()).await;
    tokio::time::sleep(Duration::from_secs(3)).await;
    loops.end().await;
    assert_eq!(windows.read.lock().len(), 1);
}
