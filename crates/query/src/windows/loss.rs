//! What agents lost: lines by the ledgers of their logs, rows of metrics by their nodes' rows.

use catalogue::tables::{LOG_LEDGER, NODE};
use catalogue::{Temporality, nearest};

use super::Periods;
use crate::error::{Code, QueryError};
use crate::moment::rfc3339_nanos;

/// Entries that were refused, and for bytes that were gone before they were read as many as the log's mean entry makes of
/// them, at least one.
const LOST: &str = "coalesce(sum(log_refused_entries), 0) + coalesce(sum(CASE WHEN log_lost_bytes > 0 THEN \
                    greatest(1, ceil(CAST(log_lost_bytes AS DOUBLE) * log_entries / nullif(log_read_bytes, 0)), 1) END), 0)";

pub(super) fn statement(group_by: &[String], periods: &Periods) -> Result<String, QueryError> {
    for (i, name) in group_by.iter().enumerate() {
        let is_key = |column: &&catalogue::Column| {
            column.temporality == Temporality::Identity && column.name != "time"
        };
        let keys = || LOG_LEDGER.columns.iter().filter(is_key).map(|c| c.name);
        if !keys().any(|key| key == name) {
            let message = format!("log_ledger has no identity column '{name}'");
            let near = nearest(name, keys()).map(str::to_owned);
            return Err(QueryError::new(Code::UnknownColumn, message)
                .at_path(format!("group_by[{i}]"))
                .with_nearest(near.into_iter().collect()));
        }
    }
    let labels: String = group_by.iter().map(|name| format!(", {name}")).collect();
    // Rows of metrics are lost by the node's agent, of whatever they are.
    let of_node = group_by
        .iter()
        .map(|name| match NODE.key.contains(&name.as_str()) {
            true => format!(", {name}"),
            false => format!(", CAST(NULL AS VARCHAR) AS {name}"),
        });
    let of_node: String = of_node.collect();
    let time = |at: i64| format!("TIMESTAMP '{}'", rfc3339_nanos(at));
    let (start, end) = (time(periods.start), time(periods.end()));
    let seconds = periods.seconds;
    let period = format!("date_bin(INTERVAL '{seconds} seconds', time, {start}) AS time");
    let range = format!("time >= {start} AND time < {end}");
    Ok(format!(
        "SELECT time, sum(value) AS value{labels} FROM (\
         SELECT {period}, {LOST} AS value{labels} FROM log_ledger WHERE {range} GROUP BY 1{labels} \
         UNION ALL \
         SELECT {period}, CAST(agent_lost_rows AS DOUBLE) AS value{of_node} FROM node WHERE {range} AND agent_lost_rows > 0\
         ) GROUP BY 1{labels}"
    ))
}
