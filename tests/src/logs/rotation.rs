//! What happens to a log file when it is large enough.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{SystemTime, UNIX_EPOCH};

use super::format::civil;

/// A way to rotate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rotation {
    /// Kubelet: older files are compressed, all but the newest few removed, then `0.log` becomes
    /// `0.log.YYYYMMDD-HHMMSS` and the runtime opens a new one.
    Kubelet {
        /// Files, the one being written among them.
        keep: usize,
    },
    /// logrotate with `create`, `compress` and `delaycompress`: `messages` becomes `messages.1`, that one `.2.gz`.
    Create {
        /// Rotated files.
        keep: usize,
    },
    /// logrotate with `copytruncate`: copied to `.1`, then cut to nothing.
    CopyTruncate {
        /// Rotated files.
        keep: usize,
    },
    /// Docker's json-file driver with `max-size` and `max-file`: `.1` becomes `.2`, the file `.1`.
    Docker {
        /// Files, the one being written among them.
        keep: usize,
    },
    /// Cut to nothing, as `> file` does. What was not read is gone.
    Truncate,
    /// Removed and made anew. What was not read is gone, except for who has it open.
    Recreate,
}

impl Rotation {
    /// Whether lines are destroyed that nobody has read.
    pub fn destroys(self) -> bool {
        matches!(self, Rotation::Truncate | Rotation::Recreate)
    }

    /// Rotates the file at that path, which `file` has open for appending. Whether the writer must open it anew.
    pub fn rotate(self, path: &Path, file: &File) -> bool {
        match self {
            Rotation::Kubelet { keep } => kubelet(path, keep),
            Rotation::Create { keep } => {
                shift(path, keep, true);
                rename(path, &with_suffix(path, ".1"));
                true
            }
            Rotation::CopyTruncate { keep } => {
                shift(path, keep, true);
                fs::copy(path, with_suffix(path, ".1")).unwrap();
                file.set_len(0).unwrap();
                false
            }
            Rotation::Docker { keep } => {
                shift(path, keep - 1, false);
                rename(path, &with_suffix(path, ".1"));
                true
            }
            Rotation::Truncate => {
                file.set_len(0).unwrap();
                false
            }
            Rotation::Recreate => {
                fs::remove_file(path).unwrap();
                true
            }
        }
    }
}

/// The order of kubelet's `rotateLog`: remove the excess, compress, rename.
fn kubelet(path: &Path, keep: usize) -> bool {
    let target = with_suffix(path, &format!(".{}", stamp()));
    if target.exists() {
        // Kubelet looks every ten seconds and never meets itself; a test that is faster waits for the next second.
        return false;
    }
    let folder = path.parent().unwrap();
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    let mut rotated: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .flatten()
        .map(|entry| entry.path())
        .filter(|p| {
            p.file_name()
                .unwrap()
                .to_string_lossy()
                .starts_with(&format!("{name}."))
        })
        .collect();
    rotated.sort();
    // One is being written, and one is about to be made.
    let excess = rotated.len().saturating_sub(keep - 2);
    for old in rotated.drain(..excess) {
        fs::remove_file(old).unwrap();
    }
    for plain in rotated
        .iter()
        .filter(|p| p.extension().is_none_or(|e| e != "gz"))
    {
        compress(plain);
    }
    rename(path, &target);
    true
}

/// Moves `.1` to `.2` and so on; what would be beyond the last is removed.
fn shift(path: &Path, keep: usize, compressed: bool) {
    let at = |n: usize| {
        let packed = if compressed && n > 1 { ".gz" } else { "" };
        with_suffix(path, &format!(".{n}{packed}"))
    };
    let _ = fs::remove_file(at(keep));
    for n in (1..keep).rev() {
        let from = at(n);
        if !from.exists() {
            continue;
        }
        if compressed && n == 1 {
            compress(&from);
            rename(&with_suffix(path, ".1.gz"), &at(2));
        } else {
            rename(&from, &at(n + 1));
        }
    }
}

/// As kubelet and logrotate do it: into a temporary file, renamed when it is whole, then the plain one is removed.
fn compress(path: &Path) {
    let temporary = with_suffix(path, ".tmp");
    let status = Command::new("gzip")
        .arg("-c")
        .arg(path)
        .stdin(Stdio::null())
        .stdout(File::create(&temporary).unwrap())
        .status()
        .unwrap();
    assert!(status.success(), "gzip {}: {status}", path.display());
    rename(&temporary, &with_suffix(path, ".gz"));
    fs::remove_file(path).unwrap();
}

fn rename(from: &Path, to: &Path) {
    match fs::rename(from, to) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            panic!("{} → {}: {error}", from.display(), to.display())
        }
        _ => {}
    }
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    PathBuf::from(name)
}

/// `YYYYMMDD-HHMMSS` of now.
fn stamp() -> String {
    let seconds = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_secs();
    let (year, month, day) = civil(i64::try_from(seconds / 86_400).unwrap());
    let of_day = seconds % 86_400;
    format!(
        "{year:04}{month:02}{day:02}-{:02}{:02}{:02}",
        of_day / 3600,
        of_day / 60 % 60,
        of_day % 60
    )
}
