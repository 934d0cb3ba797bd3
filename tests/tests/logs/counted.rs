//! What is stored and what the ledger says, against what was written.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use kansoku_tests::Http;
use kansoku_tests::logs::{MESSAGE_SQL, Written};
use serde_json::Value;

use crate::ARRIVE;
use crate::field::Field;

pub(crate) fn integer(row: &Value, column: &str) -> i64 {
    row[column]
        .as_i64()
        .unwrap_or_else(|| panic!("{column} in {row}"))
}

/// What is stored of each writer's lines.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Stored {
    pub(crate) rows: i64,
    pub(crate) different: i64,
    pub(crate) first: i64,
    pub(crate) last: i64,
    pub(crate) whole: i64,
}

pub(crate) fn stored(http: &Http) -> BTreeMap<String, Stored> {
    let sql = format!(
        "SELECT writer, count(*) AS rows, count(DISTINCT n) AS different, min(n) AS first, max(n) AS last, \
         sum(CASE WHEN whole THEN 1 ELSE 0 END) AS whole FROM ({MESSAGE_SQL}) GROUP BY writer"
    );
    let row = |row: &Value| {
        let stored = Stored {
            rows: integer(row, "rows"),
            different: integer(row, "different"),
            first: integer(row, "first"),
            last: integer(row, "last"),
            whole: integer(row, "whole"),
        };
        (row["writer"].as_str().unwrap().to_owned(), stored)
    };
    http.sql(&sql).iter().map(row).collect()
}

pub(crate) fn wanted(written: &[Written]) -> BTreeMap<String, Stored> {
    let of = |writer: &Written| {
        let lines = i64::try_from(writer.lines).unwrap();
        let stored = Stored {
            rows: lines,
            different: lines,
            first: 1,
            last: lines,
            whole: lines,
        };
        (writer.name.clone(), stored)
    };
    written.iter().map(of).collect()
}

/// Sums of the ledger by log.
pub(crate) fn ledger(http: &Http) -> BTreeMap<String, BTreeMap<&'static str, i64>> {
    const SUMS: &[&str] = &[
        "log_written_bytes",
        "log_read_bytes",
        "log_skipped_bytes",
        "log_lost_bytes",
        "log_entries",
        "log_excluded_entries",
        "log_limited_entries",
        "log_refused_entries",
        "log_spooled_entries",
        "log_acknowledged_entries",
        "log_malformed_entries",
    ];
    let sums: Vec<String> = SUMS
        .iter()
        .map(|name| format!("coalesce(sum({name}), 0) AS {name}"))
        .collect();
    let sql = format!(
        "SELECT log_source, {} FROM log_ledger GROUP BY log_source",
        sums.join(", ")
    );
    let row = |row: &Value| {
        let sums = SUMS
            .iter()
            .map(|name| (*name, integer(row, name)))
            .collect();
        (row["log_source"].as_str().unwrap().to_owned(), sums)
    };
    http.sql(&sql).iter().map(row).collect()
}

/// Where the ledger says something else than what was written.
pub(crate) fn ledger_faults(http: &Http, written: &[Written]) -> Vec<String> {
    let ledger = ledger(http);
    let mut faults = Vec::new();
    for writer in written {
        let Some(sums) = ledger.get(&writer.source) else {
            faults.push(format!(
                "{} is not in the ledger: {:?}",
                writer.source,
                ledger.keys()
            ));
            continue;
        };
        let (bytes, lines) = (
            i64::try_from(writer.bytes).unwrap(),
            i64::try_from(writer.lines).unwrap(),
        );
        for (name, wanted) in [
            ("log_written_bytes", bytes),
            ("log_read_bytes", bytes),
            ("log_skipped_bytes", 0),
            ("log_lost_bytes", 0),
            ("log_entries", lines),
            ("log_excluded_entries", 0),
            ("log_limited_entries", 0),
            ("log_refused_entries", 0),
            ("log_spooled_entries", lines),
            ("log_acknowledged_entries", lines),
            ("log_malformed_entries", 0),
        ] {
            if sums[name] != wanted {
                faults.push(format!(
                    "{}: {name} is {}, not {wanted}",
                    writer.source, sums[name]
                ));
            }
        }
    }
    faults
}

/// Waits until everything is stored, as long as more and more is.
pub(crate) fn wait_until_stored(field: &mut Field, http: &Http, written: &[Written]) {
    let wanted = wanted(written);
    let mut found = stored(http);
    let mut deadline = Instant::now() + ARRIVE;
    while found != wanted && Instant::now() < deadline {
        std::thread::sleep(Duration::from_millis(300));
        let now = stored(http);
        if now != found {
            deadline = Instant::now() + ARRIVE;
        }
        found = now;
    }
    if found == wanted {
        return;
    }
    let mut said = String::new();
    for writer in written {
        let (is, should) = (found.get(&writer.name), &wanted[&writer.name]);
        if is == Some(should) {
            continue;
        }
        said += &format!(
            "{} ({:?}, rotated {} times): stored {is:?}, written {}\n",
            writer.name, writer.rotation, writer.rotations, writer.lines
        );
        let rows = http.sql(&format!(
            "SELECT n, count(*) AS times FROM ({MESSAGE_SQL}) WHERE writer = '{}' GROUP BY n ORDER BY n LIMIT 10000",
            writer.name
        ));
        let times: BTreeMap<i64, i64> = rows
            .iter()
            .map(|r| (integer(r, "n"), integer(r, "times")))
            .collect();
        let spans = |wrong: &dyn Fn(i64) -> bool| {
            let mut spans: Vec<(i64, i64)> = Vec::new();
            for n in (1..=should.last.min(10_000)).filter(|n| wrong(*n)) {
                match spans.last_mut() {
                    Some((_, to)) if *to + 1 == n => *to = n,
                    _ => spans.push((n, n)),
                }
            }
            spans
        };
        said += &format!(
            "  missing {:?}\n  twice {:?}\n",
            spans(&|n| !times.contains_key(&n)),
            spans(&|n| times.get(&n).is_some_and(|times| *times > 1)),
        );
        // Which files they were read from, in the order of reading.
        let files = http.sql(&format!(
            "SELECT file, min(n) AS first, max(n) AS last, count(*) AS rows, min(time) AS since, max(time) AS until \
             FROM (SELECT file, time, TRY_CAST(split_part(message, ' ', 2) AS BIGINT) AS n FROM log \
             WHERE message LIKE 'line % {} %') GROUP BY file ORDER BY since",
            writer.name
        ));
        for file in files {
            said += &format!("  {file}\n");
        }
        said += &field.said_of(writer);
    }
    let strange = http.sql("SELECT message FROM log WHERE message NOT LIKE 'line %' LIMIT 5");
    panic!(
        "not every line is stored exactly once:\n{said}rows that are no line: {strange:?}\n{:#?}\n{}",
        ledger_faults(http, written)
            .into_iter()
            .take(20)
            .collect::<Vec<_>>(),
        field.said()
    );
}
