//! When a cgroup began, and the receipt in its last row.

use super::measure::Cgroup;
use super::rows::{ColumnId, Rows};
use crate::source::SourceError;

/// What a receipt says besides the totals of the last reading.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Receipt {
    /// From the start to the end, in microseconds.
    pub(crate) lifetime: Option<u64>,
    /// The highest memory usage that was read.
    pub(crate) highest_usage: Option<u64>,
}

/// The columns of a lifetime.
#[derive(Debug)]
pub(crate) struct Lifetime {
    started: ColumnId,
    exited: ColumnId,
    length: ColumnId,
    peak: ColumnId,
    totals: [(ColumnId, Cgroup); 11],
}

impl Lifetime {
    /// Finds the columns, which the pod and container tables have.
    pub(crate) fn resolve(rows: &Rows) -> Result<Lifetime, SourceError> {
        Ok(Lifetime {
            started: rows.column("started_time")?,
            exited: rows.column("exited")?,
            length: rows.column("lifetime_usec")?,
            peak: rows.column("lifetime_memory_peak_bytes")?,
            totals: [
                (rows.column("lifetime_cpu_usage_usec")?, Cgroup::CpuUsage),
                (rows.column("lifetime_cpu_user_usec")?, Cgroup::CpuUser),
                (rows.column("lifetime_cpu_system_usec")?, Cgroup::CpuSystem),
                (
                    rows.column("lifetime_cpu_throttled_usec")?,
                    Cgroup::CpuThrottled,
                ),
                (
                    rows.column("lifetime_memory_major_page_faults")?,
                    Cgroup::MemoryMajorPageFaults,
                ),
                (
                    rows.column("lifetime_memory_limit_hits")?,
                    Cgroup::MemoryLimitHits,
                ),
                (rows.column("lifetime_oom_kills")?, Cgroup::MemoryOomKills),
                (rows.column("lifetime_io_read_bytes")?, Cgroup::IoReadBytes),
                (
                    rows.column("lifetime_io_write_bytes")?,
                    Cgroup::IoWriteBytes,
                ),
                (rows.column("lifetime_io_reads")?, Cgroup::IoReads),
                (rows.column("lifetime_io_writes")?, Cgroup::IoWrites),
            ],
        })
    }

    /// Sets when the cgroup was made.
    pub(crate) fn started(&self, rows: &mut Rows, time: Option<i64>) {
        rows.time(self.started, time);
    }

    /// Sets the receipt. Counters of a cgroup begin at zero with it, so its last reading holds the totals of its life.
    pub(crate) fn receipt(
        &self,
        rows: &mut Rows,
        last: &super::measure::CgroupReading,
        receipt: Receipt,
    ) {
        rows.flag(self.exited, Some(true));
        rows.integer(self.length, receipt.lifetime);
        rows.integer(
            self.peak,
            last.get(Cgroup::MemoryPeak).max(receipt.highest_usage),
        );
        for (column, measure) in self.totals {
            rows.integer(column, last.get(measure));
        }
    }
}
