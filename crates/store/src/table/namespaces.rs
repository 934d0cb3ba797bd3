//! How much of a file of log lines is whose.
//!
//! Every such file says in its key-value metadata, under [`KEY`], what each namespace has in it. The sum over the live
//! files is the accounting of the table, and what is known of a file says when a namespace's lines in it are too old.

use std::ops::AddAssign;
use std::sync::Arc;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{Int32Type, TimestampMicrosecondType};
use hashbrown::HashMap;
use object_store::ObjectStore;
use object_store::path::Path;
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};

use super::footer;

/// The key of the file's metadata: a JSON array of [`NamespaceRows`].
pub(crate) const KEY: &str = "kansoku.namespaces";

/// What one namespace has in one place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct NamespaceRows {
    /// `None`: logs of hosts.
    pub(crate) namespace: Option<String>,
    pub(crate) rows: u64,
    /// Bytes of the messages.
    pub(crate) message_bytes: u64,
    /// Least and greatest time, µs since the epoch.
    pub(crate) oldest_usec: i64,
    pub(crate) newest_usec: i64,
}

impl NamespaceRows {
    fn empty(namespace: Option<String>) -> NamespaceRows {
        NamespaceRows {
            namespace,
            rows: 0,
            message_bytes: 0,
            oldest_usec: i64::MAX,
            newest_usec: i64::MIN,
        }
    }

    /// Its share of a file's bytes is estimated by this: the columns beside the message take about so much a row.
    pub(crate) fn weight(&self) -> u64 {
        const BESIDE: u64 = 16;
        self.message_bytes + BESIDE * self.rows
    }
}

impl AddAssign<&NamespaceRows> for NamespaceRows {
    fn add_assign(&mut self, more: &NamespaceRows) {
        self.rows += more.rows;
        self.message_bytes += more.message_bytes;
        self.oldest_usec = self.oldest_usec.min(more.oldest_usec);
        self.newest_usec = self.newest_usec.max(more.newest_usec);
    }
}

/// Rows of log files that are read at once, unless they are long; and about how many bytes they may be.
const BATCH_ROWS: u64 = 8192;
const BATCH_BYTES: u64 = 16 << 20;

/// How many rows to read at once where a row has so many bytes: the more, the fewer.
pub(crate) fn rows_at_once(bytes_of_a_row: u64) -> usize {
    (BATCH_BYTES / bytes_of_a_row.max(1)).clamp(64, BATCH_ROWS) as usize
}

/// The mean length of the messages of the namespace that has the longest: its rows lie together.
pub(crate) fn longest(rows: &[NamespaceRows]) -> u64 {
    let means = rows.iter().map(|n| n.message_bytes / n.rows.max(1));
    means.max().unwrap_or(0)
}

/// Counts rows of `log` by namespace.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    by_namespace: HashMap<Option<String>, NamespaceRows>,
}

impl Tally {
    /// Takes in rows. Those of a schema that is not `log`'s count for nothing.
    pub(crate) fn add(&mut self, batch: &RecordBatch) {
        let (Some(times), Some(names), Some(messages)) = (
            batch
                .column_by_name("time")
                .and_then(|c| c.as_primitive_opt::<TimestampMicrosecondType>()),
            batch
                .column_by_name("namespace")
                .and_then(|c| c.as_dictionary_opt::<Int32Type>()),
            batch
                .column_by_name("message")
                .and_then(|c| c.as_string_opt::<i32>()),
        ) else {
            return;
        };
        let Some(values) = names.values().as_string_opt::<i32>() else {
            return;
        };
        // One for each value of the dictionary, the last for no namespace.
        let mut counts: Vec<NamespaceRows> = vec![NamespaceRows::empty(None); values.len() + 1];
        for row in 0..batch.num_rows() {
            let at = match names.keys().is_null(row) {
                true => values.len(),
                false => names.keys().value(row) as usize,
            };
            let time = times.value(row);
            if let Some(count) = counts.get_mut(at) {
                count.rows += 1;
                count.message_bytes += messages.value_length(row).unsigned_abs() as u64;
                count.oldest_usec = count.oldest_usec.min(time);
                count.newest_usec = count.newest_usec.max(time);
            }
        }
        for (at, count) in counts
            .iter()
            .enumerate()
            .filter(|(_, count)| count.rows > 0)
        {
            let name = (at < values.len() && values.is_valid(at)).then(|| values.value(at));
            let held = self
                .by_namespace
                .entry(name.map(str::to_owned))
                .or_insert_with(|| NamespaceRows::empty(name.map(str::to_owned)));
            *held += count;
        }
    }

    /// Takes in what was counted elsewhere.
    pub(crate) fn merge(&mut self, rows: &NamespaceRows) {
        let held = self
            .by_namespace
            .entry(rows.namespace.clone())
            .or_insert_with(|| NamespaceRows::empty(rows.namespace.clone()));
        *held += rows;
    }

    /// What was counted, in the order of names.
    pub(crate) fn finish(self) -> Vec<NamespaceRows> {
        let mut all: Vec<NamespaceRows> = self.by_namespace.into_values().collect();
        all.sort_by(|a, b| a.namespace.cmp(&b.namespace));
        all
    }
}

/// For the file's metadata.
pub(crate) fn to_text(rows: &[NamespaceRows]) -> String {
    serde_json::to_string(rows).unwrap_or_default()
}

/// `None` when it is not such a text.
pub(crate) fn from_text(text: &str) -> Option<Vec<NamespaceRows>> {
    serde_json::from_str(text).ok()
}

/// What is known of the live files, by their paths below the tables' folder.
#[derive(Debug, Default)]
pub(crate) struct Namespaces {
    files: Mutex<HashMap<Path, Arc<Vec<NamespaceRows>>>>,
}

impl Namespaces {
    pub(crate) fn keep(&self, path: Path, rows: Arc<Vec<NamespaceRows>>) {
        self.files.lock().insert(path, rows);
    }

    /// `None` for a file that does not say it or that was not read yet.
    pub(crate) fn of(&self, path: &Path) -> Option<Arc<Vec<NamespaceRows>>> {
        self.files.lock().get(path).cloned()
    }

    pub(crate) fn forget(&self, path: &Path) {
        self.files.lock().remove(path);
    }

    /// Reads what is not known yet of a file.
    pub(crate) async fn learn(&self, store: &Arc<dyn ObjectStore>, path: &Path, bytes: u64) {
        if self.of(path).is_some() {
            return;
        }
        match footer::notes(store, path, bytes).await {
            Ok(notes) => {
                if let Some(rows) = notes.get(KEY).and_then(|text| from_text(text)) {
                    self.keep(path.clone(), Arc::new(rows));
                }
            }
            Err(reason) => {
                tracing::warn!(file = %path, reason, "whose the lines of a file are could not be read");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_file_says_is_read_back() {
        let rows = vec![
            NamespaceRows {
                rows: 3,
                message_bytes: 10,
                oldest_usec: 1,
                newest_usec: 5,
                namespace: None,
            },
            NamespaceRows {
                namespace: Some("a\"b".into()),
                ..NamespaceRows::empty(None)
            },
        ];
        assert_eq!(from_text(&to_text(&rows)), Some(rows));
        assert_eq!(from_text("{}"), None);
    }

    #[test]
    fn counts_of_the_same_namespace_are_one() {
        let part = |namespace: Option<&str>, rows, oldest_usec, newest_usec| NamespaceRows {
            namespace: namespace.map(str::to_owned),
            rows,
            message_bytes: rows * 10,
            oldest_usec,
            newest_usec,
        };
        let mut tally = Tally::default();
        for rows in [
            part(Some("b"), 1, 5, 6),
            part(None, 2, 1, 1),
            part(Some("b"), 3, 2, 4),
        ] {
            tally.merge(&rows);
        }
        assert_eq!(
            tally.finish(),
            [part(None, 2, 1, 1), part(Some("b"), 4, 2, 6)]
        );
    }
}
