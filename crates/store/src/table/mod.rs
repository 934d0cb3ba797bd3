//! Rows in files: Parquet under a Delta log, one table for each table of the catalogue and tier.

mod file;
mod log;
mod recent;
mod root;
mod schema;
mod write;

pub(crate) use file::LiveFile;
pub(crate) use log::{Commit, DeltaLog, TXN_MINUTE, TXN_SOURCE, TXN_WAL};
pub(crate) use root::Root;
pub(crate) use write::{FileWriter, sort_rows, write_days};
