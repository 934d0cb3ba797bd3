//! A server that does not answer, and a spool that is full.

use super::bench::{Bench, append, container, cri};
use crate::log::LogSettings;

#[test]
fn a_full_spool_stops_reading_and_nothing_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let settings = LogSettings {
        spool_max_bytes: 4 << 20,
        ..LogSettings::in_folder(folder.path().join("spool"))
    };
    let mut bench = Bench::with(folder.path(), settings);
    let path = container(folder.path(), "app").join("0.log");
    let mut chance = 1u64;
    let mut written = 0;
    // Lines that do not compress.
    for _ in 0..90_000 {
        let mut text = String::new();
        for _ in 0..12 {
            chance = chance
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            text += &format!("{:013x}", chance >> 12);
        }
        append(&path, cri(&format!("{written:08} {text}")).as_bytes());
        written += 1;
    }
    bench.steps(100);
    let figures = bench.state.figures();
    assert!(
        figures.is_full && figures.unread_bytes > 1 << 20,
        "{figures:?}"
    );
    assert!(bench.outbox.spool().figures().disk_bytes <= 4 << 20);
    let mut came = Vec::new();
    for round in 0..60 {
        came.extend(bench.messages().remove("app").unwrap_or_default());
        // The ledger's frames are in the same files, which go when all of them are done.
        bench.take("log_ledger");
        if round % 7 == 3 {
            bench.crash();
        }
        bench.steps(20);
        if came.len() == written {
            break;
        }
    }
    let numbers: Vec<usize> = came.iter().map(|line| line[..8].parse().unwrap()).collect();
    assert_eq!(numbers, (0..written).collect::<Vec<_>>());
    let lost = bench.outbox.spool().figures();
    assert!(
        lost.lanes
            .iter()
            .flat_map(|lane| lane.lost)
            .all(|lost| lost.is_empty())
    );
}

/// While nothing is read a file is copied, cut off and grows past what it was: all bytes are counted once.
#[test]
fn what_was_written_is_counted_once_though_nothing_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let settings = LogSettings {
        spool_max_bytes: 4 << 20,
        ..LogSettings::in_folder(folder.path().join("spool"))
    };
    let mut bench = Bench::with(folder.path(), settings);
    let path = folder.path().join("var/log/syslog");
    let mut chance = 1u64;
    let mut written = 0;
    let mut write = |lines: usize| {
        let mut bytes = 0;
        for _ in 0..lines {
            let mut text = format!("{written:08}");
            for _ in 0..12 {
                chance = chance
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1);
                text += &format!(" {:013x}", chance >> 12);
            }
            text += "\n";
            append(&path, text.as_bytes());
            bytes += text.len() as u64;
            written += 1;
        }
        bytes
    };
    let mut bytes = write(90_000);
    bench.steps(60);
    assert!(bench.state.figures().is_full);
    for generation in 0..2 {
        for n in (1..3).rev() {
            let name = |n: usize| folder.path().join(format!("var/log/syslog.{n}"));
            if name(n).exists() {
                std::fs::rename(name(n), name(n + 1)).unwrap();
            }
        }
        std::fs::copy(&path, folder.path().join("var/log/syslog.1")).unwrap();
        std::fs::File::options()
            .write(true)
            .open(&path)
            .unwrap()
            .set_len(0)
            .unwrap();
        bytes += write(93_000 + 3_000 * generation);
        bench.steps(60);
    }
    let mut came = Vec::new();
    for _ in 0..400 {
        came.extend(bench.messages().remove("syslog").unwrap_or_default());
        bench.take("log_ledger");
        bench.steps(20);
        if came.len() == written {
            break;
        }
    }
    let mut times = vec![0_u32; written];
    for line in &came {
        times[line[..8].parse::<usize>().unwrap()] += 1;
    }
    let wrong: Vec<(usize, u32)> = (0..written)
        .zip(times)
        .filter(|(_, times)| *times != 1)
        .collect();
    assert!(
        wrong.is_empty(),
        "{} of {written} lines, from {:?} to {:?}; {:?}",
        wrong.len(),
        wrong.first(),
        wrong.last(),
        bench.state.figures()
    );
    bench.steps(200);
    let figures = bench.state.figures();
    assert_eq!(
        (
            figures.written_bytes,
            figures.read_bytes,
            figures.lost_bytes
        ),
        (bytes, bytes, 0)
    );
}
