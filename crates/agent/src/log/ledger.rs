//! Rows of `log_ledger`: what became of each log since its row before.

use arrow_array::RecordBatch;

use super::count::{COLUMNS, COUNTS};
use super::follow::Follower;
use crate::row::{ColumnId, Rows};
use crate::source::SourceError;

/// A log that did not change has a row so often all the same, in microseconds.
const STILL_USEC: i64 = 60_000_000;

/// Makes rows.
#[derive(Debug)]
pub(crate) struct LedgerRows {
    rows: Rows,
    cluster: String,
    node: String,
    time: ColumnId,
    interval: ColumnId,
    keys: [ColumnId; 8],
    counts: [ColumnId; COUNTS],
    gauges: [ColumnId; 4],
    /// When the tick before was, by the monotonic clock.
    before: Option<u64>,
}

impl LedgerRows {
    /// Finds the columns.
    ///
    /// # Errors
    /// The catalogue has no such column.
    pub(crate) fn new(cluster: &str, node: &str) -> Result<LedgerRows, SourceError> {
        let table = super::table("log_ledger")?;
        let rows = Rows::of(table);
        let mut counts = Vec::with_capacity(COUNTS);
        for name in COLUMNS {
            counts.push(rows.column(name)?);
        }
        let counts = <[ColumnId; COUNTS]>::try_from(counts).map_err(|_| SourceError::Column {
            table: table.name,
            column: "counts",
        })?;
        Ok(LedgerRows {
            time: rows.column("time")?,
            interval: rows.column("interval_usec")?,
            keys: [
                rows.column("cluster")?,
                rows.column("node")?,
                rows.column("log_source")?,
                rows.column("namespace")?,
                rows.column("pod")?,
                rows.column("pod_uid")?,
                rows.column("container")?,
                rows.column("container_id")?,
            ],
            counts,
            gauges: [
                rows.column("log_files")?,
                rows.column("log_unread_bytes")?,
                rows.column("log_held_bytes")?,
                rows.column("log_waiting_entries")?,
            ],
            rows,
            cluster: cluster.to_owned(),
            node: node.to_owned(),
            before: None,
        })
    }

    /// The rows of a tick, if there are any. What they say is counted as reported only with the note that goes with
    /// them ([`Follower::changes`]).
    ///
    /// # Errors
    /// Arrow does not take them, which is a fault of this code.
    pub(crate) fn tick(
        &mut self,
        follower: &mut Follower,
        tick: i64,
        now: u64,
    ) -> Result<Option<RecordBatch>, SourceError> {
        let interval = self.before.map(|before| now.saturating_sub(before));
        self.before = Some(now);
        let mut ids: Vec<u32> = follower.logs.keys().copied().collect();
        ids.sort_unstable();
        for id in ids {
            let Some(log) = follower.logs.get(&id) else {
                continue;
            };
            let [files, unread, held] = follower.gauges(log);
            let gauges = [files, unread, held, log.totals.waiting()];
            let Some(log) = follower.logs.get_mut(&id) else {
                continue;
            };
            let is_still = log.totals == log.reported && gauges == log.last_gauges;
            if is_still && tick.saturating_sub(log.last_row) < STILL_USEC {
                continue;
            }
            (log.last_row, log.last_gauges) = (tick, gauges);
            self.rows.time(self.time, Some(tick));
            self.rows.integer(self.interval, interval);
            let [namespace, pod, uid, container] = log.source.columns();
            let keys = [
                Some(self.cluster.as_str()),
                Some(self.node.as_str()),
                Some(&*log.source.name),
                namespace,
                pod,
                uid,
                container,
                log.container_id.as_deref(),
            ];
            for (column, key) in self.keys.into_iter().zip(keys) {
                self.rows.text(column, key);
            }
            let both = log.totals.0.iter().zip(&log.reported.0);
            for ((total, reported), column) in both.zip(self.counts) {
                // What the server was said to have and is sent again after all is not counted twice.
                self.rows
                    .integer(column, Some(total.saturating_sub(*reported)));
            }
            for (gauge, column) in gauges.into_iter().zip(self.gauges) {
                self.rows.integer(column, Some(gauge));
            }
            self.rows.end_row();
        }
        Ok(self.rows.finish()?.map(|batch| batch.batch))
    }
}
