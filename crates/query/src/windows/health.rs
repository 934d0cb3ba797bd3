//! Verdicts as data points: 1 in a period in which an entity had such a verdict, 0 in one in which it was looked at and
//! had none.
//!
//! `verdict` has a row for what was not ok, and for clusters one for each minute, whatever they were: a period with a
//! cluster's row and without an entity's is 0 for that entity. A series of each cluster alone, always 0 where it was looked
//! at, makes an alarm OK that has found nothing yet.
//!
//! A verdict of a full minute is made of the rows before it, so it is the data point of the period that ends there.

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::RecordBatch;
use catalogue::tables::VERDICT;

use super::{HealthWindow, Periods, Window, WindowLabels, Windows};
use crate::ask::each;
use crate::error::{Code, QueryError};
use crate::filter::{Filter, Pattern};
use crate::moment::rfc3339_nanos;

const CLUSTER: &str = "Cluster";
/// Labels of an entity's series, in the words of the other tables, by its column.
const LABELS: [(&str, &str); 7] = [
    ("cluster", "cluster"),
    ("namespace", "namespace"),
    ("entity_kind", "kind"),
    ("entity_name", "name"),
    ("container", "container"),
    ("node", "node"),
    ("workload", "workload"),
];

pub(super) fn statement(wanted: &HealthWindow, periods: &Periods) -> Result<String, QueryError> {
    let time = |at: i64| format!("TIMESTAMP '{}'", rfc3339_nanos(at));
    let mut all = vec!["severity <> 'ok'".to_owned()];
    if !wanted.kinds.is_empty() {
        all.push(one_of("entity_kind", &wanted.kinds));
    }
    if !wanted.words.is_empty() {
        all.push(one_of("word", &wanted.words));
    }
    match wanted.severity.as_deref() {
        None => {}
        Some("critical") => all.push("severity = 'critical'".to_owned()),
        Some("warning") => all.push("severity IN ('critical', 'warning')".to_owned()),
        Some(other) => {
            let message = format!("'{other}' is neither critical nor warning");
            return Err(QueryError::invalid("severity", message));
        }
    }
    if let Some(seconds) = wanted.within_seconds {
        all.push(format!(
            "coalesce(last_occurrence, since, time) > time - INTERVAL '{seconds} seconds'"
        ));
    }
    for (name, filter) in &wanted.filters {
        all.push(condition(name, filter)?);
    }
    let columns: Vec<&str> = LABELS.iter().map(|(column, _)| *column).collect();
    Ok(format!(
        "SELECT time, {}, word, verdict_reason, ({}) AS fits FROM verdict WHERE time > {} AND time <= {} AND (entity_kind = '{CLUSTER}' OR ({}))",
        columns.join(", "),
        all.join(" AND "),
        time(periods.start),
        time(periods.end()),
        all.join(" AND "),
    ))
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn one_of(column: &str, values: &[String]) -> String {
    let values: Vec<String> = values.iter().map(|value| quoted(value)).collect();
    format!("{column} IN ({})", values.join(", "))
}

/// A filter as a condition on a column of `verdict`.
fn condition(name: &str, filter: &Filter) -> Result<String, QueryError> {
    let of_entity = LABELS.iter().find(|(_, label)| *label == name);
    let column = of_entity.map_or(name, |(column, _)| column);
    if VERDICT.column(column).is_none() {
        let names = LABELS.iter().map(|(_, label)| *label);
        let near = crate::nearest::nearest(name, names);
        let message = format!("verdicts have no '{name}'");
        return Err(QueryError::new(Code::UnknownColumn, message)
            .at_path(format!("filters.{name}"))
            .with_nearest(near));
    }
    let any: Vec<String> = filter
        .values
        .iter()
        .map(|pattern| match pattern {
            Pattern::Absent => format!("{column} IS NULL"),
            Pattern::Exact(text) => format!("coalesce({column} = {}, false)", quoted(text)),
            Pattern::Wild(text) => {
                let escaped = text
                    .replace('\\', "\\\\")
                    .replace('%', "\\%")
                    .replace('_', "\\_");
                let like = quoted(&escaped.replace('*', "%"));
                format!("coalesce({column} LIKE {like} ESCAPE '\\', false)")
            }
        })
        .collect();
    let any = match any.is_empty() {
        true => "false".to_owned(),
        false => format!("({})", any.join(" OR ")),
    };
    Ok(match filter.not {
        true => format!("NOT {any}"),
        false => any,
    })
}

pub(super) fn read(batches: &[RecordBatch], periods: &Periods) -> Windows {
    let mut looked_at: BTreeMap<Option<String>, BTreeSet<usize>> = BTreeMap::new();
    let mut found: BTreeMap<WindowLabels, BTreeMap<usize, String>> = BTreeMap::new();
    each(batches, |columns, row| {
        let Some(period) = periods.of(columns.time(row) - 1) else {
            return;
        };
        if columns.text("entity_kind", row) == Some(CLUSTER) {
            let cluster = columns.text("cluster", row).map(str::to_owned);
            looked_at.entry(cluster).or_default().insert(period);
        }
        if columns.boolean("fits", row) == Some(true) {
            let labels = LABELS.iter().filter_map(|(column, label)| {
                let value = columns.text(column, row)?;
                Some(((*label).to_owned(), value.to_owned()))
            });
            let words = words(|column| columns.text(column, row));
            let of_entity = found.entry(labels.collect()).or_default();
            // The first of a minute: further ones were found beside it.
            of_entity.entry(period).or_insert(words);
        }
    });
    let clusters = looked_at.iter().map(|(cluster, seen)| {
        let named = cluster
            .iter()
            .map(|name| ("cluster".to_owned(), name.clone()));
        Window {
            labels: named.collect(),
            values: values(periods, &BTreeSet::new(), seen),
            ..Window::default()
        }
    });
    let entities = found.iter().map(|(labels, fits)| {
        let seen = looked_at.get(&labels.get("cluster").cloned());
        let starts: Vec<i64> = periods.starts().collect();
        let words = fits
            .iter()
            .filter_map(|(period, words)| Some((*starts.get(*period)?, words.clone())));
        let fits: BTreeSet<usize> = fits.keys().copied().collect();
        Window {
            labels: labels.clone(),
            values: values(periods, &fits, seen.unwrap_or(&BTreeSet::new())),
            samples: None,
            words: words.collect(),
        }
    });
    Ok(clusters.chain(entities).collect())
}

/// "Pod web-1: crash-looping. It ended with exit code 3 and waits to be started again."
fn words<'a>(text: impl Fn(&str) -> Option<&'a str>) -> String {
    let of = |column: &str| text(column).unwrap_or_default();
    let container =
        text("container").map_or_else(String::new, |name| format!(", container {name}"));
    format!(
        "{} {}{container}: {}. {}",
        of("entity_kind"),
        of("entity_name"),
        of("word"),
        of("verdict_reason")
    )
}

fn values(periods: &Periods, fits: &BTreeSet<usize>, seen: &BTreeSet<usize>) -> Vec<Option<f64>> {
    (0..periods.count as usize)
        .map(
            |period| match (fits.contains(&period), seen.contains(&period)) {
                (true, _) => Some(1.0),
                (false, true) => Some(0.0),
                (false, false) => None,
            },
        )
        .collect()
}
