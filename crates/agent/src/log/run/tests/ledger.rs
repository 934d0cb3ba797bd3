//! The ledger adds up.

use super::bench::{Bench, append, container, cri, numbers};
use crate::log::LogSettings;

#[test]
fn every_row_of_the_ledger_is_an_increase_and_the_last_one_says_that_all_arrived() {
    let folder = tempfile::tempdir().unwrap();
    let settings = LogSettings {
        rate: Some(200),
        ..LogSettings::in_folder(folder.path().join("spool"))
    };
    let mut bench = Bench::with(folder.path(), settings);
    let path = container(folder.path(), "app").join("0.log");
    let mut rows = Vec::new();
    for round in 0..6 {
        for n in 0..100 {
            append(&path, cri(&format!("{round} {n:060}")).as_bytes());
        }
        bench.steps(50);
        bench.take("log");
        if round == 3 {
            bench.crash();
        }
        rows.extend(bench.take("log_ledger"));
    }
    bench.steps(300);
    rows.extend(bench.take("log_ledger"));
    let sum = |name: &str| {
        rows.iter()
            .flat_map(|batch| numbers(batch, name))
            .sum::<u64>()
    };
    let size = std::fs::metadata(&path).unwrap().len();
    assert_eq!(
        (sum("log_written_bytes"), sum("log_read_bytes")),
        (size, size)
    );
    assert_eq!((sum("log_entries"), sum("log_lost_bytes")), (600, 0));
    let (limited, spooled) = (sum("log_limited_entries"), sum("log_spooled_entries"));
    assert!(limited > 0 && spooled > 0);
    assert_eq!(limited + spooled, 600);
    assert_eq!(sum("log_acknowledged_entries"), spooled);
    let last = rows.last().unwrap();
    assert_eq!(numbers(last, "log_waiting_entries"), [0]);
    assert_eq!(numbers(last, "log_unread_bytes"), [0]);
    assert_eq!(numbers(last, "log_files"), [1]);
}
