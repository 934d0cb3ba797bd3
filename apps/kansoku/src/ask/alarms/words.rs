//! What several of the commands say in the same way.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::Value;

use crate::print::{Align, TextTable, span};

/// What stands for an absent value.
pub(super) const ABSENT: &str = "-";

/// The items of a list; none where there is no list.
pub(super) fn items<'a>(of: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    of[name].as_array().into_iter().flatten()
}

/// A table with these heads, all of them names.
pub(super) fn table(heads: &[&str]) -> TextTable {
    TextTable::new(heads.iter().map(|head| ((*head).to_owned(), Align::Left)))
}

/// A text on one line that cannot move a terminal's cursor: labels and reasons may hold what others wrote.
pub(super) fn plain(text: &str) -> String {
    let visible = |c: char| if c.is_control() { ' ' } else { c };
    text.chars().map(visible).collect()
}

/// A text of an answer.
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::Null => ABSENT.to_owned(),
        Value::String(text) if text.is_empty() => ABSENT.to_owned(),
        Value::String(text) => plain(text),
        other => plain(&other.to_string()),
    }
}

/// Texts of a list, with commas; `-` where there are none.
pub(super) fn texts(value: &Value) -> String {
    let all: Vec<String> = value.as_array().into_iter().flatten().map(text).collect();
    match all.is_empty() {
        true => ABSENT.to_owned(),
        false => all.join(", "),
    }
}

/// `namespace=shop, pod=web-1`; `-` where there are none.
pub(super) fn labels(value: &Value) -> String {
    let pairs = value.as_object().into_iter().flatten();
    let pairs: Vec<String> = pairs
        .map(|(label, value)| format!("{}={}", plain(label), text(value)))
        .collect();
    match pairs.is_empty() {
        true => ABSENT.to_owned(),
        false => pairs.join(", "),
    }
}

/// A value with as many decimals as say something.
pub(super) fn number(value: &Value) -> String {
    let Some(number) = value.as_f64() else {
        return ABSENT.to_owned();
    };
    let written = match number.abs() {
        0.0 => return "0".to_owned(),
        size if !(1e-3..1e15).contains(&size) => return format!("{number:.3e}"),
        size if size >= 1000.0 => format!("{number:.1}"),
        _ => format!("{number:.4}"),
    };
    written
        .trim_end_matches('0')
        .trim_end_matches('.')
        .to_owned()
}

fn parsed(value: &Value) -> Option<DateTime<Utc>> {
    let time = DateTime::parse_from_rfc3339(value.as_str()?).ok()?;
    Some(time.to_utc())
}

/// A time to the second.
pub(super) fn time(value: &Value) -> String {
    match parsed(value) {
        Some(time) => time.to_rfc3339_opts(SecondsFormat::Secs, true),
        None => text(value),
    }
}

/// A time in milliseconds since 1970, to the second.
pub(super) fn time_of_millis(value: &Value) -> String {
    match value.as_i64().and_then(DateTime::from_timestamp_millis) {
        Some(time) => time.to_rfc3339_opts(SecondsFormat::Secs, true),
        None => text(value),
    }
}

/// How long it is from one time to another: `2h 5m`.
pub(super) fn between(from: &Value, to: &Value) -> String {
    let seconds = parsed(from)
        .zip(parsed(to))
        .map(|(from, to)| (to - from).num_seconds().max(0));
    span(seconds.map(|seconds| seconds as f64))
}

/// `3 alarms`.
pub(super) fn counted(number: usize, one: &str, several: &str) -> String {
    match number {
        1 => format!("1 {one}"),
        _ => format!("{number} {several}"),
    }
}

/// When data points breach: `> 0.5`.
pub(super) fn condition(definition: &Value) -> String {
    let threshold = match definition["ThresholdMetricId"].as_str() {
        Some(band) => format!("the band {}", plain(band)),
        None => text(&definition["Threshold"]),
    };
    let operator = match definition["ComparisonOperator"]
        .as_str()
        .unwrap_or_default()
    {
        "GreaterThanThreshold" => ">",
        "GreaterThanOrEqualToThreshold" => ">=",
        "LessThanThreshold" => "<",
        "LessThanOrEqualToThreshold" => "<=",
        "GreaterThanUpperThreshold" => "above",
        "LessThanLowerThreshold" => "below",
        "LessThanLowerOrGreaterThanUpperThreshold" => "outside of",
        other => return plain(other),
    };
    format!("{operator} {threshold}")
}

/// Keys and values behind a path; nothing where there are none.
pub(super) fn query(pairs: &[(&str, String)]) -> String {
    let written: Vec<String> = pairs
        .iter()
        .map(|(key, value)| format!("{key}={}", crate::ask::client::encode(value)))
        .collect();
    match written.is_empty() {
        true => String::new(),
        false => format!("?{}", written.join("&")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn nothing_moves_the_cursor() {
        assert_eq!(text(&json!("a\u{1b}[2Jb\nc")), "a [2Jb c");
        assert_eq!(labels(&json!({"pod": "w\u{7}"})), "pod=w ");
        assert_eq!(labels(&json!({})), "-");
        assert_eq!(text(&Value::Null), "-");
    }

    #[test]
    fn numbers_have_what_says_something() {
        for (value, written) in [
            (json!(0.1 + 0.2), "0.3"),
            (json!(93), "93"),
            (json!(0.0), "0"),
            (json!(100), "100"),
            (json!(1234.56), "1234.6"),
            (json!(-2.5), "-2.5"),
            (json!(1e20), "1.000e20"),
            (json!(0.000_012), "1.200e-5"),
            (Value::Null, "-"),
        ] {
            assert_eq!(number(&value), written, "{value}");
        }
    }

    #[test]
    fn spans_are_between_two_times() {
        let (from, to) = (
            json!("2026-11-25T20:31:00Z"),
            json!("2026-11-25T22:36:00.5Z"),
        );
        assert_eq!(between(&from, &to), "2h 5m");
        // A clock that was set back in between.
        assert_eq!(between(&to, &from), "0s");
        assert_eq!(between(&Value::Null, &to), "-");
        assert_eq!(time(&to), "2026-11-25T22:36:00Z");
        assert_eq!(time_of_millis(&json!(60_000)), "1970-01-01T00:01:00Z");
    }

    #[test]
    fn conditions_are_signs() {
        let of = |operator: &str, rest: Value| {
            let mut definition = rest;
            definition["ComparisonOperator"] = json!(operator);
            condition(&definition)
        };
        assert_eq!(
            of("GreaterThanThreshold", json!({"Threshold": 0.5})),
            "> 0.5"
        );
        assert_eq!(
            of(
                "LessThanLowerThreshold",
                json!({"ThresholdMetricId": "band"})
            ),
            "below the band band"
        );
    }

    #[test]
    fn queries_are_encoded() {
        assert_eq!(query(&[]), "");
        assert_eq!(
            query(&[("a", "x y".to_owned()), ("b", "1".to_owned())]),
            "?a=x%20y&b=1"
        );
    }
}
