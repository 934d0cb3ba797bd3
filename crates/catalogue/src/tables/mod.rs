//! The tables, a file for each subject.

use crate::table::Table;

/// Every table.
pub static ALL: &[&Table] = &[];

/// The table of that name.
pub fn table(name: &str) -> Option<&'static Table> {
    ALL.iter().copied().find(|t| t.name == name)
}
