//! Decompression within bounds.

use std::io::Read;

use arrow_buffer::Buffer;
use catalogue::Table;
use zstd::zstd_safe;

use super::Limits;
use crate::envelope::Encoding;
use crate::error::DecodeError;

/// The largest window that a zstd frame may ask for, as a power of two: 16 MiB, twice what level 19 uses.
const WINDOW_LOG_MAX: u32 = 24;

/// The plain bytes of the body.
pub(super) fn inflate(
    table: &'static Table,
    encoding: Encoding,
    body: &[u8],
    limits: &Limits,
) -> Result<Buffer, DecodeError> {
    if body.len() > limits.compressed_bytes {
        return Err(too_large(
            table,
            "bytes in its body",
            limits.compressed_bytes,
        ));
    }
    match encoding {
        Encoding::Identity if body.len() > limits.decompressed_bytes => Err(too_large(
            table,
            "bytes in its body",
            limits.decompressed_bytes,
        )),
        Encoding::Identity => Ok(Buffer::from(body)),
        Encoding::Zstd => unzstd(table, body, limits.decompressed_bytes),
    }
}

fn unzstd(table: &'static Table, body: &[u8], limit: usize) -> Result<Buffer, DecodeError> {
    let malformed = |reason: String| DecodeError::Malformed {
        table: table.name,
        reason,
    };
    let size = zstd_safe::get_frame_content_size(body)
        .map_err(|_| malformed("it is not a zstd frame".to_owned()))?;
    // The size in the frame's header is the sender's word: it may only make us refuse early and reserve at most the limit.
    let reserve = match size {
        Some(size) if size > limit as u64 => {
            return Err(too_large(table, "bytes after decompression", limit));
        }
        Some(size) => size as usize,
        None => 0,
    };
    let mut plain = Vec::new();
    plain
        .try_reserve_exact(reserve)
        .map_err(|e| malformed(format!("no memory for {reserve} bytes: {e}")))?;
    let mut decoder = zstd::stream::read::Decoder::with_buffer(body)
        .map_err(|e| malformed(format!("zstd: {e}")))?;
    decoder
        .window_log_max(WINDOW_LOG_MAX)
        .map_err(|e| malformed(format!("zstd: {e}")))?;
    decoder
        .by_ref()
        .take(limit as u64 + 1)
        .read_to_end(&mut plain)
        .map_err(|e| malformed(format!("zstd: {e}")))?;
    if plain.len() > limit {
        return Err(too_large(table, "bytes after decompression", limit));
    }
    Ok(Buffer::from_vec(plain))
}

pub(super) fn too_large(table: &'static Table, what: &'static str, limit: usize) -> DecodeError {
    DecodeError::TooLarge {
        table: table.name,
        what,
        limit: limit as u64,
    }
}
