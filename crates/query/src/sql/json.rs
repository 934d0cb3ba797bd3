//! `{"columns": [{"name", "type"}], "rows": [{name: value}], "stats": {…}}`.
//!
//! Times are RFC 3339 with nanoseconds, in UTC. JSON has no NaN and no infinity: they are null. Integers are written
//! with all their digits.

use arrow::array::RecordBatch;
use arrow::datatypes::Schema;
use arrow::error::ArrowError;
use arrow::json::WriterBuilder;
use arrow::json::writer::JsonArray;
use serde::Serialize;

use crate::error::{Code, QueryError};
use crate::sql::answer::SqlStats;
use crate::sql::plain;

/// RFC 3339 with nanoseconds.
pub(crate) const TIME_FORMAT: &str = "%Y-%m-%dT%H:%M:%S%.9fZ";

#[derive(Serialize)]
struct Column<'a> {
    name: &'a str,
    #[serde(rename = "type")]
    kind: &'a str,
}

/// Writes an answer from its batches.
#[derive(Debug)]
pub(crate) struct JsonWriter {
    out: Vec<u8>,
    any_rows: bool,
}

impl JsonWriter {
    pub(crate) fn new(schema: &Schema) -> Result<JsonWriter, QueryError> {
        let columns: Vec<Column<'_>> = schema
            .fields()
            .iter()
            .map(|f| Column {
                name: f.name(),
                kind: plain::word(f.data_type()),
            })
            .collect();
        let mut out = b"{\"columns\":".to_vec();
        serde_json::to_writer(&mut out, &columns).map_err(|e| internal(&e))?;
        out.extend_from_slice(b",\"rows\":[");
        Ok(JsonWriter {
            out,
            any_rows: false,
        })
    }

    pub(crate) fn add(&mut self, batch: &RecordBatch) -> Result<(), QueryError> {
        if batch.num_rows() == 0 {
            return Ok(());
        }
        if self.any_rows {
            self.out.push(b',');
        }
        self.any_rows = true;
        let rows = encode(batch).map_err(|e| internal(&e))?;
        // `[row,row]` without its brackets.
        self.out.extend_from_slice(&rows[1..rows.len() - 1]);
        Ok(())
    }

    /// Bytes written so far.
    pub(crate) fn len(&self) -> usize {
        self.out.len()
    }

    pub(crate) fn finish(mut self, stats: &SqlStats) -> Result<Vec<u8>, QueryError> {
        self.out.extend_from_slice(b"],\"stats\":");
        serde_json::to_writer(&mut self.out, stats).map_err(|e| internal(&e))?;
        self.out.push(b'}');
        Ok(self.out)
    }
}

fn encode(batch: &RecordBatch) -> Result<Vec<u8>, ArrowError> {
    let batch = plain::without_zones(batch)?;
    let mut writer = WriterBuilder::new()
        .with_explicit_nulls(true)
        .with_timestamp_format(TIME_FORMAT.to_owned())
        .build::<_, JsonArray>(Vec::new());
    writer.write(&batch)?;
    writer.finish()?;
    Ok(writer.into_inner())
}

fn internal(error: &dyn std::error::Error) -> QueryError {
    QueryError::new(
        Code::Internal,
        format!("cannot write the answer as JSON: {error}"),
    )
}
