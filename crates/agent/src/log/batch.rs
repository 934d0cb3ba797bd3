//! Rows of `log`, made without an allocation for each.
//!
//! What is the same for all lines of a file is looked up once for a file and batch and then written as a dictionary's
//! code; a line itself costs numbers and the bytes of its message.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::builder::{Int64Builder, StringBuilder, TimestampMicrosecondBuilder};
use arrow_array::types::Int32Type;
use arrow_array::{ArrayRef, DictionaryArray, Int32Array, RecordBatch, StringArray};
use arrow_schema::{ArrowError, SchemaRef};
use catalogue::{ColumnType, Table};

use super::entry::Entry;
use super::source::Source;

/// A dictionary column under construction.
#[derive(Debug, Default)]
struct Codes {
    values: Vec<Arc<str>>,
    index: HashMap<Arc<str>, i32>,
    keys: Vec<i32>,
    has_nulls: bool,
}

/// No value.
const NULL: i32 = -1;

impl Codes {
    fn code(&mut self, value: Option<&str>) -> i32 {
        let Some(value) = value else { return NULL };
        if let Some(code) = self.index.get(value) {
            return *code;
        }
        let code = self.values.len() as i32;
        let value: Arc<str> = value.into();
        self.values.push(Arc::clone(&value));
        self.index.insert(value, code);
        code
    }

    fn push(&mut self, code: i32) {
        self.has_nulls |= code == NULL;
        self.keys.push(code);
    }

    fn finish(&mut self) -> Result<ArrayRef, ArrowError> {
        let keys = std::mem::take(&mut self.keys);
        self.keys.reserve(keys.len());
        let keys = if std::mem::take(&mut self.has_nulls) {
            Int32Array::from_iter(keys.into_iter().map(|key| (key != NULL).then_some(key)))
        } else {
            Int32Array::from(keys)
        };
        let values = StringArray::from_iter_values(self.values.drain(..));
        self.index.clear();
        Ok(Arc::new(DictionaryArray::<Int32Type>::try_new(
            keys,
            Arc::new(values),
        )?))
    }
}

/// The dictionary columns.
const TEXTS: [&str; 10] = [
    "cluster",
    "node",
    "namespace",
    "pod",
    "pod_uid",
    "container",
    "container_id",
    "stream",
    "file",
    "level",
];
const STREAM: usize = 7;
const FILE: usize = 8;
const LEVEL: usize = 9;

/// What all rows of one file have in common, as codes of the present batch.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FileCodes {
    /// Which batch they are of.
    batch: u64,
    codes: [i32; 9],
}

impl FileCodes {
    /// Of no batch yet.
    pub(crate) const NONE: FileCodes = FileCodes {
        batch: 0,
        codes: [NULL; 9],
    };
}

/// Where a row comes from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Origin<'a> {
    /// Its log.
    pub(crate) source: &'a Source,
    /// The runtime's id of the container.
    pub(crate) container_id: Option<&'a str>,
    /// The file.
    pub(crate) file: &'a str,
}

/// Rows of `log` under construction.
#[derive(Debug)]
pub(crate) struct Batch {
    table: &'static Table,
    schema: SchemaRef,
    cluster: String,
    node: String,
    number: u64,
    texts: [Codes; TEXTS.len()],
    time: TimestampMicrosecondBuilder,
    time_nsec: Int64Builder,
    stamped: TimestampMicrosecondBuilder,
    offset: Int64Builder,
    sequence: Int64Builder,
    joined: Int64Builder,
    truncated: Int64Builder,
    invalid: Int64Builder,
    message: StringBuilder,
    message_bytes: usize,
    rows: usize,
}

fn times() -> TimestampMicrosecondBuilder {
    TimestampMicrosecondBuilder::new().with_data_type(ColumnType::Time.arrow())
}

impl Batch {
    /// Without rows.
    pub(crate) fn new(table: &'static Table, cluster: &str, node: &str) -> Batch {
        Batch {
            table,
            schema: table.schema(),
            cluster: cluster.to_owned(),
            node: node.to_owned(),
            number: 1,
            texts: Default::default(),
            time: times(),
            time_nsec: Int64Builder::new(),
            stamped: times(),
            offset: Int64Builder::new(),
            sequence: Int64Builder::new(),
            joined: Int64Builder::new(),
            truncated: Int64Builder::new(),
            invalid: Int64Builder::new(),
            message: StringBuilder::new(),
            message_bytes: 0,
            rows: 0,
        }
    }

    /// Rows so far.
    pub(crate) fn rows(&self) -> usize {
        self.rows
    }

    /// Bytes of messages so far.
    pub(crate) fn message_bytes(&self) -> usize {
        self.message_bytes
    }

    /// Adds a row. `codes` belongs to the file and is kept by the caller. A journal's rows have no offset.
    pub(crate) fn push(
        &mut self,
        codes: &mut FileCodes,
        origin: Origin<'_>,
        entry: &Entry<'_>,
        sequence: u64,
        has_offset: bool,
    ) {
        if codes.batch != self.number {
            *codes = self.resolve(origin);
        }
        for (at, code) in codes.codes.iter().enumerate() {
            if at != STREAM {
                self.texts[at].push(*code);
            }
        }
        let stream = match entry.stream {
            Some(stream) => self.texts[STREAM].code(Some(stream.name())),
            None => codes.codes[STREAM],
        };
        self.texts[STREAM].push(stream);
        let level = self.texts[LEVEL].code(entry.level.map(|level| level.name()));
        self.texts[LEVEL].push(level);
        let integer = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
        let unless_zero = |value: u64| (value > 0).then(|| integer(value));
        self.time.append_value(entry.time_usec);
        self.time_nsec.append_option(entry.time_nsec.map(i64::from));
        self.stamped.append_option(entry.stamped_usec);
        self.offset
            .append_option(has_offset.then(|| integer(entry.offset)));
        self.sequence.append_value(integer(sequence));
        self.joined
            .append_option((entry.lines > 1).then_some(i64::from(entry.lines)));
        self.truncated
            .append_option(unless_zero(entry.truncated_bytes));
        self.invalid.append_option(unless_zero(entry.invalid_bytes));
        self.message.append_value(entry.message);
        self.message_bytes += entry.message.len();
        self.rows += 1;
    }

    fn resolve(&mut self, origin: Origin<'_>) -> FileCodes {
        let [namespace, pod, uid, container] = origin.source.columns();
        // A line of a runtime has its own; of any other, it is standard output.
        let stream = origin.source.stream().unwrap_or("stdout");
        let (cluster, node) = (self.cluster.clone(), self.node.clone());
        let values = [
            Some(cluster.as_str()),
            Some(node.as_str()),
            namespace,
            pod,
            uid,
            container,
            origin.container_id,
            Some(stream),
            Some(origin.file),
        ];
        let mut codes = [NULL; 9];
        for (at, value) in values.into_iter().enumerate() {
            codes[at] = self.texts[at].code(value);
        }
        debug_assert_eq!(FILE, codes.len() - 1);
        FileCodes {
            batch: self.number,
            codes,
        }
    }

    /// The rows so far, in the catalogue's schema; the next row begins a new batch.
    ///
    /// # Errors
    /// Arrow does not take them, which is a fault of this code; they are gone then.
    pub(crate) fn finish(&mut self) -> Result<RecordBatch, ArrowError> {
        self.number += 1;
        (self.rows, self.message_bytes) = (0, 0);
        let mut texts = Vec::with_capacity(TEXTS.len());
        for codes in &mut self.texts {
            texts.push(codes.finish()?);
        }
        let numbers: [(&str, ArrayRef); 9] = [
            ("time", Arc::new(self.time.finish())),
            ("time_nsec", Arc::new(self.time_nsec.finish())),
            ("stamped_time", Arc::new(self.stamped.finish())),
            ("offset", Arc::new(self.offset.finish())),
            ("sequence", Arc::new(self.sequence.finish())),
            ("joined_lines", Arc::new(self.joined.finish())),
            ("truncated_bytes", Arc::new(self.truncated.finish())),
            ("invalid_bytes", Arc::new(self.invalid.finish())),
            ("message", Arc::new(self.message.finish())),
        ];
        // A builder that was finished forgets its unit of time with its values.
        (self.time, self.stamped) = (times(), times());
        let mut columns = Vec::with_capacity(self.table.columns.len());
        for column in self.table.columns {
            let text = TEXTS.iter().position(|name| *name == column.name);
            let array = text.and_then(|at| texts.get(at)).or_else(|| {
                numbers
                    .iter()
                    .find(|(n, _)| *n == column.name)
                    .map(|(_, a)| a)
            });
            columns.push(match array {
                Some(array) => Arc::clone(array),
                None => return Err(ArrowError::SchemaError(column.name.to_owned())),
            });
        }
        RecordBatch::try_new(Arc::clone(&self.schema), columns)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::entry::{Level, Stream};
    use arrow_array::Array;
    use arrow_array::cast::AsArray;
    use arrow_array::types::Int64Type;

    fn entry(message: &str) -> Entry<'_> {
        Entry {
            time_usec: 7,
            time_nsec: Some(5),
            stamped_usec: None,
            stream: Some(Stream::Stderr),
            message,
            offset: 10,
            lines: 1,
            truncated_bytes: 0,
            invalid_bytes: 2,
            level: Some(Level::Warn),
            malformed: false,
            redacted: false,
        }
    }

    #[test]
    fn rows_of_two_files_are_rows_of_the_catalogue_and_a_batch_starts_afresh() {
        let mut batch = Batch::new(catalogue::table("log").unwrap(), "c", "n");
        let pod = Source::pod("shop", "web-1", "u", "app");
        let host = Source::host("syslog", "syslog");
        let of_pod = Origin {
            source: &pod,
            container_id: Some("abc"),
            file: "/var/log/pods/x/app/0.log",
        };
        let of_host = Origin {
            source: &host,
            container_id: None,
            file: "/var/log/syslog",
        };
        for round in 0..2 {
            let (mut first, mut second) = (FileCodes::NONE, FileCodes::NONE);
            batch.push(&mut first, of_pod, &entry("one"), 1, true);
            let plain = Entry {
                stream: None,
                level: None,
                lines: 3,
                ..entry("two")
            };
            batch.push(&mut second, of_host, &plain, 1, false);
            batch.push(&mut first, of_pod, &entry("three"), 2, true);
            assert_eq!((batch.rows(), batch.message_bytes()), (3, 11));
            let rows = batch.finish().unwrap();
            assert_eq!(rows.num_rows(), 3, "round {round}");
            let text = |name: &str, row: usize| {
                let column = rows
                    .column_by_name(name)
                    .unwrap()
                    .as_dictionary::<Int32Type>();
                let values = column.values().as_string::<i32>();
                column.key(row).map(|key| values.value(key).to_owned())
            };
            assert_eq!(text("pod", 0).as_deref(), Some("web-1"));
            assert_eq!(text("pod", 1), None);
            assert_eq!(text("stream", 0).as_deref(), Some("stderr"));
            assert_eq!(text("stream", 1).as_deref(), Some("syslog"));
            assert_eq!(text("level", 2).as_deref(), Some("warn"));
            assert_eq!(text("level", 1), None);
            assert_eq!(text("node", 1).as_deref(), Some("n"));
            let number = |name: &str| {
                rows.column_by_name(name)
                    .unwrap_or_else(|| panic!("{name}: {:?}", rows.schema()))
                    .as_primitive::<Int64Type>()
            };
            assert_eq!(number("sequence").values(), &[1, 1, 2]);
            assert!(number("offset").is_null(1) && number("offset").is_valid(0));
            assert!(number("joined_lines").is_null(0));
            assert_eq!(number("joined_lines").value(1), 3);
        }
    }
}
