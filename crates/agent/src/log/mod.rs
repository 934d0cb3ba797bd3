//! Logs: from files that others write to entries in the spool, each exactly once.
//!
//! [`entry`] is pure: bytes of a file in, entries out. The rest reads files and keeps count: [`discover`] finds them,
//! [`follow`] knows which is which and how far each was read, [`batch`] makes rows, [`checkpoint`] is what a crash needs,
//! [`ledger`] tells what became of everything, [`journal`] reads journald, and [`run`] is the thread that does it.

mod batch;
mod checkpoint;
mod count;
mod discover;
pub(crate) mod entry;
pub(crate) mod follow;
mod host;
mod journal;
mod ledger;
pub(crate) mod run;
mod settings;
mod source;

use catalogue::Table;

pub use run::LogFigures;
pub use settings::{JournalUse, LogRulesError, LogSettings};

use crate::source::SourceError;

/// A table of the catalogue.
fn table(name: &'static str) -> Result<&'static Table, SourceError> {
    catalogue::table(name).ok_or(SourceError::Column {
        table: name,
        column: "",
    })
}
