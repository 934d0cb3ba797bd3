//! The tokens of ASCII text, quickly: what most log lines are, and where building an index spends its time.
//!
//! Sixty-four bytes are classified at once, without a branch or a table, so that the compiler makes vector instructions
//! of it; the edges of runs are then the bits that differ from their neighbours.

use super::MAX_TOKEN_BYTES;
use super::hash::token_hash_at;

const CHUNK: usize = 64;

/// Calls `found` with the hash of each token of a text that is ASCII, in order.
pub(crate) fn each_hash(text: &[u8], mut found: impl FnMut(u64)) {
    let mut token = |start: usize, end: usize| {
        found(token_hash_at(
            text,
            start,
            (end - start).min(MAX_TOKEN_BYTES),
        ));
    };
    let mut start = 0;
    let mut inside = false;
    let mut base = 0;
    let (chunks, rest) = text.as_chunks::<CHUNK>();
    let mut last = [0u8; CHUNK];
    last[..rest.len()].copy_from_slice(rest);
    // A zero byte after the end closes the last run, unless the text ends with a chunk.
    for chunk in chunks.iter().chain(std::iter::once(&last)) {
        let words = mask(chunk);
        let mut edges = words ^ ((words << 1) | u64::from(inside));
        while edges != 0 {
            let at = base + edges.trailing_zeros() as usize;
            edges &= edges - 1;
            if inside {
                token(start, at);
            } else {
                start = at;
            }
            inside = !inside;
        }
        base += CHUNK;
    }
}

/// Bit n says whether byte n is part of a token.
fn mask(chunk: &[u8; CHUNK]) -> u64 {
    let mut words = [0u8; CHUNK];
    for (word, byte) in words.iter_mut().zip(chunk) {
        let letter = (byte | 0x20).wrapping_sub(b'a') < 26;
        let digit = byte.wrapping_sub(b'0') < 10;
        *word = u8::from(letter | digit | (*byte == b'_'));
    }
    let mut mask = 0;
    for (at, eight) in words.as_chunks::<8>().0.iter().enumerate() {
        // Gathers the lowest bit of each of eight bytes in the highest byte.
        let bits = u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080) >> 56;
        mask |= bits << (8 * at);
    }
    mask
}
