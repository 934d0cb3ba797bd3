//! From messages to the index of their file.

use hashbrown::HashTable;

use super::format::TokenIndex;
use super::fuse::{Fuse, Scratch};
use crate::tokens::{token_hash, tokens};

/// Rows of a block: those of a page, so that what is skipped is not read.
pub(crate) const BLOCK_ROWS: u32 = 8192;
/// A block with more distinct tokens than this has no set (it would take a megabyte): it is always read.
const MOST_TOKENS: usize = 1 << 20;

/// Takes in a file's messages in the order of its rows.
#[derive(Debug)]
pub(crate) struct IndexBuilder {
    block_rows: u32,
    rows: u32,
    /// The distinct hashes of the block under way.
    seen: HashTable<u64>,
    overflow: bool,
    /// The same in the order in which they came.
    hashes: Vec<u64>,
    scratch: Scratch,
    blocks: Vec<Option<Fuse>>,
}

impl IndexBuilder {
    pub(crate) fn new(block_rows: u32) -> IndexBuilder {
        IndexBuilder {
            block_rows: block_rows.max(1),
            rows: 0,
            seen: HashTable::new(),
            overflow: false,
            hashes: Vec::new(),
            scratch: Scratch::default(),
            blocks: Vec::new(),
        }
    }

    /// The next row's message; an absent one is an empty one.
    pub(crate) fn add(&mut self, message: &str) {
        for token in tokens(message) {
            self.insert(token_hash(token.as_written().as_bytes()));
            if let Some(plain) = message.get(token.start()..token.end()).and_then(plain_letters) {
                // Cut anew, for the letters are shorter.
                if let Some(token) = tokens(&plain).next() {
                    self.insert(token_hash(token.as_written().as_bytes()));
                }
            }
        }
        self.rows += 1;
        if self.rows == self.block_rows {
            self.end_block();
        }
    }

    fn insert(&mut self, hash: u64) {
        if self.overflow {
            return;
        }
        let entry = self.seen.entry(hash, |held| *held == hash, |held| *held);
        if let hashbrown::hash_table::Entry::Vacant(place) = entry {
            place.insert(hash);
            self.hashes.push(hash);
            self.overflow = self.hashes.len() > MOST_TOKENS;
        }
    }

    fn end_block(&mut self) {
        let fuse = match self.overflow {
            true => None,
            false => Fuse::build(&self.hashes, &mut self.scratch),
        };
        self.blocks.push(fuse);
        self.seen.clear();
        self.hashes.clear();
        self.rows = 0;
        self.overflow = false;
    }

    /// The index of everything that was added.
    pub(crate) fn finish(mut self) -> TokenIndex {
        if self.rows > 0 {
            self.end_block();
        }
        TokenIndex {
            block_rows: self.block_rows,
            blocks: self.blocks,
        }
    }
}

/// A token with the two letters outside ASCII that a comparison without case takes for ASCII ones made so: the Kelvin
/// sign is a `k`, the long s an `s`. `None` when it has neither. A token is in the index in this form too, so that
/// `ILIKE '%disk%'` finds what it would find by reading.
fn plain_letters(token: &str) -> Option<String> {
    const KELVIN: char = '\u{212a}';
    const LONG_S: char = '\u{17f}';
    if token.is_ascii() || !token.contains([KELVIN, LONG_S]) {
        return None;
    }
    let plain = |c| match c {
        KELVIN => 'k',
        LONG_S => 's',
        other => other,
    };
    Some(token.chars().map(plain).collect())
}
