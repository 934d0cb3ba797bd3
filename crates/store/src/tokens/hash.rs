//! The hash of a token in index files. It is part of their format: it must never change under a version.

const LENGTH: u64 = 0x9e37_79b9_7f4a_7c15;
const STEP: u64 = 0xa076_1d64_78bd_642f;
const END: u64 = 0xe703_7ed1_a0b4_28db;
const ONES: u64 = 0x0101_0101_0101_0101;

/// 64 bits of a token, the same whatever the case of its ASCII letters.
///
/// Eight bytes at a time, little-endian, the last zero-padded: `h = fold(h ^ lower(word), STEP)` from
/// `h = length * LENGTH`, at the end `fold(h ^ END, STEP)`, or 1 where that is 0, where `fold` is the xor of the two halves of the product.
pub(crate) fn token_hash(token: &[u8]) -> u64 {
    token_hash_at(token, 0, token.len())
}

/// [`token_hash`] of a part of a text; what follows it spares the copying of its last bytes.
#[inline]
pub(super) fn token_hash_at(text: &[u8], start: usize, length: usize) -> u64 {
    let mut hash = (length as u64).wrapping_mul(LENGTH);
    let mut rest = text.get(start..).unwrap_or_default();
    let mut left = length;
    while left >= 8 {
        let Some((word, after)) = rest.split_first_chunk::<8>() else {
            break;
        };
        hash = fold(hash ^ lower(u64::from_le_bytes(*word)), STEP);
        rest = after;
        left -= 8;
    }
    if left > 0 {
        let word = match rest.first_chunk::<8>() {
            Some(word) => u64::from_le_bytes(*word) & (u64::MAX >> (64 - 8 * left)),
            None => {
                let mut word = [0u8; 8];
                for (to, from) in word.iter_mut().zip(rest.iter().take(left)) {
                    *to = *from;
                }
                u64::from_le_bytes(word)
            }
        };
        hash = fold(hash ^ lower(word), STEP);
    }
    fold(hash ^ END, STEP).max(1)
}

#[inline]
fn fold(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    (product as u64) ^ ((product >> 64) as u64)
}

/// Eight bytes with their ASCII capitals made small.
#[inline]
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
            let expected: Vec<u8> = word
                .to_le_bytes()
                .iter()
                .map(u8::to_ascii_lowercase)
                .collect();
            assert_eq!(lower(word).to_le_bytes().as_slice(), expected);
        }
    }

    /// Files hold these. A change here needs a new version of the index.
    #[test]
    fn hashes_are_what_they_were() {
        let hashes = [
            "",
            "a",
            "error",
            "Connection",
            "01234567",
            "012345678",
            "größe",
        ]
        .map(|t| token_hash(t.as_bytes()));
        let expected = [
            2302960717771869484,
            3946419225010985639,
            16797618937337602478,
            2852468548244304218,
            6888662937591068663,
            15068950210978331744,
            13234025537623214016,
        ];
        assert_eq!(hashes, expected);
    }
}
