//! How a record lies in a segment.
//!
//! | at | bytes | |
//! | --- | --- | --- |
//! | 0 | 3 | `KFR` |
//! | 3 | 1 | version of this layout, 1 |
//! | 4 | 1 | kind: 1 frame, 2 acknowledgement, 3 frame with a note |
//! | 5 | 1 | encoding of the payload: 0 none, 1 zstd |
//! | 6 | 1 | length of the table's name |
//! | 7 | 1 | 0 |
//! | 8 | 8 | sequence |
//! | 16 | 4 | rows in the payload |
//! | 20 | 4 | length of the payload |
//! | 24 | 4 | CRC-32 of the payload |
//! | 28 | 8 | time of the rows, microseconds since 1970 |
//! | 36 | 4 | CRC-32 of bytes 0 to 35 and the table's name |
//! | 40 | | the table's name, then the payload |
//!
//! The payload of a frame is its body; that of a frame with a note is the note's number (8 bytes), the note's length
//! (4 bytes), the note, the body: one checksum over all of it, so that note and rows are on disk together or not at all.
//!
//! Numbers are little-endian. The header has a checksum of its own, so that a record with a broken payload still tells
//! what it was and where the next one begins.

use wire::{Encoding, Sequence};

/// Bytes before the table's name.
pub(super) const HEADER: usize = 40;
/// What every record begins with.
pub(super) const MAGIC: [u8; 4] = *b"KFR\x01";
/// The largest payload, so that a length can be believed before it is used.
pub(super) const PAYLOAD_MAX: usize = 64 << 20;

/// What a record is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Rows on their way.
    Frame,
    /// The server has every frame of the table up to the sequence.
    Acknowledged,
    /// Rows on their way, and what their maker has to know of them after a restart.
    Noted,
}

impl Kind {
    /// Whether there are rows in it.
    pub(super) fn is_frame(self) -> bool {
        matches!(self, Kind::Frame | Kind::Noted)
    }
}

/// A record's header, as written or as read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Header<'a> {
    pub(super) kind: Kind,
    pub(super) encoding: Encoding,
    pub(super) table: &'a str,
    pub(super) sequence: Sequence,
    pub(super) rows: u32,
    pub(super) time_usec: i64,
    pub(super) payload_length: u32,
    pub(super) payload_crc: u32,
}

impl<'a> Header<'a> {
    /// A header to write; [`write`] fills in what depends on the payload.
    pub(super) fn new(
        kind: Kind,
        encoding: Encoding,
        table: &'a str,
        sequence: Sequence,
    ) -> Header<'a> {
        Header {
            kind,
            encoding,
            table,
            sequence,
            rows: 0,
            time_usec: 0,
            payload_length: 0,
            payload_crc: 0,
        }
    }

    /// The header of a frame.
    pub(super) fn frame(
        encoding: Encoding,
        table: &'a str,
        sequence: Sequence,
        rows: u32,
        time_usec: i64,
    ) -> Header<'a> {
        Header {
            rows,
            time_usec,
            ..Header::new(Kind::Frame, encoding, table, sequence)
        }
    }

    /// Bytes of the whole record.
    pub(super) fn record_length(&self) -> usize {
        self.payload_at() + self.payload_length as usize
    }

    /// Where the payload begins within the record.
    pub(super) fn payload_at(&self) -> usize {
        HEADER + self.table.len()
    }
}

/// Bytes between a noted frame's header and its note.
pub(super) const NOTE_HEADER: usize = 12;

/// A note's number and bytes.
pub(super) type Noted<'b> = (u64, &'b [u8]);

/// The payload of a record, taken apart: the note's number and bytes, where there is one, and where the body begins.
/// `None` when the payload is too short for the note that it says it has.
pub(super) fn take_apart(kind: Kind, payload: &[u8]) -> Option<(Option<Noted<'_>>, usize)> {
    if kind != Kind::Noted {
        return Some((None, 0));
    }
    let (number, rest) = payload.split_first_chunk::<8>()?;
    let (length, rest) = rest.split_first_chunk::<4>()?;
    let length = u32::from_le_bytes(*length) as usize;
    let note = rest.get(..length)?;
    Some((
        Some((u64::from_le_bytes(*number), note)),
        NOTE_HEADER + length,
    ))
}

/// Appends a frame with a note; see [`write`].
pub(super) fn write_noted(
    out: &mut Vec<u8>,
    header: &Header<'_>,
    number: u64,
    note: &[u8],
    body: &[u8],
) {
    let header = Header {
        kind: Kind::Noted,
        ..*header
    };
    let number = number.to_le_bytes();
    let length = (note.len() as u32).to_le_bytes();
    write_parts(out, &header, &[&number, &length, note, body]);
}

/// Appends a record; the lengths and checksums in `header` are taken from `payload`. The table's name comes from the
/// catalogue and is short; a payload above [`PAYLOAD_MAX`] is the caller's to refuse.
pub(super) fn write(out: &mut Vec<u8>, header: &Header<'_>, payload: &[u8]) {
    write_parts(out, header, &[payload]);
}

fn write_parts(out: &mut Vec<u8>, header: &Header<'_>, payload: &[&[u8]]) {
    let length: usize = payload.iter().map(|part| part.len()).sum();
    debug_assert!(length <= PAYLOAD_MAX && header.table.len() <= usize::from(u8::MAX));
    let mut payload_crc = crc32fast::Hasher::new();
    for part in payload {
        payload_crc.update(part);
    }
    let start = out.len();
    out.extend_from_slice(&MAGIC);
    let kind = match header.kind {
        Kind::Frame => 1,
        Kind::Acknowledged => 2,
        Kind::Noted => 3,
    };
    let encoding = match header.encoding {
        Encoding::Identity => 0,
        Encoding::Zstd => 1,
    };
    out.extend_from_slice(&[kind, encoding, header.table.len() as u8, 0]);
    out.extend_from_slice(&header.sequence.0.to_le_bytes());
    out.extend_from_slice(&header.rows.to_le_bytes());
    out.extend_from_slice(&(length as u32).to_le_bytes());
    out.extend_from_slice(&payload_crc.finalize().to_le_bytes());
    out.extend_from_slice(&header.time_usec.to_le_bytes());
    let crc = header_crc(&out[start..], header.table.as_bytes());
    out.extend_from_slice(&crc.to_le_bytes());
    out.extend_from_slice(header.table.as_bytes());
    for part in payload {
        out.extend_from_slice(part);
    }
}

/// The header at the beginning of `bytes`; `None` when there is none that its checksum vouches for.
pub(super) fn read(bytes: &[u8]) -> Option<Header<'_>> {
    let fixed = bytes.first_chunk::<HEADER>()?;
    if fixed[..4] != MAGIC {
        return None;
    }
    let name = bytes.get(HEADER..HEADER + usize::from(fixed[6]))?;
    let number =
        |at: usize| u32::from_le_bytes([fixed[at], fixed[at + 1], fixed[at + 2], fixed[at + 3]]);
    let long = |at: usize| u64::from(number(at)) | u64::from(number(at + 4)) << 32;
    if header_crc(fixed, name) != number(36) {
        return None;
    }
    let kind = match fixed[4] {
        1 => Kind::Frame,
        2 => Kind::Acknowledged,
        3 => Kind::Noted,
        _ => return None,
    };
    let encoding = match fixed[5] {
        0 => Encoding::Identity,
        1 => Encoding::Zstd,
        _ => return None,
    };
    let payload_length = number(20);
    if payload_length as usize > PAYLOAD_MAX {
        return None;
    }
    Some(Header {
        kind,
        encoding,
        table: std::str::from_utf8(name).ok()?,
        sequence: Sequence(long(8)),
        rows: number(16),
        time_usec: long(28) as i64,
        payload_length,
        payload_crc: number(24),
    })
}

fn header_crc(fixed: &[u8], name: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&fixed[..36]);
    hasher.update(name);
    hasher.finalize()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_reads_back_and_a_changed_header_does_not() {
        let mut out = b"before".to_vec();
        write(
            &mut out,
            &Header::frame(Encoding::Zstd, "container", Sequence(1 << 40 | 7), 330, -5),
            b"payload",
        );
        let record = &mut out[6..];
        let header = read(record).unwrap();
        assert_eq!(
            (header.table, header.sequence, header.rows),
            ("container", Sequence(1 << 40 | 7), 330)
        );
        assert_eq!(
            (header.time_usec, header.record_length()),
            (-5, record.len())
        );
        assert_eq!(&record[header.payload_at()..], b"payload");
        for at in 0..HEADER + "container".len() {
            for bit in 0..8 {
                record[at] ^= 1 << bit;
                assert_eq!(read(record), None, "byte {at}, bit {bit}");
                record[at] ^= 1 << bit;
            }
        }
        for end in 0..HEADER + "container".len() {
            assert_eq!(read(&record[..end]), None);
        }
    }

    /// The layout is on disks: these bytes were written by version 1.
    #[test]
    fn the_layout_stays() {
        let mut out = Vec::new();
        write(
            &mut out,
            &Header::frame(Encoding::Identity, "log", Sequence(2), 3, 1),
            b"abc",
        );
        let hex: String = out.iter().map(|b| format!("{b:02x}")).collect();
        assert_eq!(
            hex,
            "4b4652010100030002000000000000000300000003000000c2412435010000000000000008fab9386c6f67616263"
        );
    }

    #[test]
    fn a_note_and_a_body_are_told_apart_and_a_note_longer_than_its_record_is_none() {
        let mut out = Vec::new();
        let header = Header::frame(Encoding::Zstd, "log", Sequence(2), 3, 1);
        write_noted(&mut out, &header, 7, b"note", b"body");
        let header = read(&out).unwrap();
        let payload = &out[header.payload_at()..];
        let (note, body) = take_apart(header.kind, payload).unwrap();
        assert_eq!(
            (note, &payload[body..]),
            (Some((7, b"note".as_slice())), b"body".as_slice())
        );
        for end in 0..NOTE_HEADER + 4 {
            assert_eq!(take_apart(Kind::Noted, &payload[..end]), None, "{end}");
        }
        assert_eq!(take_apart(Kind::Frame, payload), Some((None, 0)));
    }

    /// The layout is on disks: these bytes were written by version 1 with notes.
    #[test]
    fn the_layout_with_a_note_stays() {
        let mut out = Vec::new();
        let header = Header::frame(Encoding::Identity, "log", Sequence(2), 3, 1);
        write_noted(&mut out, &header, 5, b"n", b"abc");
        let hex: String = out.iter().map(|b| format!("{b:02x}")).collect();
        assert_eq!(
            hex,
            "4b46520103000300020000000000000003000000100000003d8ed44b01000000000000006c2008936c6f670500000000000000010000006e616263"
        );
    }
}
