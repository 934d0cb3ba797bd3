//! From record batches to a body.

use std::fmt;

use arrow_array::RecordBatch;
use arrow_ipc::writer::StreamWriter;
use arrow_schema::ArrowError;

use crate::envelope::Encoding;

/// Why batches cannot be made a body.
#[derive(Debug, thiserror::Error)]
pub enum EncodeError {
    /// There is no batch, so no schema.
    #[error("a frame needs at least one batch")]
    Empty,
    /// Arrow cannot write the batch, or a batch has another schema than the first.
    #[error("the batch cannot be written as an arrow stream: {0}")]
    Arrow(#[from] ArrowError),
    /// zstd failed, or the level is outside its range.
    #[error("zstd: {0}")]
    Zstd(#[from] std::io::Error),
}

/// Makes bodies, and keeps its buffers and zstd's tables between them: once it has seen the largest frame, a further
/// one allocates nothing large.
pub struct Encoder {
    encoding: Encoding,
    compressor: zstd::bulk::Compressor<'static>,
    plain: Vec<u8>,
}

impl fmt::Debug for Encoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Encoder")
            .field("encoding", &self.encoding)
            .field("plain_capacity", &self.plain.capacity())
            .finish_non_exhaustive()
    }
}

impl Encoder {
    /// The level of zstd where nothing is said.
    pub const DEFAULT_LEVEL: i32 = 1;

    /// An encoder. `level` is zstd's (1 to 19) and means nothing with [`Encoding::Identity`].
    ///
    /// # Errors
    /// [`EncodeError::Zstd`] when zstd does not take the level.
    pub fn new(encoding: Encoding, level: i32) -> Result<Encoder, EncodeError> {
        let mut compressor = zstd::bulk::Compressor::new(level)?;
        // The transport and the spool have checksums of their own.
        compressor.include_checksum(false)?;
        Ok(Encoder {
            encoding,
            compressor,
            plain: Vec::new(),
        })
    }

    /// How bodies are compressed.
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// Appends the body of `batches`, which all have the schema of the first, to `out`.
    ///
    /// # Errors
    /// See [`EncodeError`]; `out` is then as it was.
    pub fn encode(
        &mut self,
        batches: &[RecordBatch],
        out: &mut Vec<u8>,
    ) -> Result<(), EncodeError> {
        let start = out.len();
        let result = match self.encoding {
            Encoding::Identity => write_stream(batches, out),
            Encoding::Zstd => self.compress(batches, out),
        };
        if result.is_err() {
            out.truncate(start);
        }
        result
    }

    fn compress(&mut self, batches: &[RecordBatch], out: &mut Vec<u8>) -> Result<(), EncodeError> {
        self.plain.clear();
        write_stream(batches, &mut self.plain)?;
        let start = out.len();
        out.resize(start + zstd::zstd_safe::compress_bound(self.plain.len()), 0);
        let written = self
            .compressor
            .compress_to_buffer(&self.plain, &mut out[start..])?;
        out.truncate(start + written);
        Ok(())
    }
}

fn write_stream(batches: &[RecordBatch], out: &mut Vec<u8>) -> Result<(), EncodeError> {
    let first = batches.first().ok_or(EncodeError::Empty)?;
    let mut writer = StreamWriter::try_new(out, first.schema_ref())?;
    for batch in batches {
        if batch.schema_ref() != first.schema_ref() {
            return Err(ArrowError::SchemaError(
                "the batches of a frame have different schemas".to_owned(),
            )
            .into());
        }
        writer.write(batch)?;
    }
    writer.finish()?;
    Ok(())
}

/// The body of `batches`, made with an [`Encoder`] of its own.
///
/// # Errors
/// See [`EncodeError`].
pub fn encode(batches: &[RecordBatch], encoding: Encoding) -> Result<Vec<u8>, EncodeError> {
    let mut out = Vec::new();
    Encoder::new(encoding, Encoder::DEFAULT_LEVEL)?.encode(batches, &mut out)?;
    Ok(out)
}
