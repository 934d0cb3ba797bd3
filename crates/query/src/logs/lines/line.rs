//! A line, and the rows that lines are read from.

use arrow::array::{Array, Int64Array, RecordBatch, TimestampMicrosecondArray};
use chrono::DateTime;
use serde::Serialize;

use super::key::{Key, hash};
use crate::error::QueryError;
use crate::logs::function::Texts;
use crate::logs::rows::{Labels, messages, numbers, times};

/// A log line as answers show it. What it does not have is left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LogLine {
    /// The line's own, the same in every answer.
    pub id: String,
    /// RFC 3339 with nanoseconds.
    pub time: String,
    /// Name of the cluster.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cluster: Option<String>,
    /// Name of the node.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub node: Option<String>,
    /// The pod's namespace.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// The pod's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pod: Option<String>,
    /// The pod's uid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pod_uid: Option<String>,
    /// The container's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub container: Option<String>,
    /// The runtime's id of the container.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub container_id: Option<String>,
    /// stdout or stderr; of a host log its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stream: Option<String>,
    /// The file it was read from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Where it starts in the file, in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offset: Option<i64>,
    /// Its number among the lines of one instance of the file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sequence: Option<i64>,
    /// trace, debug, info, warn, error or fatal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    /// How many lines of the file were joined into it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub joined_lines: Option<i64>,
    /// Bytes cut off the end of the message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub truncated_bytes: Option<i64>,
    /// Bytes that were no UTF-8.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub invalid_bytes: Option<i64>,
    /// The line itself.
    pub message: String,
    /// Whether it is the line whose surroundings were asked for.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub anchor: bool,
}

/// The columns that a line is made of.
pub(crate) const COLUMNS: [&str; 18] = [
    "time",
    "time_nsec",
    "cluster",
    "node",
    "namespace",
    "pod",
    "pod_uid",
    "container",
    "container_id",
    "stream",
    "file",
    "offset",
    "sequence",
    "joined_lines",
    "level",
    "truncated_bytes",
    "invalid_bytes",
    "message",
];

/// A batch whose rows can become lines.
#[derive(Debug)]
pub(crate) struct LineRows<'a> {
    times: &'a TimestampMicrosecondArray,
    nanoseconds: &'a Int64Array,
    cluster: Labels<'a>,
    node: Labels<'a>,
    namespace: Labels<'a>,
    pod: Labels<'a>,
    pod_uid: Labels<'a>,
    container: Labels<'a>,
    container_id: Labels<'a>,
    stream: Labels<'a>,
    file: Labels<'a>,
    offset: &'a Int64Array,
    sequence: &'a Int64Array,
    joined_lines: &'a Int64Array,
    level: Labels<'a>,
    truncated_bytes: &'a Int64Array,
    invalid_bytes: &'a Int64Array,
    messages: Texts<'a>,
}

impl<'a> LineRows<'a> {
    pub(crate) fn new(batch: &'a RecordBatch) -> Result<LineRows<'a>, QueryError> {
        Ok(LineRows {
            times: times(batch)?,
            nanoseconds: numbers(batch, "time_nsec")?,
            cluster: Labels::of(batch, "cluster")?,
            node: Labels::of(batch, "node")?,
            namespace: Labels::of(batch, "namespace")?,
            pod: Labels::of(batch, "pod")?,
            pod_uid: Labels::of(batch, "pod_uid")?,
            container: Labels::of(batch, "container")?,
            container_id: Labels::of(batch, "container_id")?,
            stream: Labels::of(batch, "stream")?,
            file: Labels::of(batch, "file")?,
            offset: numbers(batch, "offset")?,
            sequence: numbers(batch, "sequence")?,
            joined_lines: numbers(batch, "joined_lines")?,
            level: Labels::of(batch, "level")?,
            truncated_bytes: numbers(batch, "truncated_bytes")?,
            invalid_bytes: numbers(batch, "invalid_bytes")?,
            messages: messages(batch)?,
        })
    }

    pub(crate) fn len(&self) -> usize {
        self.times.len()
    }

    /// Microseconds of the epoch, and nanoseconds below.
    pub(crate) fn time(&self, row: usize) -> (i64, i64) {
        (
            self.times.value(row),
            number(self.nanoseconds, row).unwrap_or(0),
        )
    }

    pub(crate) fn message(&self, row: usize) -> &'a str {
        self.messages.get(row).unwrap_or_default()
    }

    pub(crate) fn key(&self, row: usize) -> Key {
        let (time, time_nsec) = self.time(row);
        let own = |labels: &Labels<'_>| labels.get(row).map(str::to_owned);
        Key {
            time,
            time_nsec,
            cluster: own(&self.cluster),
            node: own(&self.node),
            namespace: own(&self.namespace),
            pod: own(&self.pod),
            pod_uid: own(&self.pod_uid),
            container: own(&self.container),
            container_id: own(&self.container_id),
            sequence: number(self.sequence, row),
            offset: number(self.offset, row),
            file: own(&self.file),
            stream: own(&self.stream),
            hash: hash(self.message(row).as_bytes()),
        }
    }

    /// The line of a row whose key is this.
    pub(crate) fn line(&self, row: usize, key: &Key) -> LogLine {
        LogLine {
            id: key.id(),
            time: rfc3339(key.time, key.time_nsec),
            cluster: key.cluster.clone(),
            node: key.node.clone(),
            namespace: key.namespace.clone(),
            pod: key.pod.clone(),
            pod_uid: key.pod_uid.clone(),
            container: key.container.clone(),
            container_id: key.container_id.clone(),
            stream: key.stream.clone(),
            file: key.file.clone(),
            offset: key.offset,
            sequence: key.sequence,
            level: self.level.get(row).map(str::to_owned),
            joined_lines: number(self.joined_lines, row),
            truncated_bytes: number(self.truncated_bytes, row),
            invalid_bytes: number(self.invalid_bytes, row),
            message: self.message(row).to_owned(),
            anchor: false,
        }
    }
}

fn number(column: &Int64Array, row: usize) -> Option<i64> {
    column.is_valid(row).then(|| column.value(row))
}

/// RFC 3339 with nanoseconds, in UTC.
pub(crate) fn rfc3339(micros: i64, nanoseconds: i64) -> String {
    let time = micros
        .checked_mul(1000)
        .and_then(|n| n.checked_add(nanoseconds))
        .map(DateTime::from_timestamp_nanos);
    match time {
        Some(time) => time.to_rfc3339_opts(chrono::SecondsFormat::Nanos, true),
        // Before 1677 or after 2262.
        None => crate::moment::rfc3339_nanos(micros),
    }
}
