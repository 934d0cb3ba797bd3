//! A line as the server answers it.

use serde_json::Value;

/// One line.
#[derive(Debug, Clone)]
pub(super) struct Line(Value);

impl Line {
    /// The lines of an answer or of an event.
    pub(super) fn all(answer: &mut Value) -> Vec<Line> {
        match answer["lines"].take() {
            Value::Array(lines) => lines.into_iter().map(Line).collect(),
            _ => Vec::new(),
        }
    }

    /// A text of it, when it has that one.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.0[name].as_str()
    }

    /// What it is known by.
    pub(super) fn id(&self) -> &str {
        self.text("id").unwrap_or_default()
    }

    /// When it was written, RFC 3339.
    pub(super) fn time(&self) -> &str {
        self.text("time").unwrap_or_default()
    }

    /// What it says.
    pub(super) fn message(&self) -> &str {
        self.text("message").unwrap_or_default()
    }

    /// Bytes cut off its end.
    pub(super) fn cut(&self) -> u64 {
        self.0["truncated_bytes"].as_u64().unwrap_or(0)
    }

    /// Whether it is the one that its context was asked for.
    pub(super) fn is_anchor(&self) -> bool {
        self.0["anchor"] == true
    }

    /// The log that it is of: lines of the same are in one order.
    pub(super) fn source(&self) -> [&str; 4] {
        if self.text("pod").is_some() {
            ["namespace", "pod", "pod_uid", "container"]
                .map(|name| self.text(name).unwrap_or_default())
        } else {
            ["node", "container", "stream", ""].map(|name| self.text(name).unwrap_or_default())
        }
    }

    /// As JSON in one line.
    pub(super) fn json(&self) -> String {
        self.0.to_string()
    }
}

#[cfg(test)]
impl From<Value> for Line {
    fn from(value: Value) -> Line {
        Line(value)
    }
}
