//! Own groups of lines.

use regex::bytes::{Regex, RegexBuilder};

use super::super::selection::{Selector, SourceName};
use super::RuleError;

/// The most bytes that a compiled regular expression may take, and as much again for its automaton's cache.
pub(super) const REGEX_BYTES: usize = 1 << 20;

/// Which lines make a group.
#[derive(Clone, Debug)]
pub(crate) struct Pattern {
    selector: Option<Selector>,
    start: Regex,
    continuation: Option<Regex>,
}

impl Pattern {
    /// Reads `[SELECTOR =>] START [=> CONTINUATION]`. With one arrow the first part is a selector if it reads as one.
    pub(crate) fn parse(text: &str) -> Result<Pattern, RuleError> {
        let parts: Vec<&str> = text.split(" => ").map(str::trim).collect();
        let (selector, start, continuation) = match *parts.as_slice() {
            [start] => (None, start, None),
            [first, second] => match Selector::parse(first) {
                Ok(selector) => (Some(selector), second, None),
                Err(_) => (None, first, Some(second)),
            },
            [selector, start, continuation] => {
                let selector =
                    Selector::parse(selector).map_err(|e| RuleError::new(text, e.why))?;
                (Some(selector), start, Some(continuation))
            }
            _ => {
                return Err(RuleError::new(
                    text,
                    "it is not [SELECTOR =>] START [=> CONTINUATION]",
                ));
            }
        };
        let regex = |source: &str| {
            if source.is_empty() {
                return Err(RuleError::new(text, "an expression is empty"));
            }
            RegexBuilder::new(source)
                .size_limit(REGEX_BYTES)
                .dfa_size_limit(REGEX_BYTES)
                .build()
                .map_err(|e| RuleError::new(text, e.to_string()))
        };
        Ok(Pattern {
            selector,
            start: regex(start)?,
            continuation: continuation.map(regex).transpose()?,
        })
    }

    /// Whether it is for this source.
    pub(crate) fn admits(&self, source: &SourceName<'_>) -> bool {
        self.selector.as_ref().is_none_or(|s| s.admits(source))
    }

    /// Whether a line begins a group.
    pub(crate) fn starts(&self, line: &[u8]) -> bool {
        self.start.is_match(line)
    }

    /// Whether a line goes on with a group: it is as the continuation says, or, if there is none, no start.
    pub(crate) fn continues(&self, line: &[u8]) -> bool {
        match &self.continuation {
            Some(continuation) => continuation.is_match(line) && !self.start.is_match(line),
            None => !self.start.is_match(line),
        }
    }
}
