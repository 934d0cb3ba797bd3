//! Where a page ended, so that the next one begins behind it whatever has come meanwhile.

use serde::{Deserialize, Serialize};

use super::LogOrder;
use super::key::{Key, read, word};
use crate::error::QueryError;

/// The place behind a page. The range goes with it: `-1h` is another hour when the next page is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Cursor {
    newest: bool,
    /// Microseconds of the epoch, `end` left out.
    pub(crate) start: i64,
    pub(crate) end: i64,
    pub(crate) key: Key,
}

impl Cursor {
    pub(crate) fn new(order: LogOrder, (start, end): (i64, i64), key: Key) -> Cursor {
        Cursor {
            newest: order == LogOrder::Newest,
            start,
            end,
            key,
        }
    }

    /// As it is given out.
    pub(crate) fn word(&self) -> String {
        word(self)
    }

    pub(crate) fn read(text: &str, order: LogOrder) -> Result<Cursor, QueryError> {
        let cursor: Cursor = read(text).ok_or_else(|| {
            QueryError::invalid(
                "after",
                "this is no cursor: take it from an answer's 'next' as it is",
            )
        })?;
        if cursor.newest != (order == LogOrder::Newest) {
            return Err(QueryError::invalid(
                "after",
                "this cursor is of an answer in the other order",
            ));
        }
        Ok(cursor)
    }
}
