//! Contributors: an alarm over several series has one for each, with labels and a state of its own.
//!
//! Each is evaluated by itself and makes transitions of its own. The alarm's state is [`combined`] from theirs. Series come
//! and go: [`admitted`] bounds how many are evaluated and says which are not, and [`has_ended`] when one is forgotten.

mod admission;

pub use admission::{Admitted, LeftOut, MOST_CONTRIBUTORS, admitted};

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::evaluate::Rule;
use crate::state::State;

/// What tells one contributor from the others: label and value, such as `namespace` and `shop`.
pub type Labels = BTreeMap<String, String>;

/// Why a contributor that was in ALARM goes to OK when it has no data points any more.
pub const SERIES_ENDED: &str = "the series ended";

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

/// The state of an alarm whose contributors are in these states; see [`Counts::state`].
pub fn combined(states: impl IntoIterator<Item = State>) -> State {
    Counts::of(states).state()
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

/// Whether a contributor is to be forgotten at `now`, whose newest data point is of the period that began at `newest`
/// (microseconds since 1970): when it has had none for twice its range. After one range without any, its missing data has
/// been told as the alarm treats it; who is to hear of that has heard it then.
///
/// A clock that was set back ends nothing.
pub fn has_ended(rule: &Rule, period_seconds: u32, newest: i64, now: i64) -> bool {
    let period = i64::from(period_seconds).saturating_mul(1_000_000);
    let range = period.saturating_mul(i64::from(rule.range()));
    let end = newest.saturating_add(period);
    now > end.saturating_add(range.saturating_mul(2))
}
