//! What was acknowledged is there, once, whatever happened in between.

use catalogue::Tier;
use store::{Append, AppendError, Store, StoreError};

use crate::rows::*;

#[tokio::test(flavor = "multi_thread")]
async fn rows_are_visible_at_once_and_stay_the_same_through_flush_and_restart() {
    let folder = tempfile::tempdir().unwrap();
    let hands = Hands::at(START + 300 * SECOND);
    let store = Store::open_with_clock(config(folder.path()), hands.clock())
        .await
        .unwrap();
    for t in 0..30 {
        assert_eq!(
            append(&store, 1, t as u64 + 1, &tick("n1", t, 10))
                .await
                .unwrap()
                .rows,
            10
        );
    }
    let all = expected(0..30, 10);
    let minutes = |h: Held| Held { rows: 50, ..h };
    assert_eq!(held(&store, Tier::Raw).await, all);
    assert_eq!(held(&store, Tier::Minute).await, minutes(all.clone()));
    assert_eq!(store.latest(pod()).num_rows(), 10);

    store.flush().await.unwrap();
    assert_eq!(held(&store, Tier::Raw).await, all);
    assert_eq!(
        held(&store, Tier::Minute).await,
        minutes(all.clone()),
        "the open minute is still in memory"
    );
    store.shutdown().await;
    drop(store);

    let store = Store::open_with_clock(config(folder.path()), hands.clock())
        .await
        .unwrap();
    assert_eq!(held(&store, Tier::Raw).await, all);
    assert_eq!(held(&store, Tier::Minute).await, minutes(all.clone()));
    // Everything closes; the coarser tiers are filled by the next flush.
    hands.set(START + 3600 * SECOND);
    store.flush().await.unwrap();
    assert_eq!(held(&store, Tier::Minute).await, minutes(all.clone()));
    let coarse = held(&store, Tier::FiveMinutes).await;
    assert_eq!(
        (coarse.cpu, coarse.samples, coarse.memory),
        (all.cpu, all.samples, all.memory)
    );
    let hour = held(&store, Tier::Hour).await;
    assert_eq!(
        (hour.cpu, hour.samples, hour.memory),
        (all.cpu, all.samples, all.memory)
    );
    store.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frame_sent_twice_is_stored_once_also_after_a_restart_without_its_segment() {
    let folder = tempfile::tempdir().unwrap();
    let hands = Hands::at(START + 7200 * SECOND);
    let store = Store::open_with_clock(config(folder.path()), hands.clock())
        .await
        .unwrap();
    let first = tick("n1", 0, 5);
    assert!(!append(&store, 1, 1, &first).await.unwrap().duplicate);
    assert!(append(&store, 1, 1, &first).await.unwrap().duplicate);
    assert_eq!(
        append(&store, 1, 3, &first).await,
        Err(AppendError::OutOfOrder { expected: 2 })
    );
    // The flush writes it to a table and lets its segment go; the sequence is still known.
    store.flush().await.unwrap();
    store.shutdown().await;
    drop(store);
    let store = Store::open_with_clock(config(folder.path()), hands.clock())
        .await
        .unwrap();
    assert!(append(&store, 1, 1, &first).await.unwrap().duplicate);
    assert_eq!(held(&store, Tier::Raw).await.rows, 5);
    assert_eq!(held(&store, Tier::Minute).await.rows, 5);
    store.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gap_that_the_agent_declares_is_accepted() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(config(folder.path())).await.unwrap();
    let rows = tick("n1", 0, 1);
    let frame = |sequence, oldest| Append {
        agent: wire::AgentId::from_bytes([9; 16]),
        table: pod(),
        sequence,
        oldest,
        encoding: wire::Encoding::Zstd,
        body: wire::encode(std::slice::from_ref(&rows), wire::Encoding::Zstd)
            .unwrap()
            .into(),
        batches: vec![rows.clone()],
    };
    assert_eq!(
        store.append(frame(7, Some(5))).await,
        Err(AppendError::OutOfOrder { expected: 5 })
    );
    assert_eq!(store.append(frame(5, Some(5))).await.unwrap().rows, 1);
    store.shutdown().await;
    assert_eq!(
        store.append(frame(6, Some(5))).await,
        Err(AppendError::Closed)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn one_process_has_the_folder() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(config(folder.path())).await.unwrap();
    assert!(matches!(
        Store::open(config(folder.path())).await,
        Err(StoreError::Locked { .. })
    ));
    store.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_refuses_rows_answers_questions_and_recovers() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(config(folder.path())).await.unwrap();
    append(&store, 1, 1, &tick("n1", 0, 5)).await.unwrap();
    store.shutdown().await;
    drop(store);
    // More is to be kept in reserve than any disk has.
    let full = store::StoreConfig {
        disk_reserve_bytes: u64::MAX / 2,
        ..config(folder.path())
    };
    let store = Store::open(full).await.unwrap();
    let refused = append(&store, 1, 2, &tick("n1", 1, 5)).await;
    assert!(
        matches!(
            refused,
            Err(AppendError::Full {
                retry_after_seconds: 10,
                ..
            })
        ),
        "{refused:?}"
    );
    assert_eq!(held(&store, Tier::Raw).await.rows, 5);
    store.shutdown().await;
    drop(store);
    let store = Store::open(config(folder.path())).await.unwrap();
    assert_eq!(
        append(&store, 1, 2, &tick("n1", 1, 5)).await.unwrap().rows,
        5
    );
    assert_eq!(held(&store, Tier::Raw).await.rows, 10);
    store.shutdown().await;
}
