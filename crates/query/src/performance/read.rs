//! The rows of a minute.

use catalogue::{Table, Tier};
use datafusion::common::ScalarValue;
use datafusion::datasource::provider_as_source;
use datafusion::logical_expr::{Expr, LogicalPlanBuilder, ident, lit};
use datafusion::prelude::SessionContext;

use super::MinuteRows;
use crate::error::QueryError;
use crate::execute;
use crate::fault;
use crate::metrics::grid::MINUTE;
use crate::tables::Tables;

/// Reads the one-minute rows of some tables that are of the minute beginning then.
pub(super) async fn minute(
    time: i64,
    needed: &[&'static Table],
    tables: &dyn Tables,
    context: &SessionContext,
) -> Result<MinuteRows, QueryError> {
    let mut minute = MinuteRows {
        time,
        ..MinuteRows::default()
    };
    let at = |micros: i64| -> Expr {
        lit(ScalarValue::TimestampMicrosecond(
            Some(micros),
            Some("UTC".into()),
        ))
    };
    for table in needed {
        let source = provider_as_source(tables.provider(table, Tier::Minute));
        let of_minute = ident("time")
            .gt_eq(at(time))
            .and(ident("time").lt(at(time + MINUTE)));
        let plan = LogicalPlanBuilder::scan(table.name_in(Tier::Minute), source, None)
            .and_then(|scan| scan.filter(of_minute))
            .and_then(LogicalPlanBuilder::build)
            .map_err(|e| fault::internal(&e))?;
        let rows = execute::collect(&plan, context).await?;
        minute.rows.insert(table.name, rows);
    }
    Ok(minute)
}
