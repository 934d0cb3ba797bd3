//! What can be measured: the tables with their columns, and every dialect's names as formulas over those columns.
//!
//! This crate does no I/O and reads no clock. Everything that has to agree on a name, a unit or a schema asks here:
//! the agent which columns to fill, the store which files to write, the query languages what a name means.

mod column;
mod derived;
mod formula;
mod metric;
mod names;
mod nearest;
mod reference;
mod resolve;
mod table;
pub mod tables;

pub use column::{Column, ColumnType, Temporality};
pub use derived::{Derivation, Derived, Resource, all as derivations, derived};
pub use formula::{Formula, column, per_second};
pub use metric::{Dialect, DimensionSet, Metric, MetricKind, Publication, Rows, Waiting};
pub use names::{metric, metrics, metrics_named, waiting};
pub use nearest::nearest;
pub use reference::reference;
pub use resolve::{PER_SECOND, Resolved, resolvable, resolve};
pub use table::{
    ROLLUP_MINUTES, ROLLUP_SAMPLES, SCHEMA_VERSION, SCHEMA_VERSION_KEY, Table, TableKind, Tier,
};
pub use tables::{ALL, table};
