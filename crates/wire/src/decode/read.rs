//! Arrow's own reader, kept from taking the process down.

use std::panic::{AssertUnwindSafe, catch_unwind};

use arrow_array::RecordBatch;
use arrow_buffer::Buffer;
use arrow_ipc::reader::StreamDecoder;
use arrow_schema::ArrowError;
use catalogue::Table;

use crate::error::DecodeError;

/// The batches of a stream that [`super::framing`] has walked. Its buffers are used in place where they are aligned.
pub(super) fn batches(
    table: &'static Table,
    mut stream: Buffer,
) -> Result<Vec<RecordBatch>, DecodeError> {
    guarded(table, move || {
        let mut decoder = StreamDecoder::new();
        let mut batches = Vec::new();
        while !stream.is_empty() {
            if let Some(batch) = decoder.decode(&mut stream)? {
                batches.push(batch);
            }
        }
        decoder.finish()?;
        Ok(batches)
    })
}

/// Runs arrow's code over bytes from outside, and takes a panic in there for an error of the input: the last resort.
/// With what [`super::framing`] checks first, two ways to a panic were found by mutation in arrow 59: a schema with a type
/// that arrow does not know (`convert.rs`), and a bitmap shorter than its column (`BooleanBuffer::new`). Nothing outlives
/// the closure, so nothing half-done can be seen afterwards.
pub(super) fn guarded<T>(
    table: &'static Table,
    read: impl FnOnce() -> Result<T, ArrowError>,
) -> Result<T, DecodeError> {
    let malformed = |reason: String| DecodeError::Malformed {
        table: table.name,
        reason,
    };
    match catch_unwind(AssertUnwindSafe(read)) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(malformed(error.to_string())),
        Err(panic) => {
            let words = panic.downcast_ref::<String>().map(String::as_str);
            let words = words
                .or_else(|| panic.downcast_ref::<&str>().copied())
                .unwrap_or("no reason given");
            Err(malformed(format!("the arrow reader gave up: {words}")))
        }
    }
}
