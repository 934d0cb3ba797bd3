//! DataFusion, set up for our tables: no files, no URLs, no spilling, a memory pool for each question.

use std::sync::Arc;

use datafusion::common::Result;
use datafusion::execution::SessionStateDefaults;
use datafusion::execution::disk_manager::{DiskManagerBuilder, DiskManagerMode};
use datafusion::execution::memory_pool::{GreedyMemoryPool, TrackConsumersPool};
use datafusion::execution::runtime_env::{RuntimeEnv, RuntimeEnvBuilder};
use datafusion::execution::session_state::{SessionState, SessionStateBuilder};
use datafusion::prelude::{SessionConfig, SessionContext};

use crate::error::QueryError;
use crate::fault;
use crate::limits::Limits;
use crate::logs;
use crate::sql::FORBIDDEN_FUNCTIONS;

/// The catalog and the schema that tables are in when a name does not say.
pub(crate) const CATALOG: &str = "kansoku";
pub(crate) const SCHEMA: &str = "public";

/// Makes the context of each question from one prepared state.
#[derive(Debug)]
pub(crate) struct Sessions {
    state: SessionState,
    runtime: RuntimeEnv,
    memory: usize,
}

impl Sessions {
    pub(crate) fn new(limits: &Limits) -> Result<Self, QueryError> {
        Self::build(limits).map_err(|e| fault::internal(&e))
    }

    fn build(limits: &Limits) -> Result<Self> {
        let runtime = RuntimeEnvBuilder::new()
            .with_disk_manager_builder(
                DiskManagerBuilder::default().with_mode(DiskManagerMode::Disabled),
            )
            .build()?;
        let mut functions = SessionStateDefaults::default_scalar_functions();
        functions.retain(|f| !FORBIDDEN_FUNCTIONS.contains(&f.name()));
        functions.extend(logs::functions());
        let state = SessionStateBuilder::new()
            .with_config(config(limits))
            .with_expr_planners(SessionStateDefaults::default_expr_planners())
            .with_scalar_functions(functions)
            .with_aggregate_functions(SessionStateDefaults::default_aggregate_functions())
            .with_window_functions(SessionStateDefaults::default_window_functions())
            .with_table_function_list(SessionStateDefaults::default_table_functions())
            .build();
        Ok(Sessions {
            state,
            runtime,
            memory: limits.memory,
        })
    }

    /// A context with a memory pool of its own and an empty list of catalogs, in which operators hand on so many rows
    /// at once.
    pub(crate) fn context(&self, rows_at_once: usize) -> Result<SessionContext> {
        // The greedy pool: nothing here spills, so there is nobody to be fair to. The tracker names in the error
        // which operator took the memory.
        let few = std::num::NonZeroUsize::MIN;
        let pool = TrackConsumersPool::new(GreedyMemoryPool::new(self.memory), few);
        let runtime = RuntimeEnvBuilder::from_runtime_env(&self.runtime)
            .with_memory_pool(Arc::new(pool))
            .build_arc()?;
        let config = self.state.config().clone().with_batch_size(rows_at_once);
        let state = SessionStateBuilder::new_from_existing(self.state.clone())
            .with_config(config)
            .with_catalog_list(Arc::new(
                datafusion::catalog::MemoryCatalogProviderList::new(),
            ))
            .with_runtime_env(runtime)
            .build();
        Ok(SessionContext::new_with_state(state))
    }
}

fn config(limits: &Limits) -> SessionConfig {
    let mut config = SessionConfig::new()
        .with_create_default_catalog_and_schema(false)
        .with_default_catalog_and_schema(CATALOG, SCHEMA)
        .with_information_schema(true)
        .with_target_partitions(limits.threads.max(1));
    let options = config.options_mut();
    // Rows are sorted by entity and questions name entities: decoding only what a filter leaves is what makes them
    // cheap (measured: a quarter of the CPU time for one pod's hour).
    options.execution.parquet.pushdown_filters = true;
    options.execution.parquet.reorder_filters = true;
    // A question gets a place on the page; errors must be able to point at it.
    options.sql_parser.collect_spans = true;
    config
}
