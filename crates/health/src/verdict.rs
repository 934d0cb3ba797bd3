//! What is found about an entity, and the verdict made of it.

use serde::{Deserialize, Serialize};

use crate::say;
use crate::thresholds::TEXT_MOST;
use crate::word::{Severity, Word};

/// One thing that a rule looked at, to be shown as a label and its value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// What it is, for example "last exit".
    pub label: String,
    /// What it was, for example "137 (SIGKILL), OOMKilled".
    pub value: String,
    /// When, in microseconds since 1970. The value does not repeat it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<i64>,
}

/// What one rule found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// In one word.
    pub word: Word,
    /// How bad it is.
    pub severity: Severity,
    /// In one or two short sentences.
    pub reason: String,
    /// Since when, in microseconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<i64>,
    /// Of what happens at moments, such as a kill: when it happened last, in microseconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<i64>,
    /// What it was found by.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Evidence>,
}

impl Finding {
    pub(crate) fn new(word: Word, severity: Severity, reason: impl Into<String>) -> Finding {
        Finding {
            word,
            severity,
            reason: reason.into(),
            since: None,
            last: None,
            evidence: Vec::new(),
        }
    }

    pub(crate) fn since(mut self, since: Option<i64>) -> Finding {
        self.since = since;
        self
    }

    pub(crate) fn last(mut self, last: Option<i64>) -> Finding {
        self.last = last;
        self
    }

    /// Adds evidence without a time.
    pub(crate) fn with(self, label: &str, value: impl AsRef<str>) -> Finding {
        self.at(label, value, None)
    }

    /// Adds evidence with its time.
    pub(crate) fn at(mut self, label: &str, value: impl AsRef<str>, time: Option<i64>) -> Finding {
        let value = say::clipped(value.as_ref(), TEXT_MOST);
        if !value.is_empty() {
            self.evidence.push(Evidence {
                label: label.to_owned(),
                value,
                time,
            });
        }
        self
    }

    /// Adds evidence if there is any.
    pub(crate) fn maybe(self, label: &str, value: Option<impl AsRef<str>>) -> Finding {
        match value {
            Some(value) => self.with(label, value),
            None => self,
        }
    }

    /// Whether something is wrong.
    #[must_use]
    pub fn is_unwell(&self) -> bool {
        self.severity <= Severity::Warning
    }
}

/// The verdict about an entity: the worst finding, and the others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// In one word.
    pub word: Word,
    /// How bad it is.
    pub severity: Severity,
    /// In one or two short sentences.
    pub reason: String,
    /// Since when, in microseconds since 1970, as far as it is known.
    pub since: Option<i64>,
    /// Of what happens at moments, such as a kill: when it happened last, in microseconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<i64>,
    /// What it was found by.
    pub evidence: Vec<Evidence>,
    /// What else was found, worst first.
    pub also: Vec<Finding>,
}

impl Verdict {
    /// Whether something is wrong.
    #[must_use]
    pub fn is_unwell(&self) -> bool {
        self.severity <= Severity::Warning
    }

    /// The verdict itself as a finding, then the others.
    pub(crate) fn findings(&self) -> impl Iterator<Item = Finding> {
        let first = Finding {
            word: self.word,
            severity: self.severity,
            reason: self.reason.clone(),
            since: self.since,
            last: self.last,
            evidence: self.evidence.clone(),
        };
        std::iter::once(first).chain(self.also.iter().cloned())
    }

    /// Whether this word was found, first or not.
    #[must_use]
    pub fn has(&self, word: Word) -> bool {
        self.word == word || self.also.iter().any(|f| f.word == word)
    }
}

/// A verdict with the name of its entity, for the verdict about what the entity is part of.
#[derive(Debug, Clone, Copy)]
pub struct Named<'a> {
    /// The entity's name.
    pub name: &'a str,
    /// The verdict about it.
    pub verdict: &'a Verdict,
}

/// What the rules found so far.
#[derive(Debug, Default)]
pub(crate) struct Findings(Vec<Finding>);

impl Findings {
    pub(crate) fn push(&mut self, finding: Finding) {
        self.0.push(finding);
    }

    pub(crate) fn extend(&mut self, findings: impl IntoIterator<Item = Finding>) {
        self.0.extend(findings);
    }

    pub(crate) fn has(&self, word: Word) -> bool {
        self.0.iter().any(|f| f.word == word)
    }

    /// The verdict: worst first, of equally bad ones the more telling word, then the older. `otherwise` is the verdict when
    /// nothing was found that says how it is.
    pub(crate) fn verdict(mut self, otherwise: impl FnOnce() -> Finding) -> Verdict {
        // What is not known (severity unknown) does not say that the entity is well.
        if self.0.iter().all(|f| f.severity == Severity::Unknown) {
            self.0.push(otherwise());
        }
        self.0.sort_by_key(|f| {
            (
                f.severity,
                f.word,
                f.since.is_none(),
                f.since.unwrap_or_default(),
            )
        });
        let mut found = self.0.into_iter();
        let first = found.next().unwrap_or_else(|| {
            Finding::new(
                Word::Unknown,
                Severity::Unknown,
                "Nothing is known about it.",
            )
        });
        Verdict {
            word: first.word,
            severity: first.severity,
            reason: first.reason,
            since: first.since,
            last: first.last,
            evidence: first.evidence,
            also: found.collect(),
        }
    }
}
