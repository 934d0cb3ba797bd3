//! From an expression to data points. One metric against a number is a statistic over rows, which thousands of alarms can
//! share; everything else is SQL ([`super::sql`]).

use catalogue::{Dialect, Formula, Metric, MetricKind, PER_SECOND, Table, metrics_named, nearest};

use super::NotImported;
use super::expression::{Aggregation, Comparison, Function, Matcher, Node, Range, Selector, Value};
use super::pattern::Pattern;
use super::{kube_state, sql};
use crate::definition::source::{Filter, Filters, Rows};
use crate::definition::{Source, Statistic};
use crate::operator::ComparisonOperator;
use crate::treatment::TreatMissingData;

/// Seconds of a period of a gauge.
const MINUTE: u32 = 60;
/// Labels that Prometheus adds when it reads a target: they say nothing about the entity.
const OF_THE_SCRAPE: [&str; 6] = [
    "job",
    "endpoint",
    "metrics_path",
    "service",
    "prometheus",
    "prometheus_replica",
];
/// Labels that are on the series of every exporter, and the column.
const OF_THE_TARGET: [(&str, &str); 3] = [
    ("cluster", "cluster"),
    ("node", "node"),
    ("instance", "node"),
];
/// Columns that tell instances of one container apart, and not entities.
const OF_THE_INSTANCE: [&str; 2] = ["cgroup_path", "container_id"];

/// What an expression comes to.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Mapped {
    pub(super) source: Source,
    pub(super) period: u32,
    pub(super) operator: ComparisonOperator,
    pub(super) threshold: f64,
    pub(super) missing: TreatMissingData,
}

/// A selector that was looked up.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found {
    pub(super) metric: &'static Metric,
    pub(super) table: &'static Table,
}

pub(super) fn map(node: &Node, notes: &mut Vec<String>) -> Result<Mapped, NotImported> {
    match node {
        Node::Absent(value) => absent(value, notes),
        Node::Comparison(comparison, pair) => {
            if let Some((side, comparison, number)) = against(*comparison, &pair.left, &pair.right)
                && let Some(mapped) = rows(side, comparison, number, notes)?
            {
                return Ok(mapped);
            }
            sql::map(node, notes)
        }
        Node::And(_) | Node::Unless(_) => sql::map(node, notes),
        other => {
            let why =
                "there is nothing that it is compared with: write >, >=, < or <= and a number";
            Err(match other.at() {
                Some(at) => NotImported::at(at, why),
                None => NotImported::whole(why),
            })
        }
    }
}

/// A side that is held against a number, with the number on the right.
pub(super) fn against<'a>(
    comparison: Comparison,
    left: &'a Node,
    right: &'a Node,
) -> Option<(&'a Node, Comparison, f64)> {
    match (left, right) {
        (Node::Number(_), Node::Number(_)) => None,
        (side, Node::Number(number)) => Some((side, comparison, *number)),
        (Node::Number(number), side) => Some((side, comparison.turned(), *number)),
        _ => None,
    }
}

impl Comparison {
    /// The same with the sides exchanged.
    fn turned(self) -> Comparison {
        match self {
            Comparison::Greater => Comparison::Less,
            Comparison::GreaterOrEqual => Comparison::LessOrEqual,
            Comparison::Less => Comparison::Greater,
            Comparison::LessOrEqual => Comparison::GreaterOrEqual,
            same => same,
        }
    }

    /// CloudWatch's; it has none for equality.
    pub(super) fn operator(self) -> Option<ComparisonOperator> {
        Some(match self {
            Comparison::Greater => ComparisonOperator::GreaterThanThreshold,
            Comparison::GreaterOrEqual => ComparisonOperator::GreaterThanOrEqualToThreshold,
            Comparison::Less => ComparisonOperator::LessThanThreshold,
            Comparison::LessOrEqual => ComparisonOperator::LessThanOrEqualToThreshold,
            Comparison::Equal | Comparison::NotEqual => return None,
        })
    }
}

/// A metric, or a group of one, against a number, if that is a statistic over rows.
fn rows(
    side: &Node,
    comparison: Comparison,
    number: f64,
    notes: &mut Vec<String>,
) -> Result<Option<Mapped>, NotImported> {
    let (aggregation, value) = match side {
        Node::Value(value) => (None, value),
        Node::Aggregation(aggregation) => match &*aggregation.of {
            Node::Value(value) => (Some(aggregation), value),
            _ => return Ok(None),
        },
        _ => return Ok(None),
    };
    let found = find(&value.selector)?;
    check(value, found)?;
    let (Some(operator), Some((column, factor))) = (comparison.operator(), column(found.metric))
    else {
        return Ok(None);
    };
    let Some(how) = how(aggregation, value.range, found.metric, column) else {
        return Ok(None);
    };
    let threshold = number * factor * how.times;
    if !threshold.is_finite() {
        return Err(NotImported::whole("the threshold is too great"));
    }
    let Some(statistic) = Statistic::of(how.statistic) else {
        return Err(NotImported::whole("the statistic is not known"));
    };
    let groups = groups(aggregation, found)?;
    Ok(Some(Mapped {
        source: Source::Rows(Rows {
            entity: found.table.name.to_owned(),
            metric: how.metric,
            statistic,
            filters: filters(&value.selector, found, notes)?,
            group_by: groups
                .into_iter()
                .map(|(_, column)| column.to_owned())
                .collect(),
        }),
        period: how.period,
        operator,
        threshold,
        missing: TreatMissingData::NotBreaching,
    }))
}

/// That nothing has such labels: no sample in a minute, and a minute without data breaches.
fn absent(value: &Value, notes: &mut Vec<String>) -> Result<Mapped, NotImported> {
    if let Some(range) = value.range {
        return Err(NotImported::at(
            range.at,
            "absent of a metric is known, and not of a function",
        ));
    }
    let found = find(&value.selector)?;
    let Some((column, _)) = column(found.metric) else {
        let why = format!("it is made of several columns: {}", found.metric.formula);
        return Err(NotImported::at(value.selector.at, why));
    };
    let Some(statistic) = Statistic::of("SampleCount") else {
        return Err(NotImported::whole("the statistic is not known"));
    };
    Ok(Mapped {
        source: Source::Rows(Rows {
            entity: found.table.name.to_owned(),
            metric: column.to_owned(),
            statistic,
            filters: filters(&value.selector, found, notes)?,
            group_by: Vec::new(),
        }),
        period: MINUTE,
        operator: ComparisonOperator::LessThanThreshold,
        threshold: 1.0,
        missing: TreatMissingData::Breaching,
    })
}

/// Looks a selector up.
pub(super) fn find(selector: &Selector) -> Result<Found, NotImported> {
    let metric = metric(selector)?;
    let Some(table) = catalogue::table(metric.table) else {
        return Err(NotImported::at(selector.at, "its table is not known"));
    };
    if metric.absent.starts_with("always one series") {
        let why = format!("{} is {}", selector.metric, metric.absent);
        return Err(NotImported::at(selector.at, why));
    }
    Ok(Found { metric, table })
}

/// Whether a function is of such a metric.
pub(super) fn check(value: &Value, found: Found) -> Result<(), NotImported> {
    let counts = found.metric.kind == MetricKind::Counter;
    match value.range {
        None if counts => Err(NotImported::at(
            value.selector.at,
            "a counter's own value is not kept, only its increase: write rate(…[5m])",
        )),
        Some(range) if range.function.is_of_counters() && !counts => Err(NotImported::at(
            range.at,
            "this is of counters, and the metric is none",
        )),
        Some(range) if !range.function.is_of_counters() && counts => Err(NotImported::at(
            range.at,
            "of counters only rate and increase are known",
        )),
        _ => Ok(()),
    }
}

/// The one metric of that name that the matchers leave.
fn metric(selector: &Selector) -> Result<&'static Metric, NotImported> {
    let all: Vec<&'static Metric> = metrics_named(Dialect::Prometheus, &selector.metric)
        .chain(kube_state::metrics_named(&selector.metric))
        .collect();
    if all.is_empty() {
        let name = crate::excerpt::excerpt(&selector.metric, 80);
        let known = catalogue::metrics().filter(|m| m.dialect == Dialect::Prometheus);
        let known = known.chain(kube_state::metrics());
        let near = nearest(&selector.metric, known.map(|m| m.name));
        let why = match near {
            _ if name.contains(':') => {
                format!("{name} is what another rule records: write its expression")
            }
            Some(near) => format!("the metric {name} is not known, did you mean {near}?"),
            None => format!("the metric {name} is not known"),
        };
        return Err(NotImported::at(selector.at, why));
    }
    for matcher in &selector.matchers {
        if all.iter().all(|metric| !has(metric, &matcher.label)) {
            let label = crate::excerpt::excerpt(&matcher.label, 80);
            let why = format!("{} has no label {label} here", selector.metric);
            return Err(NotImported::at(matcher.at, why));
        }
    }
    // Of one value that is fixed for some series, it is those that are meant: `id="/"` is the node.
    let is_fixed = |matcher: &Matcher| {
        let fixes =
            |metric: &&Metric| fixed(metric, matcher).is_some() && may_pass(metric, matcher);
        !matcher.negated && matcher.pattern.is_one() && all.iter().any(fixes)
    };
    let fixed_labels: Vec<&str> = selector
        .matchers
        .iter()
        .filter(|matcher| is_fixed(matcher))
        .map(|matcher| matcher.label.as_str())
        .collect();
    let varies = |metric: &Metric| {
        let mut columns = metric.label_columns.iter();
        columns.any(|(label, _)| fixed_labels.contains(label))
    };
    let passes =
        |metric: &&Metric| !varies(metric) && selector.matchers.iter().all(|m| may_pass(metric, m));
    let mut left: Vec<&'static Metric> = Vec::new();
    for metric in all.iter().copied().filter(passes) {
        // Two exporters tell of the same.
        let is_same = |other: &&Metric| {
            (other.table, other.rows, &other.formula)
                == (metric.table, metric.rows, &metric.formula)
        };
        if !left.iter().any(is_same) {
            left.push(metric);
        }
    }
    match left.as_slice() {
        [metric] => Ok(metric),
        [] => Err(NotImported::at(selector.at, "no series has such labels")),
        several => {
            let differ = |label: &str| {
                let mut values = several.iter().map(|metric| {
                    let fixed = metric.labels.iter().find(|(name, _)| *name == label);
                    fixed.map(|(_, value)| *value)
                });
                let first = values.next();
                values.any(|value| Some(value) != first)
            };
            let labels = several.iter().flat_map(|metric| &metric.labels);
            let label = labels.map(|(label, _)| *label).find(|label| differ(label));
            if let (Some(label), true) = (
                label,
                several.iter().all(|m| m.origin == kube_state::ORIGIN),
            ) {
                let why = format!("its series differ in {label}: name one value of it");
                return Err(NotImported::at(selector.at, why));
            }
            let mut of: Vec<String> = several
                .iter()
                .map(|metric| match metric.rows {
                    catalogue::Rows::All => metric.table.to_owned(),
                    rows => format!("{} where {rows}", metric.table),
                })
                .collect();
            of.dedup();
            let why = format!(
                "its series are of several entities ({}): name one by a label, such as container!=\"\"",
                of.join("; ")
            );
            Err(NotImported::at(selector.at, why))
        }
    }
}

fn has(metric: &Metric, label: &str) -> bool {
    OF_THE_SCRAPE.contains(&label)
        || OF_THE_TARGET.iter().any(|(name, _)| *name == label)
        || metric.labels.iter().any(|(name, _)| *name == label)
        || metric.label_columns.iter().any(|(name, _)| *name == label)
}

/// The value of the matcher's label, where all series of the metric have the same.
fn fixed(metric: &Metric, matcher: &Matcher) -> Option<&'static str> {
    let mut labels = metric.labels.iter();
    let found = labels.find(|(name, _)| *name == matcher.label);
    found.map(|(_, value)| *value)
}

/// Whether series of the metric can have such a label.
fn may_pass(metric: &Metric, matcher: &Matcher) -> bool {
    let label = matcher.label.as_str();
    if let Some(value) = fixed(metric, matcher) {
        return matcher.pattern.matches(value) != matcher.negated;
    }
    match has(metric, label) {
        // What has the label has a value for it.
        true => {
            let only_empty = Pattern::exact("").is_ok_and(|empty| empty == matcher.pattern);
            matcher.negated || !only_empty
        }
        false => matcher.pattern.matches("") != matcher.negated,
    }
}

/// The column that the value is, and what it is times the value.
fn column(metric: &Metric) -> Option<(&'static str, f64)> {
    let table = catalogue::table(metric.table)?;
    match &metric.formula {
        Formula::Column(name) => table.column(name).map(|column| (column.name, 1.0)),
        Formula::Divide(column, by) => match (column.as_ref(), by.as_ref()) {
            (Formula::Column(name), Formula::Constant(by)) => Some((name, *by)),
            _ => None,
        },
        _ => None,
    }
}

/// How rows become data points.
struct How {
    metric: String,
    statistic: &'static str,
    period: u32,
    /// What the threshold is multiplied by.
    times: f64,
}

/// The statistic that it is, if it is one.
fn how(
    aggregation: Option<&Aggregation>,
    range: Option<Range>,
    metric: &Metric,
    column: &str,
) -> Option<How> {
    let function = aggregation.map(|aggregation| aggregation.function.as_str());
    let Some(range) = range else {
        let statistic = match function {
            None | Some("avg") => "Average",
            Some("min") => "Minimum",
            Some("max") => "Maximum",
            // A sum over series is no statistic over a period.
            Some(_) => return None,
        };
        return Some(How {
            metric: column.to_owned(),
            statistic,
            period: MINUTE,
            times: 1.0,
        });
    };
    let period = range.seconds;
    let of_column = |statistic: &'static str, times: f64| How {
        metric: column.to_owned(),
        statistic,
        period,
        times,
    };
    Some(match (range.function, function) {
        (Function::Increase, None | Some("sum")) => of_column("Sum", 1.0),
        (Function::Rate, None | Some("sum")) => of_column("Sum", f64::from(period)),
        (Function::Rate, Some("avg")) => {
            // The kubelet's and the API's counts have no rate of their own.
            let rate = format!("{column}{PER_SECOND}");
            catalogue::resolve(catalogue::table(metric.table)?, &rate)?;
            How {
                metric: rate,
                ..of_column("Average", 1.0)
            }
        }
        (Function::MaxOverTime, None | Some("max")) => of_column("Maximum", 1.0),
        (Function::MinOverTime, None | Some("min")) => of_column("Minimum", 1.0),
        (Function::AvgOverTime, None | Some("avg")) => of_column("Average", 1.0),
        _ => return None,
    })
}

/// The column of a label, if it has one.
fn column_of(metric: &Metric, table: &Table, label: &str) -> Option<&'static str> {
    let own = metric.label_columns.iter().find(|(name, _)| *name == label);
    let target = OF_THE_TARGET.iter().find(|(name, _)| *name == label);
    let column = own.or(target).map(|(_, column)| *column)?;
    table.column(column).map(|column| column.name)
}

/// Which rows: those that the metric is about, of which the matchers hold.
pub(super) fn filters(
    selector: &Selector,
    Found { metric, table }: Found,
    notes: &mut Vec<String>,
) -> Result<Filters, NotImported> {
    let mut filters = Filters::new();
    let text = |value: &str| Some(value.to_owned());
    let rows = match metric.rows {
        catalogue::Rows::All => None,
        catalogue::Rows::Equal(column, value) => Some((column, false, vec![text(value)])),
        catalogue::Rows::OneOf(column, values) => Some((
            column,
            false,
            values.iter().map(|value| text(value)).collect(),
        )),
        catalogue::Rows::Not(column, value) => Some((column, true, vec![text(value)])),
        catalogue::Rows::Present(column) => Some((column, true, vec![None])),
        catalogue::Rows::True(column) => Some((column, false, vec![text("true")])),
    };
    if let Some((column, not, values)) = rows {
        filters.insert(column.to_owned(), Filter { not, values });
    }
    for matcher in &selector.matchers {
        let label = matcher.label.as_str();
        if OF_THE_SCRAPE.contains(&label) {
            let note = format!("the matcher on {label} is left out: it is of Prometheus' scrape");
            if !notes.contains(&note) {
                notes.push(note);
            }
            continue;
        }
        if label == "instance" {
            let why = "an instance is an address, which rows do not have: match on node";
            return Err(NotImported::at(matcher.at, why));
        }
        // A label of a fixed value has chosen the metric.
        let Some(column) = column_of(metric, table, label) else {
            continue;
        };
        let filter = matcher.pattern.filter(matcher.negated);
        let filter = filter.map_err(|why| NotImported::at(matcher.at, why))?;
        let Some(filter) = filter else { continue };
        let both = match filters.remove(column) {
            None => filter,
            Some(before) => both(before, filter).ok_or_else(|| {
                let why = format!("these matchers of {label} together are not known");
                NotImported::at(matcher.at, why)
            })?,
        };
        filters.insert(column.to_owned(), both);
    }
    Ok(filters)
}

/// What passes two conditions on one column.
fn both(a: Filter, b: Filter) -> Option<Filter> {
    let is_present = |filter: &Filter| filter.not && filter.values == [None];
    let is_some = |filter: &Filter| !filter.not && filter.values.iter().all(Option::is_some);
    match (a.not, b.not) {
        (true, true) => {
            let mut values = a.values;
            let more = b.values.into_iter().filter(|value| !values.contains(value));
            let more: Vec<_> = more.collect();
            values.extend(more);
            Some(Filter { not: true, values })
        }
        _ if is_present(&a) && is_some(&b) => Some(b),
        _ if is_present(&b) && is_some(&a) => Some(a),
        _ if a == b => Some(a),
        _ => None,
    }
}

/// What series are told apart by: labels, and their columns.
pub(super) fn groups(
    aggregation: Option<&Aggregation>,
    Found { metric, table }: Found,
) -> Result<Vec<(String, &'static str)>, NotImported> {
    let mut groups: Vec<(String, &'static str)> = Vec::new();
    match aggregation {
        Some(aggregation) => {
            for (at, label) in &aggregation.by {
                match column_of(metric, table, label) {
                    Some(column) => groups.push((label.clone(), column)),
                    // The same for all.
                    None if has(metric, label) => {}
                    None => {
                        let label = crate::excerpt::excerpt(label, 80);
                        let why = format!("{} has no label {label} here", metric.name);
                        return Err(NotImported::at(*at, why));
                    }
                }
            }
        }
        None => {
            let target = ["cluster", "node"].into_iter().filter(|name| {
                // What the API tells of is not on the node of the exporter.
                metric.origin != kube_state::ORIGIN || *name == "cluster"
            });
            let target = target.filter_map(|name| {
                let column = table.column(name)?;
                Some((column.name, column.name))
            });
            let own = metric.label_columns.iter().copied();
            let has_pod = metric
                .label_columns
                .iter()
                .any(|(label, _)| *label == "pod");
            let own = own.filter(|(_, column)| !has_pod || !OF_THE_INSTANCE.contains(column));
            groups.extend(
                target
                    .chain(own)
                    .map(|(label, column)| (label.to_owned(), column)),
            );
            // As the table has them: namespace, pod, container.
            groups.sort_by_key(|(_, name)| table.columns.iter().position(|c| c.name == *name));
        }
    }
    let mut once: Vec<(String, &'static str)> = Vec::new();
    for group in groups {
        if !once.iter().any(|(_, column)| *column == group.1) {
            once.push(group);
        }
    }
    Ok(once)
}
