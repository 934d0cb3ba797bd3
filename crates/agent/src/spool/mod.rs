//! Rows on their way, kept on disk until the server has them.
//!
//! One log of segment files for all tables, so that a tick costs one flush. Frames are appended in the order of their
//! making; each table is a *lane* that hands out its oldest frame and moves on when that is acknowledged. Acknowledgements
//! are records of the log too; a segment is removed when every frame in it, and in those before it, is done, and the last
//! one is emptied when nothing waits.
//!
//! What holds, whatever byte the process or the machine stops at:
//! - a frame whose [`Spool::append`] said [`Appended::durable`] is there after a restart, unless the disk lost it;
//! - a frame is handed out with the same agent, table, number and bytes each time;
//! - no number is given to two frames ([`identity`]);
//! - what is lost is counted by table and reason ([`Figures`]).
//!
//! `record` and `segment` are the formats, `scan` finds records again in damaged files (pure), `recover` opens what a
//! process left behind, `append` and `outgoing` are the two ends of the queue.

mod append;
mod broken;
mod error;
mod figures;
mod identity;
mod lane;
mod outgoing;
mod record;
mod recover;
mod refused;
mod scan;
mod segment;

use std::collections::{HashMap, VecDeque};
use std::fs::File;
use std::path::PathBuf;

use catalogue::Table;
use wire::{AgentId, Encoding, Sequence};

pub use append::{Appended, NewFrame, Note};
pub use error::SpoolError;
pub use figures::{Counts, Figures, LaneFigures, Loss};
pub use outgoing::Outgoing;
pub use recover::{FoundNote, Recovery};
pub use refused::Refused;

use identity::Identity;
use lane::Lane;
use record::Kind;

/// Where and how much.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpoolSettings {
    /// The folder. It is made if it is not there.
    pub dir: PathBuf,
    /// What tells this machine from others. A folder that was copied from another machine keeps its frames and gets an
    /// identity of its own, or the two would count with the same numbers.
    pub machine: String,
    /// The most bytes of segment files.
    pub max_bytes: u64,
    /// The most bytes of frames that wait in memory while the disk cannot be written.
    pub memory_max_bytes: u64,
    /// What happens when there is no room for more.
    pub when_full: WhenFull,
}

/// What a spool does that has its largest size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhenFull {
    /// The oldest frames go, and are counted as lost.
    DropOldest,
    /// New frames are not taken; whoever makes them waits.
    Refuse,
}

impl SpoolSettings {
    /// How large a segment becomes: small enough that dropping the oldest loses a small part, large enough that there are
    /// few files.
    fn segment_bytes(&self) -> u64 {
        (self.max_bytes / 16).clamp(64 << 10, 4 << 20)
    }
}

/// A segment file.
#[derive(Debug)]
struct Segment {
    id: u64,
    agent: AgentId,
    /// Where the next record goes.
    length: u64,
    /// What waits in it, by lane.
    waiting: Vec<Counts>,
    /// The highest number of a note in it; 0 for none. While it is above what is kept elsewhere, the segment stays.
    notes_to: u64,
}

impl Segment {
    fn waiting(&mut self, lane: usize) -> &mut Counts {
        if self.waiting.len() <= lane {
            self.waiting.resize(lane + 1, Counts::default());
        }
        &mut self.waiting[lane]
    }

    fn waiting_in(&self, lane: usize) -> Counts {
        self.waiting.get(lane).copied().unwrap_or_default()
    }

    fn is_done(&self) -> bool {
        self.waiting.iter().all(Counts::is_empty)
    }

    /// Whether nobody needs it, when notes up to a number are kept elsewhere.
    fn may_go(&self, notes_kept: u64) -> bool {
        self.is_done() && self.notes_to <= notes_kept
    }
}

/// A frame that waits in memory because the disk could not be written.
#[derive(Debug)]
struct Staged {
    lane: usize,
    kind: Kind,
    sequence: Sequence,
    rows: u32,
    time_usec: i64,
    payload_at: usize,
    encoding: Encoding,
    /// The number of its note.
    note: u64,
    record: Vec<u8>,
}

impl Staged {
    fn counts(&self) -> Counts {
        Counts::one(self.rows, self.record.len() - self.payload_at)
    }
}

/// The queue.
#[derive(Debug)]
pub struct Spool {
    settings: SpoolSettings,
    identity: Identity,
    /// The number behind those that may be used, by lane; what `identity` says on disk.
    reserved: Vec<u64>,
    lanes: Vec<Lane>,
    segments: VecDeque<Segment>,
    /// The number of the next segment.
    next_segment: u64,
    /// The last segment, open for appending; `None` when the next append makes a new one.
    active: Option<File>,
    /// The segment that was read last.
    reader: Option<(u64, File)>,
    /// The last number of each agent and lane that is done.
    done: HashMap<(AgentId, usize), u64>,
    staged: VecDeque<Staged>,
    staged_bytes: u64,
    /// Notes up to this number are kept elsewhere, and segments need not be.
    notes_kept: u64,
    /// The bytes of the next write; kept between ticks.
    buffer: Vec<u8>,
    write_failures: u64,
    torn_bytes: u64,
    broken_pieces: u64,
    unknown_broken_bytes: u64,
    /// Held as long as the spool is open.
    _lock: File,
}

impl Spool {
    /// Who this agent is.
    pub fn agent(&self) -> AgentId {
        self.identity.agent
    }

    /// The number that the table's next frame will have.
    pub fn next_sequence(&self, table: &'static Table) -> Option<Sequence> {
        self.lanes
            .iter()
            .find(|lane| lane.table.name == table.name)
            .map(|lane| Sequence(lane.next))
    }

    /// The tables that frames were ever appended for.
    pub fn tables(&self) -> impl Iterator<Item = &'static Table> + '_ {
        self.lanes.iter().map(|lane| lane.table)
    }

    /// What it holds and what it lost.
    pub fn figures(&self) -> Figures {
        let lanes = self.lanes.iter().map(|lane| {
            let mut waiting = lane.on_disk;
            waiting += lane.in_memory;
            LaneFigures {
                table: lane.table.name,
                waiting,
                appended: lane.appended,
                acknowledged: lane.acknowledged,
                lost: lane.lost,
            }
        });
        Figures {
            lanes: lanes.collect(),
            disk_bytes: self.disk_bytes(),
            segments: self.segments.len() as u64,
            memory_bytes: self.staged_bytes,
            write_failures: self.write_failures,
            torn_bytes: self.torn_bytes,
            broken_pieces: self.broken_pieces,
            unknown_broken_bytes: self.unknown_broken_bytes,
        }
    }

    /// Ends in order: what waits in memory is tried once more, and the numbers are stored exactly, so that the next
    /// process goes on without a gap. Answers whether everything is on disk.
    pub fn close(&mut self) -> bool {
        let durable = self.append(&[]).durable;
        for (at, lane) in self.lanes.iter().enumerate() {
            self.identity
                .reserved
                .insert(lane.table.name.to_owned(), lane.next);
            self.reserved[at] = lane.next;
        }
        durable & self.identity.store(&self.settings.dir).is_ok()
    }

    /// Says that the notes up to a number are kept elsewhere, durably; segments that were there for them alone go.
    pub fn notes_kept(&mut self, number: u64) {
        self.notes_kept = self.notes_kept.max(number);
        self.remove_done();
    }

    /// Bytes of files in which nothing waits any more and which are there for their notes alone. Whoever writes notes
    /// should keep them elsewhere when this becomes much, and say so with [`Spool::notes_kept`].
    pub fn note_bytes(&self) -> u64 {
        let done = self.segments.iter().take_while(|s| s.is_done());
        done.filter(|segment| segment.notes_to > self.notes_kept)
            .map(|segment| segment.length)
            .sum()
    }

    /// Whether frames of so many bytes, with their notes, have room. Always so when the oldest make room for them.
    pub fn has_room(&self, bytes: u64) -> bool {
        self.settings.when_full == WhenFull::DropOldest
            || self.disk_bytes() + self.staged_bytes + bytes <= self.settings.max_bytes
    }

    fn disk_bytes(&self) -> u64 {
        self.segments.iter().map(|segment| segment.length).sum()
    }

    /// The lane of a table, made when there is none.
    fn lane_of(&mut self, table: &'static Table) -> usize {
        match self
            .lanes
            .iter()
            .position(|lane| lane.table.name == table.name)
        {
            Some(at) => at,
            None => {
                let next = self
                    .identity
                    .reserved
                    .get(table.name)
                    .copied()
                    .unwrap_or(Sequence::FIRST.0);
                self.lanes.push(Lane::new(table, next));
                self.reserved.push(next);
                self.lanes.len() - 1
            }
        }
    }

    fn segment_at(&self, id: u64) -> Option<usize> {
        self.segments
            .binary_search_by_key(&id, |segment| segment.id)
            .ok()
    }
}

#[cfg(test)]
mod tests;
