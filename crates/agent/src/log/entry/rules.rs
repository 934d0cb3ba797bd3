//! What is done to entries on the way: settings as they were typed, and what they mean.

mod pattern;
mod redact;

use std::sync::Arc;

pub(crate) use pattern::Pattern;
pub(crate) use redact::Redaction;

use super::selection::SourceName;
use super::stamp::Place;

/// What is asked for. Texts are as a person writes them in the configuration.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct LogRules {
    /// The most bytes of one message, before bytes that are no UTF-8 are replaced; at least [`LogRules::LEAST_LINE`].
    pub(crate) max_line: usize,
    /// The most lines of one group.
    pub(crate) group_lines: u32,
    /// How long a group waits for its next line, in microseconds.
    pub(crate) group_wait_usec: i64,
    /// How long a piece of a line waits for the next one, in microseconds.
    pub(crate) piece_wait_usec: i64,
    /// Whether stack traces are recognised.
    pub(crate) traces: bool,
    /// Own groups: `[SELECTOR =>] START [=> CONTINUATION]`, the latter two regular expressions.
    pub(crate) multiline: Vec<String>,
    /// What is masked: the name of a built-in, or `REGEX => MASK`.
    pub(crate) redact: Vec<String>,
    /// What is known of the host, for the times in its logs.
    pub(crate) place: Place,
}

impl LogRules {
    /// The least bound of a line.
    pub(crate) const LEAST_LINE: usize = 64;
}

impl Default for LogRules {
    fn default() -> LogRules {
        LogRules {
            max_line: 1 << 20,
            group_lines: 1000,
            group_wait_usec: 1_000_000,
            piece_wait_usec: 10_000_000,
            traces: true,
            multiline: Vec::new(),
            redact: Vec::new(),
            place: Place::default(),
        }
    }
}

/// A rule that cannot be understood.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{text:?}: {why}")]
pub(crate) struct RuleError {
    /// The rule as it was typed.
    pub(crate) text: String,
    /// What is wrong with it.
    pub(crate) why: String,
}

impl RuleError {
    pub(crate) fn new(text: &str, why: impl Into<String>) -> RuleError {
        RuleError {
            text: text.to_owned(),
            why: why.into(),
        }
    }
}

/// [`LogRules`], compiled. One for all files, or by [`EntryRules::of_source`] one for those with the same own groups.
#[derive(Clone, Debug)]
pub(crate) struct EntryRules {
    pub(crate) max_line: usize,
    pub(crate) group_lines: u32,
    pub(crate) group_wait_usec: i64,
    pub(crate) piece_wait_usec: i64,
    pub(crate) traces: bool,
    pub(crate) patterns: Vec<Arc<Pattern>>,
    pub(crate) redactions: Arc<[Redaction]>,
    pub(crate) place: Place,
}

impl EntryRules {
    /// Compiles what was asked for, or tells all that is wrong with it.
    pub(crate) fn compile(rules: &LogRules) -> Result<Arc<EntryRules>, Vec<RuleError>> {
        let mut errors = Vec::new();
        let mut patterns = Vec::new();
        for text in &rules.multiline {
            match Pattern::parse(text) {
                Ok(pattern) => patterns.push(Arc::new(pattern)),
                Err(error) => errors.push(error),
            }
        }
        let mut redactions = Vec::new();
        for text in &rules.redact {
            match Redaction::parse(text) {
                Ok(redaction) => redactions.push(redaction),
                Err(error) => errors.push(error),
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        Ok(Arc::new(EntryRules {
            max_line: rules.max_line.max(LogRules::LEAST_LINE),
            group_lines: rules.group_lines.max(1),
            group_wait_usec: rules.group_wait_usec,
            piece_wait_usec: rules.piece_wait_usec,
            traces: rules.traces,
            patterns,
            redactions: redactions.into(),
            place: rules.place.clone(),
        }))
    }

    /// The rules of one source: the same, with those own groups alone that are for it.
    pub(crate) fn of_source(self: &Arc<Self>, source: &SourceName<'_>) -> Arc<EntryRules> {
        if self.patterns.iter().all(|p| p.admits(source)) {
            return Arc::clone(self);
        }
        let mut rules = EntryRules::clone(self);
        rules.patterns.retain(|p| p.admits(source));
        Arc::new(rules)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_is_wrong_is_told_at_once() {
        let errors = EntryRules::compile(&LogRules {
            multiline: vec!["(".into(), "^a".into(), "pod=x => ".into()],
            redact: vec!["emial".into(), "email".into(), "[ => x".into()],
            ..LogRules::default()
        })
        .unwrap_err();
        let texts: Vec<_> = errors.iter().map(|e| e.text.as_str()).collect();
        assert_eq!(texts, ["(", "pod=x => ", "emial", "[ => x"]);
    }

    #[test]
    fn a_source_has_the_groups_that_are_for_it() {
        let rules = EntryRules::compile(&LogRules {
            multiline: vec!["namespace=shop => ^a".into(), "pod=web-* => ^b".into()],
            ..LogRules::default()
        })
        .unwrap();
        let source = |namespace, pod| SourceName {
            namespace,
            pod,
            ..SourceName::default()
        };
        assert!(Arc::ptr_eq(
            &rules,
            &rules.of_source(&source("shop", "web-1"))
        ));
        assert_eq!(rules.of_source(&source("shop", "db")).patterns.len(), 1);
        assert_eq!(rules.of_source(&source("", "")).patterns.len(), 0);
    }
}
