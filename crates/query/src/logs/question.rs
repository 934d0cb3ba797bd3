//! A request that makes sense.

use catalogue::tables::LOG;
use catalogue::{ColumnType, nearest};

use super::condition::{Wanted, json_path, pod_name};
use super::function::JsonPath;
use super::gather::{Buckets, Facetted};
use super::lines::{Cursor, Key, LogOrder};
use super::request::{ContextRequest, LogsRequest};
use crate::error::{Code, QueryError};
use crate::limits::Limits;
use crate::moment::Moment;
use crate::names::Name;

/// Lines on a page when the request does not say.
const LINES: usize = 200;
/// Lines on each side of a line.
const AROUND: usize = 20;
/// Spans of a histogram.
const BUCKETS: usize = 60;
const MOST_BUCKETS: usize = 1000;
/// Spans of a trend when there is no histogram.
const TREND: usize = 30;
const FACETS: usize = 20;
const FACET_VALUES: usize = 10;
const MOST_FACET_VALUES: usize = 1000;
const PATTERNS: usize = 50;
const MOST_PATTERNS: usize = 1000;

/// A question whose parts are checked. Times are microseconds of the epoch.
#[derive(Debug)]
pub(crate) struct Question {
    /// The end is left out.
    pub(crate) range: (i64, i64),
    pub(crate) wanted: Wanted,
    pub(crate) page: Option<Page>,
    pub(crate) histogram: Option<Buckets>,
    pub(crate) facets: Vec<(String, Facetted)>,
    pub(crate) facet_values: usize,
    /// How many patterns, and the spans of their trends.
    pub(crate) patterns: Option<(usize, Buckets)>,
}

/// Which lines are shown.
#[derive(Debug, Clone)]
pub(crate) struct Page {
    pub(crate) order: LogOrder,
    pub(crate) limit: usize,
    pub(crate) after: Option<Key>,
}

/// Lines around a line.
#[derive(Debug, Clone)]
pub(crate) struct Around {
    pub(crate) anchor: Key,
    pub(crate) before: usize,
    pub(crate) after: usize,
}

/// The range of a request.
pub(crate) fn range(
    start: Option<Moment>,
    end: Option<Moment>,
    now: i64,
) -> Result<(i64, i64), QueryError> {
    let end = end.unwrap_or(Moment::NOW).micros(now);
    let start = start.unwrap_or(Moment::seconds_ago(3600)).micros(now);
    if start >= end {
        return Err(QueryError::invalid(
            "end",
            "the range is empty: end must be later than start",
        ));
    }
    Ok((start, end))
}

fn within(
    value: Option<usize>,
    default: usize,
    least: usize,
    most: usize,
    path: &str,
) -> Result<usize, QueryError> {
    match value {
        None => Ok(default.min(most)),
        Some(value) if value < least => {
            Err(QueryError::invalid(path, format!("it is at least {least}")))
        }
        Some(value) if value > most => {
            Err(QueryError::invalid(path, format!("it is at most {most}")))
        }
        Some(value) => Ok(value),
    }
}

impl Question {
    pub(crate) fn new(
        request: &LogsRequest,
        now: i64,
        limits: &Limits,
    ) -> Result<Question, QueryError> {
        let mut range = range(request.start, request.end, now)?;
        let wanted = Wanted::new(&request.filters, request.query.as_deref())?;
        let limit = within(request.limit, LINES, 1, limits.log_lines, "limit")?;
        let order = request.order.unwrap_or_default();
        let mut page = None;
        if request.lines.unwrap_or(true) {
            let cursor = request
                .after
                .as_deref()
                .map(|after| Cursor::read(after, order))
                .transpose()?;
            if let Some(cursor) = &cursor {
                range = (cursor.start, cursor.end);
            }
            page = Some(Page {
                order,
                limit,
                after: cursor.map(|cursor| cursor.key),
            });
        }
        let histogram = request
            .histogram
            .map(|asked| {
                within(asked.buckets, BUCKETS, 1, MOST_BUCKETS, "histogram.buckets")
                    .map(|most| Buckets::new(range, most))
            })
            .transpose()?;
        let patterns = request
            .patterns
            .map(|asked| {
                let trend = histogram.unwrap_or_else(|| Buckets::new(range, TREND));
                within(asked.limit, PATTERNS, 1, MOST_PATTERNS, "patterns.limit")
                    .map(|most| (most, trend))
            })
            .transpose()?;
        Ok(Question {
            range,
            wanted,
            page,
            histogram,
            facets: facets(&request.facets)?,
            facet_values: within(
                request.facet_values,
                FACET_VALUES,
                1,
                MOST_FACET_VALUES,
                "facet_values",
            )?,
            patterns,
        })
    }
}

impl Question {
    /// Whether what pods are called has to be known.
    pub(crate) fn needs_names(&self) -> bool {
        self.wanted.needs_names() || self.facets.iter().any(|(_, of)| of.needs_names())
    }
}

impl Around {
    pub(crate) fn new(request: &ContextRequest, limits: &Limits) -> Result<Around, QueryError> {
        let most = limits.log_lines / 2;
        Ok(Around {
            anchor: Key::of_id(&request.around, "context.around")?,
            before: within(request.before, AROUND, 0, most, "context.before")?,
            after: within(request.after, AROUND, 0, most, "context.after")?,
        })
    }
}

fn facets(names: &[String]) -> Result<Vec<(String, Facetted)>, QueryError> {
    if names.len() > FACETS {
        return Err(QueryError::invalid(
            "facets",
            format!("they are at most {FACETS}"),
        ));
    }
    let mut facets: Vec<(String, Facetted)> = Vec::with_capacity(names.len());
    for (i, name) in names.iter().enumerate() {
        let path = format!("facets[{i}]");
        if facets.iter().any(|(known, _)| known == name) {
            return Err(QueryError::invalid(
                path,
                format!("'{name}' is named twice"),
            ));
        }
        if let Some(name_of_pod) = pod_name(name) {
            facets.push((name.clone(), Facetted::Name(name_of_pod)));
            continue;
        }
        let of = match json_path(name) {
            Some(field) if name.contains('.') => {
                if field.split('.').any(str::is_empty) || field.len() > 1000 {
                    return Err(QueryError::invalid(path, format!("'{name}' is no path")));
                }
                Facetted::Json(Box::new(JsonPath::new(field)))
            }
            // A single word that is no column is more likely a slip than a field, which json.<word> names.
            Some(field) => {
                let labels = LOG.columns.iter().filter(|c| c.kind == ColumnType::Text);
                let names = labels.map(|c| c.name).chain(Name::plain());
                let near = nearest(field, names).map(str::to_owned);
                let message = format!(
                    "log has no column '{field}'; the JSON field of that name is json.{field}"
                );
                return Err(QueryError::new(Code::UnknownColumn, message)
                    .at_path(path)
                    .with_nearest(near.into_iter().collect()));
            }
            None => match LOG.column(name) {
                Some(column) if column.kind == ColumnType::Text => Facetted::Column(column.name),
                _ => {
                    return Err(QueryError::invalid(
                        path,
                        format!(
                            "'{name}' is no column of short texts: facets are of names, level, names of pods, and JSON fields"
                        ),
                    ));
                }
            },
        };
        facets.push((name.clone(), of));
    }
    Ok(facets)
}
