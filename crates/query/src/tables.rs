//! Where rows come from.

use std::fmt;
use std::sync::Arc;

use arrow::record_batch::RecordBatch;
use catalogue::{Table, Tier};
use datafusion::catalog::TableProvider;
use datafusion::datasource::empty::EmptyTable;
use store::LogSubscription;

/// What a question needs from whoever holds the rows. The store holds them in a server; a benchmark or a test may
/// hold them itself.
pub trait Tables: fmt::Debug + Send + Sync + 'static {
    /// The rows of a table in a tier, for a plan. Its schema is [`Table::schema_in`], and every scan of it sees one
    /// consistent state.
    fn provider(&self, table: &'static Table, tier: Tier) -> Arc<dyn TableProvider>;

    /// The newest row of each live entity of a measurement table, as raw rows.
    fn latest(&self, table: &'static Table) -> RecordBatch;

    /// Times of the oldest and the newest row that the tier holds, in microseconds of the epoch; `None` when it
    /// holds none.
    fn range(&self, table: &'static Table, tier: Tier) -> Option<(i64, i64)>;

    /// How many rows a plan should have in hand at once, in view of how long they are.
    fn rows_at_once(&self) -> usize {
        8192
    }

    /// The rows of `log` that come from now on; `None` where none come. A row is seen by scans before it is told of.
    fn subscribe_log(&self) -> Option<LogSubscription> {
        None
    }

    /// The rows of `identity` that come from now on; `None` where none come, and the table is read anew for each
    /// question. A row is seen by scans before it is told of.
    fn subscribe_identity(&self) -> Option<LogSubscription> {
        None
    }
}

/// The server's tables.
impl Tables for store::Store {
    fn provider(&self, table: &'static Table, tier: Tier) -> Arc<dyn TableProvider> {
        // A tier that the table has not holds nothing.
        store::Store::provider(self, table, tier)
            .unwrap_or_else(|| Arc::new(EmptyTable::new(table.schema_in(tier))))
    }

    fn latest(&self, table: &'static Table) -> RecordBatch {
        store::Store::latest(self, table)
    }

    fn range(&self, table: &'static Table, tier: Tier) -> Option<(i64, i64)> {
        store::Store::range(self, table, tier)
    }

    fn rows_at_once(&self) -> usize {
        store::Store::log_rows_at_once(self)
    }

    fn subscribe_log(&self) -> Option<LogSubscription> {
        Some(store::Store::subscribe_log(self))
    }

    fn subscribe_identity(&self) -> Option<LogSubscription> {
        Some(store::Store::subscribe_identity(self))
    }
}
