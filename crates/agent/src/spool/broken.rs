//! Damaged bytes, kept to be looked at.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The most bytes that are kept; further damage is counted and not kept.
const KEPT_MAX: u64 = 16 << 20;

/// Writes damaged bytes into the folder `broken`, and answers where; `None` when enough is kept there already.
pub(super) fn keep(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<Option<PathBuf>> {
    let folder = folder.join("broken");
    fs::create_dir_all(&folder)?;
    let mut kept = 0;
    for entry in fs::read_dir(&folder)? {
        kept += entry?.metadata()?.len();
    }
    if kept + bytes.len() as u64 > KEPT_MAX {
        return Ok(None);
    }
    let path = folder.join(format!("{name}.broken"));
    fs::write(&path, bytes)?;
    Ok(Some(path))
}
