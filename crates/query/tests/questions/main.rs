//! Questions over rows that are written down here, with answers worked out by hand.
#![allow(clippy::unwrap_used)]

mod entities;
mod errors;
mod held;
mod limits;
mod logs;
mod names;
mod objects;
mod performance;
mod property;
mod roll;
mod statements;
mod statistics;
mod store;
mod tiers;
mod windows;
