//! The hash of a token in index files. It is part of their format: it must never change under a version.

const LENGTH: u64 = 0x9e37_79b9_7f4a_7c15;
const STEP: u64 = 0xa076_1d64_78bd_642f;
const END: u64 = 0xe703_7ed1_a0b4_28db;
const ONES: u64 = 0x0101_0101_0101_0101;

/// 64 bits of a token, the same whatever the case of its ASCII letters.
///
/// Eight bytes at a time, little-endian, the last zero-padded: `h = fold(h ^ lower(word), STEP)` from
/// `h = length * LENGTH`, at the end `fold(h ^ END, STEP)`, where `fold` is the xor of the two halves of the product.
pub(crate) fn token_hash(token: &[u8]) -> u64 {
    let mut hash = (token.len() as u64).wrapping_mul(LENGTH);
    let (words, rest) = token.as_chunks::<8>();
    for word in words {
        hash = fold(hash ^ lower(u64::from_le_bytes(*word)), STEP);
    }
    if !rest.is_empty() {
        let mut word = [0u8; 8];
        for (to, from) in word.iter_mut().zip(rest) {
            *to = *from;
        }
        hash = fold(hash ^ lower(u64::from_le_bytes(word)), STEP);
    }
    fold(hash ^ END, STEP)
}

fn fold(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    (product as u64) ^ ((product >> 64) as u64)
}

/// Eight bytes with their ASCII capitals made small.
fn lower(word: u64) -> u64 {
    let low = word & (0x7f * ONES);
    // The top bit of each byte: at least 'A'; beyond 'Z'.
    let from_a = low.wrapping_add((0x80 - 0x41) * ONES);
    let past_z = low.wrapping_add((0x80 - 0x5b) * ONES);
    let capital = from_a & !past_z & !word & (0x80 * ONES);
    word | (capital >> 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lower_is_that_of_ascii_for_every_byte() {
        for byte in 0..=255u8 {
            let word = u64::from_le_bytes([byte, b'Z', byte, b'a', b'A', byte, b'@', b'[']);
            let expected: Vec<u8> = word.to_le_bytes().iter().map(u8::to_ascii_lowercase).collect();
            assert_eq!(lower(word).to_le_bytes().as_slice(), expected);
        }
    }

    /// Files hold these. A change here needs a new version of the index.
    #[test]
    fn hashes_are_what_they_were() {
        let hashes = ["", "a", "error", "Connection", "01234567", "012345678", "größe"]
            .map(|t| token_hash(t.as_bytes()));
        assert_eq!(hashes, super::tests_golden::HASHES);
    }
}

#[cfg(test)]
mod tests_golden {
    pub(super) const HASHES: [u64; 7] = [0; 7];
}
