//! What can stop a sampler. Anything that cannot be read does not: it is reported instead.

use std::path::PathBuf;

/// Why a sampler cannot start or a batch cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// A root directory is not there.
    #[error("{}: no such directory; {option} must name the host's {what}", path.display())]
    Root {
        /// The option that names it.
        option: &'static str,
        /// What it should hold.
        what: &'static str,
        /// What was given.
        path: PathBuf,
    },
    /// The node has no name.
    #[error("the node's name is empty; set it, or leave it out to take the host's")]
    NodeName,
    /// The catalogue lacks a table that a source fills.
    #[error("table {0}: not in the catalogue")]
    Table(&'static str),
    /// The catalogue lacks a column that a source fills, or has it with another type.
    #[error("table {table}: no column {column} of the type that the source fills")]
    Column {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
    },
    /// Columns did not make a batch.
    #[error("table {table}: rows do not fit the schema")]
    Batch {
        /// The table.
        table: &'static str,
        /// Arrow's reason.
        source: arrow_schema::ArrowError,
    },
    /// A helper thread could not be started.
    #[error("cannot start the thread that asks file systems for their size, or the kubelet")]
    Thread(#[source] std::io::Error),
}
