//! Logs: lines and what is counted over them, lines as they come, what became of each log, what each namespace takes.

pub(crate) mod ledger;
pub(crate) mod search;
pub(crate) mod tail;
pub(crate) mod usage;
