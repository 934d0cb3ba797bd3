//! Makes a folder of the host writable for who has no right on it.
//!
//! The kubelet makes a missing host path for root alone. An init container runs this as user 0 without a capability, in
//! the group of the program that is to write there: the owner of a folder may give it to a group of his own, and say
//! what that group may do.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::Path;

use crate::exit::Failure;

/// For owner and group everything, for others nothing.
const MODE: u32 = 0o770;

/// Gives the folder to this process' group. Nothing below it is touched.
pub(crate) fn prepare(folder: &Path) -> Result<(), Failure> {
    let failed = |what: &str, error: std::io::Error| {
        Failure::work(format!("{} cannot be {what}: {error}", folder.display()))
    };
    fs::create_dir_all(folder).map_err(|error| failed("made", error))?;
    let group = rustix::process::getegid().as_raw();
    chown(folder, None, Some(group)).map_err(|error| failed("given to the group", error))?;
    fs::set_permissions(folder, Permissions::from_mode(MODE))
        .map_err(|error| failed("opened to the group", error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::MetadataExt;

    #[test]
    fn a_folder_is_opened_to_the_group_and_to_nobody_else() {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("data");
        fs::create_dir(&folder).unwrap();
        fs::set_permissions(&folder, Permissions::from_mode(0o755)).unwrap();
        fs::write(folder.join("kept"), "x").unwrap();
        fs::set_permissions(folder.join("kept"), Permissions::from_mode(0o600)).unwrap();
        for _ in 0..2 {
            prepare(&folder).unwrap();
            let after = fs::metadata(&folder).unwrap();
            assert_eq!(after.mode() & 0o7777, 0o770);
            assert_eq!(after.gid(), rustix::process::getegid().as_raw());
        }
        assert_eq!(
            fs::metadata(folder.join("kept")).unwrap().mode() & 0o777,
            0o600
        );
    }

    #[test]
    fn what_is_no_folder_is_named() {
        let parent = tempfile::tempdir().unwrap();
        let file = parent.path().join("file");
        fs::write(&file, "x").unwrap();
        let said = format!("{:?}", prepare(&file).unwrap_err());
        assert!(said.contains("file cannot be made"), "{said}");
    }
}
