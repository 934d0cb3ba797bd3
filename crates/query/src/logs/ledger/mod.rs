//! The loss ledger: what became of each log in a range, and the spans in which something was lost or left out.

mod bands;
mod sums;

use std::collections::BTreeMap;

use catalogue::tables::{LOG, LOG_LEDGER};
use catalogue::{Table, Tier};
use datafusion::logical_expr::{Expr, ident};
use datafusion::prelude::SessionContext;
use serde::{Deserialize, Serialize};

use super::scan::time;
use crate::error::QueryError;
use crate::fault;
use crate::filter::{Filter, label_column};
use crate::limits::Limits;
use crate::metrics::grid::{Grid, Spacing};
use crate::metrics::tier::{Segment, cover};
use crate::moment::Moment;
use crate::request;
use crate::tables::Tables;

pub use bands::{Band, BandKind};

/// Which logs, and when.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LedgerRequest {
    /// From when; an hour ago when left out.
    pub start: Option<Moment>,
    /// Until when; now when left out.
    pub end: Option<Moment>,
    /// Conditions on identity and attribute columns of `log_ledger`.
    pub filters: BTreeMap<String, Filter>,
    /// The spans that bands are made of; some 300 of them when left out. The range is widened to whole ones.
    pub period_seconds: Option<u64>,
}

impl LedgerRequest {
    /// Reads a JSON request; an error says where it is wrong.
    pub fn from_json(json: &[u8]) -> Result<LedgerRequest, QueryError> {
        request::from_json(json)
    }
}

/// What became of logs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LedgerAnswer {
    /// Each log that the ledger has rows of in the range.
    pub sources: Vec<LedgerSource>,
    /// Spans in which something was lost or left out, in order of time.
    pub bands: Vec<Band>,
}

/// What became of one log. Of counts the sums over the range, of what was waiting the newest.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct LedgerSource {
    /// The log: `<namespace>/<pod>/<pod uid>/<container>`, `docker/<container id>` or `host/<name>`.
    pub log_source: String,
    /// Name of the cluster.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cluster: Option<String>,
    /// Name of the node.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub node: Option<String>,
    /// The pod's namespace.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// The pod's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pod: Option<String>,
    /// The pod's uid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pod_uid: Option<String>,
    /// The container's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub container: Option<String>,
    /// Bytes that its files grew by.
    pub written_bytes: i64,
    /// Bytes that were read.
    pub read_bytes: i64,
    /// Bytes passed over on purpose.
    pub skipped_bytes: i64,
    /// Bytes that were gone before they were read.
    pub lost_bytes: i64,
    /// Entries that were made of what was read.
    pub entries: i64,
    /// Entries left out by a rule.
    pub excluded: i64,
    /// Entries left out by the rate limit.
    pub limited: i64,
    /// Entries that the server would not take or that the spool lost.
    pub refused: i64,
    /// Entries put on the agent's disk.
    pub spooled: i64,
    /// Entries that the server has stored, by its answers.
    pub acknowledged: i64,
    /// Rows of `log` in the range.
    pub stored: i64,
    /// Entries whose end was cut off.
    pub truncated: i64,
    /// Entries with bytes that were no UTF-8.
    pub invalid: i64,
    /// Lines that were not in the runtime's format.
    pub malformed: i64,
    /// Entries in which something was masked.
    pub redacted: i64,
    /// Bytes written and not yet read.
    pub unread_bytes: i64,
    /// Bytes of deleted files that are held open.
    pub held_bytes: i64,
    /// Entries on the agent's disk that are not stored yet.
    pub waiting: i64,
}

/// What tells logs apart.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Id {
    cluster: Option<String>,
    node: Option<String>,
    log_source: String,
}

/// What is asked for.
struct Question<'a> {
    grid: Grid,
    segments: Vec<Segment>,
    /// Columns of the ledger and what they must be.
    filters: Vec<(&'static catalogue::Column, &'a Filter)>,
    tables: &'a dyn Tables,
    context: &'a SessionContext,
}

/// Answers a request at `now` (microseconds of the epoch).
pub(crate) async fn ledger(
    request: &LedgerRequest,
    now: i64,
    limits: &Limits,
    tables: &dyn Tables,
    context: &SessionContext,
) -> Result<LedgerAnswer, QueryError> {
    let end = request.end.unwrap_or(Moment::NOW).micros(now);
    let start = request
        .start
        .unwrap_or(Moment::seconds_ago(3600))
        .micros(now);
    let range = |tier| tables.range(&LOG_LEDGER, tier);
    let grid = Grid::new(
        start,
        end,
        Spacing::of(request.period_seconds),
        limits,
        |seconds| {
            Tier::ALL
                .into_iter()
                .filter(|tier| tier.seconds().is_none_or(|row| seconds % row == 0))
                .filter_map(range)
                .map(|(oldest, _)| oldest)
                .min()
        },
    )?;
    let filters = request
        .filters
        .iter()
        .map(|(name, filter)| {
            let column = label_column(&LOG_LEDGER, name, format!("filters.{name}"))?;
            Ok((column, filter))
        })
        .collect::<Result<_, QueryError>>()?;
    let question = Question {
        // Sums of deltas are exact in every tier.
        segments: cover(&grid, Tier::Hour, now, range).segments,
        grid,
        filters,
        tables,
        context,
    };
    let failed = |e| fault::running(&e);
    let mut sources = sums::sums(&question).await.map_err(failed)?;
    sums::waiting(&question, &mut sources)?;
    sums::stored(&question, &mut sources)
        .await
        .map_err(failed)?;
    let bands = bands::bands(&question).await.map_err(failed)?;
    Ok(LedgerAnswer {
        sources: sources.into_values().collect(),
        bands,
    })
}

impl Question<'_> {
    /// The condition on rows of a table in a span: those filters whose column it has.
    fn condition(&self, table: &'static Table, (from, until): (i64, i64)) -> Expr {
        let in_span = ident("time")
            .gt_eq(time(from))
            .and(ident("time").lt(time(until)));
        self.filters
            .iter()
            .filter_map(|(column, filter)| {
                let column = table.column(column.name)?;
                Some(filter.expr(ident(column.name), column.kind))
            })
            .fold(in_span, Expr::and)
    }

    /// Whether a log is asked for, by what its name is.
    fn asks_for(&self, log_source: &str) -> bool {
        self.filters
            .iter()
            .filter(|(column, _)| column.name == "log_source" && LOG.column(column.name).is_none())
            .all(|(_, filter)| filter.matches(Some(log_source)))
    }
}
