//! Alarms of a whole server, as a process: what evaluating them takes, how soon somebody is told, and what a replay takes.

mod definitions;
mod evaluating;
mod feed;
mod notifying;
mod replaying;
mod running;

use crate::bench::{Failure, folder};
use crate::cli::Alarms;
use crate::report::file_system;

/// Measures one after the other.
pub(crate) fn run(options: &Alarms) -> Result<(), Failure> {
    let dir = folder(options.dir.as_deref())?;
    println!("On {}.\n", file_system(dir.path()));
    if !options.replay_only {
        evaluating::run(options, dir.path())?;
    }
    replaying::run(options, dir.path())
}
