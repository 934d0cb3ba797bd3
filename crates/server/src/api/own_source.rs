//! What the server reads itself, in the words in which agents tell of their files.

use std::time::SystemTime;

use serde_json::{Map, Value, json};

use super::time::rfc3339;

/// Something that this process reads, and how that goes.
#[derive(Debug, Clone, PartialEq)]
pub struct OwnSource {
    /// Where it is.
    pub path: String,
    /// What it feeds, in words.
    pub feeds: &'static str,
    /// `ok`, `unreadable`, `absent`, or `untried`.
    pub state: &'static str,
    /// Why it cannot be read.
    pub reason: Option<String>,
    /// The right that is missing, and how to give it.
    pub missing_right: Option<String>,
    /// How often something was read.
    pub reads: u64,
    /// How often it failed.
    pub errors: u64,
    /// When something was read last.
    pub last_read: Option<SystemTime>,
    /// The last failure in words, even when the state is `ok` again.
    pub last_error: Option<String>,
}

impl OwnSource {
    /// As a member of the list of sources; nothing has sent it, and it is on no node.
    pub(crate) fn into_json(self) -> Map<String, Value> {
        let members = [
            ("agent", Value::Null),
            ("node", Value::Null),
            ("path", json!(self.path)),
            ("feeds", json!(self.feeds)),
            ("state", json!(self.state)),
            ("example", Value::Null),
            ("mode", Value::Null),
            ("owner", Value::Null),
            ("reason", json!(self.reason)),
            ("missing_right", json!(self.missing_right)),
            ("reads", json!(self.reads)),
            ("bytes", Value::Null),
            ("errors", json!(self.errors)),
            ("last_read", json!(self.last_read.map(rfc3339))),
            ("last_error", json!(self.last_error)),
        ];
        members
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect()
    }
}
