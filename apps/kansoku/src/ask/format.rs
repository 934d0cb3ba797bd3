//! How an answer that is one document is shown.

use clap::ValueEnum;

/// For whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Table,
    /// The server's JSON
    Json,
}
