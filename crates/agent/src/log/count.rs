//! What is counted of a log, in the order of the ledger's columns.

/// A count of one log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Count {
    /// Bytes that its files grew by.
    Written,
    /// Bytes that were read.
    Read,
    /// Bytes passed over on purpose.
    Skipped,
    /// Bytes that were gone before they were read.
    Lost,
    /// Entries made.
    Entries,
    /// Entries left out by a rule: none, since a log that is left out is not read at all.
    #[expect(dead_code, reason = "it is a column of the ledger")]
    Excluded,
    /// Entries left out by the rate limit.
    Limited,
    /// Entries that the server would not take.
    Refused,
    /// Entries put into frames of the spool.
    Spooled,
    /// Entries that the server has.
    Acknowledged,
    /// Entries whose end was cut off.
    Truncated,
    /// Entries with bytes that were no UTF-8.
    Invalid,
    /// Entries that were not in the runtime's format.
    Malformed,
    /// Entries in which something was masked.
    Redacted,
}

/// How many counts there are.
pub(crate) const COUNTS: usize = 14;

/// Columns of `log_ledger`, in the order of [`Count`].
pub(crate) const COLUMNS: [&str; COUNTS] = [
    "log_written_bytes",
    "log_read_bytes",
    "log_skipped_bytes",
    "log_lost_bytes",
    "log_entries",
    "log_excluded_entries",
    "log_limited_entries",
    "log_refused_entries",
    "log_spooled_entries",
    "log_acknowledged_entries",
    "log_truncated_entries",
    "log_invalid_entries",
    "log_malformed_entries",
    "log_redacted_entries",
];

/// Counts of one log since the agent first saw it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Totals(pub(crate) [u64; COUNTS]);

impl Totals {
    /// One of them.
    pub(crate) fn get(&self, count: Count) -> u64 {
        self.0[count as usize]
    }

    /// Adds to one.
    pub(crate) fn add(&mut self, count: Count, more: u64) {
        let total = &mut self.0[count as usize];
        *total = total.saturating_add(more);
    }

    /// Entries on disk that the server has not answered for.
    pub(crate) fn waiting(&self) -> u64 {
        self.get(Count::Spooled)
            .saturating_sub(self.get(Count::Acknowledged))
            .saturating_sub(self.get(Count::Refused))
    }
}
