//! What came of one attempt.

use std::time::Duration;

/// A receiver has taken it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// What it answered, such as `200 OK`.
    pub answer: String,
}

/// A receiver has not taken it, or has not said so.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    /// Whether the same may go well later. If not, what was sent or how the receiver is configured is wrong.
    pub transient: bool,
    /// How long the receiver wants to be left alone.
    pub retry_after: Option<Duration>,
    /// What happened, in words. Never has a secret in it.
    pub message: String,
}

impl Failure {
    /// One that may go well later.
    pub fn transient(message: impl Into<String>) -> Failure {
        Failure {
            transient: true,
            retry_after: None,
            message: message.into(),
        }
    }

    /// One that will not go well by itself.
    pub fn permanent(message: impl Into<String>) -> Failure {
        Failure {
            transient: false,
            retry_after: None,
            message: message.into(),
        }
    }
}
