//! The answer, and how rows of a plan fill it.

use std::collections::{BTreeMap, HashMap};

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{Float64Type, Int64Type};
use serde::Serialize;

use crate::error::{Code, QueryError};
use crate::metrics::question::Question;
use crate::metrics::request::Order;

/// Series of values over equal periods. Times are milliseconds of the epoch.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MetricsAnswer {
    /// The start of the first period.
    pub start: i64,
    /// The end of the last period.
    pub end: i64,
    /// The length of a period.
    pub period_seconds: i64,
    /// The start of each period.
    pub times: Vec<i64>,
    /// A series for each group and metric: groups in order of their labels or of the request's limit, metrics in the
    /// order of the request.
    pub series: Vec<Series>,
    /// How the answer came about.
    pub stats: MetricsStats,
}

/// The values of one metric and statistic for one group.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Series {
    /// The request's id for the metric.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The metric's name.
    pub metric: String,
    /// The statistic's name.
    pub statistic: String,
    /// CloudWatch's unit for a Container Insights name, else UCUM.
    pub unit: String,
    /// The group: a value for each column of the request's `group_by`; null where rows have none.
    pub labels: BTreeMap<String, Option<String>>,
    /// A value for each of the answer's times; null where there is no sample.
    pub values: Vec<Option<f64>>,
}

/// How an answer came about.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct MetricsStats {
    /// The tiers that were read, coarsest first: `raw`, `1m`, `5m+1m`; empty when none holds a part of the range.
    pub tier: String,
    /// Rows that passed the filters.
    pub rows: u64,
    /// Table files in the plan, after those were left out whose statistics exclude them.
    pub files: usize,
    /// From the request to the answer.
    pub elapsed_ms: u64,
    /// How percentiles were found, if any were asked for: `exact` or `t-digest`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub percentiles: Option<&'static str>,
    /// What to know about the values: estimates, parts of the range that are no longer held.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// The values of one group, metric by metric; NaN where there is none.
type Group = Vec<Vec<f64>>;

/// How many times the values of an answer are held for a while when only some groups of many are kept.
const BEFORE_LIMIT: usize = 10;

/// Takes the rows of plans and becomes the series.
#[derive(Debug)]
pub(crate) struct Builder<'a> {
    question: &'a Question,
    groups: HashMap<Vec<Option<String>>, Group>,
    most_values: usize,
    pub(crate) rows: u64,
}

impl<'a> Builder<'a> {
    pub(crate) fn new(question: &'a Question, most_values: usize) -> Builder<'a> {
        let mut groups = HashMap::new();
        if question.groups.is_empty() {
            // Without a grouping there is one series, even if no row is found: its name and unit are known.
            groups.insert(Vec::new(), empty(question));
        }
        let most_values = if question.limit.is_some() {
            most_values * BEFORE_LIMIT
        } else {
            most_values
        };
        Builder {
            question,
            groups,
            most_values,
            rows: 0,
        }
    }

    /// Takes rows of a plan for some of the question's metrics (indexes in `metrics`).
    pub(crate) fn add(
        &mut self,
        batch: &RecordBatch,
        metrics: &[usize],
        count_rows: bool,
    ) -> Result<(), QueryError> {
        let question = self.question;
        let misfit = || {
            QueryError::new(
                Code::Internal,
                "a plan gave columns of other types than planned",
            )
        };
        let labels = 1..1 + question.groups.len();
        let rows_at = labels.end;
        let columns = batch.columns();
        let buckets = columns
            .first()
            .and_then(|c| c.as_primitive_opt::<Int64Type>())
            .ok_or_else(misfit)?;
        let texts: Vec<_> = columns[labels]
            .iter()
            .map(|c| c.as_string_opt::<i32>().ok_or_else(misfit))
            .collect::<Result<_, _>>()?;
        let values: Vec<_> = columns[rows_at + 1..]
            .iter()
            .map(|c| c.as_primitive_opt::<Float64Type>().ok_or_else(misfit))
            .collect::<Result<_, _>>()?;
        if values.len() != metrics.len() {
            return Err(misfit());
        }
        if count_rows {
            let counted = columns[rows_at]
                .as_primitive_opt::<Int64Type>()
                .ok_or_else(misfit)?;
            self.rows += counted
                .values()
                .iter()
                .map(|n| u64::try_from(*n).unwrap_or(0))
                .sum::<u64>();
        }
        let first = question.grid.number_of_first();
        let mut key: Vec<Option<String>> = Vec::new();
        for row in 0..batch.num_rows() {
            let point = usize::try_from(buckets.value(row) - first)
                .ok()
                .filter(|p| *p < question.grid.points);
            let Some(point) = point else {
                return Err(misfit());
            };
            key.clear();
            key.extend(
                texts
                    .iter()
                    .map(|t| t.is_valid(row).then(|| t.value(row).to_owned())),
            );
            let group = match self.groups.get_mut(&key) {
                Some(group) => group,
                None => {
                    check_size(question, self.groups.len() + 1, self.most_values)?;
                    self.groups
                        .entry(key.clone())
                        .or_insert_with(|| empty(question))
                }
            };
            for (metric, column) in metrics.iter().zip(&values) {
                if column.is_valid(row) && column.value(row).is_finite() {
                    group[*metric][point] = column.value(row);
                }
            }
        }
        Ok(())
    }

    /// The series, with no more than `most_values` values.
    pub(crate) fn series(self, most_values: usize) -> Result<Vec<Series>, QueryError> {
        let question = self.question;
        let mut groups: Vec<(Vec<Option<String>>, Group)> = self.groups.into_iter().collect();
        groups.sort_by(|a, b| a.0.cmp(&b.0));
        // A group whose rows have no value for any metric has nothing to draw.
        if !question.groups.is_empty() {
            groups.retain(|(_, g)| g.iter().flatten().any(|v| !v.is_nan()));
        }
        if let Some((limit, order)) = question.limit {
            let mut ranked: Vec<(Option<f64>, _)> =
                groups.into_iter().map(|g| (mean(&g.1[0]), g)).collect();
            ranked.sort_by(|a, b| match (a.0, b.0, order) {
                (Some(a), Some(b), Order::Top) => b.total_cmp(&a),
                (Some(a), Some(b), Order::Bottom) => a.total_cmp(&b),
                // Groups without a value come last from either end.
                (a, b, _) => b.is_some().cmp(&a.is_some()),
            });
            groups = ranked.into_iter().take(limit).map(|(_, g)| g).collect();
        }
        if groups.len() > 1 {
            check_size(question, groups.len(), most_values)?;
        }
        let mut series = Vec::with_capacity(groups.len() * question.metrics.len());
        for (key, group) in groups {
            let names = question.group_names.iter().cloned();
            let labels: BTreeMap<String, Option<String>> = names.zip(key).collect();
            for (wanted, values) in question.metrics.iter().zip(group) {
                series.push(Series {
                    id: wanted.id.clone(),
                    metric: wanted.metric.name.clone().into_owned(),
                    statistic: wanted.statistic.to_string(),
                    unit: wanted.statistic.unit(&wanted.metric.unit).to_owned(),
                    labels: labels.clone(),
                    values: values
                        .into_iter()
                        .map(|v| (!v.is_nan()).then_some(v))
                        .collect(),
                });
            }
        }
        Ok(series)
    }
}

fn check_size(question: &Question, groups: usize, most: usize) -> Result<(), QueryError> {
    let (metrics, points) = (question.metrics.len(), question.grid.points);
    if groups * metrics * points <= most {
        return Ok(());
    }
    let message = format!(
        "{groups} groups or more, of {metrics} metrics and {points} periods, are more than {most} values: filter, \
         group by fewer columns, or ask for a longer period"
    );
    Err(QueryError::new(Code::TooManySeries, message).at_path("group_by"))
}

fn empty(question: &Question) -> Group {
    vec![vec![f64::NAN; question.grid.points]; question.metrics.len()]
}

fn mean(values: &[f64]) -> Option<f64> {
    let (sum, count) = values
        .iter()
        .filter(|v| !v.is_nan())
        .fold((0.0, 0_u32), |(s, n), v| (s + v, n + 1));
    (count > 0).then(|| sum / f64::from(count))
}
