//! What is wrong with a rule, and where.

use super::{LONGEST_RULE, MOST_CHILDREN, MOST_ELEMENTS};

/// A rule that is none, with the character that it fails at.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("character {character}: {fault}")]
pub struct RuleError {
    /// Which character of the rule, counted from 1. One more than there are: something is missing at the end.
    pub character: usize,
    /// What is wrong there.
    pub fault: RuleFault,
}

/// What is wrong with a rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RuleFault {
    /// The rule has nothing in it.
    #[error("the rule is empty")]
    Empty,
    /// The rule has too many characters.
    #[error("a rule has at most {LONGEST_RULE} characters")]
    TooLong,
    /// The rule has too many elements.
    #[error("a rule has at most {MOST_ELEMENTS} elements")]
    TooManyElements,
    /// The rule names too many alarms.
    #[error("a rule names at most {MOST_CHILDREN} alarms")]
    TooManyChildren,
    /// A character or word that cannot stand there.
    #[error("expected {expected}, found {found}")]
    Unexpected {
        /// What could stand there.
        expected: &'static str,
        /// What does.
        found: String,
    },
    /// A quote that is not closed.
    #[error("this quote is not closed")]
    OpenQuote,
    /// A name that no alarm can have.
    #[error("an alarm's name has 1 to 255 characters")]
    BadName,
    /// A number of alarms that AT_LEAST cannot ask for.
    #[error("AT_LEAST takes a number from 1 to that of its alarms, here {alarms}, or 1% to 100%")]
    BadQuorum {
        /// How many alarms are listed.
        alarms: usize,
    },
}
