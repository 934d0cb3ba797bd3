//! What the simulated cluster promises, asked of its rows.

#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

mod rows;
mod same;
mod scales;
mod story;
mod sums;
