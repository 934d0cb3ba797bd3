//! How a note is written.
//!
//! Version 1. Numbers are LEB128 unless said otherwise, texts a length and the bytes.
//!
//! - 1 byte version; number of logs; for each: its id, 1 byte flags, a name (flag 1: kind, 1 byte, and its parts), 14
//!   totals, entries of it in the frame, 14 totals as they were reported last (flag 2; flag 4: they are the totals);
//! - number of files; for each: its id, 1 byte flags (1: forgotten, and nothing follows; 2: compressed), id of its log,
//!   device, inode, length and hash (8 bytes) of its print, resume of both streams, sequence, bytes counted as read and
//!   as written;
//! - the journal: 0, or 1, the cursor, and number of streams with id of the log and sequence of each.

use std::sync::Arc;

use crate::log::count::{COUNTS, Totals};
use crate::log::entry::Resume;
use crate::log::follow::Print;
use crate::log::source::{Place, Source};

const VERSION: u8 = 1;

/// A log's part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SourceState {
    /// Its number; the same as long as it is known.
    pub(crate) id: u32,
    /// What it is called; left out where an older note says it.
    pub(crate) source: Option<Source>,
    /// Counted until now.
    pub(crate) totals: Totals,
    /// Entries of it in this frame.
    pub(crate) in_frame: u64,
    /// What the rows of the ledger until now add up to; left out where an older note says it.
    pub(crate) reported: Option<Totals>,
}

/// A file instance's part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FileState {
    /// Its number, the same for the instance's life.
    pub(crate) id: u64,
    /// What is known; `None`: it is forgotten.
    pub(crate) at: Option<FileAt>,
}

/// How far a file instance was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FileAt {
    /// Its log.
    pub(crate) source: u32,
    /// Its device and inode.
    pub(crate) inode: (u64, u64),
    /// What it begins with; of a compressed file, what is in it.
    pub(crate) print: Print,
    /// Whether it was compressed when it was read last.
    pub(crate) is_compressed: bool,
    /// Where to read again.
    pub(crate) resume: Resume,
    /// The number of the next entry.
    pub(crate) sequence: u64,
    /// Up to which offset its bytes are counted as read.
    pub(crate) read_to: u64,
    /// Up to which offset its bytes are counted as written.
    pub(crate) written_to: u64,
}

/// The journal's part.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct JournalState {
    /// The cursor of the last entry.
    pub(crate) cursor: String,
    /// For each log that is fed by it, the number of the next entry.
    pub(crate) sequences: Vec<(u32, u64)>,
}

/// A note, or a snapshot.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Note {
    /// Logs that changed.
    pub(crate) sources: Vec<SourceState>,
    /// Files that changed.
    pub(crate) files: Vec<FileState>,
    /// The journal, where it changed.
    pub(crate) journal: Option<JournalState>,
}

impl Note {
    /// Appends it to `out`.
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        out.push(VERSION);
        put(out, self.sources.len() as u64);
        for source in &self.sources {
            put(out, u64::from(source.id));
            let is_reported = source.reported == Some(source.totals);
            let flags = u8::from(source.source.is_some())
                | u8::from(source.reported.is_some() && !is_reported) << 1
                | u8::from(is_reported) << 2;
            out.push(flags);
            if let Some(source) = &source.source {
                put_source(out, source);
            }
            put_totals(out, &source.totals);
            put(out, source.in_frame);
            if let Some(reported) = source.reported.filter(|_| !is_reported) {
                put_totals(out, &reported);
            }
        }
        put(out, self.files.len() as u64);
        for file in &self.files {
            put(out, file.id);
            let Some(at) = &file.at else {
                out.push(1);
                continue;
            };
            out.push(u8::from(at.is_compressed) << 1);
            put(out, u64::from(at.source));
            put(out, at.inode.0);
            put(out, at.inode.1);
            put(out, u64::from(at.print.length));
            out.extend_from_slice(&at.print.hash.to_le_bytes());
            for number in [
                at.resume.stdout,
                at.resume.stderr,
                at.sequence,
                at.read_to,
                at.written_to,
            ] {
                put(out, number);
            }
        }
        match &self.journal {
            None => out.push(0),
            Some(journal) => {
                out.push(1);
                put_text(out, &journal.cursor);
                put(out, journal.sequences.len() as u64);
                for (source, sequence) in &journal.sequences {
                    put(out, u64::from(*source));
                    put(out, *sequence);
                }
            }
        }
    }

    /// Reads one; `None` when it is none, or of a later version.
    pub(crate) fn read(bytes: &[u8]) -> Option<Note> {
        let mut rest = Rest(bytes);
        if rest.byte()? != VERSION {
            return None;
        }
        let mut note = Note::default();
        for _ in 0..rest.number()? {
            let id = u32::try_from(rest.number()?).ok()?;
            let flags = rest.byte()?;
            let source = if flags & 1 != 0 {
                Some(rest.source()?)
            } else {
                None
            };
            let totals = rest.totals()?;
            let in_frame = rest.number()?;
            let reported = match flags & 6 {
                0 => None,
                2 => Some(rest.totals()?),
                _ => Some(totals),
            };
            note.sources.push(SourceState {
                id,
                source,
                totals,
                in_frame,
                reported,
            });
        }
        for _ in 0..rest.number()? {
            let id = rest.number()?;
            let flags = rest.byte()?;
            let at = if flags & 1 != 0 {
                None
            } else {
                Some(FileAt {
                    is_compressed: flags & 2 != 0,
                    source: u32::try_from(rest.number()?).ok()?,
                    inode: (rest.number()?, rest.number()?),
                    print: Print {
                        length: u16::try_from(rest.number()?).ok()?,
                        hash: rest.fixed()?,
                    },
                    resume: Resume {
                        stdout: rest.number()?,
                        stderr: rest.number()?,
                    },
                    sequence: rest.number()?,
                    read_to: rest.number()?,
                    written_to: rest.number()?,
                })
            };
            note.files.push(FileState { id, at });
        }
        if rest.byte()? != 0 {
            let mut journal = JournalState {
                cursor: rest.text()?.to_owned(),
                sequences: Vec::new(),
            };
            for _ in 0..rest.number()? {
                let source = u32::try_from(rest.number()?).ok()?;
                journal.sequences.push((source, rest.number()?));
            }
            note.journal = Some(journal);
        }
        rest.0.is_empty().then_some(note)
    }
}

fn put(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

fn put_text(out: &mut Vec<u8>, text: &str) {
    put(out, text.len() as u64);
    out.extend_from_slice(text.as_bytes());
}

fn put_totals(out: &mut Vec<u8>, totals: &Totals) {
    for total in totals.0 {
        put(out, total);
    }
}

fn put_source(out: &mut Vec<u8>, source: &Source) {
    match &source.place {
        Place::Pod {
            namespace,
            pod,
            uid,
            container,
        } => {
            out.push(1);
            for text in [namespace, pod, uid, container] {
                put_text(out, text);
            }
        }
        Place::Container { id, name } => {
            out.push(2);
            put_text(out, id);
            put_text(out, name);
        }
        Place::Host { stream } => {
            out.push(3);
            put_text(out, source.name.strip_prefix("host/").unwrap_or_default());
            put_text(out, stream);
        }
    }
}

/// What is not read yet.
struct Rest<'b>(&'b [u8]);

impl<'b> Rest<'b> {
    fn byte(&mut self) -> Option<u8> {
        let (&byte, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(byte)
    }

    fn number(&mut self) -> Option<u64> {
        let mut number = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let part = u64::from(byte & 0x7f);
            if part << shift >> shift != part {
                return None;
            }
            number |= part << shift;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    fn fixed(&mut self) -> Option<u64> {
        let (bytes, rest) = self.0.split_first_chunk::<8>()?;
        self.0 = rest;
        Some(u64::from_le_bytes(*bytes))
    }

    fn text(&mut self) -> Option<&'b str> {
        let length = usize::try_from(self.number()?).ok()?;
        let (text, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        std::str::from_utf8(text).ok()
    }

    fn totals(&mut self) -> Option<Totals> {
        let mut totals = [0; COUNTS];
        for total in &mut totals {
            *total = self.number()?;
        }
        Some(Totals(totals))
    }

    fn source(&mut self) -> Option<Source> {
        match self.byte()? {
            1 => Some(Source::pod(
                self.text()?,
                self.text()?,
                self.text()?,
                self.text()?,
            )),
            2 => Some(Source::container(self.text()?, self.text()?)),
            3 => {
                let name: Arc<str> = self.text()?.into();
                Some(Source::host(&name, self.text()?))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn example() -> Note {
        let mut totals = Totals::default();
        totals.0[0] = u64::MAX;
        totals.0[13] = 300;
        Note {
            sources: vec![
                SourceState {
                    id: 1,
                    source: Some(Source::pod("shop", "web", "uid", "app")),
                    totals,
                    in_frame: 5,
                    reported: Some(Totals::default()),
                },
                SourceState {
                    id: 2,
                    source: Some(Source::container("abc", "/db")),
                    totals,
                    in_frame: 0,
                    reported: Some(totals),
                },
                SourceState {
                    id: 3,
                    source: Some(Source::host("opt/x.log", "x.log")),
                    totals,
                    in_frame: 0,
                    reported: None,
                },
                SourceState {
                    id: 4,
                    source: None,
                    totals,
                    in_frame: 1,
                    reported: None,
                },
            ],
            files: vec![
                FileState { id: 9, at: None },
                FileState {
                    id: 1 << 40,
                    at: Some(FileAt {
                        source: 1,
                        inode: (2049, 77),
                        print: Print::of(b"head"),
                        is_compressed: true,
                        resume: Resume {
                            stdout: 10,
                            stderr: 20,
                        },
                        sequence: 3,
                        read_to: 30,
                        written_to: 40,
                    }),
                },
            ],
            journal: Some(JournalState {
                cursor: "s=1;i=2".to_owned(),
                sequences: vec![(3, 8)],
            }),
        }
    }

    #[test]
    fn a_note_reads_back_and_half_of_one_does_not() {
        let mut bytes = Vec::new();
        example().write(&mut bytes);
        assert_eq!(Note::read(&bytes), Some(example()));
        for end in 0..bytes.len() {
            assert_eq!(Note::read(&bytes[..end]), None, "cut at {end}");
        }
        bytes[0] = 2;
        assert_eq!(Note::read(&bytes), None, "a later version");
    }

    proptest! {
        #[test]
        fn whatever_the_bytes_are_nothing_breaks(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = Note::read(&bytes);
        }

        #[test]
        fn numbers_read_back(number: u64) {
            let mut bytes = Vec::new();
            put(&mut bytes, number);
            prop_assert_eq!(Rest(&bytes).number(), Some(number));
        }
    }
}
