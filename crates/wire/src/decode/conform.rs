//! From the sender's columns to the catalogue's.

use std::sync::Arc;

use arrow_array::{ArrayRef, RecordBatch, RecordBatchOptions, new_null_array};
use arrow_schema::SchemaRef;
use catalogue::{SCHEMA_VERSION, Table};

use super::cast::{self, Cast};
use super::framing::Columns;
use crate::error::DecodeError;

/// What to do with each column of a stream, decided once for all of its batches.
#[derive(Debug)]
pub(super) struct Plan {
    table: &'static Table,
    schema: SchemaRef,
    /// For each column of the catalogue: where it is in the stream, and how it is turned into the catalogue's type.
    sources: Vec<Option<(usize, Cast)>>,
    ignored: Vec<String>,
}

impl Plan {
    /// Finds each column of the stream in the catalogue.
    pub(super) fn new(table: &'static Table, columns: &Columns) -> Result<Plan, DecodeError> {
        let from_newer = columns.schema_version.is_some_and(|v| v > SCHEMA_VERSION);
        let mut sources: Vec<Option<(usize, Cast)>> = vec![None; table.columns.len()];
        let mut ignored = Vec::new();
        for (index, field) in columns.fields().enumerate() {
            let Some(at) = table.columns.iter().position(|c| c.name == field.name()) else {
                let column: String = field.name().chars().take(128).collect();
                if !from_newer {
                    return Err(DecodeError::UnknownColumn {
                        table: table.name,
                        column,
                    });
                }
                ignored.push(column);
                continue;
            };
            let column = &table.columns[at];
            if sources[at].is_some() {
                return Err(DecodeError::DuplicateColumn {
                    table: table.name,
                    column: column.name.to_owned(),
                });
            }
            let cast = Cast::between(field.data_type(), column.kind).ok_or_else(|| {
                DecodeError::WrongType {
                    table: table.name,
                    column: column.name,
                    found: field.data_type().to_string(),
                    expected: column.kind.arrow().to_string(),
                }
            })?;
            sources[at] = Some((index, cast));
        }
        Ok(Plan {
            table,
            schema: table.schema(),
            sources,
            ignored,
        })
    }

    /// Columns that are left out.
    pub(super) fn ignored(&self) -> &[String] {
        &self.ignored
    }

    /// The batch with the catalogue's columns. `first_row` is its first row's number in the frame.
    pub(super) fn conform(
        &self,
        batch: &RecordBatch,
        first_row: usize,
    ) -> Result<RecordBatch, DecodeError> {
        let rows = batch.num_rows();
        let mut arrays: Vec<ArrayRef> = Vec::with_capacity(self.sources.len());
        for (source, column) in self.sources.iter().zip(self.table.columns) {
            let array = match source {
                None => new_null_array(&column.kind.arrow(), rows),
                Some((index, cast)) => {
                    cast.apply(batch.column(*index))
                        .map_err(|fault| match fault {
                            cast::Fault::Range { row, value } => DecodeError::Range {
                                table: self.table.name,
                                column: column.name,
                                row: first_row + row,
                                value,
                                expected: column.kind.arrow().to_string(),
                            },
                            cast::Fault::Arrow(error) => DecodeError::Malformed {
                                table: self.table.name,
                                reason: format!("column {}: {error}", column.name),
                            },
                        })?
                }
            };
            if column.name == "time"
                && let Some(row) = (0..rows).find(|row| array.is_null(*row))
            {
                return Err(DecodeError::NoTime {
                    table: self.table.name,
                    row: first_row + row,
                });
            }
            arrays.push(array);
        }
        let options = RecordBatchOptions::new().with_row_count(Some(rows));
        RecordBatch::try_new_with_options(Arc::clone(&self.schema), arrays, &options).map_err(|e| {
            DecodeError::Malformed {
                table: self.table.name,
                reason: e.to_string(),
            }
        })
    }
}
