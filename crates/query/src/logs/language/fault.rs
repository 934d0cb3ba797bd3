//! What is wrong with a text, and where.

use crate::error::{Code, Position, QueryError};

/// A fault at a place of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    /// The byte at which it is.
    pub(crate) at: usize,
    /// What is wrong and what to write instead.
    pub(crate) message: String,
    /// Known names near to an unknown one.
    pub(crate) nearest: Vec<String>,
}

impl Fault {
    pub(crate) fn new(at: usize, message: impl Into<String>) -> Fault {
        Fault {
            at,
            message: message.into(),
            nearest: Vec::new(),
        }
    }

    /// As an answer: line and character of the text that is the request's member `path`.
    pub(crate) fn into_error(self, text: &str, path: &str) -> QueryError {
        let (line, column) = place(text, self.at);
        let code = if self.nearest.is_empty() {
            Code::InvalidRequest
        } else {
            Code::UnknownColumn
        };
        let mut error = QueryError::new(code, self.message);
        error.nearest = self.nearest;
        error.position = Some(Position::Member {
            path: path.to_owned(),
            line,
            column,
        });
        error
    }
}

/// Line and character, both from 1, of a byte.
fn place(text: &str, at: usize) -> (u64, u64) {
    let mut end = at.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let before = &text[..end];
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let line = before.bytes().filter(|b| *b == b'\n').count() + 1;
    let column = before[line_start..].chars().count() + 1;
    (line as u64, column as u64)
}
