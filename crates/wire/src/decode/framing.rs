//! The messages of an IPC stream, checked before arrow's reader sees them.
//!
//! With its validation on, arrow-ipc 59 returns an error for most broken input, but it panics on a buffer that lies
//! outside its message or a type it does not know, and it allocates by lengths in compressed buffers before it has
//! compared them with anything. Here each length is checked against the bytes that are there
//! (<https://arrow.apache.org/docs/format/Columnar.html#encapsulated-message-format>).

use arrow_buffer::Buffer;
use arrow_ipc::{
    BodyCompression, CompressionType, Endianness, Message, MessageHeader, root_as_message,
};
use arrow_schema::{Field, Schema};
use catalogue::{SCHEMA_VERSION_KEY, Table};

use super::inflate::too_large;
use super::{Limits, lz4};
use crate::error::DecodeError;

/// More messages than any sender needs in one frame; each costs the reader something beside its bytes.
const MESSAGES_MAX: usize = 10_000;

/// What the stream's schema says.
#[derive(Debug)]
pub(super) struct Columns {
    /// Its fields.
    pub(super) schema: Schema,
    /// The version of the sender's catalogue.
    pub(super) schema_version: Option<u32>,
}

/// Walks the whole stream; its schema.
pub(super) fn check(
    table: &'static Table,
    stream: &Buffer,
    limits: &Limits,
) -> Result<Columns, DecodeError> {
    let mut walk = Walk {
        table,
        limits,
        unfolded: stream.len() as u64,
        rows: 0,
    };
    let mut rest = stream.as_slice();
    let mut columns = None;
    for _ in 0..MESSAGES_MAX {
        let Some((metadata, after)) = walk.metadata(rest)? else {
            return columns.ok_or_else(|| walk.malformed("it is empty"));
        };
        let message = root_as_message(metadata).map_err(|e| walk.malformed(e))?;
        let length = usize::try_from(message.bodyLength())
            .ok()
            .filter(|n| *n <= after.len());
        let length = length.ok_or_else(|| walk.malformed("a message is longer than the stream"))?;
        let (body, next) = after.split_at(length);
        rest = next;
        match (message.header_type(), columns.is_some()) {
            (MessageHeader::Schema, false) => columns = Some(walk.schema(&message)?),
            (MessageHeader::Schema, true) => return Err(walk.malformed("it has a second schema")),
            (_, false) => return Err(walk.malformed("it does not begin with a schema")),
            (MessageHeader::DictionaryBatch, true) => {
                let batch = message.header_as_dictionary_batch();
                let batch =
                    batch.ok_or_else(|| walk.malformed("a dictionary without its header"))?;
                // Each delta makes the reader copy the whole dictionary: a few bytes cost as much as it is large.
                if batch.isDelta() {
                    return Err(walk.malformed("delta dictionaries are not taken: send whole ones"));
                }
                let data = batch
                    .data()
                    .ok_or_else(|| walk.malformed("a dictionary without data"))?;
                walk.batch(&data, body)?;
            }
            (MessageHeader::RecordBatch, true) => {
                let batch = message.header_as_record_batch();
                let batch =
                    batch.ok_or_else(|| walk.malformed("a record batch without its header"))?;
                let rows = walk.batch(&batch, body)?;
                walk.rows += rows;
                if walk.rows > limits.rows as u64 {
                    return Err(too_large(table, "rows", limits.rows));
                }
            }
            (other, true) => return Err(walk.malformed(format!("a message of type {}", other.0))),
        }
    }
    Err(too_large(table, "messages", MESSAGES_MAX))
}

/// A message's metadata, and what follows it.
type Split<'b> = (&'b [u8], &'b [u8]);

struct Walk<'l> {
    table: &'static Table,
    limits: &'l Limits,
    /// Bytes that the stream becomes when its compressed buffers unfold.
    unfolded: u64,
    rows: u64,
}

impl Walk<'_> {
    fn malformed(&self, reason: impl ToString) -> DecodeError {
        DecodeError::Malformed {
            table: self.table.name,
            reason: reason.to_string(),
        }
    }

    /// The next message's metadata and what follows it; `None` at the end of the stream. The format lets a writer just
    /// stop, but then a stream cut between two messages would look whole, so the end mark is asked for.
    fn metadata<'b>(&self, bytes: &'b [u8]) -> Result<Option<Split<'b>>, DecodeError> {
        if bytes.is_empty() {
            return Err(self.malformed("it ends without the end-of-stream mark"));
        }
        let cut = || self.malformed("it ends within a message");
        let (mut word, mut rest) = bytes.split_first_chunk::<4>().ok_or_else(cut)?;
        if *word == [0xFF; 4] {
            (word, rest) = rest.split_first_chunk::<4>().ok_or_else(cut)?;
        }
        match usize::try_from(i32::from_le_bytes(*word)) {
            Ok(0) if rest.is_empty() => Ok(None),
            Ok(0) => Err(self.malformed("bytes follow its end")),
            Ok(length) => rest.split_at_checked(length).map(Some).ok_or_else(cut),
            Err(_) => Err(self.malformed("a message has a negative length")),
        }
    }

    fn schema(&self, message: &Message<'_>) -> Result<Columns, DecodeError> {
        let schema = message
            .header_as_schema()
            .ok_or_else(|| self.malformed("a schema without its header"))?;
        if schema.endianness() != Endianness::Little {
            return Err(self.malformed("it is big-endian: send little-endian"));
        }
        if schema.fields().is_none() {
            return Err(self.malformed("its schema has no fields"));
        }
        let schema =
            super::read::guarded(self.table, || Ok(arrow_ipc::convert::fb_to_schema(schema)))?;
        let schema_version = schema
            .metadata
            .get(SCHEMA_VERSION_KEY)
            .and_then(|v| v.parse().ok());
        Ok(Columns {
            schema,
            schema_version,
        })
    }

    /// Checks that every buffer lies within the message's body, and adds what compressed ones become. Answers the rows.
    fn batch(
        &mut self,
        batch: &arrow_ipc::RecordBatch<'_>,
        body: &[u8],
    ) -> Result<u64, DecodeError> {
        let rows = u64::try_from(batch.length())
            .map_err(|_| self.malformed("a batch has a negative length"))?;
        for node in batch.nodes().into_iter().flatten() {
            let length = u64::try_from(node.length()).unwrap_or(u64::MAX);
            // Values of lists may outnumber rows, but each is at least a bit of the stream, or null.
            if length > self.limits.decompressed_bytes as u64 * 8 || node.null_count() < 0 {
                return Err(self.malformed("a column is longer than the stream"));
            }
        }
        for buffer in batch.buffers().into_iter().flatten() {
            let bytes = usize::try_from(buffer.offset())
                .ok()
                .zip(usize::try_from(buffer.length()).ok())
                .and_then(|(offset, length)| body.get(offset..offset.checked_add(length)?));
            let bytes = bytes.ok_or_else(|| self.malformed("a buffer lies outside its message"))?;
            if let Some(compression) = batch.compression() {
                self.unfold(&compression, bytes)?;
            }
        }
        Ok(rows)
    }

    /// A compressed buffer: eight bytes with the length that it becomes, or -1 when it is not compressed after all.
    fn unfold(
        &mut self,
        compression: &BodyCompression<'_>,
        bytes: &[u8],
    ) -> Result<(), DecodeError> {
        if bytes.is_empty() {
            return Ok(());
        }
        let (length, packed) = bytes
            .split_first_chunk::<8>()
            .ok_or_else(|| self.malformed("a compressed buffer without its length"))?;
        let length = match i64::from_le_bytes(*length) {
            -1 => return Ok(()),
            n => u64::try_from(n)
                .map_err(|_| self.malformed("a compressed buffer with a negative length"))?,
        };
        self.unfolded = self.unfolded.saturating_add(length);
        if self.unfolded > self.limits.decompressed_bytes as u64 {
            return Err(too_large(
                self.table,
                "bytes after decompression",
                self.limits.decompressed_bytes,
            ));
        }
        if compression.codec() == CompressionType::LZ4_FRAME && length > 0 {
            let (bound, block) =
                lz4::bound(packed).ok_or_else(|| self.malformed("a buffer is not an lz4 frame"))?;
            if bound > length.saturating_add(block) {
                return Err(self.malformed("an lz4 buffer has more blocks than its length needs"));
            }
        }
        Ok(())
    }
}

/// The fields of the stream.
impl Columns {
    /// Them, in the stream's order.
    pub(super) fn fields(&self) -> impl Iterator<Item = &Field> {
        self.schema.fields().iter().map(|f| f.as_ref())
    }
}
