//! Why a result could not be computed although its expressions are right.

use super::{MOST_SERIES, MOST_VALUES};
use crate::set::SetError;

/// What kept a result from being computed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EvaluationError {
    /// The result is none.
    #[error(transparent)]
    Set(#[from] SetError),
    /// Series that are not on the grid.
    #[error("'{series}' has {found} values, the grid has {wanted} periods")]
    OffGrid {
        /// The label or id.
        series: String,
        /// How many values it has.
        found: usize,
        /// How many it has to have.
        wanted: usize,
    },
    /// An array became too long.
    #[error("expression '{id}', character {at}: an array has at most {MOST_SERIES} time series")]
    TooManySeries {
        /// The expression.
        id: String,
        /// Which of its characters, from 1.
        at: usize,
    },
    /// It would take too long.
    #[error(
        "this takes more than {MOST_VALUES} values to compute; take fewer series, a shorter range or a longer period"
    )]
    TooMuch,
    /// Arrays of different lengths.
    #[error(
        "expression '{id}', character {at}: arrays are combined member by member, here {left} and {right} of them"
    )]
    Lengths {
        /// The expression.
        id: String,
        /// Which of its characters, from 1.
        at: usize,
        /// Series on the left.
        left: usize,
        /// Series on the right.
        right: usize,
    },
    /// A number that a function cannot work with.
    #[error("expression '{id}', character {at}: {function} takes {wanted} here, it is {found}")]
    BadNumber {
        /// The expression.
        id: String,
        /// Which of its characters, from 1.
        at: usize,
        /// The function.
        function: &'static str,
        /// What it takes.
        wanted: &'static str,
        /// What it was given.
        found: String,
    },
    /// What was asked of the caller was not there.
    #[error("expression '{id}', character {at}: {message}")]
    Source {
        /// The expression.
        id: String,
        /// Which of its characters, from 1.
        at: usize,
        /// Why, in the caller's words.
        message: String,
    },
}
