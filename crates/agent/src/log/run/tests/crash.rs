//! Random rotations, kills at random points: every line exactly once.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::PathBuf;

use super::bench::{Bench, append, container, cri, gzip, numbers, text};

/// A sequence of numbers by chance, the same for the same seed.
struct Chance(u64);

impl Chance {
    fn next(&mut self, below: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % below
    }
}

/// A log, and how it is rotated.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// As the kubelet does it: renamed, the one before compressed.
    Kubelet,
    /// As logrotate does it with `copytruncate` and `delaycompress`.
    CopyTruncate,
    /// As logrotate does it with `create`: numbers are moved up.
    Numbers,
}

struct Writer {
    kind: Kind,
    name: &'static str,
    path: PathBuf,
    next: u64,
    /// The rest of a line of which the beginning is written.
    half: Option<String>,
    rotations: u64,
}

impl Writer {
    fn line(&mut self) -> String {
        let text = format!("{} {:08}", self.name, self.next);
        self.next += 1;
        match self.kind {
            Kind::Kubelet => cri(&text),
            _ => format!("{text}\n"),
        }
    }

    fn write(&mut self, chance: &mut Chance) {
        let mut bytes = self.half.take().unwrap_or_default();
        for _ in 0..chance.next(40) {
            bytes += &self.line();
        }
        if chance.next(3) == 0 {
            let line = self.line();
            let at = 1 + chance.next(line.len() as u64 - 2) as usize;
            bytes += &line[..at];
            self.half = Some(line[at..].to_owned());
        }
        append(&self.path, bytes.as_bytes());
    }

    fn rotate(&mut self) {
        // Rotation falls between lines: who writes has the file reopened then.
        if let Some(half) = self.half.take() {
            append(&self.path, half.as_bytes());
        }
        if !self.path.exists() {
            return;
        }
        self.rotations += 1;
        let with = |end: String| PathBuf::from(format!("{}.{end}", self.path.display()));
        match self.kind {
            Kind::Kubelet => {
                let stamp = |n: u64| format!("20261101-{n:06}");
                let before = with(stamp(self.rotations - 1));
                if before.exists() {
                    gzip(&before, &with(stamp(self.rotations - 1) + ".gz"));
                }
                fs::rename(&self.path, with(stamp(self.rotations))).unwrap();
                File::create(&self.path).unwrap();
            }
            Kind::CopyTruncate | Kind::Numbers => {
                for n in (1..50).rev() {
                    for end in ["", ".gz"] {
                        let from = with(format!("{n}{end}"));
                        if from.exists() {
                            fs::rename(from, with(format!("{}{end}", n + 1))).unwrap();
                        }
                    }
                }
                let second = with("2".to_owned());
                if second.exists() {
                    gzip(&second, &with("2.gz".to_owned()));
                }
                if self.kind == Kind::Numbers {
                    fs::rename(&self.path, with("1".to_owned())).unwrap();
                    File::create(&self.path).unwrap();
                } else {
                    fs::copy(&self.path, with("1".to_owned())).unwrap();
                    File::options()
                        .write(true)
                        .open(&self.path)
                        .unwrap()
                        .set_len(0)
                        .unwrap();
                }
            }
        }
    }
}

/// Runs one history and answers how often the process was killed.
fn history(seed: u64) -> u64 {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let mut chance = Chance(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let writer = |kind, name: &'static str, path| Writer {
        kind,
        name,
        path,
        next: 0,
        half: None,
        rotations: 0,
    };
    let mut writers = [
        writer(Kind::Kubelet, "app", container(root, "app").join("0.log")),
        writer(Kind::Kubelet, "side", container(root, "side").join("0.log")),
        writer(Kind::CopyTruncate, "syslog", root.join("var/log/syslog")),
        writer(Kind::Numbers, "kern", root.join("var/log/kern.log")),
    ];
    let mut bench = Bench::new(root);
    let mut came: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut ledger: BTreeMap<String, [u64; 4]> = BTreeMap::new();
    let mut kills = 0;
    for _ in 0..120 {
        let which = chance.next(4) as usize;
        match chance.next(20) {
            0..=8 => writers[which].write(&mut chance),
            9..=11 => writers[which].rotate(),
            12..=16 => bench.steps(1 + chance.next(12) as usize),
            17 => {
                for (name, lines) in bench.messages() {
                    came.entry(name).or_default().extend(lines);
                }
                add(&mut bench, &mut ledger);
            }
            18 => {
                kills += 1;
                bench.crash();
            }
            _ => bench.restart(),
        }
    }
    for writer in &mut writers {
        if let Some(half) = writer.half.take() {
            append(&writer.path, half.as_bytes());
        }
    }
    bench.settle();
    bench.steps(160);
    for (name, lines) in bench.messages() {
        came.entry(name).or_default().extend(lines);
    }
    bench.steps(60);
    add(&mut bench, &mut ledger);
    for writer in &writers {
        let mut lines = came.remove(writer.name).unwrap_or_default();
        lines.sort();
        let expected: Vec<String> = (0..writer.next)
            .map(|n| format!("{} {n:08}", writer.name))
            .collect();
        if lines != expected {
            let missing: Vec<_> = expected
                .iter()
                .filter(|line| !lines.contains(line))
                .collect();
            let twice: Vec<_> = lines
                .windows(2)
                .filter(|two| two[0] == two[1])
                .map(|two| &two[0])
                .collect();
            panic!("seed {seed}: missing {missing:?}, twice {twice:?}");
        }
        let [entries, spooled, acknowledged, lost] = ledger
            .iter()
            .find(|(source, _)| source.ends_with(writer.name))
            .map_or([0; 4], |(_, sums)| *sums);
        assert_eq!(
            [entries, spooled, acknowledged, lost],
            [writer.next, writer.next, writer.next, 0],
            "seed {seed}: the ledger of {}",
            writer.name
        );
    }
    kills
}

/// Adds what the ledger's rows say that were not taken yet.
fn add(bench: &mut Bench, ledger: &mut BTreeMap<String, [u64; 4]>) {
    for batch in bench.take("log_ledger") {
        let sources = text(&batch, "log_source");
        let columns = [
            "log_entries",
            "log_spooled_entries",
            "log_acknowledged_entries",
            "log_lost_bytes",
        ]
        .map(|name| numbers(&batch, name));
        for (row, source) in sources.into_iter().enumerate() {
            let sums = ledger.entry(source.unwrap()).or_default();
            for (sum, column) in sums.iter_mut().zip(&columns) {
                *sum += column[row];
            }
        }
    }
}

#[test]
fn whatever_the_history_every_line_comes_exactly_once() {
    let histories: u64 = std::env::var("KANSOKU_TEST_HISTORIES")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(12);
    if let Some(one) = std::env::var("KANSOKU_TEST_SEED")
        .ok()
        .and_then(|n| n.parse().ok())
    {
        history(one);
        return;
    }
    let kills: u64 = (1..=histories).map(history).sum();
    assert!(kills > histories, "{kills}");
}
