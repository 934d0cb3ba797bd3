//! Finding the records of a segment again, whatever happened to it.

use std::ops::Range;

use super::record::{self, Header, MAGIC};
use super::segment;

/// What is in a segment.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Scan<'a> {
    /// Whole records with where they begin, in order.
    pub(super) records: Vec<(usize, Header<'a>)>,
    /// What is between them and is none.
    pub(super) broken: Vec<Broken<'a>>,
    /// Where the bytes after the last record begin that are the beginning of one: a write that was not finished.
    pub(super) torn: Option<usize>,
}

/// Bytes that are no record.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Broken<'a> {
    /// Where.
    pub(super) at: Range<usize>,
    /// What it was, when only its payload is broken.
    pub(super) header: Option<Header<'a>>,
}

/// Looks through a segment, from behind its own header.
pub(super) fn scan(bytes: &[u8]) -> Scan<'_> {
    let mut scan = Scan::default();
    let mut at = segment::HEADER.min(bytes.len());
    while at < bytes.len() {
        match record::read(&bytes[at..]) {
            Some(header) => {
                let end = at + header.record_length();
                let payload = bytes.get(at + header.payload_at()..end);
                match payload {
                    Some(payload) if crc32fast::hash(payload) == header.payload_crc => {
                        scan.records.push((at, header));
                        at = end;
                    }
                    Some(_) => {
                        // The header is sound, and so is the length: the next record follows.
                        scan.broken.push(Broken {
                            at: at..end,
                            header: Some(header),
                        });
                        at = end;
                    }
                    // The header is sound and the file ends within the payload.
                    None => {
                        scan.torn = Some(at);
                        return scan;
                    }
                }
            }
            None => match next_record(bytes, at + 1) {
                Some(next) => {
                    scan.broken.push(Broken {
                        at: at..next,
                        header: None,
                    });
                    at = next;
                }
                None => {
                    scan.torn = Some(at);
                    return scan;
                }
            },
        }
    }
    scan
}

/// The next place where a sound header begins.
fn next_record(bytes: &[u8], from: usize) -> Option<usize> {
    let candidates = bytes
        .get(from..)?
        .windows(MAGIC.len())
        .enumerate()
        .filter(|(_, window)| *window == MAGIC);
    candidates
        .map(|(offset, _)| from + offset)
        .find(|at| record::read(&bytes[*at..]).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use wire::{AgentId, Encoding, Sequence};

    /// A segment of a few frames, and where each record begins; the last place is the end.
    fn segment() -> (Vec<u8>, Vec<usize>) {
        let mut bytes = segment::header(AgentId::from_bytes([7; 16])).to_vec();
        let mut places = vec![bytes.len()];
        for n in 1..=6u64 {
            let payload: Vec<u8> = (0..n * 13).map(|b| b as u8).collect();
            let table = ["node", "container"][n as usize % 2];
            record::write(
                &mut bytes,
                &Header::frame(Encoding::Zstd, table, Sequence(n), n as u32, 0),
                &payload,
            );
            places.push(bytes.len());
        }
        (bytes, places)
    }

    fn sequences(scan: &Scan<'_>) -> Vec<u64> {
        scan.records
            .iter()
            .map(|(_, header)| header.sequence.0)
            .collect()
    }

    #[test]
    fn cut_at_every_byte_all_whole_records_are_found() {
        let (bytes, places) = segment();
        for end in segment::HEADER..=bytes.len() {
            let scan = scan(&bytes[..end]);
            let whole = places.iter().filter(|place| **place <= end).count() - 1;
            assert_eq!(
                sequences(&scan),
                (1..=whole as u64).collect::<Vec<_>>(),
                "cut at {end}"
            );
            assert!(scan.broken.is_empty());
            assert_eq!(
                scan.torn,
                (!places.contains(&end)).then(|| places[whole]),
                "cut at {end}"
            );
        }
    }

    #[test]
    fn with_any_bit_flipped_all_other_records_are_found() {
        let (mut bytes, places) = segment();
        for at in segment::HEADER..bytes.len() {
            let hit = places.iter().filter(|place| **place <= at).count() as u64;
            for bit in 0..8 {
                bytes[at] ^= 1 << bit;
                let scan = scan(&bytes);
                let rest: Vec<u64> = (1..=6).filter(|n| *n != hit).collect();
                assert_eq!(sequences(&scan), rest, "byte {at}, bit {bit}");
                // A broken last record cannot be told from a torn write unless its header is sound.
                assert_eq!(scan.broken.len() + usize::from(scan.torn.is_some()), 1);
                bytes[at] ^= 1 << bit;
            }
        }
    }

    proptest! {
        /// Bytes overwritten, put in or taken out: what is found was written, in order, and the rest is accounted for.
        #[test]
        fn what_is_found_was_written(
            at in any::<prop::sample::Index>(),
            length in 0usize..200,
            noise in prop::collection::vec(any::<u8>(), 0..200),
        ) {
            let (mut bytes, _) = segment();
            let original = bytes.clone();
            let whole = scan(&original);
            let start = segment::HEADER + at.index(bytes.len() - segment::HEADER);
            let end = (start + length).min(bytes.len());
            bytes.splice(start..end, noise);
            let found = scan(&bytes);
            let mut written = whole.records.iter();
            for (_, header) in &found.records {
                prop_assert!(written.any(|(_, original)| original == header));
            }
            let records: usize = found.records.iter().map(|(_, header)| header.record_length()).sum();
            let broken: usize = found.broken.iter().map(|broken| broken.at.len()).sum();
            let torn = found.torn.map_or(0, |at| bytes.len() - at);
            prop_assert_eq!(segment::HEADER + records + broken + torn, bytes.len());
        }
    }
}
