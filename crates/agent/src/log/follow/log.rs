//! One log: what is counted of it, and what its entries go through.

use std::sync::Arc;

use crate::log::batch::{Batch, FileCodes, Origin};
use crate::log::count::{Count, Totals};
use crate::log::entry::{Entry, EntryRules, EntrySink, RateLimit};
use crate::log::source::Source;

/// One log.
#[derive(Debug)]
pub(crate) struct Log {
    pub(crate) source: Source,
    pub(crate) container_id: Option<Arc<str>>,
    /// Counted since the agent first saw it.
    pub(crate) totals: Totals,
    /// What the ledger's rows add up to.
    pub(crate) reported: Totals,
    /// Entries in the present batch.
    pub(crate) in_frame: u64,
    pub(crate) is_dirty: bool,
    /// Whether a note says what it is called.
    pub(crate) is_named: bool,
    pub(crate) rules: Arc<EntryRules>,
    pub(crate) limit: Option<RateLimit>,
    /// Its file instances.
    pub(crate) files: Vec<u64>,
    /// When it last had a row in the ledger, in microseconds since 1970.
    pub(crate) last_row: i64,
    /// The gauges of that row.
    pub(crate) last_gauges: [u64; 4],
    /// Since when it has no file.
    pub(crate) empty_since: Option<u64>,
}

impl Log {
    /// Adds to a count.
    pub(crate) fn count(&mut self, count: Count, more: u64) {
        if more > 0 {
            self.totals.add(count, more);
            self.is_dirty = true;
        }
    }
}

/// Takes the entries of one file into a batch.
pub(crate) struct Sink<'a> {
    pub(crate) batch: &'a mut Batch,
    pub(crate) log: &'a mut Log,
    pub(crate) codes: &'a mut FileCodes,
    pub(crate) sequence: &'a mut u64,
    pub(crate) file: &'a str,
    pub(crate) now_usec: i64,
    pub(crate) has_offset: bool,
}

impl EntrySink for Sink<'_> {
    fn entry(&mut self, entry: &Entry<'_>) {
        let log = &mut *self.log;
        let sequence = *self.sequence;
        *self.sequence += 1;
        log.count(Count::Entries, 1);
        log.count(Count::Truncated, u64::from(entry.truncated_bytes > 0));
        log.count(Count::Invalid, u64::from(entry.invalid_bytes > 0));
        log.count(Count::Malformed, u64::from(entry.malformed));
        log.count(Count::Redacted, u64::from(entry.redacted));
        let now = self.now_usec;
        if let Some(limit) = &mut log.limit
            && !limit.take(now, entry.message.len() as u64)
        {
            log.count(Count::Limited, 1);
            return;
        }
        log.count(Count::Spooled, 1);
        log.in_frame += 1;
        let origin = Origin {
            source: &log.source,
            container_id: log.container_id.as_deref(),
            file: self.file,
        };
        self.batch
            .push(self.codes, origin, entry, sequence, self.has_offset);
    }
}
