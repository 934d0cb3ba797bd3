//! What is asked about lines.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::lines::LogOrder;
use crate::error::QueryError;
use crate::filter::Filter;
use crate::moment::Moment;
use crate::request;

/// A question about log lines. Everything may be left out; only what is asked for is computed.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LogsRequest {
    /// From when; an hour ago when left out.
    pub start: Option<Moment>,
    /// Until when, itself left out; now when left out.
    pub end: Option<Moment>,
    /// Conditions on identity and attribute columns of `log`.
    pub filters: BTreeMap<String, Filter>,
    /// Conditions in the language of docs/guide/logs.md.
    pub query: Option<String>,
    /// Which lines come first.
    pub order: Option<LogOrder>,
    /// Most lines; 200 when left out.
    pub limit: Option<usize>,
    /// The `next` of the page before.
    pub after: Option<String>,
    /// Lines around one line instead of those that fit the conditions.
    pub context: Option<ContextRequest>,
    /// Lines by time and level.
    pub histogram: Option<HistogramRequest>,
    /// Columns, and paths into messages that are JSON objects, whose commonest values are wanted.
    pub facets: Vec<String>,
    /// How many values of each; 10 when left out.
    pub facet_values: Option<usize>,
    /// Lines that are alike.
    pub patterns: Option<PatternsRequest>,
    /// Whether the lines themselves are wanted; they are when left out.
    pub lines: Option<bool>,
}

/// Lines around a line in its log.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContextRequest {
    /// The line's id.
    pub around: String,
    /// How many lines before it; 20 when left out.
    #[serde(default)]
    pub before: Option<usize>,
    /// How many lines after it; 20 when left out.
    #[serde(default)]
    pub after: Option<usize>,
}

/// How lines are counted over time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct HistogramRequest {
    /// The most spans, one more if the range is not aligned; 60 when left out.
    pub buckets: Option<usize>,
}

/// How many patterns are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PatternsRequest {
    /// The most; 50 when left out.
    pub limit: Option<usize>,
}

impl LogsRequest {
    /// Reads a JSON request; an error says where it is wrong.
    pub fn from_json(json: &[u8]) -> Result<LogsRequest, QueryError> {
        request::from_json(json)
    }

    /// What is asked, in a line for people.
    pub(crate) fn told(&self) -> String {
        let parts = [
            (self.context.is_some(), "lines around one"),
            (self.histogram.is_some(), "histogram"),
            (!self.facets.is_empty(), "facets"),
            (self.patterns.is_some(), "patterns"),
            (self.lines != Some(false), "lines"),
        ];
        let parts: Vec<&str> = parts
            .into_iter()
            .filter_map(|(asked, word)| asked.then_some(word))
            .collect();
        let mut told = parts.join(", ");
        if let Some(query) = &self.query {
            told.push_str(&format!(": {query}"));
        }
        if !self.filters.is_empty() {
            let names: Vec<&str> = self.filters.keys().map(String::as_str).collect();
            told.push_str(&format!(" where {}", names.join(", ")));
        }
        told
    }
}
