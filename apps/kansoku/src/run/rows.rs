//! Rows that this process makes itself, on their way into the store.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use store::{Append, AppendError, Store};
use tokio::sync::mpsc::Receiver;
use wire::rows::TableBatch;
use wire::{AgentId, Encoding};

/// Puts rows into the store, each batch until it is there. `about` says in messages what they are about.
pub(super) async fn write(about: &'static str, store: Arc<Store>, mut rows: Receiver<TableBatch>) {
    // An id for each start, as an agent has that lost its spool: numbers begin at 1, and nothing is ever sent twice.
    let agent = AgentId::random();
    let mut sequences: HashMap<&str, u64> = HashMap::new();
    while let Some(TableBatch { table, batch }) = rows.recv().await {
        let encoded = tokio::task::spawn_blocking(move || {
            let batches = vec![batch];
            wire::encode(&batches, Encoding::Zstd).map(|body| (Bytes::from(body), batches))
        });
        let (body, batches) = match encoded.await {
            Ok(Ok(encoded)) => encoded,
            Ok(Err(error)) => {
                tracing::error!(table = table.name, %error, "rows about {about} were lost");
                continue;
            }
            Err(error) => {
                tracing::error!(%error, "no more rows about {about} are written");
                return;
            }
        };
        let sequence = sequences.entry(table.name).or_insert(0);
        *sequence += 1;
        loop {
            let append = Append {
                agent,
                table,
                sequence: *sequence,
                oldest: Some(*sequence),
                encoding: Encoding::Zstd,
                body: body.clone(),
                batches: batches.clone(),
            };
            match store.append(append).await {
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
                    tracing::warn!(table = table.name, %detail, "rows about {about} wait");
                    tokio::time::sleep(Duration::from_secs(retry_after_seconds.max(1))).await;
                }
                Err(AppendError::OutOfOrder { expected }) => *sequence = expected,
                Err(AppendError::Closed) => return,
            }
        }
    }
}
