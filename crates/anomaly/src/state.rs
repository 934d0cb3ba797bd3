//! How far a detector's model is, as CloudWatch calls it.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::model::Model;
use crate::not_trained::NotTrained;

/// The state of a detector.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum State {
    /// No training has run yet.
    PendingTraining,
    /// One has, and there was too little data for a band.
    TrainedInsufficientData,
    /// There is a band.
    Trained,
}

impl State {
    /// From the last training; `None` when there was none.
    pub fn of(training: Option<&Result<Model, NotTrained>>) -> State {
        match training {
            None => State::PendingTraining,
            Some(Err(_)) => State::TrainedInsufficientData,
            Some(Ok(_)) => State::Trained,
        }
    }

    /// `PENDING_TRAINING` and so on.
    pub fn as_str(self) -> &'static str {
        match self {
            State::PendingTraining => "PENDING_TRAINING",
            State::TrainedInsufficientData => "TRAINED_INSUFFICIENT_DATA",
            State::Trained => "TRAINED",
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
