//! Suppression: the actions of a composite alarm are held while another alarm, its suppressor, is in ALARM.
//!
//! Suppressor and composite seldom change in the same moment. So actions wait a little for the suppressor to go to ALARM
//! (the wait period), and, after it has left ALARM, a little for the composite to go back (the extension period).
//!
//! ```text
//!                  composite changes            suppressor → ALARM
//!     nothing held ─────────────────► WaitPeriod ─────────────────► Alarm ◄─┐ suppressor → ALARM
//!          ▲                           │      ▲ composite changes     │     │
//!          └─────── act, when it ends ─┘      └───────────────── ExtensionPeriod
//!          └─────── act, when it ends ───────────────────────────────┘
//! ```
//!
//! States change and are recorded all the while; only actions are held. What is done in the end are the actions of the
//! state that the composite is in then. When nothing changed while the suppressor was in ALARM, nothing is done after it.

use serde::{Deserialize, Serialize};

use crate::state::State;

const SECOND: i64 = 1_000_000;

/// The periods of a suppressor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suppressor {
    /// `ActionsSuppressorWaitPeriod`, in seconds.
    pub wait: u32,
    /// `ActionsSuppressorExtensionPeriod`, in seconds.
    pub extension: u32,
}

/// What holds actions, `ActionsSuppressedBy`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum SuppressedBy {
    /// The suppressor may still go to ALARM.
    WaitPeriod,
    /// The suppressor has left ALARM, and the composite may still go back.
    ExtensionPeriod,
    /// The suppressor is in ALARM.
    Alarm,
}

impl SuppressedBy {
    /// CloudWatch's word.
    pub fn as_str(self) -> &'static str {
        match self {
            SuppressedBy::WaitPeriod => "WaitPeriod",
            SuppressedBy::ExtensionPeriod => "ExtensionPeriod",
            SuppressedBy::Alarm => "Alarm",
        }
    }

    /// `ActionsSuppressedReason`.
    pub fn reason(self) -> String {
        format!("Actions suppressed by {}", self.as_str())
    }
}

/// Actions that are due: those of `state`, since `at` (microseconds since 1970).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    /// The state whose actions are to be done.
    pub state: State,
    /// Since when.
    pub at: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Held {
    Nothing,
    Wait { until: i64 },
    Alarm,
    Extension { until: i64 },
}

/// Where the suppression of one composite alarm stands. It is written down with the alarm's state and read back after a
/// restart.
///
/// Every call takes the time in microseconds since 1970, first does what fell due before it, and returns the actions to
/// do, oldest first. A clock that is set back holds nothing for longer than a period from then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suppression {
    suppressor: Suppressor,
    suppressor_state: State,
    composite: State,
    held: Held,
}

impl Suppression {
    /// Nothing is held yet: `composite` and `suppressor_state` are the states of the two alarms now.
    pub fn new(suppressor: Suppressor, suppressor_state: State, composite: State) -> Suppression {
        Suppression {
            suppressor,
            suppressor_state,
            composite,
            held: Held::Nothing,
        }
    }

    /// What holds actions, if any are held.
    pub fn suppressed_by(&self) -> Option<SuppressedBy> {
        match self.held {
            Held::Nothing => None,
            Held::Wait { .. } => Some(SuppressedBy::WaitPeriod),
            Held::Alarm => Some(SuppressedBy::Alarm),
            Held::Extension { .. } => Some(SuppressedBy::ExtensionPeriod),
        }
    }

    /// When a period ends and [`Suppression::tick`] is to be called; `None` while nothing is timed.
    pub fn due_at(&self) -> Option<i64> {
        match self.held {
            Held::Wait { until } | Held::Extension { until } => Some(until),
            Held::Nothing | Held::Alarm => None,
        }
    }

    /// The composite alarm is in `state`. Nothing begins when it was before.
    #[must_use]
    pub fn composite_is(&mut self, state: State, at: i64) -> Vec<Due> {
        let mut due = self.tick(at);
        if state != self.composite {
            self.composite = state;
            self.held = match self.suppressor_state {
                State::Alarm => Held::Alarm,
                _ => self.wait(at),
            };
        }
        due.extend(self.tick(at));
        due
    }

    /// The suppressor is in `state`. Nothing begins when it was before.
    #[must_use]
    pub fn suppressor_is(&mut self, state: State, at: i64) -> Vec<Due> {
        let mut due = self.tick(at);
        let was_alarm = self.suppressor_state == State::Alarm;
        self.suppressor_state = state;
        self.held = match (self.held, was_alarm, state == State::Alarm) {
            (Held::Nothing, _, _) => Held::Nothing,
            (_, _, true) => Held::Alarm,
            (_, true, false) => self.extension(at),
            (held, false, false) => held,
        };
        due.extend(self.tick(at));
        due
    }

    /// Another suppressor, or other periods: what is under way is discarded. Actions that were held are not lost, they
    /// wait for the new suppressor as if the composite had just changed.
    #[must_use]
    pub fn replace(
        &mut self,
        suppressor: Suppressor,
        suppressor_state: State,
        at: i64,
    ) -> Vec<Due> {
        let mut due = self.tick(at);
        self.suppressor = suppressor;
        self.suppressor_state = suppressor_state;
        self.held = match (self.held, suppressor_state) {
            (Held::Nothing, _) => Held::Nothing,
            (_, State::Alarm) => Held::Alarm,
            _ => self.wait(at),
        };
        due.extend(self.tick(at));
        due
    }

    /// Time has passed.
    #[must_use]
    pub fn tick(&mut self, at: i64) -> Vec<Due> {
        // As after a clock that was set back.
        self.held = match self.held {
            Held::Wait { until } => Held::Wait {
                until: until.min(later(at, self.suppressor.wait)),
            },
            Held::Extension { until } => Held::Extension {
                until: until.min(later(at, self.suppressor.extension)),
            },
            held => held,
        };
        match self.due_at() {
            Some(until) if until <= at => {
                self.held = Held::Nothing;
                vec![Due {
                    state: self.composite,
                    at: until,
                }]
            }
            _ => Vec::new(),
        }
    }

    fn wait(&self, at: i64) -> Held {
        Held::Wait {
            until: later(at, self.suppressor.wait),
        }
    }

    fn extension(&self, at: i64) -> Held {
        Held::Extension {
            until: later(at, self.suppressor.extension),
        }
    }
}

fn later(at: i64, seconds: u32) -> i64 {
    at.saturating_add(i64::from(seconds) * SECOND)
}
