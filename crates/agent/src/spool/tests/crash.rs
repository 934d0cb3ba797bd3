//! `kill -9` of a process that appends.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::*;

const VARIABLE: &str = "KANSOKU_TEST_SPOOL_TO_FILL";
const NAMES: [&str; 3] = ["node", "pod", "container"];

/// What the frame with that number holds.
fn body(name: &str, sequence: u64) -> Vec<u8> {
    let length = 20 + (sequence * 7919 % 3000) as usize;
    format!("{name} {sequence} ")
        .into_bytes()
        .into_iter()
        .cycle()
        .take(length)
        .collect()
}

/// Runs in the process that is killed: appends without end, and writes down each number once it is durable. Every few
/// frames are also acknowledged, so that segments come and go.
#[test]
fn a_process_that_fills_a_spool() {
    let Some(dir) = std::env::var_os(VARIABLE) else {
        return;
    };
    let dir = Path::new(&dir);
    let mut log = OpenOptions::new()
        .append(true)
        .create(true)
        .open(dir.join("durable"))
        .unwrap();
    let (mut spool, _) = Spool::open(settings(&dir.join("spool"), 16 << 20)).unwrap();
    for turn in 0u64.. {
        let numbers = NAMES.map(|name| {
            let table = table(name);
            spool.lane_of(table);
            spool.next_sequence(table).unwrap().0
        });
        let bodies: Vec<Vec<u8>> = NAMES
            .iter()
            .zip(numbers)
            .map(|(name, n)| body(name, n))
            .collect();
        let frames: Vec<NewFrame<'_>> = NAMES
            .iter()
            .zip(&bodies)
            .map(|(name, body)| NewFrame {
                body,
                ..frame(name, 1, b"")
            })
            .collect();
        append(&mut spool, &frames);
        for (name, n) in NAMES.iter().zip(numbers) {
            writeln!(log, "+ {name} {n}").unwrap();
        }
        if turn % 3 == 0 {
            let name = NAMES[turn as usize / 3 % 3];
            while let Some(frame) = spool.lease(table(name)).unwrap() {
                // Written down before it is done: a frame may then come again after the crash, but must not be missed.
                writeln!(log, "- {name} {}", frame.sequence).unwrap();
                assert!(spool.acknowledge(&frame));
            }
        }
    }
}

#[test]
fn every_durable_frame_survives_being_killed() {
    let folder = tempfile::tempdir().unwrap();
    let binary = std::env::current_exe().unwrap();
    let mut rounds_with_frames = 0;
    for round in 0..12u64 {
        let mut child = Command::new(&binary)
            .args([
                "--exact",
                "spool::tests::crash::a_process_that_fills_a_spool",
                "--nocapture",
            ])
            .env(VARIABLE, folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let log = folder.path().join("durable");
        let written = |log: &Path| fs::metadata(log).map_or(0, |m| m.len());
        let before = written(&log);
        let deadline = Instant::now() + Duration::from_secs(20);
        while written(&log) == before && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(2));
        }
        std::thread::sleep(Duration::from_micros(round * round * 977 % 60_000));
        child.kill().unwrap();
        child.wait().unwrap();

        let (mut spool, recovery) =
            Spool::open(settings(&folder.path().join("spool"), 16 << 20)).unwrap();
        assert_eq!(
            (recovery.broken, recovery.unknown_broken_bytes),
            (Counts::default(), 0)
        );
        let text = fs::read_to_string(&log).unwrap();
        for name in NAMES {
            let numbers = |sign: &str| -> Vec<u64> {
                text.lines()
                    .filter_map(|line| {
                        line.strip_prefix(&format!("{sign} {name} "))
                            .and_then(|n| n.parse().ok())
                    })
                    .collect()
            };
            let durable = numbers("+");
            assert!(durable.is_sorted_by(|a, b| a < b), "a number came twice");
            let done = numbers("-").into_iter().max().unwrap_or(0);
            let left: Vec<u64> = durable.into_iter().filter(|n| *n > done).collect();
            rounds_with_frames += usize::from(!left.is_empty());
            let found = drain(&mut spool, name);
            for (sequence, bytes) in &found {
                assert_eq!(*bytes, body(name, *sequence), "{name} {sequence}");
            }
            let found: Vec<u64> = found.into_iter().map(|(n, _)| n).collect();
            for n in &left {
                assert!(
                    found.contains(n),
                    "round {round}: {name} {n} is lost; found {found:?}"
                );
            }
        }
        let mut log = OpenOptions::new().append(true).open(&log).unwrap();
        for name in NAMES {
            let next = spool.next_sequence(table(name)).unwrap().0;
            writeln!(log, "- {name} {}", next - 1).unwrap();
        }
    }
    assert!(
        rounds_with_frames >= 6,
        "the processes were killed before they wrote: {rounds_with_frames}"
    );
}
