//! What the threads know of each other: figures, and the last report on the sources.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::schedule::ScheduleFigures;
use crate::source::SourcesReport;

/// Figures of reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TickFigures {
    /// Of the schedule.
    pub schedule: ScheduleFigures,
    /// The interval that is asked for.
    pub wanted_interval: Duration,
    /// The interval now; longer when reading costs more than it may.
    pub interval: Duration,
    /// Times that the interval was stretched.
    pub stretches: u64,
    /// Rows read.
    pub rows: u64,
    /// Batches that could not be made frames, which is a fault of the agent.
    pub not_encoded: u64,
    /// The last tick's time, in microseconds since 1970.
    pub last_tick_usec: Option<i64>,
    /// When the last tick was done.
    pub last_tick_at: Option<Instant>,
    /// CPU time of reading in the last tick, in microseconds.
    pub read_cpu_usec: u64,
    /// Time of reading in the last tick, in microseconds.
    pub read_usec: u64,
    /// CPU time of the last tick with encoding and writing, in microseconds.
    pub tick_cpu_usec: u64,
    /// Time of the last tick with encoding and writing, in microseconds.
    pub tick_usec: u64,
    /// CPU time of all ticks, in microseconds.
    pub tick_cpu_sum_usec: u64,
    /// Time of all ticks, in microseconds.
    pub tick_sum_usec: u64,
}

/// Shared by the threads of an agent.
#[derive(Debug, Default)]
pub(crate) struct State {
    ticks: Mutex<TickFigures>,
    sources: Mutex<Option<SourcesReport>>,
}

impl State {
    pub(crate) fn ticks(&self) -> MutexGuard<'_, TickFigures> {
        self.ticks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn sources(&self) -> MutexGuard<'_, Option<SourcesReport>> {
        self.sources.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn set_sources(&self, report: SourcesReport) {
        *self.sources() = Some(report);
    }
}
