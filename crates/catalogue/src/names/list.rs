//! A compact way to write lists of metrics down.

use crate::column::Temporality;
use crate::formula::Formula;
use crate::metric::{Dialect, DimensionSet, Metric, MetricKind, Publication, Rows};
use crate::tables;

/// A label and its value, or a label and the column that has its value.
pub(super) type Labels = &'static [(&'static str, &'static str)];

/// What the metrics of a list have in common.
#[derive(Debug, Clone, Copy)]
pub(super) struct Group {
    pub(super) dialect: Dialect,
    pub(super) origin: &'static str,
    pub(super) table: &'static str,
    pub(super) rows: Rows,
    /// Labels with a fixed value.
    pub(super) labels: Labels,
    pub(super) label_columns: Labels,
}

impl Group {
    pub(super) fn metric(
        self,
        name: &'static str,
        unit: &'static str,
        formula: Formula,
        help: &'static str,
    ) -> Metric {
        Metric {
            name,
            dialect: self.dialect,
            origin: self.origin,
            table: self.table,
            rows: self.rows,
            unit,
            kind: kind(self.table, &formula),
            formula,
            gather: &[],
            help,
            absent: "",
            labels: self.labels.to_vec(),
            label_columns: self.label_columns.to_vec(),
            publication: (self.dialect == Dialect::ContainerInsights).then_some(Publication {
                standard: &[],
                enhanced: &[],
            }),
        }
    }
}

/// A formula over the interval is a rate; one over increases, without it, counts; everything else is a gauge.
fn kind(table: &str, formula: &Formula) -> MetricKind {
    let columns = formula.columns();
    let is_delta = |name: &&str| {
        tables::table(table)
            .and_then(|t| t.column(name))
            .is_some_and(|c| c.temporality == Temporality::Delta)
    };
    if columns.contains(&"interval_usec") {
        MetricKind::Rate
    } else if columns.iter().any(is_delta) {
        MetricKind::Counter
    } else {
        MetricKind::Gauge
    }
}

/// What a line of `list!` may add to its metric.
impl Metric {
    pub(super) fn absent(mut self, when: &'static str) -> Metric {
        self.absent = when;
        self
    }

    /// Rows of one time that agree in these columns are one sample.
    pub(super) fn gathered(mut self, by: &'static [&'static str]) -> Metric {
        self.gather = by;
        self
    }

    /// Labels on top of the group's.
    pub(super) fn labels(mut self, labels: Labels) -> Metric {
        self.labels.extend_from_slice(labels);
        self
    }

    /// Labels from columns on top of the group's.
    pub(super) fn label_columns(mut self, columns: Labels) -> Metric {
        self.label_columns.extend_from_slice(columns);
        self
    }

    /// Published under these dimension sets in the standard mode and in the enhanced one.
    pub(super) fn published(
        mut self,
        (standard, enhanced): (&'static [DimensionSet], &'static [DimensionSet]),
    ) -> Metric {
        self.publication = Some(Publication { standard, enhanced });
        self
    }
}

/// Adds a metric a line to a list: `name, unit, formula, help, what else;`.
macro_rules! list {
    ($list:expr, $group:expr; $($name:expr, $unit:literal, $formula:expr, $help:literal $(, $setter:ident $value:expr)*;)*) => {
        $($list.push($group.metric($name, $unit, $formula, $help)$(.$setter($value))*);)*
    };
}
