//! What is wrong with a text, and where.

/// A fault of an expression or of a search.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("character {at}: {message}")]
pub struct SyntaxError {
    /// Which character of the text, counted from 1. One more than there are: something is missing at the end.
    pub at: usize,
    /// What is wrong there, and what could stand there.
    pub message: String,
}

impl SyntaxError {
    pub(crate) fn new(at: usize, message: impl Into<String>) -> SyntaxError {
        SyntaxError {
            at,
            message: message.into(),
        }
    }
}

/// No message is longer than a line because somebody's text is.
pub(crate) fn cut(text: &str) -> String {
    const SHOWN: usize = 40;
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
