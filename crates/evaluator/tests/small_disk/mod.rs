//! A disk that can be filled.
#![allow(clippy::unwrap_used, dead_code)]

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::process::Command;

/// A file system of a few megabytes, unmounted when dropped.
pub(crate) struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    /// `None`, said on standard output, where this user may not mount.
    pub(crate) fn mount(mebibytes: u64) -> Option<SmallDisk> {
        let folder = tempfile::tempdir().unwrap();
        let mut mount = Command::new("mount");
        let size = format!("size={mebibytes}m,mode=0755");
        mount
            .args(["-t", "tmpfs", "-o", &size, "kansoku-test"])
            .arg(folder.path());
        match mount.output() {
            Ok(output) if output.status.success() => Some(SmallDisk(folder)),
            other => {
                println!("skipped, a full disk: mount: {other:?}");
                None
            }
        }
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn fill(&self) {
        let mut ballast = File::create(self.path().join("ballast")).unwrap();
        let block = [0; 4096];
        while ballast.write_all(&block).is_ok() {}
    }

    pub(crate) fn relieve(&self) {
        fs::remove_file(self.path().join("ballast")).unwrap();
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let unmounted = Command::new("umount").arg("-l").arg(self.path()).status();
        assert!(unmounted.is_ok_and(|status| status.success()));
    }
}
