//! Rows in memory: those that no table file holds yet, and the newest row of each entity.

mod buffer;
mod latest;

pub(crate) use buffer::{HotBatch, HotBuffer, bytes_of, time_range};
pub(crate) use latest::Latest;
