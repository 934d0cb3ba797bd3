//! A journal that is read by `journalctl`.

use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};

use std::time::{Duration, Instant};

use super::*;
use crate::log::checkpoint::Restored;
use crate::log::entry::{EntryRules, LogRules, Selection};
use crate::log::follow::FollowSettings;

fn follower() -> Follower {
    let settings = FollowSettings {
        rules: EntryRules::compile(&LogRules::default()).unwrap(),
        selection: Selection::default(),
        rate: None,
        first_age_usec: i64::MAX,
        held_max: 0,
        open_max: 16,
        files_max: 16,
    };
    Follower::new(settings, &Restored::default())
}

/// Reads until there are so many rows, or for ten seconds.
fn read(journal: &mut Journal, follower: &mut Follower, rows: usize) -> Vec<String> {
    use arrow_array::Array;
    use arrow_array::cast::AsArray;
    let mut batch = Batch::new(catalogue::table("log").unwrap(), "c", "n");
    let until = Instant::now() + Duration::from_secs(10);
    let mut now = 0;
    while batch.rows() < rows && Instant::now() < until {
        now += 10_000_000;
        journal.read(now, 1_760_000_100_000_000, follower, &mut batch, 1 << 20);
        std::thread::sleep(Duration::from_millis(5));
    }
    let rows = batch.finish().unwrap();
    let messages = rows.column_by_name("message").unwrap().as_string::<i32>();
    (0..messages.len())
        .map(|row| messages.value(row).to_owned())
        .collect()
}

/// A program that speaks as `journalctl` does.
fn speaker(dir: &Path, script: &str) -> PathBuf {
    let path = dir.join("journalctl");
    fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path
}

#[test]
fn a_child_that_ends_is_started_again_after_the_last_entry() {
    let folder = tempfile::tempdir().unwrap();
    let script = r#"
case "$*" in
  *--after-cursor=c2*) echo '{"__CURSOR":"c3","__REALTIME_TIMESTAMP":"1760000000000003","MESSAGE":"three"}'; sleep 60 ;;
  *) echo '{"__CURSOR":"c1","__REALTIME_TIMESTAMP":"1760000000000001","MESSAGE":"one"}'
     echo 'no entry'
     echo '{"__CURSOR":"c2","__REALTIME_TIMESTAMP":"1760000000000002","_TRANSPORT":"kernel","MESSAGE":"two"}' ;;
esac"#;
    let program = speaker(folder.path(), script);
    let mut follower = follower();
    let mut journal = Journal::new(program, folder.path().to_owned(), 60, None);
    assert_eq!(
        read(&mut journal, &mut follower, 3),
        ["one", "two", "three"]
    );
    assert_eq!((journal.starts, journal.broken), (2, 1));
    let state = journal.changes().unwrap();
    assert_eq!(state.cursor, "c3");
    assert_eq!(journal.changes(), None);
    let mut sequences: Vec<u64> = state.sequences.iter().map(|(_, next)| *next).collect();
    sequences.sort_unstable();
    assert_eq!(sequences, [2, 3]);
}

/// Entries in the journal's export format.
fn export(from: u64, to: u64) -> String {
    (from..to)
        .map(|n| {
            format!(
                "__REALTIME_TIMESTAMP={}\n__MONOTONIC_TIMESTAMP={}\n_BOOT_ID=0123456789abcdef0123456789abcdef\n\
                 SYSLOG_FACILITY=10\nPRIORITY=4\nSYSLOG_IDENTIFIER=sshd\nMESSAGE=entry {n}\n\n",
                1_760_000_000_000_000 + n,
                n + 1
            )
        })
        .collect()
}

#[test]
fn a_real_journal_is_read_and_read_on() {
    let remote = "/usr/lib/systemd/systemd-journal-remote";
    let has_both =
        Path::new(remote).exists() && Command::new("journalctl").arg("--version").output().is_ok();
    if !has_both {
        eprintln!("skipped: needs journalctl and Debian's systemd-journal-remote");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("system.journal");
    let write = |from, to| {
        let mut child = Command::new(remote)
            .arg(format!("--output={}", file.display()))
            .arg("-")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        child
            .stdin
            .take()
            .unwrap()
            .write_all(export(from, to).as_bytes())
            .unwrap();
        assert!(child.wait().unwrap().success());
    };
    write(0, 50);
    let mut follower = follower();
    let first = Arc::new(folder.path().to_owned());
    let mut journal = Journal::new("journalctl".into(), first.to_path_buf(), 1 << 31, None);
    let came = read(&mut journal, &mut follower, 50);
    let expected: Vec<String> = (0..50).map(|n| format!("sshd: entry {n}")).collect();
    assert_eq!(came, expected);
    let state = journal.state();
    drop(journal);
    write(50, 60);
    let mut journal = Journal::new(
        "journalctl".into(),
        first.to_path_buf(),
        1 << 31,
        Some(state),
    );
    let came = read(&mut journal, &mut follower, 10);
    let expected: Vec<String> = (50..60).map(|n| format!("sshd: entry {n}")).collect();
    assert_eq!(came, expected);
}
