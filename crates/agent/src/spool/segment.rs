//! Segment files.
//!
//! `<20 digits>.segment`, numbered in the order of their making: a header of 32 bytes (`KSEG`, version 1, 3 zeros, the
//! agent's id of 16 bytes, 4 zeros, CRC-32 of the 28 bytes before), then records.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use wire::AgentId;

/// Bytes before the first record.
pub(super) const HEADER: usize = 32;

const MAGIC: [u8; 8] = *b"KSEG\x01\0\0\0";
const EXTENSION: &str = "segment";

/// The header of a segment.
pub(super) fn header(agent: AgentId) -> [u8; HEADER] {
    let mut header = [0; HEADER];
    header[..8].copy_from_slice(&MAGIC);
    header[8..24].copy_from_slice(agent.as_bytes());
    let crc = crc32fast::hash(&header[..28]);
    header[28..].copy_from_slice(&crc.to_le_bytes());
    header
}

/// The agent of a segment; `None` when the header is not sound.
pub(super) fn read_header(bytes: &[u8]) -> Option<AgentId> {
    let fixed = bytes.first_chunk::<HEADER>()?;
    let mut agent = [0; 16];
    agent.copy_from_slice(&fixed[8..24]);
    let agent = AgentId::from_bytes(agent);
    (header(agent) == *fixed).then_some(agent)
}

/// The path of a segment.
pub(super) fn path(folder: &Path, id: u64) -> PathBuf {
    folder.join(format!("{id:020}.{EXTENSION}"))
}

/// The segments of a folder, in the order of their making.
pub(super) fn list(folder: &Path) -> io::Result<Vec<u64>> {
    let mut ids = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name();
        let Some((stem, EXTENSION)) = name.to_str().and_then(|name| name.rsplit_once('.')) else {
            continue;
        };
        if stem.len() == 20
            && let Ok(id) = stem.parse()
        {
            ids.push(id);
        }
    }
    ids.sort_unstable();
    Ok(ids)
}

/// Makes a segment, durably.
pub(super) fn create(folder: &Path, id: u64, agent: AgentId) -> io::Result<File> {
    let path = path(folder, id);
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .create_new(true)
        .open(&path)?;
    let written = file
        .write_all_at(&header(agent), 0)
        .and_then(|()| file.sync_all())
        .and_then(|()| sync_folder(folder));
    match written {
        Ok(()) => Ok(file),
        Err(error) => {
            // A full disk: what was made of it is of no use.
            let _ = fs::remove_file(&path);
            Err(error)
        }
    }
}

/// Opens a segment for reading and appending.
pub(super) fn open(folder: &Path, id: u64) -> io::Result<File> {
    OpenOptions::new()
        .read(true)
        .write(true)
        .open(path(folder, id))
}

/// Removes a segment. That it is gone need not be durable: were it back after a crash, its frames would be sent again and
/// the server would know them.
pub(super) fn remove(folder: &Path, id: u64) -> io::Result<()> {
    fs::remove_file(path(folder, id))
}

/// Makes names in a folder durable.
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}
