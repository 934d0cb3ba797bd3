//! Reading small kernel files into one buffer, again and again.

use std::path::{Path, PathBuf};

use rustix::fd::{AsFd, OwnedFd};
use rustix::fs::{CWD, Mode, OFlags, openat};
use rustix::io::{Errno, pread};

use super::ledger::{Ledger, SourceId};

/// Most bytes that one file may have. The largest in practice are mount tables of nodes with thousands of mounts.
const MOST: usize = 4 << 20;

/// How a file gives its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// In one read, if the buffer suffices: cgroup files, which the kernel writes as one record.
    Whole,
    /// In pieces: most of /proc, and lists of processes.
    Pieces,
}

/// Opens a file for reading.
pub(crate) fn open(path: &Path) -> Result<OwnedFd, Errno> {
    openat(
        CWD,
        path,
        OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NOCTTY | OFlags::NONBLOCK,
        Mode::empty(),
    )
}

/// Reads a file from its start into `buffer`, whose length is its capacity; answers how many bytes. The buffer grows
/// when it must.
fn read_into(fd: impl AsFd, shape: Shape, buffer: &mut Vec<u8>) -> Result<usize, Errno> {
    let fd = fd.as_fd();
    let mut filled = 0;
    loop {
        if filled == buffer.len() {
            if filled >= MOST {
                return Err(Errno::FBIG);
            }
            buffer.resize((filled * 2).clamp(16 << 10, MOST), 0);
        }
        let got = match pread(fd, &mut buffer[filled..], filled as u64) {
            Ok(got) => got,
            Err(Errno::INTR) => continue,
            Err(errno) => return Err(errno),
        };
        filled += got;
        if got == 0 || (shape == Shape::Whole && filled < buffer.len()) {
            return Ok(filled);
        }
    }
}

/// Reads files and keeps the ledger of it. One buffer serves all of them.
#[derive(Debug)]
pub(crate) struct Reader {
    buffer: Vec<u8>,
    /// What was read and what could not be.
    pub(crate) ledger: Ledger,
}

impl Reader {
    /// A reader with an empty ledger.
    pub(crate) fn new() -> Reader {
        Reader {
            buffer: vec![0; 64 << 10],
            ledger: Ledger::default(),
        }
    }

    /// Reads a descriptor that is open already. The caller notes a failure, for it may be the end of a cgroup.
    pub(crate) fn pread(
        &mut self,
        fd: impl AsFd,
        shape: Shape,
        source: SourceId,
    ) -> Result<&[u8], Errno> {
        let length = read_into(fd, shape, &mut self.buffer)?;
        self.ledger.read(source, length);
        Ok(&self.buffer[..length])
    }

    /// The bytes of the last read, whose length the caller knows.
    pub(crate) fn bytes(&self, length: usize) -> &[u8] {
        &self.buffer[..length.min(self.buffer.len())]
    }

    /// Opens, reads and closes a file. A failure is noted.
    pub(crate) fn read(&mut self, path: &Path, shape: Shape, source: SourceId) -> Option<&[u8]> {
        let length = open(path).and_then(|fd| read_into(fd, shape, &mut self.buffer));
        match length {
            Ok(length) => {
                self.ledger.read(source, length);
                self.ledger.example(source, path);
                Some(&self.buffer[..length])
            }
            Err(errno) => {
                self.ledger.failed(source, path, errno);
                None
            }
        }
    }
}

/// A file outside the cgroup tree that is read every tick and stays open.
#[derive(Debug)]
pub(crate) struct Kept {
    path: PathBuf,
    source: SourceId,
    fd: Option<OwnedFd>,
    /// Ticks until a file that could not be opened is tried again.
    rest: u32,
}

/// How many ticks a file that cannot be opened is left alone.
const REST: u32 = 6;

impl Kept {
    /// A file that is opened when it is first read.
    pub(crate) fn new(path: PathBuf, feeds: &'static str, ledger: &mut Ledger) -> Kept {
        let source = ledger.add(path.to_string_lossy().into_owned(), feeds);
        Kept {
            path,
            source,
            fd: None,
            rest: 0,
        }
    }

    /// Its bytes; `None` if it cannot be read, which is noted.
    pub(crate) fn read<'r>(&mut self, reader: &'r mut Reader) -> Option<&'r [u8]> {
        if self.fd.is_none() {
            if self.rest > 0 {
                self.rest -= 1;
                return None;
            }
            match open(&self.path) {
                Ok(fd) => {
                    reader.ledger.example(self.source, &self.path);
                    self.fd = Some(fd);
                }
                Err(errno) => {
                    reader.ledger.failed(self.source, &self.path, errno);
                    self.rest = REST;
                    return None;
                }
            }
        }
        let length = read_into(self.fd.as_ref()?, Shape::Pieces, &mut reader.buffer);
        match length {
            Ok(length) => {
                reader.ledger.read(self.source, length);
                Some(&reader.buffer[..length])
            }
            Err(errno) => {
                reader.ledger.failed(self.source, &self.path, errno);
                self.fd = None;
                self.rest = REST;
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn a_kept_file_is_read_afresh_and_whole() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("f");
        fs::write(&path, "one").unwrap();
        let mut reader = Reader::new();
        let mut kept = Kept::new(path.clone(), "test", &mut reader.ledger);
        assert_eq!(kept.read(&mut reader), Some(&b"one"[..]));
        let long = "x".repeat(300_000);
        fs::write(&path, &long).unwrap();
        assert_eq!(kept.read(&mut reader).map(<[u8]>::len), Some(300_000));
        assert_eq!(reader.ledger.totals(), (2, 300_003));
    }

    #[test]
    fn a_file_beyond_the_bound_is_refused_and_noted() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("f");
        fs::File::create(&path)
            .unwrap()
            .set_len(MOST as u64 + 1)
            .unwrap();
        let mut reader = Reader::new();
        let source = reader.ledger.add("f".into(), "test");
        assert!(reader.read(&path, Shape::Whole, source).is_none());
        assert_eq!(reader.ledger.entries()[0].last_error, Some(Errno::FBIG));
    }

    #[test]
    fn a_missing_file_is_tried_again_after_a_rest() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("f");
        let mut reader = Reader::new();
        let mut kept = Kept::new(path.clone(), "test", &mut reader.ledger);
        assert!(kept.read(&mut reader).is_none());
        fs::write(&path, "now").unwrap();
        let tries = (0..10)
            .take_while(|_| kept.read(&mut reader).is_none())
            .count();
        assert_eq!(tries, REST as usize);
    }

    #[test]
    fn files_of_proc_come_in_pieces() {
        let mut reader = Reader::new();
        let source = reader.ledger.add("mountinfo".into(), "test");
        let expected = fs::read("/proc/self/mountinfo").unwrap();
        let path = Path::new("/proc/self/mountinfo");
        assert_eq!(
            reader.read(path, Shape::Pieces, source),
            Some(&expected[..])
        );
    }
}
