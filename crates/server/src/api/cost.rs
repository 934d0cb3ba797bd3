//! `GET /api/cost`: what is kept, by table and namespace, and what CloudWatch would charge for the same.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Query as Parameters, State};
use cost::{Estimate, Mode, estimate};
use serde::{Deserialize, Serialize};
use store::{NamespaceUsage, StoreStatus, TableStatus};

use super::time::{now_usec, rfc3339_micros};
use crate::problem::{Code, Problem};
use crate::state::Shared;

const DAY_USEC: f64 = 86_400e6;
/// Rows of less time say little about a day.
const LEAST_USEC: f64 = 600e6;

/// What may be asked.
#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Question {
    hours: u32,
    region: String,
    mode: String,
    free_tier: bool,
}

impl Default for Question {
    fn default() -> Question {
        Question {
            hours: 24,
            region: "us-east-1".to_owned(),
            mode: Mode::default().to_string(),
            free_tier: false,
        }
    }
}

/// The answer.
#[derive(Debug, Serialize)]
pub(crate) struct Cost {
    time: String,
    window_hours: f64,
    tables: Vec<Table>,
    namespaces: Vec<Namespace>,
    disk: Disk,
    /// Null while there are no rows.
    cloudwatch: Option<Estimate>,
}

#[derive(Debug, Serialize)]
struct Table {
    table: String,
    rows: u64,
    bytes_on_disk: u64,
    bytes_in_memory: u64,
    files: usize,
    oldest: Option<String>,
    newest: Option<String>,
    retention_seconds: u64,
    growth_bytes_per_day: Option<f64>,
}

/// One namespace; null: hosts.
#[derive(Debug, Default, Serialize)]
struct Namespace {
    namespace: Option<String>,
    log_rows: u64,
    log_bytes_in: u64,
    log_bytes_on_disk: u64,
    log_growth_bytes_per_day: Option<f64>,
    metric_rows: u64,
    retention_seconds: Option<u64>,
}

#[derive(Debug, Serialize)]
struct Disk {
    used_bytes: u64,
    budget_bytes: Option<u64>,
}

pub(crate) async fn get(
    State(state): State<Shared>,
    Parameters(question): Parameters<Question>,
) -> Result<Json<Cost>, Problem> {
    let mode: Mode = question.mode.parse().map_err(|error: cost::UnknownMode| {
        Problem::new(Code::InvalidRequest, error.to_string())
    })?;
    let ready = state.ready()?;
    let now = now_usec();
    let status = ready.store.status();
    let logs = ready.store.log_usage();
    let prices = &state.settings().prices;
    let cloudwatch = match ready.query.cloudwatch_usage(question.hours, now).await? {
        None => None,
        Some(mut usage) => {
            usage.retention_days = mean_retention_days(&logs, &status);
            usage.free_tier = question.free_tier;
            let estimate = estimate(prices, &question.region, mode, &usage)
                .map_err(|error| Problem::new(Code::InvalidRequest, error.to_string()))?;
            Some(estimate)
        }
    };
    Ok(Json(Cost {
        time: rfc3339_micros(now),
        window_hours: cloudwatch
            .as_ref()
            .map_or(f64::from(question.hours), |estimate| estimate.window_hours),
        namespaces: namespaces(logs, ready.query.rows_by_namespace(now).await?),
        disk: disk(&status),
        tables: status.tables.into_iter().map(table).collect(),
        cloudwatch,
    }))
}

fn table(status: TableStatus) -> Table {
    Table {
        growth_bytes_per_day: growth(status.bytes, status.oldest_usec.zip(status.newest_usec)),
        table: status.name,
        rows: status.rows + status.hot_rows as u64,
        bytes_on_disk: status.bytes,
        bytes_in_memory: status.hot_bytes as u64,
        files: status.files,
        oldest: status.oldest_usec.map(rfc3339_micros),
        newest: status.newest_usec.map(rfc3339_micros),
        retention_seconds: status.retention_seconds,
    }
}

/// Bytes a day, from what the rows of a span take.
fn growth(bytes: u64, span: Option<(i64, i64)>) -> Option<f64> {
    let (oldest, newest) = span?;
    let length = newest.saturating_sub(oldest) as f64;
    (length >= LEAST_USEC && bytes > 0).then(|| bytes as f64 * DAY_USEC / length)
}

fn disk(status: &StoreStatus) -> Disk {
    let tables: u64 = status.tables.iter().map(|table| table.bytes).sum();
    Disk {
        used_bytes: tables + status.wal.bytes,
        budget_bytes: status.disk_budget_bytes,
    }
}

/// How long lines are kept, weighed by their bytes.
fn mean_retention_days(logs: &[NamespaceUsage], status: &StoreStatus) -> f64 {
    let bytes: f64 = logs.iter().map(|of| of.message_bytes as f64).sum();
    let weighed: f64 = logs
        .iter()
        .map(|of| of.message_bytes as f64 * of.retention_seconds as f64)
        .sum();
    let general = status.tables.iter().find(|table| table.name == "log");
    let seconds = if bytes > 0.0 {
        weighed / bytes
    } else {
        general.map_or(0.0, |table| table.retention_seconds as f64)
    };
    seconds / 86_400.0
}

fn namespaces(
    logs: Vec<NamespaceUsage>,
    metric_rows: BTreeMap<Option<String>, u64>,
) -> Vec<Namespace> {
    let mut all: BTreeMap<Option<String>, Namespace> = BTreeMap::new();
    for usage in logs {
        let namespace = Namespace {
            namespace: usage.namespace.clone(),
            log_rows: usage.rows + usage.hot_rows,
            log_bytes_in: usage.message_bytes,
            log_bytes_on_disk: usage.stored_bytes,
            log_growth_bytes_per_day: growth(
                usage.stored_bytes,
                Some((usage.oldest_usec, usage.newest_usec)),
            ),
            metric_rows: 0,
            retention_seconds: Some(usage.retention_seconds),
        };
        all.insert(usage.namespace, namespace);
    }
    for (name, rows) in metric_rows {
        let namespace = all.entry(name.clone()).or_default();
        namespace.namespace = name;
        namespace.metric_rows = rows;
    }
    all.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn growth_is_by_the_time_that_rows_cover() {
        let hour = 3_600_000_000;
        assert_eq!(growth(100, Some((0, hour))), Some(2400.0));
        assert_eq!(growth(100, Some((0, 1_000_000))), None);
        assert_eq!(growth(0, Some((0, hour))), None);
        assert_eq!(growth(100, None), None);
    }

    #[test]
    fn a_namespace_has_its_lines_and_its_rows() {
        let logs = vec![NamespaceUsage {
            namespace: Some("shop".to_owned()),
            rows: 5,
            hot_rows: 2,
            message_bytes: 70,
            stored_bytes: 10,
            oldest_usec: 0,
            newest_usec: 86_400_000_000,
            retention_seconds: 60,
        }];
        let rows = BTreeMap::from([(None, 3), (Some("shop".to_owned()), 4)]);
        let all = namespaces(logs, rows);
        assert_eq!((all[0].namespace.as_deref(), all[0].metric_rows), (None, 3));
        let shop = &all[1];
        assert_eq!((shop.log_rows, shop.metric_rows), (7, 4));
        assert_eq!(shop.log_growth_bytes_per_day, Some(10.0));
    }
}
