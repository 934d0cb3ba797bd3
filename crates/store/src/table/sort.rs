//! Putting rows in the table's order.
//!
//! Rows of a log are long, so they are not joined and then moved: only their keys are sorted, and each message is copied
//! once, from the batch in which it came to the slice that is written. Rows with equal keys stay in the order in which
//! they came.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, DictionaryArray, Int32Array, RecordBatch, StringArray, StringBuilder,
};
use arrow::compute::{
    SortColumn, concat_batches, interleave, lexsort_to_indices, take_record_batch,
};
use arrow::datatypes::{DataType, Int32Type, Int64Type, SchemaRef, TimestampMicrosecondType};
use arrow::error::ArrowError;
use catalogue::Table;
use hashbrown::HashMap;

use super::write::DAY_USEC;
use crate::hot::HotBatch;

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

/// Rows of a slice at the most, and about the bytes of its messages: a page of rows, unless they are long.
const SLICE_ROWS: usize = 8192;
const SLICE_BYTES: usize = 16 << 20;

/// Rows of `log` in order, to be taken slice by slice.
pub(crate) struct SortedLog {
    schema: SchemaRef,
    batches: Vec<Arc<HotBatch>>,
    columns: Vec<Source>,
    rows: Vec<Key>,
}

/// Where a column's slices come from.
enum Source {
    /// A dictionary over all batches, and each batch's codes in it (-1: null).
    Text(Arc<StringArray>, Vec<Vec<i32>>),
    /// The batches themselves.
    Plain(Vec<ArrayRef>),
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    day: i32,
    /// The place of its log among all logs.
    log: u32,
    time: i64,
    nsec: i64,
    sequence: i64,
    batch: u32,
    row: u32,
}

impl SortedLog {
    /// Sorts the keys; the rows stay where they are.
    pub(crate) fn new(
        schema: &SchemaRef,
        batches: Vec<Arc<HotBatch>>,
    ) -> Result<SortedLog, ArrowError> {
        let columns = (0..schema.fields().len())
            .map(|at| source(schema.field(at).data_type(), &batches, at))
            .collect::<Result<Vec<_>, _>>()?;
        let logs = logs(schema, &columns, &batches);
        let mut rows = Vec::with_capacity(batches.iter().map(|b| b.batch.num_rows()).sum());
        for (at, batch) in batches.iter().enumerate() {
            let batch = &batch.batch;
            let number = |name: &str| {
                batch
                    .column_by_name(name)
                    .and_then(|c| c.as_primitive_opt::<Int64Type>())
            };
            let times = batch
                .column_by_name("time")
                .and_then(|c| c.as_primitive_opt::<TimestampMicrosecondType>())
                .ok_or_else(|| ArrowError::SchemaError("a row of a log has no time".to_owned()))?;
            let (nsecs, sequences) = (number("time_nsec"), number("sequence"));
            let logs = logs.get(at).map(Vec::as_slice).unwrap_or_default();
            for row in 0..batch.num_rows() {
                let time = times.value(row);
                // Null comes before every number, as in a merge of files.
                let value = |column: Option<&arrow::array::Int64Array>| {
                    column
                        .filter(|c| c.is_valid(row))
                        .map_or(i64::MIN, |c| c.value(row))
                };
                rows.push(Key {
                    day: time.div_euclid(DAY_USEC) as i32,
                    log: logs.get(row).copied().unwrap_or_default(),
                    time,
                    nsec: value(nsecs),
                    sequence: value(sequences),
                    batch: at as u32,
                    row: row as u32,
                });
            }
        }
        rows.sort_unstable_by_key(|k| (k.day, k.log, k.time, k.nsec, k.sequence, k.batch, k.row));
        Ok(SortedLog {
            schema: Arc::clone(schema),
            batches,
            columns,
            rows,
        })
    }

    /// The number of rows.
    pub(crate) fn rows(&self) -> usize {
        self.rows.len()
    }

    /// Each UTC day that there are rows of, and which rows.
    pub(crate) fn days(&self) -> Vec<(i64, std::ops::Range<usize>)> {
        let mut days: Vec<(i64, std::ops::Range<usize>)> = Vec::new();
        for part in self.rows.chunk_by(|a, b| a.day == b.day) {
            let from = days.last().map_or(0, |(_, range)| range.end);
            days.push((i64::from(part[0].day), from..from + part.len()));
        }
        days
    }

    /// The rows from `from` on, not beyond `upto`, as one batch; empty only where there are none.
    pub(crate) fn slice(&self, from: usize, upto: usize) -> Result<RecordBatch, ArrowError> {
        let upto = upto.min(from + SLICE_ROWS).min(self.rows.len());
        let mut places = Vec::with_capacity(upto.saturating_sub(from));
        let message = self.schema.index_of(crate::index::MESSAGE).ok();
        let mut bytes = 0;
        for key in self.rows.get(from..upto).unwrap_or_default() {
            let place = (key.batch as usize, key.row as usize);
            if let Some(message) = message {
                let column = self.batches[place.0].batch.column(message);
                let length = column
                    .as_string_opt::<i32>()
                    .map_or(0, |c| c.value_length(place.1));
                bytes += length.unsigned_abs() as usize;
            }
            places.push(place);
            if bytes >= SLICE_BYTES {
                break;
            }
        }
        let columns = self
            .columns
            .iter()
            .map(|source| -> Result<ArrayRef, ArrowError> {
                match source {
                    Source::Plain(arrays) => {
                        let arrays: Vec<&dyn Array> = arrays.iter().map(AsRef::as_ref).collect();
                        interleave(&arrays, &places)
                    }
                    Source::Text(values, codes) => {
                        let keys: Int32Array = places
                            .iter()
                            .map(|(batch, row)| {
                                let code = codes.get(*batch)?.get(*row)?;
                                (*code >= 0).then_some(*code)
                            })
                            .collect();
                        let values = Arc::clone(values) as ArrayRef;
                        Ok(Arc::new(DictionaryArray::<Int32Type>::try_new(
                            keys, values,
                        )?))
                    }
                }
            })
            .collect::<Result<Vec<_>, _>>()?;
        RecordBatch::try_new(Arc::clone(&self.schema), columns)
    }
}

fn source(kind: &DataType, batches: &[Arc<HotBatch>], at: usize) -> Result<Source, ArrowError> {
    let arrays = batches.iter().map(|b| b.batch.column(at));
    if !matches!(kind, DataType::Dictionary(_, _)) {
        return Ok(Source::Plain(arrays.cloned().collect()));
    }
    let mut names: HashMap<String, i32, foldhash::fast::RandomState> = HashMap::default();
    let mut values = StringBuilder::new();
    let mut codes = Vec::with_capacity(batches.len());
    for array in arrays {
        let wrong =
            || ArrowError::SchemaError("a text column is no dictionary of strings".to_owned());
        let array = array.as_dictionary_opt::<Int32Type>().ok_or_else(wrong)?;
        let held = array.values().as_string_opt::<i32>().ok_or_else(wrong)?;
        // Only what is used: a slice of a frame may carry the names of others.
        let mut new: Vec<i32> = vec![-2; held.len()];
        let code = |key: Option<i32>| -> i32 {
            let Some(key) = key.map(|k| k as usize).filter(|k| held.is_valid(*k)) else {
                return -1;
            };
            if new[key] == -2 {
                let name = held.value(key);
                new[key] = match names.get(name) {
                    Some(code) => *code,
                    None => {
                        let code = names.len() as i32;
                        names.insert(name.to_owned(), code);
                        values.append_value(name);
                        code
                    }
                };
            }
            new[key]
        };
        codes.push(array.keys().iter().map(code).collect());
    }
    Ok(Source::Text(Arc::new(values.finish()), codes))
}

/// For each row of each batch the place of its log (namespace, pod, container) among all.
fn logs(schema: &SchemaRef, columns: &[Source], batches: &[Arc<HotBatch>]) -> Vec<Vec<u32>> {
    let parts: Vec<(&StringArray, &Vec<Vec<i32>>)> = ["namespace", "pod", "container"]
        .iter()
        .filter_map(|name| match columns.get(schema.index_of(name).ok()?)? {
            Source::Text(values, codes) => Some((values.as_ref(), codes)),
            Source::Plain(_) => None,
        })
        .collect();
    let mut numbers: HashMap<[i32; 3], u32, foldhash::fast::RandomState> = HashMap::default();
    let mut all: Vec<[i32; 3]> = Vec::new();
    let mut found: Vec<Vec<u32>> = Vec::with_capacity(batches.len());
    for (at, batch) in batches.iter().enumerate() {
        let of_row = |row: usize| {
            let mut log = [-1; 3];
            for (part, (_, codes)) in log.iter_mut().zip(&parts) {
                *part = codes
                    .get(at)
                    .and_then(|c| c.get(row))
                    .copied()
                    .unwrap_or(-1);
            }
            *numbers.entry(log).or_insert_with(|| {
                all.push(log);
                all.len() as u32 - 1
            })
        };
        found.push((0..batch.batch.num_rows()).map(of_row).collect());
    }
    let name = |log: u32| -> Vec<Option<&str>> {
        let codes = all.get(log as usize).copied().unwrap_or([-1; 3]);
        parts
            .iter()
            .zip(codes)
            .map(|((values, _), code)| (code >= 0).then(|| values.value(code as usize)))
            .collect()
    };
    let mut order: Vec<u32> = (0..all.len() as u32).collect();
    order.sort_by_cached_key(|log| name(*log));
    let mut place = vec![0u32; all.len()];
    for (at, log) in order.iter().enumerate() {
        place[*log as usize] = at as u32;
    }
    for log in found.iter_mut().flatten() {
        *log = place[*log as usize];
    }
    found
}
