//! What a question about lines is answered with.

use std::collections::BTreeMap;

use serde::Serialize;

use super::gather::{Facet, Histogram, LogPattern};
use super::lines::LogLine;

/// The answer: what was asked for, and how it came about.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LogsAnswer {
    /// The page.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub page: Option<LogsPage>,
    /// Lines by time and level.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub histogram: Option<Histogram>,
    /// The commonest values, by the name they were asked for by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub facets: Option<BTreeMap<String, Facet>>,
    /// Lines that are alike, the most common first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patterns: Option<Vec<LogPattern>>,
    /// How the answer came about.
    pub stats: LogsStats,
}

/// Lines, and where the next ones are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LogsPage {
    /// The lines in the order that was asked for; those around a line oldest first.
    pub lines: Vec<LogLine>,
    /// What to give as `after` for the next page; null when there is none.
    pub next: Option<String>,
}

/// How an answer came about.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct LogsStats {
    /// Rows that were looked at, after what the files' statistics and index left out.
    pub scanned_rows: u64,
    /// Lines of the range that fit the conditions; null when the search ended with a full page.
    pub matched_rows: Option<u64>,
    /// From the request to the answer.
    pub elapsed_ms: u64,
    /// Whether everything in the range was taken into account: false when patterns were made from a sample, when
    /// values were too many to tell apart, or when the search paused (then `next` goes on with it).
    pub complete: bool,
    /// What to know about the answer.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}
