//! Everything that is counted for one question, in one pass.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::RecordBatch;

use super::{Counts, Facet, Facets, Histogram, LogPattern, Templates};
use crate::error::QueryError;
use crate::logs::question::Question;
use crate::names::Index;

/// Counts what a question asks for.
#[derive(Debug)]
pub(crate) struct Gather {
    histogram: Option<Counts>,
    facets: Option<(Facets, usize)>,
    patterns: Option<(Templates, usize)>,
    /// Lines met.
    pub(crate) lines: u64,
}

/// What was counted.
#[derive(Debug)]
pub(crate) struct Gathered {
    pub(crate) histogram: Option<Histogram>,
    pub(crate) facets: Option<BTreeMap<String, Facet>>,
    pub(crate) patterns: Option<Vec<LogPattern>>,
    /// What was not counted exactly.
    pub(crate) notes: Vec<String>,
}

impl Gather {
    /// Takes the facets out of the question. `names` are those of pods, where a facet needs them.
    pub(crate) fn new(question: &mut Question, names: Arc<Index>) -> Gather {
        let facets = std::mem::take(&mut question.facets);
        Gather {
            histogram: question.histogram.map(Counts::new),
            facets: (!facets.is_empty())
                .then(|| (Facets::new(facets, names), question.facet_values)),
            patterns: question
                .patterns
                .map(|(most, trend)| (Templates::new(trend), most)),
            lines: 0,
        }
    }

    /// Whether there is anything to count.
    pub(crate) fn any(&self) -> bool {
        self.histogram.is_some() || self.facets.is_some() || self.patterns.is_some()
    }

    /// Whether messages have to be read.
    pub(crate) fn reads_messages(&self) -> bool {
        self.patterns.is_some()
            || self
                .facets
                .as_ref()
                .is_some_and(|(facets, _)| facets.reads_messages())
    }

    /// The columns that are read.
    pub(crate) fn columns(&self) -> Vec<&'static str> {
        let mut columns = vec!["time", "level"];
        if self.patterns.is_some() {
            columns.push("message");
        }
        if let Some((facets, _)) = &self.facets {
            for name in facets.columns() {
                if !columns.contains(&name) {
                    columns.push(name);
                }
            }
        }
        columns
    }

    pub(crate) fn add(&mut self, batch: &RecordBatch) -> Result<(), QueryError> {
        self.lines += batch.num_rows() as u64;
        if let Some(counts) = &mut self.histogram {
            counts.add(batch)?;
        }
        if let Some((facets, _)) = &mut self.facets {
            facets.add(batch)?;
        }
        if let Some((templates, _)) = &mut self.patterns {
            templates.add(batch)?;
        }
        Ok(())
    }

    pub(crate) fn finish(self) -> Gathered {
        let mut notes = Vec::new();
        let facets = self.facets.map(|(facets, most)| {
            let facets: BTreeMap<String, Facet> = facets.finish(most).into_iter().collect();
            let capped: Vec<&str> = facets
                .iter()
                .filter(|(_, facet)| facet.capped)
                .map(|(name, _)| name.as_str())
                .collect();
            if !capped.is_empty() {
                notes.push(format!(
                    "{} had more values than are told apart: what came late counts as other",
                    capped.join(", ")
                ));
            }
            facets
        });
        let patterns = self.patterns.map(|(templates, most)| {
            if templates.sampled() {
                notes.push(format!(
                    "patterns were made of {} of {} lines: their counts are estimates",
                    templates.looked(),
                    self.lines
                ));
            }
            templates.finish(most)
        });
        Gathered {
            histogram: self.histogram.map(Counts::finish),
            facets,
            patterns,
            notes,
        }
    }
}
