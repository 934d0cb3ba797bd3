//! Which rows of a file are read.

use parquet::arrow::arrow_reader::{RowSelection, RowSelector};

use super::format::TokenIndex;
use super::words::Words;

/// The blocks of a file that may match.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Blocks {
    /// `None`: all rows.
    pub(crate) rows: Option<RowSelection>,
    pub(crate) read: u64,
    pub(crate) skipped: u64,
}

/// Asks the sets of a file of so many rows. `None` when the index is not one of such a file.
pub(crate) fn prune(words: &Words, index: &TokenIndex, rows: u64) -> Option<Blocks> {
    let block_rows = u64::from(index.block_rows);
    if index.blocks.len() as u64 != rows.div_ceil(block_rows) {
        return None;
    }
    let mut selectors: Vec<RowSelector> = Vec::new();
    let (mut read, mut skipped) = (0, 0);
    let mut left = rows;
    for block in &index.blocks {
        let here = left.min(block_rows) as usize;
        left -= here as u64;
        let skip = block
            .as_ref()
            .is_some_and(|tokens| !words.may_match(tokens));
        match skip {
            true => skipped += 1,
            false => read += 1,
        }
        match selectors.last_mut() {
            Some(last) if last.skip == skip => last.row_count += here,
            _ if skip => selectors.push(RowSelector::skip(here)),
            _ => selectors.push(RowSelector::select(here)),
        }
    }
    Some(Blocks {
        rows: (skipped > 0).then(|| selectors.into()),
        read,
        skipped,
    })
}
