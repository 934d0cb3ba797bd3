//! A table file that is live in the Delta log.

use deltalake_core::kernel::{Add, LogicalFileView, Remove};
use object_store::path::Path;
use serde_json::Value;

use super::schema::DAY;

/// A live file.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct LiveFile {
    /// Relative to the table's folder.
    pub(crate) path: Path,
    pub(crate) bytes: u64,
    pub(crate) rows: u64,
    /// At or before the least and at or after the greatest row time, µs; the whole of time when it is not known
    /// (a file that another writer added without statistics).
    pub(crate) times: (i64, i64),
    /// `2026-11-23`.
    pub(crate) day: String,
    /// When it was written, ms since the epoch.
    pub(crate) written_ms: i64,
}

impl LiveFile {
    pub(crate) fn from_view(view: &LogicalFileView) -> LiveFile {
        let stats: Option<Value> = view.stats().and_then(|s| serde_json::from_str(&s).ok());
        let bound = |which: &str| {
            stats
                .as_ref()?
                .get(which)?
                .get("time")?
                .as_str()
                .and_then(|t| chrono::DateTime::parse_from_rfc3339(t).ok())
        };
        LiveFile {
            path: view.object_store_path(),
            bytes: view.size().unsigned_abs(),
            rows: stats
                .as_ref()
                .and_then(|s| s.get("numRecords")?.as_u64())
                .unwrap_or(0),
            // Delta's statistics are in whole milliseconds, rounded down.
            times: (
                bound("minValues").map_or(i64::MIN, |t| t.timestamp_micros()),
                bound("maxValues").map_or(i64::MAX, |t| t.timestamp_micros() + 999),
            ),
            day: view
                .partition_values_map()
                .remove(DAY)
                .flatten()
                .unwrap_or_default(),
            written_ms: view.modification_time(),
        }
    }

    /// The action that adds it. `data_change` is false when its rows were in files that the same commit removes.
    pub(crate) fn add(&self, data_change: bool) -> Add {
        let time = |usec: i64| {
            chrono::DateTime::from_timestamp_micros(usec)
                .map(|t| t.to_rfc3339_opts(chrono::SecondsFormat::Millis, true))
                .map_or(Value::Null, Value::from)
        };
        let stats = serde_json::json!({
            "numRecords": self.rows,
            "minValues": {"time": time(self.times.0)},
            "maxValues": {"time": time(self.times.1)},
            "nullCount": {"time": 0},
        });
        Add {
            path: self.path.to_string(),
            partition_values: [(DAY.to_owned(), Some(self.day.clone()))].into(),
            size: self.bytes as i64,
            modification_time: self.written_ms,
            data_change,
            stats: Some(stats.to_string()),
            tags: None,
            deletion_vector: None,
            base_row_id: None,
            default_row_commit_version: None,
            clustering_provider: None,
        }
    }

    /// The action that removes it. `data_change` is false when another file has its rows now.
    pub(crate) fn remove(&self, data_change: bool, now_ms: i64) -> Remove {
        Remove {
            path: self.path.to_string(),
            data_change,
            deletion_timestamp: Some(now_ms),
            extended_file_metadata: Some(true),
            partition_values: Some([(DAY.to_owned(), Some(self.day.clone()))].into()),
            size: Some(self.bytes as i64),
            tags: None,
            deletion_vector: None,
            base_row_id: None,
            default_row_commit_version: None,
        }
    }

    /// Its path below the tables' folder.
    pub(crate) fn object(&self, table: &str) -> Path {
        Path::from(format!("{table}/{}", self.path))
    }

    /// Whether any of its rows can be in a span of time (both ends included), µs.
    pub(crate) fn touches(&self, span: (i64, i64)) -> bool {
        self.times.0 <= span.1 && self.times.1 >= span.0
    }
}
