//! What something cost: processor time, wall time, allocations, memory.

mod allocations;
mod memory;
mod meter;
mod process;

pub(crate) use allocations::{Allocations, Counting};
pub(crate) use memory::{peak_resident, resident};
pub(crate) use meter::{Cost, Meter, median, percentile};
pub(crate) use process::{Used, used};
