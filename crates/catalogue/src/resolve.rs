//! What a name means when somebody asks a table for it.

use std::borrow::Cow;

use crate::column::{Column, ColumnType, Temporality};
use crate::formula::{Formula, column, per_second};
use crate::metric::{Dialect, MetricKind, Rows};
use crate::names::metrics_named;
use crate::table::Table;

/// Put behind a delta column's name to ask for its rate.
pub const PER_SECOND: &str = "_per_second";

/// What a name means for the rows of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Resolved {
    /// The name that was asked for, as the catalogue or the table writes it.
    pub name: Cow<'static, str>,
    /// The table.
    pub table: &'static str,
    /// Which of its rows the name is about.
    pub rows: Rows,
    /// The value in one row.
    pub formula: Formula,
    /// Columns by which values of one time are added up to one sample; see [`Metric`](crate::Metric).
    pub gather: &'static [&'static str],
    /// CloudWatch's unit for a Container Insights name, else UCUM.
    pub unit: Cow<'static, str>,
    /// How values behave. [`MetricKind::Counter`] is the increase within each row.
    pub kind: MetricKind,
    /// What it means.
    pub help: &'static str,
}

/// Finds what `name` means for rows of `table`: a Container Insights name of that table, a column that holds a
/// number, or such a column's increase a second (`cpu_usage_usec_per_second`). `None` when it is none of them.
pub fn resolve(table: &Table, name: &str) -> Option<Resolved> {
    insights(table, name)
        .or_else(|| base(table, name))
        .or_else(|| rate(table, name))
}

/// Every name that [`resolve`] knows for a table, for suggestions and listings.
pub fn resolvable(table: &Table) -> impl Iterator<Item = Cow<'static, str>> {
    let name = table.name;
    let columns = table.columns;
    let insights = crate::names::metrics()
        .filter(move |m| m.dialect == Dialect::ContainerInsights && m.table == name)
        .map(|m| Cow::Borrowed(m.name));
    let base = columns
        .iter()
        .filter(|c| is_number(c))
        .map(|c| Cow::Borrowed(c.name));
    let rates = columns
        .iter()
        .filter(|c| has_rate(c))
        .map(|c| Cow::Owned(format!("{}{PER_SECOND}", c.name)));
    insights.chain(base).chain(rates)
}

fn insights(table: &Table, name: &str) -> Option<Resolved> {
    metrics_named(Dialect::ContainerInsights, name)
        .find(|m| m.table == table.name)
        .map(|metric| Resolved {
            name: metric.name.into(),
            table: table.name,
            rows: metric.rows,
            formula: metric.formula.clone(),
            gather: metric.gather,
            unit: metric.unit.into(),
            kind: metric.kind,
            help: metric.help,
        })
}

fn base(table: &Table, name: &str) -> Option<Resolved> {
    let found = table.column(name).filter(|c| is_number(c))?;
    Some(Resolved {
        name: found.name.into(),
        table: table.name,
        rows: Rows::All,
        formula: column(found.name),
        gather: &[],
        unit: found.unit.into(),
        kind: match found.temporality {
            Temporality::Delta => MetricKind::Counter,
            _ => MetricKind::Gauge,
        },
        help: found.help,
    })
}

fn rate(table: &Table, name: &str) -> Option<Resolved> {
    let found = table
        .column(name.strip_suffix(PER_SECOND)?)
        .filter(|c| has_rate(c))?;
    Some(Resolved {
        name: format!("{}{PER_SECOND}", found.name).into(),
        table: table.name,
        rows: Rows::All,
        formula: per_second(found.name),
        gather: &[],
        unit: format!("{}/s", found.unit).into(),
        kind: MetricKind::Rate,
        help: found.help,
    })
}

fn is_number(column: &Column) -> bool {
    matches!(column.kind, ColumnType::Integer | ColumnType::Float)
}

fn has_rate(column: &Column) -> bool {
    column.temporality == Temporality::Delta && column.name != "interval_usec"
}
