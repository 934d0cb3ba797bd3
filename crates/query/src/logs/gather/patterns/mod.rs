//! Lines that are alike, as templates: `GET <*> in <*>ms`.
//!
//! What differs from line to line by its form (numbers, ids, addresses, texts in quotation marks) is masked in each
//! line ([`mask`]), and lines whose masks are equal are counted together. At the end masks that share most of their
//! words become one template (as Drain does it, after He et al. 2017), commonest first. So the answer does not depend
//! on the order in which lines come.

mod cluster;
mod mask;

use std::collections::HashMap;

use arrow::array::RecordBatch;
use serde::Serialize;

use super::Buckets;
use crate::error::QueryError;
use crate::logs::lines::rfc3339;
use crate::logs::rows::{Labels, messages, times};
use cluster::Cluster;

/// Lines that are alike.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LogPattern {
    /// What they have in common; `<*>` stands for what they have not.
    pub pattern: String,
    /// How many there are; with sampling an estimate.
    pub count: u64,
    /// The same as a share of all lines, 0 to 1.
    pub share: f64,
    /// RFC 3339: the first of them within the range.
    pub first: String,
    /// RFC 3339: the last of them.
    pub last: String,
    /// The level that most of them have.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    /// How many in each span: the histogram's, or as many as 30 over the range.
    pub trend: Vec<u64>,
    /// The first of them, cut at a kibibyte.
    pub sample: String,
}

/// How many masks are told apart. A line that fits none of so many counts by its first words.
const MOST_MASKS: usize = 5000;
/// Lines that are all looked at; of more, every second, then every fourth, and so on.
const ALL_OF: u64 = 1_000_000;
/// The longest sample.
const SAMPLE: usize = 1024;

/// Collects masks.
#[derive(Debug)]
pub(crate) struct Templates {
    buckets: Buckets,
    masks: HashMap<String, Alike>,
    /// Lines met.
    met: u64,
    /// Lines looked at.
    looked: u64,
    /// One of so many is looked at.
    stride: u64,
    mask: String,
}

/// Lines with one mask.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Alike {
    pub(crate) count: u64,
    pub(crate) first: i64,
    pub(crate) last: i64,
    pub(crate) trend: Vec<u64>,
    /// How often each level was met.
    pub(crate) levels: Vec<(String, u64)>,
    pub(crate) sample: String,
}

impl Templates {
    pub(crate) fn new(buckets: Buckets) -> Templates {
        Templates {
            buckets,
            masks: HashMap::new(),
            met: 0,
            looked: 0,
            stride: 1,
            mask: String::new(),
        }
    }

    /// Whether only a part of the lines was looked at.
    pub(crate) fn sampled(&self) -> bool {
        self.stride > 1
    }

    /// Lines that were looked at.
    pub(crate) fn looked(&self) -> u64 {
        self.looked
    }

    pub(crate) fn add(&mut self, batch: &RecordBatch) -> Result<(), QueryError> {
        let times = times(batch)?;
        let levels = Labels::of(batch, "level")?;
        let messages = messages(batch)?;
        for row in 0..times.len() {
            let number = self.met;
            self.met += 1;
            if !number.is_multiple_of(self.stride) {
                continue;
            }
            self.looked += 1;
            let message = messages.get(row).unwrap_or_default();
            self.line(times.value(row), levels.get(row), message);
            if self.looked >= ALL_OF && self.looked.is_multiple_of(ALL_OF / 2) {
                self.stride *= 2;
            }
        }
        Ok(())
    }

    fn line(&mut self, time: i64, level: Option<&str>, message: &str) {
        let mut mask = std::mem::take(&mut self.mask);
        mask::mask(message, &mut mask);
        if self.masks.len() >= MOST_MASKS && !self.masks.contains_key(&mask) {
            mask::shorten(&mut mask);
        }
        let weight = self.stride;
        let masks = self.masks.len();
        let bucket = self.buckets.of(time);
        match self.masks.get_mut(&mask) {
            Some(alike) => alike.add(time, bucket, level, message, weight),
            // Shortened masks come on top, but not without end.
            None if masks < 2 * MOST_MASKS => {
                let mut alike = Alike::new(self.buckets.count);
                alike.add(time, bucket, level, message, weight);
                self.masks.insert(mask.clone(), alike);
            }
            None => {
                let alike = self
                    .masks
                    .entry(mask::ANY.to_owned())
                    .or_insert_with(|| Alike::new(self.buckets.count));
                alike.add(time, bucket, level, message, weight);
            }
        }
        self.mask = mask;
    }

    /// The commonest patterns.
    pub(crate) fn finish(self, most: usize) -> Vec<LogPattern> {
        let all: u64 = self.masks.values().map(|alike| alike.count).sum();
        let mut clusters = cluster::clusters(self.masks);
        clusters.truncate(most);
        clusters
            .into_iter()
            .map(|cluster| pattern(cluster, all))
            .collect()
    }
}

fn pattern(cluster: Cluster, all: u64) -> LogPattern {
    let Cluster { template, alike } = cluster;
    let mut levels = alike.levels;
    levels.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    LogPattern {
        pattern: template,
        count: alike.count,
        share: alike.count as f64 / all.max(1) as f64,
        first: rfc3339(alike.first, 0),
        last: rfc3339(alike.last, 0),
        level: levels
            .into_iter()
            .next()
            .map(|(level, _)| level)
            .filter(|level| !level.is_empty()),
        trend: alike.trend,
        sample: alike.sample,
    }
}

impl Alike {
    fn new(buckets: usize) -> Alike {
        Alike {
            count: 0,
            first: i64::MAX,
            last: i64::MIN,
            trend: vec![0; buckets],
            levels: Vec::new(),
            sample: String::new(),
        }
    }

    fn add(
        &mut self,
        time: i64,
        bucket: Option<usize>,
        level: Option<&str>,
        message: &str,
        weight: u64,
    ) {
        self.count += weight;
        if let Some(count) = bucket.and_then(|b| self.trend.get_mut(b)) {
            *count += weight;
        }
        let level = level.unwrap_or_default();
        let levels = self.levels.len();
        match self.levels.iter_mut().find(|(known, _)| known == level) {
            Some((_, count)) => *count += weight,
            None if levels < 8 => self.levels.push((level.to_owned(), weight)),
            None => {}
        }
        self.last = self.last.max(time);
        let sample = cut(message);
        // Of lines of one time the least, so that it is the same one every time.
        if time < self.first || (time == self.first && sample < self.sample.as_str()) {
            self.first = time;
            self.sample = sample.to_owned();
        }
    }

    /// Takes in lines that turned out to be alike.
    fn merge(&mut self, other: Alike) {
        self.count += other.count;
        self.last = self.last.max(other.last);
        for (mine, theirs) in self.trend.iter_mut().zip(other.trend) {
            *mine += theirs;
        }
        for (level, count) in other.levels {
            match self.levels.iter_mut().find(|(known, _)| *known == level) {
                Some((_, mine)) => *mine += count,
                None => self.levels.push((level, count)),
            }
        }
        if (other.first, &other.sample) < (self.first, &self.sample) {
            self.first = other.first;
            self.sample = other.sample;
        }
    }
}

fn cut(message: &str) -> &str {
    let mut end = message.len().min(SAMPLE);
    while !message.is_char_boundary(end) {
        end -= 1;
    }
    message.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests;
