//! What was sent, and what was not, as counters.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::answer::Later;
use crate::spool::Counts;

/// Counters of sending since the start.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ShipFigures {
    /// Frames that the server said it has.
    pub acknowledged: Counts,
    /// Of these, frames that it had before.
    pub duplicates: u64,
    /// Frames that it will never take, set aside.
    pub refused: Counts,
    /// Refused frames that could not be kept, for want of room or of a disk that writes.
    pub refused_not_kept: u64,
    /// Attempts that are made again, in the order of [`Later::ALL`].
    pub again: [u64; Later::ALL.len()],
    /// Frames that could not be read from the spool.
    pub unreadable: u64,
    /// Times that this agent's id turned out to be another's too and was changed.
    pub identities_renewed: u64,
    /// Reports of itself that the server took.
    pub reports: u64,
    /// Reports of itself that it did not take.
    pub reports_failed: u64,
    /// Times that a token or certificate could not be read.
    pub credentials_failed: u64,
    /// Failures in a row until now.
    pub failures_in_a_row: u32,
    /// The last failure, in words; none after a success.
    pub last_failure: Option<String>,
    /// When the server last took a frame, in microseconds since 1970.
    pub last_success_usec: Option<i64>,
}

/// The counters, shared with whoever shows them.
#[derive(Debug, Default)]
pub(crate) struct Shared(Mutex<ShipFigures>);

impl Shared {
    pub(crate) fn lock(&self) -> MutexGuard<'_, ShipFigures> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn again(&self, why: Later) {
        if let Some(at) = Later::ALL.iter().position(|later| *later == why) {
            self.lock().again[at] += 1;
        }
    }
}
