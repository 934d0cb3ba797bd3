//! How far each file was read, kept so that no crash makes a line come twice or not at all.
//!
//! A checkpoint moves only together with the rows it stands for: it is in the note of the frame that carries them
//! ([`crate::spool::Note`]). A note has what changed since the one before; [`snapshot`] has everything, and is stored
//! before the spool lets go of notes. [`Restored`] puts both together again.

mod mirror;
pub(crate) mod note;
mod restore;
pub(crate) mod snapshot;

pub(crate) use mirror::Mirror;
pub(crate) use note::{FileState, JournalState, Note, SourceState};
pub(crate) use restore::Restored;
