//! The file does not grow without bounds, and shrinks when most of it is free; whatever happens meanwhile.
#![allow(clippy::unwrap_used)]

mod small_disk;

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use evaluator::{
    Changes, Counter, FILE, HistoryBounds, HistoryItem, HistoryItemType, HistoryQuery, Keep,
};
use serde_json::json;
use small_disk::SmallDisk;

const MIB: u64 = 1 << 20;
const UNBOUNDED: HistoryBounds = HistoryBounds {
    most: usize::MAX,
    seconds: u64::MAX,
    bytes: u64::MAX,
};

/// Some `length` bytes that do not repeat.
fn text(number: u64, length: usize) -> String {
    let words = (0..).map(|i| format!("{:x} ", number.wrapping_mul(0x9e37_79b9).wrapping_add(i)));
    words.take(length / 8).collect()
}

fn item(number: u64, length: usize) -> HistoryItem {
    HistoryItem {
        number,
        time: i64::try_from(number).unwrap() * 1_000_000,
        alarm: format!("alarm-{}", number % 100),
        labels: Default::default(),
        kind: HistoryItemType::StateUpdate,
        summary: "Alarm updated from OK to ALARM".to_owned(),
        from: None,
        to: None,
        reason: None,
        data: json!({"points": text(number, length)}),
    }
}

/// Items `from..to`, a hundred in a transaction.
fn write(keep: &mut Keep, from: u64, to: u64, length: usize) {
    let mut at = from;
    while at < to {
        let mut changes = Changes::default();
        for number in at..(at + 100).min(to) {
            changes.history.insert(number, item(number, length));
        }
        changes
            .counters
            .insert(Counter::History, (at + 99).min(to - 1));
        keep.commit(&changes).unwrap();
        at += 100;
    }
}

fn length(folder: &Path) -> u64 {
    fs::metadata(folder.join(FILE)).unwrap().len()
}

fn numbers(keep: &mut Keep) -> Vec<u64> {
    let all = HistoryQuery {
        limit: usize::MAX,
        ..HistoryQuery::default()
    };
    let mut all: Vec<u64> = keep
        .history(&all)
        .unwrap()
        .iter()
        .map(|item| item.number)
        .collect();
    all.reverse();
    all
}

/// A file of mostly free pages, and the items that are in it: a long history whose bounds were narrowed.
fn mostly_free(folder: &Path) -> Vec<u64> {
    let mut keep = Keep::open(folder, UNBOUNDED).unwrap().keep;
    write(&mut keep, 1, 6001, 4000);
    drop(keep);
    let few = HistoryBounds {
        most: 1000,
        ..UNBOUNDED
    };
    let mut keep = Keep::open(folder, few).unwrap().keep;
    write(&mut keep, 6001, 6002, 4000);
    let left = numbers(&mut keep);
    assert_eq!((left.len(), left.last()), (1000, Some(&6001)));
    left
}

#[test]
fn a_history_of_any_length_keeps_the_file_within_bounds() {
    let folder = tempfile::tempdir().unwrap();
    let bounds = HistoryBounds {
        bytes: 4 * MIB,
        ..UNBOUNDED
    };
    let mut keep = Keep::open(folder.path(), bounds).unwrap().keep;
    let mut longest = 0;
    for part in 0..40 {
        // A megabyte each time: 40 in all, in items of different lengths.
        let count = [1000, 250, 10][part as usize % 3];
        let from = 1 + part * 1000;
        write(&mut keep, from, from + count, MIB as usize / count as usize);
        longest = longest.max(length(folder.path()));
    }
    assert!(longest < 16 * MIB, "{longest} bytes");
    let left = numbers(&mut keep);
    assert!(left.windows(2).all(|pair| pair[0] < pair[1]));
    assert!(left.len() > 1000, "{} items", left.len());
    // The count of bytes is right after a restart too, and after a commit that is repeated.
    drop(keep);
    let mut keep = Keep::open(folder.path(), bounds).unwrap().keep;
    for _ in 0..20 {
        write(&mut keep, 50_000, 50_100, 10_000);
    }
    assert_eq!(
        numbers(&mut keep).iter().filter(|n| **n >= 50_000).count(),
        100
    );
    assert!(numbers(&mut keep).len() > 100, "nothing is counted twice");
    // One item that is greater than all that is allowed stays alone.
    write(&mut keep, 60_000, 60_001, 6 * MIB as usize);
    assert_eq!(numbers(&mut keep), [60_000]);
}

#[test]
fn a_file_that_is_mostly_free_is_made_shorter_and_others_are_left() {
    let folder = tempfile::tempdir().unwrap();
    let left = mostly_free(folder.path());
    let before = length(folder.path());
    let mut keep = Keep::open(folder.path(), UNBOUNDED).unwrap().keep;
    let done = keep.compact().unwrap().expect("it is worth it");
    assert_eq!(done.before, before);
    assert!(done.after < before / 2, "{done:?}");
    println!("{done:?}");
    assert_eq!(numbers(&mut keep), left);
    assert_eq!(keep.compact().unwrap(), None, "once is enough");
    write(&mut keep, 20_000, 20_001, 100);
    drop(keep);
    // For what comes the database takes up to as much again.
    assert!(
        length(folder.path()) < 2 * done.after + MIB,
        "it stays short"
    );
    let mut keep = Keep::open(folder.path(), UNBOUNDED).unwrap().keep;
    assert_eq!(numbers(&mut keep).len(), left.len() + 1);

    let small = tempfile::tempdir().unwrap();
    let mut keep = Keep::open(small.path(), UNBOUNDED).unwrap().keep;
    assert_eq!(keep.compact().unwrap(), None);
}

/// The example, which cargo builds together with tests.
fn compactor(folder: &Path) -> Child {
    let mut path: PathBuf = std::env::current_exe().unwrap();
    path.pop();
    path.pop();
    Command::new(path.join("examples").join("compactor"))
        .arg(folder)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

#[test]
fn killed_in_the_middle_it_has_lost_nothing() {
    let template = tempfile::tempdir().unwrap();
    let left = mostly_free(template.path());
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(FILE);
    let copy = || fs::copy(template.path().join(FILE), &file).unwrap();
    copy();
    let mut child = compactor(folder.path());
    let mut said = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    said.read_line(&mut line).unwrap();
    let begun = Instant::now();
    assert!(child.wait().unwrap().success());
    let takes = begun.elapsed();
    let mut in_the_middle = 0;
    for i in 0..12u32 {
        copy();
        let mut child = compactor(folder.path());
        let mut said = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        said.read_line(&mut line).unwrap();
        assert_eq!(line, "begun\n");
        std::thread::sleep(takes * i / 12);
        in_the_middle += u32::from(child.try_wait().unwrap().is_none());
        child.kill().unwrap();
        child.wait().unwrap();
        let mut keep = Keep::open(folder.path(), UNBOUNDED).unwrap().keep;
        assert_eq!(numbers(&mut keep), left, "kill {i}");
        write(&mut keep, 20_000, 20_001, 100);
        keep.compact().unwrap();
        assert_eq!(numbers(&mut keep).len(), left.len() + 1);
        drop(keep);
        assert!(length(folder.path()) < 40 * MIB);
    }
    println!("{in_the_middle} of 12 kills in the middle of {takes:?}");
    assert!(in_the_middle >= 3, "{in_the_middle} of 12, {takes:?}");
}

#[test]
fn on_a_full_disk_it_fails_or_not_and_loses_nothing() {
    let template = tempfile::tempdir().unwrap();
    let left = mostly_free(template.path());
    let length = length(template.path());
    let Some(disk) = SmallDisk::mount(length.div_ceil(MIB) + 1) else {
        return;
    };
    fs::copy(template.path().join(FILE), disk.path().join(FILE)).unwrap();
    disk.fill();
    let mut keep = Keep::open(disk.path(), UNBOUNDED).unwrap().keep;
    let done = keep.compact();
    println!("{done:?}");
    assert_eq!(numbers(&mut keep), left);
    disk.relieve();
    keep.compact().unwrap();
    assert_eq!(numbers(&mut keep), left);
    write(&mut keep, 20_000, 20_001, 100);
    drop(keep);
    let mut keep = Keep::open(disk.path(), UNBOUNDED).unwrap().keep;
    assert_eq!(numbers(&mut keep).len(), left.len() + 1);
    assert!(fs::metadata(disk.path().join(FILE)).unwrap().len() < length / 2);
    drop(keep);
    // What it takes is seconds, not minutes: rounds wait for it.
    if let Ok(Some(done)) = done {
        assert!(done.took < Duration::from_secs(60), "{done:?}");
    }
}
