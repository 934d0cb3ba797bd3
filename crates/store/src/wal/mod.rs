//! The write-ahead log: what was acknowledged is here until it is in a table.
//!
//! One thread writes. It takes all frames that wait, appends them, calls `fdatasync` once for all of them, applies
//! them to memory in the order of their positions, and answers. So an answer means "on disk and visible", and the
//! cost of an fsync is shared by everybody who waited meanwhile.

mod frame;
mod replay;
mod segment;
mod sequences;
mod writer;

pub(crate) use frame::Frame;
pub(crate) use replay::{Replayed, replay};
pub(crate) use writer::{Apply, Incoming, Wal};
