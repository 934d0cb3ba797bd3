//! Conditions on fields: columns of `log`, or values in a message that is a JSON object.

use catalogue::tables::LOG;
use catalogue::{Column, ColumnType, nearest};
use datafusion::arrow::datatypes::DataType;
use datafusion::logical_expr::{Expr, cast, ident, lit};

use super::level::{self, LEVELS};
use super::text;
use super::{Means, message};
use crate::filter::{Filter, Pattern};
use crate::logs::function::{json_number, json_text};
use crate::logs::language::{Comparison, Fault, Field, Span, Test, Text, Value};
use crate::names::Name;
use crate::stop::Stop;

/// What comes before a path that might be taken for a column.
const PREFIX: &str = "json.";
/// Columns of shorter names are not guessed: a JSON field `code` is no misspelt `node`.
const SHORTEST_GUESS: usize = 6;

/// What a name stands for.
enum Named<'n> {
    Column(&'static Column),
    Pod(Name),
    Json(&'n str),
}

fn named(name: &str) -> Named<'_> {
    if let Some(path) = name.strip_prefix(PREFIX) {
        return Named::Json(path);
    }
    match (LOG.column(name), Name::parse(name)) {
        (Some(column), _) => Named::Column(column),
        (None, Some(of_pod)) => Named::Pod(of_pod),
        (None, None) => Named::Json(name),
    }
}

/// The name of a line's pod that a name stands for.
pub(crate) fn pod_name(name: &str) -> Option<Name> {
    match named(name) {
        Named::Pod(name) => Some(name),
        Named::Column(_) | Named::Json(_) => None,
    }
}

/// The path of a JSON field, or the name of a column, that a name stands for.
pub(crate) fn json_path(name: &str) -> Option<&str> {
    match named(name) {
        Named::Json(path) => Some(path),
        Named::Column(_) | Named::Pod(_) => None,
    }
}

pub(super) fn reads_message(field: &Field) -> bool {
    match named(&field.name) {
        Named::Column(column) => column.name == super::MESSAGE,
        Named::Pod(_) => false,
        Named::Json(_) => true,
    }
}

pub(super) fn compile(field: &Field, means: Means<'_>) -> Result<Expr, Fault> {
    let stop = means.stop;
    match named(&field.name) {
        Named::Column(column) if column.name == super::MESSAGE => of_message(field, stop),
        Named::Column(column) => match column.kind {
            ColumnType::Text | ColumnType::LongText => of_text(column, field, stop),
            ColumnType::Integer => of_number(column, field),
            _ => of_time(column, field),
        },
        Named::Pod(name) => of_pod(name, field, means),
        Named::Json(path) => {
            check_path(field, path)?;
            of_json(path, field, stop)
        }
    }
}

fn at(span: Span, message: impl Into<String>) -> Fault {
    Fault::new(span.start, message)
}

/// `message:word` is what `word` is.
fn of_message(field: &Field, stop: &Stop) -> Result<Expr, Fault> {
    let span = field.test_span;
    match &field.test {
        Test::Exists => Ok(lit(true)),
        Test::Regex(pattern) => text::regex(message(), pattern, span, stop),
        Test::Compare(..) => Err(at(span, "a message has no order: search it for words")),
        Test::Any(values) => any(values, |value| {
            let text = match value {
                Value::Bare(word) => Text::Word(word.clone()),
                Value::Quoted(text) => Text::Phrase(text.clone()),
            };
            text::compile(&text, span, stop)
        }),
    }
}

fn of_text(column: &'static Column, field: &Field, stop: &Stop) -> Result<Expr, Fault> {
    let span = field.test_span;
    let is_level = column.name == "level";
    match &field.test {
        Test::Exists => Ok(ident(column.name).is_not_null()),
        Test::Regex(pattern) => {
            let plain = cast(ident(column.name), DataType::Utf8);
            text::regex(plain, pattern, span, stop)
        }
        Test::Compare(comparison, word) if is_level => {
            let levels = compared_levels(*comparison, word).ok_or_else(|| no_level(span, word))?;
            Ok(Filter::any(levels.iter().copied()).expr(ident(column.name), column.kind))
        }
        Test::Compare(comparison, _) => Err(at(
            span,
            format!(
                "{} is text and has no order: {} is for numbers and for level",
                column.name,
                comparison.sign()
            ),
        )),
        Test::Any(values) => {
            let mut patterns = Vec::with_capacity(values.len());
            for value in values {
                patterns.push(match value {
                    Value::Quoted(text) if !is_level => Pattern::Exact(text.clone()),
                    Value::Bare(text) if text.contains('*') => Pattern::Wild(text.clone()),
                    Value::Bare(text) if !is_level => Pattern::Exact(text.clone()),
                    Value::Bare(text) | Value::Quoted(text) => {
                        let level = level::named(text).ok_or_else(|| no_level(span, text))?;
                        Pattern::Exact(level.to_owned())
                    }
                });
            }
            let filter = Filter {
                not: false,
                values: patterns,
            };
            Ok(filter.expr(ident(column.name), column.kind))
        }
    }
}

/// What the line's pod is called.
fn of_pod(name: Name, field: &Field, means: Means<'_>) -> Result<Expr, Fault> {
    let span = field.test_span;
    let is_many = name.is_many();
    let held = |filter| means.pods.held(vec![(name.clone(), filter)]);
    match &field.test {
        Test::Exists => Ok(held(Filter {
            not: true,
            values: vec![Pattern::Absent],
        })),
        Test::Regex(_) if is_many => Err(at(
            span,
            format!(
                "a pod may have several: write {} with *, not a regular expression",
                field.name
            ),
        )),
        Test::Regex(pattern) => {
            text::regex(means.pods.named(name.clone()), pattern, span, means.stop)
        }
        Test::Compare(comparison, _) => Err(at(
            span,
            format!(
                "{} is text and has no order: {} is for numbers and for level",
                field.name,
                comparison.sign()
            ),
        )),
        Test::Any(values) => {
            let patterns = values.iter().map(|value| match value {
                Value::Bare(text) if text.contains('*') => Pattern::Wild(text.clone()),
                Value::Bare(text) | Value::Quoted(text) => Pattern::Exact(text.clone()),
            });
            Ok(held(Filter {
                not: false,
                values: patterns.collect(),
            }))
        }
    }
}

fn no_level(span: Span, word: &str) -> Fault {
    at(
        span,
        format!("'{word}' is no level: there are {}", LEVELS.join(", ")),
    )
}

/// The levels that compare so with one.
fn compared_levels(comparison: Comparison, word: &str) -> Option<&'static [&'static str]> {
    let level = level::named(word)?;
    let at = LEVELS.iter().position(|known| *known == level)?;
    match comparison {
        Comparison::Greater => LEVELS.get(at + 1..),
        Comparison::GreaterOrEqual => LEVELS.get(at..),
        Comparison::Less => LEVELS.get(..at),
        Comparison::LessOrEqual => LEVELS.get(..=at),
    }
}

fn of_number(column: &'static Column, field: &Field) -> Result<Expr, Fault> {
    let span = field.test_span;
    let number = |text: &str| {
        text.parse::<i64>().map_err(|_| {
            at(
                span,
                format!("{} is a whole number, and '{text}' is none", column.name),
            )
        })
    };
    match &field.test {
        Test::Exists => Ok(ident(column.name).is_not_null()),
        Test::Regex(_) => Err(at(
            span,
            format!(
                "{} is a number: write {}:5 or {}:>=5",
                column.name, column.name, column.name
            ),
        )),
        Test::Compare(comparison, text) => Ok(compared(
            ident(column.name),
            *comparison,
            lit(number(text)?),
        )),
        Test::Any(values) => {
            let numbers = values
                .iter()
                .map(|value| match value {
                    Value::Bare(text) | Value::Quoted(text) => number(text).map(lit),
                })
                .collect::<Result<Vec<_>, _>>()?;
            Ok(ident(column.name).in_list(numbers, false))
        }
    }
}

fn of_time(column: &'static Column, field: &Field) -> Result<Expr, Fault> {
    match field.test {
        Test::Exists => Ok(ident(column.name).is_not_null()),
        _ => Err(at(
            field.name_span,
            format!(
                "'{}' cannot be searched for: start and end of the request say from when lines are",
                column.name
            ),
        )),
    }
}

/// A name without a prefix that is nearly a column's is more likely a slip than a field.
fn check_path(field: &Field, path: &str) -> Result<(), Fault> {
    if path.is_empty() || path.split('.').any(str::is_empty) {
        return Err(at(
            field.name_span,
            format!(
                "'{}' is no path: write the names of JSON fields with single dots between them",
                field.name
            ),
        ));
    }
    if field.name.starts_with(PREFIX) || path.contains('.') {
        return Ok(());
    }
    let columns = LOG
        .columns
        .iter()
        .map(|column| column.name)
        .chain(Name::plain())
        .filter(|name| name.len() >= SHORTEST_GUESS);
    match nearest(path, columns) {
        None => Ok(()),
        Some(near) => {
            let mut fault = at(
                field.name_span,
                format!(
                    "log has no column '{path}'; did you mean '{near}'? The JSON field of that name is {PREFIX}{path}"
                ),
            );
            fault.nearest = vec![near.to_owned()];
            Err(fault)
        }
    }
}

fn of_json(path: &str, field: &Field, stop: &Stop) -> Result<Expr, Fault> {
    let span = field.test_span;
    let value = || json_text(message(), path);
    match &field.test {
        Test::Exists => Ok(value().is_not_null()),
        Test::Regex(pattern) => text::regex(value(), pattern, span, stop),
        Test::Compare(comparison, text) => {
            let number: f64 = text
                .parse()
                .ok()
                .filter(|n: &f64| n.is_finite())
                .ok_or_else(|| {
                    at(
                        span,
                        format!(
                            "'{text}' is no number, and only numbers compare with {}",
                            comparison.sign()
                        ),
                    )
                })?;
            Ok(compared(
                json_number(message(), path),
                *comparison,
                lit(number),
            ))
        }
        Test::Any(values) => {
            let patterns = values.iter().map(|value| match value {
                Value::Bare(text) if text.contains('*') => Pattern::Wild(text.clone()),
                Value::Bare(text) | Value::Quoted(text) => Pattern::Exact(text.clone()),
            });
            let filter = Filter {
                not: false,
                values: patterns.collect(),
            };
            Ok(filter.expr(value(), ColumnType::LongText))
        }
    }
}

fn compared(value: Expr, comparison: Comparison, with: Expr) -> Expr {
    match comparison {
        Comparison::Greater => value.gt(with),
        Comparison::GreaterOrEqual => value.gt_eq(with),
        Comparison::Less => value.lt(with),
        Comparison::LessOrEqual => value.lt_eq(with),
    }
}

fn any(values: &[Value], of: impl Fn(&Value) -> Result<Expr, Fault>) -> Result<Expr, Fault> {
    let all = values.iter().map(of).collect::<Result<Vec<_>, _>>()?;
    Ok(all
        .into_iter()
        .reduce(Expr::or)
        .unwrap_or_else(|| lit(true)))
}
