//! The question, as it is meant: names found in the catalogue, times fixed, bounds checked.

use catalogue::{Dialect, Resolved, Table, TableKind, Tier, derived, resolvable, resolve};

use crate::error::{Code, QueryError};
use crate::filter::Filter;
use crate::label::{Label, label, told_by_identity};
use crate::limits::Limits;
use crate::metrics::grid::{Grid, Spacing};
use crate::metrics::request::{MetricsRequest, Order};
use crate::metrics::statistic::Statistic;
use crate::moment::Moment;
use crate::nearest::nearest;
use crate::tables::Tables;

/// Metrics in one request.
const MOST_METRICS: usize = 100;
/// Columns in a grouping.
const MOST_GROUPS: usize = 8;

/// A request whose every name is known.
#[derive(Debug)]
pub(crate) struct Question {
    pub(crate) table: &'static Table,
    pub(crate) metrics: Vec<Wanted>,
    pub(crate) filters: Vec<(Label, Filter)>,
    pub(crate) groups: Vec<Label>,
    /// The groups as they were asked for.
    pub(crate) group_names: Vec<String>,
    pub(crate) grid: Grid,
    pub(crate) limit: Option<(usize, Order)>,
}

/// One metric with its statistic.
#[derive(Debug)]
pub(crate) struct Wanted {
    pub(crate) id: Option<String>,
    pub(crate) metric: Resolved,
    pub(crate) statistic: Statistic,
}

impl Question {
    /// Finds what a request means at `now` (microseconds of the epoch).
    pub(crate) fn new(
        request: MetricsRequest,
        now: i64,
        limits: &Limits,
        tables: &dyn Tables,
    ) -> Result<Question, QueryError> {
        let table = entity(of_request(&request)?, "entity")?;
        let metrics = wanted(&request, table)?;
        let mut filters = Vec::with_capacity(request.filters.len());
        for (name, filter) in request.filters {
            filters.push((label(table, &name, format!("filters.{name}"))?, filter));
        }
        let mut groups: Vec<Label> = Vec::with_capacity(request.group_by.len());
        if request.group_by.len() > MOST_GROUPS {
            return Err(QueryError::invalid(
                "group_by",
                format!("group by at most {MOST_GROUPS} columns"),
            ));
        }
        for (i, name) in request.group_by.iter().enumerate() {
            let group = label(table, name, format!("group_by[{i}]"))?;
            if groups.contains(&group) {
                return Err(QueryError::invalid(
                    format!("group_by[{i}]"),
                    format!("'{name}' is named twice"),
                ));
            }
            groups.push(group);
        }
        let limit = match request.limit {
            None => None,
            Some(0) => return Err(QueryError::invalid("limit", "a limit is at least 1")),
            Some(limit) => Some((
                usize::try_from(limit).unwrap_or(usize::MAX),
                request.order.unwrap_or_default(),
            )),
        };
        let start = request
            .start
            .unwrap_or(Moment::seconds_ago(3600))
            .micros(now);
        let end = request.end.unwrap_or(Moment::NOW).micros(now);
        let held = |seconds: i64| {
            let tier = if seconds < 60 {
                Tier::Raw
            } else {
                coarsest_within(seconds)
            };
            let tiers = Tier::ALL
                .into_iter()
                .filter(|t| *t <= tier && (seconds < 60) == (*t == Tier::Raw));
            tiers
                .filter_map(|t| tables.range(table, t))
                .map(|(oldest, _)| oldest)
                .min()
        };
        let spacing = Spacing {
            period: request.period_seconds,
            offset: request.offset_seconds,
        };
        let grid = Grid::new(start, end, spacing, limits, held)?;
        Ok(Question {
            table,
            metrics,
            filters,
            groups,
            group_names: request.group_by,
            grid,
            limit,
        })
    }

    /// Whether what pods are called has to be known.
    pub(crate) fn needs_names(&self) -> bool {
        let labels = self.filters.iter().map(|(label, _)| label);
        let named = labels.chain(&self.groups).any(|label| match label {
            Label::Name(_) => true,
            Label::Column(column) => told_by_identity(self.table, column).is_some(),
        });
        let derived = |wanted: &Wanted| {
            let columns = wanted.metric.formula.columns();
            let found = columns
                .into_iter()
                .filter_map(|name| derived(self.table.name, name));
            found.into_iter().any(|d| d.from.needs_identity())
        };
        named || self.metrics.iter().any(derived)
    }
}

/// The coarsest tier whose rows fit into a period.
fn coarsest_within(seconds: i64) -> Tier {
    let fits = |tier: &Tier| tier.seconds().is_none_or(|s| seconds % s == 0);
    Tier::ALL.into_iter().rev().find(fits).unwrap_or(Tier::Raw)
}

/// The entity that a request is about: of a name of Container Insights the one that has it, when none is named.
fn of_request(request: &MetricsRequest) -> Result<&str, QueryError> {
    if !request.entity.is_empty() {
        return Ok(&request.entity);
    }
    let first = request
        .metric
        .as_deref()
        .or_else(|| request.metrics.first().map(|m| m.metric.as_str()));
    first
        .and_then(|name| catalogue::metric(Dialect::ContainerInsights, name))
        .map(|metric| metric.table)
        .ok_or_else(|| {
            QueryError::invalid(
                "entity",
                "name the entity, or metrics of Container Insights, which tell it",
            )
        })
}

/// The measurement table of that name.
pub(crate) fn entity(name: &str, path: &str) -> Result<&'static Table, QueryError> {
    let measured = || {
        catalogue::ALL
            .iter()
            .copied()
            .filter(|t| t.kind == TableKind::Measurement)
    };
    measured().find(|t| t.name == name).ok_or_else(|| {
        let message = match catalogue::table(name) {
            Some(_) => format!("rows of '{name}' are not measurements: ask for them in SQL"),
            None => format!("there is no entity '{name}'"),
        };
        QueryError::new(Code::UnknownEntity, message)
            .at_path(path)
            .with_nearest(nearest(name, measured().map(|t| t.name)))
    })
}

/// What a metric's name means for a table.
pub(crate) fn metric(
    table: &'static Table,
    name: &str,
    path: &str,
) -> Result<Resolved, QueryError> {
    if let Some(found) = resolve(table, name) {
        return Ok(found);
    }
    let unknown = |message: String| QueryError::new(Code::UnknownMetric, message).at_path(path);
    let elsewhere: Vec<&str> = catalogue::ALL
        .iter()
        .filter(|t| t.kind == TableKind::Measurement && resolve(t, name).is_some())
        .map(|t| t.name)
        .collect();
    if !elsewhere.is_empty() {
        let entities = elsewhere.join(" or ");
        return Err(unknown(format!(
            "{} has no metric '{name}': it is one of {entities}",
            table.name
        )));
    }
    if let Some(waiting) = catalogue::waiting().find(|w| w.name == name) {
        return Err(unknown(format!(
            "'{name}' cannot be answered yet: it needs {}",
            waiting.needs
        )));
    }
    let names: Vec<_> = resolvable(table).collect();
    Err(unknown(format!("{} has no metric '{name}'", table.name))
        .with_nearest(nearest(name, names.iter().map(|n| n.as_ref()))))
}

fn wanted(request: &MetricsRequest, table: &'static Table) -> Result<Vec<Wanted>, QueryError> {
    let one = |id: Option<String>,
               name: &str,
               statistic: Option<&str>,
               at: &str|
     -> Result<Wanted, QueryError> {
        let path = |field: &str| {
            if at.is_empty() {
                field.to_owned()
            } else {
                format!("{at}.{field}")
            }
        };
        let metric = metric(table, name, &path("metric"))?;
        let statistic = match statistic {
            Some(text) => Statistic::parse(text).map_err(|e| e.at_path(path("statistic")))?,
            None => Statistic::Average,
        };
        Ok(Wanted {
            id,
            metric,
            statistic,
        })
    };
    match (&request.metric, request.metrics.as_slice()) {
        (Some(name), []) => Ok(vec![one(None, name, request.statistic.as_deref(), "")?]),
        (Some(_), _) => Err(QueryError::invalid(
            "metric",
            "name the metric either here or in metrics, not in both",
        )),
        (None, _) if request.statistic.is_some() => Err(QueryError::invalid(
            "statistic",
            "a statistic here goes with a metric here, not with metrics",
        )),
        (None, []) => Err(QueryError::invalid("metrics", "name at least one metric")),
        (None, metrics) if metrics.len() > MOST_METRICS => Err(QueryError::invalid(
            "metrics",
            format!("ask for at most {MOST_METRICS} metrics at once"),
        )),
        (None, metrics) => metrics
            .iter()
            .enumerate()
            .map(|(i, m)| {
                one(
                    m.id.clone(),
                    &m.metric,
                    m.statistic.as_deref(),
                    &format!("metrics[{i}]"),
                )
            })
            .collect(),
    }
}
