//! What is read of a node: the host itself and every control group on it.
//!
//! `parse` is pure. `host` and `cgroup` read files, `kubelet` asks the node's kubelet where that is wanted; all read into [`crate::row`]'s readings. What cannot be read is entered in a
//! ledger, which [`SourcesReport`] shows, and never stops the rest.

pub mod cgroup;
pub(crate) mod clock;
mod error;
pub(crate) mod file;
pub(crate) mod host;
pub(crate) mod kubelet;
pub(crate) mod ledger;
mod options;
pub mod parse;
pub(crate) mod pod_network;
pub(crate) mod report;

pub use clock::{Clock, ManualClock};
pub use error::SourceError;
pub use kubelet::KubeletOptions;
pub use options::{Options, Roots};
pub(crate) use report::file_report;
pub use report::{Counters, Feature, FileReport, SourcesReport};
