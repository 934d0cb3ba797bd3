//! Log lines: in order, found by their words, kept as long as their namespace says, counted by namespace.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use arrow::array::{
    ArrayRef, AsArray, DictionaryArray, Int64Array, RecordBatch, StringArray,
    TimestampMicrosecondArray, new_null_array,
};
use arrow::datatypes::{Int32Type, Int64Type};
use catalogue::{Table, Tier};
use datafusion::datasource::MemTable;
use datafusion::prelude::{SessionConfig, SessionContext};
use proptest::prelude::*;
use store::{Append, LogEvent, NamespaceUsage, RetentionRule, Store, StoreConfig};

use crate::rows::{Hands, SECOND, START, config};

const DAY: i64 = 86_400 * SECOND;

fn log() -> &'static Table {
    &catalogue::tables::LOG
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Line {
    namespace: Option<String>,
    pod: Option<String>,
    container: Option<String>,
    time: i64,
    nsec: Option<i64>,
    sequence: Option<i64>,
    message: String,
}

fn line(namespace: &str, pod: &str, time: i64, sequence: i64, message: impl Into<String>) -> Line {
    Line {
        namespace: Some(namespace.to_owned()),
        pod: Some(pod.to_owned()),
        container: Some("main".to_owned()),
        time,
        nsec: Some(7),
        sequence: Some(sequence),
        message: message.into(),
    }
}

fn batch(lines: &[Line]) -> RecordBatch {
    let text = |f: fn(&Line) -> Option<&str>| -> ArrayRef {
        Arc::new(lines.iter().map(f).collect::<DictionaryArray<Int32Type>>())
    };
    let number = |f: fn(&Line) -> Option<i64>| -> ArrayRef {
        Arc::new(lines.iter().map(f).collect::<Int64Array>())
    };
    let schema = log().schema();
    let columns = schema
        .fields()
        .iter()
        .map(|field| match field.name().as_str() {
            "time" => Arc::new(
                TimestampMicrosecondArray::from_iter_values(lines.iter().map(|l| l.time))
                    .with_timezone("UTC"),
            ),
            "node" => text(|_| Some("n1")),
            "namespace" => text(|l| l.namespace.as_deref()),
            "pod" => text(|l| l.pod.as_deref()),
            "container" => text(|l| l.container.as_deref()),
            "time_nsec" => number(|l| l.nsec),
            "sequence" => number(|l| l.sequence),
            "message" => Arc::new(StringArray::from_iter_values(
                lines.iter().map(|l| &l.message),
            )),
            _ => new_null_array(field.data_type(), lines.len()),
        })
        .collect();
    RecordBatch::try_new(schema, columns).unwrap()
}

async fn send(store: &Store, table: &'static Table, sequence: u64, batch: RecordBatch) {
    let body = wire::encode(std::slice::from_ref(&batch), wire::Encoding::Zstd).unwrap();
    store
        .append(Append {
            agent: wire::AgentId::from_bytes([7; 16]),
            table,
            sequence,
            oldest: None,
            encoding: wire::Encoding::Zstd,
            body: body.into(),
            batches: vec![batch],
        })
        .await
        .unwrap();
}

async fn ask(store: &Store, sql: &str) -> Vec<RecordBatch> {
    let context = SessionContext::new_with_config(SessionConfig::new().with_target_partitions(1));
    context
        .register_table("log", store.provider(log(), Tier::Raw).unwrap())
        .unwrap();
    context.sql(sql).await.unwrap().collect().await.unwrap()
}

async fn count(store: &Store, condition: &str) -> i64 {
    let rows = ask(
        store,
        &format!("select count(*) from log where {condition}"),
    )
    .await;
    rows[0].column(0).as_primitive::<Int64Type>().value(0)
}

async fn messages(store: &Store, sql: &str) -> Vec<String> {
    let mut found = Vec::new();
    for batch in ask(store, sql).await {
        found.extend(
            batch
                .column(0)
                .as_string::<i32>()
                .iter()
                .map(|m| m.unwrap().to_owned()),
        );
    }
    found
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.ends_with("_delta_log") {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|e| e == "parquet") {
            found.push(path);
        }
    }
    found
}

async fn open(folder: &Path, hands: &Hands) -> Store {
    Store::open_with_clock(config(folder), hands.clock())
        .await
        .unwrap()
}

/// What was read and skipped since the last time.
async fn blocks(store: &Store, condition: &str) -> (i64, u64, u64) {
    let before = store.status().log_index;
    let found = count(store, condition).await;
    let after = store.status().log_index;
    (
        found,
        after.blocks_read - before.blocks_read,
        after.blocks_skipped - before.blocks_skipped,
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_word_leads_to_its_block_and_an_absent_one_to_none() {
    let folder = tempfile::tempdir().unwrap();
    let hands = Hands::at(START + 3600 * SECOND);
    let store = open(folder.path(), &hands).await;
    let lines: Vec<Line> = (0..40_000)
        .map(|n| {
            let word = if n == 20_000 { "quasarflux" } else { "request" };
            line(
                "shop",
                "web",
                START + n,
                n,
                format!("GET /api/{n} {word} took {} ms", n % 97),
            )
        })
        .collect();
    send(&store, log(), 1, batch(&lines)).await;
    assert_eq!(
        blocks(&store, "message like '% quasarflux %'").await,
        (1, 0, 0),
        "in memory"
    );
    store.flush().await.unwrap();
    for condition in [
        "message like '% quasarflux %'",
        "contains(message, ' quasarflux ')",
        "message ilike '% QUASARFLUX took%'",
        "lower(message) like '% quasarflux %'",
        "strpos(message, ' quasarflux ') > 0",
        "regexp_like(message, ' quasarFLUX\\s', 'i')",
        "message ~ ' quasarflux '",
        "message like '% quasarflux %' and pod = 'web'",
        "message like '% quasarflux %' or message like '% zyxomorphic %'",
        "message = 'GET /api/20000 quasarflux took 18 ms'",
    ] {
        assert_eq!(blocks(&store, condition).await, (1, 1, 4), "{condition}");
    }
    for condition in [
        "message like '% zyxomorphic %'",
        "message like '% quasarflux %' and message like '% zyxomorphic %'",
        "contains(message, ' GET ') and contains(message, ' zyxomorphic ')",
    ] {
        assert_eq!(blocks(&store, condition).await, (0, 0, 5), "{condition}");
    }
    // What says nothing about whole words, or is an alternative that does not, reads everything.
    assert_eq!(count(&store, "message like '%quasarflu%'").await, 1);
    assert_eq!(
        count(&store, "message like '% quasarflux %' or pod = 'web'").await,
        40_000
    );
    assert_eq!(
        count(&store, "message not like '% quasarflux %'").await,
        39_999
    );

    // The same after a start, when the index must be read from the file first, and with a damaged index.
    store.shutdown().await;
    drop(store);
    let store = open(folder.path(), &hands).await;
    assert_eq!(
        blocks(&store, "message like '% quasarflux %'").await,
        (1, 1, 4)
    );
    assert_eq!(store.status().log_index.loads, 1);
    store.shutdown().await;
    drop(store);
    let file = files(&folder.path().join("tables/log")).remove(0);
    let mut bytes = std::fs::read(&file).unwrap();
    let at = bytes.windows(4).position(|w| w == b"KTIX").unwrap();
    bytes[at + 2000] ^= 1;
    std::fs::write(&file, bytes).unwrap();
    let store = open(folder.path(), &hands).await;
    assert_eq!(
        blocks(&store, "message like '% quasarflux %'").await,
        (1, 0, 0)
    );
    let index = store.status().log_index;
    assert_eq!((index.failures, index.files_without), (1, 1));
    store.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_of_one_moment_keep_the_order_in_which_they_came() {
    let folder = tempfile::tempdir().unwrap();
    let hands = Hands::at(START);
    let store = open(folder.path(), &hands).await;
    let same = |n: usize| Line {
        nsec: None,
        sequence: None,
        ..line(
            "shop",
            if n.is_multiple_of(2) { "a" } else { "b" },
            START,
            0,
            format!("line {n:04}"),
        )
    };
    for part in 0..10 {
        let lines: Vec<Line> = (part * 50..(part + 1) * 50).map(same).collect();
        send(&store, log(), part as u64 + 1, batch(&lines)).await;
        if part == 4 {
            store.flush().await.unwrap();
        }
    }
    store.flush().await.unwrap();
    hands.set(START + 2 * 3600 * SECOND);
    store.tend().await.unwrap();
    assert_eq!(
        files(&folder.path().join("tables/log")).len(),
        3,
        "two and the one that they became"
    );
    for pod in ["a", "b"] {
        let found = messages(
            &store,
            &format!("select message from log where pod = '{pod}'"),
        )
        .await;
        assert_eq!(found.len(), 250);
        assert!(found.is_sorted(), "{pod}");
    }
    store.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_newest_lines_of_one_pod_come_from_the_newest_files() {
    let folder = tempfile::tempdir().unwrap();
    let hands = Hands::at(START);
    let store = open(folder.path(), &hands).await;
    let mut sequence = 0;
    for hour in 0..4i64 {
        for part in 0..2i64 {
            let lines: Vec<Line> = (0..3000)
                .map(|n| {
                    let time = START + hour * 3600 * SECOND + part * 600 * SECOND + n * 1000;
                    line(
                        "shop",
                        &format!("pod-{}", n % 10),
                        time,
                        n,
                        format!("{hour} {part} {n}"),
                    )
                })
                .collect();
            sequence += 1;
            send(&store, log(), sequence, batch(&lines)).await;
            if (hour, part) != (3, 1) {
                store.flush().await.unwrap();
            }
        }
    }
    let newest = "select message from log where pod = 'pod-3' order by time desc limit 4";
    let expected = ["3 1 2993", "3 1 2983", "3 1 2973", "3 1 2963"];
    assert_eq!(messages(&store, newest).await, expected);
    hands.set(START + 5 * 3600 * SECOND);
    store.flush().await.unwrap();
    store.tend().await.unwrap();
    assert_eq!(messages(&store, newest).await, expected);
    let all = "select message from log where pod = 'pod-3' order by time desc limit 5000";
    assert_eq!(messages(&store, all).await.len(), 2400);
    store.shutdown().await;
}

fn usage(store: &Store) -> BTreeMap<Option<String>, (u64, u64, u64)> {
    let of = |u: NamespaceUsage| (u.namespace, (u.rows, u.message_bytes, u.hot_rows));
    store.log_usage().into_iter().map(of).collect()
}

fn kept(days: u64) -> Duration {
    Duration::from_secs(days * 86_400)
}

#[tokio::test(flavor = "multi_thread")]
async fn each_namespace_is_kept_as_long_as_its_rule_says_and_counted() {
    let folder = tempfile::tempdir().unwrap();
    let hands = Hands::at(START);
    let config = StoreConfig {
        log_retention: kept(7),
        log_retention_by_namespace: vec![
            RetentionRule {
                namespaces: "dev-*".into(),
                keep: kept(1),
            },
            RetentionRule {
                namespaces: "audit".into(),
                keep: kept(30),
            },
        ],
        ..config(folder.path())
    };
    let open = || Store::open_with_clock(config.clone(), hands.clock());
    let store = open().await.unwrap();
    let mut lines = Vec::new();
    for n in 0..300i64 {
        for namespace in ["dev-a", "shop", "audit"] {
            lines.push(line(
                namespace,
                "p",
                START + n * SECOND,
                n,
                format!("{namespace} {n:03}"),
            ));
        }
        lines.push(Line {
            namespace: None,
            pod: None,
            ..line("", "", START + n * SECOND, n, "kernel")
        });
    }
    send(&store, log(), 1, batch(&lines)).await;
    let counts =
        |rows: u64, hot: u64, names: &[&str]| -> BTreeMap<Option<String>, (u64, u64, u64)> {
            names
                .iter()
                .map(|name| match *name {
                    "host" => (None, (rows, rows * 6, hot)),
                    name => (
                        Some(name.to_owned()),
                        (rows, rows * (name.len() as u64 + 4), hot),
                    ),
                })
                .collect()
        };
    assert_eq!(
        usage(&store),
        counts(300, 300, &["host", "audit", "dev-a", "shop"])
    );
    store.flush().await.unwrap();
    assert_eq!(
        usage(&store),
        counts(300, 0, &["host", "audit", "dev-a", "shop"])
    );
    let on_disk: u64 = store.log_usage().iter().map(|u| u.stored_bytes).sum();
    let file = store
        .status()
        .tables
        .iter()
        .find(|t| t.name == "log")
        .unwrap()
        .bytes;
    assert!(
        on_disk <= file && on_disk + 4 >= file,
        "{on_disk} of {file}"
    );
    let seconds: Vec<u64> = store
        .log_usage()
        .iter()
        .map(|u| u.retention_seconds / 86_400)
        .collect();
    assert_eq!(seconds, [7, 30, 1, 7]);
    store.shutdown().await;
    drop(store);

    let store = open().await.unwrap();
    assert_eq!(
        usage(&store),
        counts(300, 0, &["host", "audit", "dev-a", "shop"]),
        "after a start"
    );
    hands.set(START + DAY);
    store.tend().await.unwrap();
    assert_eq!(
        count(&store, "namespace = 'dev-a'").await,
        300,
        "not all of them are too old"
    );
    hands.set(START + DAY + 400 * SECOND);
    store.tend().await.unwrap();
    assert_eq!(usage(&store), counts(300, 0, &["host", "audit", "shop"]));
    assert_eq!(count(&store, "true").await, 900);
    assert_eq!(count(&store, "message like 'shop 123'").await, 1);
    hands.set(START + 8 * DAY);
    store.tend().await.unwrap();
    assert_eq!(usage(&store), counts(300, 0, &["audit"]));
    hands.set(START + 31 * DAY);
    store.tend().await.unwrap();
    assert!(usage(&store).is_empty());
    assert_eq!(count(&store, "true").await, 0);
    hands.set(START + 33 * DAY);
    store.tend().await.unwrap();
    assert!(
        files(&folder.path().join("tables/log")).is_empty(),
        "and off the disk"
    );
    store.shutdown().await;
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        match entry.path().is_dir() {
            true => copy(&entry.path(), &to.join(entry.file_name())),
            false => {
                std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_whose_commit_was_not_written_holds_no_row_twice() {
    let folder = tempfile::tempdir().unwrap();
    let hands = Hands::at(START);
    let store = open(folder.path(), &hands).await;
    let lines: Vec<Line> = (0..500)
        .map(|n| line("shop", "a", START + n, n, format!("line {n}")))
        .collect();
    send(&store, log(), 1, batch(&lines)).await;
    let crashed = tempfile::tempdir().unwrap();
    copy(&folder.path().join("wal"), &crashed.path().join("wal"));
    store.flush().await.unwrap();
    copy(
        &folder.path().join("tables"),
        &crashed.path().join("tables"),
    );
    store.shutdown().await;
    // As if the process had ended between the file and its commit.
    let commits = crashed.path().join("tables/log/_delta_log");
    std::fs::remove_file(commits.join(format!("{:020}.json", 1))).unwrap();
    let store = open(crashed.path(), &hands).await;
    assert_eq!(count(&store, "true").await, 500);
    assert_eq!(usage(&store).into_values().map(|u| u.0).sum::<u64>(), 500);
    store.flush().await.unwrap();
    assert_eq!(count(&store, "true").await, 500);
    assert_eq!(files(&crashed.path().join("tables/log")).len(), 2);
    hands.set(
        i64::try_from(
            std::time::SystemTime::now()
                .duration_since(std::time::UNIX_EPOCH)
                .unwrap()
                .as_micros(),
        )
        .unwrap()
        .max(START)
            + 3 * DAY,
    );
    store.tend().await.unwrap();
    assert_eq!(
        files(&crashed.path().join("tables/log")).len(),
        1,
        "the orphan is gone"
    );
    assert_eq!(count(&store, "true").await, 500);
    store.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_watches_sees_accepted_lines_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let hands = Hands::at(START);
    let store = open(folder.path(), &hands).await;
    let mut watching = store.subscribe_log();
    let rows = batch(&[line("shop", "a", START, 1, "hello")]);
    send(&store, log(), 1, rows.clone()).await;
    send(&store, log(), 1, rows.clone()).await;
    send(&store, crate::rows::pod(), 1, crate::rows::tick("n1", 0, 1)).await;
    send(
        &store,
        log(),
        2,
        batch(&[line("shop", "a", START, 2, "again")]),
    )
    .await;
    assert_eq!(watching.next().await, Some(LogEvent::Rows(rows)));
    let Some(LogEvent::Rows(next)) = watching.next().await else {
        panic!("no rows")
    };
    assert_eq!(
        next.column_by_name("message")
            .unwrap()
            .as_string::<i32>()
            .value(0),
        "again"
    );
    store.shutdown().await;
    assert_eq!(watching.next().await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_ledger_adds_up_in_every_tier() {
    let folder = tempfile::tempdir().unwrap();
    let hands = Hands::at(START + 7200 * SECOND);
    let store = open(folder.path(), &hands).await;
    let table = &catalogue::tables::LOG_LEDGER;
    let schema = table.schema();
    for tick in 0..12i64 {
        let columns = schema
            .fields()
            .iter()
            .map(|field| -> ArrayRef {
                let text = |a: &str, b: &str| -> ArrayRef {
                    Arc::new(
                        [Some(a), Some(b)]
                            .into_iter()
                            .collect::<DictionaryArray<Int32Type>>(),
                    )
                };
                match field.name().as_str() {
                    "time" => Arc::new(
                        TimestampMicrosecondArray::from(vec![START + tick * 10 * SECOND; 2])
                            .with_timezone("UTC"),
                    ),
                    "interval_usec" => Arc::new(Int64Array::from(vec![10 * SECOND; 2])),
                    "cluster" => text("c", "c"),
                    "node" => text("n1", "n1"),
                    "log_source" => text("shop/a/uid/main", "host/syslog"),
                    "log_entries" => Arc::new(Int64Array::from(vec![5, 7])),
                    "log_unread_bytes" => Arc::new(Int64Array::from(vec![tick, 0])),
                    _ => new_null_array(field.data_type(), 2),
                }
            })
            .collect();
        send(
            &store,
            table,
            tick as u64 + 1,
            RecordBatch::try_new(schema.clone(), columns).unwrap(),
        )
        .await;
    }
    assert_eq!(store.latest(table).num_rows(), 2);
    store.flush().await.unwrap();
    let context = SessionContext::new();
    context
        .register_table("minutes", store.provider(table, Tier::Minute).unwrap())
        .unwrap();
    let sql = "select log_source, sum(log_entries), max(log_unread_bytes_max), count(*) from minutes group by 1 order by 1";
    let rows = context.sql(sql).await.unwrap().collect().await.unwrap();
    let value = |column: usize, row: usize| {
        rows[0]
            .column(column)
            .as_primitive::<Int64Type>()
            .value(row)
    };
    assert_eq!([value(1, 0), value(2, 0), value(3, 0)], [84, 0, 2]);
    assert_eq!([value(1, 1), value(2, 1), value(3, 1)], [60, 11, 2]);
    store.shutdown().await;
}

fn any_line() -> impl Strategy<Value = Line> {
    let name = |names: &'static [&'static str]| {
        prop::option::weighted(0.9, prop::sample::select(names).prop_map(str::to_owned))
    };
    (
        name(&["b", "a", "shop"]),
        name(&["p1", "p2", "p10"]),
        name(&["main", "side"]),
        // Two days, many lines of the same time.
        prop_oneof![0i64..5, DAY..DAY + 5],
        prop::option::of(0i64..3),
        prop::option::of(1i64..4),
        "[a-z é]{0,12}",
    )
        .prop_map(
            |(namespace, pod, container, time, nsec, sequence, message)| Line {
                namespace,
                pod,
                container,
                time: START + time,
                nsec,
                sequence,
                message,
            },
        )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]
    #[test]
    fn whatever_is_sent_is_there_once_and_in_order(
        frames in prop::collection::vec((prop::collection::vec(any_line(), 1..40), any::<bool>()), 1..8),
    ) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let folder = tempfile::tempdir().unwrap();
            let hands = Hands::at(START + DAY);
            let store = open(folder.path(), &hands).await;
            let mut sent = Vec::new();
            for (at, (lines, flush)) in frames.iter().enumerate() {
                send(&store, log(), at as u64 + 1, batch(lines)).await;
                sent.extend(lines.iter().cloned());
                if *flush {
                    store.flush().await.unwrap();
                }
            }
            let context = SessionContext::new();
            let table = MemTable::try_new(log().schema(), vec![vec![batch(&sent)]]).unwrap();
            context.register_table("sent", Arc::new(table)).unwrap();
            context.register_table("log", store.provider(log(), Tier::Raw).unwrap()).unwrap();
            let rows = |table: &'static str| {
                let columns = "namespace, pod, container, time, time_nsec, sequence, message";
                let sql = format!("select {columns} from {table} order by {columns}");
                let context = context.clone();
                async move {
                    let batches = context.sql(&sql).await.unwrap().collect().await.unwrap();
                    arrow::util::pretty::pretty_format_batches(&batches).unwrap().to_string()
                }
            };
            let expected = rows("sent").await;
            assert_eq!(rows("log").await, expected);
            store.flush().await.unwrap();
            assert_eq!(rows("log").await, expected);
            hands.set(START + 3 * DAY);
            store.tend().await.unwrap();
            assert_eq!(rows("log").await, expected);
            // Two days, so two files, each in the table's order, equal lines in that of their coming.
            sent.sort_by_key(|l| {
                (l.time >= START + DAY, l.namespace.clone(), l.pod.clone(), l.container.clone(), l.time, l.nsec, l.sequence)
            });
            let mut found = Vec::new();
            for half in ["<", ">="] {
                let noon = chrono(START + DAY);
                let sql = format!("select message from log where time {half} timestamp '{noon}'");
                found.extend(messages(&store, &sql).await);
            }
            let expected: Vec<String> = sent.into_iter().map(|l| l.message).collect();
            assert_eq!(found, expected);
            store.shutdown().await;
        });
    }
}

fn chrono(usec: i64) -> String {
    // START is 10:00 on the 23rd.
    let hours = (usec - START) / (3600 * SECOND) + 10;
    format!("2026-11-{}T{:02}:00:00Z", 23 + hours / 24, hours % 24)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_long_lines_few_are_read_at_once_hot_and_from_files() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), &Hands::at(START)).await;
    assert_eq!(store.log_rows_at_once(), 8192);
    let short: Vec<Line> = (0..500)
        .map(|n| line("short", "a", START + n, n, "a line"))
        .collect();
    send(&store, log(), 1, batch(&short)).await;
    assert_eq!(store.log_rows_at_once(), 8192);
    let long = "word ".repeat(40_000);
    let long: Vec<Line> = (0..10)
        .map(|n| line("long", "b", START + n, n, long.clone()))
        .collect();
    send(&store, log(), 2, batch(&long)).await;
    assert_eq!(store.log_rows_at_once(), (16 << 20) / 200_000);
    store.flush().await.unwrap();
    // Of the namespace whose rows lie together, not of the file.
    assert_eq!(store.log_rows_at_once(), (16 << 20) / 200_000);
    store.shutdown().await;
}
