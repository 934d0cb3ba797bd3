//! Sorting rows and writing them as Parquet.
//!
//! The encodings are those that were smallest when measured (docs/decisions/): what changes from row to row (deltas,
//! gauges) as BYTE_STREAM_SPLIT, which puts the bytes of equal weight beside each other for zstd; what repeats (names,
//! limits, capacities) as a dictionary, which runs of rows of one entity reduce to almost nothing; times as
//! DELTA_BINARY_PACKED.

use std::sync::Arc;

use arrow::array::{AsArray, RecordBatch};
use arrow::compute::{SortColumn, concat_batches, lexsort_to_indices, take_record_batch};
use arrow::datatypes::{DataType, SchemaRef, TimestampMicrosecondType};
use arrow::error::ArrowError;
use bytes::Bytes;
use catalogue::{Table, Temporality};
use futures::FutureExt;
use futures::future::BoxFuture;
use object_store::buffered::BufWriter;
use object_store::path::Path;
use object_store::{ObjectMeta, ObjectStoreExt};
use parquet::arrow::AsyncArrowWriter;
use parquet::arrow::async_writer::AsyncFileWriter;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::SortingColumn;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;
use tokio::io::AsyncWriteExt;

use super::file::LiveFile;
use super::root::Root;
use super::schema::DAY;
use crate::error::StoreError;
use crate::hot::HotBatch;

const DAY_USEC: i64 = 86_400_000_000;
/// Rows that are pruned together; what a question about one entity decodes at the least.
const ROW_GROUP_ROWS: usize = 131_072;
const PAGE_ROWS: usize = 8_192;
/// Rows handed to the writer at once.
const SLICE_ROWS: usize = 16_384;

/// One batch of all rows in the table's order.
pub(crate) fn sort_rows(
    table: &Table,
    schema: &SchemaRef,
    batches: &[Arc<HotBatch>],
) -> Result<RecordBatch, ArrowError> {
    let all = concat_batches(schema, batches.iter().map(|b| &b.batch))?;
    let columns: Vec<SortColumn> = table
        .sort
        .iter()
        .filter_map(|name| all.column_by_name(name))
        .map(|values| SortColumn {
            values: Arc::clone(values),
            options: None,
        })
        .collect();
    if columns.is_empty() {
        return Ok(all);
    }
    take_record_batch(&all, &lexsort_to_indices(&columns, None)?)
}

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
        let mut writer = FileWriter::create(root, table, name, part.schema(), *day)?;
        writer.push(&part).await?;
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
    writer: AsyncArrowWriter<Sink>,
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
    ) -> Result<FileWriter, StoreError> {
        let date = chrono::DateTime::from_timestamp_micros(day.saturating_mul(DAY_USEC))
            .unwrap_or_default();
        let day = date.format("%Y-%m-%d").to_string();
        // Names sort by when they were made, which is what a person who looks into the folder wants.
        let path = Path::from(format!("{DAY}={day}/{}.parquet", uuid::Uuid::now_v7()));
        let sink = Sink {
            upload: BufWriter::new(
                Arc::clone(root.store()),
                Path::from(format!("{name}/{path}")),
            ),
            copy: (root.url().scheme() != "file").then(Vec::new),
        };
        let writer =
            AsyncArrowWriter::try_new(sink, Arc::clone(&schema), Some(properties(table, &schema)))
                .map_err(|e| file_fault(name, &path, &e))?;
        Ok(FileWriter {
            root: root.clone(),
            table: name.to_owned(),
            path,
            day,
            writer,
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
        let mut from = 0;
        while from < batch.num_rows() {
            let slice = batch.slice(from, SLICE_ROWS.min(batch.num_rows() - from));
            self.writer
                .write(&slice)
                .await
                .map_err(|e| file_fault(&self.table, &self.path, &e))?;
            from += SLICE_ROWS;
        }
        Ok(())
    }

    /// Ends the file and makes it durable; `None` when no row was written (the file is removed).
    pub(crate) async fn finish(mut self, now_ms: i64) -> Result<Option<LiveFile>, StoreError> {
        self.writer
            .finish()
            .await
            .map_err(|e| file_fault(&self.table, &self.path, &e))?;
        let object = Path::from(format!("{}/{}", self.table, self.path));
        let bytes = self.writer.bytes_written() as u64;
        if self.rows == 0 {
            // Left behind it would be an orphan, which upkeep removes.
            let _ = self.root.store().delete(&object).await;
            return Ok(None);
        }
        self.root
            .sync(&object)
            .map_err(|e| file_fault(&self.table, &self.path, &e))?;
        if let Some(copy) = self.writer.into_inner().copy {
            let meta = ObjectMeta {
                location: object,
                last_modified: chrono::DateTime::from_timestamp_millis(now_ms).unwrap_or_default(),
                size: copy.len() as u64,
                e_tag: None,
                version: None,
            };
            self.root.recent.keep(meta, copy.into());
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

fn file_fault(table: &str, path: &Path, reason: &dyn std::fmt::Display) -> StoreError {
    StoreError::File {
        table: table.to_owned(),
        path: path.to_string(),
        reason: reason.to_string(),
    }
}

/// Where a file's bytes go: to the store, and for a bucket also into a copy for [`super::recent`].
struct Sink {
    upload: BufWriter,
    copy: Option<Vec<u8>>,
}

impl AsyncFileWriter for Sink {
    fn write(&mut self, bytes: Bytes) -> BoxFuture<'_, Result<(), ParquetError>> {
        async move {
            if let Some(copy) = &mut self.copy {
                copy.extend_from_slice(&bytes);
            }
            self.upload
                .put(bytes)
                .await
                .map_err(|e| ParquetError::External(Box::new(e)))
        }
        .boxed()
    }

    fn complete(&mut self) -> BoxFuture<'_, Result<(), ParquetError>> {
        async move {
            self.upload
                .shutdown()
                .await
                .map_err(|e| ParquetError::External(Box::new(e)))
        }
        .boxed()
    }
}

fn properties(table: &Table, schema: &SchemaRef) -> WriterProperties {
    let level = ZstdLevel::try_new(3).unwrap_or_default();
    let mut properties = WriterProperties::builder()
        .set_created_by(format!("kansoku {}", env!("CARGO_PKG_VERSION")))
        .set_compression(Compression::ZSTD(level))
        .set_max_row_group_row_count(Some(ROW_GROUP_ROWS))
        .set_data_page_row_count_limit(PAGE_ROWS)
        .set_write_batch_size(1024)
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_sorting_columns(Some(
            table
                .sort
                .iter()
                .filter_map(|name| schema.index_of(name).ok())
                .map(|column| SortingColumn {
                    column_idx: column as i32,
                    descending: false,
                    nulls_first: true,
                })
                .collect(),
        ));
    for field in schema.fields() {
        let name = field.name().as_str();
        let path = ColumnPath::from(name);
        // Pages of what is searched by can be skipped; for the rest their statistics would cost more than they save.
        if table.sort.contains(&name) || table.key.contains(&name) {
            properties =
                properties.set_column_statistics_enabled(path.clone(), EnabledStatistics::Page);
        }
        let changes = !matches!(
            table.column(name).map(|c| c.temporality),
            Some(Temporality::Constant | Temporality::Identity | Temporality::Attribute)
        );
        let encoding = match field.data_type() {
            DataType::Timestamp(_, _) if name == "time" => Some(Encoding::DELTA_BINARY_PACKED),
            DataType::Int64 | DataType::Float64 if changes && !is_count(name) => {
                Some(Encoding::BYTE_STREAM_SPLIT)
            }
            DataType::Utf8 => Some(Encoding::DELTA_LENGTH_BYTE_ARRAY),
            _ => None,
        };
        if let Some(encoding) = encoding {
            properties = properties
                .set_column_dictionary_enabled(path.clone(), false)
                .set_column_encoding(path, encoding);
        }
    }
    properties.build()
}

/// Rollup columns that are nearly always the same number.
fn is_count(name: &str) -> bool {
    name.ends_with("_count")
        || name == catalogue::ROLLUP_SAMPLES
        || name == catalogue::ROLLUP_MINUTES
}
