//! One table of the file, read key by key.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::time::Duration;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Fault;
use crate::pattern::{Match, Pattern};

/// Where the lines of a text begin.
#[derive(Debug)]
pub(super) struct Lines(Vec<usize>);

impl Lines {
    pub(super) fn of(text: &str) -> Lines {
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        Lines(ends.map(|(at, _)| at).collect())
    }

    /// The line of a place in the text, from 1.
    pub(super) fn line(&self, at: usize) -> usize {
        self.0.partition_point(|end| *end < at) + 1
    }
}

/// A table, and where faults go.
pub(super) struct Section<'a> {
    name: &'static str,
    table: &'a DeTable<'a>,
    at: usize,
    lines: &'a Lines,
    faults: &'a mut Vec<Fault>,
}

/// A value with its place in the text.
pub(super) type At<T> = (T, usize);

impl<'a> Section<'a> {
    pub(super) fn new(
        name: &'static str,
        table: &'a DeTable<'a>,
        at: usize,
        lines: &'a Lines,
        faults: &'a mut Vec<Fault>,
    ) -> Section<'a> {
        Section {
            name,
            table,
            at,
            lines,
            faults,
        }
    }

    /// A fault at a place in the text.
    pub(super) fn fault(&mut self, key: &str, at: usize, message: impl Into<String>) {
        let key = match key {
            "" => self.name.to_owned(),
            key => format!("{}.{key}", self.name),
        };
        self.faults.push(Fault {
            line: self.lines.line(at),
            key,
            message: message.into(),
        });
    }

    /// A fault of the table.
    pub(super) fn fault_here(&mut self, key: &str, message: impl Into<String>) {
        self.fault(key, self.at, message);
    }

    /// Every key that is none of these is a fault.
    pub(super) fn only(&mut self, known: &[&str]) {
        let names: Vec<(String, usize)> = self
            .table
            .iter()
            .map(|(name, _)| (name.get_ref().to_string(), name.span().start))
            .collect();
        for (name, at) in names {
            if known.contains(&name.as_str()) {
                continue;
            }
            let message = match catalogue::nearest(&name, known.iter().copied()) {
                Some(near) => format!("there is no such key; did you mean {near}?"),
                None => format!("there is no such key; there are {}", known.join(", ")),
            };
            self.fault(&name, at, message);
        }
    }

    pub(super) fn get(&self, key: &str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.table.get(key)
    }

    /// Where the value is, if there is one.
    pub(super) fn place(&self, key: &str) -> Option<usize> {
        self.get(key).map(|value| value.span().start)
    }

    /// Reads a value with `read`, which says what is wrong with it.
    pub(super) fn read<T>(
        &mut self,
        key: &str,
        read: impl FnOnce(&DeValue<'a>) -> Result<T, String>,
    ) -> Option<At<T>> {
        let value = self.get(key)?;
        let at = value.span().start;
        match read(value.get_ref()) {
            Ok(read) => Some((read, at)),
            Err(message) => {
                self.fault(key, at, message);
                None
            }
        }
    }

    /// A text that is not empty.
    pub(super) fn text(&mut self, key: &str) -> Option<At<String>> {
        self.read(key, text)
    }

    /// One text or several.
    pub(super) fn texts(&mut self, key: &str) -> Option<At<Vec<String>>> {
        self.read(key, texts)
    }

    pub(super) fn flag(&mut self, key: &str) -> Option<bool> {
        let flag = self.read(key, |value| match value {
            DeValue::Boolean(flag) => Ok(*flag),
            other => Err(format!("is {}; write true or false", kind(other))),
        });
        flag.map(|(flag, _)| flag)
    }

    pub(super) fn number(&mut self, key: &str, bounds: RangeInclusive<u64>) -> Option<u64> {
        let wrong = || {
            format!(
                "write a whole number from {} to {}",
                bounds.start(),
                bounds.end()
            )
        };
        let number = self.read(key, |value| {
            let DeValue::Integer(number) = value else {
                return Err(format!("is {}; {}", kind(value), wrong()));
            };
            let digits = number.as_str().replace('_', "");
            let number = u64::from_str_radix(&digits, number.radix()).map_err(|_| wrong())?;
            if bounds.contains(&number) {
                Ok(number)
            } else {
                Err(wrong())
            }
        });
        number.map(|(number, _)| number)
    }

    /// A length of time: `500ms`, `10s`, `15m`, `2h`, `7d`.
    pub(super) fn span(&mut self, key: &str, least: Duration, most: Duration) -> Option<Duration> {
        let span = self.read(key, |value| {
            let wrong =
                || "write a whole number and a unit, such as 500ms, 10s, 15m, 2h or 7d".to_owned();
            let span = span(&text(value)?).ok_or_else(wrong)?;
            if span < least || span > most {
                return Err(format!(
                    "must be {} or more, and at most {}",
                    short(least),
                    short(most)
                ));
            }
            Ok(span)
        });
        span.map(|(span, _)| span)
    }

    /// One of these words.
    pub(super) fn word<T: Copy>(&mut self, key: &str, all: &[(&str, T)]) -> Option<T> {
        let word = self.read(key, |value| one_of(&text(value)?, all));
        word.map(|(word, _)| word)
    }

    /// One or several of these words.
    pub(super) fn words<T: Copy>(&mut self, key: &str, all: &[(&str, T)]) -> Option<Vec<T>> {
        let words = self.read(key, |value| {
            texts(value)?.iter().map(|word| one_of(word, all)).collect()
        });
        words.map(|(words, _)| words)
    }

    /// A pattern, several, or `{ not = … }`.
    pub(super) fn matched(&mut self, key: &str) -> Option<Match> {
        self.read(key, matched).map(|(matched, _)| matched)
    }

    /// Names and what each must be.
    pub(super) fn matches(&mut self, key: &str) -> BTreeMap<String, Match> {
        let read = self.read(key, |value| {
            let DeValue::Table(table) = value else {
                return Err(format!("is {}; write {{ name = \"value\" }}", kind(value)));
            };
            let pairs = table.iter().map(|(name, value)| {
                let name = name.get_ref().to_string();
                let read = matched(value.get_ref()).map_err(|fault| format!("{name} {fault}"))?;
                Ok((name, read))
            });
            pairs.collect()
        });
        read.map(|(matches, _)| matches).unwrap_or_default()
    }

    /// Names and texts.
    pub(super) fn map(&mut self, key: &str) -> BTreeMap<String, String> {
        let read = self.read(key, |value| {
            let DeValue::Table(table) = value else {
                return Err(format!("is {}; write {{ name = \"value\" }}", kind(value)));
            };
            let pairs = table.iter().map(|(name, value)| {
                let name = name.get_ref().to_string();
                let read = text(value.get_ref()).map_err(|fault| format!("{name} {fault}"))?;
                Ok((name, read))
            });
            pairs.collect()
        });
        read.map(|(map, _)| map).unwrap_or_default()
    }

    /// A table in this one.
    pub(super) fn inner(&mut self, name: &'static str, key: &str) -> Option<Section<'_>> {
        let value = self.get(key)?;
        let at = value.span().start;
        let DeValue::Table(table) = value.get_ref() else {
            let message = format!("is {}; write a table", kind(value.get_ref()));
            self.fault(key, at, message);
            return None;
        };
        Some(Section::new(name, table, at, self.lines, self.faults))
    }
}

/// A text that is not empty, or what is wrong.
pub(super) fn text(value: &DeValue<'_>) -> Result<String, String> {
    match value {
        DeValue::String(text) if text.trim().is_empty() => Err("is empty".to_owned()),
        DeValue::String(text) => Ok(text.to_string()),
        other => Err(format!("is {}; write a text in quotes", kind(other))),
    }
}

fn texts(value: &DeValue<'_>) -> Result<Vec<String>, String> {
    match value {
        DeValue::Array(items) if items.is_empty() => Err("is empty".to_owned()),
        DeValue::Array(items) => items.iter().map(|item| text(item.get_ref())).collect(),
        other => Ok(vec![text(other)?]),
    }
}

fn matched(value: &DeValue<'_>) -> Result<Match, String> {
    let many = |value: &DeValue<'_>| -> Result<Match, String> {
        match value {
            DeValue::String(text) => Ok(Match::One(Pattern::new(text.to_string()))),
            other => Ok(Match::Any(
                texts(other)?.into_iter().map(Pattern::new).collect(),
            )),
        }
    };
    match value {
        DeValue::Table(table) => match (table.get("not"), table.len()) {
            (Some(not), 1) => Ok(Match::Not {
                not: Box::new(many(not.get_ref())?),
            }),
            _ => Err("is a table; write { not = \"pattern\" }".to_owned()),
        },
        other => many(other),
    }
}

fn one_of<T: Copy>(word: &str, all: &[(&str, T)]) -> Result<T, String> {
    let names: Vec<&str> = all.iter().map(|(name, _)| *name).collect();
    match all.iter().find(|(name, _)| *name == word) {
        Some((_, value)) => Ok(*value),
        None => match catalogue::nearest(word, names.iter().copied()) {
            Some(near) => Err(format!(
                "'{word}' is none of {}; did you mean {near}?",
                names.join(", ")
            )),
            None => Err(format!("'{word}' is none of {}", names.join(", "))),
        },
    }
}

/// What a value is, with its article.
pub(super) fn kind(value: &DeValue<'_>) -> String {
    let word = value.type_str();
    let article = if word.starts_with(['a', 'e', 'i', 'o', 'u']) {
        "an"
    } else {
        "a"
    };
    format!("{article} {word}")
}

fn span(text: &str) -> Option<Duration> {
    let text = text.trim();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let number: u64 = number.parse().ok()?;
    let millis = match unit {
        "ms" => 1,
        "s" => 1000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return None,
    };
    Some(Duration::from_millis(number.checked_mul(millis)?))
}

/// As it is written in the file.
fn short(span: Duration) -> String {
    let seconds = span.as_secs();
    match seconds {
        0 => format!("{}ms", span.as_millis()),
        _ if seconds.is_multiple_of(86_400) => format!("{}d", seconds / 86_400),
        _ if seconds.is_multiple_of(3600) => format!("{}h", seconds / 3600),
        _ if seconds.is_multiple_of(60) => format!("{}m", seconds / 60),
        _ => format!("{seconds}s"),
    }
}
