//! What can be wrong with a frame.

use crate::id::{BadAgentId, Sequence};

/// Which of the protocol's refusals a [`DecodeError`] is; the server turns it into a status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// The bytes are not what they say they are: HTTP 400.
    Malformed,
    /// More bytes or rows than are taken at once: HTTP 413.
    TooLarge,
    /// A readable stream whose columns or values do not fit the table: HTTP 422.
    Unfit,
}

/// Why headers do not make an [`crate::Envelope`]. All of them are HTTP 400.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EnvelopeError {
    /// A header that must be there is not.
    #[error("the header {header} is missing")]
    Missing {
        /// Its name.
        header: &'static str,
    },
    /// The agent's id is not a UUID.
    #[error("the header kansoku-agent: {0}")]
    Agent(#[from] BadAgentId),
    /// A number that is not one.
    #[error("the header {header} is {found:?}: write a whole number from 1 on")]
    Number {
        /// Its name.
        header: &'static str,
        /// What it says.
        found: String,
    },
    /// The oldest frame is said to be newer than the one sent.
    #[error("the header kansoku-oldest is {oldest}, above the frame's own number {sequence}")]
    Order {
        /// What `Kansoku-Oldest` says.
        oldest: Sequence,
        /// What `Kansoku-Sequence` says.
        sequence: Sequence,
    },
    /// The body is said to be something else.
    #[error("the header content-type is {found:?}: send application/vnd.apache.arrow.stream")]
    MediaType {
        /// What it says.
        found: String,
    },
    /// The body is compressed in a way that is not read here.
    #[error("the header content-encoding is {found:?}: send zstd, or none")]
    Encoding {
        /// What it says.
        found: String,
    },
}

/// Why a body is refused. Rows are counted from 0 through all batches of the frame.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum DecodeError {
    /// A bound of [`crate::Limits`] is passed.
    #[error("the frame for table {table} has more than {limit} {what}: send less at once")]
    TooLarge {
        /// The table.
        table: &'static str,
        /// What there is too much of.
        what: &'static str,
        /// The bound.
        limit: u64,
    },
    /// The bytes are not an Arrow IPC stream, or not one that is read here.
    #[error("the body for table {table} cannot be read: {reason}")]
    Malformed {
        /// The table.
        table: &'static str,
        /// What the reader stumbled over.
        reason: String,
    },
    /// A column that the table does not have, from a sender that does not say it has a newer schema.
    #[error("table {table} has no column {column:?}")]
    UnknownColumn {
        /// The table.
        table: &'static str,
        /// The column.
        column: String,
    },
    /// A column that comes twice.
    #[error("column {column:?} of table {table} comes twice")]
    DuplicateColumn {
        /// The table.
        table: &'static str,
        /// The column.
        column: String,
    },
    /// A column of another type that is not turned into the table's without loss.
    #[error("column {column} of table {table} is {found}, which is not turned into {expected}")]
    WrongType {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// The type sent.
        found: String,
        /// The catalogue's type.
        expected: String,
    },
    /// A row without a time, or no column `time` at all.
    #[error("row {row} of table {table} has no time")]
    NoTime {
        /// The table.
        table: &'static str,
        /// The row.
        row: usize,
    },
    /// A time before the year 2000, or too far ahead of the server's clock.
    #[error(
        "row {row} of table {table} has the time {seconds} s since 1970, {fault}: set the sender's clock"
    )]
    Time {
        /// The table.
        table: &'static str,
        /// The row.
        row: usize,
        /// The time sent, in seconds since 1970-01-01T00:00:00Z.
        seconds: i64,
        /// What is wrong with it.
        fault: &'static str,
    },
    /// A count, a number of bytes or of microseconds below zero.
    #[error("row {row}, column {column} of table {table} is {value}, and must not be below zero")]
    Negative {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// The row.
        row: usize,
        /// The value sent.
        value: f64,
    },
    /// A value that the column's type cannot hold.
    #[error(
        "row {row}, column {column} of table {table} holds {value}, which does not fit {expected}"
    )]
    Range {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// The row.
        row: usize,
        /// The value sent.
        value: String,
        /// The catalogue's type.
        expected: String,
    },
}

impl DecodeError {
    /// Which refusal of the protocol it is.
    pub fn refusal(&self) -> Refusal {
        match self {
            DecodeError::TooLarge { .. } => Refusal::TooLarge,
            DecodeError::Malformed { .. } => Refusal::Malformed,
            _ => Refusal::Unfit,
        }
    }
}
