//! One-minute rows as raw rows arrive.
//!
//! A minute stays open until it is over and a little longer, for agents that are late; then its rows become a batch.
//! Rows that come later still open the minute anew, and are written as a second part of it.
//!
//! What makes it exact across a crash: a flush writes, of all rows at or before position P, those whose minute is
//! closed (at or before M) or far in the future (after M + [`OPEN_MINUTES`]). Replay leaves out exactly these, and the
//! log is kept from the first row of the oldest minute that is still open.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{AsArray, RecordBatch};
use arrow::datatypes::TimestampMicrosecondType;
use arrow::error::ArrowError;

use super::{Accumulator, Plan};
use crate::hot::HotBatch;

const MINUTE_USEC: i64 = 60_000_000;
/// How long after its end a minute stays open, µs.
const GRACE_USEC: i64 = 20_000_000;
/// How many minutes after the last closed one can be open across a flush.
const OPEN_MINUTES: i64 = 3;

/// How far a rollup table is written: what replay may leave out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Written {
    /// The position up to which rows were considered.
    pub(crate) position: u64,
    /// The last closed minute, minutes since the epoch.
    pub(crate) minute: i64,
}

impl Written {
    fn covers(&self, position: u64, minute: i64) -> bool {
        position <= self.position && (minute <= self.minute || minute > self.minute + OPEN_MINUTES)
    }
}

/// Rows to be written, and how far the table is written with them.
#[derive(Debug)]
pub(crate) struct Sealed {
    pub(crate) batches: Vec<Arc<HotBatch>>,
    pub(crate) written: Written,
}

#[derive(Debug)]
struct Open {
    rows: Accumulator,
    first_position: u64,
}

/// The minutes of one table.
#[derive(Debug)]
pub(crate) struct Minutes {
    plan: Arc<Plan>,
    open: BTreeMap<i64, Open>,
    closed: Vec<Arc<HotBatch>>,
    /// The last closed minute.
    closed_minute: i64,
    last_position: u64,
    /// How far the table was written at the start: what a replay leaves out.
    written: Option<Written>,
    floor: u64,
    sealed_floor: Option<u64>,
}

impl Minutes {
    pub(crate) fn new(table: &catalogue::Table, written: Option<Written>) -> Minutes {
        Minutes {
            plan: Arc::new(Plan::from_raw(table)),
            open: BTreeMap::new(),
            closed: Vec::new(),
            closed_minute: written.map_or(i64::MIN / 2, |w| w.minute),
            last_position: written.map_or(0, |w| w.position),
            written,
            floor: 0,
            sealed_floor: None,
        }
    }

    /// Adds raw rows.
    pub(crate) fn add(&mut self, position: u64, batch: &RecordBatch) {
        self.last_position = self.last_position.max(position);
        let Some(times) = batch
            .column(self.plan.time)
            .as_primitive_opt::<TimestampMicrosecondType>()
        else {
            return;
        };
        let minute_of = |row: usize| times.value(row).div_euclid(MINUTE_USEC);
        let mut minutes: Vec<i64> = (0..batch.num_rows()).map(minute_of).collect();
        minutes.sort_unstable();
        minutes.dedup();
        let one = minutes.len() == 1;
        for minute in minutes {
            if self.written.is_some_and(|w| w.covers(position, minute)) {
                continue;
            }
            let plan = &self.plan;
            let open = self.open.entry(minute).or_insert_with(|| Open {
                rows: Accumulator::new(Arc::clone(plan)),
                first_position: position,
            });
            if one {
                open.rows.add(batch, None);
            } else {
                let wanted: Vec<bool> = (0..batch.num_rows())
                    .map(|row| minute_of(row) == minute)
                    .collect();
                open.rows.add(batch, Some(&wanted));
            }
        }
    }

    /// Closes what is over at `now_usec`.
    pub(crate) fn close(&mut self, now_usec: i64) {
        let through = (now_usec - GRACE_USEC).div_euclid(MINUTE_USEC) - 1;
        if through <= self.closed_minute {
            return;
        }
        self.closed_minute = through;
        self.finish(|minute| minute <= through);
    }

    fn finish(&mut self, which: impl Fn(i64) -> bool) {
        let minutes: Vec<i64> = self.open.keys().copied().filter(|m| which(*m)).collect();
        for minute in minutes {
            let Some(open) = self.open.remove(&minute) else {
                continue;
            };
            match open.rows.rows(None) {
                Ok(batch) => self.closed.extend(HotBatch::new(batch).map(Arc::new)),
                Err(error) => {
                    tracing::error!(%error, minute, "the rows of a minute could not be built")
                }
            }
        }
    }

    /// Takes out everything that a flush now may write.
    pub(crate) fn seal(&mut self, now_usec: i64) -> Sealed {
        self.close(now_usec);
        let closed = self.closed_minute;
        self.finish(|minute| minute <= closed || minute > closed + OPEN_MINUTES);
        let open = self.open.values().map(|o| o.first_position - 1).min();
        self.sealed_floor = Some(open.unwrap_or(self.last_position));
        let written = Written {
            position: self.last_position,
            minute: closed,
        };
        Sealed {
            batches: std::mem::take(&mut self.closed),
            written,
        }
    }

    /// Puts back what could not be written.
    pub(crate) fn unseal(&mut self, mut batches: Vec<Arc<HotBatch>>) {
        self.sealed_floor = None;
        batches.append(&mut self.closed);
        self.closed = batches;
    }

    /// Notes that what was sealed is committed.
    pub(crate) fn flushed(&mut self) {
        if let Some(floor) = self.sealed_floor.take() {
            self.floor = floor;
        }
    }

    /// The position up to which every row is in a file; rows of minutes that were open at the last flush are not.
    pub(crate) fn floor(&self) -> u64 {
        self.floor
    }

    /// Whether every row that was added is written.
    pub(crate) fn is_empty(&self) -> bool {
        self.open.is_empty() && self.closed.is_empty()
    }

    /// Closed minutes that no flush has taken.
    pub(crate) fn closed(&self) -> &[Arc<HotBatch>] {
        &self.closed
    }

    /// The rows so far of open minutes that touch a span of time.
    pub(crate) fn open_rows(
        &self,
        span_usec: (i64, i64),
        projection: Option<&[usize]>,
    ) -> Result<Vec<RecordBatch>, ArrowError> {
        let touched = |minute: i64| {
            let start = minute.saturating_mul(MINUTE_USEC);
            start <= span_usec.1 && start.saturating_add(MINUTE_USEC) > span_usec.0
        };
        self.open
            .iter()
            .filter(|(m, _)| touched(**m))
            .map(|(_, o)| o.rows.rows(projection))
            .collect()
    }

    /// Rows in memory.
    pub(crate) fn rows_held(&self) -> usize {
        self.closed
            .iter()
            .map(|b| b.batch.num_rows())
            .sum::<usize>()
            + self.open.values().map(|o| o.rows.groups()).sum::<usize>()
    }

    /// The least and greatest row time in memory, µs.
    pub(crate) fn range(&self) -> Option<(i64, i64)> {
        let open = self
            .open
            .iter()
            .filter(|(_, o)| !o.rows.is_empty())
            .map(|(m, _)| (m * MINUTE_USEC, m * MINUTE_USEC));
        self.closed
            .iter()
            .map(|b| b.times)
            .chain(open)
            .reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
    }
}
