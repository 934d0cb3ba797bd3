//! Logs: from files that others write to entries in the spool, each exactly once.
//!
//! [`entry`] is pure: bytes of a file in, entries out. The rest reads files and keeps count.

#[allow(dead_code)] // until the reader is there
pub(crate) mod entry;
