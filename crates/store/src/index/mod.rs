//! Which blocks of a file's rows a word can be in.
//!
//! Every file of `log` carries, for each block of 8,192 rows, the set of the tokens of its messages (`fuse`, built by
//! `build`, laid out by `format`). A scan takes from its filters what they say about tokens (`words`), asks the sets, and
//! reads the blocks that are left (`prune`). Sets are kept in memory up to a bound (`cache`). An index that is missing,
//! of an unknown version or damaged costs speed and nothing else.

mod build;
mod cache;
mod format;
mod fuse;
mod prune;
mod words;

pub(crate) use build::{BLOCK_ROWS, IndexBuilder};
pub(crate) use cache::Indexes;
pub(crate) use format::{KEY, Place, TokenIndex};
pub(crate) use prune::prune;
pub(crate) use words::{MESSAGE, Words};
