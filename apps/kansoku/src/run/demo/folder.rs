//! The folder of a demo's rows: it begins anew each time, and no other rows are ever in it.

use std::io::ErrorKind;
use std::path::Path;

use crate::exit::Failure;

/// Says that what is beside it may be removed.
const MARK: &str = "demo-rows-only";

/// Empties the folder of the last demo.
pub(super) fn begin_anew(folder: &Path) -> Result<(), Failure> {
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
    if is_of_demo {
        for entry in std::fs::read_dir(folder).map_err(wrong)? {
            let path = entry.map_err(wrong)?.path();
            let removed = if path.is_dir() {
                std::fs::remove_dir_all(&path)
            } else {
                std::fs::remove_file(&path)
            };
            removed.map_err(wrong)?;
        }
    }
    std::fs::create_dir_all(folder).map_err(wrong)?;
    let text = "Rows of kansoku up --demo. Each start of it removes everything in this folder.\n";
    std::fs::write(folder.join(MARK), text).map_err(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_demo_has_left_is_removed() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("demo");
        begin_anew(&folder).unwrap();
        std::fs::create_dir(folder.join("tables")).unwrap();
        std::fs::write(folder.join("tables/x"), "rows").unwrap();
        begin_anew(&folder).unwrap();
        assert!(!folder.join("tables").exists() && folder.join(MARK).exists());

        let other = dir.path().join("mine");
        std::fs::create_dir(&other).unwrap();
        std::fs::write(other.join("x"), "rows").unwrap();
        let said = begin_anew(&other).unwrap_err().to_string();
        assert!(said.contains("not a demo's"), "{said}");
        assert!(other.join("x").exists());
    }
}
