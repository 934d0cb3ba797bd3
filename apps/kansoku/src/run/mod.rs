//! Commands that run until they are told to stop.

mod agent;
mod alarms;
mod args;
mod before;
mod cluster;
mod demo;
mod kubernetes;
mod log;
mod metrics_api;
mod parts;
mod reading;
mod rows;
mod server;
mod signals;
mod up;
mod verdicts;

pub(crate) use agent::agent;
pub(crate) use args::{ForAgent, ForServer, ForUp, RoleArgs};
pub(crate) use demo::demo;
pub(crate) use server::server;
pub(crate) use up::up;
