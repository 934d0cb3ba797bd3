//! One table in batches of one size.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use catalogue::{Table, Tier};
use tokio::task::JoinSet;

use crate::bench::Failure;
use crate::cost::{Cost, Meter, percentile};
use crate::load::{NodeLoad, START_USEC, Scale, measurements, tick_usec};
use crate::stores::{Frame, Sender, TimedStore, number, same};

/// What is sent.
#[derive(Debug, Clone, Copy)]
pub(super) struct Case {
    pub(super) table: &'static Table,
    /// In a batch.
    pub(super) rows: usize,
    pub(super) scale: Scale,
}

/// What came of it.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    pub(super) rows: u64,
    pub(super) measurements: u64,
    pub(super) frames: u64,
    pub(super) body_bytes: u64,
    /// Made into bodies, by the agents.
    pub(super) encoded: Cost,
    /// From bodies to durable, visible rows.
    pub(super) taken: Cost,
    /// Of that, bodies into rows: measured again alone.
    pub(super) decoded: Cost,
    pub(super) fsyncs: u64,
    pub(super) latency_p50: Duration,
    pub(super) latency_p99: Duration,
    pub(super) hot_bytes: u64,
    pub(super) log_bytes: u64,
    pub(super) replayed: Cost,
    pub(super) flushed: Cost,
}

impl Case {
    pub(super) async fn run(&self, folder: &Path) -> Result<Outcome, Failure> {
        let mut outcome = Outcome::default();
        let frames = self.frames(&mut outcome)?;
        let end = tick_usec(self.scale.ticks());

        let store = Arc::new(TimedStore::open(folder, START_USEC).await?);
        self.send(&store, &frames, &mut outcome).await?;
        store.advance(end);
        let query = store.query()?;
        self.check(&query, &outcome).await?;
        outcome.hot_bytes = store
            .held(self.table, Tier::Raw)
            .map_or(0, |t| t.hot_bytes as u64);
        outcome.log_bytes = store.store.status().wal.bytes;
        self.decode(&frames, end, &mut outcome)?;
        drop(frames);

        // Let go without a flush, as a crash would.
        drop((query, store));
        let meter = Meter::start();
        let store = TimedStore::open(folder, end).await?;
        outcome.replayed = meter.stop();
        let query = store.query()?;
        self.check(&query, &outcome).await?;

        let meter = Meter::start();
        store.flush().await?;
        outcome.flushed = meter.stop();
        self.check(&query, &outcome).await?;
        drop(query);
        store.store.shutdown().await;
        Ok(outcome)
    }

    /// The bodies that each agent will send.
    fn frames(&self, outcome: &mut Outcome) -> Result<Vec<Vec<Frame>>, Failure> {
        let ticks = (self.rows / self.scale.per_node(self.table)).max(1);
        let mut all = Vec::new();
        for node in 0..self.scale.nodes {
            let mut load = NodeLoad::new(self.table, &self.scale, node);
            let mut sender = Sender::new(node, self.table)?;
            let mut frames = Vec::new();
            for _ in 0..self.scale.ticks() / ticks {
                let batch = load.batch(ticks)?;
                outcome.rows += batch.num_rows() as u64;
                outcome.measurements += measurements(self.table, &batch);
                let meter = Meter::start();
                let frame = sender.frame(&batch)?;
                outcome.encoded = outcome.encoded + meter.stop();
                outcome.frames += 1;
                outcome.body_bytes += frame.body.len() as u64;
                frames.push(frame);
            }
            all.push(frames);
        }
        Ok(all)
    }

    /// Every agent at once, each with one frame in flight.
    async fn send(
        &self,
        store: &Arc<TimedStore>,
        frames: &[Vec<Frame>],
        outcome: &mut Outcome,
    ) -> Result<(), Failure> {
        let fsyncs = store.counter("wal_fsyncs_total");
        let mut agents = JoinSet::new();
        let meter = Meter::start();
        for frames in frames {
            let (store, frames) = (Arc::clone(store), frames.clone());
            agents.spawn(async move {
                let mut latencies = Vec::with_capacity(frames.len());
                for frame in frames {
                    latencies.push(store.receive(frame).await?);
                }
                Ok::<_, Failure>(latencies)
            });
        }
        let mut latencies = Vec::new();
        while let Some(done) = agents.join_next().await {
            latencies.extend(done??);
        }
        outcome.taken = meter.stop();
        outcome.fsyncs = store.counter("wal_fsyncs_total") - fsyncs;
        outcome.latency_p50 = percentile(&latencies, 0.5);
        outcome.latency_p99 = percentile(&latencies, 0.99);
        Ok(())
    }

    fn decode(
        &self,
        frames: &[Vec<Frame>],
        now: i64,
        outcome: &mut Outcome,
    ) -> Result<(), Failure> {
        let limits = wire::Limits::default();
        let meter = Meter::start();
        for frame in frames.iter().flatten() {
            let rows = wire::decode(self.table, wire::Encoding::Zstd, &frame.body, &limits, now)?;
            std::hint::black_box(&rows);
        }
        outcome.decoded = meter.stop();
        Ok(())
    }

    /// Every row is there, and every row is in a minute.
    async fn check(&self, query: &query::Query, outcome: &Outcome) -> Result<(), Failure> {
        let name = self.table.name;
        let rows = number(query, &format!("select count(*) from {name}")).await?;
        same(&format!("rows of {name}"), rows, outcome.rows)?;
        let samples = number(query, &format!("select sum(samples) from {name}_1m")).await?;
        same(&format!("samples of {name}_1m"), samples, outcome.rows)
    }
}
