//! Verdicts once a minute into the store, where SQL and alarms find what was.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use query::{Query, VerdictsRequest};
use store::Store;
use tokio::sync::mpsc::{Sender, channel};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use wire::rows::TableBatch;

use super::rows::write;

/// A minute, in microseconds.
const MINUTE: i64 = 60 * 1_000_000;
/// How long after a full minute its rows are looked at: those of the last tick have come by then.
const AFTER: i64 = 5 * 1_000_000;
/// Batches that wait for the store; when it does not take them, no further verdicts are made.
const WAITING: usize = 4;

/// What looks and writes.
pub(super) struct Verdicts {
    stop: CancellationToken,
    looking: JoinHandle<()>,
    writing: JoinHandle<()>,
}

impl Verdicts {
    pub(super) fn start(store: Arc<Store>, query: Arc<Query>) -> Verdicts {
        let stop = CancellationToken::new();
        let (sender, rows) = channel(WAITING);
        Verdicts {
            looking: tokio::spawn(look(query, sender, stop.clone())),
            writing: tokio::spawn(write("verdicts", store, rows)),
            stop,
        }
    }

    /// Ends it; what was found is written.
    pub(super) async fn stop(self) {
        self.stop.cancel();
        for task in [self.looking, self.writing] {
            if let Err(error) = task.await {
                tracing::error!(%error, "verdicts were not written in order");
            }
        }
    }
}

/// Once a minute, until it is to stop.
async fn look(query: Arc<Query>, rows: Sender<TableBatch>, stop: CancellationToken) {
    loop {
        let wait = until_next(now());
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = stop.cancelled() => return,
        }
        let at = now();
        let found = tokio::select! {
            found = batch(&query, at) => found,
            () = stop.cancelled() => return,
        };
        let Some(batch) = found else { continue };
        tokio::select! {
            sent = rows.send(batch) => if sent.is_err() { return },
            () = stop.cancelled() => return,
        }
    }
}

async fn batch(query: &Query, at: i64) -> Option<TableBatch> {
    // Clusters are written however they are.
    let all = VerdictsRequest {
        all: true,
        ..VerdictsRequest::default()
    };
    let answer = match query.verdicts(&all, at).await {
        Ok(answer) => answer,
        Err(error) => {
            tracing::warn!(%error, "no verdicts in this minute");
            return None;
        }
    };
    match answer.rows(at.div_euclid(MINUTE) * MINUTE) {
        Ok(batch) => batch,
        Err(error) => {
            tracing::error!(%error, "verdicts of this minute were lost");
            None
        }
    }
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| {
        i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
    })
}

/// How long it is to the next look.
fn until_next(now: i64) -> Duration {
    let next = (now - AFTER).div_euclid(MINUTE) * MINUTE + MINUTE + AFTER;
    Duration::from_micros(u64::try_from(next - now).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_looked_once_a_minute_a_little_after_the_full_one() {
        let until = |now: i64| i64::try_from(until_next(now).as_micros()).unwrap();
        let minute = 1000 * MINUTE;
        assert_eq!(until(minute), AFTER);
        assert_eq!(until(minute + AFTER), MINUTE);
        assert_eq!(until(minute + AFTER + 1), MINUTE - 1);
        assert_eq!(until(minute - 1), AFTER + 1);
    }
}
