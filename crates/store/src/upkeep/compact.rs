//! Many small files into few large ones.
//!
//! Flushes leave a file every ten minutes. When an hour is over its files become one; when a day is over its files
//! become one, or several of a size that is still quick to merge. Rows are merged in order as a stream, so the memory
//! needed does not grow with the files. Parts of one rollup row (a minute that a flush cut in two) become one.
//!
//! Log files hold much more than others: they are merged up to a size within an hour too, and those that have reached a
//! good part of it stay as they are.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use arrow::array::{AsArray, BooleanArray, RecordBatch};
use arrow::datatypes::Int32Type;
use catalogue::{Table, Tier};
use datafusion::physical_expr::expressions::col;
use datafusion::physical_expr::{LexOrdering, PhysicalSortExpr};
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::sorts::sort::SortExec;
use datafusion::physical_plan::sorts::sort_preserving_merge::SortPreservingMergeExec;
use datafusion::prelude::{SessionConfig, SessionContext};
use futures::StreamExt;

use super::Upkeep;
use crate::error::StoreError;
use crate::live::Live;
use crate::rollup::{Accumulator, Plan};
use crate::scan::file_scan;
use crate::table::{Commit, FileWriter, LiveFile, Stage, is_log, longest, rows_at_once};

const HOUR_USEC: i64 = 3_600_000_000;
/// How long after the end of an hour late rows are waited for before its files are merged.
const SETTLE_USEC: i64 = 15 * 60 * 1_000_000;
/// Files of a past day are merged up to this size.
const LARGEST_BYTES: u64 = 256 << 20;
/// Files merged at once at the most: each is an open reader.
const MOST_FILES: usize = 64;
/// A log file of this size is not merged again when its day is over.
const LARGE_LOG_BYTES: u64 = 64 << 20;
/// Rows read from a file at once, unless they are a log's.
const BATCH_ROWS: usize = 8192;

/// Which files to merge, a list for each new file. A pure function of the files and the time.
fn groups(files: &[LiveFile], now_usec: i64, large: u64) -> Vec<Vec<LiveFile>> {
    let today = chrono::DateTime::from_timestamp_micros(now_usec - SETTLE_USEC).unwrap_or_default();
    let today = today.format("%Y-%m-%d").to_string();
    let mut days: BTreeMap<&str, Vec<&LiveFile>> = BTreeMap::new();
    for file in files {
        days.entry(&file.day).or_default().push(file);
    }
    let mut groups = Vec::new();
    for (day, mut files) in days {
        files.sort_by_key(|f| (f.times.0, f.written_ms));
        if day < today.as_str() {
            files.retain(|file| file.bytes < large);
            groups.extend(up_to_size(files.into_iter().cloned()));
        } else {
            let mut hours: BTreeMap<i64, Vec<LiveFile>> = BTreeMap::new();
            for file in files {
                hours
                    .entry(file.times.0.div_euclid(HOUR_USEC))
                    .or_default()
                    .push(file.clone());
            }
            let over = |hour: &i64| (hour + 1) * HOUR_USEC + SETTLE_USEC <= now_usec;
            let over = hours.into_iter().filter(|(hour, _)| over(hour));
            groups.extend(over.flat_map(|(_, files)| up_to_size(files)));
        }
    }
    groups.retain(|group| group.len() > 1);
    groups
}

/// Neighbours that together are not larger than a merged file may be.
fn up_to_size(files: impl IntoIterator<Item = LiveFile>) -> Vec<Vec<LiveFile>> {
    let mut groups = Vec::new();
    let mut group: Vec<LiveFile> = Vec::new();
    let mut bytes = 0;
    for file in files {
        if !group.is_empty() && (bytes + file.bytes > LARGEST_BYTES || group.len() == MOST_FILES) {
            groups.push(std::mem::take(&mut group));
            bytes = 0;
        }
        bytes += file.bytes;
        group.push(file);
    }
    groups.push(group);
    groups
}

impl Upkeep {
    /// Merges a table's files where it is time.
    pub(super) async fn compact(&mut self, live: &Arc<Live>) -> Result<(), StoreError> {
        let now_usec = self.clock.now_usec();
        let large = if is_log(live.table) {
            LARGE_LOG_BYTES
        } else {
            u64::MAX
        };
        for group in groups(&live.files(), now_usec, large) {
            let merged = self.merge(live, &group, &HashSet::new()).await?;
            let count = group.len() as u64;
            let now_ms = self.now_ms();
            let mut log = live.log.lock().await;
            let commit = Commit {
                add: merged.into_iter().collect(),
                remove: group,
                data_change: false,
                transactions: Vec::new(),
            };
            log.commit(commit, now_ms).await?;
            live.set_files(log.files());
            self.figures.compactions.fetch_add(1, Ordering::Relaxed);
            self.figures
                .compacted_files
                .fetch_add(count, Ordering::Relaxed);
        }
        Ok(())
    }

    /// Reads files of one day side by side, each in the table's order, and writes their rows as one file, without those
    /// of some namespaces.
    pub(super) async fn merge(
        &self,
        live: &Live,
        group: &[LiveFile],
        without: &HashSet<Option<String>>,
    ) -> Result<Option<LiveFile>, StoreError> {
        let fault = |source| StoreError::Plan {
            table: live.name.clone(),
            source: Box::new(source),
        };
        let rows_fault = |source| StoreError::Rows {
            table: live.name.clone(),
            source,
        };
        let mut group = group.to_vec();
        group.sort_by(|a, b| (a.written_ms, &a.path).cmp(&(b.written_ms, &b.path)));
        let (rows_at_once, ours) = self.log_shape(live, &group);
        let mut config = SessionConfig::new().with_batch_size(rows_at_once);
        // A partition that is done must not go on with another's file: each is one file, in order.
        config
            .options_mut()
            .execution
            .enable_file_stream_work_stealing = false;
        let context = SessionContext::new_with_config(config);
        let each = group.iter().map(|file| vec![file.clone().into()]).collect();
        let scan = file_scan(
            &context.state(),
            &self.root,
            &live.name,
            &live.schema,
            each,
            None,
        )
        .map_err(fault)?;
        let order = order(live.table, &live.schema).map_err(fault)?;
        // Our files are in this order already and a sort of sorted rows is cheap beside decoding them; a file that
        // another engine rewrote may not be. Of log files we know which are ours, and a sort would hold all of them.
        let sorted: Arc<dyn ExecutionPlan> = match ours {
            true => scan,
            false => Arc::new(SortExec::new(order.clone(), scan).with_preserve_partitioning(true)),
        };
        // Of equal rows those of the first file come first: the files are in the order in which they were written.
        let plan = SortPreservingMergeExec::new(order, sorted).with_round_robin_repartition(false);
        let plan = Arc::new(plan);
        let mut stream =
            datafusion::physical_plan::execute_stream(plan, context.task_ctx()).map_err(fault)?;

        let day = group[0].times.0.max(0).div_euclid(24 * HOUR_USEC);
        let mut writer = FileWriter::create(
            &self.root,
            live.table,
            &live.name,
            Arc::clone(&live.schema),
            day,
            Stage::Compacted,
        )?;
        let mut parts = PartJoiner::new(live);
        while let Some(batch) = stream.next().await {
            let batch = batch.map_err(fault)?;
            let batch = leave_out(batch, without).map_err(rows_fault)?;
            if let Some(whole) = parts.push(batch).map_err(rows_fault)? {
                writer.push(&whole).await?;
            }
        }
        if let Some(rest) = parts.finish() {
            writer.push(&rest).await?;
        }
        writer.finish(self.clock.now_usec() / 1000).await
    }

    /// How many rows of these files to read at once, and whether all of them are log files that we wrote, in order.
    fn log_shape(&self, live: &Live, group: &[LiveFile]) -> (usize, bool) {
        if !is_log(live.table) {
            return (BATCH_ROWS, false);
        }
        let known: Vec<_> = group
            .iter()
            .filter_map(|file| self.root.namespaces.of(&file.object(&live.name)))
            .collect();
        let longest = known.iter().map(|file| longest(file)).max().unwrap_or(0);
        (rows_at_once(longest), known.len() == group.len())
    }
}

/// A batch without the rows of some namespaces.
fn leave_out(
    batch: RecordBatch,
    without: &HashSet<Option<String>>,
) -> Result<RecordBatch, arrow::error::ArrowError> {
    let names = batch
        .column_by_name("namespace")
        .and_then(|c| c.as_dictionary_opt::<Int32Type>());
    let Some(names) = names.filter(|_| !without.is_empty()) else {
        return Ok(batch);
    };
    let Some(values) = names.values().as_string_opt::<i32>() else {
        return Ok(batch);
    };
    let kept: Vec<bool> = values
        .iter()
        .map(|name| !without.contains(&name.map(str::to_owned)))
        .collect();
    let none_kept = !without.contains(&None);
    let mask: BooleanArray = names
        .keys()
        .iter()
        .map(|key| {
            let kept = key.map_or(Some(none_kept), |key| kept.get(key as usize).copied());
            Some(kept.unwrap_or(true))
        })
        .collect();
    arrow::compute::filter_record_batch(&batch, &mask)
}

fn order(
    table: &Table,
    schema: &arrow::datatypes::Schema,
) -> Result<LexOrdering, datafusion::error::DataFusionError> {
    let columns = table
        .sort
        .iter()
        .filter(|name| schema.index_of(name).is_ok())
        .map(|name| Ok(PhysicalSortExpr::new_default(col(name, schema)?)))
        .collect::<Result<Vec<_>, datafusion::error::DataFusionError>>()?;
    LexOrdering::new(columns).ok_or_else(|| {
        datafusion::error::DataFusionError::Internal(format!("{} has no order", table.name))
    })
}

/// Joins rollup rows of one entity and time that lie beside each other; passes other rows through.
struct PartJoiner {
    plan: Option<Arc<Plan>>,
    /// The last row, whose other parts may be in the next batch.
    held: Option<RecordBatch>,
}

impl PartJoiner {
    fn new(live: &Live) -> PartJoiner {
        let plan =
            (live.tier != Tier::Raw).then(|| Arc::new(Plan::from_minutes(live.table, live.tier)));
        PartJoiner { plan, held: None }
    }

    fn push(
        &mut self,
        batch: RecordBatch,
    ) -> Result<Option<RecordBatch>, arrow::error::ArrowError> {
        let Some(plan) = &self.plan else {
            return Ok(Some(batch));
        };
        let mut rows = Accumulator::new(Arc::clone(plan));
        if let Some(held) = self.held.take() {
            rows.add(&held, None);
        }
        rows.add(&batch, None);
        let rows = rows.rows(None)?;
        if rows.num_rows() == 0 {
            return Ok(None);
        }
        let last = rows.num_rows() - 1;
        self.held = Some(rows.slice(last, 1));
        Ok((last > 0).then(|| rows.slice(0, last)))
    }

    fn finish(self) -> Option<RecordBatch> {
        self.held
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, start_hour: f64, mebibytes: u64) -> LiveFile {
        let start = (start_hour * HOUR_USEC as f64) as i64;
        let day = chrono::DateTime::from_timestamp_micros(start)
            .unwrap()
            .format("%Y-%m-%d")
            .to_string();
        LiveFile {
            path: name.into(),
            bytes: mebibytes << 20,
            rows: 1,
            times: (start, start + 600_000_000),
            day,
            written_ms: 0,
        }
    }

    fn names(files: &[LiveFile], now_hour: f64) -> Vec<Vec<String>> {
        groups(files, (now_hour * HOUR_USEC as f64) as i64, u64::MAX)
            .into_iter()
            .map(|g| g.into_iter().map(|f| f.path.to_string()).collect())
            .collect()
    }

    #[test]
    fn an_hour_is_merged_when_it_is_over_and_settled() {
        let files = [
            file("a", 24.0, 1),
            file("b", 24.2, 1),
            file("c", 25.0, 1),
            file("d", 25.5, 1),
        ];
        assert!(names(&files, 25.2).is_empty());
        assert_eq!(names(&files, 25.3), [["a", "b"]]);
        assert_eq!(names(&files, 26.3), [["a", "b"], ["c", "d"]]);
    }

    #[test]
    fn a_day_is_merged_when_it_is_over_up_to_a_size() {
        let files = [
            file("a", 1.0, 100),
            file("b", 2.0, 100),
            file("c", 3.0, 100),
            file("d", 4.0, 10),
        ];
        assert_eq!(names(&files, 24.3), [["a", "b"], ["c", "d"]]);
        let merged = [file("ab", 1.0, 200), file("cd", 3.0, 110)];
        assert!(
            names(&merged, 24.3).is_empty(),
            "what is merged is not merged again"
        );
    }

    #[test]
    fn large_log_files_are_not_merged_again() {
        let files = [file("a", 1.0, 70), file("b", 2.0, 10), file("c", 3.0, 10)];
        let found = groups(&files, 30 * HOUR_USEC, LARGE_LOG_BYTES);
        let found: Vec<Vec<&str>> = found
            .iter()
            .map(|g| g.iter().map(|f| f.path.as_ref()).collect())
            .collect();
        assert_eq!(found, [["b", "c"]]);
        // Nor does an hour become larger than a file may be.
        let busy = [
            file("a", 24.0, 150),
            file("b", 24.2, 150),
            file("c", 24.4, 50),
        ];
        assert_eq!(names(&busy, 25.3), [["b", "c"]]);
    }

    #[test]
    fn late_files_of_an_old_day_join_it() {
        let files = [file("day", 0.0, 10), file("late", 5.0, 1)];
        assert_eq!(names(&files, 100.0), [["day", "late"]]);
    }
}
