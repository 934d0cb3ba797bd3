//! Where secrets come from.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::notification::Links;

/// The most bytes of a file that a key names.
const LONGEST_FILE: u64 = 1024 * 1024;

/// What is read besides the file itself, once, when it is read.
pub struct Sources<'a> {
    /// The folder of the file: paths in it are relative to that.
    pub folder: PathBuf,
    /// The value of an environment variable.
    pub variable: &'a dyn Fn(&str) -> Option<String>,
    /// The content of a file.
    pub file: &'a dyn Fn(&Path) -> io::Result<Vec<u8>>,
    /// Where the page is.
    pub links: Links,
}

impl fmt::Debug for Sources<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sources")
            .field("folder", &self.folder)
            .finish_non_exhaustive()
    }
}

impl Sources<'static> {
    /// The environment and the files of this process.
    pub fn process(folder: PathBuf, links: Links) -> Sources<'static> {
        Sources {
            folder,
            variable: &|name| std::env::var(name).ok(),
            file: &read,
            links,
        }
    }
}

/// A whole file, if it is one and not endless.
fn read(path: &Path) -> io::Result<Vec<u8>> {
    let about = std::fs::metadata(path)?;
    if !about.is_file() {
        return Err(io::Error::other("it is not a file"));
    }
    if about.len() > LONGEST_FILE {
        return Err(io::Error::other("it has more than 1 MiB"));
    }
    std::fs::read(path)
}
