//! What is wrong with a definition, key by key.

use std::fmt;

use crate::excerpt::excerpt;

/// The most faults that are told at once.
pub const MOST_FAULTS: usize = 100;
/// The most characters of a fault's key and of its message: both may hold what a caller wrote.
const LONGEST: usize = 400;

/// One fault of a definition.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{key}{}{message}", if key.is_empty() { "" } else { ": " })]
pub struct Fault {
    /// The key as CloudWatch spells it, with the place in a list: `AlarmActions[2]`. Empty for the definition as a whole.
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

/// Everything that is wrong with a definition, up to [`MOST_FAULTS`]: first how it is written, then what it says.
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

/// Whether one of the keys holds the other, or they are the same: `Source` and `Source.Rows.Entity`.
fn concerns(a: &str, b: &str) -> bool {
    a == b || holds(a, b) || holds(b, a)
}

/// Whether what is at `path` holds what is at `key`; everything is held by the whole, whose path is empty.
fn holds(path: &str, key: &str) -> bool {
    let rest = key.strip_prefix(path);
    path.is_empty() || rest.is_some_and(|rest| rest.starts_with(['.', '[']))
}

/// Collects faults while a definition is gone through.
#[derive(Debug, Default)]
pub(super) struct Check {
    faults: Vec<Fault>,
    /// How many of them are about how the definition is written.
    read: usize,
    /// Whether it is still being read.
    is_reading: bool,
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
        if self.faults.len() >= MOST_FAULTS {
            return;
        }
        let key = excerpt(&key, LONGEST);
        let mut read = self.faults.iter().take(self.read);
        if read.any(|fault| concerns(&fault.key, &key)) {
            return;
        }
        if self.is_reading && self.faults.iter().any(|fault| fault.key == key) {
            return;
        }
        // Of what is no object nothing is missing.
        let mut above = self.faults.iter();
        if kind == FaultKind::Missing && above.any(|fault| holds(&fault.key, &key)) {
            return;
        }
        self.faults.push(Fault {
            key,
            message: excerpt(&message.to_string(), LONGEST),
            kind,
        });
    }

    /// Whether a fault of the key was found.
    pub(super) fn has(&self, key: &str) -> bool {
        self.faults.iter().any(|fault| fault.key == key)
    }

    /// What follows is about what the definition says. A value that could not be read is not said to be missing too.
    pub(super) fn is_read(&mut self) {
        self.read = self.faults.len();
        self.is_reading = false;
    }

    /// What follows is about how a definition is written: one fault for a key, for what stands in for a value that could
    /// not be read may be wrong too.
    pub(super) fn reading() -> Check {
        Check {
            is_reading: true,
            ..Check::default()
        }
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
