//! From the bytes of a log file to entries. No I/O, no clock: time is an argument.
//!
//! An [`Assembler`] stands at one instance of one file. It is given bytes, splits them into lines, reads each line by
//! the file's [`Format`], joins the runtime's pieces and the lines of a group, and gives out [`Entry`]s. What it holds
//! back is told by [`Assembler::resume`]: reading again from there, after a crash, gives what was not given out yet and
//! nothing twice.
//!
//! Which logs are read at all is [`Selection`]'s word, how much of one is [`RateLimit`]'s; both stand beside it and are
//! asked by the reader.

mod assemble;
mod cri;
mod docker;
mod group;
mod json;
mod lane;
mod level;
mod output;
mod rate;
mod resume;
mod rules;
mod selection;
mod stamp;
mod text;
mod trace;
mod zone;

pub(crate) use assemble::Assembler;
#[cfg(test)]
pub(crate) use output::Stream;
pub(crate) use output::{Entry, EntrySink, Format, Level};
pub(crate) use rate::RateLimit;
pub(crate) use resume::Resume;
pub(crate) use rules::{EntryRules, LogRules};
pub(crate) use selection::{Selection, SourceName};
pub(crate) use stamp::Place;
pub(crate) use zone::Zone;
