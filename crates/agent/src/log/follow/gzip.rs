//! Files that rotation has compressed before they were read.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::os::unix::fs::FileExt;

use flate2::read::MultiGzDecoder;

use super::print::HEAD;

/// A compressed file on its way through the decoder.
pub(crate) struct Gzip {
    decoder: MultiGzDecoder<BufReader<File>>,
    /// Offset of the decoder's next byte in what is in the file.
    at: u64,
    /// What was decoded and not taken yet.
    pub(crate) carry: Vec<u8>,
    /// Whether the end was reached.
    pub(crate) is_ended: bool,
}

impl std::fmt::Debug for Gzip {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Gzip")
            .field("at", &self.at)
            .finish_non_exhaustive()
    }
}

impl Gzip {
    /// From its start.
    pub(crate) fn new(file: File) -> Gzip {
        Gzip {
            decoder: MultiGzDecoder::new(BufReader::with_capacity(32 << 10, file)),
            at: 0,
            carry: Vec::new(),
            is_ended: false,
        }
    }

    /// Decodes until so many bytes from `position` on are in `carry`, or the end.
    ///
    /// # Errors
    /// The file is no gzip file, or ends within one.
    pub(crate) fn fill(&mut self, position: u64, most: usize) -> io::Result<()> {
        let mut chunk = [0; 32 << 10];
        while self.carry.len() < most && !self.is_ended {
            match self.decoder.read(&mut chunk) {
                Ok(0) => self.is_ended = true,
                Ok(n) => {
                    let skip = position.saturating_sub(self.at).min(n as u64) as usize;
                    self.carry.extend_from_slice(&chunk[skip..n]);
                    self.at += n as u64;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

/// What the content begins with.
///
/// # Errors
/// The file is no gzip file, or ends within one.
pub(crate) fn head(file: &File) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    MultiGzDecoder::new(At(file, 0))
        .take(HEAD as u64)
        .read_to_end(&mut head)?;
    Ok(head)
}

/// How long the content is, by the file's last word, modulo 4 GiB; of a file of several members, the last one's.
pub(crate) fn length(file: &File) -> io::Result<u64> {
    let size = file.metadata()?.len();
    let mut last = [0; 4];
    file.read_exact_at(&mut last, size.saturating_sub(4))?;
    Ok(u64::from(u32::from_le_bytes(last)))
}

/// Reads a file without moving its own position.
struct At<'f>(&'f File, u64);

impl Read for At<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.0.read_at(buffer, self.1)?;
        self.1 += n as u64;
        Ok(n)
    }
}
