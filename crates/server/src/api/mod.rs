//! The native API, a file for each subject. Handlers translate between HTTP and the query and store crates.

pub(crate) mod agents;
pub(crate) mod alarms;
pub(crate) mod cost;
pub(crate) mod entities;
pub(crate) mod health;
pub(crate) mod logs;
pub(crate) mod metrics;
pub(crate) mod own_source;
pub(crate) mod performance;
mod rung;
pub(crate) mod sources;
pub(crate) mod sql;
pub(crate) mod status;
pub(crate) mod time;
pub(crate) mod verdicts;
