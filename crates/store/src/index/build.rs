//! From messages to the index of their file.

use super::format::TokenIndex;
use super::fuse::{Fuse, Scratch};
use crate::tokens::{each_hash, token_hash, tokens};

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
    seen: Seen,
    scratch: Scratch,
    blocks: Vec<Option<Fuse>>,
}

impl IndexBuilder {
    pub(crate) fn new(block_rows: u32) -> IndexBuilder {
        IndexBuilder {
            block_rows: block_rows.max(1),
            rows: 0,
            seen: Seen::default(),
            scratch: Scratch::default(),
            blocks: Vec::new(),
        }
    }

    /// The next row's message; an absent one is an empty one.
    pub(crate) fn add(&mut self, message: &str) {
        if message.is_ascii() {
            each_hash(message.as_bytes(), |hash| self.seen.insert(hash));
        } else {
            for token in tokens(message) {
                self.seen.insert(token_hash(token.as_written().as_bytes()));
                let whole = message.get(token.start()..token.end());
                // Cut anew, for plain letters are shorter.
                if let Some(plain) = whole.and_then(plain_letters)
                    && let Some(token) = tokens(&plain).next()
                {
                    self.seen.insert(token_hash(token.as_written().as_bytes()));
                }
            }
        }
        self.rows += 1;
        if self.rows == self.block_rows {
            self.end_block();
        }
    }

    fn end_block(&mut self) {
        let fuse = match self.seen.overflow() {
            true => None,
            false => Fuse::build(&self.seen.hashes, &mut self.scratch),
        };
        self.blocks.push(fuse);
        self.seen.clear();
        self.rows = 0;
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

/// Distinct hashes. They are as good as random already, so a slot is found by their lowest bits, and the words that
/// every line has stay in the nearest cache.
#[derive(Debug)]
struct Seen {
    /// A power of two, at most half full; 0 is free, for no token has that hash.
    slots: Vec<u64>,
    /// In the order in which they came.
    hashes: Vec<u64>,
}

const FEWEST_SLOTS: usize = 1 << 15;
const MOST_SLOTS_KEPT: usize = 1 << 17;

impl Default for Seen {
    fn default() -> Seen {
        Seen {
            slots: vec![0; FEWEST_SLOTS],
            hashes: Vec::new(),
        }
    }
}

impl Seen {
    #[inline]
    fn insert(&mut self, hash: u64) {
        if self.overflow() {
            return;
        }
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        while let Some(slot) = self.slots.get_mut(at) {
            if *slot == hash {
                return;
            }
            if *slot == 0 {
                *slot = hash;
                self.hashes.push(hash);
                if self.hashes.len() * 2 > self.slots.len() {
                    self.grow();
                }
                return;
            }
            at = (at + 1) & mask;
        }
    }

    #[cold]
    fn grow(&mut self) {
        let mask = self.slots.len() * 2 - 1;
        self.slots.clear();
        self.slots.resize(mask + 1, 0);
        for hash in &self.hashes {
            let mut at = *hash as usize & mask;
            while self.slots[at] != 0 {
                at = (at + 1) & mask;
            }
            self.slots[at] = *hash;
        }
    }

    fn overflow(&self) -> bool {
        self.hashes.len() > MOST_TOKENS
    }

    fn clear(&mut self) {
        self.hashes.clear();
        // A block with very many tokens must not make clearing dear for all that follow.
        self.slots.truncate(MOST_SLOTS_KEPT);
        self.slots.fill(0);
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
