//! `[[alarm]]` of `alarms.toml`: definitions with the keys of JSON, and every fault with its line.
//!
//! ```toml
//! [[alarm]]
//! AlarmName = "shop: memory"
//! Source.Rows = { Entity = "pod", Metric = "memory_working_set_bytes", GroupBy = ["pod"] }
//! Period = 60
//! EvaluationPeriods = 3
//! ComparisonOperator = "GreaterThanThreshold"
//! Threshold = 1e9
//! Tags = { severity = "warning" }
//! ```
//!
//! Other tables of the file, of receivers, routes and silences, are passed over: they are read elsewhere.

mod lines;
mod place;

use std::collections::HashMap;

use catalogue::nearest;
use toml::de::{DeTable, DeValue};

use crate::definition::{Definition, read};
use lines::Lines;
use place::Places;

const ALARM: &str = "alarm";

/// What is wrong in a file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {}{message}", if key.is_empty() { String::new() } else { format!("{key}: ") })]
pub struct FileFault {
    /// The line, from 1: of the key, or of the alarm when a key is missing.
    pub line: usize,
    /// The key as in JSON, `Source.Rows.Entity`; empty for what is no key's.
    pub key: String,
    /// What is wrong, and what is allowed.
    pub message: String,
}

/// The alarms of a file in their order, each with the line that it begins at.
///
/// # Errors
/// Everything that is wrong, in the order of lines: no TOML, definitions with faults, two alarms of one name. What needs to
/// be known of alarms of other origins is not checked here.
pub fn alarms(text: &str) -> Result<Vec<(Definition, usize)>, Vec<FileFault>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let lines = Lines::of(text);
    let (file, errors) = DeTable::parse_recoverable(text);
    let mut faults: Vec<FileFault> = errors
        .iter()
        .map(|error| FileFault {
            line: lines.line(error.span().map_or(0, |span| span.start)),
            key: String::new(),
            message: format!("not TOML: {}", error.message()),
        })
        .collect();
    if !faults.is_empty() {
        // What was recovered is not what was meant.
        faults.sort_by_key(|fault| fault.line);
        return Err(faults);
    }
    let mut found = Vec::new();
    for (key, value) in file.get_ref() {
        let line = lines.line(key.span().start);
        let name: &str = key.get_ref();
        let fault = |message: &str| FileFault {
            line,
            key: name.to_owned(),
            message: message.to_owned(),
        };
        match (name, value.get_ref()) {
            (ALARM, DeValue::Array(items)) => {
                for item in items {
                    let line = lines.line(item.span().start);
                    match alarm(item.get_ref(), line, &lines) {
                        Ok(definition) => found.push((definition, line)),
                        Err(all) => faults.extend(all),
                    }
                }
            }
            (ALARM, _) => faults.push(fault("is a list of tables; write [[alarm]]")),
            (name, _) if nearest(name, [ALARM]).is_some() => {
                faults.push(fault("is not known; write [[alarm]]"));
            }
            _ => {}
        }
    }
    faults.extend(twice(&found));
    faults.sort_by_key(|fault| fault.line);
    match faults.is_empty() {
        true => Ok(found),
        false => Err(faults),
    }
}

fn alarm(value: &DeValue<'_>, line: usize, lines: &Lines) -> Result<Definition, Vec<FileFault>> {
    let mut places = Places::new(line, lines);
    let written = places.written(value);
    read::definition(written).map_err(|faults| {
        let faults = faults.0.into_iter();
        faults
            .map(|fault| FileFault {
                line: places.line_of(&fault.key),
                key: fault.key,
                message: fault.message,
            })
            .collect()
    })
}

/// Names that an alarm before has.
fn twice(found: &[(Definition, usize)]) -> Vec<FileFault> {
    let mut first: HashMap<&str, usize> = HashMap::new();
    let mut faults = Vec::new();
    for (definition, line) in found {
        match first.get(definition.name()) {
            None => {
                first.insert(definition.name(), *line);
            }
            Some(before) => faults.push(FileFault {
                line: *line,
                key: "AlarmName".to_owned(),
                message: format!("the alarm of line {before} has this name too"),
            }),
        }
    }
    faults
}
