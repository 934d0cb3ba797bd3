//! From rows to frames on disk.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use arrow_array::RecordBatch;
use catalogue::Table;
use wire::Encoder;

use crate::clock::wall_usec;
use crate::log::batch::Batch;
use crate::log::checkpoint::{JournalState, Mirror, Note, snapshot};
use crate::log::count::Count;
use crate::log::follow::Follower;
use crate::outbox::Outbox;
use crate::run::StartError;
use crate::spool::{self, NewFrame};

/// Frames that go to disk with one flush while there is more to read.
const TOGETHER: usize = 4;
/// Checkpoints are stored when files that are there for their notes alone have so many bytes.
const NOTES_MAX: u64 = 4 << 20;
/// How long a disk that cannot be written is left alone.
const AGAIN_USEC: u64 = 500_000;
/// How long a full spool is left alone.
const FULL_USEC: u64 = 50_000;

/// A frame that is not on disk yet.
#[derive(Debug)]
struct Made {
    table: &'static Table,
    rows: u32,
    time_usec: i64,
    body: Vec<u8>,
    number: u64,
    note: Note,
    bytes: Vec<u8>,
}

/// Makes frames and puts them into the spool.
pub(super) struct Writer {
    log: &'static Table,
    ledger: &'static Table,
    pub(super) batch: Batch,
    encoder: Encoder,
    made: VecDeque<Made>,
    /// Notes of frames that the spool has taken and that are not on disk.
    staged: Vec<(u64, Note)>,
    outbox: Arc<Outbox>,
    dir: PathBuf,
    mirror: Mirror,
    note: u64,
    /// When the first row of the batch came, by the monotonic and the wall clock.
    since: Option<(u64, i64)>,
    /// What the journal's next note says.
    kept_journal: Option<JournalState>,
    blocked_until: Option<u64>,
    is_full: bool,
    failures: u64,
}

impl Writer {
    pub(super) fn new(
        cluster: &str,
        node: &str,
        compression: i32,
        dir: PathBuf,
        outbox: Arc<Outbox>,
        mirror: Mirror,
    ) -> Result<Writer, StartError> {
        let log = crate::log::table("log")?;
        Ok(Writer {
            log,
            ledger: crate::log::table("log_ledger")?,
            batch: Batch::new(log, cluster, node),
            encoder: Encoder::new(wire::Encoding::Zstd, compression)?,
            made: VecDeque::new(),
            staged: Vec::new(),
            outbox,
            dir,
            note: mirror.number,
            mirror,
            since: None,
            kept_journal: None,
            blocked_until: None,
            is_full: false,
            failures: 0,
        })
    }

    /// Whether nothing more should be read: what was read cannot be put on disk.
    pub(super) fn is_blocked(&self) -> bool {
        self.blocked_until.is_some()
    }

    /// Whether that is because the spool is full or the disk cannot be written.
    pub(super) fn is_full(&self) -> bool {
        self.is_full
    }

    /// Whether the batch is to be cut.
    pub(super) fn is_due(&mut self, now: u64, bytes: usize, usec: u64) -> bool {
        if self.batch.rows() == 0 {
            self.since = None;
            return false;
        }
        let (since, _) = *self.since.get_or_insert_with(|| (now, wall_usec()));
        self.batch.message_bytes() >= bytes || now.saturating_sub(since) >= usec
    }

    /// When the batch is to be cut at the latest.
    pub(super) fn due_in(&self, now: u64, usec: u64) -> Duration {
        match self.since {
            Some((since, _)) if self.batch.rows() > 0 => {
                Duration::from_micros((since + usec).saturating_sub(now))
            }
            _ => Duration::MAX,
        }
    }

    /// Makes a frame of the batch.
    pub(super) fn cut(&mut self, follower: &mut Follower, journal: Option<JournalState>) {
        let rows = self.batch.rows();
        if rows == 0 {
            // What changed goes with the next frame that has rows.
            self.kept_journal = journal.or(self.kept_journal.take());
            return;
        }
        let time_usec = self.since.take().map_or_else(wall_usec, |(_, wall)| wall);
        let made = self
            .batch
            .finish()
            .map_err(wire::EncodeError::from)
            .and_then(|batch| self.encode(&batch));
        match made {
            Ok(body) => {
                let note = self.noted(follower, journal, false);
                self.push(self.log, rows, time_usec, body, note);
            }
            Err(error) => {
                tracing::error!(%error, rows, "entries of logs were lost");
                for log in follower.logs.values_mut() {
                    let lost = std::mem::take(&mut log.in_frame);
                    log.count(Count::Refused, lost);
                }
            }
        }
    }

    /// Makes a frame of rows of the ledger.
    pub(super) fn ledger(
        &mut self,
        rows: &RecordBatch,
        tick: i64,
        follower: &mut Follower,
        journal: Option<JournalState>,
    ) {
        match self.encode(rows) {
            Ok(body) => {
                let note = self.noted(follower, journal, true);
                self.push(self.ledger, rows.num_rows(), tick, body, note);
            }
            Err(error) => tracing::error!(%error, "rows of the log ledger were lost"),
        }
    }

    fn encode(&mut self, batch: &RecordBatch) -> Result<Vec<u8>, wire::EncodeError> {
        let mut body = Vec::new();
        self.encoder
            .encode(std::slice::from_ref(batch), &mut body)?;
        Ok(body)
    }

    fn noted(
        &mut self,
        follower: &mut Follower,
        journal: Option<JournalState>,
        told: bool,
    ) -> Note {
        let journal = journal.or_else(|| self.kept_journal.take());
        Note {
            journal,
            ..follower.changes(told)
        }
    }

    fn push(
        &mut self,
        table: &'static Table,
        rows: usize,
        time_usec: i64,
        body: Vec<u8>,
        note: Note,
    ) {
        self.note += 1;
        let mut bytes = Vec::with_capacity(64 * (note.files.len() + 2 * note.sources.len()) + 8);
        note.write(&mut bytes);
        self.made.push_back(Made {
            table,
            rows: u32::try_from(rows).unwrap_or(u32::MAX),
            time_usec,
            body,
            number: self.note,
            note,
            bytes,
        });
    }

    /// Puts frames on disk when it is time for it.
    pub(super) fn write(&mut self, now: u64, is_behind: bool, follower: &Follower) {
        if self.blocked_until.is_some_and(|until| now < until) {
            return;
        }
        let is_due = self.blocked_until.is_some() || self.made.len() >= TOGETHER || !is_behind;
        if (self.made.is_empty() && self.staged.is_empty()) || !is_due {
            return;
        }
        self.flush(now);
        let note_bytes = self.outbox.spool().note_bytes();
        if note_bytes > NOTES_MAX || (self.is_full && note_bytes > 0) {
            self.store_snapshot(follower);
        }
    }

    /// Puts all frames on disk.
    pub(super) fn flush(&mut self, now: u64) {
        if !self.staged.is_empty() {
            let appended = self.outbox.append(&[]);
            if !appended.durable {
                return self.block(now + AGAIN_USEC, appended.fault);
            }
            self.settle();
        }
        let mut together = TOGETHER;
        while !self.made.is_empty() {
            let some = self.made.len().min(together);
            let frames: Vec<NewFrame<'_>> = self
                .made
                .iter()
                .take(some)
                .map(|made| NewFrame {
                    table: made.table,
                    encoding: self.encoder.encoding(),
                    rows: made.rows,
                    time_usec: made.time_usec,
                    body: &made.body,
                    note: Some(spool::Note {
                        number: made.number,
                        bytes: &made.bytes,
                    }),
                })
                .collect();
            let appended = self.outbox.append(&frames);
            if appended.refused && some > 1 {
                // One of them may have room.
                together = 1;
                continue;
            }
            if appended.refused {
                let pause = if appended.fault.is_some() {
                    AGAIN_USEC
                } else {
                    FULL_USEC
                };
                return self.block(now + pause, appended.fault);
            }
            for made in self.made.drain(..some) {
                self.staged.push((made.number, made.note));
            }
            if !appended.durable {
                return self.block(now + AGAIN_USEC, appended.fault);
            }
            self.settle();
        }
        self.blocked_until = None;
        self.is_full = false;
    }

    fn settle(&mut self) {
        for (number, note) in self.staged.drain(..) {
            self.mirror.apply(number, note);
        }
    }

    fn block(&mut self, until: u64, fault: Option<std::io::Error>) {
        self.blocked_until = Some(until);
        if !self.is_full || fault.is_some() {
            self.failures += 1;
            // Once in a while, so that a full disk does not fill the log.
            if self.failures.is_power_of_two() {
                match fault {
                    Some(fault) => {
                        tracing::warn!(%fault, "logs cannot be written to their spool; reading them waits")
                    }
                    None => tracing::warn!("the spool of logs is full; reading them waits"),
                }
            }
        }
        self.is_full = true;
    }

    /// Stores all checkpoints, so that the spool may let go of notes.
    pub(super) fn store_snapshot(&mut self, follower: &Follower) {
        let note = self.mirror.snapshot(|id| follower.logs.contains_key(&id));
        let number = self.mirror.number;
        match snapshot::store(&self.dir, number, &note) {
            Ok(()) => self.outbox.spool().notes_kept(number),
            Err(error) => {
                tracing::warn!(%error, "the checkpoints of logs cannot be stored; the spool keeps its files");
            }
        }
    }
}
