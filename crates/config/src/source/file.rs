//! Our file, in TOML.

use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{FileText, Given, Read};
use crate::fault::{Fault, Origin};
use crate::key::{Default, Key, Kind};
use crate::keys;
use crate::nearest::nearest;
use crate::value::List;

/// Every value of the file with its line; unknown keys are faults.
pub(crate) fn read(file: &FileText) -> Read {
    let mut reader = Reader {
        path: &file.path,
        lines: Lines::of(&file.text),
        read: Read::default(),
    };
    let (table, errors) = DeTable::parse_recoverable(&file.text);
    for error in errors {
        let at = error.span().map_or(0, |span| span.start);
        reader.fault(at, None, None, format!("not TOML: {}", error.message()));
    }
    reader.table("", table.get_ref());
    reader.read.faults.sort_by_key(|fault| match fault.origin {
        Some(Origin::File { line, .. }) => line,
        _ => 0,
    });
    reader.read
}

struct Reader<'a> {
    path: &'a Path,
    lines: Lines,
    read: Read,
}

impl Reader<'_> {
    fn table(&mut self, prefix: &str, table: &DeTable<'_>) {
        for (name, value) in table {
            let path = if prefix.is_empty() {
                name.get_ref().to_string()
            } else {
                format!("{prefix}.{}", name.get_ref())
            };
            let at = name.span().start;
            match (keys::key_at(&path), value.get_ref()) {
                (Some(key), DeValue::Table(_)) => {
                    self.fault(
                        at,
                        Some(path),
                        None,
                        format!("is a table; write {}", example(key)),
                    );
                }
                (Some(key), _) => self.value(key, value),
                (None, DeValue::Table(inner)) if is_section(&path) => self.table(&path, inner),
                (None, _) if is_section(&path) => {
                    let message = format!("is a table of keys; write [{path}] and them below it");
                    self.fault(at, Some(path), None, message);
                }
                (None, _) => self.unknown(at, path),
            }
        }
    }

    fn value(&mut self, key: &'static Key, value: &Spanned<DeValue<'_>>) {
        let at = value.span().start;
        let text = match (key.kind, value.get_ref()) {
            (_, DeValue::String(text)) => Ok(text.to_string()),
            (Kind::List, DeValue::Array(items)) => {
                let texts: Option<Vec<String>> = items
                    .iter()
                    .map(|item| item.get_ref().as_str().map(str::to_owned))
                    .collect();
                texts
                    .map(|texts| List::text(&texts))
                    .ok_or_else(|| format!("must hold texts; write {}", example(key)))
            }
            (Kind::Flag, DeValue::Boolean(value)) => Ok(value.to_string()),
            (Kind::Count { .. } | Kind::Size { .. }, DeValue::Integer(number))
                if number.radix() == 10 =>
            {
                Ok(number.as_str().replace('_', ""))
            }
            (_, other) => Err(format!(
                "is {}; write {}",
                article(other.type_str()),
                example(key)
            )),
        };
        if key.secret {
            let message = format!(
                "a secret does not belong into this file; use the environment variable {}",
                key.variable()
            );
            return self.fault(at, Some(key.path.to_owned()), None, message);
        }
        match text {
            Ok(text) => {
                let origin = self.origin(at);
                self.read.given.push(Given { key, text, origin });
            }
            Err(message) => self.fault(at, Some(key.path.to_owned()), None, message),
        }
    }

    fn unknown(&mut self, at: usize, path: String) {
        let known = keys::ALL.iter().map(|key| key.path);
        // The last word alone helps who has the right word in the wrong table.
        let last = path.rsplit('.').next().unwrap_or_default();
        let moved = || {
            keys::ALL
                .iter()
                .map(|k| k.path)
                .find(|p| p.rsplit('.').next() == Some(last))
        };
        let message = match nearest(&path, known).or_else(moved) {
            Some(near) => format!("there is no such key; did you mean {near}?"),
            None => "there is no such key".to_owned(),
        };
        self.fault(at, Some(path), None, message);
    }

    fn origin(&self, at: usize) -> Origin {
        Origin::File {
            path: self.path.to_owned(),
            line: self.lines.line(at),
        }
    }

    fn fault(&mut self, at: usize, key: Option<String>, value: Option<String>, message: String) {
        let origin = Some(self.origin(at));
        self.read.faults.push(Fault {
            origin,
            key,
            value,
            message,
        });
    }
}

/// Whether some key lies under that path.
fn is_section(path: &str) -> bool {
    keys::ALL.iter().any(|key| {
        key.path
            .strip_prefix(path)
            .is_some_and(|rest| rest.starts_with('.'))
    })
}

fn article(toml_type: &str) -> String {
    let vowel = toml_type.starts_with(['a', 'e', 'i', 'o', 'u']);
    format!("{} {toml_type}", if vowel { "an" } else { "a" })
}

/// The key with a value, as it is written in a file.
fn example(key: &Key) -> String {
    let name = key.path.rsplit('.').next().unwrap_or(key.path);
    match (key.kind, key.default) {
        (Kind::Flag | Kind::Count { .. }, Default::Value(value)) => format!("{name} = {value}"),
        (Kind::List, _) => format!("{name} = [\"…\", \"…\"]"),
        (_, Default::Value(value)) => format!("{name} = \"{value}\""),
        _ => format!("{name} = \"…\" with a {} in quotes", key.kind.word()),
    }
}

/// Where the lines of a text begin.
struct Lines(Vec<usize>);

impl Lines {
    fn of(text: &str) -> Lines {
        Lines(
            text.bytes()
                .enumerate()
                .filter(|(_, b)| *b == b'\n')
                .map(|(at, _)| at)
                .collect(),
        )
    }

    /// The line of a place in the text, from 1.
    fn line(&self, at: usize) -> usize {
        self.0.partition_point(|newline| *newline < at) + 1
    }
}
