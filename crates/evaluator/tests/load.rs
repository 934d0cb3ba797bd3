//! What a round costs: `cargo test -p evaluator --test load -- --ignored --nocapture`.
#![allow(clippy::unwrap_used)]

mod harness;

use std::sync::Arc;
use std::time::{Duration, Instant};

use alarm::Period;
use async_trait::async_trait;
use evaluator::{
    Ask, Evaluator, Labels, NamedActions, Now, Origin, Settings, Window, Windows, Words,
};
use harness::{MINUTE, SECOND, START, labels, metric_with, series};
use rustix::time::{ClockId, clock_gettime};
use serde_json::{Value, json};

const PODS: usize = 6000;

/// A value for every period; one pod in a thousand breaches.
struct Synthetic {
    pods: Vec<Labels>,
}

impl Synthetic {
    fn periods(ask: &Ask, seed: usize) -> Vec<Period> {
        let value = |start: i64| {
            let minute = (start / MINUTE) as usize;
            if (seed + minute / 10).is_multiple_of(1000) {
                9.0
            } else {
                (seed % 3) as f64
            }
        };
        ask.starts
            .iter()
            .map(|start| Period::new(*start, Some(value(*start))))
            .collect()
    }
}

#[async_trait]
impl Windows for Synthetic {
    async fn read(&self, asks: &[Ask], _now: i64) -> Vec<Result<Vec<Window>, String>> {
        let read = |(i, ask): (usize, &Ask)| {
            let is_series = ask.plan.points().unwrap().is_series();
            let windows = match is_series {
                false => vec![Window {
                    labels: Labels::new(),
                    periods: Synthetic::periods(ask, i),
                    words: Words::new(),
                }],
                true => {
                    let pods = self.pods.iter().enumerate();
                    pods.map(|(pod, labels)| Window {
                        labels: labels.clone(),
                        periods: Synthetic::periods(ask, pod),
                        words: Words::new(),
                    })
                    .collect()
                }
            };
            Ok(windows)
        };
        asks.iter().enumerate().map(read).collect()
    }
}

fn cpu() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

async fn minutes(what: &str, definitions: &[Value], count: i64) {
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings {
        settle_seconds: 0,
        ..Settings::default()
    };
    let evaluator = Evaluator::open(folder.path(), settings, Arc::new(NamedActions)).unwrap();
    evaluator
        .sync(Origin::File, definitions, START)
        .await
        .unwrap();
    let windows = Synthetic {
        pods: (0..PODS).map(|i| labels(&format!("pod-{i:05}"))).collect(),
    };
    for minute in 0..count {
        let (wall, before) = (Instant::now(), cpu());
        let commits = evaluator.health().commits;
        let mut due = 0;
        for second in 0..60 {
            let at = START + minute * MINUTE + second * SECOND;
            let monotonic = Duration::from_micros(u64::try_from(at - START).unwrap());
            due += evaluator
                .round(
                    Now {
                        wall: at,
                        monotonic,
                    },
                    &windows,
                )
                .await
                .due;
        }
        println!(
            "{what}, minute {minute}: {due} evaluations of alarms, CPU {:?}, elapsed {:?}, {} commits, {} owed",
            cpu() - before,
            wall.elapsed(),
            evaluator.health().commits - commits,
            evaluator.health().owed,
        );
    }
    let size = std::fs::metadata(folder.path().join(evaluator::FILE))
        .unwrap()
        .len();
    let begun = Instant::now();
    drop(evaluator);
    let settings = Settings {
        settle_seconds: 0,
        ..Settings::default()
    };
    let opened = Evaluator::open(folder.path(), settings, Arc::new(NamedActions)).unwrap();
    println!(
        "{what}: the file has {} kB, opened in {:?}",
        size / 1000,
        begun.elapsed()
    );
    assert_eq!(opened.list(&Default::default()).len(), definitions.len());
}

#[tokio::test]
#[ignore = "a measurement"]
async fn ten_thousand_alarms() {
    let definitions: Vec<Value> = (0..10_000)
        .map(|i| metric_with(&format!("a{i}"), json!({})))
        .collect();
    minutes("10,000 alarms over one series", &definitions, 4).await;
}

#[tokio::test]
#[ignore = "a measurement"]
async fn ten_alarms_over_six_thousand_pods() {
    let definitions: Vec<Value> = (0..10)
        .map(|i| series(&format!("a{i}"), json!({})))
        .collect();
    minutes("10 alarms over 6,000 pods", &definitions, 4).await;
}
