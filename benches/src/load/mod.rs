//! Seeded data: a cluster whose pods and containers do what such things do.
//!
//! Every entity draws from a generator of its own, so that its numbers do not depend on who else is simulated: rows
//! for our tables and series for a peer are the same samples.

mod behaviour;
mod columns;
mod fleet;
mod history;
mod logs;
mod names;
mod random;
mod scale;

pub(crate) use columns::{is_measurement, measurements};
pub(crate) use fleet::NodeLoad;
pub(crate) use history::{History, history};
pub(crate) use logs::{ABSENT_WORD, NodeLogs, RARE_EVERY, RARE_WORD};
pub(crate) use names::{EntityNames, entity_names};
pub(crate) use scale::Scale;

/// When the data begin: 2026-10-01 10:00:00 UTC, a full hour.
pub(crate) const START_USEC: i64 = 1_790_848_800_000_000;
/// From tick to tick.
pub(crate) const TICK_USEC: i64 = 10_000_000;
/// Ticks in a minute.
pub(crate) const TICKS_PER_MINUTE: usize = 6;

/// The time of a tick.
pub(crate) fn tick_usec(tick: usize) -> i64 {
    START_USEC + tick as i64 * TICK_USEC
}

/// The table of pods.
pub(crate) fn pod() -> &'static catalogue::Table {
    &catalogue::tables::POD
}

/// The table of containers.
pub(crate) fn container() -> &'static catalogue::Table {
    &catalogue::tables::CONTAINER
}
