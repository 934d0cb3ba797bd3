//! History of alarms on its way into table `alarm_history`.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use arrow::array::RecordBatch;
use bytes::Bytes;
use catalogue::tables::ALARM_HISTORY;
use evaluator::{Evaluator, HistoryItem};
use store::{Append, AppendError, Store};
use tokio::sync::watch;
use wire::rows::{RowError, Rows};
use wire::{AgentId, Encoding};

/// Items that are taken at once.
const AT_ONCE: usize = 1000;
/// How long to wait when the store or the file does not take or give any.
const AGAIN: Duration = Duration::from_secs(5);
/// The file with the id under which items are numbered in the store. It is beside the items' own file: when that is removed
/// and numbers begin anew, so does the id.
const ID_FILE: &str = "history-id";

/// The id, made when there is none.
///
/// # Errors
/// The file cannot be read or written.
pub(super) fn id(folder: &Path) -> std::io::Result<AgentId> {
    let path = folder.join(ID_FILE);
    match std::fs::read_to_string(&path) {
        Ok(text) => text.trim().parse().map_err(|_| {
            let message = format!(
                "{}: '{}' is no UUID; remove it",
                path.display(),
                text.trim()
            );
            std::io::Error::other(message)
        }),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let id = AgentId::random();
            std::fs::write(&path, id.to_string())?;
            Ok(id)
        }
        Err(error) => Err(error),
    }
}

/// Hands items over as they come, each once: an item's number is its frame's, so one that is handed over again after a crash
/// is known.
pub(super) async fn hand_over(
    evaluator: Evaluator,
    store: Arc<Store>,
    id: AgentId,
    mut stop: watch::Receiver<bool>,
) {
    let mut changes = evaluator.changes();
    while !*stop.borrow() {
        changes.mark_unchanged();
        let wait = match evaluator.history_to_hand(AT_ONCE).await {
            Ok(items) if items.is_empty() => None,
            Ok(items) => match hand(&evaluator, &store, id, &items).await {
                Ok(()) => continue,
                Err(Closed) => return,
            },
            Err(error) => {
                tracing::warn!(%error, "history of alarms waits");
                Some(AGAIN)
            }
        };
        tokio::select! {
            _ = stop.wait_for(|stop| *stop) => return,
            () = tokio::time::sleep(wait.unwrap_or(Duration::MAX)) => {}
            changed = changes.changed(), if wait.is_none() => if changed.is_err() { return },
        }
    }
}

/// The store takes no more rows.
struct Closed;

async fn hand(
    evaluator: &Evaluator,
    store: &Store,
    id: AgentId,
    items: &[HistoryItem],
) -> Result<(), Closed> {
    for item in items {
        let frame = match Frame::of(item) {
            Ok(frame) => frame,
            Err(error) => {
                tracing::error!(%error, number = item.number, "an item of an alarm's history has no row");
                continue;
            }
        };
        loop {
            match store.append(frame.append(id, item.number)).await {
                Ok(_) => break,
                Err(
                    AppendError::Full {
                        retry_after_seconds,
                        detail,
                    }
                    | AppendError::Pressure {
                        retry_after_seconds,
                        detail,
                    },
                ) => {
                    tracing::warn!(%detail, "history of alarms waits");
                    tokio::time::sleep(Duration::from_secs(retry_after_seconds.max(1))).await;
                }
                // Every frame says that none before it will come: none is out of order.
                Err(AppendError::OutOfOrder { .. }) => break,
                Err(AppendError::Closed) => return Err(Closed),
            }
        }
    }
    if let Some(last) = items.last()
        && let Err(error) = evaluator.history_handed(last.number).await
    {
        tracing::warn!(%error, "it is not noted yet which history is in the store");
        tokio::time::sleep(AGAIN).await;
    }
    Ok(())
}

/// One row, as it is sent.
struct Frame {
    body: Bytes,
    batches: Vec<RecordBatch>,
}

impl Frame {
    fn of(item: &HistoryItem) -> Result<Frame, FrameError> {
        let mut rows = Rows::of(&ALARM_HISTORY);
        write(&mut rows, item);
        let made = rows.finish()?.ok_or(FrameError::Empty)?;
        let batches = vec![made.batch];
        Ok(Frame {
            body: Bytes::from(wire::encode(&batches, Encoding::Zstd)?),
            batches,
        })
    }

    fn append(&self, agent: AgentId, number: u64) -> Append {
        Append {
            agent,
            table: &ALARM_HISTORY,
            sequence: number,
            oldest: Some(number),
            encoding: Encoding::Zstd,
            body: self.body.clone(),
            batches: self.batches.clone(),
        }
    }
}

/// Why an item has no row.
#[derive(Debug, thiserror::Error)]
enum FrameError {
    #[error(transparent)]
    Row(#[from] RowError),
    #[error(transparent)]
    Encode(#[from] wire::EncodeError),
    #[error("it is empty")]
    Empty,
}

fn write(rows: &mut Rows, item: &HistoryItem) {
    rows.time("time", Some(item.time));
    rows.text("alarm", Some(&item.alarm));
    rows.integer("number", i64::try_from(item.number).ok());
    rows.text("item_type", Some(item.kind.as_str()));
    rows.labels(
        "labels",
        item.labels
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str())),
    );
    rows.text("from_state", item.from.map(|state| state.as_str()));
    rows.text("to_state", item.to.map(|state| state.as_str()));
    rows.text("receiver", item.data["notificationResource"].as_str());
    rows.text("summary", Some(&item.summary));
    rows.text("state_reason", item.reason.as_deref());
    rows.text(
        "data",
        Some(&item.data.to_string())
            .filter(|_| !item.data.is_null())
            .map(String::as_str),
    );
    rows.end_row();
}

#[cfg(test)]
mod tests {
    use alarm::State;
    use evaluator::HistoryItemType;
    use serde_json::json;

    use super::*;

    #[test]
    fn an_item_is_a_row_under_its_number() {
        let item = HistoryItem {
            number: 7,
            time: 60_000_000,
            alarm: "cpu".to_owned(),
            labels: [("namespace".to_owned(), "shop".to_owned())].into(),
            kind: HistoryItemType::StateUpdate,
            summary: "Alarm updated from OK to ALARM".to_owned(),
            from: Some(State::Ok),
            to: Some(State::Alarm),
            reason: Some("because".to_owned()),
            data: json!({"version": "1.0"}),
        };
        let frame = Frame::of(&item)
            .unwrap()
            .append(AgentId::random(), item.number);
        assert_eq!(
            (frame.sequence, frame.oldest, frame.table.name),
            (7, Some(7), "alarm_history")
        );
        assert_eq!(frame.batches[0].num_rows(), 1);
        assert_eq!(frame.batches[0].schema(), ALARM_HISTORY.schema());
    }

    #[test]
    fn the_id_stays_as_long_as_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        let first = id(folder.path()).unwrap();
        assert_eq!(id(folder.path()).unwrap(), first);
        std::fs::write(folder.path().join(ID_FILE), "x").unwrap();
        assert!(
            id(folder.path())
                .unwrap_err()
                .to_string()
                .contains("is no UUID")
        );
    }
}
