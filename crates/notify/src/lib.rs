//! Who is told of an alarm, in which words, and one attempt to tell them.
//!
//! ```text
//!   alarms.toml ─► Config: receivers, routes, silences, grouping          every fault with its line
//!
//!   Transition ─► Routes::told ─► names of receivers
//!              ─► Silence::silences ─► held back or not
//!              ─► Grouping::group ─► what is one notification, and when
//!   Notification ─► Receiver::deliver ─► Delivery, or a Failure ─► Retry::next ─► when to try again
//! ```
//!
//! Only [`Receiver::deliver`] does I/O. Everything else is a pure function whose time is an argument, in microseconds since
//! 1970. Nothing is kept: what waits, and for how long, is the caller's to write down.
//!
//! Secrets are [`Secret`]s from reading to sending, and in no `Debug`, error or answer. Redirects are not followed,
//! certificates are checked, answers are read up to a bound.

pub mod config;
pub mod group;
mod label;
mod notification;
mod outcome;
mod pattern;
mod receiver;
pub mod retry;
pub mod route;
mod sample;
mod secret;
mod severity;
pub mod silence;
pub mod template;
mod time;

pub use config::{Config, Sources};
pub use group::{Batch, Grouped, Grouping, Pending};
pub use label::{label, labels};
pub use notification::{Links, Notification};
pub use outcome::{Delivery, Failure};
pub use pattern::{Match, Pattern};
pub use receiver::{CaFile, Http, Proxies, Receiver, ReceiverType, signature};
pub use retry::{Next, Retry};
pub use route::{Route, Routes, Told};
pub use secret::Secret;
pub use severity::Severity;
pub use silence::{Silence, SilenceFault};
