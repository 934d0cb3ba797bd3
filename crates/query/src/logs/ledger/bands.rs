//! Spans in which something was lost or left out.

use std::collections::BTreeMap;

use arrow::datatypes::DataType;
use catalogue::tables::LOG_LEDGER;
use datafusion::common::Result;
use datafusion::functions_aggregate::expr_fn::sum;
use datafusion::logical_expr::{Expr, cast, ident, lit};
use serde::Serialize;

use super::sums::{id, label, number, text};
use super::{Id, Question};
use crate::moment::rfc3339_nanos;

/// A span, made of as many periods one after the other as lost or left out something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Band {
    /// The log.
    pub log_source: String,
    /// Name of the node.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub node: Option<String>,
    /// The pod's namespace.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// The pod's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pod: Option<String>,
    /// The container's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub container: Option<String>,
    /// RFC 3339: the start of the first period.
    pub start: String,
    /// RFC 3339: the end of the last period.
    pub end: String,
    /// What happened.
    pub kind: BandKind,
    /// Bytes that were lost.
    pub bytes: i64,
    /// Entries that were left out.
    pub entries: i64,
}

/// Why lines are not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum BandKind {
    /// Gone before they were read.
    Lost,
    /// Left out by the rate limit.
    Limited,
    /// Not taken by the server, or lost by the spool.
    Refused,
    /// Left out by a rule.
    Excluded,
}

const KINDS: [(BandKind, &str); 4] = [
    (BandKind::Lost, "log_lost_bytes"),
    (BandKind::Limited, "log_limited_entries"),
    (BandKind::Refused, "log_refused_entries"),
    (BandKind::Excluded, "log_excluded_entries"),
];

/// A log's namespace, pod and container.
type Names = [Option<String>; 3];

/// The bands of a range.
pub(super) async fn bands(question: &Question<'_>) -> Result<Vec<Band>> {
    let period = question.grid.period;
    let any = KINDS
        .iter()
        .map(|(_, column)| ident(*column).gt(lit(0_i64)))
        .reduce(Expr::or)
        .unwrap_or_else(|| lit(false));
    // For each log and kind, what each period lost.
    let mut lost: BTreeMap<(Id, BandKind), (Names, BTreeMap<i64, i64>)> = BTreeMap::new();
    for segment in &question.segments {
        let mut groups: Vec<Expr> = [
            "cluster",
            "node",
            "log_source",
            "namespace",
            "pod",
            "container",
        ]
        .iter()
        .map(|name| text(name))
        .collect();
        // Times before 1970 are none that an agent stamps.
        groups.push((cast(ident("time"), DataType::Int64) / lit(period)).alias("period"));
        let batches = question
            .context
            .read_table(question.tables.provider(&LOG_LEDGER, segment.tier))?
            .filter(question.condition(&LOG_LEDGER, (segment.from, segment.until)))?
            .filter(any.clone())?
            .aggregate(
                groups,
                KINDS
                    .iter()
                    .map(|(_, column)| sum(ident(*column)).alias(*column))
                    .collect(),
            )?
            .collect()
            .await?;
        for batch in batches {
            for row in 0..batch.num_rows() {
                let (Some(id), Some(at)) = (id(&batch, row), number(&batch, "period", row)) else {
                    continue;
                };
                for (kind, column) in KINDS {
                    let Some(much) = number(&batch, column, row).filter(|much| *much > 0) else {
                        continue;
                    };
                    let (_, periods) = lost.entry((id.clone(), kind)).or_insert_with(|| {
                        let names = ["namespace", "pod", "container"];
                        (names.map(|name| label(&batch, name, row)), BTreeMap::new())
                    });
                    *periods.entry(at).or_default() += much;
                }
            }
        }
    }
    let mut bands: Vec<(i64, Band)> = Vec::new();
    for ((id, kind), (names, periods)) in lost {
        for (first, last, much) in runs(&periods) {
            let [namespace, pod, container] = names.clone();
            let (bytes, entries) = match kind {
                BandKind::Lost => (much, 0),
                _ => (0, much),
            };
            let start = first * period;
            bands.push((
                start,
                Band {
                    log_source: id.log_source.clone(),
                    node: id.node.clone(),
                    namespace,
                    pod,
                    container,
                    start: rfc3339_nanos(start),
                    end: rfc3339_nanos((last + 1) * period),
                    kind,
                    bytes,
                    entries,
                },
            ));
        }
    }
    // Stable, so that bands of one time stay in the order of their logs.
    bands.sort_by_key(|(start, _)| *start);
    Ok(bands.into_iter().map(|(_, band)| band).collect())
}

/// Periods one after the other, with what they lost altogether.
fn runs(periods: &BTreeMap<i64, i64>) -> Vec<(i64, i64, i64)> {
    let mut runs: Vec<(i64, i64, i64)> = Vec::new();
    for (at, much) in periods {
        match runs.last_mut() {
            Some((_, last, sum)) if *last + 1 == *at => {
                *last = *at;
                *sum = sum.saturating_add(*much);
            }
            _ => runs.push((*at, *at, *much)),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_one_after_the_other_are_one_band() {
        let periods = [(3, 1), (4, 2), (6, 5), (9, 1), (10, 1)]
            .into_iter()
            .collect();
        assert_eq!(runs(&periods), [(3, 4, 3), (6, 6, 5), (9, 10, 2)]);
        assert_eq!(runs(&BTreeMap::new()), []);
    }
}
