//! Commands that ask a running server: the same HTTP as everybody else.

pub(crate) mod alarms;
pub(crate) mod client;
pub(crate) mod cost;
pub(crate) mod doctor;
mod format;
pub(crate) mod logs;
mod moment;
pub(crate) mod query;
pub(crate) mod status;
pub(crate) mod top;
