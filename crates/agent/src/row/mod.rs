//! From numbers to rows: differences are taken here and catalogue columns filled.
//!
//! A source reads into a [`Reading`], whose [`Measure`]s bear the names of catalogue columns. Whether a column holds
//! the value or its increase is the catalogue's word (its temporality), not the source's. Columns are resolved by name
//! once, at the start; a tick works with indices.

mod columns;
mod increase;
mod lifetime;
mod measure;
mod rows;

pub(crate) use columns::{Columns, Place, When};
pub(crate) use increase::{Baseline, increase};
pub(crate) use lifetime::{Lifetime, Receipt};
pub(crate) use measure::{
    Cgroup, CgroupReading, Disk, DiskReading, Files, FilesReading, Filesystem, FilesystemReading,
    Interface, InterfaceReading, Measure, Node, NodeReading, Reading, Volume, VolumeReading,
};
pub use rows::TableBatch;
pub(crate) use rows::{ColumnId, Rows};
