//! Values of a batch of raw rows by column name and row.

use std::collections::HashMap;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::datatypes::{DataType, Float64Type, Int32Type, Int64Type, TimestampMicrosecondType};
use serde_json::{Map, Number, Value};

use crate::moment;

/// The columns of a batch. A column that is not there has no values.
pub(crate) struct Columns<'a> {
    columns: HashMap<&'a str, &'a ArrayRef>,
}

impl<'a> Columns<'a> {
    pub(crate) fn new(batch: &'a RecordBatch) -> Columns<'a> {
        let names = batch
            .schema_ref()
            .fields()
            .iter()
            .map(|f| f.name().as_str());
        Columns {
            columns: names.zip(batch.columns()).collect(),
        }
    }

    fn valid(&self, name: &str, row: usize) -> Option<&'a ArrayRef> {
        self.columns.get(name).copied().filter(|c| c.is_valid(row))
    }

    /// A text, plain or from a dictionary.
    pub(crate) fn text(&self, name: &str, row: usize) -> Option<&'a str> {
        let column = self.valid(name, row)?;
        match column.as_dictionary_opt::<Int32Type>() {
            Some(dictionary) => {
                let values = dictionary.values().as_string_opt::<i32>()?;
                dictionary
                    .key(row)
                    .filter(|key| *key < values.len())
                    .map(|key| values.value(key))
            }
            None => column.as_string_opt::<i32>().map(|texts| texts.value(row)),
        }
    }

    pub(crate) fn integer(&self, name: &str, row: usize) -> Option<i64> {
        self.valid(name, row)?
            .as_primitive_opt::<Int64Type>()
            .map(|c| c.value(row))
    }

    pub(crate) fn boolean(&self, name: &str, row: usize) -> Option<bool> {
        self.valid(name, row)?
            .as_boolean_opt()
            .map(|c| c.value(row))
    }

    /// An integer or a float.
    pub(crate) fn number(&self, name: &str, row: usize) -> Option<f64> {
        let column = self.valid(name, row)?;
        match column.as_primitive_opt::<Int64Type>() {
            Some(integers) => Some(integers.value(row) as f64),
            None => column
                .as_primitive_opt::<Float64Type>()
                .map(|c| c.value(row)),
        }
    }

    /// The entries of a column of labels; a value that is null is empty.
    pub(crate) fn entries(&self, name: &str, row: usize) -> Vec<(&'a str, &'a str)> {
        let found = || {
            let map = self.valid(name, row)?.as_map_opt()?;
            let offsets = map.value_offsets();
            let (from, to) = (*offsets.get(row)?, *offsets.get(row + 1)?);
            let (keys, values) = (
                map.keys().as_string_opt::<i32>()?,
                map.values().as_string_opt::<i32>()?,
            );
            let entries = (usize::try_from(from).ok()?..usize::try_from(to).ok()?).map(|at| {
                let value = values.is_valid(at).then(|| values.value(at));
                (keys.value(at), value.unwrap_or_default())
            });
            Some(entries.collect())
        };
        found().unwrap_or_default()
    }

    /// The row's time in microseconds of the epoch.
    pub(crate) fn time(&self, row: usize) -> i64 {
        self.moment("time", row).unwrap_or(0)
    }

    /// A time in microseconds of the epoch.
    pub(crate) fn moment(&self, name: &str, row: usize) -> Option<i64> {
        self.valid(name, row)?
            .as_primitive_opt::<TimestampMicrosecondType>()
            .map(|c| c.value(row))
    }

    /// A number or a boolean as a filter writes it.
    pub(crate) fn written(&self, name: &str, row: usize) -> Option<String> {
        match self.json(name, row)? {
            Value::String(text) => Some(text),
            other => Some(other.to_string()),
        }
    }

    /// A value of any kind; `None` for null.
    pub(crate) fn json(&self, name: &str, row: usize) -> Option<Value> {
        let column = self.valid(name, row)?;
        match column.data_type() {
            DataType::Int64 => self.integer(name, row).map(Value::from),
            DataType::Float64 => self
                .number(name, row)
                .and_then(Number::from_f64)
                .map(Value::Number),
            DataType::Boolean => self.boolean(name, row).map(Value::Bool),
            DataType::Timestamp(..) => self
                .moment(name, row)
                .map(|t| Value::String(moment::rfc3339_nanos(t))),
            DataType::Map(..) => {
                let entries = column.as_map_opt()?.value(row);
                let (keys, values) = (
                    entries.column(0).as_string_opt::<i32>()?,
                    entries.column(1).as_string_opt::<i32>()?,
                );
                let labels: Map<String, Value> = keys
                    .iter()
                    .zip(values.iter())
                    .filter_map(|(key, value)| {
                        Some((key?.to_owned(), value.map_or(Value::Null, Value::from)))
                    })
                    .collect();
                Some(Value::Object(labels))
            }
            _ => self.text(name, row).map(Value::from),
        }
    }
}
