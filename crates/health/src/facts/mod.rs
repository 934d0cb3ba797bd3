//! What is known about an entity. Fields have the names of the catalogue's columns; everything may be absent: without
//! an API watcher there are measurements only, without agents only what the API tells.
//!
//! Times are microseconds since 1970.

mod cluster;
mod container;
mod event;
mod measured;
mod node;
mod pod;
mod service;
mod volume;
mod workload;

use std::collections::BTreeMap;

pub use cluster::{ClusterFacts, NamespaceFacts};
pub use container::ContainerFacts;
pub use event::EventFact;
pub(crate) use event::newest as newest_event;
pub use measured::{Latest, Measured, MemorySplit, Neighbour, OutOfMemory, Window};
pub use node::{FilesystemFacts, NodeFacts};
pub use pod::PodFacts;
pub use service::ServiceFacts;
pub use volume::VolumeFacts;
pub use workload::WorkloadFacts;

/// A value at a time: (microseconds since 1970, value).
pub type Point = (i64, i64);

/// Each condition's status (`True`, `False`, `Unknown`), as in table `object`.
pub type Conditions = BTreeMap<String, String>;

/// Since when each condition has its status, as far as the rows go back.
pub type Moments = BTreeMap<String, i64>;

pub(crate) fn is_true(conditions: &Conditions, name: &str) -> bool {
    conditions.get(name).is_some_and(|status| status == "True")
}

pub(crate) fn is_false(conditions: &Conditions, name: &str) -> bool {
    conditions.get(name).is_some_and(|status| status == "False")
}
