//! One table's queue through the segments.

use catalogue::Table;
use wire::{AgentId, Encoding, Sequence};

use super::figures::{Counts, Loss};
use super::record::Kind;

/// A place in the log: a segment and a byte in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) segment: u64,
    pub(super) offset: u64,
}

/// The oldest frame of a lane, found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Front {
    pub(super) at: Place,
    pub(super) kind: Kind,
    pub(super) agent: AgentId,
    pub(super) encoding: Encoding,
    pub(super) sequence: Sequence,
    pub(super) rows: u32,
    pub(super) time_usec: i64,
    pub(super) payload_at: u64,
    pub(super) payload_length: usize,
    pub(super) payload_crc: u32,
    pub(super) record_length: u64,
}

impl Front {
    pub(super) fn counts(&self) -> Counts {
        Counts::one(self.rows, self.payload_length)
    }
}

/// A frame that was handed out and not yet answered for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Lease {
    pub(super) agent: AgentId,
    pub(super) sequence: Sequence,
    pub(super) counts: Counts,
    /// Set when the frame was dropped meanwhile: it is lost only if the server does not take it after all.
    pub(super) dropped: Option<Loss>,
}

/// One table's queue.
#[derive(Debug)]
pub(super) struct Lane {
    pub(super) table: &'static Table,
    /// The number of the next frame.
    pub(super) next: u64,
    /// The first number of this process.
    pub(super) run_start: u64,
    /// The highest number handed out by this process.
    pub(super) attempted: u64,
    /// What waits on disk.
    pub(super) on_disk: Counts,
    /// What waits in memory.
    pub(super) in_memory: Counts,
    /// Where to look for the oldest frame.
    pub(super) cursor: Place,
    /// The oldest frame, when it was looked for.
    pub(super) front: Option<Front>,
    pub(super) lease: Option<Lease>,
    /// Frames of an identity that somebody else has too, from this number on: they are numbered anew before they go out.
    pub(super) renumber: Vec<(AgentId, u64)>,
    pub(super) appended: Counts,
    pub(super) acknowledged: Counts,
    pub(super) lost: [Counts; Loss::ALL.len()],
}

impl Lane {
    pub(super) fn new(table: &'static Table, next: u64) -> Lane {
        Lane {
            table,
            next,
            run_start: next,
            attempted: 0,
            on_disk: Counts::default(),
            in_memory: Counts::default(),
            cursor: Place {
                segment: 0,
                offset: 0,
            },
            front: None,
            lease: None,
            renumber: Vec::new(),
            appended: Counts::default(),
            acknowledged: Counts::default(),
            lost: Default::default(),
        }
    }

    /// Counts a loss.
    pub(super) fn lose(&mut self, counts: Counts, why: Loss) {
        if let Some(at) = Loss::ALL.iter().position(|loss| *loss == why) {
            self.lost[at] += counts;
        }
    }

    /// Counts the loss of frames of which the one that is handed out, if it is among them, may yet arrive.
    pub(super) fn lose_but_lease(&mut self, mut counts: Counts, why: Loss) {
        if let Some(lease) = &mut self.lease
            && lease.dropped.is_none()
            && !counts.is_empty()
        {
            lease.dropped = Some(why);
            counts -= lease.counts;
        }
        self.lose(counts, why);
    }

    /// Whether the frame must be numbered anew before it goes out.
    pub(super) fn is_renumbered(&self, agent: AgentId, sequence: Sequence) -> bool {
        self.renumber
            .iter()
            .any(|(old, from)| *old == agent && sequence.0 >= *from)
    }

    /// Whether a frame was made by this process and never handed out: nobody can have sent it.
    pub(super) fn is_fresh(&self, agent: AgentId, own: AgentId, sequence: Sequence) -> bool {
        agent == own && sequence.0 >= self.run_start && sequence.0 > self.attempted
    }
}
