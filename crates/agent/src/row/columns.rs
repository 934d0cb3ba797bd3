//! Catalogue columns that are resolved once and filled each tick.

use catalogue::{ColumnType, Temporality};

use super::increase::{Baseline, increase};
use super::measure::{Measure, Reading};
use super::rows::{ColumnId, Rows};
use crate::source::SourceError;

/// The columns of a table that a kind of reading fills.
#[derive(Debug)]
pub(crate) struct Columns {
    fills: Vec<Fill>,
    constants: u128,
}

#[derive(Debug, Clone, Copy)]
struct Fill {
    measure: usize,
    column: ColumnId,
    delta: bool,
}

impl Columns {
    /// Finds the table's columns for the measures that it has one for.
    pub(crate) fn resolve<M: Measure>(rows: &Rows) -> Result<Columns, SourceError> {
        let mut fills = Vec::with_capacity(M::COLUMNS.len());
        let mut constants = 0;
        for (measure, &name) in M::COLUMNS.iter().enumerate() {
            let Some(column) = rows.table().column(name) else {
                continue;
            };
            if column.kind != ColumnType::Integer {
                return Err(SourceError::Column {
                    table: rows.table().name,
                    column: name,
                });
            }
            if column.temporality == Temporality::Constant {
                constants |= 1 << measure;
            }
            let delta = column.temporality == Temporality::Delta;
            fills.push(Fill {
                measure,
                column: rows.column(name)?,
                delta,
            });
        }
        Ok(Columns { fills, constants })
    }

    /// The measures whose columns are limits and capacities, which need not be read each time.
    pub(crate) fn constants(&self) -> u128 {
        self.constants
    }

    /// Sets the columns from a reading: increases since `before` where the catalogue wants them, values elsewhere.
    /// Answers how many counters went back.
    pub(crate) fn write<M: Measure, const N: usize>(
        &self,
        rows: &mut Rows,
        now: &Reading<M, N>,
        before: Option<&Baseline<M, N>>,
    ) -> u64 {
        let mut resets = 0;
        for fill in &self.fills {
            let value = now.at(fill.measure);
            if fill.delta {
                let base = before.and_then(|b| b.reading.at(fill.measure));
                let increase = increase(value, base);
                resets += u64::from(increase.is_none() && value.is_some() && base.is_some());
                rows.integer(fill.column, increase);
            } else {
                rows.integer(fill.column, value);
            }
        }
        resets
    }
}

/// When a row was read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct When {
    /// The tick, in microseconds since 1970.
    pub(crate) tick: i64,
    /// Since the read of the row before, by the monotonic clock.
    pub(crate) interval: Option<u64>,
    /// From the tick to the read.
    pub(crate) delay: Option<u64>,
}

/// Time and place: what every row begins with.
#[derive(Debug)]
pub(crate) struct Place {
    time: ColumnId,
    interval: ColumnId,
    delay: ColumnId,
    cluster: ColumnId,
    node: ColumnId,
}

impl Place {
    /// Finds the columns, which every measurement table has.
    pub(crate) fn resolve(rows: &Rows) -> Result<Place, SourceError> {
        Ok(Place {
            time: rows.column("time")?,
            interval: rows.column("interval_usec")?,
            delay: rows.column("read_delay_usec")?,
            cluster: rows.column("cluster")?,
            node: rows.column("node")?,
        })
    }

    /// Begins a row.
    pub(crate) fn write(&self, rows: &mut Rows, when: When, cluster: Option<&str>, node: &str) {
        rows.time(self.time, Some(when.tick));
        rows.integer(self.interval, when.interval);
        rows.integer(self.delay, when.delay);
        rows.text(self.cluster, cluster);
        rows.text(self.node, Some(node));
    }
}
