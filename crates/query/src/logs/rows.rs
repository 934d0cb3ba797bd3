//! The columns of `log` in a batch, read by row.

use arrow::array::{
    Array, AsArray, Int32Array, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray,
};
use arrow::datatypes::{DataType, Int32Type, Int64Type, TimestampMicrosecondType};

use super::function::Texts;
use crate::error::{Code, QueryError};

/// A column of short texts: those of a dictionary are met as numbers first.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Labels<'a> {
    Dictionary {
        keys: &'a Int32Array,
        values: &'a StringArray,
    },
    Plain(Texts<'a>),
}

impl<'a> Labels<'a> {
    /// The column of that name.
    pub(crate) fn of(batch: &'a RecordBatch, name: &str) -> Result<Labels<'a>, QueryError> {
        let column = column(batch, name)?;
        if let DataType::Dictionary(..) = column.data_type() {
            let dictionary = column
                .as_dictionary_opt::<Int32Type>()
                .ok_or_else(|| misfit(name))?;
            return Ok(Labels::Dictionary {
                keys: dictionary.keys(),
                values: dictionary
                    .values()
                    .as_string_opt()
                    .ok_or_else(|| misfit(name))?,
            });
        }
        Texts::of(column)
            .map(Labels::Plain)
            .map_err(|_| misfit(name))
    }

    pub(crate) fn get(&self, row: usize) -> Option<&'a str> {
        match self {
            Labels::Dictionary { keys, values } => {
                let key = keys.is_valid(row).then(|| keys.value(row))?;
                let key = usize::try_from(key).ok()?;
                values.is_valid(key).then(|| values.value(key))
            }
            Labels::Plain(texts) => texts.get(row),
        }
    }
}

/// The messages of a batch.
pub(crate) fn messages(batch: &RecordBatch) -> Result<Texts<'_>, QueryError> {
    let name = "message";
    Texts::of(column(batch, name)?).map_err(|_| misfit(name))
}

/// The times of a batch, in microseconds of the epoch.
pub(crate) fn times(batch: &RecordBatch) -> Result<&TimestampMicrosecondArray, QueryError> {
    let name = "time";
    column(batch, name)?
        .as_primitive_opt::<TimestampMicrosecondType>()
        .ok_or_else(|| misfit(name))
}

/// A column of whole numbers.
pub(crate) fn numbers<'a>(
    batch: &'a RecordBatch,
    name: &str,
) -> Result<&'a Int64Array, QueryError> {
    column(batch, name)?
        .as_primitive_opt::<Int64Type>()
        .ok_or_else(|| misfit(name))
}

pub(crate) fn column<'a>(batch: &'a RecordBatch, name: &str) -> Result<&'a dyn Array, QueryError> {
    batch
        .column_by_name(name)
        .map(|column| column.as_ref())
        .ok_or_else(|| misfit(name))
}

fn misfit(name: &str) -> QueryError {
    QueryError::new(
        Code::Internal,
        format!("the column {name} of a plan over log is missing or of another type than planned"),
    )
}
