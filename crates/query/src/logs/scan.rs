//! One pass over the lines of a span that fit.

use std::fmt;
use std::sync::Arc;

use arrow::array::RecordBatch;
use catalogue::Tier;
use catalogue::tables::LOG;
use datafusion::common::ScalarValue;
use datafusion::datasource::provider_as_source;
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder, ident, lit};
use datafusion::physical_plan::{ExecutionPlan, execute_stream};
use datafusion::prelude::SessionContext;
use futures::TryStreamExt;

use crate::error::QueryError;
use crate::fault;
use crate::tables::Tables;

/// Reads lines of one question.
#[derive(Clone, Copy)]
pub(crate) struct Scanner<'a> {
    pub(crate) tables: &'a dyn Tables,
    pub(crate) context: &'a SessionContext,
    /// All of these are true of a line that is given.
    pub(crate) conditions: &'a [Expr],
}

impl fmt::Debug for Scanner<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scanner")
            .field("conditions", &self.conditions)
            .finish_non_exhaustive()
    }
}

impl Scanner<'_> {
    /// Gives the columns of every line in a span (its end left out) that fits, in no order, and answers how many rows
    /// were looked at.
    pub(crate) async fn read(
        &self,
        (start, end): (i64, i64),
        columns: &[&str],
        mut each: impl FnMut(&RecordBatch) -> Result<(), QueryError>,
    ) -> Result<u64, QueryError> {
        let plan = self
            .plan((start, end), columns)
            .map_err(|e| fault::internal(&e))?;
        let physical = self
            .context
            .state()
            .create_physical_plan(&plan)
            .await
            .map_err(|e| fault::running(&e))?;
        let mut batches = execute_stream(Arc::clone(&physical), self.context.task_ctx())
            .map_err(|e| fault::running(&e))?;
        while let Some(batch) = batches.try_next().await.map_err(|e| fault::running(&e))? {
            if batch.num_rows() > 0 {
                each(&batch)?;
            }
        }
        Ok(looked_at(physical.as_ref()))
    }

    fn plan(
        &self,
        (start, end): (i64, i64),
        columns: &[&str],
    ) -> datafusion::common::Result<LogicalPlan> {
        let source = provider_as_source(self.tables.provider(&LOG, Tier::Raw));
        let in_span = ident("time")
            .gt_eq(time(start))
            .and(ident("time").lt(time(end)));
        let all = self.conditions.iter().cloned().fold(in_span, Expr::and);
        LogicalPlanBuilder::scan(LOG.name, source, None)?
            .filter(all)?
            .project(columns.iter().map(|name| ident(*name)))?
            .build()
    }
}

/// Microseconds of the epoch as a literal.
pub(crate) fn time(micros: i64) -> Expr {
    lit(ScalarValue::TimestampMicrosecond(
        Some(micros),
        Some("UTC".into()),
    ))
}

/// Rows that the leaves of a plan looked at. A file's leaf counts what its filters let through and what they did not;
/// one in memory gives all that it has.
pub(crate) fn looked_at(plan: &dyn ExecutionPlan) -> u64 {
    let children = plan.children();
    if !children.is_empty() {
        return children
            .into_iter()
            .map(|child| looked_at(child.as_ref()))
            .sum();
    }
    let Some(metrics) = plan.metrics() else {
        return 0;
    };
    let named = |name: &str| {
        metrics
            .sum_by_name(name)
            .map_or(0, |value| value.as_usize())
    };
    let filtered = named("pushdown_rows_pruned") + named("pushdown_rows_matched");
    let given = metrics.output_rows().unwrap_or(0);
    filtered.max(given) as u64
}
