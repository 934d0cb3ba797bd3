//! Rollups: rows of one entity added up over a minute, five minutes or an hour.
//!
//! Every rollup row can be added to another of the same entity and time and stays exact: deltas and counts add,
//! minima and maxima combine, constants and attributes are the last seen. So a minute may be written in parts (a late
//! agent, a flush in between) and merged later, and five minutes are the sum of five one-minute rows.

mod accumulate;
mod intern;
mod label_sets;
mod minutes;
mod plan;

pub(crate) use accumulate::Accumulator;
pub(crate) use intern::Interner;
pub(crate) use minutes::{Minutes, Sealed, Written};
pub(crate) use plan::Plan;
