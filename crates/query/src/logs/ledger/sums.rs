//! Sums over a range, a row for each log.

use std::collections::BTreeMap;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{DataType, Int64Type};
use catalogue::tables::{LOG, LOG_LEDGER};
use catalogue::{Temporality, Tier};
use datafusion::common::Result;
use datafusion::functions_aggregate::expr_fn::{count, last_value, sum};
use datafusion::logical_expr::{Expr, ExprFunctionExt, cast, ident, lit};

use super::{Id, LedgerSource, Question};
use crate::error::QueryError;
use crate::logs::rows::{Labels, numbers, times};

/// What names a log, in the order of the plan's columns.
const NAMES: [&str; 7] = [
    "cluster",
    "node",
    "log_source",
    "namespace",
    "pod",
    "pod_uid",
    "container",
];

type Sources = BTreeMap<Id, LedgerSource>;

/// The place of a delta in a source.
fn delta<'s>(source: &'s mut LedgerSource, column: &str) -> Option<&'s mut i64> {
    Some(match column {
        "log_written_bytes" => &mut source.written_bytes,
        "log_read_bytes" => &mut source.read_bytes,
        "log_skipped_bytes" => &mut source.skipped_bytes,
        "log_lost_bytes" => &mut source.lost_bytes,
        "log_entries" => &mut source.entries,
        "log_excluded_entries" => &mut source.excluded,
        "log_limited_entries" => &mut source.limited,
        "log_refused_entries" => &mut source.refused,
        "log_spooled_entries" => &mut source.spooled,
        "log_acknowledged_entries" => &mut source.acknowledged,
        "log_truncated_entries" => &mut source.truncated,
        "log_invalid_entries" => &mut source.invalid,
        "log_malformed_entries" => &mut source.malformed,
        "log_redacted_entries" => &mut source.redacted,
        _ => return None,
    })
}

/// The place of a gauge in a source.
fn gauge<'s>(source: &'s mut LedgerSource, column: &str) -> Option<&'s mut i64> {
    Some(match column {
        "log_unread_bytes" => &mut source.unread_bytes,
        "log_held_bytes" => &mut source.held_bytes,
        "log_waiting_entries" => &mut source.waiting,
        _ => return None,
    })
}

/// Those columns of the ledger that a source has a place for.
fn columns(kind: Temporality) -> Vec<&'static str> {
    let mut probe = LedgerSource::default();
    LOG_LEDGER
        .columns
        .iter()
        .filter(|column| column.temporality == kind)
        .map(|column| column.name)
        .filter(|name| delta(&mut probe, name).is_some() || gauge(&mut probe, name).is_some())
        .collect()
}

/// A text column as it comes out of a plan, whatever it was.
pub(super) fn text(name: &str) -> Expr {
    cast(ident(name), DataType::Utf8).alias(name)
}

/// The sums of deltas, and the last gauges, of each log.
pub(super) async fn sums(question: &Question<'_>) -> Result<Sources> {
    let (deltas, gauges) = (columns(Temporality::Delta), columns(Temporality::Gauge));
    let mut sources = Sources::new();
    for segment in &question.segments {
        let provider = question.tables.provider(&LOG_LEDGER, segment.tier);
        let mut all: Vec<Expr> = deltas
            .iter()
            .map(|name| sum(ident(*name)).alias(*name))
            .collect();
        for name in &gauges {
            // Of rollup rows the greatest within the last of them.
            let value = match segment.tier {
                Tier::Raw => ident(*name),
                _ => ident(format!("{name}_max")),
            };
            let last = last_value(value, vec![])
                .order_by(vec![ident("time").sort(true, true)])
                .build()?;
            all.push(last.alias(*name));
        }
        let batches = question
            .context
            .read_table(provider)?
            .filter(question.condition(&LOG_LEDGER, (segment.from, segment.until)))?
            .aggregate(NAMES.iter().map(|name| text(name)).collect(), all)?
            .collect()
            .await?;
        for batch in batches {
            for row in 0..batch.num_rows() {
                let Some(id) = id(&batch, row) else { continue };
                let source = sources.entry(id.clone()).or_insert_with(|| LedgerSource {
                    log_source: id.log_source.clone(),
                    cluster: id.cluster.clone(),
                    node: id.node.clone(),
                    namespace: label(&batch, "namespace", row),
                    pod: label(&batch, "pod", row),
                    pod_uid: label(&batch, "pod_uid", row),
                    container: label(&batch, "container", row),
                    ..LedgerSource::default()
                });
                for name in &deltas {
                    if let (Some(place), Some(value)) =
                        (delta(source, name), number(&batch, name, row))
                    {
                        *place = place.saturating_add(value);
                    }
                }
                for name in &gauges {
                    // Segments come in order of time: a later one has the newer value.
                    if let (Some(place), Some(value)) =
                        (gauge(source, name), number(&batch, name, row))
                    {
                        *place = value;
                    }
                }
            }
        }
    }
    Ok(sources)
}

/// What waits now, from the newest rows, where those are of the range.
pub(super) fn waiting(
    question: &Question<'_>,
    sources: &mut Sources,
) -> std::result::Result<(), QueryError> {
    let latest = question.tables.latest(&LOG_LEDGER);
    if latest.num_rows() == 0 {
        return Ok(());
    }
    let times = times(&latest)?;
    let range = question.grid.start..question.grid.end();
    let names: Vec<_> = columns(Temporality::Gauge)
        .into_iter()
        .map(|name| numbers(&latest, name).map(|column| (name, column)))
        .collect::<std::result::Result<_, _>>()?;
    for row in (0..latest.num_rows()).filter(|row| range.contains(&times.value(*row))) {
        let Some(source) = id(&latest, row).and_then(|id| sources.get_mut(&id)) else {
            continue;
        };
        for (name, column) in &names {
            if let Some(place) = gauge(source, name).filter(|_| column.is_valid(row)) {
                *place = column.value(row);
            }
        }
    }
    Ok(())
}

/// How many rows of `log` are of the range.
pub(super) async fn stored(question: &Question<'_>, sources: &mut Sources) -> Result<()> {
    if sources.is_empty() {
        return Ok(());
    }
    const OF: [&str; 8] = [
        "cluster",
        "node",
        "namespace",
        "pod",
        "pod_uid",
        "container",
        "container_id",
        "stream",
    ];
    let range = (question.grid.start, question.grid.end());
    let batches = question
        .context
        .read_table(question.tables.provider(&LOG, Tier::Raw))?
        .filter(question.condition(&LOG, range))?
        .aggregate(
            OF.iter().map(|name| text(name)).collect(),
            vec![count(lit(1)).alias("lines")],
        )?
        .collect()
        .await?;
    for batch in batches {
        for row in 0..batch.num_rows() {
            let label = |name| label(&batch, name, row);
            let log_source = source_of(
                label("namespace"),
                [label("pod"), label("pod_uid"), label("container")],
                label("container_id"),
                label("stream"),
            );
            if !question.asks_for(&log_source) {
                continue;
            }
            let id = Id {
                cluster: label("cluster"),
                node: label("node"),
                log_source,
            };
            if let (Some(source), Some(lines)) =
                (sources.get_mut(&id), number(&batch, "lines", row))
            {
                source.stored += lines;
            }
        }
    }
    Ok(())
}

/// The name of the log that a row of `log` is of.
fn source_of(
    namespace: Option<String>,
    names: [Option<String>; 3],
    container_id: Option<String>,
    stream: Option<String>,
) -> String {
    match (namespace, container_id) {
        (Some(namespace), _) => {
            let [pod, uid, container] = names.map(Option::unwrap_or_default);
            format!("{namespace}/{pod}/{uid}/{container}")
        }
        (None, Some(id)) => format!("docker/{id}"),
        (None, None) => format!("host/{}", stream.unwrap_or_default()),
    }
}

pub(super) fn id(batch: &RecordBatch, row: usize) -> Option<Id> {
    Some(Id {
        cluster: label(batch, "cluster", row),
        node: label(batch, "node", row),
        log_source: label(batch, "log_source", row)?,
    })
}

pub(super) fn label(batch: &RecordBatch, name: &str, row: usize) -> Option<String> {
    Labels::of(batch, name).ok()?.get(row).map(str::to_owned)
}

pub(super) fn number(batch: &RecordBatch, name: &str, row: usize) -> Option<i64> {
    let column = batch
        .column_by_name(name)?
        .as_primitive_opt::<Int64Type>()?;
    column.is_valid(row).then(|| column.value(row))
}
