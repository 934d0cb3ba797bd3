//! Lines by time and level.

use std::collections::BTreeMap;

use arrow::array::RecordBatch;
use serde::Serialize;

use super::Buckets;
use crate::error::QueryError;
use crate::logs::lines::rfc3339;
use crate::logs::rows::{Labels, times};

/// Lines in spans of equal length.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Histogram {
    /// RFC 3339: the start of the first span, a multiple of the length.
    pub start: String,
    /// The length of a span.
    pub period_seconds: i64,
    /// Every span of the range, those without lines too.
    pub buckets: Vec<Bucket>,
}

/// The lines of one span.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Bucket {
    /// RFC 3339: when it starts.
    pub time: String,
    /// Its lines.
    pub total: u64,
    /// Of those, how many of each level; those without a level under the empty name.
    pub levels: BTreeMap<String, u64>,
}

/// How many levels are told apart; there are six, but a column holds what it was given.
const MOST_LEVELS: usize = 16;

/// Counts lines.
#[derive(Debug)]
pub(crate) struct Counts {
    buckets: Buckets,
    levels: Vec<String>,
    /// For each bucket a number for each level.
    counts: Vec<[u64; MOST_LEVELS]>,
}

impl Counts {
    pub(crate) fn new(buckets: Buckets) -> Counts {
        Counts {
            counts: vec![[0; MOST_LEVELS]; buckets.count],
            levels: vec![String::new()],
            buckets,
        }
    }

    pub(crate) fn add(&mut self, batch: &RecordBatch) -> Result<(), QueryError> {
        let times = times(batch)?;
        let levels = Labels::of(batch, "level")?;
        for row in 0..times.len() {
            let Some(bucket) = self.buckets.of(times.value(row)) else {
                continue;
            };
            let level = self.level(levels.get(row).unwrap_or_default());
            if let Some(count) = self.counts.get_mut(bucket).and_then(|b| b.get_mut(level)) {
                *count += 1;
            }
        }
        Ok(())
    }

    fn level(&mut self, name: &str) -> usize {
        match self.levels.iter().position(|known| known == name) {
            Some(at) => at,
            None if self.levels.len() < MOST_LEVELS => {
                self.levels.push(name.to_owned());
                self.levels.len() - 1
            }
            None => 0,
        }
    }

    pub(crate) fn finish(self) -> Histogram {
        let buckets = self.buckets;
        let names = &self.levels;
        Histogram {
            start: rfc3339(buckets.start, 0),
            period_seconds: buckets.seconds(),
            buckets: self
                .counts
                .iter()
                .enumerate()
                .map(|(at, counts)| Bucket {
                    time: rfc3339(buckets.time(at), 0),
                    total: counts.iter().sum(),
                    levels: names
                        .iter()
                        .zip(counts)
                        .filter(|(_, count)| **count > 0)
                        .map(|(name, count)| (name.clone(), *count))
                        .collect(),
                })
                .collect(),
        }
    }
}
