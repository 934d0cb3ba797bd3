//! A harness for tests that run the real binaries: start them on free ports with folders of their own, talk to them
//! over HTTP, stop or kill them. Failures panic with what the program said: this crate is only for tests and benches.
#![allow(clippy::unwrap_used)]

mod binary;
mod cgroup;
mod dice;
mod disk;
mod frame;
mod http;
pub mod incidents;
mod kubernetes;
mod load;
pub mod logs;
mod process;
mod python;
mod relay;
mod stepped_clock;
mod webhook;

pub use binary::binary;
pub use cgroup::Cgroup;
pub use dice::Dice;
pub use disk::SmallDisk;
pub use frame::{Frame, rows_of};
pub use http::{Answer, Http};
pub use kubernetes::{AlarmsFile, Applied, Installed, Kubernetes, Rung};
pub use load::Spin;
pub use process::{Daemon, wait_until};
pub use python::{python, run_script};
pub use relay::{Relay, Weather};
pub use stepped_clock::SteppedClock;
pub use webhook::{Hooked, Webhook};
