//! Names at question time: what a row's pod was called and belonged to at the row's time.
//!
//! Measurements and log lines carry a pod's uid and no more; `identity` has a row for each change of a pod. All of its
//! versions are held in an [`Index`], filled from the table when it is first needed and fed by what the store takes in,
//! so that a question looks a uid up instead of joining tables.

mod facts;
mod function;
mod index;
mod name;
mod nodes;
mod requests;

use std::fmt;
use std::sync::Arc;

use catalogue::Tier;
use catalogue::tables::IDENTITY;
use datafusion::datasource::provider_as_source;
use datafusion::logical_expr::{LogicalPlanBuilder, ident};
use datafusion::prelude::SessionContext;
use futures::TryStreamExt;
use parking_lot::RwLock;
use store::{LogEvent, LogSubscription};

pub(crate) use facts::{Facts, Requests};
pub(crate) use function::{Lookup, held, named, named_each, passes, values_of_rows};
pub(crate) use index::Index;
pub(crate) use name::{Name, uid_column};
pub(crate) use requests::{node_requests, requests};

use crate::error::QueryError;
use crate::execute;
use crate::fault;
use crate::tables::Tables;

/// The columns that are read.
const COLUMNS: [&str; 20] = [
    "time",
    "cluster",
    "namespace",
    "pod",
    "pod_uid",
    "container",
    "node",
    "deleted",
    "owner_kind",
    "owner_name",
    "workload_kind",
    "workload",
    "service",
    "services",
    "labels",
    "annotations",
    "qos_class",
    "priority_class",
    "service_account",
    "cpu_request_cores",
];
const MEMORY_REQUEST: &str = "memory_request_bytes";

/// The names that are known, kept up with the store.
#[derive(Default)]
pub(crate) struct Names {
    /// Held while rows are taken in, so that this is done once.
    feed: tokio::sync::Mutex<Option<LogSubscription>>,
    index: RwLock<Arc<Index>>,
}

impl fmt::Debug for Names {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Names")
    }
}

impl Names {
    /// What is known without reading anything.
    pub(crate) fn known(&self) -> Arc<Index> {
        Arc::clone(&self.index.read())
    }

    /// What is known now: every row that the store had acknowledged when this was called is in it.
    pub(crate) async fn current(
        &self,
        tables: &dyn Tables,
        context: &SessionContext,
    ) -> Result<Arc<Index>, QueryError> {
        let mut feed = self.feed.lock().await;
        let Some(subscription) = feed.as_mut() else {
            // Told of before the table is read: what comes meanwhile is taken twice rather than never.
            let subscription = tables.subscribe_identity();
            let index = load(tables, context).await?;
            *feed = subscription;
            *self.index.write() = Arc::clone(&index);
            return Ok(index);
        };
        let mut rows = Vec::new();
        while let Some(event) = subscription.take() {
            match event {
                LogEvent::Rows(batch) => rows.push(batch),
                LogEvent::Missed(missed) => {
                    tracing::debug!(missed, "rows of identity passed by: all are read anew");
                    *feed = tables.subscribe_identity();
                    let index = load(tables, context).await?;
                    *self.index.write() = Arc::clone(&index);
                    return Ok(index);
                }
            }
        }
        if rows.is_empty() {
            return Ok(self.known());
        }
        // Questions that run keep what they began with.
        let mut index = self.known().as_ref().clone();
        for batch in &rows {
            index.add(batch);
        }
        let index = Arc::new(index);
        *self.index.write() = Arc::clone(&index);
        Ok(index)
    }
}

/// Reads the whole table.
async fn load(tables: &dyn Tables, context: &SessionContext) -> Result<Arc<Index>, QueryError> {
    let source = provider_as_source(tables.provider(&IDENTITY, Tier::Raw));
    let columns = COLUMNS.iter().chain([&MEMORY_REQUEST]);
    let plan = LogicalPlanBuilder::scan(IDENTITY.name, source, None)
        .and_then(|scan| scan.project(columns.map(|name| ident(*name))))
        .and_then(LogicalPlanBuilder::build)
        .map_err(|e| fault::internal(&e))?;
    let mut batches = execute::stream(&plan, context).await?;
    let mut index = Index::default();
    while let Some(batch) = batches.try_next().await.map_err(|e| fault::running(&e))? {
        index.add(&batch);
    }
    Ok(Arc::new(index))
}
