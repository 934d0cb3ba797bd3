//! What the threads of logs know of each other.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::log::checkpoint::Note;
use crate::log::count::{Count, Totals};
use crate::log::follow::FollowFigures;
use crate::log::journal::Journal;
use crate::source::FileReport;
use crate::spool::Outgoing;

/// Figures of reading logs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct LogFigures {
    /// Logs that are followed.
    pub logs: u64,
    /// File instances that are known.
    pub files: u64,
    /// Of these, open.
    pub open_files: u64,
    /// Files that are not followed because there are too many.
    pub files_left_out: u64,
    /// Directories that inotify watches; `None` where listings alone find files.
    pub watched_directories: Option<u64>,
    /// Bytes that files grew by.
    pub written_bytes: u64,
    /// Bytes that were read.
    pub read_bytes: u64,
    /// Bytes passed over at the first start.
    pub skipped_bytes: u64,
    /// Bytes that were gone before they were read.
    pub lost_bytes: u64,
    /// Bytes written and not read yet.
    pub unread_bytes: u64,
    /// Bytes of removed files that are held open.
    pub held_bytes: u64,
    /// Entries made.
    pub entries: u64,
    /// Entries left out by the rate limit.
    pub limited_entries: u64,
    /// Entries that the server would not take.
    pub refused_entries: u64,
    /// Entries put into the spool.
    pub spooled_entries: u64,
    /// Entries that the server has.
    pub acknowledged_entries: u64,
    /// Files that turned out cut off or written over.
    pub truncations: u64,
    /// Files that were found again as a copy or compressed.
    pub copies: u64,
    /// Whether reading waits because the spool is full or cannot be written.
    pub is_full: bool,
    /// Times that `journalctl` was started; `None` where the journal is not read.
    pub journal_starts: Option<u64>,
    /// Entries of the journal that could not be understood.
    pub journal_broken: u64,
    /// CPU time of reading, in microseconds.
    pub cpu_usec: u64,
}

impl LogFigures {
    pub(super) fn new(
        follow: FollowFigures,
        totals: Totals,
        watched: Option<usize>,
        is_full: bool,
        cpu_usec: u64,
        journal: Option<&Journal>,
    ) -> LogFigures {
        LogFigures {
            logs: follow.logs,
            files: follow.files,
            open_files: follow.open,
            files_left_out: follow.files_left_out,
            watched_directories: watched.map(|n| n as u64),
            written_bytes: totals.get(Count::Written),
            read_bytes: totals.get(Count::Read),
            skipped_bytes: totals.get(Count::Skipped),
            lost_bytes: totals.get(Count::Lost),
            unread_bytes: follow.unread_bytes,
            held_bytes: follow.held_bytes,
            entries: totals.get(Count::Entries),
            limited_entries: totals.get(Count::Limited),
            refused_entries: totals.get(Count::Refused),
            spooled_entries: totals.get(Count::Spooled),
            acknowledged_entries: totals.get(Count::Acknowledged),
            truncations: follow.truncations,
            copies: follow.copies,
            is_full,
            journal_starts: journal.map(|journal| journal.starts),
            journal_broken: journal.map_or(0, |journal| journal.broken),
            cpu_usec,
        }
    }
}

/// Entries by log: acknowledged and refused.
type Answers = HashMap<u32, (u64, u64)>;

/// Shared by the thread that reads logs, the one that sends them, and who asks.
#[derive(Debug, Default)]
pub(crate) struct LogState {
    answers: Mutex<Answers>,
    told: Mutex<(LogFigures, Vec<FileReport>)>,
}

impl LogState {
    /// The server has answered for a frame for good.
    pub(crate) fn answered(&self, frame: &Outgoing, is_stored: bool) {
        let Some(note) = Note::read(&frame.note) else {
            return;
        };
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        for source in note.sources.iter().filter(|source| source.in_frame > 0) {
            let (acknowledged, refused) = answers.entry(source.id).or_default();
            if is_stored {
                *acknowledged += source.in_frame;
            } else {
                *refused += source.in_frame;
            }
        }
    }

    pub(super) fn take_answers(&self) -> Answers {
        std::mem::take(&mut *self.answers.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn tell(&self, figures: LogFigures, files: Vec<FileReport>, _now: u64) {
        *self.told() = (figures, files);
    }

    fn told(&self) -> MutexGuard<'_, (LogFigures, Vec<FileReport>)> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How reading goes.
    pub(crate) fn figures(&self) -> LogFigures {
        self.told().0
    }

    /// What is read and what cannot be.
    pub(crate) fn files(&self) -> Vec<FileReport> {
        self.told().1.clone()
    }
}
