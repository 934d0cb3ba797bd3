//! What is appended, and how that can fail.

use arrow::array::RecordBatch;
use bytes::Bytes;

/// A frame of an agent, decoded and checked against the catalogue (`wire::decode`).
#[derive(Debug)]
pub struct Append {
    /// Who sent it.
    pub agent: wire::AgentId,
    /// The table that its rows belong to.
    pub table: &'static catalogue::Table,
    /// Its number among the agent's frames for that table, from 1.
    pub sequence: u64,
    /// The oldest number that the agent still has for that table; `None` when it did not say.
    pub oldest: Option<u64>,
    /// How `body` is encoded.
    pub encoding: wire::Encoding,
    /// The bytes as they came: what goes into the write-ahead log.
    pub body: Bytes,
    /// The rows of `body`, in the catalogue's schema.
    pub batches: Vec<RecordBatch>,
}

/// The rows are on disk and visible to queries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Appended {
    /// How many rows this call stored.
    pub rows: u64,
    /// The frame had been stored before.
    pub duplicate: bool,
    /// The last number that is stored of the agent and table.
    pub last: u64,
}

impl Appended {
    /// Of a frame that was stored before.
    pub(crate) fn before(last: u64) -> Appended {
        Appended {
            rows: 0,
            duplicate: true,
            last,
        }
    }
}

/// The rows are not stored.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AppendError {
    /// A frame before this one is missing and the agent still has it.
    #[error("a frame was skipped: send from sequence {expected}")]
    OutOfOrder {
        /// The sequence to send from.
        expected: u64,
    },
    /// No space, or the disk fails.
    #[error("{detail}")]
    Full {
        /// When to try again.
        retry_after_seconds: u64,
        /// What is full or failing.
        detail: String,
    },
    /// Too much at once.
    #[error("{detail}")]
    Pressure {
        /// When to try again.
        retry_after_seconds: u64,
        /// What is under pressure.
        detail: String,
    },
    /// The store is being closed.
    #[error("the store is closed")]
    Closed,
}
