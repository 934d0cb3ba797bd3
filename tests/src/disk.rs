//! A disk that is small enough to be full.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A file system of its own in memory, mounted on a folder; unmounted when dropped.
#[derive(Debug)]
pub struct SmallDisk {
    folder: PathBuf,
}

impl SmallDisk {
    /// Mounts one of so many MiB. `None`, said on standard output, where this user may not.
    pub fn mount(folder: &Path, mebibytes: u64) -> Option<SmallDisk> {
        fs::create_dir_all(folder).unwrap();
        let options = format!("size={mebibytes}m,mode=0755");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &options, "kansoku-test"])
            .arg(folder)
            .output();
        match mounted {
            Ok(output) if output.status.success() => Some(SmallDisk {
                folder: folder.to_owned(),
            }),
            Ok(output) => {
                println!(
                    "skipped, a full disk: mount says {}",
                    String::from_utf8_lossy(&output.stderr).trim()
                );
                None
            }
            Err(error) => {
                println!("skipped, a full disk: mount: {error}");
                None
            }
        }
    }

    /// Fills it to the last byte.
    pub fn fill(&self) {
        let mut ballast = File::options()
            .create(true)
            .append(true)
            .open(self.ballast())
            .unwrap();
        let block = vec![0; 64 << 10];
        let mut size = block.len();
        while size > 0 {
            match ballast.write(&block[..size]) {
                Ok(1..) => {}
                // No room for so much: less.
                Ok(0) | Err(_) => size /= 2,
            }
        }
    }

    /// Makes room again.
    pub fn relieve(&self) {
        let _ = fs::remove_file(self.ballast());
    }

    fn ballast(&self) -> PathBuf {
        self.folder.join("ballast")
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily: a program that still runs keeps its files, and the folder can be removed.
        let _ = Command::new("umount").arg("-l").arg(&self.folder).status();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_takes_nothing_and_a_relieved_one_does() {
        let folder = tempfile::tempdir().unwrap();
        let Some(disk) = SmallDisk::mount(&folder.path().join("disk"), 1) else {
            return;
        };
        let file = folder.path().join("disk/file");
        disk.fill();
        assert!(fs::write(&file, [0; 8192]).is_err());
        disk.relieve();
        fs::write(&file, [0; 8192]).unwrap();
        drop(disk);
        assert!(!file.exists());
    }
}
