//! All checkpoints in one file.
//!
//! `checkpoints` in the spool's folder: `KCKP`, version 1, 3 zeros, 8 bytes number of the last note that is in it, a
//! note, CRC-32 of all before. Little-endian.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use super::note::Note;

const MAGIC: [u8; 8] = *b"KCKP\x01\0\0\0";
const FILE: &str = "checkpoints";

/// What the file was found as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Found {
    /// There is none: the agent has not read here before, or everything is in notes.
    None,
    /// All checkpoints up to the note of that number.
    Whole(u64, Note),
    /// It cannot be understood, and was set aside.
    Broken,
}

/// Reads it.
///
/// # Errors
/// The file is there and cannot be read.
pub(crate) fn load(dir: &Path) -> io::Result<Found> {
    let path = dir.join(FILE);
    let bytes = match fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Found::None),
        Err(error) => return Err(error),
    };
    match parse(&bytes) {
        Some((number, note)) => Ok(Found::Whole(number, note)),
        None => {
            fs::rename(&path, dir.join("checkpoints.broken"))?;
            Ok(Found::Broken)
        }
    }
}

fn parse(bytes: &[u8]) -> Option<(u64, Note)> {
    let (body, crc) = bytes.split_last_chunk::<4>()?;
    if crc32fast::hash(body) != u32::from_le_bytes(*crc) {
        return None;
    }
    let (number, note) = body.strip_prefix(&MAGIC)?.split_first_chunk::<8>()?;
    Some((u64::from_le_bytes(*number), Note::read(note)?))
}

/// Stores it: either the old one or the new one is there afterwards, whatever happens.
///
/// # Errors
/// The folder cannot be written; the old one is there then.
pub(crate) fn store(dir: &Path, number: u64, note: &Note) -> io::Result<()> {
    let mut bytes = MAGIC.to_vec();
    bytes.extend_from_slice(&number.to_le_bytes());
    note.write(&mut bytes);
    let crc = crc32fast::hash(&bytes);
    bytes.extend_from_slice(&crc.to_le_bytes());
    let temporary = dir.join("checkpoints.new");
    let mut file = File::create(&temporary)?;
    file.write_all(&bytes)?;
    file.sync_all()?;
    fs::rename(&temporary, dir.join(FILE))?;
    File::open(dir)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::checkpoint::FileState;

    #[test]
    fn a_snapshot_is_kept_and_a_broken_one_is_set_aside() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(load(folder.path()).unwrap(), Found::None);
        let note = Note {
            files: vec![FileState { id: 1, at: None }],
            ..Note::default()
        };
        store(folder.path(), 7, &note).unwrap();
        assert_eq!(load(folder.path()).unwrap(), Found::Whole(7, note));
        let path = folder.path().join(FILE);
        let bytes = fs::read(&path).unwrap();
        for at in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[at] ^= 0x10;
            assert_eq!(parse(&changed), None, "byte {at}");
        }
        fs::write(&path, &bytes[1..]).unwrap();
        assert_eq!(load(folder.path()).unwrap(), Found::Broken);
        assert!(folder.path().join("checkpoints.broken").exists());
    }
}
