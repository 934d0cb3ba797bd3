//! What a replay over weeks takes, with the reading of them.

use std::path::Path;
use std::time::Instant;

use serde_json::{Value, json};

use super::feed::now_usec;
use super::running::Running;
use crate::bench::Failure;
use crate::cli::Alarms;
use crate::load::{NodeLoad, Scale, TICKS_PER_MINUTE, entity_names, pod};
use crate::report::{Table, count, fixed};
use crate::stores::{Sender, TimedStore, runtime};

const DAY_USEC: i64 = 86_400_000_000;
const HOURS_OF_A_FLUSH: usize = 6;

pub(super) fn run(options: &Alarms, dir: &Path) -> Result<(), Failure> {
    let folder = dir.join("replaying");
    std::fs::create_dir_all(&folder)?;
    let rows = runtime()?.block_on(filled(options, &folder))?;
    let server = Running::start(&folder, "")?;
    let names = entity_names(0, 0, None);
    let one = json!({"namespace": names.namespace, "pod": names.pod});
    let mut table = Table::new(
        format!(
            "Replay over {} days of {} pods ({} rows), reading included",
            options.days,
            options.pods,
            count(rows)
        ),
        &["alarm", "points", "changes of state", "wall ms", "CPU ms"],
    );
    let cases = [
        ("one pod, minutes, 3 of 5", 60, json!({"Filters": one})),
        (
            "one pod, five minutes, 2 of 3",
            300,
            json!({"Filters": one}),
        ),
        (
            "each pod, minutes, 3 of 5",
            60,
            json!({"GroupBy": ["namespace", "pod"]}),
        ),
    ];
    for (case, period, of) in cases {
        let mut rows =
            json!({"Entity": "pod", "Metric": "cpu_usage_usec_per_second", "Statistic": "Average"});
        for (key, value) in of.as_object().into_iter().flatten() {
            rows[key] = value.clone();
        }
        let (n, m) = if period == 60 { (5, 3) } else { (3, 2) };
        let question = |threshold: f64| {
            json!({"start": format!("-{}d", options.days), "definition": {
                "AlarmName": "replayed", "Source": {"Rows": rows}, "Period": period, "EvaluationPeriods": n,
                "DatapointsToAlarm": m, "Threshold": threshold, "ComparisonOperator": "GreaterThanThreshold"}})
        };
        // The second time, as one who moves a threshold meets it: to what a tenth of the values are above.
        let threshold = upper_tenth(&server.replay(&question(1e18))?);
        let (before, began) = (server.used()?.cpu, Instant::now());
        let found = server.replay(&question(threshold))?;
        let wall = began.elapsed().as_secs_f64() * 1e3;
        let cpu = server.used()?.cpu.saturating_sub(before).as_secs_f64() * 1e3;
        let (points, changes) = counted(&found);
        if points == 0 || changes == 0 {
            let notes = &found["notes"];
            return Err(format!("{case}: {points} points, {changes} changes; {notes}").into());
        }
        table.row([
            case.to_owned(),
            count(points),
            count(changes),
            fixed(wall),
            fixed(cpu),
        ]);
    }
    table.print();
    Ok(())
}

/// What a tenth of the first series' values are above.
fn upper_tenth(answer: &Value) -> f64 {
    let values = answer["series"][0]["values"].as_array();
    let values = values.into_iter().flatten().filter_map(Value::as_f64);
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() * 9 / 10).copied().unwrap_or(0.0)
}

/// Points that exist, and changes of state, of all series.
fn counted(answer: &Value) -> (u64, u64) {
    let series = answer["series"].as_array().into_iter().flatten();
    let (mut points, mut changes) = (0, 0);
    for one in series {
        let values = one["values"].as_array().into_iter().flatten();
        points += values.filter(|value| !value.is_null()).count() as u64;
        changes += one["transitions"].as_array().map_or(0, Vec::len) as u64;
    }
    (points, changes)
}

/// A node's rows up to now, flushed and compacted as a server would have done.
async fn filled(options: &Alarms, folder: &Path) -> Result<u64, Failure> {
    let scale: Scale = format!("1x{}x1", options.pods).parse()?;
    let start =
        now_usec().div_euclid(DAY_USEC / 24) * (DAY_USEC / 24) - i64::from(options.days) * DAY_USEC;
    let store = TimedStore::open(folder, start).await?;
    let mut load = NodeLoad::new(pod(), &scale, 0).starting(start);
    let mut sender = Sender::new(0, pod())?;
    let hours = options.days as usize * 24;
    for hour in 0..hours {
        for _ in 0..6 {
            let batch = load.batch(10 * TICKS_PER_MINUTE)?;
            store.receive(sender.frame(&batch)?).await?;
        }
        if (hour + 1) % HOURS_OF_A_FLUSH == 0 {
            store.flush().await?;
        }
        if (hour + 1) % 24 == 0 {
            store.tend().await?;
            eprint!("\rday {} of {}", (hour + 1) / 24, options.days);
        }
    }
    store.flush().await?;
    store.tend().await?;
    eprintln!();
    Ok((hours * 3600 / 10 * options.pods) as u64)
}
