//! A full disk: what cannot be written is kept, said, and tried again; nobody is told of it before.
#![allow(clippy::unwrap_used)]

mod harness;
mod small_disk;

use std::sync::Arc;

use alarm::State::Alarm;
use evaluator::{Evaluator, ManageError, NamedActions};
use harness::{Lab, START, metric_with, settings};
use serde_json::json;
use small_disk::SmallDisk;

#[tokio::test]
async fn what_cannot_be_written_is_kept_said_and_tried_again() {
    let Some(disk) = SmallDisk::mount(1) else {
        return;
    };
    let mut lab = Lab::new();
    let open = || Evaluator::open(disk.path(), settings(), Arc::new(NamedActions)).unwrap();
    lab.evaluator = Some(open());
    for i in 0..20 {
        let ignore = json!({"TreatMissingData": "ignore"});
        lab.put(metric_with(&format!("cpu-{i}"), ignore), START)
            .await;
    }
    disk.fill();
    let mut last = Ok(());
    for i in 0..20 {
        last = lab
            .e()
            .set_state(&format!("cpu-{i}"), Alarm, &"why ".repeat(200), "", START)
            .await;
        if last.is_err() {
            break;
        }
    }
    assert!(matches!(last, Err(ManageError::NotOnDisk(_))), "{last:?}");
    let words = lab.e().health().not_on_disk.unwrap();
    assert!(words.contains("has space"), "{words}");
    for i in 0..20 {
        lab.e()
            .set_state(&format!("cpu-{i}"), Alarm, "why", "", START)
            .await
            .ok();
    }
    let on_disk = lab.e().health().owed;
    assert_eq!(on_disk, 40, "in memory all of them");
    assert!(lab.round(START).await.not_on_disk.is_some());
    lab.deliver(START).await;
    assert!(
        lab.receivers.told.lock().is_empty(),
        "an attempt that is not on disk is not made"
    );

    disk.relieve();
    assert!(
        lab.round(START + harness::SECOND)
            .await
            .not_on_disk
            .is_none()
    );
    assert_eq!(lab.e().health().not_on_disk, None);
    lab.deliver(START + 10 * harness::SECOND).await;
    assert_eq!(lab.receivers.told.lock().len(), 40);
    lab.evaluator = None;
    lab.evaluator = Some(open());
    let alarms = evaluator::Filter {
        state: Some(Alarm),
        ..Default::default()
    };
    assert_eq!(lab.e().list(&alarms).len(), 20);
    assert_eq!(lab.e().health().owed, 0);
    lab.evaluator = None;
}
