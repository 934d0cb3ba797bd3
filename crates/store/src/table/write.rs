//! Writing rows as Parquet.

use std::sync::Arc;

use arrow::array::{AsArray, RecordBatch};
use arrow::datatypes::{SchemaRef, TimestampMicrosecondType};
use arrow::error::ArrowError;
use catalogue::Table;
use object_store::path::Path;
use object_store::{ObjectMeta, ObjectStoreExt};
use parquet::arrow::ArrowWriter;

use super::extras::Extras;
use super::file::LiveFile;
use super::properties::{PAGE_ROWS, Stage, properties};
use super::root::Root;
use super::schema::DAY;
use super::sink::Sink;
use super::sort::SortedLog;
use crate::error::StoreError;

pub(super) const DAY_USEC: i64 = 86_400_000_000;
/// Rows handed to the writer at once.
const SLICE_ROWS: usize = 2 * PAGE_ROWS;
/// What is encoded is handed on in pieces of about this size.
const PIECE_BYTES: usize = 4 << 20;

/// Writes sorted rows, a file for each UTC day.
pub(crate) async fn write_days(
    root: &Root,
    table: &'static Table,
    name: &str,
    rows: &RecordBatch,
    now_ms: i64,
) -> Result<Vec<LiveFile>, StoreError> {
    let fault = |source: ArrowError| StoreError::Rows {
        table: name.to_owned(),
        source,
    };
    let days: Vec<i64> = match rows
        .column_by_name("time")
        .and_then(|t| t.as_primitive_opt::<TimestampMicrosecondType>())
    {
        Some(times) => times
            .values()
            .iter()
            .map(|t| t.div_euclid(DAY_USEC))
            .collect(),
        None => return Ok(Vec::new()),
    };
    let mut distinct = days.clone();
    distinct.sort_unstable();
    distinct.dedup();
    let mut files = Vec::new();
    for day in &distinct {
        let part = if distinct.len() == 1 {
            rows.clone()
        } else {
            let mask = days.iter().map(|d| Some(d == day)).collect();
            arrow::compute::filter_record_batch(rows, &mask).map_err(fault)?
        };
        let mut writer =
            FileWriter::create(root, table, name, part.schema(), *day, Stage::Flushed)?;
        writer.push(&part).await?;
        files.extend(writer.finish(now_ms).await?);
    }
    Ok(files)
}

/// Writes rows of a log in its order, a file for each UTC day, slice by slice.
pub(crate) async fn write_log_days(
    root: &Root,
    table: &'static Table,
    name: &str,
    schema: &SchemaRef,
    rows: &SortedLog,
    now_ms: i64,
) -> Result<Vec<LiveFile>, StoreError> {
    let mut files = Vec::new();
    for (day, range) in rows.days() {
        let mut writer =
            FileWriter::create(root, table, name, Arc::clone(schema), day, Stage::Flushed)?;
        let mut from = range.start;
        while from < range.end {
            let slice = rows
                .slice(from, range.end)
                .map_err(|source| StoreError::Rows {
                    table: name.to_owned(),
                    source,
                })?;
            if slice.num_rows() == 0 {
                break;
            }
            from += slice.num_rows();
            writer.push(&slice).await?;
        }
        files.extend(writer.finish(now_ms).await?);
    }
    Ok(files)
}

/// One Parquet file in the making.
pub(crate) struct FileWriter {
    root: Root,
    table: String,
    path: Path,
    day: String,
    sink: Sink,
    writer: ArrowWriter<Vec<u8>>,
    /// Of a file of log lines.
    extras: Option<Extras>,
    rows: u64,
    times: (i64, i64),
}

impl FileWriter {
    /// Begins a file of a day (days since the epoch) for rows in the table's order.
    pub(crate) fn create(
        root: &Root,
        table: &Table,
        name: &str,
        schema: SchemaRef,
        day: i64,
        stage: Stage,
    ) -> Result<FileWriter, StoreError> {
        let date = chrono::DateTime::from_timestamp_micros(day.saturating_mul(DAY_USEC))
            .unwrap_or_default();
        let day = date.format("%Y-%m-%d").to_string();
        // Names sort by when they were made, which is what a person who looks into the folder wants.
        let path = Path::from(format!("{DAY}={day}/{}.parquet", uuid::Uuid::now_v7()));
        let copied = root.url().scheme() != "file";
        let sink = Sink::create(root.store(), Path::from(format!("{name}/{path}")), copied);
        let properties = properties(table, &schema, stage);
        let writer = ArrowWriter::try_new(Vec::new(), schema, Some(properties))
            .map_err(|e| file_fault(name, &path, &e))?;
        Ok(FileWriter {
            root: root.clone(),
            table: name.to_owned(),
            path,
            day,
            sink,
            writer,
            extras: is_log(table).then(Extras::new),
            rows: 0,
            times: (i64::MAX, i64::MIN),
        })
    }

    pub(crate) async fn push(&mut self, batch: &RecordBatch) -> Result<(), StoreError> {
        let Some((least, greatest)) = crate::hot::time_range(batch) else {
            return Ok(());
        };
        self.times = (self.times.0.min(least), self.times.1.max(greatest));
        self.rows += batch.num_rows() as u64;
        if let Some(extras) = &mut self.extras {
            extras.add(batch);
        }
        let mut from = 0;
        while from < batch.num_rows() {
            let slice = batch.slice(from, SLICE_ROWS.min(batch.num_rows() - from));
            self.writer
                .write(&slice)
                .map_err(|e| file_fault(&self.table, &self.path, &e))?;
            from += SLICE_ROWS;
            if self.writer.inner().len() >= PIECE_BYTES {
                self.hand_on().await?;
            }
        }
        Ok(())
    }

    async fn hand_on(&mut self) -> Result<(), StoreError> {
        let encoded = std::mem::take(self.writer.inner_mut());
        self.sink
            .put(encoded)
            .await
            .map_err(|e| file_fault(&self.table, &self.path, &e))
    }

    /// Ends the file and makes it durable; `None` when no row was written (the file is removed).
    pub(crate) async fn finish(mut self, now_ms: i64) -> Result<Option<LiveFile>, StoreError> {
        let extras = self
            .extras
            .take()
            .map(|extras| extras.write(&mut self.writer))
            .transpose()
            .map_err(|e| file_fault(&self.table, &self.path, &e))?;
        self.writer
            .finish()
            .map_err(|e| file_fault(&self.table, &self.path, &e))?;
        self.hand_on().await?;
        let object = Path::from(format!("{}/{}", self.table, self.path));
        let bytes = self.writer.bytes_written() as u64;
        let copy = self
            .sink
            .close()
            .await
            .map_err(|e| file_fault(&self.table, &self.path, &e))?;
        if self.rows == 0 {
            // Left behind it would be an orphan, which upkeep removes.
            let _ = self.root.store().delete(&object).await;
            return Ok(None);
        }
        self.root
            .sync(&object)
            .map_err(|e| file_fault(&self.table, &self.path, &e))?;
        if let Some(copy) = copy {
            let meta = ObjectMeta {
                location: object.clone(),
                last_modified: chrono::DateTime::from_timestamp_millis(now_ms).unwrap_or_default(),
                size: copy.len() as u64,
                e_tag: None,
                version: None,
            };
            self.root.recent.keep(meta, copy.into());
        }
        if let Some(written) = extras {
            self.root.indexes.keep(object.clone(), Some(written.index));
            self.root.namespaces.keep(object, written.namespaces);
        }
        Ok(Some(LiveFile {
            path: self.path,
            bytes,
            rows: self.rows,
            times: self.times,
            day: self.day,
            written_ms: now_ms,
        }))
    }
}

/// Whether a table's files have a token index.
pub(crate) fn is_log(table: &Table) -> bool {
    table.name == catalogue::tables::LOG.name
}

fn file_fault(table: &str, path: &Path, reason: &dyn std::fmt::Display) -> StoreError {
    StoreError::File {
        table: table.to_owned(),
        path: path.to_string(),
        reason: reason.to_string(),
    }
}
