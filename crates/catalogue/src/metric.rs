//! A metric: a name in some dialect, and what it means in columns.

use std::fmt;

use crate::formula::Formula;

/// Whose name it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Dialect {
    /// AWS's Container Insights: CloudWatch metrics of the namespace `ContainerInsights`.
    ContainerInsights,
    /// Prometheus: cAdvisor, node-exporter and kubelet.
    Prometheus,
    /// OpenTelemetry's semantic conventions and the collector's receivers.
    OpenTelemetry,
}

impl fmt::Display for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Dialect::ContainerInsights => "Container Insights",
            Dialect::Prometheus => "Prometheus",
            Dialect::OpenTelemetry => "OpenTelemetry",
        })
    }
}

/// How values of a metric behave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MetricKind {
    /// A value at a time.
    Gauge,
    /// An increase divided by the time in which it happened.
    Rate,
    /// The formula is the increase within a row's interval. Dialects that count on (Prometheus, OpenTelemetry's
    /// cumulative sums) show its running sum over the entity's rows.
    Counter,
}

impl fmt::Display for MetricKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            MetricKind::Gauge => "gauge",
            MetricKind::Rate => "rate",
            MetricKind::Counter => "counter",
        })
    }
}

/// Which rows of its table a metric is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Rows {
    /// All of them.
    All,
    /// Those in which the text column has this value.
    Equal(&'static str, &'static str),
    /// Those in which the text column has one of these values.
    OneOf(&'static str, &'static [&'static str]),
    /// Those in which the text column has another value than this.
    Not(&'static str, &'static str),
    /// Those in which the text column is not null.
    Present(&'static str),
    /// Those in which the boolean column is true.
    True(&'static str),
}

impl Rows {
    /// The column that decides.
    pub fn column(&self) -> Option<&'static str> {
        match self {
            Rows::All => None,
            Rows::Equal(column, _)
            | Rows::OneOf(column, _)
            | Rows::Not(column, _)
            | Rows::Present(column)
            | Rows::True(column) => Some(column),
        }
    }
}

impl fmt::Display for Rows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Rows::All => Ok(()),
            Rows::Equal(column, value) => write!(f, "{column} = '{value}'"),
            Rows::OneOf(column, values) => write!(f, "{column} IN ('{}')", values.join("', '")),
            Rows::Not(column, value) => write!(f, "{column} <> '{value}'"),
            Rows::Present(column) => write!(f, "{column} IS NOT NULL"),
            Rows::True(column) => f.write_str(column),
        }
    }
}

/// A list of CloudWatch dimension names under which a metric is published, sorted.
pub type DimensionSet = &'static [&'static str];

/// How Container Insights publishes a metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Publication {
    /// Dimension sets in the standard mode; empty when it is a field of the log event only.
    pub standard: &'static [DimensionSet],
    /// Dimension sets in the enhanced mode; empty when it is a field of the log event only.
    pub enhanced: &'static [DimensionSet],
}

/// A name of a dialect as a formula over the columns of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Metric {
    /// Its name. In Prometheus and OpenTelemetry several metrics share one, told apart by table and labels.
    pub name: &'static str,
    /// Whose name it is.
    pub dialect: Dialect,
    /// Where others get it: in Container Insights the `Type` of the log event that carries it (`Node`, `Pod`, …), in
    /// Prometheus the exporter, in OpenTelemetry the convention or receiver.
    pub origin: &'static str,
    /// The table whose rows have it.
    pub table: &'static str,
    /// Which of the rows.
    pub rows: Rows,
    /// The unit as the dialect writes it: CloudWatch's (`Percent`, `Bytes/Second`, `None`), Prometheus' base units
    /// (`seconds`, `bytes`, empty) or UCUM (`By`, `{cpu}`).
    pub unit: &'static str,
    /// How its values behave.
    pub kind: MetricKind,
    /// Its value in one row.
    pub formula: Formula,
    /// Columns by which the values of rows of one time are added up to one sample (a cluster's nodes to their number);
    /// empty when each row is a sample.
    pub gather: &'static [&'static str],
    /// What it means.
    pub help: &'static str,
    /// When a row has no value; empty when nothing but a null column makes it absent.
    pub absent: &'static str,
    /// Labels or attributes with a fixed value.
    pub labels: Vec<(&'static str, &'static str)>,
    /// Labels or attributes that take their value from a column: label, column. Those that every row of a dialect
    /// has (cluster, node) are the speaker's to add.
    pub label_columns: Vec<(&'static str, &'static str)>,
    /// How Container Insights publishes it; `None` in other dialects.
    pub publication: Option<Publication>,
}

/// A name of a dialect that has no formula yet, and what it waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// Its name.
    pub name: &'static str,
    /// Whose name it is.
    pub dialect: Dialect,
    /// Where others get it, as in [`Metric`].
    pub origin: &'static str,
    /// The unit as the dialect writes it.
    pub unit: &'static str,
    /// What has to be read before it can be answered.
    pub needs: &'static str,
    /// How Container Insights publishes it; `None` in other dialects.
    pub publication: Option<Publication>,
}
