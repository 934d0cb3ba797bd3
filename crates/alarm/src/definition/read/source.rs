//! `Source`: where data points come from that CloudWatch does not have.

use catalogue::nearest;

use super::object::Object;
use crate::definition::fault::Check;
use crate::definition::limits::{
    LONGEST_DESCRIPTION, LONGEST_NAME, LONGEST_QUERY, MOST_FILTER_VALUES, MOST_FILTERS,
    MOST_GROUPS, WITHIN_SECONDS,
};
use crate::definition::source::{
    Filter, Filters, Health, KINDS, Logs, Loss, Rows, Severity, Source, Sql, Word,
};
use crate::definition::statistic::Statistic;
use crate::definition::written::Written;

const SOURCES: [&str; 5] = ["Rows", "Logs", "Sql", "Health", "Loss"];

/// What is under `Source`. What stands for one with a fault is never seen.
pub(super) fn source(check: &mut Check, written: Written) -> Source {
    let is_object = matches!(written, Written::Object(_));
    let mut object = Object::of(check, "Source", written, &SOURCES);
    let mut found = SOURCES
        .iter()
        .filter_map(|kind| object.take(kind).map(|w| (*kind, w)));
    let (first, second) = (found.next(), found.next());
    if is_object && (second.is_some() || first.is_none()) {
        check.combination("Source", format!("is one of {}", SOURCES.join(", ")));
    }
    let path = |kind: &str| format!("Source.{kind}");
    match first {
        Some((kind @ "Rows", written)) => rows(check, &path(kind), written),
        Some((kind @ "Logs", written)) => logs(check, &path(kind), written),
        Some((kind @ "Sql", written)) => sql(check, &path(kind), written),
        Some((kind @ "Health", written)) => health(check, &path(kind), written),
        Some((kind, written)) => {
            let mut keys = Object::of(check, &path(kind), written, &["GroupBy"]);
            Source::Loss(Loss {
                group_by: group_by(check, &mut keys),
            })
        }
        None => Source::Loss(Loss {
            group_by: Vec::new(),
        }),
    }
}

fn rows(check: &mut Check, path: &str, written: Written) -> Source {
    const KEYS: [&str; 5] = ["Entity", "Metric", "Statistic", "Filters", "GroupBy"];
    let mut keys = Object::of(check, path, written, &KEYS);
    let entity = required(check, &mut keys, "Entity", LONGEST_NAME);
    let metric = required(check, &mut keys, "Metric", LONGEST_NAME);
    let name = keys.text(check, "Statistic");
    let name = name.unwrap_or_else(|| "Average".to_owned());
    let statistic = Statistic::of(&name).unwrap_or_else(|| {
        check.value(keys.at("Statistic"), Statistic::unknown(&name));
        Statistic::average()
    });
    Source::Rows(Rows {
        entity,
        metric,
        statistic,
        filters: filters(check, &mut keys),
        group_by: group_by(check, &mut keys),
    })
}

fn logs(check: &mut Check, path: &str, written: Written) -> Source {
    let mut keys = Object::of(check, path, written, &["Filter", "GroupBy"]);
    let is_there = keys.has("Filter");
    let filter = keys.text(check, "Filter");
    if !is_there {
        check.missing(&keys.at("Filter"), "is missing; \"\" is every line");
    }
    let filter = filter.unwrap_or_default();
    at_most(check, keys.at("Filter"), &filter, LONGEST_QUERY);
    Source::Logs(Logs {
        filter,
        group_by: group_by(check, &mut keys),
    })
}

fn sql(check: &mut Check, path: &str, written: Written) -> Source {
    let mut keys = Object::of(check, path, written, &["Query"]);
    Source::Sql(Sql {
        query: required(check, &mut keys, "Query", LONGEST_QUERY),
    })
}

fn health(check: &mut Check, path: &str, written: Written) -> Source {
    const KEYS: [&str; 5] = ["Kinds", "Words", "Severity", "Filters", "WithinSeconds"];
    let mut keys = Object::of(check, path, written, &KEYS);
    let kinds = keys.texts(check, "Kinds");
    for (i, kind) in kinds.iter().enumerate() {
        if !KINDS.contains(&kind.as_str()) {
            let message = none_of(kind, &KINDS);
            check.value(format!("{}[{}]", keys.at("Kinds"), i + 1), message);
        }
    }
    let words = keys.texts(check, "Words");
    let mut found = Vec::new();
    for (i, word) in words.iter().enumerate() {
        match Word::ALL.iter().find(|known| known.as_str() == word) {
            Some(word) => found.push(*word),
            None => {
                let known: Vec<&str> = Word::ALL.iter().map(|word| word.as_str()).collect();
                let message = none_of(word, &known);
                check.value(format!("{}[{}]", keys.at("Words"), i + 1), message);
            }
        }
    }
    let severity = match keys.text(check, "Severity").as_deref() {
        Some("critical") => Severity::Critical,
        Some("warning") | None => Severity::Warning,
        Some(other) => {
            let message = format!("'{other}' is neither critical nor warning");
            check.value(keys.at("Severity"), message);
            Severity::Warning
        }
    };
    let within_seconds = keys.whole(check, "WithinSeconds");
    if let Some(seconds) = within_seconds.filter(|seconds| !WITHIN_SECONDS.contains(seconds)) {
        let (least, most) = (WITHIN_SECONDS.start(), WITHIN_SECONDS.end());
        let message = format!("is {seconds}, {least} to {most} are allowed");
        check.value(keys.at("WithinSeconds"), message);
    }
    once(check, &keys.at("Kinds"), &kinds);
    once(check, &keys.at("Words"), &words);
    Source::Health(Health {
        kinds,
        words: found,
        severity,
        filters: filters(check, &mut keys),
        within_seconds,
    })
}

fn none_of(word: &str, known: &[&str]) -> String {
    match nearest(word, known.iter().copied()) {
        Some(near) => format!("'{word}' is not known, did you mean {near}?"),
        None => format!("'{word}' is none of {}", known.join(", ")),
    }
}

fn required(check: &mut Check, keys: &mut Object, key: &str, longest: usize) -> String {
    let is_there = keys.has(key);
    match keys.text(check, key) {
        Some(text) => {
            check.length(keys.at(key), &text, longest);
            text
        }
        None => {
            if !is_there {
                check.missing(&keys.at(key), "is missing");
            }
            String::new()
        }
    }
}

fn at_most(check: &mut Check, key: String, text: &str, longest: usize) {
    let length = text.chars().count();
    if length > longest {
        let message = format!("has {length} characters, at most {longest} are allowed");
        check.value(key, message);
    }
}

fn once(check: &mut Check, key: &str, names: &[String]) {
    let mut seen = std::collections::HashSet::new();
    for (i, name) in names.iter().enumerate() {
        if !seen.insert(name) {
            check.value(
                format!("{key}[{}]", i + 1),
                format!("'{name}' is there twice"),
            );
        }
    }
}

fn group_by(check: &mut Check, keys: &mut Object) -> Vec<String> {
    let columns = keys.texts(check, "GroupBy");
    let path = keys.at("GroupBy");
    check.at_most(&path, columns.len(), MOST_GROUPS);
    for (i, column) in columns.iter().enumerate() {
        check.length(format!("{path}[{}]", i + 1), column, LONGEST_NAME);
    }
    once(check, &path, &columns);
    columns
}

fn filters(check: &mut Check, keys: &mut Object) -> Filters {
    let path = keys.at("Filters");
    let entries = match keys.take("Filters") {
        None => return Filters::new(),
        Some(Written::Object(entries)) => entries,
        Some(other) => {
            let message = format!("is {}, an object is wanted", other.what());
            check.value(path, message);
            return Filters::new();
        }
    };
    check.at_most(&path, entries.len(), MOST_FILTERS);
    let mut filters = Filters::new();
    for (column, written) in entries {
        let at = format!("{path}.{column}");
        check.length(at.as_str(), &column, LONGEST_NAME);
        if let Some(filter) = filter(check, &at, written, false)
            && filters.insert(column, filter).is_some()
        {
            check.value(at, "is there twice");
        }
    }
    filters
}

/// A value, a list of values, or `{"not": …}` of either.
fn filter(check: &mut Check, path: &str, written: Written, not: bool) -> Option<Filter> {
    let items = match written {
        Written::Object(_) if not => {
            check.value(path, "takes a value or a list of values");
            return None;
        }
        Written::Object(mut entries) => {
            let only = entries.pop();
            return match only {
                Some((key, inner)) if key == "not" && entries.is_empty() => {
                    filter(check, &format!("{path}.not"), inner, true)
                }
                _ => {
                    check.value(path, "an object has one key here, \"not\"");
                    None
                }
            };
        }
        Written::List(items) => items,
        one => vec![one],
    };
    if items.is_empty() {
        check.value(
            path,
            "an empty list lets nothing pass: leave it out, or name a value",
        );
    }
    check.at_most(path, items.len(), MOST_FILTER_VALUES);
    let mut values = Vec::new();
    for item in items {
        values.push(match item {
            Written::Nothing => None,
            Written::Text(text) => Some(text),
            Written::Flag(flag) => Some(flag.to_string()),
            Written::Number(number) if number.is_finite() => Some(number.to_string()),
            other => {
                let message = format!("is {}, a value is wanted", other.what());
                check.value(path, message);
                continue;
            }
        });
    }
    for value in values.iter().flatten() {
        at_most(check, path.to_owned(), value, LONGEST_DESCRIPTION);
    }
    Some(Filter { not, values })
}
