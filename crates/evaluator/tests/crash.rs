//! `kill -9` a hundred times around transitions: no notification is lost, and none has two ids.
#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const KILLS: u32 = 100;
/// So many transitions more after the last kill.
const REST: u64 = 50;

/// The example `recorder`, which cargo builds together with tests.
fn recorder() -> PathBuf {
    let mut path = std::env::current_exe().unwrap();
    path.pop();
    path.pop();
    path.join("examples").join("recorder")
}

fn start(folder: &std::path::Path, changes: u64) -> Child {
    Command::new(recorder())
        .arg(folder.join("data"))
        .arg(folder.join("told"))
        .arg(changes.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

#[test]
fn a_hundred_kills_lose_no_notification_and_double_none() {
    let folder = tempfile::tempdir().unwrap();
    let mut random = 0x2545_f491_4f6c_dd1d_u64;
    let mut kills = 0;
    let begun = Instant::now();
    let mut changes = u64::MAX;
    let made = loop {
        let mut child = start(folder.path(), changes);
        let mut said = BufReader::new(child.stdout.take().unwrap());
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        // Every fourth is killed while it opens its file. The others change and tell, however long they take to begin:
        // on a busy machine kills would come before anything happens, and prove nothing.
        if kills % 4 > 0 {
            let mut line = String::new();
            said.read_line(&mut line).unwrap();
            assert_eq!(line, "begun\n");
        }
        let until = Instant::now() + Duration::from_micros(1000 + random % 100_000);
        let ended = loop {
            if let Some(status) = child.try_wait().unwrap() {
                break Some(status);
            }
            if kills < KILLS && Instant::now() >= until {
                child.kill().unwrap();
                child.wait().unwrap();
                kills += 1;
                if kills == KILLS {
                    let told = fs::read_to_string(folder.path().join("told")).unwrap();
                    changes = told.lines().count() as u64 + REST;
                }
                break None;
            }
            std::thread::sleep(Duration::from_micros(500));
        };
        match ended {
            Some(status) => {
                assert!(status.success(), "{status}");
                let mut rest = String::new();
                said.read_to_string(&mut rest).unwrap();
                let last = rest.lines().last().unwrap();
                break last.split(' ').next().unwrap().parse::<u64>().unwrap();
            }
            None => assert!(begun.elapsed() < Duration::from_secs(480), "{kills} kills"),
        }
    };
    let told = fs::read_to_string(folder.path().join("told")).unwrap();
    let again = fs::read_to_string(folder.path().join("told.again")).unwrap_or_default();
    let lines = told.lines().map(|line| line.split(' ').collect::<Vec<_>>());
    let lines: Vec<(String, u64, String)> = lines
        .map(|line| {
            (
                line[0].to_owned(),
                line[1].parse().unwrap(),
                line[2].to_owned(),
            )
        })
        .collect();
    let ids: BTreeSet<&str> = lines.iter().map(|line| line.0.as_str()).collect();
    assert_eq!(ids.len(), lines.len(), "each id once");
    let by_number: BTreeMap<u64, &str> = lines.iter().map(|l| (l.1, l.2.as_str())).collect();
    assert_eq!(by_number.len(), lines.len(), "each transition once");
    let numbers: Vec<u64> = by_number.keys().copied().collect();
    assert_eq!(numbers, (1..=made).collect::<Vec<_>>(), "every transition");
    let in_order: Vec<u64> = lines.iter().map(|line| line.1).collect();
    assert_eq!(in_order, numbers, "in order");
    // Kills that fall between two transitions prove nothing.
    assert!(made > 100 + REST, "{made} transitions in {KILLS} runs");
    let states: BTreeSet<_> = by_number.values().collect();
    assert_eq!(states.len(), 2);
    let turns = by_number.values().collect::<Vec<_>>();
    assert!(
        turns.windows(2).all(|pair| pair[0] != pair[1]),
        "to and fro"
    );
    println!(
        "{KILLS} kills, {made} transitions, {} told, {} told again with the same id, {:?}",
        lines.len(),
        again.lines().count(),
        begun.elapsed()
    );
}
