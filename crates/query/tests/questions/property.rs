//! Statistics from any tier are those computed plainly from the raw rows.

use std::collections::BTreeMap;

use catalogue::Tier;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::held::{Held, table};
use crate::roll::roll;
use crate::statistics::{ask, only};

/// What one container did at one tick.
#[derive(Debug, Clone)]
struct Reading {
    tick: i64,
    container: u8,
    cpu: Option<i64>,
    memory: Option<i64>,
    interval: i64,
}

/// A quarter of an hour of up to four containers, with rows and values missing at random.
fn readings() -> impl Strategy<Value = Vec<Reading>> {
    let one = (
        0_i64..90,
        0_u8..4,
        prop::option::weighted(0.8, 0_i64..40_000_000),
        prop::option::weighted(0.8, 0_i64..10_000),
        9_900_000_i64..10_100_000,
    );
    prop::collection::vec(one, 1..120).prop_map(|list| {
        // One row for each container and tick, in order of time.
        let rows: BTreeMap<(i64, u8), Reading> = list
            .into_iter()
            .map(|(tick, container, cpu, memory, interval)| {
                (
                    (tick, container),
                    Reading {
                        tick,
                        container,
                        cpu,
                        memory,
                        interval,
                    },
                )
            })
            .collect();
        rows.into_values().collect()
    })
}

fn raw(readings: &[Reading]) -> Vec<(i64, Value)> {
    readings
        .iter()
        .map(|r| {
            let row = json!({
                "cluster": "c", "node": "n", "container_id": format!("id{}", r.container), "container_kind": "container",
                "interval_usec": r.interval, "cpu_usage_usec": r.cpu, "memory_usage_bytes": r.memory,
                "memory_limit_bytes": 20_000, "node_cpu_cores": 2.0,
            });
            (r.tick * 10, row)
        })
        .collect()
}

/// Value, least and greatest of a container's minute.
type Sample = (f64, f64, f64);

/// The samples of each period, container by container, from the definitions.
fn samples(
    readings: &[Reading],
    metric: &str,
    period: i64,
) -> BTreeMap<i64, BTreeMap<u8, Vec<Sample>>> {
    let mut minutes: BTreeMap<(i64, u8), Vec<&Reading>> = BTreeMap::new();
    for reading in readings {
        minutes
            .entry((reading.tick * 10 / 60, reading.container))
            .or_default()
            .push(reading);
    }
    let mut periods: BTreeMap<i64, BTreeMap<u8, Vec<Sample>>> = BTreeMap::new();
    for ((minute, container), rows) in minutes {
        let sample = match metric {
            "container_cpu_usage_total" => {
                // Σ increments over Σ intervals, in millicores.
                let increments: Vec<i64> = rows.iter().filter_map(|r| r.cpu).collect();
                let interval: i64 = rows.iter().map(|r| r.interval).sum();
                (!increments.is_empty()).then(|| {
                    let rate = increments.iter().sum::<i64>() as f64 / interval as f64 * 1000.0;
                    (rate, rate, rate)
                })
            }
            _ => {
                let read: Vec<f64> = rows
                    .iter()
                    .filter_map(|r| r.memory)
                    .map(|m| m as f64)
                    .collect();
                (!read.is_empty()).then(|| {
                    let least = read.iter().copied().fold(f64::INFINITY, f64::min);
                    let greatest = read.iter().copied().fold(0.0, f64::max);
                    (
                        read.iter().sum::<f64>() / read.len() as f64,
                        least,
                        greatest,
                    )
                })
            }
        };
        if let Some(sample) = sample {
            periods
                .entry(minute * 60 / period)
                .or_default()
                .entry(container)
                .or_default()
                .push(sample);
        }
    }
    periods
}

fn expected(entities: &BTreeMap<u8, Vec<Sample>>, statistic: &str) -> f64 {
    let all: Vec<Sample> = entities.values().flatten().copied().collect();
    let sum: f64 = all.iter().map(|s| s.0).sum();
    match statistic {
        "Sum" => sum,
        "Average" => sum / all.len() as f64,
        "SampleCount" => all.len() as f64,
        "Minimum" => all.iter().map(|s| s.1).fold(f64::INFINITY, f64::min),
        "Maximum" => all.iter().map(|s| s.2).fold(f64::NEG_INFINITY, f64::max),
        "Total" => entities
            .values()
            .map(|s| s.iter().map(|s| s.0).sum::<f64>() / s.len() as f64)
            .sum(),
        _ => {
            let mut values: Vec<f64> = all.iter().map(|s| s.0).collect();
            values.sort_by(f64::total_cmp);
            let share: f64 = statistic[1..].parse::<f64>().unwrap() / 100.0;
            let place = share * (values.len() - 1) as f64;
            let (below, above) = (
                values[place.floor() as usize],
                values[place.ceil() as usize],
            );
            below + (above - below) * place.fract()
        }
    }
}

const STATISTICS: [&str; 7] = [
    "Average",
    "Sum",
    "SampleCount",
    "Minimum",
    "Maximum",
    "Total",
    "p90",
];

async fn check(held: Held, readings: &[Reading], metric: &str, period: i64, statistics: &[&str]) {
    let query = held.query();
    let metrics: Vec<Value> = statistics
        .iter()
        .map(|s| json!({"metric": metric, "statistic": s}))
        .collect();
    let answer = ask(
        &query,
        json!({"entity": "container", "metrics": metrics, "start": "2026-11-23T10:00:00Z",
               "end": "2026-11-23T10:15:00Z", "period_seconds": period}),
    )
    .await;
    let samples = samples(readings, metric, period);
    for (statistic, series) in statistics.iter().zip(&answer.series) {
        for (i, value) in series.values.iter().enumerate() {
            let expected = samples
                .get(&(i as i64))
                .map(|entities| expected(entities, statistic));
            let close = match (value, expected) {
                (None, None) => true,
                // Percentiles are interpolated in steps of a millionth.
                (Some(value), Some(expected)) => {
                    (value - expected).abs() <= 1e-6 + expected.abs() * 2e-6
                }
                _ => false,
            };
            assert!(
                close,
                "{metric} {statistic}, {period} s, period {i}: {value:?} is not {expected:?}"
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn from_minutes_or_from_raw_rows_it_is_the_same(readings in readings(), long in any::<bool>()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let raw = raw(&readings);
        let period = if long { 300 } else { 60 };
        runtime.block_on(async {
            for metric in ["container_cpu_usage_total", "memory_usage_bytes"] {
                let minutes = roll(table("container"), Tier::Minute, &raw);
                let held = Held::default().with("container", Tier::Minute, minutes);
                check(held, &readings, metric, period, &STATISTICS).await;
                // Without minute rows they are made of the raw ones.
                let held = Held::default().with("container", Tier::Raw, raw.clone());
                check(held, &readings, metric, period, &STATISTICS).await;
            }
        });
    }
}

#[tokio::test]
async fn the_first_series_is_the_only_one() {
    let rows = vec![Reading {
        tick: 0,
        container: 0,
        cpu: Some(10_000_000),
        memory: None,
        interval: 10_000_000,
    }];
    let query = Held::default()
        .with("container", Tier::Raw, raw(&rows))
        .query();
    let request = json!({"entity": "container", "metric": "container_cpu_usage_total", "start": "-10m", "end": "-9m",
                         "period_seconds": 60});
    assert_eq!(only(&ask(&query, request).await), [Some(1000.0)]);
}
