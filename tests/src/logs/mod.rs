//! Writers of logs whose every line is known by its number, in the formats and with the rotations of the real world.

mod format;
mod message;
mod place;
mod rotation;
mod storm;
mod writer;

pub use format::Format;
pub use message::{MESSAGE_SQL, message};
pub use place::{Place, VarLog};
pub use rotation::Rotation;
pub use storm::{Storm, Written};
pub use writer::LogWriter;
