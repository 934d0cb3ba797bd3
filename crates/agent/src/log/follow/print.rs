//! What a file begins with, which tells it from the next one with the same inode, and finds it again under another.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

/// The most bytes that are looked at.
pub(crate) const HEAD: usize = 1024;

/// A hash of a file's first bytes: all of them while it is small, at most [`HEAD`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Print {
    /// How many.
    pub(crate) length: u16,
    /// Their hash.
    pub(crate) hash: u64,
}

impl Print {
    /// Of a file that begins so.
    pub(crate) fn of(head: &[u8]) -> Print {
        let head = &head[..head.len().min(HEAD)];
        Print {
            length: head.len() as u16,
            hash: fnv(head),
        }
    }

    /// Whether a file that begins so may be the one that this was taken of.
    pub(crate) fn is_of(self, head: &[u8]) -> bool {
        self.length == 0
            || head
                .get(..usize::from(self.length))
                .is_some_and(|head| fnv(head) == self.hash)
    }

    /// Whether it was taken of something.
    pub(crate) fn is_some(self) -> bool {
        self.length > 0
    }
}

/// FNV-1a: it stays as it is, which matters on disk.
fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// Reads what a file begins with.
pub(crate) fn head(file: &File, buffer: &mut [u8; HEAD]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < HEAD {
        match file.read_at(&mut buffer[filled..], filled as u64) {
            Ok(0) => break,
            Ok(n) => filled += n,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_print_knows_its_file_when_it_has_grown_and_no_other() {
        let print = Print::of(b"2026-01-01 one\n");
        assert!(print.is_of(b"2026-01-01 one\ntwo\n"));
        assert!(!print.is_of(b"2026-01-01 two\n"));
        assert!(!print.is_of(b"2026"), "it is shorter");
        assert!(Print::default().is_of(b""));
        assert_eq!(Print::of(&[b'x'; 5000]), Print::of(&[b'x'; HEAD]));
    }

    /// The hash is on disks.
    #[test]
    fn the_hash_stays() {
        assert_eq!(Print::of(b"a").hash, 0xaf63_dc4c_8601_ec8c);
    }
}
