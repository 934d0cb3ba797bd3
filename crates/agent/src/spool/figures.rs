//! What a spool holds and what it lost, as counters.

use std::ops::{AddAssign, SubAssign};

/// Frames, and what is in them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Frames.
    pub frames: u64,
    /// Rows in them.
    pub rows: u64,
    /// Bytes of their bodies, compressed.
    pub bytes: u64,
}

impl Counts {
    pub(super) fn one(rows: u32, bytes: usize) -> Counts {
        Counts {
            frames: 1,
            rows: u64::from(rows),
            bytes: bytes as u64,
        }
    }

    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.frames == 0
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Counts) {
        self.frames += other.frames;
        self.rows += other.rows;
        self.bytes += other.bytes;
    }
}

impl SubAssign for Counts {
    fn sub_assign(&mut self, other: Counts) {
        self.frames = self.frames.saturating_sub(other.frames);
        self.rows = self.rows.saturating_sub(other.rows);
        self.bytes = self.bytes.saturating_sub(other.bytes);
    }
}

/// Why rows were lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Loss {
    /// The spool had its largest size; the oldest went.
    Full,
    /// The disk could not be written and the frames that wait in memory had their largest size; the oldest went.
    Memory,
    /// The frame was larger than one may be.
    Oversized,
    /// What was on disk was damaged.
    Broken,
}

impl Loss {
    /// Every reason.
    pub const ALL: [Loss; 4] = [Loss::Full, Loss::Memory, Loss::Oversized, Loss::Broken];

    /// The word for metrics and reports.
    pub fn word(self) -> &'static str {
        match self {
            Loss::Full => "spool_full",
            Loss::Memory => "memory_full",
            Loss::Oversized => "oversized",
            Loss::Broken => "broken",
        }
    }
}

/// One table's part of a spool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LaneFigures {
    /// The table.
    pub table: &'static str,
    /// Frames that wait, on disk and in memory.
    pub waiting: Counts,
    /// Frames taken in since the start.
    pub appended: Counts,
    /// Frames that the server has, since the start.
    pub acknowledged: Counts,
    /// Frames lost since the start, in the order of [`Loss::ALL`].
    pub lost: [Counts; Loss::ALL.len()],
}

/// A spool's figures.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Figures {
    /// Each table's.
    pub lanes: Vec<LaneFigures>,
    /// Bytes of all segment files.
    pub disk_bytes: u64,
    /// Segment files.
    pub segments: u64,
    /// Bytes of frames that wait in memory because the disk could not be written.
    pub memory_bytes: u64,
    /// Writes or flushes that failed since the start.
    pub write_failures: u64,
    /// Bytes of unfinished writes that were cut off at the start.
    pub torn_bytes: u64,
    /// Pieces of damaged data that were set aside since the start.
    pub broken_pieces: u64,
    /// Damaged bytes of which it is not known what they were.
    pub unknown_broken_bytes: u64,
}

impl Figures {
    /// Rows lost since the start, of all tables and for every reason.
    pub fn lost_rows(&self) -> u64 {
        let lost = self.lanes.iter().flat_map(|lane| &lane.lost);
        lost.map(|counts| counts.rows).sum()
    }
}
