//! How bad it is: the tag `severity`.

use std::fmt;

use alarm::{State, Transition};

/// The tag `severity` of an alarm, worst last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// Nobody said.
    None,
    /// `info`
    Info,
    /// `warning`
    Warning,
    /// `error`
    Error,
    /// `critical`
    Critical,
}

impl Severity {
    /// Every one, worst last.
    pub const ALL: [Severity; 5] = [
        Severity::None,
        Severity::Info,
        Severity::Warning,
        Severity::Error,
        Severity::Critical,
    ];

    /// The word of the tag; `none` where nobody said.
    pub fn word(self) -> &'static str {
        match self {
            Severity::None => "none",
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Error => "error",
            Severity::Critical => "critical",
        }
    }

    /// Of a transition. Case does not count; a word that is none of ours is [`Severity::None`].
    pub fn of(transition: &Transition) -> Severity {
        let tag = transition.tags.get("severity").map_or("", String::as_str);
        let found = Severity::ALL
            .into_iter()
            .find(|severity| severity.word().eq_ignore_ascii_case(tag.trim()));
        found.unwrap_or(Severity::None)
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// How much a state wants to be read: ALARM most, OK least.
pub(crate) fn urgency(state: State) -> u8 {
    match state {
        State::Ok => 0,
        State::InsufficientData => 1,
        State::Alarm => 2,
    }
}
