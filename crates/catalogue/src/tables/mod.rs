//! The tables, a file for each subject.

/// Writes a list of columns, one or two lines each:
/// `<constructor of Column> <name> <unit>: <help>; <source>; <absent>.`
macro_rules! columns {
    ($(#[$doc:meta])* $list:ident { $($kind:ident $name:ident $unit:literal: $help:expr; $source:expr; $absent:expr;)* }) => {
        $(#[$doc])*
        pub(crate) const $list: &[$crate::column::Column] =
            &[$($crate::column::Column::$kind([stringify!($name), $unit, $help, $source, $absent])),*];
    };
}

/// Joins lists of columns into the columns of a table.
macro_rules! join {
    ($($list:expr),* $(,)?) => {{
        const PARTS: &[&[$crate::column::Column]] = &[$($list),*];
        const JOINED: [$crate::column::Column; $crate::tables::length(PARTS)] = $crate::tables::joined(PARTS);
        &JOINED
    }};
}

mod alarm_history;
mod cgroup;
mod container;
mod control_plane;
mod disk;
mod event;
mod filesystem;
mod identity;
mod interface;
mod log;
mod log_ledger;
mod network;
mod node;
mod object;
mod pod;
mod row;
mod sample;
mod verdict;
mod volume;

use crate::column::Column;
use crate::table::Table;

pub use alarm_history::ALARM_HISTORY;
pub use container::CONTAINER;
pub use control_plane::CONTROL_PLANE;
pub use disk::NODE_DISK;
pub use event::EVENT;
pub use filesystem::NODE_FILESYSTEM;
pub use identity::IDENTITY;
pub use log::LOG;
pub use log_ledger::LOG_LEDGER;
pub use network::{NODE_NETWORK, POD_NETWORK};
pub use node::NODE;
pub use object::OBJECT;
pub use pod::POD;
pub use sample::SAMPLE;
pub use verdict::VERDICT;
pub use volume::VOLUME;

/// Every table.
pub static ALL: &[&Table] = &[
    &NODE,
    &NODE_DISK,
    &NODE_FILESYSTEM,
    &NODE_NETWORK,
    &POD,
    &POD_NETWORK,
    &CONTAINER,
    &VOLUME,
    &LOG,
    &LOG_LEDGER,
    &IDENTITY,
    &OBJECT,
    &EVENT,
    &VERDICT,
    &ALARM_HISTORY,
    &CONTROL_PLANE,
    &SAMPLE,
];

/// The table of that name.
pub fn table(name: &str) -> Option<&'static Table> {
    ALL.iter().copied().find(|t| t.name == name)
}

const fn length(parts: &[&[Column]]) -> usize {
    let (mut length, mut part) = (0, 0);
    while part < parts.len() {
        length += parts[part].len();
        part += 1;
    }
    length
}

const fn joined<const N: usize>(parts: &[&[Column]]) -> [Column; N] {
    let mut columns = [row::ROW[0]; N];
    let (mut at, mut part) = (0, 0);
    while part < parts.len() {
        let mut column = 0;
        while column < parts[part].len() {
            columns[at] = parts[part][column];
            at += 1;
            column += 1;
        }
        part += 1;
    }
    columns
}
