//! Rows of `time`, `value` and labels → series.

use std::collections::BTreeMap;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Float64Type, TimeUnit, TimestampMicrosecondType};

use super::{Periods, Window, WindowLabels, Windows};
use crate::error::{Code, QueryError};
use crate::fault;

/// The column that says when a period begins.
const TIME: &str = "time";
/// The column of numbers.
const VALUE: &str = "value";
/// Series that one question may have.
const MOST_SERIES: usize = 50_000;

/// Reads rows in any order. A row of no period is left out; of two in the same period and series the later one counts.
pub(super) fn read(batches: &[RecordBatch], periods: &Periods) -> Windows {
    let mut found: BTreeMap<WindowLabels, Vec<Option<f64>>> = BTreeMap::new();
    for batch in batches {
        let time = column(
            batch,
            TIME,
            &DataType::Timestamp(TimeUnit::Microsecond, None),
        )?;
        let times = time.as_primitive::<TimestampMicrosecondType>();
        let value = column(batch, VALUE, &DataType::Float64)?;
        let values = value.as_primitive::<Float64Type>();
        let labels = texts(batch)?;
        for row in 0..batch.num_rows() {
            if times.is_null(row) {
                continue;
            }
            let Some(period) = periods.of(times.value(row)) else {
                continue;
            };
            let of_row = labels.iter().filter(|(_, texts)| texts.is_valid(row));
            let of_row: WindowLabels = of_row
                .map(|(name, texts)| (name.clone(), texts.as_string::<i32>().value(row).to_owned()))
                .collect();
            if found.len() >= MOST_SERIES && !found.contains_key(&of_row) {
                let message = format!("more than {MOST_SERIES} series: group by fewer columns");
                return Err(QueryError::new(Code::TooManySeries, message));
            }
            let series = found.entry(of_row).or_insert_with(|| periods.nothing());
            if let Some(place) = series.get_mut(period) {
                *place = values.is_valid(row).then(|| values.value(row));
            }
        }
    }
    let windows = found.into_iter().map(|(labels, values)| Window {
        labels,
        values,
        samples: None,
        words: BTreeMap::new(),
    });
    Ok(windows.collect())
}

fn column(
    batch: &RecordBatch,
    name: &str,
    kind: &DataType,
) -> Result<arrow::array::ArrayRef, QueryError> {
    let Some(column) = batch.column_by_name(name) else {
        let message = format!(
            "the statement gives no column '{name}': it gives {TIME} (when a period begins), {VALUE}, and labels"
        );
        return Err(QueryError::new(Code::UnknownColumn, message));
    };
    cast(column, kind).map_err(|_| {
        let message = format!("column '{name}' of the statement is {}", column.data_type());
        QueryError::new(Code::InvalidRequest, message)
    })
}

/// Every other column, as text.
fn texts(batch: &RecordBatch) -> Result<Vec<(String, arrow::array::ArrayRef)>, QueryError> {
    let schema = batch.schema();
    let others = schema.fields().iter().zip(batch.columns());
    let others = others.filter(|(field, _)| ![TIME, VALUE].contains(&field.name().as_str()));
    others
        .map(|(field, column)| {
            let text = cast(column, &DataType::Utf8).map_err(|e| fault::internal(&e.into()))?;
            Ok((field.name().clone(), text))
        })
        .collect()
}
