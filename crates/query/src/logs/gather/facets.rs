//! The commonest values of columns and of JSON fields.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::RecordBatch;
use serde::Serialize;

use crate::error::QueryError;
use crate::fault;
use crate::logs::function::JsonPath;
use crate::logs::rows::{Labels, column, messages, times};
use crate::names::{Index, Lookup, Name, values_of_rows};

/// The values of one column or field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Facet {
    /// The commonest, the most common first; equally common ones by their text.
    pub values: Vec<FacetValue>,
    /// Lines with a value that is not listed.
    pub other: u64,
    /// How many values there are.
    pub distinct: u64,
    /// Lines without a value.
    pub missing: u64,
    /// Whether there were more values than are told apart: then values that came late count as other, and `distinct`
    /// is the least that there are.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub capped: bool,
}

/// How common a value is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FacetValue {
    /// The value.
    pub value: String,
    /// Lines that have it.
    pub count: u64,
}

/// The values that are told apart, and their bytes altogether.
const MOST_VALUES: usize = 200_000;
const MOST_BYTES: usize = 16 << 20;
/// Of a longer value so many bytes count.
const LONGEST: usize = 256;

/// What is counted.
#[derive(Debug)]
pub(crate) enum Facetted {
    /// A column of `log`.
    Column(&'static str),
    /// A value in messages that are JSON objects.
    Json(Box<JsonPath>),
    /// What the line's pod was called when it was written; a line of a pod behind two services counts for both.
    Name(Name),
}

impl Facetted {
    fn reads_message(&self) -> bool {
        match self {
            Facetted::Column(name) => *name == "message",
            Facetted::Json(_) => true,
            Facetted::Name(_) => false,
        }
    }

    pub(crate) fn needs_names(&self) -> bool {
        matches!(self, Facetted::Name(_))
    }
}

/// Counts values.
#[derive(Debug)]
pub(crate) struct Facets {
    facets: Vec<(String, Facetted, Values)>,
    names: Lookup,
}

#[derive(Debug, Default)]
struct Values {
    counts: HashMap<String, u64>,
    bytes: usize,
    uncounted: u64,
    missing: u64,
}

impl Facets {
    pub(crate) fn new(facets: Vec<(String, Facetted)>, names: Arc<Index>) -> Facets {
        Facets {
            names: Lookup {
                index: names,
                span: 1,
            },
            facets: facets
                .into_iter()
                .map(|(name, of)| (name, of, Values::default()))
                .collect(),
        }
    }

    /// The columns that are read.
    pub(crate) fn columns(&self) -> impl Iterator<Item = &'static str> {
        self.facets.iter().map(|(_, of, _)| match of {
            Facetted::Column(name) => name,
            Facetted::Json(_) => "message",
            // The time is read in any case.
            Facetted::Name(_) => "pod_uid",
        })
    }

    pub(crate) fn reads_messages(&self) -> bool {
        self.facets.iter().any(|(_, of, _)| of.reads_message())
    }

    pub(crate) fn add(&mut self, batch: &RecordBatch) -> Result<(), QueryError> {
        for (_, of, values) in &mut self.facets {
            match of {
                Facetted::Column(name) => {
                    values.add_column(Labels::of(batch, name)?, batch.num_rows())
                }
                Facetted::Json(path) => {
                    let messages = messages(batch)?;
                    for row in 0..batch.num_rows() {
                        let value = messages.get(row).and_then(|message| path.text(message));
                        values.add(value.as_deref(), 1);
                    }
                }
                Facetted::Name(name) => {
                    let (uids, times) = (column(batch, "pod_uid")?, times(batch)?);
                    let time = |row: usize| times.value(row);
                    let take = |all: &Vec<Arc<str>>| {
                        all.iter().for_each(|value| values.add(Some(value), 1));
                        values.missing += u64::from(all.is_empty());
                    };
                    values_of_rows(&self.names, name, uids, time, take)
                        .map_err(|e| fault::running(&e))?;
                }
            }
        }
        Ok(())
    }

    pub(crate) fn finish(self, most: usize) -> HashMap<String, Facet> {
        self.facets
            .into_iter()
            .map(|(name, _, values)| (name, values.finish(most)))
            .collect()
    }
}

impl Values {
    /// Rows of a dictionary are counted by their keys first.
    fn add_column(&mut self, labels: Labels<'_>, rows: usize) {
        if let Labels::Dictionary { keys, values } = labels {
            let mut counts = vec![0_u64; arrow::array::Array::len(values)];
            let mut missing = 0;
            for key in keys {
                match key
                    .and_then(|k| usize::try_from(k).ok())
                    .and_then(|k| counts.get_mut(k))
                {
                    Some(count) => *count += 1,
                    None => missing += 1,
                }
            }
            self.add(None, missing);
            for (value, count) in values.iter().zip(counts) {
                if count > 0 {
                    self.add(value, count);
                }
            }
            return;
        }
        for row in 0..rows {
            self.add(labels.get(row), 1);
        }
    }

    fn add(&mut self, value: Option<&str>, rows: u64) {
        let Some(value) = value else {
            self.missing += rows;
            return;
        };
        let mut end = value.len().min(LONGEST);
        while !value.is_char_boundary(end) {
            end -= 1;
        }
        let value = value.get(..end).unwrap_or_default();
        if let Some(count) = self.counts.get_mut(value) {
            *count += rows;
        } else if self.counts.len() < MOST_VALUES && self.bytes + value.len() <= MOST_BYTES {
            self.bytes += value.len();
            self.counts.insert(value.to_owned(), rows);
        } else {
            self.uncounted += rows;
        }
    }

    fn finish(self, most: usize) -> Facet {
        let distinct = self.counts.len() as u64;
        let all: u64 = self.counts.values().sum();
        let mut values: Vec<FacetValue> = self
            .counts
            .into_iter()
            .map(|(value, count)| FacetValue { value, count })
            .collect();
        let order = |a: &FacetValue, b: &FacetValue| {
            b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value))
        };
        if values.len() > most && most > 0 {
            values.select_nth_unstable_by(most - 1, order);
        }
        values.truncate(most);
        values.sort_by(order);
        let listed: u64 = values.iter().map(|value| value.count).sum();
        Facet {
            values,
            other: all - listed + self.uncounted,
            distinct,
            missing: self.missing,
            capped: self.uncounted > 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_commonest_exactly_and_the_rest_together() {
        let mut values = Values::default();
        for i in 0..1000_u64 {
            values.add(Some(&format!("v{}", i % 7)), i % 7 + 1);
        }
        values.add(None, 5);
        let facet = values.finish(2);
        assert_eq!(facet.distinct, 7);
        assert_eq!(facet.missing, 5);
        let listed: Vec<_> = facet
            .values
            .iter()
            .map(|v| (v.value.as_str(), v.count))
            .collect();
        assert_eq!(listed, [("v6", 142 * 7), ("v5", 143 * 6)]);
        let all: u64 = (0..1000).map(|i| i % 7 + 1).sum();
        assert_eq!(facet.other, all - 142 * 7 - 143 * 6);
        assert!(!facet.capped);
    }

    #[test]
    fn memory_is_bounded_and_said_so() {
        let mut values = Values::default();
        for i in 0..MOST_VALUES + 10 {
            values.add(Some(&i.to_string()), 1);
        }
        values.add(Some("0"), 5);
        let facet = values.finish(1);
        assert_eq!(facet.values[0].count, 6, "a known value is still counted");
        assert_eq!(facet.distinct, MOST_VALUES as u64);
        assert_eq!(facet.other, MOST_VALUES as u64 - 1 + 10);
        assert!(facet.capped);
        let mut values = Values::default();
        values.add(Some(&"é".repeat(1000)), 1);
        assert_eq!(values.finish(1).values[0].value.len(), LONGEST);
    }
}
