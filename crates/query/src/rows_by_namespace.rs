//! How many rows of measurements each namespace has.

use std::collections::BTreeMap;

use crate::ask::{Ask, each};
use crate::error::QueryError;

/// Tables whose rows are of namespaces, or of none.
const TABLES: [&str; 4] = ["pod", "container", "volume", "object"];

/// Counts the raw rows that are kept; what is in no namespace at `None`.
pub(crate) async fn count(ask: &impl Ask) -> Result<BTreeMap<Option<String>, u64>, QueryError> {
    let parts = TABLES
        .map(|table| format!("SELECT namespace, count(*) AS rows FROM {table} GROUP BY namespace"));
    let sql = format!(
        "SELECT namespace, sum(rows) AS rows FROM ({}) GROUP BY namespace",
        parts.join(" UNION ALL ")
    );
    let mut found = BTreeMap::new();
    each(&ask.ask(sql).await?, |columns, row| {
        let name = columns.text("namespace", row).map(str::to_owned);
        let rows = u64::try_from(columns.integer("rows", row).unwrap_or(0));
        *found.entry(name).or_default() += rows.unwrap_or(0);
    });
    Ok(found)
}
