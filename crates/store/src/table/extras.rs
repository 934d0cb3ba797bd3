//! What a file of log lines holds beside its rows: the token index, and how much is whose.

use std::sync::Arc;

use arrow::array::{Array, AsArray, RecordBatch};
use parquet::arrow::ArrowWriter;
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;

use super::namespaces::{self, NamespaceRows, Tally};
use crate::index::{self, BLOCK_ROWS, IndexBuilder, MESSAGE, Place, TokenIndex};

/// Made while the rows of a file go by.
#[derive(Debug)]
pub(super) struct Extras {
    index: IndexBuilder,
    tally: Tally,
}

/// What was put into the file.
#[derive(Debug)]
pub(super) struct Written {
    pub(super) index: Arc<TokenIndex>,
    pub(super) namespaces: Arc<Vec<NamespaceRows>>,
}

impl Extras {
    pub(super) fn new() -> Extras {
        Extras {
            index: IndexBuilder::new(BLOCK_ROWS),
            tally: Tally::default(),
        }
    }

    /// The next rows of the file.
    pub(super) fn add(&mut self, batch: &RecordBatch) {
        self.tally.add(batch);
        let messages = batch
            .column_by_name(MESSAGE)
            .and_then(|c| c.as_string_opt::<i32>());
        if let Some(messages) = messages {
            for row in 0..messages.len() {
                let message = if messages.is_null(row) {
                    ""
                } else {
                    messages.value(row)
                };
                self.index.add(message);
            }
        }
    }

    /// Appends them to the file, all of whose rows have been written.
    pub(super) fn write(self, writer: &mut ArrowWriter<Vec<u8>>) -> Result<Written, ParquetError> {
        // Ends the last row group: what follows lies after it.
        writer.flush()?;
        let index = self.index.finish();
        let bytes = index.to_bytes();
        let place = Place {
            offset: writer.bytes_written() as u64,
            length: bytes.len() as u64,
        };
        writer
            .write_all(&bytes)
            .map_err(|e| ParquetError::External(Box::new(e)))?;
        let namespaces = self.tally.finish();
        let note = |key: &str, value: String| KeyValue::new(key.to_owned(), value);
        writer.append_key_value_metadata(note(index::KEY, place.to_text()));
        writer.append_key_value_metadata(note(namespaces::KEY, namespaces::to_text(&namespaces)));
        Ok(Written {
            index: Arc::new(index),
            namespaces: Arc::new(namespaces),
        })
    }
}
