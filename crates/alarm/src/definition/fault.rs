//! What is wrong with a definition, key by key.

use std::fmt;

/// One fault of a definition.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{key}: {message}")]
pub struct Fault {
    /// The key as CloudWatch spells it, with the place in a list: `AlarmActions[2]`.
    pub key: String,
    /// What is wrong with it, and what is allowed.
    pub message: String,
    /// Which of CloudWatch's errors it is.
    pub kind: FaultKind,
}

/// CloudWatch's errors for a definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FaultKind {
    /// A value out of its own bounds: `ValidationError`.
    Value,
    /// Keys that do not go together: `InvalidParameterCombination`.
    Combination,
    /// A key that has to be there: `MissingParameter`.
    Missing,
}

/// Everything that is wrong with a definition, in the order of its keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Faults(pub Vec<Fault>);

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, fault) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str("; ")?;
            }
            write!(f, "{fault}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Faults {}

/// Collects faults while a definition is gone through.
#[derive(Debug, Default)]
pub(super) struct Check {
    faults: Vec<Fault>,
}

impl Check {
    pub(super) fn value(&mut self, key: impl Into<String>, message: impl fmt::Display) {
        self.add(key.into(), message, FaultKind::Value);
    }

    pub(super) fn combination(&mut self, key: &str, message: impl fmt::Display) {
        self.add(key.to_owned(), message, FaultKind::Combination);
    }

    pub(super) fn missing(&mut self, key: &str, message: impl fmt::Display) {
        self.add(key.to_owned(), message, FaultKind::Missing);
    }

    fn add(&mut self, key: String, message: impl fmt::Display, kind: FaultKind) {
        self.faults.push(Fault {
            key,
            message: message.to_string(),
            kind,
        });
    }

    /// A text with at least one and at most so many characters.
    pub(super) fn length(&mut self, key: impl Into<String>, text: &str, most: usize) {
        let length = text.chars().count();
        if !(1..=most).contains(&length) {
            self.value(
                key,
                format!("has {length} characters, 1 to {most} are allowed"),
            );
        }
    }

    pub(super) fn at_most(&mut self, key: &str, count: usize, most: usize) {
        if count > most {
            self.value(
                key,
                format!("has {count} items, at most {most} are allowed"),
            );
        }
    }

    /// A key that has to be there.
    pub(super) fn required<T>(&mut self, key: &str, value: Option<T>) -> Option<T> {
        if value.is_none() {
            self.missing(key, "is missing");
        }
        value
    }

    /// A word out of a list; `None`, with a fault, when it is none of them.
    pub(super) fn word<T>(&mut self, key: &str, word: &str) -> Option<T>
    where
        T: std::str::FromStr<Err = crate::UnknownWord>,
    {
        word.parse().map_err(|e| self.value(key, e)).ok()
    }

    /// What was made of it, unless there was a fault.
    pub(super) fn done<T>(self, made: Option<T>) -> Result<T, Faults> {
        match made {
            Some(made) if self.faults.is_empty() => Ok(made),
            _ => Err(Faults(self.faults)),
        }
    }
}
