//! Running a plan, with its faults in our words.

use arrow::array::RecordBatch;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::logical_expr::LogicalPlan;
use datafusion::physical_plan::execute_stream;
use datafusion::prelude::SessionContext;
use futures::TryStreamExt;

use crate::error::QueryError;
use crate::fault;

/// The rows of a plan as they come; faults of the stream are still DataFusion's.
pub(crate) async fn stream(
    plan: &LogicalPlan,
    context: &SessionContext,
) -> Result<SendableRecordBatchStream, QueryError> {
    let physical = context
        .state()
        .create_physical_plan(plan)
        .await
        .map_err(|e| fault::running(&e))?;
    execute_stream(physical, context.task_ctx()).map_err(|e| fault::running(&e))
}

/// All rows of a plan.
pub(crate) async fn collect(
    plan: &LogicalPlan,
    context: &SessionContext,
) -> Result<Vec<RecordBatch>, QueryError> {
    let batches = stream(plan, context).await?;
    batches.try_collect().await.map_err(|e| fault::running(&e))
}
