//! Why there is no model.

use serde::{Deserialize, Serialize};

/// Why points make no model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[non_exhaustive]
pub enum NotTrained {
    /// Nothing to learn from.
    #[error(
        "there are no points to learn from: of {given}, {excluded} are in excluded ranges and {unusable} are no finite numbers"
    )]
    NoPoints {
        /// How many points were given.
        given: usize,
        /// How many of them are in excluded ranges.
        excluded: usize,
        /// How many of the rest are no finite numbers.
        unusable: usize,
    },
    /// Less than three hours.
    #[error(
        "a band takes points of at least 3 hours, so far there are {minutes} minutes with points in {hours} hours"
    )]
    TooLittle {
        /// From the oldest point to the newest, in minutes, and one period more.
        minutes: i64,
        /// In how many clock hours there are points.
        hours: usize,
    },
}
