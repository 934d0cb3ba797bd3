//! A verdict for each entity: one word, how bad it is, the reason in a sentence, and what it was found by.
//!
//! Pure functions over plain facts ([`facts`]): no I/O, no clock. `now` is in microseconds since 1970, as every time is.
//!
//! - [`container`] → [`pod`] → [`workload`] → [`namespace`] → [`cluster`]: each takes the verdicts about its parts.
//! - [`service`], [`volume`], [`node`] stand alone.
//!
//! Each rule gives a [`Finding`] or nothing; the worst finding is the verdict, the others are in [`Verdict::also`]. What a
//! rule compares with is in [`thresholds`]. `docs/guide/health.md` tells users of every word.

mod cluster;
mod container;
mod exit;
pub mod facts;
mod growth;
mod namespace;
mod node;
mod pod;
mod rollup;
mod say;
mod service;
mod space;
pub mod thresholds;
mod verdict;
mod volume;
mod word;
mod workload;

pub use cluster::cluster;
pub use container::container;
pub use namespace::{Parts, namespace};
pub use node::node;
pub use pod::pod;
pub use service::service;
pub use verdict::{Evidence, Finding, Named, Verdict};
pub use volume::volume;
pub use word::{Severity, Word};
pub use workload::workload;
