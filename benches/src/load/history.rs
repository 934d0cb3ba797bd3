//! The same samples as a time-series database wants them: entity by entity, counters that grow.

use catalogue::{ColumnType, Table, Temporality};

use super::columns::{Value, is_measurement, value};
use super::fleet::{delay, delays, entities};
use super::names::EntityNames;
use super::{Scale, tick_usec};

/// One entity's samples.
#[derive(Debug)]
pub(crate) struct History {
    pub(crate) names: EntityNames,
    /// The ticks' times, milliseconds of the epoch.
    pub(crate) times_ms: Vec<i64>,
    /// Each measurement that it has, by the column's name: a counter for an increase, the value itself for the rest.
    pub(crate) series: Vec<(&'static str, Vec<i64>)>,
}

impl History {
    pub(crate) fn samples(&self) -> u64 {
        self.series
            .iter()
            .map(|(_, values)| values.len() as u64)
            .sum()
    }
}

/// The histories of a table's entities on one node, of those columns that `wanted` takes.
pub(crate) fn history(
    table: &'static Table,
    scale: &Scale,
    node: usize,
    wanted: impl Fn(&str) -> bool,
) -> Vec<History> {
    let ticks = scale.ticks();
    let columns: Vec<(usize, &'static str, bool, Value)> = table
        .columns
        .iter()
        .enumerate()
        .filter(|(_, c)| c.kind == ColumnType::Integer && is_measurement(c) && wanted(c.name))
        .filter_map(|(at, c)| {
            Some((
                at,
                c.name,
                c.temporality == Temporality::Delta,
                value(c.name)?,
            ))
        })
        .collect();
    let mut random = delays(node);
    let delays: Vec<i64> = (0..ticks).map(|_| delay(&mut random)).collect();
    let times_ms: Vec<i64> = (0..ticks).map(|tick| tick_usec(tick) / 1000).collect();
    let entities = entities(table, scale, node).into_iter().enumerate();
    entities
        .map(|(at, (names, mut behaviour))| {
            let mut series: Vec<(&'static str, Vec<i64>)> = columns
                .iter()
                .map(|(_, name, ..)| (*name, Vec::with_capacity(ticks)))
                .collect();
            for delay in &delays {
                behaviour.step(delay + 30 * at as i64);
                for ((index, _, is_counter, value), (_, values)) in columns.iter().zip(&mut series)
                {
                    let Some(now) = value(&behaviour) else {
                        continue;
                    };
                    let before = match (is_counter, values.last()) {
                        (false, _) => 0,
                        (true, Some(before)) => *before,
                        (true, None) => behaviour.counter_before(*index, now),
                    };
                    values.push(before + now);
                }
            }
            series.retain(|(_, values)| !values.is_empty());
            History {
                names,
                times_ms: times_ms.clone(),
                series,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::{NodeLoad, container, measurements, pod};
    use arrow::array::AsArray;
    use arrow::datatypes::Int64Type;

    #[test]
    fn rows_and_series_are_the_same_samples() {
        let scale: Scale = "3x4x2x5".parse().unwrap();
        for table in [pod(), container()] {
            let batch = NodeLoad::new(table, &scale, 2)
                .batch(scale.ticks())
                .unwrap();
            let histories = history(table, &scale, 2, |_| true);
            let samples: u64 = histories.iter().map(History::samples).sum();
            assert_eq!(samples, measurements(table, &batch));

            let cpu = batch
                .column_by_name("cpu_usage_usec")
                .unwrap()
                .as_primitive::<Int64Type>();
            let entities = scale.per_node(table);
            for (at, history) in histories.iter().enumerate() {
                let (_, counter) = history
                    .series
                    .iter()
                    .find(|(name, _)| *name == "cpu_usage_usec")
                    .unwrap();
                for (tick, pair) in counter.windows(2).enumerate() {
                    assert_eq!(pair[1] - pair[0], cpu.value((tick + 1) * entities + at));
                }
            }
        }
    }
}
