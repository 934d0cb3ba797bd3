//! Values of TOML as written, with the line of each.

use std::collections::HashMap;

use toml::de::DeValue;

use super::lines::Lines;
use crate::definition::written::Written;

/// Where the keys of an alarm are.
#[derive(Debug)]
pub(super) struct Places<'a> {
    /// The alarm's own line.
    alarm: usize,
    lines: &'a Lines,
    of: HashMap<String, usize>,
}

impl Places<'_> {
    pub(super) fn new(alarm: usize, lines: &Lines) -> Places<'_> {
        Places {
            alarm,
            lines,
            of: HashMap::new(),
        }
    }

    /// The line of a key; where it is missing, of what it is missing in.
    pub(super) fn line_of(&self, key: &str) -> usize {
        let mut path = key;
        loop {
            if let Some(line) = self.of.get(path) {
                return *line;
            }
            match path.rfind(['.', '[']) {
                Some(at) => path = &path[..at],
                None => return self.alarm,
            }
        }
    }

    /// The alarm, whose places are kept.
    pub(super) fn written(&mut self, alarm: &DeValue<'_>) -> Written {
        self.value("", alarm)
    }

    // As deep as the parser allows.
    fn value(&mut self, path: &str, value: &DeValue<'_>) -> Written {
        match value {
            DeValue::String(text) => Written::Text(text.to_string()),
            DeValue::Boolean(flag) => Written::Flag(*flag),
            DeValue::Integer(number) => {
                let digits = number.as_str().replace('_', "");
                let number = i128::from_str_radix(&digits, number.radix());
                Written::Number(number.map_or(f64::NAN, |number| number as f64))
            }
            DeValue::Float(number) => {
                let digits = number.as_str().replace('_', "");
                Written::Number(digits.parse().unwrap_or(f64::NAN))
            }
            DeValue::Datetime(date) => Written::Date(date.to_string()),
            DeValue::Array(items) => {
                let items = items.iter().enumerate().map(|(i, item)| {
                    let path = format!("{path}[{}]", i + 1);
                    self.keep(&path, item.span().start);
                    self.value(&path, item.get_ref())
                });
                Written::List(items.collect())
            }
            DeValue::Table(table) => {
                let entries = table.iter().map(|(key, value)| {
                    let name = key.get_ref().to_string();
                    let path = match path {
                        "" => name.clone(),
                        path => format!("{path}.{name}"),
                    };
                    self.keep(&path, key.span().start);
                    let value = self.value(&path, value.get_ref());
                    (name, value)
                });
                Written::Object(entries.collect())
            }
        }
    }

    fn keep(&mut self, path: &str, at: usize) {
        let line = self.lines.line(at);
        self.of.insert(path.to_owned(), line);
    }
}
