//! Notifications on their way: what is owed to receivers, until they have it or it is given up.

mod backoff;
mod queue;
mod standing;

pub use backoff::backoff;
pub(crate) use queue::{Batch, Outbox, line};
pub(crate) use standing::{Line, Page, Standing};

use alarm::State;
use serde::{Deserialize, Serialize};

use crate::windows::Labels;

/// What became of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DeliveryState {
    /// It is to be made, or to be made again.
    Waiting,
    /// It is under way. After a crash in this state it is made again, with the same id.
    Attempting,
    /// The receiver has it.
    Delivered,
    /// It was given up.
    Failed,
}

impl DeliveryState {
    /// The word as it is serialized.
    pub fn as_str(self) -> &'static str {
        match self {
            DeliveryState::Waiting => "waiting",
            DeliveryState::Attempting => "attempting",
            DeliveryState::Delivered => "delivered",
            DeliveryState::Failed => "failed",
        }
    }

    /// Whether it is still owed.
    pub fn is_open(self) -> bool {
        matches!(self, DeliveryState::Waiting | DeliveryState::Attempting)
    }
}

/// One transition for one receiver.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// Its place in the outbox: counts up, and is never given twice.
    pub sequence: u64,
    /// What receivers tell repetitions by: the same in every attempt. Transitions that are told together share that of
    /// the first.
    pub id: String,
    /// The number of the transition.
    pub number: u64,
    /// Name of the alarm.
    pub alarm: String,
    /// Which series; empty for the alarm itself.
    #[serde(default)]
    pub labels: Labels,
    /// The new state.
    pub to: State,
    /// When the transition was found, in microseconds since 1970.
    pub transition_at: i64,
    /// Name of the receiver.
    pub receiver: String,
    /// What became of it.
    pub state: DeliveryState,
    /// How often it was tried.
    pub attempts: u32,
    /// When it is tried next, in microseconds since 1970. Of no meaning once it is delivered or failed.
    pub next_attempt: i64,
    /// When it was put into the outbox, in microseconds since 1970.
    pub at: i64,
    /// When the receiver had it, in microseconds since 1970.
    pub delivered: Option<i64>,
    /// What the receiver answered.
    pub answer: Option<String>,
    /// Why the last attempt failed.
    pub error: Option<String>,
}
