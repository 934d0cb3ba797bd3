//! The folder of a demo's rows: it begins anew each time, and no other rows are ever in it.

use std::fs::{File, TryLockError};
use std::io::{ErrorKind, Write};
use std::path::Path;

use crate::exit::Failure;

/// Says that what is beside it may be removed, and, locked, that a demo uses it.
const MARK: &str = "demo-rows-only";

/// Empties the folder of the last demo. It is this demo's for as long as the file is kept.
pub(super) fn begin_anew(folder: &Path) -> Result<File, Failure> {
    let wrong =
        |error: std::io::Error| Failure::work(format!("data = {}: {error}", folder.display()));
    let is_of_demo = folder.join(MARK).exists();
    let is_empty = match std::fs::read_dir(folder) {
        Ok(mut entries) => entries.next().is_none(),
        Err(error) if error.kind() == ErrorKind::NotFound => true,
        Err(error) => return Err(wrong(error)),
    };
    if !is_of_demo && !is_empty {
        return Err(Failure::usage(format!(
            "data = {}: there is something in it that is not a demo's. A demo removes what the last one has left: give \
             it a folder of its own, or leave --data out",
            folder.display()
        )));
    }
    std::fs::create_dir_all(folder).map_err(wrong)?;
    let mut mark = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(folder.join(MARK))
        .map_err(wrong)?;
    match mark.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            return Err(Failure::usage(format!(
                "data = {}: another demo uses it: stop that one, or give this one a folder of its own with --data",
                folder.display()
            )));
        }
        Err(TryLockError::Error(error)) => return Err(wrong(error)),
    }
    for entry in std::fs::read_dir(folder).map_err(wrong)? {
        let entry = entry.map_err(wrong)?;
        if entry.file_name() == MARK {
            continue;
        }
        let removed = if entry.path().is_dir() {
            std::fs::remove_dir_all(entry.path())
        } else {
            std::fs::remove_file(entry.path())
        };
        removed.map_err(wrong)?;
    }
    mark.set_len(0).map_err(wrong)?;
    mark.write_all(
        b"Rows of kansoku up --demo. Each start of it removes everything in this folder.\n",
    )
    .map_err(wrong)?;
    Ok(mark)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_demo_has_left_is_removed() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("demo");
        let first = begin_anew(&folder).unwrap();
        std::fs::create_dir(folder.join("tables")).unwrap();
        std::fs::write(folder.join("tables/x"), "rows").unwrap();
        let said = format!("{:?}", begin_anew(&folder).unwrap_err());
        assert!(said.contains("another demo"), "{said}");
        assert!(folder.join("tables/x").exists());
        drop(first);
        let second = begin_anew(&folder).unwrap();
        assert!(!folder.join("tables").exists() && folder.join(MARK).exists());
        drop(second);

        let other = dir.path().join("mine");
        std::fs::create_dir(&other).unwrap();
        std::fs::write(other.join("x"), "rows").unwrap();
        let said = format!("{:?}", begin_anew(&other).unwrap_err());
        assert!(said.contains("not a demo's"), "{said}");
        assert!(other.join("x").exists());
    }
}
