//! The same seed gives the same rows; batches have the catalogue's schemas.

use std::collections::BTreeSet;

use catalogue::Temporality;
use demo::{Demo, DemoError, Scale, TICK_USEC};

use crate::rows::{EVEN_HOUR, MINUTE, live, of, rows};

#[test]
fn the_same_seed_gives_the_same_rows_and_another_gives_others() {
    let told = |seed| {
        let batches = live(Scale::default(), seed, EVEN_HOUR + 4 * MINUTE, 20);
        let all = batches
            .into_iter()
            .flat_map(|(table, batches)| batches.into_iter().map(move |b| (table, b.batch)));
        all.collect::<Vec<_>>()
    };
    let (first, second) = (told(7), told(7));
    assert!(first == second);
    assert!(first != told(8));
}

#[test]
fn many_ticks_at_once_are_the_rows_of_each() {
    let start = EVEN_HOUR + 4 * MINUTE;
    let ticks = || (1..=18).map(|n| start + n * TICK_USEC);
    let mut at_once = Demo::new(Scale::default(), 1, start).unwrap();
    let filled = at_once.fill(ticks()).unwrap();
    let mut one_by_one = Demo::new(Scale::default(), 1, start).unwrap();
    let singles: Vec<_> = ticks().map(|tick| one_by_one.tick(tick).unwrap()).collect();
    for table in [
        "pod",
        "container",
        "node",
        "log",
        "object",
        "event",
        "identity",
    ] {
        let all = |batches: Vec<&wire::rows::TableBatch>| -> Vec<_> {
            let of_table = batches.into_iter().filter(|b| b.table.name == table);
            let mut rows: Vec<_> = of_table
                .flat_map(rows)
                .map(|row| format!("{row:?}"))
                .collect();
            rows.sort();
            rows
        };
        let once = all(filled.batches().collect());
        let each = all(singles.iter().flat_map(|f| f.batches()).collect());
        assert!(!once.is_empty(), "{table}");
        assert_eq!(once, each, "{table}");
    }
}

#[test]
fn batches_have_the_catalogues_schemas_and_no_delta_is_negative() {
    let batches = live(Scale::default(), 3, EVEN_HOUR + 40 * MINUTE, 25);
    let tables: BTreeSet<_> = batches.keys().copied().collect();
    let expected = [
        "node",
        "pod",
        "container",
        "pod_network",
        "node_disk",
        "node_filesystem",
        "node_network",
        "volume",
        "log",
        "log_ledger",
        "identity",
        "object",
        "event",
    ];
    assert_eq!(tables, expected.into());
    for (table, batches) in &batches {
        for batch in batches {
            assert_eq!(batch.batch.schema(), batch.table.schema(), "{table}");
            let columns = batch.table.columns.iter();
            let counted =
                columns.filter(|c| !c.unit.is_empty() && c.kind == catalogue::ColumnType::Integer);
            let counted: Vec<_> = counted.collect();
            for row in rows(batch) {
                for column in &counted {
                    let value = row.number(column.name);
                    assert!(
                        value.is_none_or(|v| v >= 0),
                        "{table}.{}: {row:?}",
                        column.name
                    );
                }
            }
        }
    }
}

#[test]
fn only_the_first_row_of_what_was_found_has_no_increase() {
    let batches = live(Scale::default(), 3, EVEN_HOUR + 40 * MINUTE, 12);
    for table in [
        "node",
        "pod",
        "container",
        "node_disk",
        "node_network",
        "pod_network",
    ] {
        let mut seen = BTreeSet::new();
        let key = catalogue::table(table).unwrap().key;
        let deltas: Vec<_> = catalogue::table(table)
            .unwrap()
            .columns
            .iter()
            .filter(|c| c.temporality == Temporality::Delta)
            .filter(|c| {
                [
                    "cpu_usage_usec",
                    "disk_reads",
                    "network_rx_bytes",
                    "interval_usec",
                ]
                .contains(&c.name)
            })
            .map(|c| c.name)
            .collect();
        let mut without = 0;
        for row in of(&batches, table) {
            let is_first = seen.insert(
                key.iter()
                    .map(|k| row.text(k).to_owned())
                    .collect::<Vec<_>>(),
            );
            let has = |c: &&str| row.number(c).is_some();
            let host_network = row.flag("host_network");
            let none = deltas
                .iter()
                .filter(|c| !(host_network && c.starts_with("network")))
                .all(|c| !has(c));
            let all = deltas
                .iter()
                .filter(|c| !(host_network && c.starts_with("network")))
                .all(has);
            assert!(all || none && is_first, "{table}: {row:?}");
            without += u32::from(none);
        }
        assert!(without > 0, "{table}");
    }
}

#[test]
fn ids_differ_and_follow_from_the_seed() {
    let ids = |seed| {
        let demo = Demo::new(Scale::default(), seed, EVEN_HOUR).unwrap();
        let of_agents = (0..3)
            .filter_map(|n| demo.agent(n))
            .flat_map(|a| [a.measurements, a.logs]);
        let mut ids: Vec<_> = of_agents.collect();
        let mut demo = demo;
        ids.push(demo.tick(EVEN_HOUR + TICK_USEC).unwrap().watcher_agent);
        ids
    };
    assert_eq!(ids(1), ids(1));
    let both: BTreeSet<_> = ids(1).into_iter().chain(ids(2)).collect();
    assert_eq!(both.len(), 14);
}

#[test]
fn ticks_go_forward() {
    let mut demo = Demo::new(Scale::default(), 1, EVEN_HOUR).unwrap();
    let error = demo.tick(EVEN_HOUR).unwrap_err();
    assert!(matches!(error, DemoError::Time { .. }), "{error}");
    demo.tick(EVEN_HOUR + 1).unwrap();
}

#[test]
fn history_is_at_multiples_of_the_interval_up_to_now() {
    let start = EVEN_HOUR + 3_456_789;
    let until = EVEN_HOUR + 11 * MINUTE + 5_000_000;
    let mut demo = Demo::new(Scale::default(), 1, start).unwrap();
    let mut ticks = BTreeSet::new();
    for filled in demo.history(until, TICK_USEC) {
        let filled = filled.unwrap();
        let nodes = filled.batches().filter(|b| b.table.name == "node");
        ticks.extend(nodes.flat_map(rows).filter_map(|r| r.number("time")));
    }
    let expected: BTreeSet<_> = (1..=66).map(|n| EVEN_HOUR + n * TICK_USEC).collect();
    assert_eq!(ticks, expected);
    assert_eq!(demo.now(), EVEN_HOUR + 660_000_000);
}

#[test]
fn reports_are_those_of_agents() {
    let mut demo = Demo::new(Scale::default(), 1, EVEN_HOUR).unwrap();
    demo.tick(EVEN_HOUR + TICK_USEC).unwrap();
    for node in 0..demo.nodes() {
        let report = demo.report(node).unwrap();
        assert_eq!(
            report["agent"],
            demo.agent(node).unwrap().measurements.to_string()
        );
        assert_eq!(report["cluster"], "demo");
        let sources = report["sources"].as_array().unwrap();
        let dark: Vec<_> = sources.iter().filter(|s| s["state"] != "ok").collect();
        assert_eq!(dark.len(), 1);
        assert!(
            dark[0]["missing_right"]
                .as_str()
                .unwrap()
                .contains("DAC_READ_SEARCH")
        );
    }
    assert!(demo.report(3).is_none());
}
