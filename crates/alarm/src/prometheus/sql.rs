//! Expressions over several metrics of one table as SQL: what Prometheus computes at a moment of the newest sample of each
//! series, computed for each period.
//!
//! ```sql
//! SELECT time, cluster, namespace, deployment, (v0 - v1) AS value FROM (
//!   SELECT date_bin(INTERVAL '60 seconds', time, $start) AS time, cluster, namespace, object_name AS deployment,
//!     last_value(…desired… ORDER BY time) AS v0, last_value(…available… ORDER BY time) AS v1
//!   FROM object WHERE time >= $start AND time < $end AND object_kind = 'Deployment' GROUP BY 1, 2, 3, 4)
//! ```
//!
//! Both sides of an operator are rows of one table with the same conditions, and either of series or of the same groups of
//! them: then one stands against one, as Prometheus wants it too. Two metrics are a difference held against 0; `and`, `unless`
//! and equality are 1 where they hold, and 0 where they do not.

use std::fmt::Write;

use catalogue::{ColumnType, Derivation, Formula, Table};

use super::NotImported;
use super::expression::{Aggregation, Arithmetic, Comparison, Function, Node, Pair, Value};
use super::mapping::{Found, Mapped, against, check, filters, find, groups};
use crate::definition::Source;
use crate::definition::source::{Filter, Filters, Sql};
use crate::operator::ComparisonOperator;
use crate::treatment::TreatMissingData;

/// Seconds of a period where no function names a time.
const MINUTE: u32 = 60;

pub(super) fn map(node: &Node, notes: &mut Vec<String>) -> Result<Mapped, NotImported> {
    let mut query = Query {
        period: period(node)?.unwrap_or(MINUTE),
        rows: None,
        by: None,
        has_series: false,
        leaves: Vec::new(),
        notes,
    };
    let plain = |comparison: &Comparison| comparison.operator();
    let (value, operator, threshold) = match node {
        Node::Comparison(comparison, pair) if plain(comparison).is_some() => {
            match against(*comparison, &pair.left, &pair.right) {
                Some((side, comparison, number)) => {
                    let value = query.number(side, None)?;
                    (value, plain(&comparison), number)
                }
                None => {
                    let left = query.number(&pair.left, None)?;
                    let right = query.number(&pair.right, None)?;
                    (format!("({left} - {right})"), plain(comparison), 0.0)
                }
            }
        }
        _ => {
            let holds = query.truth(node)?;
            let value = format!("CASE WHEN {holds} THEN 1.0 ELSE 0.0 END");
            let note = "its value is 1 where the condition holds, and 0 where it does not";
            query.notes.push(note.to_owned());
            (value, None, 0.0)
        }
    };
    Ok(Mapped {
        period: query.period,
        source: Source::Sql(Sql {
            query: query.statement(&value)?,
        }),
        operator: operator.unwrap_or(ComparisonOperator::GreaterThanThreshold),
        threshold,
        missing: TreatMissingData::NotBreaching,
    })
}

/// The length of time that functions name, which is the same for all of them.
fn period(node: &Node) -> Result<Option<u32>, NotImported> {
    let of_pair = |pair: &Pair| {
        let (left, right) = (period(&pair.left)?, period(&pair.right)?);
        match (left, right) {
            (Some(a), Some(b)) if a != b => {
                let why = format!("one side is over {a} seconds and the other over {b}");
                Err(NotImported::at(pair.at, why))
            }
            _ => Ok(left.or(right)),
        }
    };
    match node {
        Node::Number(_) => Ok(None),
        Node::Value(value) | Node::Absent(value) => Ok(value.range.map(|range| range.seconds)),
        Node::Aggregation(aggregation) => period(&aggregation.of),
        Node::Arithmetic(_, pair)
        | Node::Comparison(_, pair)
        | Node::And(pair)
        | Node::Unless(pair) => of_pair(pair),
    }
}

/// Rows that all metrics are of.
struct OfRows {
    table: &'static Table,
    filters: Filters,
    /// Label and column of what series are told apart by.
    series: Vec<(String, &'static str)>,
}

struct Query<'a> {
    period: u32,
    rows: Option<OfRows>,
    /// Labels and columns of the groups.
    by: Option<Vec<(String, &'static str)>>,
    /// Whether something is of series, and not of groups of them.
    has_series: bool,
    /// What of each series is read: `v0`, `v1`, ….
    leaves: Vec<String>,
    notes: &'a mut Vec<String>,
}

impl Query<'_> {
    /// An expression that is a number.
    fn number(&mut self, node: &Node, within: Option<&Aggregation>) -> Result<String, NotImported> {
        match node {
            Node::Number(number) if number.is_finite() => Ok(format!("({number:?})")),
            Node::Number(_) => Err(NotImported::whole("a number in it is too great")),
            Node::Value(value) => self.leaf(value, within),
            Node::Aggregation(aggregation) => self.aggregation(aggregation, within),
            Node::Arithmetic(arithmetic, pair) => {
                let left = self.number(&pair.left, within)?;
                let right = self.number(&pair.right, within)?;
                let sign = match arithmetic {
                    Arithmetic::Add => '+',
                    Arithmetic::Subtract => '-',
                    Arithmetic::Multiply => '*',
                    Arithmetic::Divide => '/',
                };
                Ok(format!("({left} {sign} {right})"))
            }
            Node::Comparison(_, pair) | Node::And(pair) | Node::Unless(pair) => {
                let why = "what only passes some series on is not known within an expression";
                Err(NotImported::at(pair.at, why))
            }
            Node::Absent(value) => {
                let why = "absent is known alone, and not within an expression";
                Err(NotImported::at(value.at(), why))
            }
        }
    }

    fn aggregation(
        &mut self,
        aggregation: &Aggregation,
        within: Option<&Aggregation>,
    ) -> Result<String, NotImported> {
        if let Some(outer) = within {
            let why = format!(
                "{} of {} is not known",
                outer.function, aggregation.function
            );
            return Err(NotImported::at(aggregation.at, why));
        }
        let inner = self.number(&aggregation.of, Some(aggregation))?;
        Ok(format!("{}({inner})", aggregation.function))
    }

    /// An expression that holds or does not; not null.
    fn truth(&mut self, node: &Node) -> Result<String, NotImported> {
        match node {
            Node::Comparison(comparison, pair) => {
                let left = self.number(&pair.left, None)?;
                let right = self.number(&pair.right, None)?;
                let sign = match comparison {
                    Comparison::Equal => "=",
                    Comparison::NotEqual => "<>",
                    Comparison::Greater => ">",
                    Comparison::GreaterOrEqual => ">=",
                    Comparison::Less => "<",
                    Comparison::LessOrEqual => "<=",
                };
                Ok(format!("coalesce({left} {sign} {right}, false)"))
            }
            Node::And(pair) => {
                let (left, right) = (self.truth(&pair.left)?, self.truth(&pair.right)?);
                Ok(format!("({left} AND {right})"))
            }
            Node::Unless(pair) => {
                let (left, right) = (self.truth(&pair.left)?, self.truth(&pair.right)?);
                Ok(format!("({left} AND NOT {right})"))
            }
            Node::Number(_) => Err(NotImported::whole("a number alone is no condition")),
            // That there is such a series.
            other => Ok(format!("({} IS NOT NULL)", self.number(other, None)?)),
        }
    }

    /// One metric of each series.
    fn leaf(&mut self, value: &Value, within: Option<&Aggregation>) -> Result<String, NotImported> {
        let found = find(&value.selector)?;
        check(value, found)?;
        self.same_rows(value, found)?;
        self.same_groups(value, found, within)?;
        let row = row(&found.metric.formula, found).ok_or_else(|| {
            let why = format!(
                "it is made of {}, which SQL does not have",
                found.metric.formula
            );
            NotImported::at(value.selector.at, why)
        })?;
        let read = match value.range.map(|range| range.function) {
            // The newest, as Prometheus has it.
            None => format!("last_value({row} ORDER BY time) FILTER (WHERE {row} IS NOT NULL)"),
            Some(Function::Increase) => format!("sum({row})"),
            Some(Function::Rate) => format!("sum({row}) / {}.0", self.period),
            Some(Function::MaxOverTime) => format!("max({row})"),
            Some(Function::MinOverTime) => format!("min({row})"),
            Some(Function::AvgOverTime) => format!("avg({row})"),
            Some(Function::Changes) => {
                let note = "changes is 1 where the value was not always the same, however often it changed";
                if !self.notes.iter().any(|before| before == note) {
                    self.notes.push(note.to_owned());
                }
                format!("CASE WHEN max({row}) > min({row}) THEN 1.0 ELSE 0.0 END")
            }
        };
        let place = match self.leaves.iter().position(|before| *before == read) {
            Some(place) => place,
            None => {
                self.leaves.push(read);
                self.leaves.len() - 1
            }
        };
        Ok(format!("v{place}"))
    }

    fn same_rows(&mut self, value: &Value, found: Found) -> Result<(), NotImported> {
        let filters = filters(&value.selector, found, self.notes)?;
        let at = value.selector.at;
        match &self.rows {
            None => {
                self.rows = Some(OfRows {
                    table: found.table,
                    filters,
                    series: groups(None, found)?,
                });
            }
            Some(rows) if rows.table.name != found.table.name => {
                let why = format!(
                    "it is of table {}, and what is before it of table {}: both sides are of one",
                    found.table.name, rows.table.name
                );
                return Err(NotImported::at(at, why));
            }
            Some(rows) if rows.filters != filters => {
                let why = "it is of other rows than what is before it: write the same labels on both sides";
                return Err(NotImported::at(at, why));
            }
            Some(_) => {}
        }
        Ok(())
    }

    fn same_groups(
        &mut self,
        value: &Value,
        found: Found,
        within: Option<&Aggregation>,
    ) -> Result<(), NotImported> {
        let at = within.map_or(value.at(), |aggregation| aggregation.at);
        match within {
            None => self.has_series = true,
            Some(aggregation) => {
                let mut by = groups(Some(aggregation), found)?;
                by.sort();
                match &self.by {
                    None => self.by = Some(by),
                    Some(before) if *before != by => {
                        let why = "it is of other groups than what is before it: write the same labels in 'by'";
                        return Err(NotImported::at(at, why));
                    }
                    Some(_) => {}
                }
            }
        }
        if self.has_series && self.by.is_some() {
            let why = "one side is of series, and the other of groups of them";
            return Err(NotImported::at(at, why));
        }
        Ok(())
    }

    fn statement(&self, value: &str) -> Result<String, NotImported> {
        let Some(rows) = &self.rows else {
            return Err(NotImported::whole("there is no metric in it"));
        };
        let mut inner: Vec<(String, &'static str)> = rows.series.clone();
        // A group may be by a label that series have under another name, or not of their own.
        for (label, column) in self.by.iter().flatten() {
            if !inner.iter().any(|(known, _)| known == label) {
                inner.push((label.clone(), column));
            }
        }
        let outer: Vec<&str> = match &self.by {
            Some(by) => by.iter().map(|(label, _)| label.as_str()).collect(),
            None => inner.iter().map(|(label, _)| label.as_str()).collect(),
        };
        let mut text = String::from("SELECT time");
        for label in &outer {
            let _ = write!(text, ", {label}");
        }
        let _ = write!(
            text,
            ", {value} AS value FROM (SELECT date_bin(INTERVAL '{} seconds', time, $start) AS time",
            self.period
        );
        for (label, column) in &inner {
            match label == column {
                true => text.push_str(&format!(", {column}")),
                false => text.push_str(&format!(", {column} AS {label}")),
            }
        }
        for (place, leaf) in self.leaves.iter().enumerate() {
            let _ = write!(text, ", {leaf} AS v{place}");
        }
        let _ = write!(
            text,
            " FROM {} WHERE time >= $start AND time < $end",
            rows.table.name
        );
        for (column, filter) in &rows.filters {
            let _ = write!(text, " AND {}", condition(rows.table, column, filter));
        }
        let _ = write!(text, " GROUP BY {})", ordinals(inner.len() + 1));
        if self.by.is_some() {
            let _ = write!(text, " GROUP BY {}", ordinals(outer.len() + 1));
        }
        Ok(text)
    }
}

fn ordinals(count: usize) -> String {
    let all: Vec<String> = (1..=count).map(|place| place.to_string()).collect();
    all.join(", ")
}

/// A metric's value in one row.
fn row(formula: &Formula, found: Found) -> Option<String> {
    let both = |a: &Formula, sign: char, b: &Formula| {
        Some(format!("({} {sign} {})", row(a, found)?, row(b, found)?))
    };
    match formula {
        Formula::Constant(number) => Some(format!("{number:?}")),
        Formula::Add(a, b) => both(a, '+', b),
        Formula::Subtract(a, b) => both(a, '-', b),
        Formula::Multiply(a, b) => both(a, '*', b),
        Formula::Divide(a, b) => both(a, '/', b),
        Formula::Column(name) => match found.table.column(name) {
            Some(column) => Some(match column.kind {
                ColumnType::Time => format!("CAST(CAST({name} AS BIGINT) AS DOUBLE)"),
                _ => format!("CAST({name} AS DOUBLE)"),
            }),
            None => derived(catalogue::derived(found.table.name, name)?.from),
        },
    }
}

fn derived(from: Derivation) -> Option<String> {
    let (column, any) = match from {
        Derivation::Text { column, any } => (column.to_owned(), any),
        Derivation::Labels {
            column,
            keys: [key],
            any,
        } => (format!("{column}['{key}']"), any),
        _ => return None,
    };
    let any: Vec<String> = any.iter().map(|value| quoted(value)).collect();
    Some(format!(
        "CASE WHEN {column} IN ({}) THEN 1.0 WHEN {column} IS NOT NULL THEN 0.0 END",
        any.join(", ")
    ))
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// A filter as a condition.
fn condition(table: &Table, column: &str, filter: &Filter) -> String {
    let is_flag = |column: &str| {
        let found = table.column(column);
        found.is_some_and(|column| column.kind == ColumnType::Boolean)
    };
    let any: Vec<String> = filter
        .values
        .iter()
        .map(|value| match value.as_deref() {
            None => format!("{column} IS NULL"),
            Some(flag) if is_flag(column) => format!("coalesce({column} = {flag}, false)"),
            Some(text) if text.contains('*') => {
                let escaped = text.replace('\\', "\\\\").replace('%', "\\%");
                let escaped = escaped.replace('_', "\\_").replace('*', "%");
                format!(
                    "coalesce({column} LIKE {} ESCAPE '\\', false)",
                    quoted(&escaped)
                )
            }
            Some(text) => format!("coalesce({column} = {}, false)", quoted(text)),
        })
        .collect();
    match filter.not {
        true => format!("NOT ({})", any.join(" OR ")),
        false => format!("({})", any.join(" OR ")),
    }
}
