//! The files of the log: one after another, each named by the position of its first frame.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::frame::SEGMENT_MAGIC;

/// A segment that is written to.
#[derive(Debug)]
pub(crate) struct Segment {
    file: File,
    path: PathBuf,
    bytes: u64,
}

impl Segment {
    /// Creates the segment whose first frame will be `position`, with `head` as its first bytes after the magic, and
    /// makes its name durable.
    pub(crate) fn create(dir: &Path, position: u64, head: &[u8]) -> io::Result<Segment> {
        let path = dir.join(file_name(position));
        let mut file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .open(&path)?;
        let mut bytes = SEGMENT_MAGIC.to_vec();
        bytes.extend_from_slice(head);
        file.write_all(&bytes)?;
        file.sync_all()?;
        sync_dir(dir)?;
        Ok(Segment {
            file,
            path,
            bytes: bytes.len() as u64,
        })
    }

    /// Appends and makes durable. When writing fails the file is cut back to what it was.
    pub(crate) fn append(&mut self, bytes: &[u8]) -> Result<(), AppendFault> {
        if let Err(source) = self.file.write_all(bytes) {
            return Err(match self.cut_back() {
                Ok(()) => AppendFault::NotWritten(source),
                Err(second) => AppendFault::Unknown(second),
            });
        }
        // After a failed fsync nobody knows what is on disk (the kernel drops the dirty pages): trust nothing.
        self.file.sync_data().map_err(AppendFault::Unknown)?;
        self.bytes += bytes.len() as u64;
        Ok(())
    }

    fn cut_back(&mut self) -> io::Result<()> {
        use std::io::Seek;
        self.file.set_len(self.bytes)?;
        self.file.seek(io::SeekFrom::Start(self.bytes))?;
        Ok(())
    }

    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

/// Why an append failed.
#[derive(Debug)]
pub(crate) enum AppendFault {
    /// Nothing of it is in the file.
    NotWritten(io::Error),
    /// It may or may not be in the file.
    Unknown(io::Error),
}

fn file_name(position: u64) -> String {
    format!("{position:020}.wal")
}

/// The segments in a folder with the positions that they are named by, oldest first.
pub(crate) fn list(dir: &Path) -> io::Result<Vec<(u64, PathBuf)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        let position = path
            .file_name()
            .and_then(|n| n.to_str())
            .and_then(|n| n.strip_suffix(".wal"))
            .and_then(|n| n.parse().ok());
        if let Some(position) = position {
            found.push((position, path));
        }
    }
    found.sort();
    Ok(found)
}

/// Makes the names in a folder durable.
pub(crate) fn sync_dir(dir: &Path) -> io::Result<()> {
    File::open(dir)?.sync_all()
}
