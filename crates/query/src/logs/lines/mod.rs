//! Lines: what one is, in which order they are, and the best of many.

mod best;
mod cursor;
mod key;
mod line;

pub use line::LogLine;

pub(crate) use best::Best;
pub(crate) use cursor::Cursor;
pub(crate) use key::Key;
pub(crate) use line::{COLUMNS, LineRows, rfc3339};

use serde::Deserialize;

/// The order of lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogOrder {
    /// The newest first.
    #[default]
    Newest,
    /// The oldest first.
    Oldest,
}
