//! What is read, with which right, and what is dark and why.

use std::os::unix::fs::MetadataExt;
use std::path::Path;

use rustix::io::Errno;
use serde::Serialize;

use super::ledger::{Entry, State};

/// What a sampler reads and what it cannot.
#[derive(Debug, Clone, Serialize)]
pub struct SourcesReport {
    /// Layout of control groups: `v1`, `v2`, `hybrid`, or none.
    pub cgroup_version: Option<&'static str>,
    /// Where the host's `/proc` is seen.
    pub proc_root: String,
    /// Where the host's `/sys` is seen.
    pub sys_root: String,
    /// Where the host's `/var/log` is seen.
    pub log_root: String,
    /// Where the host's `/` is seen.
    pub host_root: String,
    /// User and group that the agent runs as.
    pub identity: String,
    /// Kernel features that some columns need.
    pub features: Vec<Feature>,
    /// Counts.
    pub counters: Counters,
    /// Every file, or name of files.
    pub files: Vec<FileReport>,
}

/// A kernel feature.
#[derive(Debug, Clone, Serialize)]
pub struct Feature {
    /// Its name.
    pub name: &'static str,
    /// Whether it is there.
    pub present: bool,
    /// What is dark without it, and how to get it.
    pub meaning: &'static str,
}

/// Counts of a sampler's life.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct Counters {
    /// Ticks taken.
    pub ticks: u64,
    /// Rows made.
    pub rows: u64,
    /// Pods measured now.
    pub pods: u64,
    /// Containers measured now, pause containers included.
    pub containers: u64,
    /// Units, scopes and slices known now, with or without a row.
    pub units: u64,
    /// Cgroups not measured because there are more than the limit: now.
    pub cgroups_left_out: u64,
    /// Cgroups that were gone before they could be read once.
    pub cgroups_missed: u64,
    /// Cgroups that ended after they had been read; each had an exit receipt.
    pub cgroups_ended: u64,
    /// Cgroups whose names are no UTF-8 and that were left out.
    pub cgroups_unreadable_names: u64,
    /// Directories of cgroups that could not be listed.
    pub failed_listings: u64,
    /// File systems, disks and interfaces not measured because there are more than the limit: now.
    pub devices_left_out: u64,
    /// File systems on other machines that are not asked, by configuration: now.
    pub remote_filesystems: u64,
    /// Counters that went back, so that their increase is null.
    pub counter_resets: u64,
    /// Watches on directories and event files.
    pub watches: u64,
    /// Watches that could not be added; walks find what they miss.
    pub failed_watches: u64,
    /// Times that announcements were lost; a walk followed each.
    pub lost_announcements: u64,
    /// Walks of a tree.
    pub walks: u64,
    /// Cgroup files kept open.
    pub kept_files: u64,
    /// How many of the files that are read each tick may be kept open for each cgroup, and how many there are.
    pub kept_files_per_cgroup: (u64, u64),
    /// Files read.
    pub reads: u64,
    /// Bytes read.
    pub bytes: u64,
    /// Batches that could not be made, which is a fault of the agent.
    pub failed_batches: u64,
}

/// How reading a file, or all files of a name, goes.
#[derive(Debug, Clone, Serialize)]
pub struct FileReport {
    /// The path, or the pattern of paths.
    pub path: String,
    /// What it feeds.
    pub feeds: &'static str,
    /// `ok`, `unreadable`, `absent`, or `untried` when nothing that has such a file was seen.
    pub state: &'static str,
    /// A real path of the pattern.
    pub example: Option<String>,
    /// Its mode, in octal digits.
    pub mode: Option<String>,
    /// Its owner, `uid:gid`.
    pub owner: Option<String>,
    /// The error's number, while the state is not `ok`.
    pub errno: Option<i32>,
    /// The error in words.
    pub reason: Option<String>,
    /// The right that is missing, and how to give it.
    pub missing_right: Option<String>,
    /// Reads that gave bytes.
    pub reads: u64,
    /// Bytes read.
    pub bytes: u64,
    /// Reads that failed although the file is there.
    pub errors: u64,
    /// The last failure in words, even when the state is `ok` again.
    pub last_error: Option<String>,
    /// When that was, in microseconds since 1970.
    pub last_error_time: Option<i64>,
    /// When it was last read, in microseconds since 1970.
    pub last_read_time: Option<i64>,
}

/// Tells of one entry of the ledger.
pub(crate) fn file_report(entry: &Entry) -> FileReport {
    let words = |errno: Errno| std::io::Error::from(errno).to_string();
    let state = match entry.state {
        State::Untried => "untried",
        State::Read => "ok",
        State::Absent => "absent",
        State::Unreadable => "unreadable",
    };
    let metadata = entry
        .example
        .as_deref()
        .and_then(|path| std::fs::metadata(path).ok());
    let errno = entry
        .last_error
        .filter(|_| matches!(entry.state, State::Absent | State::Unreadable));
    FileReport {
        path: entry.path.clone(),
        feeds: entry.feeds,
        state,
        example: entry.example.as_ref().map(|p| p.display().to_string()),
        mode: metadata
            .as_ref()
            .map(|m| format!("{:04o}", m.mode() & 0o7777)),
        owner: metadata
            .as_ref()
            .map(|m| format!("{}:{}", m.uid(), m.gid())),
        errno: errno.map(Errno::raw_os_error),
        reason: errno.map(words),
        missing_right: errno
            .and_then(|errno| missing_right(errno, entry.example.as_deref(), metadata.as_ref())),
        reads: entry.reads,
        bytes: entry.bytes,
        errors: entry.errors,
        last_error: entry.last_error.map(words),
        last_error_time: entry.last_error_time,
        last_read_time: entry.last_read_time,
    }
}

/// Which right is missing and how to give it.
fn missing_right(
    errno: Errno,
    path: Option<&Path>,
    metadata: Option<&std::fs::Metadata>,
) -> Option<String> {
    match errno {
        Errno::ACCESS | Errno::PERM => Some(match metadata {
            Some(m) if m.gid() == 0 && m.mode() & 0o040 != 0 => {
                "group 0 may read it: run the agent with group 0 (runAsGroup: 0)".to_owned()
            }
            Some(m) if m.mode() & 0o044 != 0 => format!(
                "its mode {:04o} allows it to {}:{}; a security module (AppArmor, SELinux, seccomp) may forbid it",
                m.mode() & 0o7777,
                m.uid(),
                m.gid()
            ),
            Some(m) => format!(
                "only user {} may read it: run the agent as that user, or give it the capability DAC_READ_SEARCH",
                m.uid()
            ),
            // Not even its directory can be searched.
            None => match path.and_then(closed_directory) {
                Some(dir) => format!(
                    "directory {dir} is closed to this user: run the agent with its group or user, or give it the \
                     capability DAC_READ_SEARCH"
                ),
                None => {
                    "run the agent as root, or give it the capability DAC_READ_SEARCH".to_owned()
                }
            },
        }),
        Errno::MFILE | Errno::NFILE => Some(
            "no descriptor is left: raise the limit of open files (ulimit -n, LimitNOFILE)"
                .to_owned(),
        ),
        _ => None,
    }
}

/// The first directory above a path that can be seen but not searched.
fn closed_directory(path: &Path) -> Option<String> {
    let seen = path
        .ancestors()
        .skip(1)
        .find(|dir| std::fs::metadata(dir).is_ok())?;
    Some(seen.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::ledger::Ledger;
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_closed_file_says_who_may_read_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("f");
        fs::write(&path, "x").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        let mut ledger = Ledger::default();
        let id = ledger.add(path.display().to_string(), "test");
        ledger.failed(id, &path, Errno::ACCESS);
        let report = file_report(&ledger.entries()[0]);
        assert_eq!(
            (report.state, report.mode.as_deref()),
            ("unreadable", Some("0600"))
        );
        assert!(report.missing_right.unwrap().contains("DAC_READ_SEARCH"));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        let report = file_report(&ledger.entries()[0]);
        let root = fs::metadata(&path).unwrap().gid() == 0;
        assert_eq!(
            report.missing_right.unwrap().contains("runAsGroup: 0"),
            root
        );
    }

    #[test]
    fn an_absent_file_needs_no_right() {
        let mut ledger = Ledger::default();
        let id = ledger.add("memory.peak".into(), "test");
        ledger.failed(id, Path::new("/none/memory.peak"), Errno::NOENT);
        let report = file_report(&ledger.entries()[0]);
        assert_eq!((report.state, report.missing_right), ("absent", None));
        assert_eq!(report.errno, Some(2));
    }
}
