//! Files are merged, expire and go; rows stay what they were.

use std::time::Duration;

use catalogue::Tier;
use store::{Store, StoreConfig};

use crate::rows::*;

fn files(store: &Store, table: &str) -> usize {
    store
        .status()
        .tables
        .iter()
        .find(|t| t.name == table)
        .map_or(0, |t| t.files)
}

/// Two hours of ticks with a flush every ten minutes.
async fn two_hours(store: &Store, hands: &Hands) {
    for t in 0..720 {
        hands.set(START + t * 10 * SECOND + SECOND);
        append(store, 1, t as u64 + 1, &tick("n1", t, 3))
            .await
            .unwrap();
        if t % 60 == 59 {
            store.flush().await.unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_hour_becomes_one_file_and_parts_of_minutes_become_whole() {
    let folder = tempfile::tempdir().unwrap();
    let hands = Hands::at(START);
    let store = Store::open_with_clock(config(folder.path()), hands.clock())
        .await
        .unwrap();
    two_hours(&store, &hands).await;
    hands.set(START + 3 * 3600 * SECOND);
    store.flush().await.unwrap();
    assert_eq!(files(&store, "pod"), 12);
    let all = expected(0..720, 3);
    store.tend().await.unwrap();
    assert_eq!(files(&store, "pod"), 2);
    assert_eq!(held(&store, Tier::Raw).await, all);
    assert_eq!(
        held(&store, Tier::Minute).await,
        Held {
            rows: 360,
            ..all.clone()
        }
    );
    // A flush at the edge of an hour leaves parts of a five-minute row in both; the day's merge joins them.
    let five = held(&store, Tier::FiveMinutes).await;
    assert_eq!(
        Held { rows: 72, ..five },
        Held {
            rows: 72,
            ..all.clone()
        }
    );
    let hour = held(&store, Tier::Hour).await;
    assert_eq!(
        Held { rows: 6, ..hour },
        Held {
            rows: 6,
            ..all.clone()
        }
    );
    // A day later the hours become one file, and an hour after that the files they were are gone from the disk.
    hands.set(START + 26 * 3600 * SECOND);
    store.tend().await.unwrap();
    assert_eq!(files(&store, "pod"), 1);
    assert_eq!(held(&store, Tier::FiveMinutes).await.rows, 72);
    assert_eq!(held(&store, Tier::Hour).await.rows, 6);
    hands.set(START + 28 * 3600 * SECOND);
    store.tend().await.unwrap();
    assert_eq!(held(&store, Tier::Raw).await, all);
    let on_disk = walk(&folder.path().join("tables/pod"));
    assert_eq!(on_disk, 1, "removed files are deleted");
    store.shutdown().await;
    drop(store);
    let store = Store::open_with_clock(config(folder.path()), hands.clock())
        .await
        .unwrap();
    assert_eq!(held(&store, Tier::Raw).await, all);
    let by_namespace = ask(&store, "select distinct namespace from pod_1h").await;
    assert_eq!(counts(&by_namespace, 0).len(), 3);
    store.shutdown().await;
}

fn walk(folder: &std::path::Path) -> usize {
    std::fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().path())
        .map(|p| {
            if p.is_dir() {
                walk(&p)
            } else {
                usize::from(
                    p.extension().is_some_and(|e| e == "parquet")
                        && !p.display().to_string().contains("_delta_log"),
                )
            }
        })
        .sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_tier_is_kept_as_long_as_it_says_and_the_budget_takes_raw_rows_first() {
    let folder = tempfile::tempdir().unwrap();
    let hands = Hands::at(START);
    let store = Store::open_with_clock(config(folder.path()), hands.clock())
        .await
        .unwrap();
    two_hours(&store, &hands).await;
    hands.set(START + 3 * 3600 * SECOND);
    store.flush().await.unwrap();
    let all = expected(0..720, 3);
    hands.set(START + 8 * 86_400 * SECOND);
    store.tend().await.unwrap();
    assert_eq!(files(&store, "pod"), 0, "raw rows are kept 7 days");
    assert_eq!(held(&store, Tier::Minute).await.cpu, all.cpu);
    store.shutdown().await;
    drop(store);
    let small = StoreConfig {
        disk_budget_bytes: Some(1),
        ..config(folder.path())
    };
    let store = Store::open_with_clock(small, hands.clock()).await.unwrap();
    store.tend().await.unwrap();
    assert!(
        store.status().tables.is_empty(),
        "nothing fits into one byte"
    );
    store.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn memory_that_grows_is_flushed_before_its_time() {
    let folder = tempfile::tempdir().unwrap();
    let config = StoreConfig {
        hot_bytes: 1 << 20,
        flush_interval: Duration::from_secs(3600),
        ..config(folder.path())
    };
    let store = Store::open(config).await.unwrap();
    let mut sent = 0;
    for t in 0..400 {
        loop {
            match append(&store, 1, t as u64 + 1, &tick("n1", t, 50)).await {
                Ok(_) => break sent += 1,
                Err(store::AppendError::Pressure { .. }) => {
                    tokio::time::sleep(Duration::from_millis(20)).await
                }
                Err(other) => panic!("{other}"),
            }
        }
    }
    assert_eq!(sent, 400);
    assert!(files(&store, "pod") > 0, "a flush happened early");
    assert_eq!(held(&store, Tier::Raw).await, expected(0..400, 50));
    store.shutdown().await;
}
