//! A rule that was read.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use super::fault::RuleError;
use crate::state::State;

/// An alarm as a rule names it: by name or by ARN.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AlarmName(String);

impl AlarmName {
    pub(super) fn new(text: String) -> AlarmName {
        AlarmName(text)
    }

    /// As it was written.
    pub fn as_written(&self) -> &str {
        &self.0
    }

    /// The name alone: the last part of an ARN, such as `arn:aws:cloudwatch:eu-west-1:123456789012:alarm:high-cpu`.
    pub fn name(&self) -> &str {
        let mut parts = self.0.splitn(7, ':');
        let head: Vec<&str> = parts.by_ref().take(6).collect();
        match (head.as_slice(), parts.next()) {
            (["arn", _, "cloudwatch", _, _, "alarm"], Some(name)) if !name.is_empty() => name,
            _ => &self.0,
        }
    }
}

/// How many alarms AT_LEAST asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Quorum {
    /// So many.
    Count(usize),
    /// So many in a hundred, rounded up.
    Percent(u8),
}

impl Quorum {
    /// How many that is of `alarms`.
    pub fn of(self, alarms: usize) -> usize {
        match self {
            Quorum::Count(count) => count,
            Quorum::Percent(percent) => (alarms * usize::from(percent)).div_ceil(100),
        }
    }
}

/// The rule of a composite alarm. Read from text by [`str::parse`]; written back by `to_string`, with no more parentheses
/// than are needed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Expression {
    /// TRUE or FALSE.
    Constant(bool),
    /// An alarm is in a state.
    Is(State, AlarmName),
    /// What follows does not hold.
    Not(Box<Expression>),
    /// All hold.
    All(Vec<Expression>),
    /// One holds, or more.
    Any(Vec<Expression>),
    /// So many of the alarms are in a state, or with `inverted` are not in it.
    AtLeast {
        /// How many.
        quorum: Quorum,
        /// Whether it asks for alarms that are not in the state.
        inverted: bool,
        /// The state.
        state: State,
        /// The alarms.
        alarms: Vec<AlarmName>,
    },
}

impl Expression {
    /// The state of the composite alarm. `state_of` gives that of a child by its name; `None`, for one that is gone, is
    /// INSUFFICIENT_DATA, so that a rule can ask for it.
    pub fn evaluate(&self, state_of: &impl Fn(&str) -> Option<State>) -> State {
        match self.holds(state_of) {
            true => State::Alarm,
            false => State::Ok,
        }
    }

    fn holds(&self, state_of: &impl Fn(&str) -> Option<State>) -> bool {
        let is = |state: State, alarm: &AlarmName| {
            state_of(alarm.name()).unwrap_or(State::InsufficientData) == state
        };
        match self {
            Expression::Constant(value) => *value,
            Expression::Is(state, alarm) => is(*state, alarm),
            Expression::Not(inner) => !inner.holds(state_of),
            Expression::All(parts) => parts.iter().all(|part| part.holds(state_of)),
            Expression::Any(parts) => parts.iter().any(|part| part.holds(state_of)),
            Expression::AtLeast {
                quorum,
                inverted,
                state,
                alarms,
            } => {
                let holding = alarms.iter().filter(|a| is(*state, a) != *inverted).count();
                holding >= quorum.of(alarms.len())
            }
        }
    }

    /// The names of the alarms that the rule asks about, each once, in order.
    pub fn children(&self) -> BTreeSet<&str> {
        let mut found = BTreeSet::new();
        self.collect(&mut found);
        found
    }

    fn collect<'a>(&'a self, found: &mut BTreeSet<&'a str>) {
        match self {
            Expression::Constant(_) => {}
            Expression::Is(_, alarm) => {
                found.insert(alarm.name());
            }
            Expression::Not(inner) => inner.collect(found),
            Expression::All(parts) | Expression::Any(parts) => {
                parts.iter().for_each(|part| part.collect(found));
            }
            Expression::AtLeast { alarms, .. } => {
                found.extend(alarms.iter().map(AlarmName::name));
            }
        }
    }
}

impl FromStr for Expression {
    type Err = RuleError;

    fn from_str(rule: &str) -> Result<Expression, RuleError> {
        super::parse::parse(rule)
    }
}

/// Always in quotes: right for every name.
impl fmt::Display for AlarmName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let escaped = self.0.replace('\\', "\\\\").replace('"', "\\\"");
        write!(f, "\"{escaped}\"")
    }
}

impl fmt::Display for Quorum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Quorum::Count(count) => write!(f, "{count}"),
            Quorum::Percent(percent) => write!(f, "{percent}%"),
        }
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Expression::Constant(true) => f.write_str("TRUE"),
            Expression::Constant(false) => f.write_str("FALSE"),
            Expression::Is(state, alarm) => write!(f, "{state}({alarm})"),
            Expression::Not(inner) => {
                f.write_str("NOT ")?;
                let is_group = matches!(**inner, Expression::All(_) | Expression::Any(_));
                part(f, inner, is_group)
            }
            Expression::All(parts) => joined(f, parts, " AND ", |part| {
                matches!(part, Expression::All(_) | Expression::Any(_))
            }),
            Expression::Any(parts) => {
                joined(f, parts, " OR ", |part| matches!(part, Expression::Any(_)))
            }
            Expression::AtLeast {
                quorum,
                inverted,
                state,
                alarms,
            } => {
                let not = if *inverted { "NOT " } else { "" };
                let alarms: Vec<String> = alarms.iter().map(AlarmName::to_string).collect();
                write!(
                    f,
                    "AT_LEAST({quorum}, {not}{state}, ({}))",
                    alarms.join(", ")
                )
            }
        }
    }
}

fn joined(
    f: &mut fmt::Formatter<'_>,
    parts: &[Expression],
    word: &str,
    is_grouped: fn(&Expression) -> bool,
) -> fmt::Result {
    for (i, one) in parts.iter().enumerate() {
        if i > 0 {
            f.write_str(word)?;
        }
        part(f, one, is_grouped(one))?;
    }
    Ok(())
}

fn part(f: &mut fmt::Formatter<'_>, part: &Expression, is_grouped: bool) -> fmt::Result {
    match is_grouped {
        true => write!(f, "({part})"),
        false => write!(f, "{part}"),
    }
}
