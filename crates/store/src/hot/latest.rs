//! The newest row of each entity: what the inventory and every "now" question is answered from.

use std::sync::Arc;

use arrow::array::{AsArray, RecordBatch};
use arrow::compute::interleave_record_batch;
use arrow::datatypes::{SchemaRef, TimestampMicrosecondType};
use arrow::error::ArrowError;
use hashbrown::HashMap;

use crate::rollup::Interner;

/// An entity whose newest row is older than this against the newest row of its table is forgotten.
const FORGET_USEC: i64 = 15 * 60 * 1_000_000;
const KEY_COLUMNS: usize = 4;

#[derive(Debug, Clone, Copy)]
struct Newest {
    batch: u64,
    row: u32,
    time: i64,
}

/// The newest rows of one table.
#[derive(Debug)]
pub(crate) struct Latest {
    schema: SchemaRef,
    key: Vec<usize>,
    time: usize,
    interners: Vec<Interner>,
    newest: HashMap<[i32; KEY_COLUMNS], Newest, foldhash::fast::RandomState>,
    /// The batches that newest rows are in, with how many of them.
    batches: HashMap<u64, (RecordBatch, usize), foldhash::fast::RandomState>,
    next_batch: u64,
    greatest_time: i64,
    since_pruned: usize,
}

impl Latest {
    pub(crate) fn new(table: &catalogue::Table) -> Latest {
        let schema = table.schema();
        let key: Vec<usize> = table
            .key
            .iter()
            .filter_map(|name| schema.index_of(name).ok())
            .collect();
        Latest {
            time: schema.index_of("time").unwrap_or(0),
            interners: key.iter().map(|_| Interner::default()).collect(),
            key,
            schema,
            newest: HashMap::default(),
            batches: HashMap::default(),
            next_batch: 0,
            greatest_time: i64::MIN,
            since_pruned: 0,
        }
    }

    /// Takes in the rows of a batch.
    pub(crate) fn add(&mut self, batch: &RecordBatch) {
        let Some(times) = batch
            .column(self.time)
            .as_primitive_opt::<TimestampMicrosecondType>()
        else {
            return;
        };
        let codes: Vec<Vec<i32>> = self
            .key
            .iter()
            .zip(&mut self.interners)
            .map(|(c, i)| i.codes(batch.column(*c)))
            .collect();
        let id = self.next_batch;
        self.next_batch += 1;
        let mut used = 0;
        for row in 0..batch.num_rows() {
            let mut key = [-1; KEY_COLUMNS];
            for (part, column) in key.iter_mut().zip(&codes) {
                *part = column[row];
            }
            let time = times.value(row);
            self.greatest_time = self.greatest_time.max(time);
            let before = self.newest.get(&key).copied();
            if before.is_some_and(|b| b.time > time) {
                continue;
            }
            self.newest.insert(
                key,
                Newest {
                    batch: id,
                    row: row as u32,
                    time,
                },
            );
            used += 1;
            match before {
                Some(before) if before.batch == id => used -= 1,
                Some(before) => self.release(before.batch),
                None => {}
            }
        }
        if used > 0 {
            self.batches.insert(id, (batch.clone(), used));
        }
        self.since_pruned += batch.num_rows();
        if self.since_pruned > self.newest.len() * 8 + 10_000 {
            self.prune();
        }
    }

    fn release(&mut self, batch: u64) {
        if let Some((_, used)) = self.batches.get_mut(&batch) {
            *used -= 1;
            if *used == 0 {
                self.batches.remove(&batch);
            }
        }
    }

    /// Forgets entities that are long gone, and the names that only they had.
    fn prune(&mut self) {
        self.since_pruned = 0;
        let limit = self.greatest_time - FORGET_USEC;
        let gone: Vec<_> = self
            .newest
            .iter()
            .filter(|(_, n)| n.time < limit)
            .map(|(k, n)| (*k, n.batch))
            .collect();
        for (key, batch) in gone {
            self.newest.remove(&key);
            self.release(batch);
        }
        let names: usize = self.interners.iter().map(Interner::len).max().unwrap_or(0);
        if names > self.newest.len() * 2 + 1000
            && let Ok(rows) = self.rows()
        {
            self.interners = self.key.iter().map(|_| Interner::default()).collect();
            self.newest.clear();
            self.batches.clear();
            self.add(&rows);
        }
    }

    /// The newest rows, in no order.
    pub(crate) fn rows(&self) -> Result<RecordBatch, ArrowError> {
        let mut ids: Vec<u64> = self.batches.keys().copied().collect();
        ids.sort_unstable();
        let place: HashMap<u64, usize> = ids
            .iter()
            .enumerate()
            .map(|(place, id)| (*id, place))
            .collect();
        let batches: Vec<&RecordBatch> = ids
            .iter()
            .filter_map(|id| self.batches.get(id).map(|(b, _)| b))
            .collect();
        let rows: Vec<(usize, usize)> = self
            .newest
            .values()
            .filter_map(|n| Some((*place.get(&n.batch)?, n.row as usize)))
            .collect();
        if rows.is_empty() {
            return Ok(RecordBatch::new_empty(Arc::clone(&self.schema)));
        }
        interleave_record_batch(&batches, &rows)
    }

    pub(crate) fn entities(&self) -> usize {
        self.newest.len()
    }
}
