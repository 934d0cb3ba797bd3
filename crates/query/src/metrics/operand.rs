//! A formula as an expression over the rows of a tier.

use catalogue::{Column, Formula, ROLLUP_MINUTES, Rows, Table, Temporality, Tier};
use datafusion::arrow::datatypes::DataType;
use datafusion::functions::core::expr_fn::nullif;
use datafusion::logical_expr::{Expr, cast, ident, lit, when};

use crate::metrics::shape::Shape;

/// Which value of a sample is meant, where the row keeps more than one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// The mean within the sample.
    Mean,
    /// The least that it can have been.
    Least,
    /// The greatest.
    Greatest,
}

impl Mode {
    /// The mode of what is taken away.
    fn flipped(self) -> Mode {
        match self {
            Mode::Mean => Mode::Mean,
            Mode::Least => Mode::Greatest,
            Mode::Greatest => Mode::Least,
        }
    }
}

/// What one sample contributes: a number, or null when an operand is null or a denominator zero.
pub(crate) fn value(formula: &Formula, rows: Rows, table: &Table, tier: Tier, mode: Mode) -> Expr {
    let writer = Writer {
        table,
        tier,
        each: None,
    };
    let shape = Shape::of(formula, table);
    let value = match tier {
        // Coarse rows hold the deltas of several minutes, and a sample is one minute: what grows with the row's
        // length is divided by how many minutes there are.
        Tier::FiveMinutes | Tier::Hour => match shape.degree {
            Some(0) => writer.write(formula, mode),
            Some(1) => writer.write(formula, mode) / minutes(),
            _ => Writer {
                each: Some(minutes()),
                ..writer
            }
            .write(formula, mode),
        },
        Tier::Raw | Tier::Minute => writer.write(formula, mode),
    };
    match condition(rows) {
        // A searched CASE with one branch and no ELSE: null for rows that the metric is not about.
        Some(condition) => when(condition, value.clone()).end().unwrap_or(value),
        None => value,
    }
}

/// How many minutes a coarse row stands for.
pub(crate) fn minutes() -> Expr {
    cast(ident(ROLLUP_MINUTES), DataType::Float64)
}

/// Which rows a metric is about; `None` for all.
pub(crate) fn condition(rows: Rows) -> Option<Expr> {
    match rows {
        Rows::All => None,
        Rows::Equal(column, value) => Some(ident(column).eq(lit(value))),
        Rows::OneOf(column, values) => {
            Some(ident(column).in_list(values.iter().map(|value| lit(*value)).collect(), false))
        }
        Rows::Not(column, value) => Some(ident(column).not_eq(lit(value))),
        Rows::Present(column) => Some(ident(column).is_not_null()),
        Rows::True(column) => Some(ident(column)),
    }
}

struct Writer<'a> {
    table: &'a Table,
    tier: Tier,
    /// What every delta is divided by.
    each: Option<Expr>,
}

impl Writer<'_> {
    fn write(&self, formula: &Formula, mode: Mode) -> Expr {
        match formula {
            Formula::Constant(number) => lit(*number),
            Formula::Column(name) => self.column(name, mode),
            Formula::Add(a, b) => self.write(a, mode) + self.write(b, mode),
            Formula::Subtract(a, b) => self.write(a, mode) - self.write(b, mode.flipped()),
            // Measurements are not negative, so the greatest factors make the greatest product.
            Formula::Multiply(a, b) => self.write(a, mode) * self.write(b, mode),
            Formula::Divide(a, b) => self.write(a, mode) / self.denominator(b),
        }
    }

    /// By its mean, and never zero.
    fn denominator(&self, formula: &Formula) -> Expr {
        match formula {
            Formula::Constant(number) if *number != 0.0 => lit(*number),
            other => nullif(self.write(other, Mode::Mean), lit(0.0)),
        }
    }

    fn column(&self, name: &str, mode: Mode) -> Expr {
        let number = |name: &str| cast(ident(name), DataType::Float64);
        let temporality = self.table.column(name).map(|c| c.temporality);
        match (temporality, self.tier, &self.each) {
            (Some(Temporality::Gauge), Tier::Minute | Tier::FiveMinutes | Tier::Hour, _) => {
                match mode {
                    // The count is null or positive where the sum is not null.
                    Mode::Mean => number(&format!("{name}_sum")) / number(&format!("{name}_count")),
                    Mode::Least => number(&format!("{name}_min")),
                    Mode::Greatest => number(&format!("{name}_max")),
                }
            }
            (Some(Temporality::Delta), _, Some(each)) => number(name) / each.clone(),
            _ => number(name),
        }
    }
}

/// The columns of a formula.
pub(crate) fn columns(formula: &Formula, table: &'static Table) -> Vec<&'static Column> {
    formula
        .columns()
        .into_iter()
        .filter_map(|name| table.column(name))
        .collect()
}
