//! Alarms: their states, what they are and would have been, who is told of them and who is not for a while.
//!
//! Definitions are read and checked by `crate::alarms`, states, history and deliveries kept by the evaluator; what is here
//! turns both into the API's JSON. An alarm named `check` or `replay` is asked for as `%63heck` or `%72eplay`: the plain
//! words are paths of their own.

pub(crate) mod actions;
pub(crate) mod check;
pub(crate) mod delete;
pub(crate) mod deliveries;
pub(crate) mod describe;
mod fault;
pub(crate) mod history;
pub(crate) mod list;
mod parameters;
mod point;
pub(crate) mod put;
pub(crate) mod receivers;
pub(crate) mod replay;
mod replayed;
mod request;
mod series;
pub(crate) mod set_state;
pub(crate) mod silences;
mod site;
mod summary;
mod unique;
