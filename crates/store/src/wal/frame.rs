//! The bytes of one WAL frame.
//!
//! A segment begins with [`SEGMENT_MAGIC`] and is a sequence of frames:
//!
//! | bytes | field |
//! | --- | --- |
//! | 4 | magic `KWF1` (the last byte is the format's version) |
//! | 4 | length of everything after the checksum, little-endian |
//! | 4 | CRC-32 (IEEE) of everything after the checksum |
//! | 8 | position: the frame's number in the log, one more than the frame before it |
//! | 8 | when it was received, µs since the epoch |
//! | 1 | kind: 1 rows, 2 sequences |
//! | 1 | encoding of the body: 0 plain, 1 zstd |
//! | 1 | length of the table's name |
//! | 16 | agent id |
//! | 8 | the agent's sequence |
//! | n | the table's name |
//! | … | the body: as the agent sent it, or the sequences |

use bytes::Bytes;

/// The first bytes of a segment file.
pub(crate) const SEGMENT_MAGIC: &[u8; 8] = b"KANSWAL1";
const FRAME_MAGIC: &[u8; 4] = b"KWF1";
const HEAD: usize = 12;
const FIXED: usize = 8 + 8 + 1 + 1 + 1 + 16 + 8;
/// No frame is longer: a length above it is damage. Bodies are bounded far below it at the door.
const LONGEST: usize = 1 << 30;

/// What a frame's body is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FrameKind {
    /// An Arrow IPC stream.
    Rows,
    /// The last sequence of every agent and table, at the start of a segment.
    Sequences,
}

/// One frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Frame {
    pub(crate) position: u64,
    pub(crate) received_usec: i64,
    pub(crate) kind: FrameKind,
    pub(crate) zstd: bool,
    pub(crate) agent: [u8; 16],
    pub(crate) sequence: u64,
    pub(crate) table: String,
    pub(crate) body: Bytes,
}

impl Frame {
    /// Appends the frame's bytes.
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        let length = FIXED + self.table.len() + self.body.len();
        out.reserve(HEAD + length);
        out.extend_from_slice(FRAME_MAGIC);
        out.extend_from_slice(&(length as u32).to_le_bytes());
        let checksum = out.len();
        out.extend_from_slice(&[0; 4]);
        let start = out.len();
        out.extend_from_slice(&self.position.to_le_bytes());
        out.extend_from_slice(&self.received_usec.to_le_bytes());
        out.push(match self.kind {
            FrameKind::Rows => 1,
            FrameKind::Sequences => 2,
        });
        out.push(u8::from(self.zstd));
        out.push(self.table.len() as u8);
        out.extend_from_slice(&self.agent);
        out.extend_from_slice(&self.sequence.to_le_bytes());
        out.extend_from_slice(self.table.as_bytes());
        out.extend_from_slice(&self.body);
        let crc = crc32fast::hash(&out[start..]);
        out[checksum..checksum + 4].copy_from_slice(&crc.to_le_bytes());
    }

    /// Reads the frame at the start of `bytes`, and how many bytes it took.
    pub(crate) fn read(bytes: &Bytes) -> Result<(Frame, usize), Damage> {
        if bytes.len() < HEAD {
            return Err(Damage::Short);
        }
        if &bytes[..4] != FRAME_MAGIC {
            return Err(Damage::NotAFrame);
        }
        let length = u32_at(bytes, 4) as usize;
        if !(FIXED..=LONGEST).contains(&length) {
            return Err(Damage::NotAFrame);
        }
        if bytes.len() < HEAD + length {
            return Err(Damage::Short);
        }
        let content = bytes.slice(HEAD..HEAD + length);
        if crc32fast::hash(&content) != u32_at(bytes, 8) {
            return Err(Damage::Checksum);
        }
        let kind = match content[16] {
            1 => FrameKind::Rows,
            2 => FrameKind::Sequences,
            _ => return Err(Damage::NotAFrame),
        };
        let name_end = FIXED + usize::from(content[18]);
        if name_end > content.len() {
            return Err(Damage::NotAFrame);
        }
        let mut agent = [0; 16];
        agent.copy_from_slice(&content[19..35]);
        let frame = Frame {
            position: u64_at(&content, 0),
            received_usec: u64_at(&content, 8) as i64,
            kind,
            zstd: content[17] == 1,
            agent,
            sequence: u64_at(&content, 35),
            table: String::from_utf8_lossy(&content[FIXED..name_end]).into_owned(),
            body: content.slice(name_end..),
        };
        Ok((frame, HEAD + length))
    }
}

/// Why bytes are not a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Damage {
    /// They end before the frame does.
    Short,
    /// They do not begin like one.
    NotAFrame,
    /// They were changed.
    Checksum,
}

/// Where the next whole frame begins after damage at `from`, if there is one.
pub(crate) fn next_frame(bytes: &Bytes, from: usize) -> Option<usize> {
    let mut at = from + 1;
    while at + HEAD <= bytes.len() {
        let found = bytes[at..].windows(4).position(|w| w == FRAME_MAGIC)?;
        at += found;
        if Frame::read(&bytes.slice(at..)).is_ok() {
            return Some(at);
        }
        at += 1;
    }
    None
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    let mut word = [0; 4];
    word.copy_from_slice(&bytes[at..at + 4]);
    u32::from_le_bytes(word)
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    let mut word = [0; 8];
    word.copy_from_slice(&bytes[at..at + 8]);
    u64::from_le_bytes(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(position: u64) -> Frame {
        Frame {
            position,
            received_usec: 1_700_000_000_000_000,
            kind: FrameKind::Rows,
            zstd: true,
            agent: [7; 16],
            sequence: 42,
            table: "container".into(),
            body: Bytes::from(vec![position as u8; 100]),
        }
    }

    #[test]
    fn a_frame_comes_back_as_it_was() {
        let mut bytes = Vec::new();
        frame(9).write(&mut bytes);
        let length = bytes.len();
        bytes.extend_from_slice(b"what follows");
        assert_eq!(Frame::read(&bytes.into()), Ok((frame(9), length)));
    }

    #[test]
    fn every_cut_is_seen_as_short_and_every_flipped_bit_as_damage() {
        let mut whole = Vec::new();
        frame(9).write(&mut whole);
        for cut in 0..whole.len() {
            assert_eq!(
                Frame::read(&Bytes::copy_from_slice(&whole[..cut])),
                Err(Damage::Short),
                "cut at {cut}"
            );
        }
        for bit in 0..whole.len() * 8 {
            let mut flipped = whole.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(Frame::read(&flipped.into()).is_err(), "bit {bit}");
        }
    }

    #[test]
    fn the_next_frame_is_found_behind_damage() {
        let mut bytes = Vec::new();
        frame(1).write(&mut bytes);
        let second = bytes.len();
        frame(2).write(&mut bytes);
        let third = bytes.len();
        frame(3).write(&mut bytes);
        bytes[second + 20] ^= 0xff;
        assert_eq!(next_frame(&bytes.clone().into(), second), Some(third));
        bytes.truncate(third + 30);
        assert_eq!(next_frame(&bytes.into(), second), None);
    }
}
