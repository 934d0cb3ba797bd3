//! A process that dies at any moment: its folder is copied as it is and opened again.

use std::fs;
use std::path::Path;

use catalogue::Tier;
use store::Store;

use crate::rows::*;

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        // A file may go away while the folder is copied, as it may in front of a crash.
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            let _ = fs::copy(entry.path(), target);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_taken_between_any_two_steps_opens_with_every_row_once() {
    let folder = tempfile::tempdir().unwrap();
    let hands = Hands::at(START);
    let store = Store::open_with_clock(config(folder.path()), hands.clock())
        .await
        .unwrap();
    for t in 0..60i64 {
        hands.set(START + t * 10 * SECOND + SECOND);
        append(&store, 1, t as u64 + 1, &tick("n1", t, 4))
            .await
            .unwrap();
        if t % 9 == 8 {
            store.flush().await.unwrap();
        }
        if t % 5 == 4 {
            let crashed = tempfile::tempdir().unwrap();
            copy(folder.path(), crashed.path());
            let again = Store::open_with_clock(config(crashed.path()), hands.clock())
                .await
                .unwrap();
            let all = expected(0..t + 1, 4);
            assert_eq!(held(&again, Tier::Raw).await, all, "raw after tick {t}");
            let minutes = held(&again, Tier::Minute).await;
            assert_eq!(
                (minutes.cpu, minutes.samples, minutes.memory),
                (all.cpu, all.samples, all.memory),
                "after tick {t}"
            );
            // And it goes on from there.
            append(&again, 1, t as u64 + 2, &tick("n1", t + 1, 4))
                .await
                .unwrap();
            hands.set(START + 7200 * SECOND);
            again.flush().await.unwrap();
            let all = expected(0..t + 2, 4);
            for tier in Tier::ALL {
                let held = held(&again, tier).await;
                assert_eq!(
                    (held.cpu, held.samples, held.memory),
                    (all.cpu, all.samples, all.memory),
                    "{tier:?} {t}"
                );
            }
            again.shutdown().await;
            hands.set(START + t * 10 * SECOND + SECOND);
        }
    }
    store.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_between_commits_of_two_tables_repeats_nothing() {
    // The raw table is committed, the minute table is not: as if the process died between the two.
    let folder = tempfile::tempdir().unwrap();
    let hands = Hands::at(START);
    let store = Store::open_with_clock(config(folder.path()), hands.clock())
        .await
        .unwrap();
    for t in 0..30 {
        append(&store, 1, t as u64 + 1, &tick("n1", t, 4))
            .await
            .unwrap();
    }
    let before = tempfile::tempdir().unwrap();
    copy(folder.path(), before.path());
    hands.set(START + 600 * SECOND);
    store.flush().await.unwrap();
    store.shutdown().await;
    let all = expected(0..30, 4);
    for (raw, minute) in [(true, false), (false, true), (true, true)] {
        let mixed = tempfile::tempdir().unwrap();
        copy(before.path(), mixed.path());
        for (name, take) in [("pod", raw), ("pod_1m", minute)] {
            if take {
                fs::remove_dir_all(mixed.path().join("tables").join(name)).unwrap();
                copy(
                    &folder.path().join("tables").join(name),
                    &mixed.path().join("tables").join(name),
                );
            }
        }
        let again = Store::open_with_clock(config(mixed.path()), hands.clock())
            .await
            .unwrap();
        again.flush().await.unwrap();
        for tier in Tier::ALL {
            let held = held(&again, tier).await;
            assert_eq!(
                (held.cpu, held.samples, held.memory),
                (all.cpu, all.samples, all.memory),
                "{tier:?} {raw} {minute}"
            );
        }
        again.shutdown().await;
    }
}
