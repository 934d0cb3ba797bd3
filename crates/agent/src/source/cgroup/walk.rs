//! Listing directories with one buffer.

use std::fmt;
use std::mem::MaybeUninit;
use std::path::Path;

use rustix::fs::{AtFlags, CWD, FileType, Mode, OFlags, RawDir, openat, statat};
use rustix::io::Errno;

/// Lists directories, one after the other.
pub(crate) struct Listing {
    raw: Vec<MaybeUninit<u8>>,
    text: String,
    ends: Vec<usize>,
    /// Names that were no UTF-8 and were left out.
    pub(crate) unreadable_names: u64,
}

impl Default for Listing {
    fn default() -> Self {
        Listing {
            raw: vec![MaybeUninit::uninit(); 32 << 10],
            text: String::new(),
            ends: Vec::new(),
            unreadable_names: 0,
        }
    }
}

impl fmt::Debug for Listing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Listing")
            .field("names", &self.ends.len())
            .finish_non_exhaustive()
    }
}

impl Listing {
    /// The names of everything in a directory.
    pub(crate) fn names(&mut self, dir: &Path) -> Result<impl Iterator<Item = &str>, Errno> {
        self.list(dir, false)
    }

    /// The names of the directories in a directory.
    pub(crate) fn directories(&mut self, dir: &Path) -> Result<impl Iterator<Item = &str>, Errno> {
        self.list(dir, true)
    }

    fn list(
        &mut self,
        dir: &Path,
        only_directories: bool,
    ) -> Result<impl Iterator<Item = &str>, Errno> {
        self.text.clear();
        self.ends.clear();
        let fd = openat(
            CWD,
            dir,
            OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC,
            Mode::empty(),
        )?;
        let mut entries = RawDir::new(&fd, &mut self.raw);
        while let Some(entry) = entries.next() {
            let entry = entry?;
            let name = entry.file_name();
            if matches!(name.to_bytes(), b"." | b"..") {
                continue;
            }
            if only_directories {
                let is_directory = match entry.file_type() {
                    FileType::Directory => true,
                    // A file system that does not tell.
                    FileType::Unknown => {
                        statat(&fd, name, AtFlags::SYMLINK_NOFOLLOW).is_ok_and(|stat| {
                            FileType::from_raw_mode(stat.st_mode) == FileType::Directory
                        })
                    }
                    _ => false,
                };
                if !is_directory {
                    continue;
                }
            }
            match name.to_str() {
                Ok(name) => {
                    self.text.push_str(name);
                    self.ends.push(self.text.len());
                }
                Err(_) => self.unreadable_names += 1,
            }
        }
        let (text, ends) = (&self.text, &self.ends);
        Ok(ends.iter().scan(0, |start, &end| {
            Some(&text[std::mem::replace(start, end)..end])
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn a_large_directory_is_listed_whole() {
        let dir = tempfile::tempdir().unwrap();
        for i in 0..3000 {
            fs::write(
                dir.path().join(format!("file-with-a-rather-long-name-{i}")),
                "",
            )
            .unwrap();
        }
        fs::create_dir(dir.path().join("sub")).unwrap();
        let mut listing = Listing::default();
        assert_eq!(listing.names(dir.path()).unwrap().count(), 3001);
        assert_eq!(
            listing.directories(dir.path()).unwrap().collect::<Vec<_>>(),
            ["sub"]
        );
        assert!(listing.names(&dir.path().join("none")).is_err());
    }
}
