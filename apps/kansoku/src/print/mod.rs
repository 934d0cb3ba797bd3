//! What people read: text tables, numbers with units, colours only on a terminal.

mod stdout;
mod table;
mod unit;

pub(crate) use stdout::{Stdout, colour};
pub(crate) use table::{Align, TextTable};
pub(crate) use unit::{bytes, bytes_per_second, cores, count, percent, span};
