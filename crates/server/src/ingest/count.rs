//! Frames, counted: what came, what was stored, what was not.

use std::collections::BTreeMap;

use catalogue::Table;
use parking_lot::Mutex;
use wire::{Conformed, Envelope};

use super::Admission;
use crate::own::Text;

/// What became of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Outcome {
    /// Its rows are on disk.
    Stored,
    /// They had been before.
    Duplicate,
    /// It got a problem for an answer; `kansoku_http_problems_total` says which.
    Refused,
}

impl Outcome {
    const ALL: [Outcome; 3] = [Outcome::Stored, Outcome::Duplicate, Outcome::Refused];

    fn name(self) -> &'static str {
        match self {
            Outcome::Stored => "stored",
            Outcome::Duplicate => "duplicate",
            Outcome::Refused => "refused",
        }
    }
}

#[derive(Debug, Default)]
struct PerTable {
    frames: [u64; 3],
    rows: u64,
    bytes: u64,
    ignored_columns: u64,
}

/// Counters by table; there are as many as the catalogue has.
#[derive(Debug, Default)]
pub(crate) struct Frames(Mutex<BTreeMap<&'static str, PerTable>>);

impl Frames {
    pub(super) fn count(&self, table: &'static Table, outcome: Outcome, rows: u64) {
        let mut tables = self.0.lock();
        let counts = tables.entry(table.name).or_default();
        counts.frames[outcome as usize] += 1;
        counts.rows += rows;
    }

    pub(super) fn received(&self, table: &'static Table, bytes: usize) {
        self.0.lock().entry(table.name).or_default().bytes += bytes as u64;
    }

    /// The agent is newer than this server: what the server has no column for is not kept.
    pub(super) fn ignored(&self, envelope: &Envelope, decoded: &Conformed) {
        let mut tables = self.0.lock();
        let counts = tables.entry(envelope.table.name).or_default();
        if counts.ignored_columns == 0 {
            tracing::warn!(
                agent = %envelope.agent,
                table = envelope.table.name,
                columns = ?decoded.ignored_columns,
                "an agent sends columns that this server does not know; upgrade the server to keep them"
            );
        }
        counts.ignored_columns += decoded.ignored_columns.len() as u64;
    }
}

impl Admission {
    /// Writes the families.
    pub(crate) fn write(&self, text: &mut Text) {
        let tables = self.frames.0.lock();
        text.family(
            "kansoku_ingest_frames_total",
            "counter",
            "Frames of agents, by table and outcome.",
        );
        for (table, counts) in tables.iter() {
            for outcome in Outcome::ALL {
                let labels = [("table", *table), ("outcome", outcome.name())];
                text.sample(
                    "kansoku_ingest_frames_total",
                    &labels,
                    counts.frames[outcome as usize],
                );
            }
        }
        text.family("kansoku_ingest_rows_total", "counter", "Rows stored.");
        for (table, counts) in tables.iter() {
            text.sample(
                "kansoku_ingest_rows_total",
                &[("table", table)],
                counts.rows,
            );
        }
        text.family(
            "kansoku_ingest_received_bytes_total",
            "counter",
            "Bytes of frames, compressed as they came.",
        );
        for (table, counts) in tables.iter() {
            text.sample(
                "kansoku_ingest_received_bytes_total",
                &[("table", table)],
                counts.bytes,
            );
        }
        text.family(
            "kansoku_ingest_ignored_columns_total",
            "counter",
            "Columns left out because the agent's schema is newer than the server's, once for each frame.",
        );
        for (table, counts) in tables.iter() {
            text.sample(
                "kansoku_ingest_ignored_columns_total",
                &[("table", table)],
                counts.ignored_columns,
            );
        }
        text.single(
            "kansoku_ingest_memory_bytes",
            "gauge",
            "Memory set aside for frames under way.",
            self.memory_taken(),
        );
    }
}
