//! For tests: recorded objects as changes, and rows as texts.

use std::collections::BTreeMap;
use std::path::Path;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int32Type, Int64Type, TimestampMicrosecondType};
use arrow_array::{Array, RecordBatch};
use arrow_schema::DataType;
use serde_json::Value;

use crate::kind::Kind;
use crate::world::{Change, Object};

/// A row's columns that are not null.
pub(crate) type Row = BTreeMap<String, String>;

/// An object from its JSON.
pub(crate) fn object(kind: Kind, json: Value) -> Object {
    match kind {
        Kind::Pod => Object::Pod(serde_json::from_value(json).unwrap()),
        Kind::EndpointSlice => Object::Slice(serde_json::from_value(json).unwrap()),
        Kind::Event => Object::Event(serde_json::from_value(json).unwrap()),
        _ => Object::Thing(serde_json::from_value(json).unwrap()),
    }
}

/// The recorded objects of a kind; none when there is no record.
pub(crate) fn recorded(version: &str, kind: Kind) -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../corpus/api")
        .join(version)
        .join(format!("{}.json", kind.plural()));
    let Ok(text) = std::fs::read_to_string(path) else {
        return Vec::new();
    };
    let list: Value = serde_json::from_str(&text).unwrap();
    list["items"].as_array().unwrap().clone()
}

/// A whole list of them.
pub(crate) fn listed(version: &str, kind: Kind) -> Change {
    let objects = recorded(version, kind).into_iter();
    Change::Replace(kind, objects.map(|json| object(kind, json)).collect())
}

/// The rows of a batch.
pub(crate) fn rows(batch: &RecordBatch) -> Vec<Row> {
    (0..batch.num_rows())
        .map(|row| {
            let schema = batch.schema();
            let columns = schema.fields().iter().zip(batch.columns());
            columns
                .filter(|(_, column)| !column.is_null(row))
                .map(|(field, column)| (field.name().clone(), cell(column, row)))
                .collect()
        })
        .collect()
}

fn cell(column: &dyn Array, row: usize) -> String {
    match column.data_type() {
        DataType::Dictionary(_, _) => {
            let column = column.as_dictionary::<Int32Type>();
            let key = column.key(row).unwrap();
            column.values().as_string::<i32>().value(key).to_owned()
        }
        DataType::Utf8 => column.as_string::<i32>().value(row).to_owned(),
        DataType::Int64 => column.as_primitive::<Int64Type>().value(row).to_string(),
        DataType::Float64 => column.as_primitive::<Float64Type>().value(row).to_string(),
        DataType::Boolean => column.as_boolean().value(row).to_string(),
        DataType::Timestamp(_, _) => column
            .as_primitive::<TimestampMicrosecondType>()
            .value(row)
            .to_string(),
        DataType::Map(_, _) => {
            let entry = column.as_map().value(row);
            let (keys, values) = (
                entry.column(0).as_string::<i32>(),
                entry.column(1).as_string::<i32>(),
            );
            let pairs = keys.iter().zip(values.iter());
            pairs
                .map(|(k, v)| format!("{}={}", k.unwrap(), v.unwrap_or_default()))
                .collect::<Vec<_>>()
                .join(",")
        }
        other => panic!("{other} is not written"),
    }
}
