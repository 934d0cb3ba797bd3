//! The rows that arrived since the last flush, in few large batches.
//!
//! Batches come small (one agent's tick) and are read often, so they are merged as in a log-structured tree: sixteen
//! of one size class become one of the next, up to 64 k rows. Each row is copied at most three times, and none in a
//! batch that is large in bytes already, as those of log lines are.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::compute::{concat_batches, max, min};
use arrow::datatypes::{SchemaRef, TimestampMicrosecondType};
use arrow::error::ArrowError;

/// Rows that are not changed any more.
#[derive(Debug, Clone)]
pub(crate) struct HotBatch {
    pub(crate) batch: RecordBatch,
    /// The least and greatest row time, µs since the epoch.
    pub(crate) times: (i64, i64),
    /// What the rows take.
    pub(crate) bytes: usize,
}

impl HotBatch {
    /// `None` for a batch without rows.
    pub(crate) fn new(batch: RecordBatch) -> Option<HotBatch> {
        let times = time_range(&batch)?;
        let bytes = bytes_of(&batch);
        Some(HotBatch {
            batch,
            times,
            bytes,
        })
    }
}

/// The least and greatest `time` of a batch.
pub(crate) fn time_range(batch: &RecordBatch) -> Option<(i64, i64)> {
    let times = batch
        .column_by_name("time")?
        .as_primitive_opt::<TimestampMicrosecondType>()?;
    Some((min(times)?, max(times)?))
}

/// Appended to by one writer, read as a list of batches.
#[derive(Debug)]
pub(crate) struct HotBuffer {
    schema: SchemaRef,
    batches: Vec<Arc<HotBatch>>,
    rows: usize,
    bytes: usize,
}

/// As many batches of one size class make one of the next.
const FAN_IN: usize = 16;
const LARGEST: usize = 65_536;
/// A batch of this size is not merged with others.
const LARGEST_BYTES: usize = 4 << 20;

fn class(batch: &HotBatch) -> u32 {
    if batch.bytes >= LARGEST_BYTES {
        return 3;
    }
    match batch.batch.num_rows() {
        0..1024 => 0,
        1024..16_384 => 1,
        16_384..LARGEST => 2,
        _ => 3,
    }
}

impl HotBuffer {
    pub(crate) fn new(schema: SchemaRef) -> HotBuffer {
        HotBuffer {
            schema,
            batches: Vec::new(),
            rows: 0,
            bytes: 0,
        }
    }

    pub(crate) fn push(&mut self, batch: RecordBatch) {
        let Some(batch) = HotBatch::new(batch) else {
            return;
        };
        self.rows += batch.batch.num_rows();
        self.bytes += batch.bytes;
        self.batches.push(Arc::new(batch));
        while self.merge_tail() {}
    }

    /// Merges the newest batches when enough of them are of one class. Whether it did.
    fn merge_tail(&mut self) -> bool {
        let Some(last) = self.batches.last() else {
            return false;
        };
        let size = class(last);
        if size == 3 {
            return false;
        }
        let same = self.batches.iter().rev().take_while(|b| class(b) == size);
        let (count, rows, bytes) = same.fold((0, 0, 0), |(n, rows, bytes), b| {
            (n + 1, rows + b.batch.num_rows(), bytes + b.bytes)
        });
        if count < FAN_IN && rows < LARGEST && bytes < LARGEST_BYTES {
            return false;
        }
        let from = self.batches.len() - count;
        match merge(&self.schema, &self.batches[from..]) {
            Ok(merged) => {
                let before: usize = self.batches[from..].iter().map(|b| b.bytes).sum();
                self.bytes = self.bytes - before + merged.bytes;
                self.batches.truncate(from);
                self.batches.push(Arc::new(merged));
                true
            }
            // The rows stay as they are; only reading is slower.
            Err(error) => {
                tracing::warn!(%error, "hot batches could not be merged");
                false
            }
        }
    }

    pub(crate) fn batches(&self) -> &[Arc<HotBatch>] {
        &self.batches
    }

    pub(crate) fn rows(&self) -> usize {
        self.rows
    }

    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Puts rows back in front of those that came meanwhile.
    pub(crate) fn put_back(&mut self, mut batches: Vec<Arc<HotBatch>>) {
        self.rows += batches.iter().map(|b| b.batch.num_rows()).sum::<usize>();
        self.bytes += batches.iter().map(|b| b.bytes).sum::<usize>();
        batches.append(&mut self.batches);
        self.batches = batches;
    }

    /// Takes everything out.
    pub(crate) fn take(&mut self) -> Vec<Arc<HotBatch>> {
        self.rows = 0;
        self.bytes = 0;
        std::mem::take(&mut self.batches)
    }
}

/// What the rows take. Columns of a decoded frame are slices of one buffer, which must not be counted for each.
pub(crate) fn bytes_of(batch: &RecordBatch) -> usize {
    let slice = |column: &ArrayRef| column.to_data().get_slice_memory_size().unwrap_or(0);
    batch.columns().iter().map(slice).sum()
}

fn merge(schema: &SchemaRef, parts: &[Arc<HotBatch>]) -> Result<HotBatch, ArrowError> {
    let batch = concat_batches(schema, parts.iter().map(|p| &p.batch))?;
    let times = parts
        .iter()
        .map(|p| p.times)
        .fold((i64::MAX, i64::MIN), |a, b| (a.0.min(b.0), a.1.max(b.1)));
    let bytes = bytes_of(&batch);
    Ok(HotBatch {
        batch,
        times,
        bytes,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow::array::{DictionaryArray, Int64Array, TimestampMicrosecondArray};
    use arrow::datatypes::{DataType, Field, Int32Type, Schema, TimeUnit};

    #[test]
    fn small_batches_become_few_large_ones_and_no_row_is_lost() {
        let schema = Arc::new(Schema::new(vec![
            Field::new(
                "time",
                DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
                false,
            ),
            Field::new(
                "pod",
                DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8)),
                true,
            ),
            Field::new("value", DataType::Int64, true),
        ]));
        let mut hot = HotBuffer::new(Arc::clone(&schema));
        let mut expected = 0i64;
        for n in 0..3000i64 {
            let pods: DictionaryArray<Int32Type> = (0..100)
                .map(|p| Some(format!("pod-{}", (p + n) % 300)))
                .collect::<Vec<_>>()
                .iter()
                .map(|p| p.as_deref())
                .collect();
            let batch = RecordBatch::try_new(
                Arc::clone(&schema),
                vec![
                    Arc::new(TimestampMicrosecondArray::from(vec![n; 100]).with_timezone("UTC")),
                    Arc::new(pods),
                    Arc::new(Int64Array::from_iter_values((0..100).map(|r| n * 100 + r))),
                ],
            )
            .unwrap();
            expected += (0..100).map(|r| n * 100 + r).sum::<i64>();
            hot.push(batch);
        }
        assert_eq!(hot.rows(), 300_000);
        assert!(hot.batches().len() < 40, "{} batches", hot.batches().len());
        let largest = hot
            .batches()
            .iter()
            .map(|b| b.batch.num_rows())
            .max()
            .unwrap();
        assert!(largest <= LARGEST + 16_384, "{largest}");
        let sum: i64 = hot
            .batches()
            .iter()
            .map(|b| {
                arrow::compute::sum(
                    b.batch
                        .column(2)
                        .as_primitive::<arrow::datatypes::Int64Type>(),
                )
                .unwrap()
            })
            .sum();
        assert_eq!(sum, expected);
        for b in hot.batches() {
            let pods = b
                .batch
                .column(1)
                .as_dictionary::<Int32Type>()
                .values()
                .len();
            assert!(
                pods <= b.batch.num_rows(),
                "dictionaries do not pile up: {pods} values"
            );
        }
        assert_eq!(hot.batches()[0].times.0, 0);
        assert_eq!(hot.batches().last().unwrap().times.1, 2999);
    }
}
