//! The keys of an object, each of which is asked for once, by what it should be.

use std::collections::HashSet;

use catalogue::nearest;

use super::super::fault::Check;
use super::super::written::Written;

/// An object whose keys are all known and there once; the others were told as faults.
#[derive(Debug)]
pub(super) struct Object {
    /// Before each key, with its full stop: `Source.Rows.`.
    path: String,
    entries: Vec<(String, Written)>,
}

impl Object {
    /// The keys of `written`, which is at `path`; empty for what is no object.
    pub(super) fn of(
        check: &mut Check,
        path: &str,
        written: Written,
        known: &[&'static str],
    ) -> Object {
        let entries = match written {
            Written::Object(entries) => entries,
            other => {
                check.value(path, format!("is {}, an object is wanted", other.what()));
                Vec::new()
            }
        };
        let mut object = Object {
            path: match path {
                "" => String::new(),
                path => format!("{path}."),
            },
            entries: Vec::new(),
        };
        let mut seen = HashSet::new();
        for (key, value) in entries {
            if !known.contains(&key.as_str()) {
                check.value(object.at(&key), unknown(&key, known));
            } else if !seen.insert(key.clone()) {
                check.value(object.at(&key), "is there twice");
            } else if value != Written::Nothing {
                object.entries.push((key, value));
            }
        }
        object
    }

    /// A key with the path before it.
    pub(super) fn at(&self, key: &str) -> String {
        format!("{}{key}", self.path)
    }

    /// Whether the key is there and was not asked for yet.
    pub(super) fn has(&self, key: &str) -> bool {
        self.entries.iter().any(|(name, _)| name == key)
    }

    /// The value of a key, whatever it is.
    pub(super) fn take(&mut self, key: &str) -> Option<Written> {
        let at = self.entries.iter().position(|(name, _)| name == key)?;
        Some(self.entries.swap_remove(at).1)
    }

    fn take_as<T>(
        &mut self,
        check: &mut Check,
        key: &str,
        wanted: &str,
        read: impl Fn(&Written) -> Option<T>,
    ) -> Option<T> {
        let value = self.take(key)?;
        let read = read(&value);
        if read.is_none() {
            let found = match value {
                Written::Number(number) => number.to_string(),
                other => other.what().to_owned(),
            };
            check.value(self.at(key), format!("is {found}, {wanted} is wanted"));
        }
        read
    }

    pub(super) fn text(&mut self, check: &mut Check, key: &str) -> Option<String> {
        self.take_as(check, key, "a text", text)
    }

    pub(super) fn flag(&mut self, check: &mut Check, key: &str) -> Option<bool> {
        self.take_as(check, key, "true or false", |value| match value {
            Written::Flag(flag) => Some(*flag),
            _ => None,
        })
    }

    pub(super) fn whole(&mut self, check: &mut Check, key: &str) -> Option<u32> {
        let wanted = "a whole number from 0 to 4294967295";
        self.take_as(check, key, wanted, |value| match value {
            Written::Number(number) if number.fract() == 0.0 => {
                let is_in = (0.0..=f64::from(u32::MAX)).contains(number);
                is_in.then_some(*number as u32)
            }
            _ => None,
        })
    }

    pub(super) fn number(&mut self, check: &mut Check, key: &str) -> Option<f64> {
        self.take_as(check, key, "a finite number", |value| match value {
            Written::Number(number) if number.is_finite() => Some(*number),
            _ => None,
        })
    }

    /// The items of a list; none when the key is not there.
    pub(super) fn list(&mut self, check: &mut Check, key: &str) -> Vec<Written> {
        let list = self.take_as(check, key, "a list", |value| match value {
            Written::List(items) => Some(items.clone()),
            _ => None,
        });
        list.unwrap_or_default()
    }

    /// A list of texts. What stands for an item that is none keeps the others at their places.
    pub(super) fn texts(&mut self, check: &mut Check, key: &str) -> Vec<String> {
        let path = self.at(key);
        let items = self.list(check, key).into_iter().enumerate();
        let texts = items.map(|(i, item)| match item {
            Written::Text(text) => text,
            other => {
                let message = format!("is {}, a text is wanted", other.what());
                check.value(format!("{path}[{}]", i + 1), message);
                String::new()
            }
        });
        texts.collect()
    }

    /// Pairs of texts, written as CloudWatch does, `[{"Name": …, "Value": …}]` with `name` for the first key, or, shorter,
    /// as an object.
    pub(super) fn pairs(
        &mut self,
        check: &mut Check,
        key: &str,
        name: &'static str,
    ) -> Vec<(String, String)> {
        if !matches!(
            self.entries.iter().find(|(found, _)| found == key),
            Some((_, Written::Object(_)))
        ) {
            let path = self.at(key);
            let items = self.list(check, key).into_iter().enumerate();
            let pairs = items.map(|(i, item)| {
                let path = format!("{path}[{}]", i + 1);
                let mut pair = Object::of(check, &path, item, &[name, "Value"]);
                let mut part = |key| {
                    let is_there = pair.has(key);
                    let part = pair.text(check, key);
                    if !is_there {
                        check.missing(&pair.at(key), "is missing");
                    }
                    part.unwrap_or_default()
                };
                (part(name), part("Value"))
            });
            return pairs.collect();
        }
        let path = self.at(key);
        let Some(Written::Object(entries)) = self.take(key) else {
            return Vec::new();
        };
        let pairs = entries.into_iter().map(|(name, value)| {
            let text = text(&value);
            if text.is_none() {
                let message = format!("is {}, a text is wanted", value.what());
                check.value(format!("{path}.{name}"), message);
            }
            (name, text.unwrap_or_default())
        });
        pairs.collect()
    }
}

fn text(value: &Written) -> Option<String> {
    match value {
        Written::Text(text) => Some(text.clone()),
        _ => None,
    }
}

fn unknown(key: &str, known: &[&'static str]) -> String {
    match nearest(key, known.iter().copied()) {
        Some(near) => format!("there is no such key, did you mean {near}?"),
        None => "there is no such key".to_owned(),
    }
}
