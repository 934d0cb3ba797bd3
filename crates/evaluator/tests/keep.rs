//! The file: what is damaged is told, and nothing begins anew by itself.
#![allow(clippy::unwrap_used)]

mod harness;

use std::fs;
use std::sync::Arc;

use alarm::State;
use evaluator::{Evaluator, FILE, KeepError, NamedActions};
use harness::{Lab, START, metric, series, settings};
use serde_json::json;

fn open(folder: &std::path::Path) -> Result<Evaluator, KeepError> {
    Evaluator::open(folder, settings(), Arc::new(NamedActions))
}

/// A file with an alarm in ALARM, another with series, a silence, deliveries; its bytes.
async fn written() -> Vec<u8> {
    let mut lab = Lab::new();
    for i in 0..20 {
        lab.put(metric(&format!("cpu-{i}")), START).await;
        lab.e()
            .set_state(&format!("cpu-{i}"), State::Alarm, "test", "", START)
            .await
            .unwrap();
    }
    lab.put(series("memory", json!({})), START).await;
    lab.e()
        .put_silence("night", json!({"comment": "x"}))
        .await
        .unwrap();
    lab.evaluator = None;
    fs::read(lab.folder().join(FILE)).unwrap()
}

#[tokio::test]
async fn everything_is_there_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(FILE), written().await).unwrap();
    let evaluator = open(folder.path()).unwrap();
    let status = evaluator.describe("cpu-3").unwrap();
    assert_eq!(
        (status.state, status.since, status.reason.as_str()),
        (State::Alarm, START, "test")
    );
    assert_eq!(evaluator.list(&Default::default()).len(), 21);
    assert_eq!(evaluator.silences()["night"], json!({"comment": "x"}));
    assert_eq!(evaluator.health().owed, 40);
}

#[tokio::test]
async fn a_damaged_file_is_told_and_left_as_it_is() {
    let good = written().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(FILE);
    let mut noise = good.clone();
    noise.fill(0x5a);
    let damaged = [
        ("empty", Vec::new()),
        ("cut to a half", good[..good.len() / 2].to_vec()),
        ("cut to a page", good[..4096].to_vec()),
        ("cut to ten bytes", good[..10].to_vec()),
        ("noise", noise),
        ("text", b"[[alarm]]\n".to_vec()),
    ];
    for (what, bytes) in damaged {
        fs::write(&path, &bytes).unwrap();
        let error = open(folder.path()).unwrap_err();
        assert!(
            matches!(error, KeepError::Damaged { .. }),
            "{what}: {error:?}"
        );
        let words = error.to_string();
        assert!(
            words.contains(FILE) && words.contains("Put back a copy"),
            "{words}"
        );
        assert!(fs::exists(&path).unwrap(), "{what}");
    }
}

#[tokio::test]
async fn a_page_of_noise_anywhere_is_either_told_or_hurts_nothing() {
    let good = written().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(FILE);
    let mut told = 0;
    for page in 0..good.len() / 4096 {
        let mut bytes = good.clone();
        bytes[page * 4096..(page + 1) * 4096]
            .iter_mut()
            .for_each(|byte| *byte ^= 0xa5);
        fs::write(&path, &bytes).unwrap();
        match open(folder.path()) {
            Err(error) => {
                assert!(
                    matches!(error, KeepError::Damaged { .. }),
                    "{page}: {error:?}"
                );
                told += 1;
            }
            Ok(evaluator) => {
                assert_eq!(evaluator.list(&Default::default()).len(), 21, "page {page}");
                let alarms = evaluator::Filter {
                    state: Some(State::Alarm),
                    ..Default::default()
                };
                assert_eq!(evaluator.list(&alarms).len(), 20, "page {page}");
                assert_eq!(evaluator.health().owed, 40, "page {page}");
            }
        }
    }
    assert!(told > 3, "{told} of {}", good.len() / 4096);
}

#[tokio::test]
async fn one_process_at_a_time_has_it() {
    let lab = Lab::new();
    let error = open(lab.folder()).unwrap_err();
    assert!(matches!(error, KeepError::InUse(_)), "{error:?}");
}

#[tokio::test]
async fn half_of_a_new_file_is_no_file() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(format!("{FILE}.new")), b"half").unwrap();
    assert_eq!(open(folder.path()).unwrap().list(&Default::default()), []);
}

#[tokio::test]
async fn history_is_bounded_by_number_and_age() {
    let day = 86_400 * harness::SECOND;
    let settings = evaluator::Settings {
        most_history: 10,
        history_seconds: 86_400,
        ..settings()
    };
    let lab = Lab::with(settings);
    for i in 0..15 {
        lab.put(metric(&format!("a{i}")), START).await;
    }
    let all = lab.history(Default::default()).await;
    assert_eq!((all.len(), all[0].number), (10, 6));
    lab.put(metric("late"), START + 2 * day).await;
    let all = lab.history(Default::default()).await;
    assert_eq!((all.len(), all[0].alarm.as_str()), (1, "late"));
}
