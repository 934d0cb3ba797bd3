//! What the store says of itself.

use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};

use serde::Serialize;

use crate::live::{Live, TableStatus};
use crate::store::{ReplayFigures, Store};

/// The store as it is now, for `/api/status`.
#[derive(Debug, Clone, Serialize)]
pub struct StoreStatus {
    /// Where tables are.
    pub tables_url: String,
    /// Every table in every tier that holds a row.
    pub tables: Vec<TableStatus>,
    /// The write-ahead log.
    pub wal: WalStatus,
    /// What the start found in it.
    pub replay: ReplayFigures,
    /// When memory was last written to tables, µs since the epoch.
    pub last_flush_usec: Option<u64>,
    /// Flushes that failed since the start; their rows stay in memory and in the log.
    pub flush_failures: u64,
    /// Bytes free where tables are, when that is a folder.
    pub free_bytes: Option<u64>,
    /// The most bytes that tables and log may take; the oldest rows go first.
    pub disk_budget_bytes: Option<u64>,
    /// What the token indexes of log files did.
    pub log_index: LogIndexStatus,
}

/// What the token indexes of log files did since the start, for questions with a filter on the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct LogIndexStatus {
    /// Blocks of 8,192 rows that had to be read.
    pub blocks_read: u64,
    /// Blocks that were not.
    pub blocks_skipped: u64,
    /// Files of which no block had to be read.
    pub files_skipped: u64,
    /// Files that were read whole, since they have no index that can be used.
    pub files_without: u64,
    /// Indexes read from files.
    pub loads: u64,
    /// Indexes that could not be read.
    pub failures: u64,
    /// Bytes of indexes in memory.
    pub memory_bytes: u64,
}

/// The write-ahead log as it is now.
#[derive(Debug, Clone, Serialize)]
pub struct WalStatus {
    /// Its folder.
    pub folder: String,
    /// Segment files.
    pub segments: u64,
    /// Their bytes.
    pub bytes: u64,
    /// The position of the newest frame.
    pub last_position: u64,
    /// An fsync failed: nothing is accepted until a restart.
    pub poisoned: bool,
}

fn get(counter: &AtomicU64) -> u64 {
    counter.load(Ordering::Relaxed)
}

impl Store {
    /// The store as it is now.
    pub fn status(&self) -> StoreStatus {
        let wal = &self.wal.figures;
        StoreStatus {
            tables_url: self.root.url().to_string(),
            tables: self
                .tables
                .iter()
                .map(|live| self.table_status(live))
                .filter(|table| table.rows > 0 || table.hot_rows > 0)
                .collect(),
            wal: WalStatus {
                folder: self.config.wal_dir.display().to_string(),
                segments: get(&wal.segments),
                bytes: get(&wal.segment_bytes),
                last_position: get(&wal.last_position),
                poisoned: wal.poisoned.load(Ordering::Relaxed),
            },
            replay: self.replayed.clone(),
            last_flush_usec: Some(get(&self.figures.last_flush_usec)).filter(|at| *at > 0),
            flush_failures: get(&self.figures.flush_failures),
            free_bytes: self.root.free_bytes(),
            disk_budget_bytes: self.config.disk_budget_bytes,
            log_index: self.log_index(),
        }
    }

    fn table_status(&self, live: &Live) -> TableStatus {
        let is_log = live.table.name == catalogue::tables::LOG.name;
        live.status(match is_log {
            true => self.config.log_retention,
            false => self.config.retention_of(live.tier),
        })
    }

    fn log_index(&self) -> LogIndexStatus {
        let figures = &self.root.indexes.figures;
        LogIndexStatus {
            blocks_read: get(&figures.blocks_read),
            blocks_skipped: get(&figures.blocks_skipped),
            files_skipped: get(&figures.files_skipped),
            files_without: get(&figures.files_without),
            loads: get(&figures.loads),
            failures: get(&figures.failures),
            memory_bytes: self.root.indexes.memory() as u64,
        }
    }

    /// The store's own metrics in Prometheus text.
    pub fn metrics_text(&self) -> String {
        let (wal, upkeep) = (&self.wal.figures, &self.figures);
        let mut out = String::new();
        let mut one = |name: &str, kind: &str, help: &str, value: u64| {
            let _ = writeln!(
                out,
                "# HELP kansoku_store_{name} {help}\n# TYPE kansoku_store_{name} {kind}"
            );
            let _ = writeln!(out, "kansoku_store_{name} {value}");
        };
        one(
            "wal_frames_total",
            "counter",
            "Frames stored.",
            get(&wal.frames),
        );
        one(
            "wal_bytes_total",
            "counter",
            "Bytes appended to the write-ahead log.",
            get(&wal.bytes),
        );
        one(
            "wal_fsyncs_total",
            "counter",
            "Groups of frames made durable.",
            get(&wal.fsyncs),
        );
        one(
            "wal_duplicate_frames_total",
            "counter",
            "Frames sent again and not stored twice.",
            get(&wal.duplicates),
        );
        one(
            "wal_skipped_frames_total",
            "counter",
            "Frames refused since one before them was missing.",
            get(&wal.skipped),
        );
        one(
            "wal_refused_frames_total",
            "counter",
            "Frames refused since the disk was full or failing.",
            get(&wal.refused_full),
        );
        one(
            "wal_segments",
            "gauge",
            "Segment files of the write-ahead log.",
            get(&wal.segments),
        );
        one(
            "wal_segment_bytes",
            "gauge",
            "Bytes of the write-ahead log on disk.",
            get(&wal.segment_bytes),
        );
        one(
            "wal_poisoned",
            "gauge",
            "1 after an fsync failed.",
            u64::from(wal.poisoned.load(Ordering::Relaxed)),
        );
        one(
            "wal_torn_bytes",
            "gauge",
            "Bytes cut from the log's end at the start.",
            self.replayed.torn_bytes,
        );
        one(
            "wal_set_aside",
            "gauge",
            "Damaged stretches and frames set aside at the start.",
            self.replayed.set_aside.len() as u64 + self.replayed.undecodable,
        );
        one(
            "flushes_total",
            "counter",
            "Tables written from memory.",
            get(&upkeep.flushes),
        );
        one(
            "flushed_rows_total",
            "counter",
            "Rows written from memory.",
            get(&upkeep.flushed_rows),
        );
        one(
            "flush_failures_total",
            "counter",
            "Tables that could not be written.",
            get(&upkeep.flush_failures),
        );
        one(
            "flush_milliseconds_total",
            "counter",
            "Time spent flushing.",
            get(&upkeep.flush_millis),
        );
        one(
            "compactions_total",
            "counter",
            "Merged files written.",
            get(&upkeep.compactions),
        );
        one(
            "compacted_files_total",
            "counter",
            "Files merged into others.",
            get(&upkeep.compacted_files),
        );
        one(
            "expired_files_total",
            "counter",
            "Files removed by age.",
            get(&upkeep.expired_files),
        );
        one(
            "budget_files_total",
            "counter",
            "Files removed to keep the disk budget.",
            get(&upkeep.budget_files),
        );
        one(
            "deleted_files_total",
            "counter",
            "Removed files deleted.",
            get(&upkeep.deleted_files),
        );
        one(
            "upkeep_failures_total",
            "counter",
            "Steps of upkeep that failed.",
            get(&upkeep.failures),
        );
        one(
            "rewritten_files_total",
            "counter",
            "Log files written anew without namespaces that are kept less long.",
            get(&upkeep.rewritten_files),
        );
        let index = self.log_index();
        for (name, kind, help, value) in [
            (
                "log_blocks_read_total",
                "counter",
                "Blocks of log rows that a filter on the message let be read.",
                index.blocks_read,
            ),
            (
                "log_blocks_skipped_total",
                "counter",
                "Blocks of log rows that the token index kept from being read.",
                index.blocks_skipped,
            ),
            (
                "log_files_skipped_total",
                "counter",
                "Log files of which the token index let nothing be read.",
                index.files_skipped,
            ),
            (
                "log_files_without_index_total",
                "counter",
                "Log files read whole for want of a token index.",
                index.files_without,
            ),
            (
                "log_index_loads_total",
                "counter",
                "Token indexes read from files.",
                index.loads,
            ),
            (
                "log_index_failures_total",
                "counter",
                "Token indexes that could not be read.",
                index.failures,
            ),
            (
                "log_index_bytes",
                "gauge",
                "Bytes of token indexes in memory.",
                index.memory_bytes,
            ),
        ] {
            one(name, kind, help, value);
        }
        one(
            "log_subscribers",
            "gauge",
            "Those who watch log lines come.",
            self.subscribers.count() as u64,
        );
        let mut labelled =
            |name: &str, help: &str, rows: &mut dyn Iterator<Item = (String, u64)>| {
                let _ = writeln!(
                    out,
                    "# HELP kansoku_store_{name} {help}\n# TYPE kansoku_store_{name} gauge"
                );
                for (table, value) in rows {
                    let _ = writeln!(out, "kansoku_store_{name}{{table=\"{table}\"}} {value}");
                }
            };
        let tables: Vec<TableStatus> = self
            .tables
            .iter()
            .map(|live| self.table_status(live))
            .collect();
        labelled(
            "table_rows",
            "Rows in files.",
            &mut tables.iter().map(|t| (t.name.clone(), t.rows)),
        );
        labelled(
            "table_bytes",
            "Bytes of files.",
            &mut tables.iter().map(|t| (t.name.clone(), t.bytes)),
        );
        labelled(
            "table_files",
            "Live files.",
            &mut tables.iter().map(|t| (t.name.clone(), t.files as u64)),
        );
        labelled(
            "table_hot_rows",
            "Rows in memory.",
            &mut tables.iter().map(|t| (t.name.clone(), t.hot_rows as u64)),
        );
        labelled(
            "table_hot_bytes",
            "Bytes of raw rows in memory.",
            &mut tables.iter().map(|t| (t.name.clone(), t.hot_bytes as u64)),
        );
        labelled(
            "entities",
            "Live entities.",
            &mut self.entities().map(|(t, n)| (t.to_owned(), n as u64)),
        );
        out
    }
}
