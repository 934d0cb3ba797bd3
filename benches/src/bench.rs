//! Which bench runs, and where its files go.

use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use crate::cli::{Arguments, Bench, Common};
use crate::{alarms, disk, ingest, logs_store, query, report, tail, tick};

/// Why a bench could not be run, in words for the one who started it.
pub(crate) type Failure = Box<dyn std::error::Error + Send + Sync>;

pub(crate) fn run(arguments: Arguments) -> Result<(), Failure> {
    if let Bench::All(common) = &arguments.bench {
        return all(common);
    }
    println!("{}\n", report::machine());
    match &arguments.bench {
        Bench::Tick(options) => tick::run(options),
        Bench::Ingest(common) => ingest::run(common),
        Bench::Disk(common) => disk::run(common),
        Bench::Query(common) => query::run(common),
        Bench::LogsStore(options) => logs_store::run(options),
        Bench::Logs(options) => tail::run(options),
        Bench::Alarms(options) => alarms::run(options),
        Bench::All(_) => Ok(()),
    }
}

/// Each in a process of its own, so that none measures what another has left in memory.
fn all(common: &Common) -> Result<(), Failure> {
    for bench in ["tick", "ingest", "disk", "query", "logs-store"] {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg(bench);
        if let (Some(dir), "logs-store") = (&common.dir, bench) {
            command.arg("--dir").arg(dir);
        }
        if !matches!(bench, "tick" | "logs-store") {
            if let Some(scale) = common.scale {
                command.args(["--scale", &scale.to_string()]);
            }
            if let Some(dir) = &common.dir {
                command.arg("--dir").arg(dir);
            }
            if common.peers {
                command.arg("--peers");
            }
        }
        if !command.status()?.success() {
            return Err(format!("{bench} failed").into());
        }
    }
    Ok(())
}

/// A folder that is removed at the end.
pub(crate) fn folder(dir: Option<&Path>) -> Result<TempDir, Failure> {
    let mut builder = tempfile::Builder::new();
    builder.prefix("kansoku-bench-");
    Ok(match dir {
        Some(dir) => builder.tempdir_in(dir)?,
        None => builder.tempdir()?,
    })
}
