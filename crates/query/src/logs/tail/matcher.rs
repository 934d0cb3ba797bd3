//! Conditions, evaluated on batches that no plan has scanned.

use std::sync::Arc;

use arrow::array::{AsArray, RecordBatch};
use arrow::compute::filter_record_batch;
use catalogue::tables::LOG;
use datafusion::common::DFSchema;
use datafusion::logical_expr::Expr;
use datafusion::physical_expr::PhysicalExpr;
use datafusion::prelude::SessionContext;

use crate::error::{Code, QueryError};
use crate::fault;
use crate::logs::lines::{Key, LineRows, LogLine};

/// The conditions of a tail.
#[derive(Debug)]
pub(super) struct Matcher {
    condition: Option<Arc<dyn PhysicalExpr>>,
}

impl Matcher {
    pub(super) fn new(
        conditions: Vec<Expr>,
        context: &SessionContext,
    ) -> Result<Matcher, QueryError> {
        let Some(all) = conditions.into_iter().reduce(Expr::and) else {
            return Ok(Matcher { condition: None });
        };
        let schema = DFSchema::try_from(LOG.schema()).map_err(|e| fault::internal(&e))?;
        let condition = context
            .state()
            .create_physical_expr(all, &schema)
            .map_err(|e| fault::internal(&e))?;
        Ok(Matcher {
            condition: Some(condition),
        })
    }

    /// The lines of a batch that fit, in order.
    pub(super) fn lines(&self, batch: &RecordBatch) -> Result<Vec<(Key, LogLine)>, QueryError> {
        let fitting = match &self.condition {
            None => batch.clone(),
            Some(condition) => {
                let fits = condition
                    .evaluate(batch)
                    .and_then(|value| value.into_array(batch.num_rows()))
                    .map_err(|e| fault::running(&e))?;
                let fits = fits.as_boolean_opt().ok_or_else(|| {
                    QueryError::new(Code::Internal, "a condition is not true or false")
                })?;
                filter_record_batch(batch, fits)
                    .map_err(|e| QueryError::new(Code::Internal, e.to_string()))?
            }
        };
        let rows = LineRows::new(&fitting)?;
        let mut lines: Vec<(Key, LogLine)> = (0..rows.len())
            .map(|row| {
                let key = rows.key(row);
                let line = rows.line(row, &key);
                (key, line)
            })
            .collect();
        lines.sort_by(|a, b| a.0.cmp(&b.0));
        Ok(lines)
    }
}
