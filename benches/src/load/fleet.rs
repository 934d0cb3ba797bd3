//! A node's rows, tick after tick, as record batches.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, DictionaryArray, Float64Array, Int32Array, Int64Array, RecordBatch,
    StringArray, TimestampMicrosecondArray, new_null_array,
};
use arrow::datatypes::{Int32Type, SchemaRef};
use arrow::error::ArrowError;
use catalogue::{ColumnType, Table};

use super::behaviour::Behaviour;
use super::columns::{Value, value};
use super::names::{EntityNames, entity_names};
use super::random::Random;
use super::{START_USEC, Scale, TICK_USEC};

/// The entities of one table on one node.
#[derive(Debug)]
pub(crate) struct NodeLoad {
    table: &'static Table,
    schema: SchemaRef,
    entities: Vec<Behaviour>,
    columns: Vec<Source>,
    delays: Random,
    start_usec: i64,
    next_tick: usize,
}

/// Where a column's values come from.
#[derive(Debug)]
enum Source {
    Time,
    /// The distinct texts, and for each entity which it has.
    Text {
        distinct: Arc<StringArray>,
        keys: Vec<Option<i32>>,
    },
    Cores,
    HostNetwork,
    Number(Value, ColumnType),
    Null,
}

/// The entities of a table on a node, each by its numbers: the same for rows here and series elsewhere.
pub(super) fn entities(table: &Table, scale: &Scale, node: usize) -> Vec<(EntityNames, Behaviour)> {
    (0..scale.per_node(table))
        .map(|at| {
            let (pod, container) = match table.name {
                "pod" => (at, None),
                _ => (at / scale.containers, Some(at % scale.containers)),
            };
            let kind = container.map_or(0, |c| c as u64 + 1);
            (
                entity_names(node, pod, container),
                Behaviour::new(&[node as u64, pod as u64, kind]),
            )
        })
        .collect()
}

/// How long after each tick a node's agent comes to its entities: the same generator for rows and series.
pub(super) fn delays(node: usize) -> Random {
    Random::of(&[21, node as u64])
}

/// The next such delay.
pub(super) fn delay(random: &mut Random) -> i64 {
    1_500
        + random.below(3_000) as i64
        + if random.chance(0.02) {
            random.below(40_000) as i64
        } else {
            0
        }
}

impl NodeLoad {
    pub(crate) fn new(table: &'static Table, scale: &Scale, node: usize) -> NodeLoad {
        let (names, entities): (Vec<EntityNames>, Vec<Behaviour>) =
            super::fleet::entities(table, scale, node)
                .into_iter()
                .unzip();
        let columns = table
            .columns
            .iter()
            .map(|column| match column.kind {
                ColumnType::Time if column.name == "time" => Source::Time,
                ColumnType::Text => text(column.name, &names),
                ColumnType::Float if column.name == "node_cpu_cores" => Source::Cores,
                ColumnType::Boolean if column.name == "host_network" => Source::HostNetwork,
                ColumnType::Integer | ColumnType::Time => value(column.name)
                    .map_or(Source::Null, |value| Source::Number(value, column.kind)),
                _ => Source::Null,
            })
            .collect();
        NodeLoad {
            table,
            schema: table.schema(),
            entities,
            columns,
            delays: delays(node),
            start_usec: START_USEC,
            next_tick: 0,
        }
    }

    /// The same rows, the first of them at another time.
    pub(crate) fn starting(self, start_usec: i64) -> NodeLoad {
        NodeLoad { start_usec, ..self }
    }

    pub(crate) fn table(&self) -> &'static Table {
        self.table
    }

    /// The rows of the next ticks: tick by tick, and in each entity by entity, as an agent writes them.
    pub(crate) fn batch(&mut self, ticks: usize) -> Result<RecordBatch, ArrowError> {
        let count = self.entities.len();
        let rows = ticks * count;
        let mut numbers: Vec<Vec<Option<i64>>> = self
            .columns
            .iter()
            .map(|source| match source {
                Source::Number(..) => Vec::with_capacity(rows),
                _ => Vec::new(),
            })
            .collect();
        for _ in 0..ticks {
            let delay = delay(&mut self.delays);
            for (at, entity) in self.entities.iter_mut().enumerate() {
                // An agent goes through its entities one by one.
                entity.step(delay + 30 * at as i64);
                for (source, values) in self.columns.iter().zip(&mut numbers) {
                    if let Source::Number(value, _) = source {
                        values.push(value(entity));
                    }
                }
            }
        }
        let first = self.next_tick;
        self.next_tick += ticks;
        let arrays = self
            .columns
            .iter()
            .zip(numbers)
            .zip(self.schema.fields())
            .map(
                |((source, numbers), field)| -> Result<ArrayRef, ArrowError> {
                    Ok(match source {
                        Source::Time => {
                            let time = |row: usize| {
                                self.start_usec + (first + row / count) as i64 * TICK_USEC
                            };
                            let times = (0..rows).map(time);
                            Arc::new(
                                TimestampMicrosecondArray::from_iter_values(times)
                                    .with_timezone("UTC"),
                            )
                        }
                        Source::Text { distinct, keys } => {
                            let keys: Int32Array =
                                (0..ticks).flat_map(|_| keys.iter().copied()).collect();
                            let values: ArrayRef = Arc::clone(distinct) as _;
                            Arc::new(DictionaryArray::<Int32Type>::try_new(keys, values)?)
                        }
                        Source::Cores => Arc::new(Float64Array::from(vec![16.0; rows])),
                        Source::HostNetwork => Arc::new(BooleanArray::from(vec![false; rows])),
                        Source::Number(_, ColumnType::Time) => {
                            Arc::new(TimestampMicrosecondArray::from(numbers).with_timezone("UTC"))
                        }
                        Source::Number(..) => Arc::new(Int64Array::from(numbers)),
                        Source::Null => new_null_array(field.data_type(), rows),
                    })
                },
            )
            .collect::<Result<Vec<_>, _>>()?;
        RecordBatch::try_new(Arc::clone(&self.schema), arrays)
    }
}

fn text(column: &str, names: &[EntityNames]) -> Source {
    let texts: Vec<Option<String>> = names.iter().map(|n| n.text(column)).collect();
    let mut distinct: Vec<&str> = texts.iter().flatten().map(String::as_str).collect();
    distinct.sort_unstable();
    distinct.dedup();
    if distinct.is_empty() {
        return Source::Null;
    }
    let key = |text: &String| {
        distinct
            .binary_search(&text.as_str())
            .ok()
            .map(|at| at as i32)
    };
    Source::Text {
        keys: texts
            .iter()
            .map(|text| text.as_ref().and_then(key))
            .collect(),
        distinct: Arc::new(StringArray::from_iter_values(&distinct)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::{container, measurements, pod, tick_usec};

    #[test]
    fn a_node_gives_rows_of_the_catalogue() {
        let scale: Scale = "1x6x2x60".parse().unwrap();
        for (table, entities) in [(pod(), 6), (container(), 12)] {
            let mut node = NodeLoad::new(table, &scale, 0);
            let batch = node.batch(10).unwrap();
            assert_eq!(batch.num_rows(), 10 * entities);
            assert_eq!(batch.schema(), table.schema());
            let each = measurements(table, &batch) / batch.num_rows() as u64;
            assert!(
                (45..70).contains(&each),
                "{} measurements a row of {}",
                each,
                table.name
            );
            assert_ne!(node.batch(10).unwrap(), batch, "time goes on");
        }
    }

    #[test]
    fn the_server_takes_such_rows() {
        let scale: Scale = "1x6x2x60".parse().unwrap();
        for table in [pod(), container()] {
            let batch = NodeLoad::new(table, &scale, 0).batch(2).unwrap();
            let body = wire::encode(std::slice::from_ref(&batch), wire::Encoding::Zstd).unwrap();
            let now = tick_usec(2);
            let taken = wire::decode(
                table,
                wire::Encoding::Zstd,
                &body,
                &wire::Limits::default(),
                now,
            )
            .unwrap();
            assert_eq!(taken.rows, batch.num_rows());
            assert_eq!(taken.batches, [batch]);
        }
    }
}
