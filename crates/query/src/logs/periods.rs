//! How many lines fit, period by period and by columns: data points for alarms.

use std::collections::HashMap;
use std::sync::Arc;

use catalogue::tables::LOG;
use catalogue::{Column, ColumnType};
use datafusion::prelude::SessionContext;

use super::condition::Wanted;
use super::held;
use super::rows::{Labels, times};
use super::scan::Scanner;
use crate::error::{Code, QueryError};
use crate::label::{Label, label};
use crate::names::Names;
use crate::stop::Stop;
use crate::tables::Tables;
use crate::windows::{Periods, Window, Windows};

/// Series that one question may have.
const MOST_SERIES: usize = 10_000;

/// Counts lines. Without `group_by` there is one series, of zeros where no line fits; with it, one for each combination of
/// values that a line has.
pub(crate) async fn by_period(
    filter: &str,
    group_by: &[String],
    periods: &Periods,
    (tables, names): (&dyn Tables, &Names),
    context: &SessionContext,
    stop: &Stop,
) -> Windows {
    let groups = columns(group_by)?;
    let wanted = wanted(filter)?;
    let names = match wanted.needs_names() {
        true => names.current(tables, context).await?,
        false => Arc::default(),
    };
    let conditions = wanted.expressions(stop, &names)?;
    let scanner = Scanner {
        tables,
        context,
        conditions: &conditions,
    };
    let range = held(tables, (periods.start, periods.end()));
    let mut counts: HashMap<Vec<Option<String>>, Vec<f64>> = HashMap::new();
    if groups.is_empty() {
        counts.insert(Vec::new(), zeros(periods));
    }
    if range.0 < range.1 {
        let mut read = vec!["time"];
        read.extend(groups.iter().map(|column| column.name));
        let mut key: Vec<Option<String>> = Vec::new();
        let add = |batch: &arrow::array::RecordBatch| {
            let times = times(batch)?;
            let labels: Result<Vec<Labels<'_>>, QueryError> = groups
                .iter()
                .map(|column| Labels::of(batch, column.name))
                .collect();
            let labels = labels?;
            for row in 0..batch.num_rows() {
                let Some(period) = periods.of(times.value(row)) else {
                    continue;
                };
                key.clear();
                key.extend(labels.iter().map(|label| label.get(row).map(str::to_owned)));
                if !counts.contains_key(&key) {
                    if counts.len() >= MOST_SERIES {
                        let message =
                            format!("more than {MOST_SERIES} series: group by fewer columns");
                        return Err(QueryError::new(Code::TooManySeries, message));
                    }
                    counts.insert(key.clone(), zeros(periods));
                }
                let count = counts
                    .get_mut(&key)
                    .and_then(|counts| counts.get_mut(period));
                if let Some(count) = count {
                    *count += 1.0;
                }
            }
            Ok(())
        };
        scanner.read(range, &read, add).await?;
    }
    let mut windows: Vec<Window> = counts
        .into_iter()
        .map(|(key, counts)| Window {
            labels: groups
                .iter()
                .zip(key)
                .filter_map(|(column, value)| Some((column.name.to_owned(), value?)))
                .collect(),
            values: counts.into_iter().map(Some).collect(),
            ..Window::default()
        })
        .collect();
    windows.sort_by(|a, b| a.labels.cmp(&b.labels));
    Ok(windows)
}

/// What is wrong with such a question.
pub(crate) fn check_by_period(filter: &str, group_by: &[String]) -> Result<(), QueryError> {
    columns(group_by)?;
    wanted(filter).map(|_| ())
}

fn wanted(filter: &str) -> Result<Wanted, QueryError> {
    let filter = Some(filter).filter(|text| !text.trim().is_empty());
    Wanted::new(&Default::default(), filter)
}

fn zeros(periods: &Periods) -> Vec<f64> {
    vec![0.0; periods.count as usize]
}

/// Columns of short texts.
fn columns(names: &[String]) -> Result<Vec<&'static Column>, QueryError> {
    let column = |(i, name): (usize, &String)| {
        let path = format!("group_by[{i}]");
        match label(&LOG, name, path.clone())? {
            Label::Column(column) if column.kind == ColumnType::Text => Ok(column),
            _ => Err(QueryError::invalid(
                path,
                format!("'{name}' is no column of log that lines can be counted by"),
            )),
        }
    };
    names.iter().enumerate().map(column).collect()
}
