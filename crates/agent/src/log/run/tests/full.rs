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
    for _ in 0..60_000 {
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
