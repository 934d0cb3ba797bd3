//! Comma-separated values (RFC 4180) with a header line. Times as in JSON, nulls empty, maps and lists as JSON text.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, RecordBatch, StringBuilder};
use arrow::csv::WriterBuilder;
use arrow::datatypes::{DataType, Field, Schema};
use arrow::error::ArrowError;
use arrow::json::EncoderOptions;
use arrow::json::writer::make_encoder;

use crate::error::{Code, QueryError};
use crate::sql::json::TIME_FORMAT;
use crate::sql::plain;

/// Writes batches, the first with the header before it.
#[derive(Debug, Default)]
pub(crate) struct CsvWriter {
    begun: bool,
}

impl CsvWriter {
    pub(crate) fn add(&mut self, batch: &RecordBatch) -> Result<Vec<u8>, QueryError> {
        let text = encode(batch, !self.begun).map_err(|e| {
            QueryError::new(
                Code::Internal,
                format!("cannot write the answer as CSV: {e}"),
            )
        })?;
        self.begun = true;
        Ok(text)
    }
}

fn encode(batch: &RecordBatch, header: bool) -> Result<Vec<u8>, ArrowError> {
    let batch = without_nesting(&plain::without_zones(batch)?)?;
    let mut out = Vec::new();
    let mut writer = WriterBuilder::new()
        .with_header(header)
        .with_timestamp_format(TIME_FORMAT.to_owned())
        .build(&mut out);
    writer.write(&batch)?;
    drop(writer);
    Ok(out)
}

fn without_nesting(batch: &RecordBatch) -> Result<RecordBatch, ArrowError> {
    if !batch.columns().iter().any(|c| c.data_type().is_nested()) {
        return Ok(batch.clone());
    }
    let mut fields = Vec::with_capacity(batch.num_columns());
    let mut columns = Vec::with_capacity(batch.num_columns());
    for (field, column) in batch.schema().fields().iter().zip(batch.columns()) {
        if column.data_type().is_nested() {
            fields.push(Arc::new(Field::new(field.name(), DataType::Utf8, true)));
            columns.push(json_text(field, column)?);
        } else {
            fields.push(Arc::clone(field));
            columns.push(Arc::clone(column));
        }
    }
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns)
}

fn json_text(field: &Arc<Field>, column: &ArrayRef) -> Result<ArrayRef, ArrowError> {
    let options = EncoderOptions::default().with_timestamp_format(TIME_FORMAT.to_owned());
    let mut encoder = make_encoder(field, column.as_ref(), &options)?;
    let mut texts = StringBuilder::with_capacity(column.len(), 0);
    let mut text = Vec::new();
    for row in 0..column.len() {
        if column.is_null(row) {
            texts.append_null();
            continue;
        }
        text.clear();
        encoder.encode(row, &mut text);
        texts.append_value(String::from_utf8_lossy(&text));
    }
    Ok(Arc::new(texts.finish()))
}
