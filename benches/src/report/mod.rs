//! What is printed.

mod machine;
mod number;
mod table;

pub(crate) use machine::{file_system, machine};
pub(crate) use number::{count, fixed, mebibytes, ratio};
pub(crate) use table::Table;
