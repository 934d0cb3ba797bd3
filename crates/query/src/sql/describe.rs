//! SHOW TABLES and DESCRIBE, answered from the catalogue: what is there, in which unit, and what it means.

use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StringArray};
use arrow::compute::filter_record_batch;
use arrow::compute::kernels::comparison::like;
use catalogue::{Column, ColumnType, ROLLUP_MINUTES, ROLLUP_SAMPLES, Table, Temporality, Tier};

use crate::error::{Code, QueryError};
use crate::sql::schema::{Named, named, names};

/// The tables, those whose name is like a pattern.
pub(crate) fn tables(pattern: Option<&str>) -> Result<RecordBatch, QueryError> {
    let mut columns: [Vec<String>; 2] = Default::default();
    for (name, named) in names() {
        columns[0].push(name);
        columns[1].push(meaning(named));
    }
    let batch = batch(["table_name", "help"], columns)?;
    match pattern {
        None => Ok(batch),
        Some(pattern) => {
            let pattern = StringArray::new_scalar(pattern);
            like(batch.column(0), &pattern)
                .and_then(|keep| filter_record_batch(&batch, &keep))
                .map_err(fault)
        }
    }
}

/// The columns of a table.
pub(crate) fn columns(name: &str) -> Result<RecordBatch, QueryError> {
    let (table, tier) = match named(name) {
        Some(Named::Rows(table, tier)) => (table, tier),
        Some(Named::Now(table)) => (table, Tier::Raw),
        None => {
            return Err(QueryError::new(
                Code::UnknownTable,
                format!("there is no table '{name}'"),
            ));
        }
    };
    let mut columns: [Vec<String>; 5] = Default::default();
    for field in table.schema_in(tier).fields() {
        let described = describe(table, field.name(), tier);
        columns[0].push(field.name().clone());
        for (column, text) in columns[1..].iter_mut().zip(described) {
            column.push(text);
        }
    }
    batch(
        ["column_name", "type", "unit", "temporality", "help"],
        columns,
    )
}

fn meaning(named: Named) -> String {
    match named {
        Named::Rows(table, Tier::Raw) => table.help.to_owned(),
        Named::Rows(table, tier) => {
            let span = match tier {
                Tier::Minute => "a minute",
                Tier::FiveMinutes => "five minutes",
                _ => "an hour",
            };
            format!(
                "{}: its rows added up to one for each entity and {span}.",
                table.name
            )
        }
        Named::Now(table) => format!("{}: the newest row of each live entity.", table.name),
    }
}

/// Type, unit, temporality and meaning.
fn describe(table: &'static Table, name: &str, tier: Tier) -> [String; 4] {
    let texts = |column: &Column, kind: ColumnType, unit: &str, help: String| {
        [
            word(kind).to_owned(),
            unit.to_owned(),
            temporality(column.temporality).to_owned(),
            help,
        ]
    };
    if let Some(column) = table.column(name) {
        let help = match (tier, column.temporality) {
            (Tier::Raw, _) => column.help.to_owned(),
            (_, Temporality::Delta) => format!("{} Summed.", column.help),
            _ if name == "time" => "The start of the row's span.".to_owned(),
            _ => format!("{} The last seen.", column.help),
        };
        return texts(column, column.kind, column.unit, help);
    }
    let of_gauge = name
        .rsplit_once('_')
        .and_then(|(stem, suffix)| Some((table.column(stem)?, suffix)));
    if let Some((gauge, suffix)) = of_gauge {
        let (word, kind, unit) = match suffix {
            "min" => ("Least", gauge.kind, gauge.unit),
            "max" => ("Greatest", gauge.kind, gauge.unit),
            "sum" => ("Sum", gauge.kind, gauge.unit),
            _ => ("Number", ColumnType::Integer, "1"),
        };
        return texts(
            gauge,
            kind,
            unit,
            format!("{word} of {} over the raw rows.", gauge.name),
        );
    }
    let help = match name {
        ROLLUP_SAMPLES => "How many raw rows it was made of.",
        ROLLUP_MINUTES => "How many minutes it was made of.",
        _ => "",
    };
    [
        word(ColumnType::Integer).to_owned(),
        "1".to_owned(),
        "delta".to_owned(),
        help.to_owned(),
    ]
}

fn word(kind: ColumnType) -> &'static str {
    match kind {
        ColumnType::Text | ColumnType::LongText => "string",
        ColumnType::Integer => "int64",
        ColumnType::Float => "float64",
        ColumnType::Boolean => "boolean",
        ColumnType::Time => "timestamp",
        ColumnType::Labels => "map",
    }
}

fn temporality(temporality: Temporality) -> &'static str {
    match temporality {
        Temporality::Identity => "identity",
        Temporality::Attribute => "attribute",
        Temporality::Delta => "delta",
        Temporality::Gauge => "gauge",
        Temporality::Constant => "constant",
    }
}

fn batch<const N: usize>(
    names: [&str; N],
    columns: [Vec<String>; N],
) -> Result<RecordBatch, QueryError> {
    let arrays = columns
        .into_iter()
        .map(|c| Arc::new(StringArray::from(c)) as ArrayRef);
    RecordBatch::try_from_iter(names.into_iter().zip(arrays)).map_err(fault)
}

fn fault(error: arrow::error::ArrowError) -> QueryError {
    QueryError::new(Code::Internal, error.to_string())
}
