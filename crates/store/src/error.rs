//! What can go wrong in the store, apart from refusing rows ([`crate::AppendError`]).

use std::io;
use std::path::PathBuf;

/// An error of the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The tables' URL cannot be used.
    #[error("tables cannot be kept at {url}: {reason}")]
    Url {
        /// The URL as it was given.
        url: String,
        /// Why not.
        reason: String,
    },
    /// A folder cannot be created, read or written.
    #[error("{}: {source}", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// The system's answer.
        source: io::Error,
    },
    /// Another process has the folder.
    #[error("{} is in use by another kansoku process; stop it or choose another data folder", path.display())]
    Locked {
        /// The folder.
        path: PathBuf,
    },
    /// The Delta log of a table cannot be read or written.
    #[error("table {table}: {source}")]
    Delta {
        /// The table.
        table: String,
        /// What the library says.
        source: Box<deltalake_core::DeltaTableError>,
    },
    /// A table file cannot be read or written.
    #[error("table {table}, file {path}: {reason}")]
    File {
        /// The table.
        table: String,
        /// The file, relative to the tables' URL.
        path: String,
        /// Why.
        reason: String,
    },
    /// Rows could not be sorted, merged or rolled up.
    #[error("table {table}: {source}")]
    Rows {
        /// The table.
        table: String,
        /// What Arrow says.
        source: arrow::error::ArrowError,
    },
    /// A plan over the tables' files failed.
    #[error("table {table}: {source}")]
    Plan {
        /// The table.
        table: String,
        /// What DataFusion says.
        source: Box<datafusion::error::DataFusionError>,
    },
}
