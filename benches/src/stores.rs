//! Stores in temporary folders, at a time of day that a bench sets.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use arrow::array::RecordBatch;
use bytes::Bytes;
use catalogue::{Table, Tier};
use query::Query;
use store::{Append, Clock, Store, StoreConfig};
use tokio::runtime::Runtime;

use crate::bench::Failure;

/// A frame as an agent sends it.
#[derive(Debug, Clone)]
pub(crate) struct Frame {
    pub(crate) agent: u16,
    pub(crate) table: &'static Table,
    pub(crate) sequence: u64,
    /// The time of its newest row.
    pub(crate) newest_usec: i64,
    pub(crate) body: Bytes,
}

/// A store with its clock.
#[derive(Debug)]
pub(crate) struct TimedStore {
    pub(crate) store: Arc<Store>,
    now: Arc<AtomicI64>,
}

/// Longer than any bench's rows go back.
const KEPT: Duration = Duration::from_secs(400 * 86_400);

/// Threads for requests, as the server has.
pub(crate) fn runtime() -> Result<Runtime, Failure> {
    Ok(tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?)
}

impl TimedStore {
    /// Opens a store in a folder at a time. It keeps as much in memory as it is given: a bench flushes when it says so.
    pub(crate) async fn open(folder: &Path, now_usec: i64) -> Result<TimedStore, Failure> {
        let now = Arc::new(AtomicI64::new(now_usec));
        let hands = Arc::clone(&now);
        let clock = Clock::from_fn(move || hands.load(Ordering::Relaxed));
        let config = StoreConfig::in_folder(folder).ok_or("the temporary folder has no URL")?;
        let config = StoreConfig {
            hot_bytes: 32 << 30,
            flush_interval: Duration::from_secs(86_400),
            retention: [KEPT; 4],
            ..config
        };
        // A store that was just let go frees the folder when the last question over it has ended.
        let patience = Instant::now() + Duration::from_secs(5);
        loop {
            match Store::open_with_clock(config.clone(), clock.clone()).await {
                Ok(store) => {
                    return Ok(TimedStore {
                        store: Arc::new(store),
                        now,
                    });
                }
                Err(store::StoreError::Locked { .. }) if Instant::now() < patience => {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
                Err(error) => return Err(error.into()),
            }
        }
    }

    pub(crate) fn now(&self) -> i64 {
        self.now.load(Ordering::Relaxed)
    }

    /// Time goes on to that moment, if it is not later already.
    pub(crate) fn advance(&self, usec: i64) {
        self.now.fetch_max(usec, Ordering::Relaxed);
    }

    pub(crate) fn query(&self) -> Result<Query, Failure> {
        let tables: Arc<dyn query::Tables> = Arc::clone(&self.store) as _;
        Ok(Query::new(tables, query::Limits::default())?)
    }

    /// What a server does with a frame, at the moment of its newest row; how long the store took from being called to
    /// the answer.
    pub(crate) async fn receive(&self, frame: Frame) -> Result<Duration, Failure> {
        self.advance(frame.newest_usec);
        let encoding = wire::Encoding::Zstd;
        let limits = wire::Limits::default();
        let rows = wire::decode(frame.table, encoding, &frame.body, &limits, self.now())?;
        let began = Instant::now();
        let stored = self
            .store
            .append(Append {
                agent: agent_id(frame.agent),
                table: frame.table,
                sequence: frame.sequence,
                oldest: None,
                encoding,
                body: frame.body,
                batches: rows.batches,
            })
            .await?;
        let took = began.elapsed();
        if stored.rows != rows.rows as u64 {
            return Err(format!("{} of {} rows were stored", stored.rows, rows.rows).into());
        }
        Ok(took)
    }

    /// Writes what is in memory to tables.
    pub(crate) async fn flush(&self) -> Result<(), Failure> {
        Ok(self.store.flush().await?)
    }

    /// Compacts.
    pub(crate) async fn tend(&self) -> Result<(), Failure> {
        Ok(self.store.tend().await?)
    }

    /// A counter of the store's own metrics.
    pub(crate) fn counter(&self, name: &str) -> u64 {
        let text = self.store.metrics_text();
        let name = format!("kansoku_store_{name} ");
        let value = text.lines().find_map(|line| line.strip_prefix(&name));
        value.and_then(|v| v.trim().parse().ok()).unwrap_or(0)
    }

    /// What a table holds in a tier.
    pub(crate) fn held(&self, table: &Table, tier: Tier) -> Option<store::TableStatus> {
        let name = table.name_in(tier);
        let status = self.store.status();
        status.tables.into_iter().find(|t| t.name == name)
    }
}

/// Number `at` of the simulated agents.
pub(crate) fn agent_id(at: u16) -> wire::AgentId {
    let mut bytes = [0xa5; 16];
    bytes[..2].copy_from_slice(&at.to_be_bytes());
    wire::AgentId::from_bytes(bytes)
}

/// Makes an agent's frames for one table, numbered.
#[derive(Debug)]
pub(crate) struct Sender {
    agent: u16,
    table: &'static Table,
    sequence: u64,
    encoder: wire::Encoder,
}

impl Sender {
    pub(crate) fn new(agent: usize, table: &'static Table) -> Result<Sender, Failure> {
        Ok(Sender {
            agent: u16::try_from(agent)?,
            table,
            sequence: 0,
            encoder: wire::Encoder::new(wire::Encoding::Zstd, wire::Encoder::DEFAULT_LEVEL)?,
        })
    }

    pub(crate) fn frame(&mut self, batch: &RecordBatch) -> Result<Frame, Failure> {
        use arrow::array::AsArray;
        use arrow::datatypes::TimestampMicrosecondType;
        self.sequence += 1;
        let mut body = Vec::new();
        self.encoder
            .encode(std::slice::from_ref(batch), &mut body)?;
        let times = batch
            .column(0)
            .as_primitive_opt::<TimestampMicrosecondType>();
        Ok(Frame {
            agent: self.agent,
            table: self.table,
            sequence: self.sequence,
            newest_usec: times
                .and_then(arrow::compute::max)
                .ok_or("a frame without rows")?,
            body: body.into(),
        })
    }
}

/// Asks for one whole number.
pub(crate) async fn number(query: &Query, sql: &str) -> Result<u64, Failure> {
    use arrow::array::AsArray;
    use arrow::datatypes::Int64Type;
    let rows = query.sql_rows(query::SqlRequest::new(sql)).await?;
    let value = rows
        .batches
        .first()
        .and_then(|b| b.column(0).as_primitive_opt::<Int64Type>())
        .filter(|values| values.len() == 1)
        .map(|values| values.value(0).unsigned_abs());
    Ok(value.ok_or_else(|| format!("'{sql}' gave no number"))?)
}

/// Fails with words when an answer is not what the data are.
pub(crate) fn same(what: &str, found: u64, expected: u64) -> Result<(), Failure> {
    if found == expected {
        return Ok(());
    }
    Err(format!("{what}: {found}, but {expected} were sent").into())
}
