//! The reader as a whole, on real files: every line that was written is in a frame exactly once, whatever happens.

mod bench;
mod crash;
mod full;
mod ledger;
mod rotation;
mod speed;
