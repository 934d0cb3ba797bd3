//! How many rows of measurements each namespace has.

use std::collections::BTreeMap;

use catalogue::tables::{CONTAINER, OBJECT, POD, VOLUME};
use catalogue::{Table, Tier};

use crate::ask::{Ask, each};
use crate::error::QueryError;
use crate::moment::rfc3339_nanos;
use crate::tables::Tables;

/// Tables whose rows are of namespaces, or of none.
const TABLES: [&Table; 4] = [&POD, &CONTAINER, &VOLUME, &OBJECT];
const HOUR: i64 = 3600 * 1_000_000;
/// Hourly rows younger than this may still be written.
const SETTLED: i64 = 2 * HOUR;

/// Counts the raw rows that are kept at `now` (microseconds of the epoch); what is in no namespace at `None`.
///
/// A big cluster has a hundred million of them. So those of hours that are over are read off hourly rows, which say how many
/// rows went into them; of the hour in which the oldest raw rows are, those that retention took away are counted too.
pub(crate) async fn count(
    ask: &impl Ask,
    tables: &dyn Tables,
    now: i64,
) -> Result<BTreeMap<Option<String>, u64>, QueryError> {
    let parts: Vec<String> = TABLES
        .iter()
        .flat_map(|table| statements(table, tables, now))
        .collect();
    let mut found = BTreeMap::new();
    if parts.is_empty() {
        return Ok(found);
    }
    let sql = format!(
        "SELECT namespace, sum(rows) AS rows FROM ({}) GROUP BY namespace",
        parts.join(" UNION ALL ")
    );
    each(&ask.ask(sql).await?, |columns, row| {
        let name = columns.text("namespace", row).map(str::to_owned);
        let rows = u64::try_from(columns.integer("rows", row).unwrap_or(0));
        *found.entry(name).or_default() += rows.unwrap_or(0);
    });
    Ok(found)
}

/// Statements whose rows are numbers of a table's rows.
fn statements(table: &'static Table, tables: &dyn Tables, now: i64) -> Vec<String> {
    let Some((oldest, _)) = tables.range(table, Tier::Raw) else {
        return Vec::new();
    };
    let floor = |time: i64| time.div_euclid(HOUR) * HOUR;
    let by_hour = tables.range(table, Tier::Hour);
    let until = by_hour.map(|(_, newest)| (floor(newest) + HOUR).min(floor(now - SETTLED)));
    let name = table.name;
    let time = |at: i64| format!("TIMESTAMP '{}'", rfc3339_nanos(at));
    let (from, until) = (floor(oldest), until.unwrap_or(i64::MIN));
    let mut statements = Vec::new();
    let rest = match until > from {
        true => {
            statements.push(format!(
                "SELECT namespace, sum(samples) AS rows FROM {name}_1h WHERE time >= {} AND time < {} GROUP BY namespace",
                time(from),
                time(until)
            ));
            format!("WHERE time >= {}", time(until))
        }
        false => String::new(),
    };
    statements.push(format!(
        "SELECT namespace, count(*) AS rows FROM {name} {rest} GROUP BY namespace"
    ));
    statements
}
