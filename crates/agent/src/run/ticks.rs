//! The thread that reads.

use std::ops::Range;
use std::sync::Arc;
use std::time::{Duration, Instant};

use wire::{EncodeError, Encoder};

use super::End;
use super::schedule::{Schedule, Step};
use super::state::State;
use super::throttle::Throttle;
use super::wake::{Waker, Woken};
use crate::clock::{monotonic_usec, thread_cpu_usec, wall_usec};
use crate::outbox::Outbox;
use crate::own;
use crate::row::TableBatch;
use crate::sampler::Sampler;
use crate::spool::NewFrame;

/// How often the sources are reported on.
const REPORT_INTERVAL: Duration = Duration::from_secs(60);

/// The thread's state.
pub(super) struct Ticker {
    pub(super) sampler: Sampler,
    pub(super) schedule: Schedule,
    pub(super) throttle: Throttle,
    pub(super) frames: Frames,
    pub(super) outbox: Arc<Outbox>,
    pub(super) state: Arc<State>,
    pub(super) memory_limit: Option<u64>,
    /// Lost rows of which a node's row told.
    pub(super) told_lost: u64,
    /// Ends the waits between ticks.
    pub(super) waker: Waker,
}

impl Ticker {
    /// Reads until it is told to end, or has to.
    pub(super) fn run(mut self) -> End {
        let mut cpu = thread_cpu_usec();
        let mut report_due = Instant::now();
        // How long young cgroups, whose end nobody announces, may go unread.
        let mut poll_due: Option<Instant> = None;
        self.report();
        loop {
            let wait = match self.schedule.ask(wall_usec(), monotonic_usec()) {
                Step::Tick(tick) => {
                    self.tick(tick);
                    let now = thread_cpu_usec();
                    self.judge(now.saturating_sub(cpu));
                    cpu = now;
                    if Instant::now() >= report_due {
                        report_due = Instant::now() + REPORT_INTERVAL;
                        self.report();
                    }
                    if let Some(end) = self.over_memory() {
                        return end;
                    }
                    continue;
                }
                Step::Wait(wait) => wait,
            };
            let until_poll = poll_due.map(|due| due.saturating_duration_since(Instant::now()));
            let wait_for = until_poll.map_or(wait, |until| until.min(wait));
            match self.waker.wait(self.sampler.announcements(), wait_for) {
                Woken::Stop => return End::Stopped,
                Woken::Announcement => {}
                Woken::Time if until_poll.is_some_and(|until| until <= wait) => {}
                Woken::Time => continue,
            }
            poll_due = self.sampler.poll().map(|within| Instant::now() + within);
        }
    }

    /// Reads everything, and puts the rows on disk.
    fn tick(&mut self, tick: i64) {
        let (cpu, start) = (thread_cpu_usec(), Instant::now());
        let lost = self.outbox.spool().figures().lost_rows();
        self.sampler.lost(lost.saturating_sub(self.told_lost));
        self.told_lost = lost;
        let batches = self.sampler.tick(tick);
        let read = (thread_cpu_usec(), start.elapsed());
        let rows: u64 = batches
            .iter()
            .map(|batch| batch.batch.num_rows() as u64)
            .sum();
        let (failed, appended) = self.frames.append(&self.outbox, tick, &batches);
        {
            let mut figures = self.state.ticks();
            figures.rows += rows;
            figures.last_tick_usec = Some(tick);
            figures.last_tick_at = Some(Instant::now());
            figures.read_cpu_usec = read.0.saturating_sub(cpu);
            figures.read_usec = duration_usec(read.1);
            figures.tick_cpu_usec = thread_cpu_usec().saturating_sub(cpu);
            figures.tick_usec = duration_usec(start.elapsed());
            figures.tick_cpu_sum_usec += figures.tick_cpu_usec;
            figures.tick_sum_usec += figures.tick_usec;
            figures.not_encoded += failed;
            figures.schedule = self.schedule.figures();
        }
        if let Some(fault) = appended {
            // Once in a while, so that a full disk does not fill the log.
            let failures = self.outbox.spool().figures().write_failures;
            if failures.is_power_of_two() || failures == 0 {
                tracing::warn!(%fault, failures, "rows could not be written to the spool; they wait in memory");
            }
        }
    }

    fn judge(&mut self, cpu_usec: u64) {
        let Some(change) = self.throttle.tick(cpu_usec, monotonic_usec()) else {
            return;
        };
        self.schedule.set_interval(change.interval);
        let mut figures = self.state.ticks();
        figures.interval = change.interval;
        let stretched = self.throttle.is_stretched();
        figures.stretches += u64::from(stretched);
        drop(figures);
        tracing::warn!(
            interval_seconds = change.interval.as_secs(),
            share_of_a_core = change.share,
            stretched,
            "reading costs more or less than before; the interval is changed"
        );
    }

    fn report(&mut self) {
        self.state.set_sources(self.sampler.report());
        self.outbox.ask_for_report();
    }

    fn over_memory(&self) -> Option<End> {
        let resident = own::resident_bytes()?;
        let limit = self.memory_limit.filter(|limit| resident > *limit)?;
        tracing::error!(
            resident,
            limit,
            "the agent is larger than it may be; it ends, with everything written"
        );
        Some(End::Memory { resident, limit })
    }
}

/// Makes frames of batches; its buffers stay between ticks.
pub(super) struct Frames {
    encoder: Encoder,
    bodies: Vec<u8>,
}

impl Frames {
    pub(super) fn new(level: i32) -> Result<Frames, EncodeError> {
        Ok(Frames {
            encoder: Encoder::new(wire::Encoding::Zstd, level)?,
            bodies: Vec::new(),
        })
    }

    /// Puts a tick's batches into the spool, all with one flush. Answers how many batches could not be made frames, and
    /// why not all frames are on disk.
    fn append(
        &mut self,
        outbox: &Outbox,
        tick: i64,
        batches: &[TableBatch],
    ) -> (u64, Option<std::io::Error>) {
        self.bodies.clear();
        let mut failed = 0;
        let mut placed: Vec<(&TableBatch, Range<usize>)> = Vec::with_capacity(batches.len());
        for batch in batches {
            let start = self.bodies.len();
            match self
                .encoder
                .encode(std::slice::from_ref(&batch.batch), &mut self.bodies)
            {
                Ok(()) => placed.push((batch, start..self.bodies.len())),
                Err(error) => {
                    failed += 1;
                    tracing::error!(table = batch.table.name, %error, "rows of a tick were lost");
                }
            }
        }
        let frames: Vec<NewFrame<'_>> = placed
            .into_iter()
            .map(|(batch, at)| NewFrame {
                table: batch.table,
                encoding: self.encoder.encoding(),
                rows: u32::try_from(batch.batch.num_rows()).unwrap_or(u32::MAX),
                time_usec: tick,
                body: &self.bodies[at],
                note: None,
            })
            .collect();
        (failed, outbox.append(&frames).fault)
    }
}

fn duration_usec(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}
