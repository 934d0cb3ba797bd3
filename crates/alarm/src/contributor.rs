//! Contributors: an alarm over several series has one for each, with labels and a state of its own.
//!
//! Each is evaluated by itself and makes transitions of its own. The alarm's state and reason follow from their [`Counts`].

use serde::{Deserialize, Serialize};

use crate::state::State;

/// How many contributors are in each state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Counts {
    /// In ALARM.
    #[serde(rename = "ALARM")]
    pub alarm: usize,
    /// In OK.
    #[serde(rename = "OK")]
    pub ok: usize,
    /// In INSUFFICIENT_DATA.
    #[serde(rename = "INSUFFICIENT_DATA")]
    pub insufficient_data: usize,
}

impl Counts {
    /// Of these states.
    pub fn of(states: impl IntoIterator<Item = State>) -> Counts {
        let mut counts = Counts::default();
        for state in states {
            counts.add(state);
        }
        counts
    }

    /// One more in this state.
    pub fn add(&mut self, state: State) {
        match state {
            State::Alarm => self.alarm += 1,
            State::Ok => self.ok += 1,
            State::InsufficientData => self.insufficient_data += 1,
        }
    }

    /// How many there are.
    pub fn total(&self) -> usize {
        self.alarm + self.ok + self.insufficient_data
    }

    /// The alarm's state: ALARM when any contributor is, else OK when any is, else INSUFFICIENT_DATA; so too when there
    /// are none.
    pub fn state(&self) -> State {
        match (self.alarm, self.ok) {
            (0, 0) => State::InsufficientData,
            (0, _) => State::Ok,
            _ => State::Alarm,
        }
    }
}

/// The reason of an alarm's own state, in a sentence.
pub fn reason(counts: Counts) -> String {
    let total = counts.total();
    let of = |number: usize, state: State| match total {
        1 => format!("The only series is in {state}."),
        _ => format!(
            "{number} of {total} series {} in {state}.",
            if number == 1 { "is" } else { "are" }
        ),
    };
    match counts.state() {
        _ if total == 0 => "Insufficient Data: there is no series.".to_owned(),
        State::Alarm => of(counts.alarm, State::Alarm),
        State::Ok => of(counts.ok, State::Ok),
        State::InsufficientData => of(counts.insufficient_data, State::InsufficientData),
    }
}
