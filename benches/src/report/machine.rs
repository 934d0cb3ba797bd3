//! Where and when it was measured.

use std::path::Path;
use std::process::Command;

/// Processor, cores, kernel, load, date and commit, in one line.
pub(crate) fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(0, |n| n.get());
    let cpuinfo = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpuinfo
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(':'))
        .map_or("unknown processor", |(_, model)| model.trim());
    let uname = rustix::system::uname();
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().unwrap_or("?");
    let date = chrono::Utc::now().format("%Y-%m-%d %H:%M UTC");
    let build = if cfg!(debug_assertions) {
        "the workspace's dev profile (docs/development.md), debug assertions on"
    } else {
        "no debug assertions"
    };
    format!(
        "{model}, {cores} cores; Linux {}; load before the start {load}; {date}; commit {}; {build}.",
        uname.release().to_string_lossy(),
        commit(),
    )
}

fn commit() -> String {
    let git = |arguments: &[&str]| {
        let out = Command::new("git")
            .args(arguments)
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .output()
            .ok()?;
        let text = String::from_utf8(out.stdout).ok()?;
        out.status.success().then(|| text.trim().to_owned())
    };
    let Some(head) = git(&["rev-parse", "--short", "HEAD"]) else {
        return "unknown".to_owned();
    };
    match git(&["status", "--porcelain", "--untracked-files=no"]) {
        Some(changes) if changes.is_empty() => head,
        _ => format!("{head} with changes"),
    }
}

/// The name of the file system that a folder is on; fsync on one in memory costs nothing.
pub(crate) fn file_system(path: &Path) -> String {
    let magic = rustix::fs::statfs(path).map_or(0, |s| s.f_type);
    match magic {
        0xef53 => "ext4".to_owned(),
        0x5846_5342 => "xfs".to_owned(),
        0x9123_683e => "btrfs".to_owned(),
        0x0102_1994 => "tmpfs (in memory: fsync is free there)".to_owned(),
        0x794c_7630 => "overlayfs".to_owned(),
        other => format!("file system {other:#x}"),
    }
}
