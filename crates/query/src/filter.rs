//! Which rows: by values of identity and attribute columns.

use std::fmt;

use catalogue::{Column, ColumnType, Table, Temporality};
use datafusion::arrow::datatypes::DataType;
use datafusion::common::ScalarValue;
use datafusion::logical_expr::{Expr, cast, lit};
use serde::Deserialize;
use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::error::{Code, QueryError};
use crate::nearest::nearest;

/// Values that one filter may name.
const MOST_VALUES: usize = 1000;

/// A condition on one column.
///
/// Written as a value, a list of values (any of them), or `{"not": value or list}`. A value is exact, or has `*` for
/// any number of characters; `null` is a row without a value. `not` keeps rows without a value, unless it names null.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// Whether the values are those that are left out.
    pub not: bool,
    /// The values.
    pub values: Vec<Pattern>,
}

/// What a value must be like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pattern {
    /// No value.
    Absent,
    /// This value.
    Exact(String),
    /// A value with `*` for any number of characters.
    Wild(String),
}

impl Pattern {
    fn of(text: &str) -> Pattern {
        if text.contains('*') {
            Pattern::Wild(text.to_owned())
        } else {
            Pattern::Exact(text.to_owned())
        }
    }

    fn matches(&self, value: Option<&str>) -> bool {
        match (self, value) {
            (Pattern::Absent, value) => value.is_none(),
            (Pattern::Exact(text), Some(value)) => text == value,
            (Pattern::Wild(text), Some(value)) => wild(text, value),
            (_, None) => false,
        }
    }
}

impl Filter {
    /// Any of these values, as they are written in a request (`*` is a wildcard).
    pub fn any<'a>(values: impl IntoIterator<Item = &'a str>) -> Filter {
        Filter {
            not: false,
            values: values.into_iter().map(Pattern::of).collect(),
        }
    }

    /// None of these values.
    pub fn none<'a>(values: impl IntoIterator<Item = &'a str>) -> Filter {
        Filter {
            not: true,
            ..Filter::any(values)
        }
    }

    /// Whether a value passes.
    pub fn matches(&self, value: Option<&str>) -> bool {
        self.values.iter().any(|pattern| pattern.matches(value)) != self.not
    }

    /// The condition on a column for a plan. Never null, so that `not` keeps rows without a value.
    pub(crate) fn expr(&self, column: Expr, kind: ColumnType) -> Expr {
        let column = match kind {
            ColumnType::Text | ColumnType::LongText => column,
            _ => cast(column, DataType::Utf8),
        };
        let mut exact = Vec::new();
        let mut any: Vec<Expr> = Vec::new();
        for pattern in &self.values {
            match pattern {
                Pattern::Absent => any.push(column.clone().is_null()),
                Pattern::Exact(text) => exact.push(lit(text.as_str())),
                Pattern::Wild(text) => any.push(column.clone().like(lit(like(text)))),
            }
        }
        match exact.len() {
            0 => {}
            1 => any.extend(exact.pop().map(|value| column.clone().eq(value))),
            _ => any.push(column.clone().in_list(exact, false)),
        }
        let matched = any
            .into_iter()
            .reduce(Expr::or)
            .unwrap_or_else(|| Expr::Literal(ScalarValue::from(false), None));
        if self.not {
            Expr::IsNotTrue(Box::new(matched))
        } else {
            matched
        }
    }
}

/// The column of a filter or a grouping: one that says which entity a row is about, or describes it.
pub(crate) fn label_column(
    table: &'static Table,
    name: &str,
    path: String,
) -> Result<&'static Column, QueryError> {
    let labels = || table.columns.iter().filter(|c| is_label(c));
    match table.column(name) {
        Some(column) if is_label(column) => Ok(column),
        Some(_) => Err(QueryError::new(
            Code::UnknownColumn,
            format!("'{name}' of {} is a measurement: filters and groups take identity and attribute columns", table.name),
        )
        .at_path(path)),
        None => Err(QueryError::new(Code::UnknownColumn, format!("{} has no column '{name}'", table.name))
            .at_path(path)
            .with_nearest(nearest(name, labels().map(|c| c.name)))),
    }
}

fn is_label(column: &Column) -> bool {
    matches!(
        column.temporality,
        Temporality::Identity | Temporality::Attribute
    ) && !matches!(column.kind, ColumnType::Labels | ColumnType::Time)
}

/// The pattern in SQL's notation.
fn like(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '*' => pattern.push('%'),
            '%' | '_' | '\\' => pattern.extend(['\\', c]),
            c => pattern.push(c),
        }
    }
    pattern
}

/// Whether a value fits a pattern with `*`. Linear in practice: on a mismatch only the last star is tried again.
fn wild(pattern: &str, value: &str) -> bool {
    let (pattern, value) = (pattern.as_bytes(), value.as_bytes());
    let (mut p, mut v) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while v < value.len() {
        if pattern.get(p) == Some(&b'*') {
            star = Some((p, v));
            p += 1;
        } else if pattern.get(p) == Some(&value[v]) {
            p += 1;
            v += 1;
        } else if let Some((at, taken)) = star {
            star = Some((at, taken + 1));
            p = at + 1;
            v = taken + 1;
        } else {
            return false;
        }
    }
    pattern[p..].iter().all(|&c| c == b'*')
}

impl<'de> Deserialize<'de> for Filter {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader { inside_not: false })
    }
}

/// Reads a value, a list or `{"not": …}`, which does not nest.
struct Reader {
    inside_not: bool,
}

impl Reader {
    fn one<E: Error>(&self, pattern: Pattern) -> Result<Filter, E> {
        Ok(Filter {
            not: self.inside_not,
            values: vec![pattern],
        })
    }
}

impl<'de> Visitor<'de> for Reader {
    type Value = Filter;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value, a list of values, or {\"not\": …}")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Filter, E> {
        self.one(Pattern::of(text))
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Filter, E> {
        self.one(Pattern::Exact(value.to_string()))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Filter, E> {
        self.one(Pattern::Exact(value.to_string()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Filter, E> {
        self.one(Pattern::Exact(value.to_string()))
    }

    fn visit_unit<E: Error>(self) -> Result<Filter, E> {
        self.one(Pattern::Absent)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Filter, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = list.next_element::<Value>()? {
            if values.len() == MOST_VALUES {
                while list.next_element::<IgnoredAny>()?.is_some() {}
                return Err(A::Error::custom(format!(
                    "a filter names at most {MOST_VALUES} values"
                )));
            }
            values.push(value.0);
        }
        if values.is_empty() {
            return Err(A::Error::custom(
                "an empty list lets nothing pass: leave the filter out, or name a value",
            ));
        }
        Ok(Filter {
            not: self.inside_not,
            values,
        })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Filter, A::Error> {
        const ONLY: &str = "an object filter has one key, \"not\"";
        if self.inside_not {
            return Err(A::Error::custom(
                "\"not\" takes a value or a list of values",
            ));
        }
        match map.next_key::<String>()?.as_deref() {
            Some("not") => {}
            _ => return Err(A::Error::custom(ONLY)),
        }
        let filter = map.next_value_seed(Not)?;
        match map.next_key::<String>()? {
            None => Ok(filter),
            Some(_) => Err(A::Error::custom(ONLY)),
        }
    }
}

/// What `not` takes.
struct Not;

impl<'de> serde::de::DeserializeSeed<'de> for Not {
    type Value = Filter;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Filter, D::Error> {
        deserializer.deserialize_any(Reader { inside_not: true })
    }
}

/// One value of a list.
struct Value(Pattern);

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct One;
        impl Visitor<'_> for One {
            type Value = Value;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value (text, number, true, false or null)")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
                Ok(Value(Pattern::of(text)))
            }

            fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
                Ok(Value(Pattern::Exact(value.to_string())))
            }

            fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
                Ok(Value(Pattern::Exact(value.to_string())))
            }

            fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
                Ok(Value(Pattern::Exact(value.to_string())))
            }

            fn visit_unit<E: Error>(self) -> Result<Value, E> {
                Ok(Value(Pattern::Absent))
            }
        }
        deserializer.deserialize_any(One)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<Filter, String> {
        serde_json::from_str(json).map_err(|e: serde_json::Error| e.to_string())
    }

    #[test]
    fn every_way_to_write_a_filter() {
        assert_eq!(read("\"a\""), Ok(Filter::any(["a"])));
        assert_eq!(read("[\"a\", \"b*\"]"), Ok(Filter::any(["a", "b*"])));
        assert_eq!(read("{\"not\": \"a\"}"), Ok(Filter::none(["a"])));
        assert_eq!(
            read("{\"not\": [\"a\", \"b\"]}"),
            Ok(Filter::none(["a", "b"]))
        );
        assert_eq!(
            read("null"),
            Ok(Filter {
                not: false,
                values: vec![Pattern::Absent]
            })
        );
        assert_eq!(read("true"), Ok(Filter::any(["true"])));
        assert_eq!(
            read("{\"not\": [null, 7]}"),
            Ok(Filter {
                not: true,
                values: vec![Pattern::Absent, Pattern::Exact("7".into())]
            })
        );
    }

    #[test]
    fn what_is_no_filter_is_refused() {
        for (json, hint) in [
            ("[]", "empty list"),
            ("{}", "one key"),
            ("{\"is\": 1}", "one key"),
            ("{\"not\": 1, \"is\": 1}", "one key"),
            ("{\"not\": {\"not\": 1}}", "takes a value or a list"),
            ("[[1]]", "expected a value"),
            ("1.5", "expected a value"),
        ] {
            let error = read(json).unwrap_err();
            assert!(error.contains(hint), "{json}: {error}");
        }
        let many = format!("[{}]", vec!["1"; MOST_VALUES + 1].join(","));
        assert!(read(&many).unwrap_err().contains("at most 1000 values"));
    }

    #[test]
    fn stars_stand_for_any_characters() {
        for (pattern, value, fits) in [
            ("*", "", true),
            ("*", "abc", true),
            ("a*", "abc", true),
            ("*c", "abc", true),
            ("a*c", "abc", true),
            ("a*b*c", "aXbXbXc", true),
            ("a*bc", "abcbd", false),
            ("a*", "ba", false),
            ("*.log", "a.log.1", false),
            ("a**", "a", true),
        ] {
            assert_eq!(wild(pattern, value), fits, "{pattern} {value}");
        }
    }

    #[test]
    fn not_keeps_rows_without_a_value() {
        assert!(Filter::none(["a"]).matches(None));
        assert!(!Filter::any(["a"]).matches(None));
        assert!(
            !Filter {
                not: true,
                values: vec![Pattern::Absent]
            }
            .matches(None)
        );
        assert!(
            Filter {
                not: true,
                values: vec![Pattern::Absent]
            }
            .matches(Some("a"))
        );
    }

    #[test]
    fn like_takes_only_stars_for_wildcards() {
        assert_eq!(like("a_b%*"), "a\\_b\\%%");
    }
}
