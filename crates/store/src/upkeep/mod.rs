//! What happens to rows after they were accepted: flush, coarser rollups, compaction, retention, removal.
//!
//! One task does all of it, one table after another, so that no two of these steps meet.

mod compact;
mod flush;
mod remove;
mod tiers;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use catalogue::{Table, Tier};
use tokio::sync::{mpsc, oneshot};

use crate::clock::Clock;
use crate::config::StoreConfig;
use crate::error::StoreError;
use crate::live::Live;
use crate::table::Root;
use crate::wal::Wal;

/// What upkeep has done.
#[derive(Debug, Default)]
pub(crate) struct UpkeepFigures {
    pub(crate) flushes: AtomicU64,
    pub(crate) flushed_rows: AtomicU64,
    pub(crate) flush_failures: AtomicU64,
    pub(crate) flush_millis: AtomicU64,
    pub(crate) compactions: AtomicU64,
    pub(crate) compacted_files: AtomicU64,
    pub(crate) expired_files: AtomicU64,
    /// Log files written anew without the lines of namespaces that are kept less long.
    pub(crate) rewritten_files: AtomicU64,
    pub(crate) budget_files: AtomicU64,
    pub(crate) deleted_files: AtomicU64,
    pub(crate) failures: AtomicU64,
    /// When the last flush ended well, µs since the epoch.
    pub(crate) last_flush_usec: AtomicU64,
}

/// A request to the task.
pub(crate) enum Request {
    /// Flush everything that can be written; answers when it is committed.
    Flush(oneshot::Sender<Result<(), String>>),
    /// Compact, expire and delete now.
    Tend(oneshot::Sender<Result<(), String>>),
    /// Memory is nearly full.
    Hurry,
    /// Flush and end.
    Close(oneshot::Sender<()>),
}

/// The task's belongings.
pub(crate) struct Upkeep {
    pub(crate) config: StoreConfig,
    pub(crate) root: Root,
    pub(crate) wal: Arc<Wal>,
    pub(crate) tables: Arc<Tables>,
    pub(crate) clock: Clock,
    pub(crate) figures: Arc<UpkeepFigures>,
}

/// Every table in every tier it has.
#[derive(Debug)]
pub(crate) struct Tables {
    tables: Vec<Arc<Live>>,
}

impl Tables {
    pub(crate) fn new(tables: Vec<Arc<Live>>) -> Tables {
        Tables { tables }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Arc<Live>> {
        self.tables.iter()
    }

    pub(crate) fn get(&self, table: &Table, tier: Tier) -> Option<&Arc<Live>> {
        self.tables
            .iter()
            .find(|l| l.table.name == table.name && l.tier == tier)
    }
}

/// How often minutes are closed.
const CLOSE_EVERY: Duration = Duration::from_secs(5);
/// How often files are compacted, expired and deleted.
const TEND_EVERY: Duration = Duration::from_secs(600);
/// How soon a failed flush is tried again.
const RETRY: Duration = Duration::from_secs(15);

impl Upkeep {
    /// Runs until it is told to close or nobody is left to tell.
    pub(crate) async fn run(mut self, mut requests: mpsc::Receiver<Request>) {
        let mut next_flush = Instant::now() + self.config.flush_interval;
        // Soon after the start, for what an earlier process left behind.
        let mut next_tend = Instant::now() + Duration::from_secs(60);
        loop {
            let request = tokio::time::timeout(CLOSE_EVERY, requests.recv()).await;
            for live in self.tables.iter() {
                live.close_minutes(self.clock.now_usec());
            }
            match request {
                Err(_) if Instant::now() < next_flush => {}
                Err(_) | Ok(Some(Request::Hurry)) => {
                    next_flush = Instant::now()
                        + if self.flush_all().await.is_ok() {
                            self.config.flush_interval
                        } else {
                            RETRY
                        };
                }
                Ok(Some(Request::Flush(done))) => {
                    let result = self.flush_all().await;
                    next_flush = Instant::now()
                        + if result.is_ok() {
                            self.config.flush_interval
                        } else {
                            RETRY
                        };
                    let _ = done.send(result.map_err(|e| e.to_string()));
                }
                Ok(Some(Request::Tend(done))) => {
                    let _ = done.send(self.tend().await.map_err(|e| e.to_string()));
                }
                Ok(Some(Request::Close(done))) => {
                    let _ = self.flush_all().await;
                    let _ = done.send(());
                    return;
                }
                Ok(None) => return,
            }
            if Instant::now() >= next_tend {
                next_tend = Instant::now() + TEND_EVERY;
                let _ = self.tend().await;
            }
        }
    }

    /// Flushes every table, then rolls up further and lets the log go that is not needed any more.
    ///
    /// A table that fails keeps its rows in memory and in the log, and does not stop the others; the first error is
    /// returned.
    async fn flush_all(&mut self) -> Result<(), StoreError> {
        let began = Instant::now();
        let mut first_error = None;
        let tables = Arc::clone(&self.tables);
        for live in tables.iter() {
            if let Err(error) = self.flush(live).await {
                tracing::error!(table = live.name, %error, "a flush failed; its rows stay in memory and in the log");
                self.figures.flush_failures.fetch_add(1, Ordering::Relaxed);
                first_error.get_or_insert(error);
            }
        }
        for live in tables.iter().filter(|l| l.tier == Tier::Minute) {
            if let Err(error) = self.roll_up(live.table).await {
                tracing::error!(table = live.table.name, %error, "rolling up failed; it is tried again");
                self.figures.failures.fetch_add(1, Ordering::Relaxed);
                first_error.get_or_insert(error);
            }
        }
        let floor = tables.iter().map(|l| l.floor()).min().unwrap_or(0);
        let newest = self.wal.figures.last_position.load(Ordering::Relaxed);
        self.wal.trim(floor.min(newest)).await;
        self.figures
            .flush_millis
            .fetch_add(began.elapsed().as_millis() as u64, Ordering::Relaxed);
        match first_error {
            Some(error) => Err(error),
            None => {
                self.figures
                    .last_flush_usec
                    .store(self.clock.now_usec() as u64, Ordering::Relaxed);
                Ok(())
            }
        }
    }

    /// Compacts, expires, keeps the budget and deletes; the first error is returned, the rest is logged.
    async fn tend(&mut self) -> Result<(), StoreError> {
        let mut first_error = None;
        let tables = Arc::clone(&self.tables);
        for live in tables.iter() {
            for result in [
                self.compact(live).await,
                self.expire(live).await,
                self.delete_removed(live).await,
            ] {
                if let Err(error) = result {
                    tracing::warn!(table = live.name, %error, "upkeep failed; it is tried again");
                    self.figures.failures.fetch_add(1, Ordering::Relaxed);
                    first_error.get_or_insert(error);
                }
            }
        }
        if let Err(error) = self.keep_budget().await {
            tracing::warn!(%error, "the disk budget could not be kept; it is tried again");
            self.figures.failures.fetch_add(1, Ordering::Relaxed);
            first_error.get_or_insert(error);
        }
        first_error.map_or(Ok(()), Err)
    }

    fn now_ms(&self) -> i64 {
        self.clock.now_usec() / 1000
    }
}
