//! A table as DataFusion scans it: hot rows ∪ live files.
//!
//! The file side is a plain Parquet scan over the files that the log names, so that the same plan can run on another
//! machine; filters are pushed into both sides by DataFusion's optimizer. Of log files only the blocks of rows are read
//! in which the token index lets a filter on the message be true. Files come newest first and say from when to when
//! their rows are, so that "the last hundred" leaves the rest unread.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use arrow::datatypes::{DataType, Schema, SchemaRef};
use async_trait::async_trait;
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::stats::Precision;
use datafusion::common::{Result, ScalarValue, Statistics};
use datafusion::datasource::TableType;
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::memory::MemorySourceConfig;
use datafusion::datasource::physical_plan::parquet::{
    CachedParquetFileReaderFactory, ParquetRowSelection,
};
use datafusion::datasource::physical_plan::{FileGroup, FileScanConfigBuilder, ParquetSource};
use datafusion::datasource::source::DataSourceExec;
use datafusion::execution::object_store::ObjectStoreUrl;
use datafusion::logical_expr::{Between, BinaryExpr, Expr, Operator, TableProviderFilterPushDown};
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::empty::EmptyExec;
use datafusion::physical_plan::union::UnionExec;
use futures::StreamExt;
use parquet::arrow::arrow_reader::RowSelection;

use crate::index::{Words, prune};
use crate::live::Live;
use crate::table::{LiveFile, Root, is_log};

/// Where table files are, for DataFusion: each runtime that plans a scan learns of it then.
const TABLES_URL: &str = "kansoku://tables/";

/// A table in a tier, for plans.
#[derive(Debug)]
pub(crate) struct LiveTable {
    pub(crate) live: Arc<Live>,
    pub(crate) root: Root,
}

#[async_trait]
impl TableProvider for LiveTable {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.live.schema)
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    fn supports_filters_pushdown(
        &self,
        filters: &[&Expr],
    ) -> Result<Vec<TableProviderFilterPushDown>> {
        Ok(vec![TableProviderFilterPushDown::Inexact; filters.len()])
    }

    async fn scan(
        &self,
        session: &dyn Session,
        projection: Option<&Vec<usize>>,
        filters: &[Expr],
        _limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let span = filters.iter().fold((i64::MIN, i64::MAX), |span, filter| {
            meet(span, time_span(filter))
        });
        let schema = &self.live.schema;
        let snapshot = self.live.snapshot(span, projection.map(Vec::as_slice))?;
        let partitions = session.config().target_partitions().max(1);
        let mut parts: Vec<Arc<dyn ExecutionPlan>> = Vec::new();

        if !snapshot.batches.is_empty() {
            let batches = snapshot.batches.iter().map(|b| b.batch.clone());
            parts.push(MemorySourceConfig::try_new_exec(
                &dealt(batches, partitions),
                Arc::clone(schema),
                projection.cloned(),
            )?);
        }
        if let Some(first) = snapshot.open.first() {
            let projected = first.schema();
            parts.push(MemorySourceConfig::try_new_exec(
                &dealt(snapshot.open, partitions),
                projected,
                None,
            )?);
        }
        let files = self.to_read(snapshot.files, filters).await;
        if !files.is_empty() {
            let files = dealt(files, partitions);
            parts.push(file_scan(
                session,
                &self.root,
                &self.live.name,
                schema,
                files,
                projection,
            )?);
        }
        match parts.len() {
            0 => {
                let projected: Schema = match projection {
                    Some(columns) => schema.project(columns)?,
                    None => schema.as_ref().clone(),
                };
                Ok(Arc::new(EmptyExec::new(Arc::new(projected))))
            }
            1 => Ok(parts.remove(0)),
            _ => UnionExec::try_new(parts),
        }
    }
}

/// How many indexes are read from files at once.
const INDEXES_AT_ONCE: usize = 8;

impl LiveTable {
    /// What of the files is to be read, newest first.
    async fn to_read(&self, mut files: Vec<LiveFile>, filters: &[Expr]) -> Vec<FilePart> {
        files.sort_by_key(|file| std::cmp::Reverse(file.times.1));
        let words = if is_log(self.live.table) {
            Words::of(filters)
        } else {
            Words::Any
        };
        if words == Words::Any {
            return files.into_iter().map(FilePart::from).collect();
        }
        let parts = files
            .into_iter()
            .map(|file| self.pruned(file, &words))
            .collect::<Vec<_>>();
        futures::stream::iter(parts)
            .buffered(INDEXES_AT_ONCE)
            .filter_map(std::future::ready)
            .collect()
            .await
    }

    /// The rows of a file that may match; `None` when there are none.
    async fn pruned(&self, file: LiveFile, words: &Words) -> Option<FilePart> {
        let indexes = &self.root.indexes;
        let figures = &indexes.figures;
        let object = file.object(&self.live.name);
        let index = indexes.get(self.root.store(), &object, file.bytes).await;
        let Some(blocks) = index.and_then(|index| prune(words, &index, file.rows)) else {
            figures.files_without.fetch_add(1, Ordering::Relaxed);
            return Some(file.into());
        };
        figures
            .blocks_read
            .fetch_add(blocks.read, Ordering::Relaxed);
        figures
            .blocks_skipped
            .fetch_add(blocks.skipped, Ordering::Relaxed);
        if blocks.read == 0 {
            figures.files_skipped.fetch_add(1, Ordering::Relaxed);
            return None;
        }
        Some(FilePart {
            file,
            rows: blocks.rows,
        })
    }
}

/// What of a file is read.
#[derive(Debug, Clone)]
pub(crate) struct FilePart {
    file: LiveFile,
    /// `None`: every row.
    rows: Option<RowSelection>,
}

impl From<LiveFile> for FilePart {
    fn from(file: LiveFile) -> FilePart {
        FilePart { file, rows: None }
    }
}

impl FilePart {
    fn partitioned(self, table: &str, schema: &SchemaRef) -> PartitionedFile {
        let file = self.file;
        // A file is never changed, so its path, size and birth are all that a cache may ask for.
        let mut part = PartitionedFile::new(String::new(), file.bytes);
        part.object_meta.location = file.object(table);
        part.object_meta.last_modified =
            chrono::DateTime::from_timestamp_millis(file.written_ms).unwrap_or_default();
        part.statistics = Some(Arc::new(statistics(&file, schema)));
        match self.rows {
            Some(rows) => part.with_extension(ParquetRowSelection::new(rows)),
            None => part,
        }
    }
}

/// From when to when the rows of a file are: what lets a scan that has its newest rows leave older files alone.
fn statistics(file: &LiveFile, schema: &SchemaRef) -> Statistics {
    let mut statistics = Statistics::new_unknown(schema);
    let known = file.times.0 > i64::MIN && file.times.1 < i64::MAX;
    let time = schema.index_of("time").ok().filter(|_| known);
    if let Some(column) = time.and_then(|at| statistics.column_statistics.get_mut(at)) {
        let zone = match schema
            .field_with_name("time")
            .map(|f| f.data_type().clone())
        {
            Ok(DataType::Timestamp(_, zone)) => zone,
            _ => None,
        };
        let at = |usec| ScalarValue::TimestampMicrosecond(Some(usec), zone.clone());
        column.min_value = Precision::Inexact(at(file.times.0));
        column.max_value = Precision::Inexact(at(file.times.1));
    }
    statistics
}

/// A scan over table files, a partition for each group.
pub(crate) fn file_scan(
    session: &dyn Session,
    root: &Root,
    table: &str,
    schema: &SchemaRef,
    groups: Vec<Vec<FilePart>>,
    projection: Option<&Vec<usize>>,
) -> Result<Arc<dyn ExecutionPlan>> {
    let url = ObjectStoreUrl::parse(TABLES_URL)?;
    let runtime = session.runtime_env();
    runtime.register_object_store(url.as_ref(), Arc::clone(root.store()));
    let footers = runtime.cache_manager.get_file_metadata_cache();
    let source = ParquetSource::new(Arc::clone(schema))
        .with_pushdown_filters(true)
        .with_reorder_filters(true)
        .with_enable_page_index(true)
        .with_parquet_file_reader_factory(Arc::new(CachedParquetFileReaderFactory::new(
            Arc::clone(root.store()),
            footers,
        )));
    let groups = groups
        .into_iter()
        .map(|group| {
            let files = group.into_iter();
            FileGroup::new(files.map(|part| part.partitioned(table, schema)).collect())
        })
        .collect();
    let config = FileScanConfigBuilder::new(url, Arc::new(source))
        .with_file_groups(groups)
        .with_projection_indices(projection.cloned())?
        .build();
    Ok(DataSourceExec::from_data_source(config))
}

/// Deals items out to at most `hands`.
fn dealt<T>(items: impl IntoIterator<Item = T>, hands: usize) -> Vec<Vec<T>> {
    let mut dealt: Vec<Vec<T>> = Vec::new();
    for (n, item) in items.into_iter().enumerate() {
        match dealt.get_mut(n % hands) {
            Some(hand) => hand.push(item),
            None => dealt.push(vec![item]),
        }
    }
    dealt
}

fn meet(a: (i64, i64), b: (i64, i64)) -> (i64, i64) {
    (a.0.max(b.0), a.1.min(b.1))
}

/// The span of `time` (µs, both ends included) outside which a filter is never true.
fn time_span(filter: &Expr) -> (i64, i64) {
    const ALL: (i64, i64) = (i64::MIN, i64::MAX);
    match filter {
        Expr::BinaryExpr(BinaryExpr {
            left,
            op: Operator::And,
            right,
        }) => meet(time_span(left), time_span(right)),
        Expr::BinaryExpr(BinaryExpr {
            left,
            op: Operator::Or,
            right,
        }) => {
            let (a, b) = (time_span(left), time_span(right));
            (a.0.min(b.0), a.1.max(b.1))
        }
        Expr::BinaryExpr(BinaryExpr { left, op, right }) => {
            let (op, bound) = if is_time(left) {
                (Some(*op), micros(right))
            } else if is_time(right) {
                (op.swap(), micros(left))
            } else {
                return ALL;
            };
            match (op, bound) {
                (Some(Operator::Gt | Operator::GtEq), Some(bound)) => (bound, i64::MAX),
                (Some(Operator::Lt | Operator::LtEq), Some(bound)) => (i64::MIN, bound),
                (Some(Operator::Eq), Some(bound)) => (bound, bound),
                _ => ALL,
            }
        }
        Expr::Between(Between {
            expr,
            negated: false,
            low,
            high,
        }) if is_time(expr) => (
            micros(low).unwrap_or(i64::MIN),
            micros(high).unwrap_or(i64::MAX),
        ),
        _ => ALL,
    }
}

fn is_time(expr: &Expr) -> bool {
    matches!(expr, Expr::Column(column) if column.name == "time")
}

fn micros(expr: &Expr) -> Option<i64> {
    match expr {
        Expr::Literal(ScalarValue::TimestampMicrosecond(value, _), _) => *value,
        Expr::Literal(ScalarValue::TimestampMillisecond(Some(value), _), _) => {
            value.checked_mul(1000)
        }
        Expr::Literal(ScalarValue::TimestampSecond(Some(value), _), _) => {
            value.checked_mul(1_000_000)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use datafusion::logical_expr::{col, lit};

    fn at(usec: i64) -> Expr {
        lit(ScalarValue::TimestampMicrosecond(
            Some(usec),
            Some("UTC".into()),
        ))
    }

    #[test]
    fn the_span_of_time_is_read_from_filters() {
        assert_eq!(
            time_span(&col("time").gt_eq(at(5)).and(col("time").lt(at(9)))),
            (5, 9)
        );
        assert_eq!(time_span(&at(5).lt(col("time"))), (5, i64::MAX));
        assert_eq!(time_span(&col("time").between(at(1), at(2))), (1, 2));
        assert_eq!(
            time_span(&col("time").eq(at(1)).or(col("time").eq(at(7)))),
            (1, 7)
        );
        assert_eq!(
            time_span(&col("pod").eq(lit("a")).or(col("time").eq(at(7)))),
            (i64::MIN, i64::MAX)
        );
        assert_eq!(time_span(&col("time").not_eq(at(7))), (i64::MIN, i64::MAX));
        assert_eq!(
            time_span(&col("time").not_between(at(1), at(2))),
            (i64::MIN, i64::MAX)
        );
    }
}
