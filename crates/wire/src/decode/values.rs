//! What the rows say.

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type, TimestampMicrosecondType};
use arrow_array::{Array, ArrowPrimitiveType, PrimitiveArray, RecordBatch};
use catalogue::{ColumnType, Table, Temporality};

use super::Limits;
use crate::error::DecodeError;

/// Refuses rows whose time cannot be, and counts, bytes and durations below zero. A float that is an increase must
/// also be a number: one NaN would make every sum over it NaN.
pub(super) fn check(
    table: &'static Table,
    batch: &RecordBatch,
    first_row: usize,
    limits: &Limits,
    now_usec: i64,
) -> Result<(), DecodeError> {
    let latest = now_usec.saturating_add(limits.ahead_usec);
    for (column, array) in table.columns.iter().zip(batch.columns()) {
        let measured = matches!(
            column.temporality,
            Temporality::Delta | Temporality::Gauge | Temporality::Constant
        );
        match column.kind {
            ColumnType::Time if column.name == "time" => {
                let times = array.as_primitive::<TimestampMicrosecondType>();
                let outside = |t: i64| t < Limits::EARLIEST_USEC || t > latest;
                if let Some((row, time)) = first(times, outside) {
                    let early = time < Limits::EARLIEST_USEC;
                    return Err(DecodeError::Time {
                        table: table.name,
                        row: first_row + row,
                        seconds: time.div_euclid(1_000_000),
                        fault: if early {
                            "before the year 2000"
                        } else {
                            "too far ahead of the server's clock"
                        },
                    });
                }
            }
            ColumnType::Integer if measured => {
                if let Some((row, value)) = first(array.as_primitive::<Int64Type>(), |v| v < 0) {
                    return Err(DecodeError::Negative {
                        table: table.name,
                        column: column.name,
                        row: first_row + row,
                        value: value as f64,
                    });
                }
            }
            ColumnType::Float if column.temporality == Temporality::Delta => {
                let unfit = |v: f64| !v.is_finite() || v < 0.0;
                if let Some((row, value)) = first(array.as_primitive::<Float64Type>(), unfit) {
                    return Err(DecodeError::Negative {
                        table: table.name,
                        column: column.name,
                        row: first_row + row,
                        value,
                    });
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// The first value, not null, of which `fault` holds. The values are looked through without the nulls first, in a loop
/// without branches that the compiler makes into vector instructions.
fn first<T: ArrowPrimitiveType>(
    array: &PrimitiveArray<T>,
    fault: impl Fn(T::Native) -> bool,
) -> Option<(usize, T::Native)> {
    if !array.values().iter().fold(false, |any, v| any | fault(*v)) {
        return None;
    }
    array
        .values()
        .iter()
        .copied()
        .enumerate()
        .find(|(row, v)| fault(*v) && array.is_valid(*row))
}
