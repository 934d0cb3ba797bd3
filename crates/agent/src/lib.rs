//! Reads a node and sends what it read: sources, rows, spool, shipping.
//!
//! [`Agent::start`] is the whole of it. Inside, in the order of the data's way:
//!
//! - [`sampler`] reads a node once a tick: [`source`] reads files, `row` takes differences and fills the catalogue's columns;
//! - [`spool`] keeps each tick's rows on disk, numbered, until the server has them;
//! - [`ship`] sends them, over and over if need be, and knows from the answer what to do;
//! - [`log`] follows the files that containers and the host write, into a spool of its own;
//! - [`run`] is the threads that do this, when they do it, and how much they may cost;
//! - [`status`] and `metrics` tell how it goes.
//!
//! The agent never waits for the Kubernetes API, and nothing is dropped without a counter that names where and why.

mod calendar;
mod clock;
mod interrupt;
pub mod log;
mod metrics;
mod outbox;
mod own;
pub(crate) mod row;
pub mod run;
pub mod sampler;
pub mod settings;
pub mod ship;
pub mod source;
pub mod spool;
pub mod status;

pub use run::{Agent, End, Left, StartError};
pub use settings::{ServerSettings, Settings, Token};
