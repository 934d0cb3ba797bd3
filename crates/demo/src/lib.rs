//! A simulated cluster: rows, objects, events and log lines without any machine behind them.
//!
//! For a newcomer without a cluster, and for tests of the page. What comes out is what agents and the watcher of the
//! Kubernetes API would send: record batches in the catalogue's schemas. Objects go through the real code, as JSON of
//! the Kubernetes API into [`cluster::Told`]. This crate reads no clock and does no I/O; the same seed, scale and times
//! give the same rows. docs/guide/demo.md tells the story that is played.
//!
//! # How it is driven
//!
//! ```
//! use demo::{Demo, Scale, CLUSTER, TICK_USEC};
//!
//! # fn send(_agent: wire::AgentId, _batch: &wire::rows::TableBatch) {}
//! # fn main() -> Result<(), demo::DemoError> {
//! let scale: Scale = "nodes=3,pods=40".parse()?;
//! let now = 1_800_000_000_000_000; // of the caller's clock, in microseconds since 1970
//! let seed = 7;
//!
//! // The clock of the simulation starts in the past, so that charts are full at once. Use
//! // scale.usual_history_seconds(): 90 minutes for a small cluster, 10 for a large one.
//! let mut demo = Demo::new(scale, seed, now - 5 * 60 * 1_000_000)?;
//!
//! // The past, some ticks in each part so that memory stays small.
//! let mut parts = demo.history(now, TICK_USEC);
//! while let Some(filled) = parts.next().transpose()? {
//!     for of_node in &filled.nodes {
//!         // A real agent has two ids: one numbers the frames of measurements, one those of logs.
//!         for batch in &of_node.measurements {
//!             send(of_node.agent.measurements, batch);
//!         }
//!         for batch in &of_node.logs {
//!             send(of_node.agent.logs, batch);
//!         }
//!     }
//!     // identity, object and event: as the watcher inside of the server writes them.
//!     for batch in &filled.watcher {
//!         send(filled.watcher_agent, batch);
//!     }
//! }
//!
//! // Then a tick every ten seconds, at multiples of ten seconds.
//! let next = demo.now() + TICK_USEC;
//! let filled = demo.tick(next)?;
//! assert_eq!(filled.nodes.len(), 3);
//!
//! // Once a minute, and when the server asks: the agents' reports, for PUT /api/agents/{agent}.
//! for node in 0..demo.nodes() {
//!     let report = demo.report(node).expect("there is such a node");
//!     assert_eq!(report["cluster"], CLUSTER);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! Ids follow from the seed. Frames are numbered from 1 for each id and table, as everywhere: who starts again over the
//! same data with the same seed must go on counting, or take another seed (the start time will do).

mod demo;
mod kubernetes;
mod logs;
mod measure;
mod plan;
mod random;
mod report;
mod rows;
mod scale;
mod state;
mod story;
mod time;

pub use demo::{Agent, CLUSTER, Demo, DemoError, Filled, History, OfNode, TICK_USEC};
pub use scale::{FEWEST_PODS, MOST_NODES, MOST_PODS, MOST_PODS_A_NODE, Scale, ScaleError};
