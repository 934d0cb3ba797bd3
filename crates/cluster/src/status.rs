//! How each watch is doing, for people and for `/metrics`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use crate::kind::Kind;
use crate::rows::TableBatch;

/// What a watch is at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum WatchState {
    /// The first list is under way.
    #[default]
    Starting,
    /// Changes come in.
    Watching,
    /// The account may not read it; the text names the right that is missing.
    Forbidden(String),
    /// The API server does not have it.
    NotServed,
    /// It does not work at the moment, and is tried again; the text says why.
    Failing(String),
}

impl WatchState {
    /// One word.
    pub fn word(&self) -> &'static str {
        match self {
            WatchState::Starting => "starting",
            WatchState::Watching => "ok",
            WatchState::Forbidden(_) => "forbidden",
            WatchState::NotServed => "not served",
            WatchState::Failing(_) => "failing",
        }
    }

    /// Why, where there is something to say.
    pub fn detail(&self) -> Option<&str> {
        match self {
            WatchState::Forbidden(text) | WatchState::Failing(text) => Some(text),
            _ => None,
        }
    }
}

/// The watch of one kind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Watch {
    /// What it is at.
    pub state: WatchState,
    /// Objects that are held.
    pub objects: usize,
    /// Full lists so far.
    pub lists: u64,
    /// Objects that lists and watches have told of so far.
    pub told: u64,
    /// When they told of one last.
    pub last_told: Option<SystemTime>,
    /// Faults so far.
    pub faults: u64,
    /// The last fault in words, even when all is well again.
    pub last_fault: Option<String>,
}

impl Watch {
    /// Notes that so many objects were told of.
    pub(crate) fn note_told(&mut self, objects: u64) {
        self.told += objects;
        self.last_told = Some(SystemTime::now());
    }

    /// Notes a state in which nothing is told.
    pub(crate) fn note_fault(&mut self, state: WatchState) {
        self.faults += 1;
        self.last_fault = Some(state.detail().unwrap_or_else(|| state.word()).to_owned());
        self.state = state;
    }
}

/// The state of all watches.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClusterStatus {
    /// By kind.
    pub watches: BTreeMap<Kind, Watch>,
    /// The API server's own metrics, where they are read.
    pub control_plane: Option<Watch>,
    /// Rows that were handed on, by table.
    pub rows: BTreeMap<&'static str, u64>,
    /// Rows of `object` that were dropped because those before them were not taken yet.
    pub dropped_rows: u64,
}

impl ClusterStatus {
    /// As Prometheus reads it.
    pub fn metrics_text(&self) -> String {
        let mut text = String::new();
        let mut family = |name: &str, kind: &str, help: &str, lines: Vec<(String, u64)>| {
            let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} {kind}");
            for (labels, value) in lines {
                let _ = writeln!(text, "{name}{labels} {value}");
            }
        };
        let by_kind = |value: &dyn Fn(&Watch) -> u64| -> Vec<(String, u64)> {
            let watches = self.watches.iter();
            watches
                .map(|(kind, w)| (format!("{{resource=\"{}\"}}", kind.plural()), value(w)))
                .collect()
        };
        family(
            "kansoku_cluster_watch_up",
            "gauge",
            "1 while changes of the resource come in.",
            by_kind(&|w| u64::from(w.state == WatchState::Watching)),
        );
        family(
            "kansoku_cluster_objects",
            "gauge",
            "Objects held of the resource.",
            by_kind(&|w| w.objects as u64),
        );
        family(
            "kansoku_cluster_lists_total",
            "counter",
            "Full lists of the resource.",
            by_kind(&|w| w.lists),
        );
        family(
            "kansoku_cluster_told_total",
            "counter",
            "Objects that lists and watches of the resource have told of.",
            by_kind(&|w| w.told),
        );
        family(
            "kansoku_cluster_watch_faults_total",
            "counter",
            "Faults of lists and watches of the resource.",
            by_kind(&|w| w.faults),
        );
        let rows = self.rows.iter();
        family(
            "kansoku_cluster_rows_total",
            "counter",
            "Rows made of the table.",
            rows.map(|(table, rows)| (format!("{{table=\"{table}\"}}"), *rows))
                .collect(),
        );
        family(
            "kansoku_cluster_dropped_rows_total",
            "counter",
            "Rows of object that were dropped because the store was behind.",
            vec![(String::new(), self.dropped_rows)],
        );
        text
    }
}

/// The status that watches and the maker of rows share.
#[derive(Debug, Clone, Default)]
pub(crate) struct SharedStatus(Arc<Mutex<ClusterStatus>>);

impl SharedStatus {
    /// As it is now.
    pub(crate) fn get(&self) -> ClusterStatus {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Changes it.
    pub(crate) fn update(&self, change: impl FnOnce(&mut ClusterStatus)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// Counts rows that are handed on.
    pub(crate) fn count(&self, batch: &TableBatch) {
        let rows = batch.batch.num_rows() as u64;
        self.update(|s| *s.rows.entry(batch.table.name).or_default() += rows);
    }

    /// Changes that of the API server's own metrics.
    pub(crate) fn control_plane(&self, change: impl FnOnce(&mut Watch)) {
        self.update(|status| change(status.control_plane.get_or_insert_default()));
    }

    /// Changes one watch's.
    pub(crate) fn watch(&self, kind: Kind, change: impl FnOnce(&mut Watch)) {
        self.update(|status| change(status.watches.entry(kind).or_default()));
    }
}
