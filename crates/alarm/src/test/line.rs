//! A line as keys and values, each key once.

use std::fmt;

use catalogue::nearest;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;

use crate::excerpt::excerpt;

/// Why a line is no case.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CaseError {
    /// It is not a JSON object.
    #[error("not a JSON object: {0}")]
    NotAnObject(String),
    /// A key that no case has.
    #[error("there is no key {key}{}", nearest.map(|n| format!(", perhaps {n}?")).unwrap_or_default())]
    UnknownKey {
        /// The key.
        key: String,
        /// The one that was probably meant.
        nearest: Option<&'static str>,
    },
    /// A key that is there twice.
    #[error("{0} is there twice")]
    Twice(String),
    /// A key that has to be there.
    #[error("{0} is missing")]
    Missing(&'static str),
    /// A value that its key does not take.
    #[error("{key}: {message}")]
    Value {
        /// The key.
        key: &'static str,
        /// What is wrong, and what is allowed.
        message: String,
    },
}

/// The keys that were not asked for yet.
#[derive(Debug)]
pub(super) struct Line(Vec<(String, Value)>);

impl Line {
    /// # Errors
    /// It is no object, or has a key that is not `known` or is there twice.
    pub(super) fn read(text: &str, known: &[&'static str]) -> Result<Line, CaseError> {
        let line: Line = serde_json::from_str(text)
            .map_err(|error| CaseError::NotAnObject(without_line(&error)))?;
        for (i, (key, _)) in line.0.iter().enumerate() {
            if !known.contains(&key.as_str()) {
                return Err(CaseError::UnknownKey {
                    key: cut(key),
                    nearest: nearest(key, known.iter().copied()),
                });
            }
            if line.0[..i].iter().any(|(other, _)| other == key) {
                return Err(CaseError::Twice(key.clone()));
            }
        }
        Ok(line)
    }

    /// The value of a key. A `null` is no value.
    pub(super) fn take(&mut self, key: &str) -> Option<Value> {
        let at = self.0.iter().position(|(found, _)| found == key)?;
        Some(self.0.swap_remove(at).1).filter(|value| !value.is_null())
    }
}

/// A case is one line, so only the column tells something.
fn without_line(error: &serde_json::Error) -> String {
    let whole = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    match whole.strip_suffix(&place) {
        Some(what) => format!("{what} at column {}", error.column()),
        None => whole,
    }
}

/// A text for a message.
pub(super) fn cut(text: &str) -> String {
    const SHOWN: usize = 60;
    excerpt(text, SHOWN)
}

impl<'de> Deserialize<'de> for Line {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Line, D::Error> {
        struct Keys;
        impl<'de> Visitor<'de> for Keys {
            type Value = Line;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object such as {\"EvaluationPeriods\": 3, …}")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Line, A::Error> {
                let mut keys = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    keys.push(entry);
                }
                Ok(Line(keys))
            }
        }
        deserializer.deserialize_map(Keys)
    }
}
