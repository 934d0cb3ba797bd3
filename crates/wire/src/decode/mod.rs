//! From a body to batches that have exactly the catalogue's schema.
//!
//! A body comes from outside, so the way is: [`inflate`] within bounds → [`framing`] walks the messages and checks every
//! length before anything is allocated by it → arrow's own reader, with its full validation → [`conform`] to the
//! catalogue's columns → [`values`] checks what the rows say.

mod cast;
mod conform;
#[cfg(test)]
pub(crate) mod example;
mod framing;
mod inflate;
mod lz4;
mod read;
mod values;

use arrow_array::RecordBatch;
use catalogue::Table;

use crate::envelope::Encoding;
use crate::error::DecodeError;

/// What is taken at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the body as it came.
    pub compressed_bytes: usize,
    /// Bytes of the body after decompression, compressed buffers within it counted as they unfold.
    pub decompressed_bytes: usize,
    /// Rows of all batches together.
    pub rows: usize,
    /// How far a row's time may be ahead of the clock, in microseconds. Rows of the past are taken from
    /// [`Limits::EARLIEST_USEC`] on, for a spool may have waited long.
    pub ahead_usec: i64,
}

impl Limits {
    /// 2000-01-01T00:00:00Z in microseconds since 1970: a time before it is a clock that was never set.
    pub const EARLIEST_USEC: i64 = 946_684_800_000_000;
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            compressed_bytes: 32 << 20,
            decompressed_bytes: 256 << 20,
            rows: 1_000_000,
            ahead_usec: 24 * 3600 * 1_000_000,
        }
    }
}

/// A frame's rows, checked and with the catalogue's schema.
#[derive(Debug, Clone, PartialEq)]
pub struct Conformed {
    /// The batches that have rows. Each has [`Table::schema`].
    pub batches: Vec<RecordBatch>,
    /// Rows of all batches together.
    pub rows: usize,
    /// The schema version that the sender wrote into the stream, if any.
    pub schema_version: Option<u32>,
    /// Columns that the catalogue does not have, of a sender with a newer schema. They are left out.
    pub ignored_columns: Vec<String>,
}

/// Reads a body as rows of `table`.
///
/// Columns may come in any order and may be missing (they become null). Strings may be plain, large, views or
/// dictionaries with any key; integers of any width and sign, timestamps of any unit, 32-bit floats are turned into the
/// catalogue's types. `now_usec` is the server's clock in microseconds since 1970.
///
/// # Errors
/// See [`DecodeError`]. No input makes it panic, or take more memory than a few times [`Limits::decompressed_bytes`].
pub fn decode(
    table: &'static Table,
    encoding: Encoding,
    body: &[u8],
    limits: &Limits,
    now_usec: i64,
) -> Result<Conformed, DecodeError> {
    let stream = inflate::inflate(table, encoding, body, limits)?;
    let columns = framing::check(table, &stream, limits)?;
    let plan = conform::Plan::new(table, &columns)?;
    let mut conformed = Conformed {
        batches: Vec::new(),
        rows: 0,
        schema_version: columns.schema_version,
        ignored_columns: plan.ignored().to_vec(),
    };
    for batch in read::batches(table, stream)? {
        if batch.num_rows() == 0 {
            continue;
        }
        let batch = plan.conform(&batch, conformed.rows)?;
        values::check(table, &batch, conformed.rows, limits, now_usec)?;
        conformed.rows += batch.num_rows();
        conformed.batches.push(batch);
    }
    Ok(conformed)
}

#[cfg(test)]
mod tests;
