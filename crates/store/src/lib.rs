//! Keeps rows: a write-ahead log, memory that queries see at once, Delta tables, rollups, retention.
//!
//! A row's way through this crate: [`Store::append`] → `wal` (durable) → `hot` and `rollup` (visible) → `table`
//! (sorted Parquet, one Delta commit with the position) → `upkeep` (coarser tiers, compaction, retention).
//! `scan` is how a DataFusion plan reads it back.

mod append;
mod clock;
mod config;
mod error;
mod hot;
mod index;
mod live;
mod logs;
mod rollup;
mod scan;
mod status;
mod store;
mod subscription;
mod table;
pub mod tokens;
mod upkeep;
mod wal;

pub use append::{Append, AppendError, Appended};
pub use clock::Clock;
pub use config::StoreConfig;
pub use error::StoreError;
pub use live::TableStatus;
pub use logs::{NamespaceUsage, RetentionRule};
pub use status::{LogIndexStatus, StoreStatus, WalStatus};
pub use store::{ReplayFigures, Store};
pub use subscription::{LogEvent, LogSubscription};
