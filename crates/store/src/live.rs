//! One table in one tier as it is now: its files, and its rows that are in no file yet.
//!
//! A row is at every moment in exactly one of three places (memory, being flushed, file), and moves between them under
//! one lock, so a snapshot sees it once.

use std::sync::Arc;
use std::time::Duration;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use arrow::error::ArrowError;
use catalogue::{Table, Tier};
use parking_lot::Mutex;
use serde::Serialize;

use crate::hot::{HotBatch, HotBuffer};
use crate::rollup::{Minutes, Sealed, Written};
use crate::table::{DeltaLog, LiveFile};

/// A table in a tier.
#[derive(Debug)]
pub(crate) struct Live {
    pub(crate) table: &'static Table,
    pub(crate) tier: Tier,
    /// `pod`, `pod_1m`, …
    pub(crate) name: String,
    pub(crate) schema: SchemaRef,
    /// Its Delta log; upkeep commits to it.
    pub(crate) log: tokio::sync::Mutex<DeltaLog>,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    files: Arc<Vec<LiveFile>>,
    flushing: Vec<Arc<HotBatch>>,
    memory: Memory,
    /// Where the position of a row up to which the table is written ends, and that of the newest row in memory.
    written: u64,
    newest: u64,
}

#[derive(Debug)]
enum Memory {
    Raw(HotBuffer),
    Minutes(Minutes),
    /// Made from files only.
    None,
}

/// Rows and files that together are the table, at one moment.
#[derive(Debug)]
pub(crate) struct Snapshot {
    pub(crate) files: Vec<LiveFile>,
    /// Whole rows.
    pub(crate) batches: Vec<Arc<HotBatch>>,
    /// Rows of open minutes, projected already.
    pub(crate) open: Vec<RecordBatch>,
}

/// What a table holds, for `/api/status`.
#[derive(Debug, Clone, Serialize)]
pub struct TableStatus {
    /// `pod`, `pod_1m`, …
    pub name: String,
    /// Rows in files.
    pub rows: u64,
    /// Bytes of files.
    pub bytes: u64,
    /// Files.
    pub files: usize,
    /// Rows in memory.
    pub hot_rows: usize,
    /// Bytes in memory of raw rows.
    pub hot_bytes: usize,
    /// Oldest row, µs since the epoch.
    pub oldest_usec: Option<i64>,
    /// Newest row, µs since the epoch.
    pub newest_usec: Option<i64>,
    /// How long its rows are kept; of log lines what holds where no namespace has a rule of its own.
    pub retention_seconds: u64,
}

impl Live {
    /// A table with the files of its log, written up to a position (and, for minutes, a minute).
    pub(crate) fn new(
        table: &'static Table,
        tier: Tier,
        log: DeltaLog,
        written: Option<Written>,
    ) -> Live {
        let schema = table.schema_in(tier);
        let memory = match tier {
            Tier::Raw => Memory::Raw(HotBuffer::new(Arc::clone(&schema))),
            Tier::Minute => Memory::Minutes(Minutes::new(table, written)),
            _ => Memory::None,
        };
        let position = written.map_or(0, |w| w.position);
        let state = State {
            files: Arc::new(log.files()),
            flushing: Vec::new(),
            memory,
            written: position,
            newest: position,
        };
        Live {
            table,
            tier,
            name: table.name_in(tier),
            schema,
            log: log.into(),
            state: Mutex::new(state),
        }
    }

    /// Takes in raw rows. Those that the table has in a file already (a replay offers them again) are left out.
    pub(crate) fn add(&self, position: u64, batch: &RecordBatch) {
        let mut state = self.state.lock();
        let written = state.written;
        match &mut state.memory {
            Memory::Raw(_) if position <= written => return,
            Memory::Raw(hot) => hot.push(batch.clone()),
            Memory::Minutes(minutes) => minutes.add(position, batch),
            Memory::None => return,
        }
        state.newest = state.newest.max(position);
    }

    /// Closes minutes that are over.
    pub(crate) fn close_minutes(&self, now_usec: i64) {
        if let Memory::Minutes(minutes) = &mut self.state.lock().memory {
            minutes.close(now_usec);
        }
    }

    /// Moves what can be written now from memory to "being flushed". `None` when there is nothing to write.
    pub(crate) fn seal(&self, now_usec: i64) -> Option<Sealed> {
        let mut state = self.state.lock();
        let newest = state.newest;
        let sealed = match &mut state.memory {
            Memory::Raw(hot) => Sealed {
                batches: hot.take(),
                written: Written {
                    position: newest,
                    minute: 0,
                },
            },
            Memory::Minutes(minutes) => minutes.seal(now_usec),
            Memory::None => return None,
        };
        if sealed.batches.is_empty() {
            return None;
        }
        state.flushing = sealed.batches.clone();
        Some(sealed)
    }

    /// What was being flushed is in these files now.
    pub(crate) fn flushed(&self, files: Vec<LiveFile>, written: Written) {
        let mut state = self.state.lock();
        state.files = Arc::new(files);
        state.flushing.clear();
        state.written = state.written.max(written.position);
        if let Memory::Minutes(minutes) = &mut state.memory {
            minutes.flushed();
        }
    }

    /// The flush failed: what was being flushed goes back to memory.
    pub(crate) fn unseal(&self) {
        let mut state = self.state.lock();
        let batches = std::mem::take(&mut state.flushing);
        match &mut state.memory {
            Memory::Raw(hot) => hot.put_back(batches),
            Memory::Minutes(minutes) => minutes.unseal(batches),
            Memory::None => {}
        }
    }

    /// The live files changed without a row coming or going from memory.
    pub(crate) fn set_files(&self, files: Vec<LiveFile>) {
        self.state.lock().files = Arc::new(files);
    }

    pub(crate) fn files(&self) -> Arc<Vec<LiveFile>> {
        Arc::clone(&self.state.lock().files)
    }

    /// The position up to which the log is not needed for this table any more.
    pub(crate) fn floor(&self) -> u64 {
        let state = self.state.lock();
        match &state.memory {
            Memory::Raw(hot) if hot.rows() == 0 && state.flushing.is_empty() => u64::MAX,
            Memory::Raw(_) => state.written,
            Memory::Minutes(minutes) if minutes.is_empty() && state.flushing.is_empty() => u64::MAX,
            Memory::Minutes(minutes) => minutes.floor(),
            Memory::None => u64::MAX,
        }
    }

    /// Everything whose time can be in `span_usec` (both ends included).
    pub(crate) fn snapshot(
        &self,
        span_usec: (i64, i64),
        projection: Option<&[usize]>,
    ) -> Result<Snapshot, ArrowError> {
        let state = self.state.lock();
        let touches = |b: &&Arc<HotBatch>| b.times.0 <= span_usec.1 && b.times.1 >= span_usec.0;
        let (memory, open): (&[Arc<HotBatch>], _) = match &state.memory {
            Memory::Raw(hot) => (hot.batches(), Vec::new()),
            Memory::Minutes(minutes) => {
                (minutes.closed(), minutes.open_rows(span_usec, projection)?)
            }
            Memory::None => (&[], Vec::new()),
        };
        Ok(Snapshot {
            batches: state
                .flushing
                .iter()
                .chain(memory)
                .filter(touches)
                .cloned()
                .collect(),
            open,
            files: state
                .files
                .iter()
                .filter(|f| f.touches(span_usec))
                .cloned()
                .collect(),
        })
    }

    /// Oldest and newest row time, µs.
    pub(crate) fn range(&self) -> Option<(i64, i64)> {
        let state = self.state.lock();
        let memory: Vec<(i64, i64)> = match &state.memory {
            Memory::Raw(hot) => hot.batches().iter().map(|b| b.times).collect(),
            Memory::Minutes(minutes) => minutes.range().into_iter().collect(),
            Memory::None => Vec::new(),
        };
        let flushing = state.flushing.iter().map(|b| b.times);
        let files = state.files.iter().map(|f| f.times);
        files
            .chain(flushing)
            .chain(memory)
            .reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
    }

    /// Bytes of raw rows in memory.
    pub(crate) fn hot_bytes(&self) -> usize {
        match &self.state.lock().memory {
            Memory::Raw(hot) => hot.bytes(),
            _ => 0,
        }
    }

    pub(crate) fn status(&self, kept: Duration) -> TableStatus {
        let range = self.range();
        let state = self.state.lock();
        let (hot_rows, hot_bytes) = match &state.memory {
            Memory::Raw(hot) => (hot.rows(), hot.bytes()),
            Memory::Minutes(minutes) => (minutes.rows_held(), 0),
            Memory::None => (0, 0),
        };
        TableStatus {
            name: self.name.clone(),
            rows: state.files.iter().map(|f| f.rows).sum(),
            bytes: state.files.iter().map(|f| f.bytes).sum(),
            files: state.files.len(),
            hot_rows: hot_rows
                + state
                    .flushing
                    .iter()
                    .map(|b| b.batch.num_rows())
                    .sum::<usize>(),
            hot_bytes,
            oldest_usec: range.map(|r| r.0),
            newest_usec: range.map(|r| r.1),
            retention_seconds: kept.as_secs(),
        }
    }
}
