//! A resolved configuration, and where each value came from.

use std::fmt::Write as _;

use crate::fault::Origin;
use crate::key::{Key, Role};

/// One key as it was resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The key.
    pub key: &'static Key,
    /// The value as it would be typed; `None` when there is none. A secret's is `(set)`.
    pub value: Option<String>,
    /// Where it came from.
    pub origin: Origin,
}

/// A resolved configuration.
#[derive(Debug, Clone, PartialEq)]
pub struct Loaded<C> {
    /// What it means.
    pub config: C,
    /// For which role.
    pub role: Role,
    /// Every key of the role, in the order of the guide.
    pub values: Vec<Shown>,
    /// What is odd and no fault; to be logged at start.
    pub warnings: Vec<String>,
}

impl<C> Loaded<C> {
    /// Every key with its value and where that came from, a line each, for `config print`.
    pub fn print(&self) -> String {
        let width = |f: fn(&Shown) -> usize| self.values.iter().map(f).max().unwrap_or(0);
        let path_width = width(|shown| shown.key.path.len());
        let value_width = width(|shown| value(shown).chars().count()).min(40);
        let mut out = String::new();
        for shown in &self.values {
            let value = value(shown);
            // Writing to a string does not fail.
            let _ = writeln!(
                out,
                "{:path_width$}  {value:value_width$}  {}",
                shown.key.path, shown.origin
            );
        }
        out
    }
}

fn value(shown: &Shown) -> &str {
    shown.value.as_deref().unwrap_or("-")
}
