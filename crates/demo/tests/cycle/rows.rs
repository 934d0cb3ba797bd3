//! Rows of batches by column names, and a cluster that has lived for a time.

use std::collections::BTreeMap;

use arrow_array::Array;
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int32Type, Int64Type, TimestampMicrosecondType};
use arrow_schema::DataType;
use demo::{Demo, Scale, TICK_USEC};
use wire::rows::TableBatch;

/// 2027-01-15 08:00:00 UTC: an even hour.
pub(crate) const EVEN_HOUR: i64 = 1_800_000_000_000_000;
pub(crate) const MINUTE: i64 = 60_000_000;

/// A cell.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Cell {
    Text(String),
    Number(i64),
    Float(f64),
    Flag(bool),
    Labels(BTreeMap<String, String>),
}

/// A row without its nulls.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Row(Vec<(&'static str, Cell)>);

impl Row {
    pub(crate) fn get(&self, column: &str) -> Option<&Cell> {
        let found = self.0.iter().find(|(name, _)| *name == column);
        found.map(|(_, cell)| cell)
    }

    pub(crate) fn text(&self, column: &str) -> &str {
        match self.get(column) {
            Some(Cell::Text(text)) => text,
            _ => "",
        }
    }

    pub(crate) fn number(&self, column: &str) -> Option<i64> {
        match self.get(column) {
            Some(Cell::Number(number)) => Some(*number),
            _ => None,
        }
    }

    pub(crate) fn label(&self, column: &str, name: &str) -> Option<&str> {
        match self.get(column) {
            Some(Cell::Labels(labels)) => labels.get(name).map(String::as_str),
            _ => None,
        }
    }

    pub(crate) fn is(&self, column: &str, text: &str) -> bool {
        self.text(column) == text
    }

    pub(crate) fn flag(&self, column: &str) -> bool {
        self.get(column) == Some(&Cell::Flag(true))
    }
}

/// The rows of a batch.
pub(crate) fn rows(batch: &TableBatch) -> Vec<Row> {
    let mut rows = vec![Row(Vec::new()); batch.batch.num_rows()];
    for (column, values) in batch.table.columns.iter().zip(batch.batch.columns()) {
        for (at, row) in rows.iter_mut().enumerate() {
            if !values.is_null(at) {
                row.0.push((column.name, cell(values, at)));
            }
        }
    }
    rows
}

fn cell(column: &dyn Array, at: usize) -> Cell {
    match column.data_type() {
        DataType::Dictionary(_, _) => {
            let column = column.as_dictionary::<Int32Type>();
            let key = column.key(at).unwrap();
            Cell::Text(column.values().as_string::<i32>().value(key).to_owned())
        }
        DataType::Utf8 => Cell::Text(column.as_string::<i32>().value(at).to_owned()),
        DataType::Int64 => Cell::Number(column.as_primitive::<Int64Type>().value(at)),
        DataType::Float64 => Cell::Float(column.as_primitive::<Float64Type>().value(at)),
        DataType::Boolean => Cell::Flag(column.as_boolean().value(at)),
        DataType::Timestamp(_, _) => {
            Cell::Number(column.as_primitive::<TimestampMicrosecondType>().value(at))
        }
        DataType::Map(_, _) => {
            let entry = column.as_map().value(at);
            let texts = |n: usize| entry.column(n).as_string::<i32>().clone();
            let (keys, values) = (texts(0), texts(1));
            let pairs = keys.iter().zip(values.iter());
            Cell::Labels(
                pairs
                    .map(|(k, v)| (k.unwrap().to_owned(), v.unwrap_or_default().to_owned()))
                    .collect(),
            )
        }
        other => panic!("{other} is not read"),
    }
}

/// All batches of a time, by table.
pub(crate) fn live(
    scale: Scale,
    seed: u64,
    start: i64,
    minutes: i64,
) -> BTreeMap<&'static str, Vec<TableBatch>> {
    let mut demo = Demo::new(scale, seed, start).unwrap();
    let mut batches: BTreeMap<&'static str, Vec<TableBatch>> = BTreeMap::new();
    for filled in demo.history(start + minutes * MINUTE, TICK_USEC) {
        for batch in filled.unwrap().batches() {
            batches
                .entry(batch.table.name)
                .or_default()
                .push(batch.clone());
        }
    }
    batches
}

/// The rows of a table.
pub(crate) fn of(batches: &BTreeMap<&'static str, Vec<TableBatch>>, table: &str) -> Vec<Row> {
    let batches = batches
        .get(table)
        .unwrap_or_else(|| panic!("no rows of {table}"));
    batches.iter().flat_map(rows).collect()
}
