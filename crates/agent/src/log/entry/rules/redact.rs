//! What is masked.

use std::borrow::Cow;

use super::RuleError;

/// One thing that is masked.
#[derive(Clone, Debug)]
pub(crate) struct Redaction {}

impl Redaction {
    /// Reads the name of a built-in, or `REGEX => MASK`.
    pub(crate) fn parse(text: &str) -> Result<Redaction, RuleError> {
        Err(RuleError::new(text, "not yet"))
    }

    /// The message with what is to be masked masked; borrowed if there is nothing.
    pub(crate) fn apply<'a>(&self, message: &'a str) -> Cow<'a, str> {
        Cow::Borrowed(message)
    }
}
