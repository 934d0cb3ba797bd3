//! A server's alarms that is killed at random moments, for `tests/crash.rs`: an alarm goes to and fro, each second of its own time,
//! and its receiver writes what it is told to a file.
//!
//! `recorder FOLDER FILE CHANGES` goes on where it was killed, and ends when the alarm has changed so often and
//! everything is told. It says `begun` once its file is open, and last how often the alarm has changed. Each line of the file is `<delivery> <number> <state>`; so is each line of `FILE.again` for one
//! that was told before and is known by its id.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use alarm::{Period, State, Transition};
use async_trait::async_trait;
use evaluator::{
    Ask, Deliver, Evaluator, Failure, HistoryItemType, HistoryQuery, Labels, NamedActions, Now,
    Settings, Window, Windows,
};
use serde_json::json;

const SECOND: i64 = 1_000_000;
const START: i64 = 1_800_000_000 * SECOND;
/// From one change to the next.
const STEP: i64 = 10 * SECOND;

/// Breaches in every second period.
struct Sawtooth;

#[async_trait]
impl Windows for Sawtooth {
    async fn read(&self, asks: &[Ask], _now: i64) -> Vec<Result<Vec<Window>, String>> {
        let value = |start: i64| if start / STEP % 2 == 0 { 9.0 } else { 1.0 };
        let window = |ask: &Ask| Window {
            labels: Labels::new(),
            words: evaluator::Words::new(),
            periods: ask
                .starts
                .iter()
                .map(|at| Period::new(*at, Some(value(*at))))
                .collect(),
        };
        asks.iter().map(|ask| Ok(vec![window(ask)])).collect()
    }
}

/// A receiver that knows repetitions by their ids, as real ones do.
struct Recorder {
    told: Mutex<HashSet<String>>,
    file: Mutex<File>,
    again: Mutex<File>,
}

#[async_trait]
impl Deliver for Recorder {
    async fn deliver(
        &self,
        _receiver: &str,
        transitions: &[Transition],
        delivery: &str,
        _attempt: u32,
    ) -> Result<String, Failure> {
        let write = |file: &Mutex<File>| -> io::Result<()> {
            let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
            for transition in transitions {
                // In one write, so that a kill leaves whole lines.
                let line = format!("{delivery} {} {}\n", transition.number, transition.to);
                file.write_all(line.as_bytes())?;
            }
            file.sync_data()
        };
        let is_new = self
            .told
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(delivery.to_owned());
        let written = if is_new {
            write(&self.file)
        } else {
            write(&self.again)
        };
        // The receiver has it, and its answer is on its way.
        tokio::time::sleep(Duration::from_millis(2)).await;
        match written {
            Ok(()) => Ok("200 OK".to_owned()),
            Err(error) => Err(Failure {
                transient: true,
                retry_after: None,
                message: error.to_string(),
            }),
        }
    }
}

fn recorder(path: &Path) -> io::Result<Recorder> {
    let file = File::options()
        .create(true)
        .read(true)
        .append(true)
        .open(path)?;
    let mut told = HashSet::new();
    for line in BufReader::new(&file).lines() {
        told.extend(line?.split(' ').next().map(str::to_owned));
    }
    let again = File::options()
        .create(true)
        .append(true)
        .open(path.with_extension("again"))?;
    Ok(Recorder {
        told: Mutex::new(told),
        file: Mutex::new(file),
        again: Mutex::new(again),
    })
}

async fn changes(evaluator: &Evaluator) -> Result<(u64, i64), Box<dyn std::error::Error>> {
    let newest = HistoryQuery {
        kind: Some(HistoryItemType::StateUpdate),
        limit: 1,
        ..HistoryQuery::default()
    };
    let newest = evaluator.history(newest).await?;
    let number = |item: &evaluator::HistoryItem| item.data.get("number").and_then(|n| n.as_u64());
    Ok(newest
        .first()
        .map_or((0, START), |item| (number(item).unwrap_or(0), item.time)))
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, file, count] = arguments.as_slice() else {
        return Err("recorder FOLDER FILE CHANGES".into());
    };
    let count: u64 = count.parse()?;
    let settings = Settings {
        settle_seconds: 0,
        ..Settings::default()
    };
    let evaluator = Evaluator::open(Path::new(folder), settings, Arc::new(NamedActions))?;
    let recorder = Arc::new(recorder(Path::new(file))?);
    let definition = json!({
        "AlarmName": "cpu", "Namespace": "ContainerInsights", "MetricName": "pod_cpu_utilization",
        "Statistic": "Average", "Period": 10, "EvaluationPeriods": 1, "Threshold": 3.0,
        "ComparisonOperator": "GreaterThanThreshold", "OKActions": ["file"], "AlarmActions": ["file"],
    });
    evaluator.put(&definition, START).await?;
    // A busy machine takes its time to get here: who kills may wait for it.
    println!("begun");
    io::stdout().flush()?;
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let deliveries = evaluator.clone();
    let loops = tokio::spawn(async move { deliveries.run_deliveries(recorder, stopped).await });
    let (_, mut at) = changes(&evaluator).await?;
    while changes(&evaluator).await?.0 < count {
        at += STEP;
        let monotonic = Duration::from_micros(u64::try_from(at - START)?);
        evaluator
            .round(
                Now {
                    wall: at,
                    monotonic,
                },
                &Sawtooth,
            )
            .await;
    }
    while evaluator.health().owed > 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    stop.send(true)?;
    loops.await?;
    let state = evaluator
        .describe("cpu")
        .map_or(State::InsufficientData, |status| status.state);
    println!("{} {state}", changes(&evaluator).await?.0);
    Ok(())
}
