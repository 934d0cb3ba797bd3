//! A reader whose clocks are turned by hand, and what comes out of it.

use std::collections::{BTreeMap, HashSet};
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use arrow_array::cast::AsArray;
use arrow_array::types::{Int32Type, Int64Type};
use arrow_array::{Array, RecordBatch};
use wire::{AgentId, Limits};

use crate::clock::wall_usec;
use crate::log::LogSettings;
use crate::log::run::{LogReader, LogState, Reading};
use crate::outbox::Outbox;
use crate::source::Roots;

/// A reader, and the folders that it reads and writes.
pub(super) struct Bench {
    pub(super) root: PathBuf,
    pub(super) reader: Option<LogReader>,
    pub(super) outbox: Arc<Outbox>,
    pub(super) state: Arc<LogState>,
    pub(super) now: u64,
    /// Frames that were taken; a server knows one that comes again.
    taken: HashSet<(AgentId, &'static str, u64)>,
    settings: LogSettings,
}

/// How far the clock goes with each step, in microseconds.
const STEP: u64 = 250_000;

impl Bench {
    pub(super) fn new(root: &Path) -> Bench {
        Bench::with(root, LogSettings::in_folder(root.join("spool")))
    }

    pub(super) fn with(root: &Path, settings: LogSettings) -> Bench {
        fs::create_dir_all(root.join("var/log/pods")).unwrap();
        let (reader, outbox, state) = open(root, &settings);
        Bench {
            root: root.to_owned(),
            reader: Some(reader),
            outbox,
            state,
            now: 1_000_000_000,
            taken: HashSet::new(),
            settings,
        }
    }

    pub(super) fn reader(&mut self) -> &mut LogReader {
        self.reader.as_mut().unwrap()
    }

    /// Lets the reader do what is due, so many times.
    pub(super) fn steps(&mut self, count: usize) {
        for _ in 0..count {
            self.now += STEP;
            let now = self.now;
            // The wall clock goes as the other does, from when the test began.
            let wall = wall_usec() + (now - 1_000_000_000) as i64;
            self.reader().step_at(now, wall);
        }
    }

    /// Until everything that is there is in frames, groups and half lines included.
    pub(super) fn settle(&mut self) {
        self.steps(60);
    }

    /// As `kill -9` leaves it; then a new process.
    pub(super) fn crash(&mut self) {
        self.reader = None;
        self.outbox = Arc::new(Outbox::new(none(&self.root)));
        self.reopen();
    }

    /// An orderly end; then a new process.
    pub(super) fn restart(&mut self) {
        self.reader().end();
        assert!(self.outbox.spool().close());
        self.crash();
    }

    fn reopen(&mut self) {
        let (reader, outbox, state) = open(&self.root, &self.settings);
        (self.reader, self.outbox, self.state) = (Some(reader), outbox, state);
    }

    /// Takes every frame of a table, as a server that stores it; its rows.
    pub(super) fn take(&mut self, table: &str) -> Vec<RecordBatch> {
        let table = catalogue::table(table).unwrap();
        let mut rows = Vec::new();
        loop {
            let mut spool = self.outbox.spool();
            let Some(frame) = spool.lease(table).unwrap() else {
                return rows;
            };
            let decoded = wire::decode(
                table,
                frame.encoding,
                &frame.body,
                &Limits::default(),
                i64::MAX / 2,
            )
            .unwrap();
            if self
                .taken
                .insert((frame.agent, table.name, frame.sequence.0))
            {
                rows.extend(decoded.batches);
            }
            assert!(spool.acknowledge(&frame));
            self.state.answered(&frame, true);
        }
    }

    /// The messages of every row of `log` that was not taken yet, by log.
    pub(super) fn messages(&mut self) -> BTreeMap<String, Vec<String>> {
        let mut messages: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for batch in self.take("log") {
            let container = text(&batch, "container");
            let stream = text(&batch, "stream");
            let message = batch
                .column_by_name("message")
                .unwrap()
                .as_string::<i32>()
                .clone();
            for row in 0..batch.num_rows() {
                let name = container[row].clone().or_else(|| stream[row].clone());
                let of = messages.entry(name.unwrap()).or_default();
                of.push(message.value(row).to_owned());
            }
        }
        messages
    }
}

/// A spool that is nobody's, for the moment in which there is none.
fn none(root: &Path) -> crate::spool::Spool {
    let settings = crate::spool::SpoolSettings {
        dir: root.join("none"),
        machine: "here".to_owned(),
        max_bytes: 1 << 20,
        memory_max_bytes: 1 << 20,
        when_full: crate::spool::WhenFull::Refuse,
    };
    crate::spool::Spool::open(settings).unwrap().0
}

fn open(root: &Path, settings: &LogSettings) -> (LogReader, Arc<Outbox>, Arc<LogState>) {
    let (reader, outbox, state, recovery) = LogReader::open(Reading {
        settings: settings.clone(),
        cluster: "c".to_owned(),
        node: "n".to_owned(),
        roots: Roots::under(root),
        announcements: true,
        interval: Duration::from_secs(10),
        compression: 1,
        machine: "here".to_owned(),
    })
    .unwrap();
    assert_eq!(recovery.unknown_broken_bytes, 0);
    (reader, outbox, state)
}

/// The texts of a dictionary column.
pub(super) fn text(batch: &RecordBatch, name: &str) -> Vec<Option<String>> {
    let column = batch
        .column_by_name(name)
        .unwrap()
        .as_dictionary::<Int32Type>();
    let values = column.values().as_string::<i32>();
    (0..batch.num_rows())
        .map(|row| column.key(row).map(|key| values.value(key).to_owned()))
        .collect()
}

/// The numbers of a column; nulls are 0.
pub(super) fn numbers(batch: &RecordBatch, name: &str) -> Vec<u64> {
    let column = batch
        .column_by_name(name)
        .unwrap()
        .as_primitive::<Int64Type>();
    (0..batch.num_rows())
        .map(|row| {
            if column.is_null(row) {
                0
            } else {
                column.value(row) as u64
            }
        })
        .collect()
}

/// A line as containerd writes it.
pub(super) fn cri(message: &str) -> String {
    format!("2026-11-01T00:00:00.123456789Z stdout F {message}\n")
}

pub(super) fn append(path: &Path, bytes: &[u8]) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let mut file = OpenOptions::new()
        .append(true)
        .create(true)
        .open(path)
        .unwrap();
    file.write_all(bytes).unwrap();
}

/// The folder of a pod's container.
pub(super) fn container(root: &Path, name: &str) -> PathBuf {
    root.join("var/log/pods")
        .join(format!("shop_web-1_{name}-uid"))
        .join(name)
}

pub(super) fn gzip(from: &Path, to: &Path) {
    let part = to.with_extension("gz.tmp");
    let mut encoder = flate2::write::GzEncoder::new(
        fs::File::create(&part).unwrap(),
        flate2::Compression::fast(),
    );
    encoder.write_all(&fs::read(from).unwrap()).unwrap();
    encoder.finish().unwrap();
    fs::rename(&part, to).unwrap();
    fs::remove_file(from).unwrap();
}
