//! The three states.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The state of an alarm, `StateValue` in CloudWatch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum State {
    /// The condition is not met.
    #[serde(rename = "OK")]
    Ok,
    /// The condition is met.
    #[serde(rename = "ALARM")]
    Alarm,
    /// There is not enough data to say, as for an alarm that was just made.
    #[serde(rename = "INSUFFICIENT_DATA")]
    InsufficientData,
}

impl State {
    /// Every state.
    pub const ALL: [State; 3] = [State::Ok, State::Alarm, State::InsufficientData];

    /// CloudWatch's word.
    pub fn as_str(self) -> &'static str {
        match self {
            State::Ok => "OK",
            State::Alarm => "ALARM",
            State::InsufficientData => "INSUFFICIENT_DATA",
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for State {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<State, UnknownWord> {
        find(word, &State::ALL, State::as_str)
    }
}

/// A word that is none of those allowed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{word}' is none of {}", allowed.join(", "))]
pub struct UnknownWord {
    /// What was written.
    pub word: String,
    /// What could be.
    pub allowed: Vec<&'static str>,
}

/// The one of `all` whose word it is. Case counts, as in CloudWatch.
pub(crate) fn find<T: Copy>(
    word: &str,
    all: &[T],
    word_of: fn(T) -> &'static str,
) -> Result<T, UnknownWord> {
    let found = all.iter().copied().find(|one| word_of(*one) == word);
    found.ok_or_else(|| UnknownWord {
        word: word.to_owned(),
        allowed: all.iter().copied().map(word_of).collect(),
    })
}
