//! Rows in files: Parquet under a Delta log, one table for each table of the catalogue and tier.

mod extras;
mod file;
pub(crate) mod footer;
mod log;
mod namespaces;
mod properties;
mod recent;
mod root;
mod schema;
mod sink;
mod sort;
mod write;

pub(crate) use file::LiveFile;
pub(crate) use log::{Commit, DeltaLog, TXN_MINUTE, TXN_SOURCE, TXN_WAL};
pub(crate) use namespaces::{NamespaceRows, Tally, longest, rows_at_once};
pub(crate) use properties::Stage;
pub(crate) use root::Root;
pub(crate) use sort::{SortedLog, sort_rows};
pub(crate) use write::{FileWriter, is_log, write_days, write_log_days};
