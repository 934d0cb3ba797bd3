//! A file's token index as bytes, and where it is.
//!
//! The bytes lie in the Parquet file between the last row group and the page indexes, where other readers never look;
//! the key-value metadata [`KEY`] of the file says where. All numbers are little-endian.
//!
//! ```text
//! "KTIX"  version u8 = 1  3 × 0  block_rows u32  blocks u32
//! of each block:  seed u64  segments u32  segment_bits u8  holds u8  2 × 0
//! of each block that holds: (segments + 2) << segment_bits fingerprints
//! crc32 of everything before it u32
//! ```
//!
//! A block is `block_rows` rows of the file (the last one fewer), counted over row groups. `holds` is 0 where the block
//! has no set and must be read, 1 where the fuse filter follows. A block without tokens has `segments` 0.

use super::fuse::Fuse;

/// The key of the file's metadata: `<version> <offset> <length>`.
pub(crate) const KEY: &str = "kansoku.tokens";
pub(crate) const VERSION: u8 = 1;
const MAGIC: &[u8; 4] = b"KTIX";
const HEAD: usize = 16;
const BLOCK: usize = 16;
/// The largest block of bytes that is taken for an index.
const MOST_BYTES: u64 = 1 << 30;

/// The tokens of the blocks of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TokenIndex {
    pub(crate) block_rows: u32,
    /// `None`: not known, so it must be read.
    pub(crate) blocks: Vec<Option<Fuse>>,
}

/// Where an index is in its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) offset: u64,
    pub(crate) length: u64,
}

impl Place {
    /// For the file's metadata.
    pub(crate) fn to_text(self) -> String {
        format!("{VERSION} {} {}", self.offset, self.length)
    }

    /// `None` for another version or nonsense: the file is then read as one without an index.
    pub(crate) fn from_text(text: &str) -> Option<Place> {
        let mut words = text.split(' ');
        let version: u8 = words.next()?.parse().ok()?;
        let offset = words.next()?.parse().ok()?;
        let length = words.next()?.parse().ok()?;
        (version == VERSION && words.next().is_none() && length <= MOST_BYTES)
            .then_some(Place { offset, length })
    }
}

/// Why bytes are no index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum FormatError {
    #[error("they are cut short")]
    Short,
    #[error("they do not begin as an index of version {VERSION} does")]
    Unknown,
    #[error("their checksum is wrong")]
    Checksum,
    #[error("their lengths do not add up")]
    Lengths,
}

impl TokenIndex {
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let sets: usize = self
            .blocks
            .iter()
            .flatten()
            .map(|f| f.fingerprints.len())
            .sum();
        let mut out = Vec::with_capacity(HEAD + self.blocks.len() * BLOCK + sets + 4);
        out.extend_from_slice(MAGIC);
        out.extend_from_slice(&[VERSION, 0, 0, 0]);
        out.extend_from_slice(&self.block_rows.to_le_bytes());
        out.extend_from_slice(&(self.blocks.len() as u32).to_le_bytes());
        let none = Fuse::EMPTY;
        for block in &self.blocks {
            let fuse = block.as_ref().unwrap_or(&none);
            out.extend_from_slice(&fuse.seed.to_le_bytes());
            out.extend_from_slice(&fuse.segments.to_le_bytes());
            out.extend_from_slice(&[fuse.segment_bits, u8::from(block.is_some()), 0, 0]);
        }
        for fuse in self.blocks.iter().flatten() {
            out.extend_from_slice(&fuse.fingerprints);
        }
        let crc = crc32fast::hash(&out);
        out.extend_from_slice(&crc.to_le_bytes());
        out
    }

    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<TokenIndex, FormatError> {
        let (body, crc) = bytes.split_last_chunk::<4>().ok_or(FormatError::Short)?;
        let mut at = Reader(body);
        if at.take::<4>()? != *MAGIC || at.take::<4>()? != [VERSION, 0, 0, 0] {
            return Err(FormatError::Unknown);
        }
        if crc32fast::hash(body) != u32::from_le_bytes(*crc) {
            return Err(FormatError::Checksum);
        }
        let block_rows = u32::from_le_bytes(at.take()?);
        let count = u32::from_le_bytes(at.take()?) as usize;
        if block_rows == 0 || count > at.0.len() / BLOCK {
            return Err(FormatError::Lengths);
        }
        let mut heads = Vec::with_capacity(count);
        for _ in 0..count {
            let seed = u64::from_le_bytes(at.take()?);
            let segments = u32::from_le_bytes(at.take()?);
            let [segment_bits, holds, _, _] = at.take()?;
            if segment_bits > 18 || holds > 1 {
                return Err(FormatError::Lengths);
            }
            heads.push((seed, segments, segment_bits, holds == 1));
        }
        let mut blocks = Vec::with_capacity(count);
        for (seed, segments, segment_bits, holds) in heads {
            let length = match (holds, segments) {
                (false, _) | (_, 0) => 0,
                _ => (segments as usize + 2) << segment_bits,
            };
            let fingerprints = at.slice(length)?.to_vec();
            blocks.push(holds.then_some(Fuse {
                seed,
                segment_bits,
                segments,
                fingerprints,
            }));
        }
        if !at.0.is_empty() {
            return Err(FormatError::Lengths);
        }
        Ok(TokenIndex { block_rows, blocks })
    }

    /// What it takes in memory, about.
    pub(crate) fn memory(&self) -> usize {
        let sets: usize = self
            .blocks
            .iter()
            .flatten()
            .map(|f| f.fingerprints.len())
            .sum();
        sets + self.blocks.len() * std::mem::size_of::<Option<Fuse>>()
    }
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], FormatError> {
        let (head, rest) = self.0.split_first_chunk::<N>().ok_or(FormatError::Short)?;
        self.0 = rest;
        Ok(*head)
    }

    fn slice(&mut self, length: usize) -> Result<&'a [u8], FormatError> {
        let (head, rest) = self.0.split_at_checked(length).ok_or(FormatError::Short)?;
        self.0 = rest;
        Ok(head)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::build::IndexBuilder;
    use proptest::prelude::*;

    const GOLDEN: &[u8] = include_bytes!("../../tests/golden/tokens-1.bin");

    fn example() -> TokenIndex {
        let mut builder = IndexBuilder::new(3);
        for message in [
            "GET /api 200",
            "connection reset",
            "größe 12",
            "",
            "-",
            "",
            "last",
        ] {
            builder.add(message);
        }
        builder.finish()
    }

    #[test]
    fn an_index_of_version_1_still_opens_and_is_still_written_so() {
        if std::env::var_os("KANSOKU_UPDATE").is_some() {
            let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/tokens-1.bin");
            std::fs::write(path, example().to_bytes()).unwrap();
        }
        let index = TokenIndex::from_bytes(GOLDEN).unwrap();
        assert_eq!(index, example());
        assert_eq!(example().to_bytes(), GOLDEN);
        assert_eq!(index.blocks.len(), 3);
        let holds = |block: usize, word: &str| {
            index.blocks[block]
                .as_ref()
                .unwrap()
                .may_hold(crate::tokens::token_hash(word.as_bytes()))
        };
        assert!(holds(0, "reset") && holds(0, "GRößE") && holds(2, "last"));
        assert!(!holds(1, "reset"), "a block without tokens holds none");
    }

    #[test]
    fn places_are_read_as_written_and_nonsense_is_none() {
        let place = Place {
            offset: 17,
            length: 4,
        };
        assert_eq!(Place::from_text(&place.to_text()), Some(place));
        for text in [
            "",
            "1",
            "2 17 4",
            "1 17",
            "1 17 4 5",
            "1 -1 4",
            "1 0 99999999999",
        ] {
            assert_eq!(Place::from_text(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn damage_is_noticed_and_never_a_panic(at in 0..GOLDEN.len(), bit in 0..8u8, cut in 0..GOLDEN.len(),
            noise in prop::collection::vec(any::<u8>(), 0..200)) {
            let mut bytes = GOLDEN.to_vec();
            bytes[at] ^= 1 << bit;
            prop_assert!(TokenIndex::from_bytes(&bytes).is_err());
            prop_assert!(TokenIndex::from_bytes(&GOLDEN[..cut]).is_err());
            let _ = TokenIndex::from_bytes(&noise);
        }
    }
}
