//! An Arrow IPC stream, uncompressed, strings without dictionaries: every reader takes it.

use arrow::array::RecordBatch;
use arrow::datatypes::Schema;
use arrow::ipc::writer::StreamWriter;

use crate::error::{Code, QueryError};

/// Writes batches piece by piece.
pub(crate) struct ArrowWriter {
    writer: StreamWriter<Vec<u8>>,
}

impl ArrowWriter {
    /// Begins with the schema.
    pub(crate) fn new(schema: &Schema) -> Result<ArrowWriter, QueryError> {
        StreamWriter::try_new(Vec::new(), schema)
            .map(|writer| ArrowWriter { writer })
            .map_err(|e| fault(&e))
    }

    /// What there is to send after this batch.
    pub(crate) fn add(&mut self, batch: &RecordBatch) -> Result<Vec<u8>, QueryError> {
        self.writer.write(batch).map_err(|e| fault(&e))?;
        Ok(std::mem::take(self.writer.get_mut()))
    }

    /// The end of the stream.
    pub(crate) fn finish(mut self) -> Result<Vec<u8>, QueryError> {
        self.writer.finish().map_err(|e| fault(&e))?;
        Ok(std::mem::take(self.writer.get_mut()))
    }
}

fn fault(error: &arrow::error::ArrowError) -> QueryError {
    QueryError::new(
        Code::Internal,
        format!("cannot write the answer as Arrow: {error}"),
    )
}
