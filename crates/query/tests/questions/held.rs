//! Tables held in memory.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, AsArray, BooleanArray, Float64Array, Int64Array, MapBuilder, RecordBatch,
    StringArray, StringBuilder, TimestampMicrosecondArray,
};
use arrow::compute::cast;
use arrow::datatypes::{DataType, SchemaRef, TimestampMicrosecondType};
use catalogue::{Table, Tier};
use datafusion::catalog::{MemTable, TableProvider};
use query::{Limits, Query, Tables};
use serde_json::{Map, Value};

/// 2026-11-23T10:00:00Z in seconds of the epoch.
pub(crate) const TEN: i64 = 1_795_428_000;

/// Rows by table and tier.
#[derive(Default)]
pub(crate) struct Held {
    tables: HashMap<(&'static str, Tier), Arc<dyn TableProvider>>,
    rows: HashMap<(&'static str, Tier), RecordBatch>,
}

impl fmt::Debug for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Held")
    }
}

pub(crate) fn table(name: &str) -> &'static Table {
    catalogue::table(name).unwrap()
}

impl Held {
    /// Adds rows to what is held of a table and tier; each is a JSON object by column, without `time`: it is the
    /// first of the pair, in seconds after ten.
    pub(crate) fn with(self, name: &str, tier: Tier, rows: Vec<(i64, Value)>) -> Held {
        let table = table(name);
        let batch = batch(&table.schema_in(tier), rows);
        self.with_batch(table, tier, batch)
    }

    pub(crate) fn with_batch(
        mut self,
        table: &'static Table,
        tier: Tier,
        batch: RecordBatch,
    ) -> Held {
        // Two partitions, as the store deals its batches.
        let half = batch.num_rows() / 2;
        let parts = vec![
            vec![batch.slice(0, half)],
            vec![batch.slice(half, batch.num_rows() - half)],
        ];
        let provider = MemTable::try_new(batch.schema(), parts).unwrap();
        self.tables.insert((table.name, tier), Arc::new(provider));
        self.rows.insert((table.name, tier), batch);
        self
    }

    pub(crate) fn with_provider(mut self, name: &str, provider: Arc<dyn TableProvider>) -> Held {
        self.tables.insert((table(name).name, Tier::Raw), provider);
        self
    }

    pub(crate) fn query(self) -> Query {
        self.query_within(Limits {
            threads: 2,
            ..Limits::default()
        })
    }

    pub(crate) fn query_within(self, limits: Limits) -> Query {
        Query::new(Arc::new(self), limits).unwrap()
    }
}

impl Tables for Held {
    fn provider(&self, table: &'static Table, tier: Tier) -> Arc<dyn TableProvider> {
        match self.tables.get(&(table.name, tier)) {
            Some(provider) => Arc::clone(provider),
            None => Arc::new(MemTable::try_new(table.schema_in(tier), vec![vec![]]).unwrap()),
        }
    }

    /// The raw rows as they are: a test holds one for each entity.
    fn latest(&self, table: &'static Table) -> RecordBatch {
        match self.rows.get(&(table.name, Tier::Raw)) {
            Some(batch) => batch.clone(),
            None => RecordBatch::new_empty(table.schema()),
        }
    }

    fn range(&self, table: &'static Table, tier: Tier) -> Option<(i64, i64)> {
        let batch = self.rows.get(&(table.name, tier))?;
        let times = batch
            .column_by_name("time")?
            .as_primitive::<TimestampMicrosecondType>();
        Some((arrow::compute::min(times)?, arrow::compute::max(times)?))
    }
}

/// A batch of rows written as JSON objects; a column that a row does not name is null.
pub(crate) fn batch(schema: &SchemaRef, rows: Vec<(i64, Value)>) -> RecordBatch {
    let rows: Vec<(i64, Map<String, Value>)> = rows
        .into_iter()
        .map(|(seconds, row)| {
            (
                (TEN + seconds) * 1_000_000,
                row.as_object().unwrap().clone(),
            )
        })
        .collect();
    for (_, row) in &rows {
        for name in row.keys() {
            assert!(
                schema.field_with_name(name).is_ok(),
                "there is no column {name}"
            );
        }
    }
    let columns = schema
        .fields()
        .iter()
        .map(|field| -> ArrayRef {
            let name = field.name().as_str();
            let values = || {
                rows.iter()
                    .map(move |(_, row)| row.get(name).filter(|v| !v.is_null()))
            };
            match field.data_type() {
                DataType::Int64 => Arc::new(
                    values()
                        .map(|v| v.map(|v| v.as_i64().unwrap()))
                        .collect::<Int64Array>(),
                ),
                DataType::Float64 => Arc::new(
                    values()
                        .map(|v| v.map(|v| v.as_f64().unwrap()))
                        .collect::<Float64Array>(),
                ),
                DataType::Boolean => Arc::new(
                    values()
                        .map(|v| v.map(|v| v.as_bool().unwrap()))
                        .collect::<BooleanArray>(),
                ),
                DataType::Timestamp(..) => {
                    let times: TimestampMicrosecondArray = match name {
                        "time" => rows.iter().map(|(time, _)| Some(*time)).collect(),
                        _ => values().map(|v| v.map(|v| v.as_i64().unwrap())).collect(),
                    };
                    Arc::new(times.with_timezone("UTC"))
                }
                DataType::Map(..) => {
                    let mut maps =
                        MapBuilder::new(None, StringBuilder::new(), StringBuilder::new());
                    for value in values() {
                        for (key, value) in value.and_then(Value::as_object).into_iter().flatten() {
                            maps.keys().append_value(key);
                            maps.values().append_value(value.as_str().unwrap());
                        }
                        maps.append(value.is_some()).unwrap();
                    }
                    // The builder's names of the inner fields are its own.
                    cast(&maps.finish(), field.data_type()).unwrap()
                }
                other => {
                    let texts: StringArray =
                        values().map(|v| v.map(|v| v.as_str().unwrap())).collect();
                    cast(&texts, other).unwrap()
                }
            }
        })
        .collect();
    RecordBatch::try_new(Arc::clone(schema), columns).unwrap()
}
