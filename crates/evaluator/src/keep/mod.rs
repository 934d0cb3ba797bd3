//! The file that remembers: `alarms.redb`, a database with transactions.
//!
//! ```text
//!   definitions  name                → definition as JSON, who made it, when, whether actions are switched on
//!   states       name, labels        → state, since, reason, …; of a composite alarm what holds its actions
//!   transitions  number              → transitions that receivers are owed or have had
//!   deliveries   sequence            → the outbox
//!   standing     alarm, receiver     → what a receiver that forgets is told again while it lasts
//!   history      number              → what happened
//!   silences     id                  → JSON
//!   meta         name                → counters, the format
//! ```
//!
//! [`Changes`] of a round are written in one transaction with one fsync, or not at all: a state is never on disk without
//! its transition, history item and deliveries.
//!
//! History is bounded by number, age and bytes: the oldest items go in the transaction that brings new ones. What they leave
//! is used again, and given back to the disk by [`Keep::compact`].

mod changes;
mod compact;
mod error;
mod open;
mod read;
mod tables;
mod write;

use std::path::PathBuf;

pub use changes::{Changes, Counter};
pub use compact::Compacted;
pub use error::KeepError;
pub use open::{Contents, Opened};
pub use read::HistoryQuery;

/// The name of the file in its folder.
pub const FILE: &str = "alarms.redb";

/// How much history is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HistoryBounds {
    /// Items.
    pub most: usize,
    /// Seconds.
    pub seconds: u64,
    /// Bytes of all items together.
    pub bytes: u64,
}

/// The file, open. One process at a time has it.
#[derive(Debug)]
pub struct Keep {
    path: PathBuf,
    /// `None` after a failure: the next commit opens it again.
    database: Option<redb::Database>,
    bounds: HistoryBounds,
    commits: u64,
}

impl Keep {
    /// How many transactions were written since it was opened.
    pub fn commits(&self) -> u64 {
        self.commits
    }
}
