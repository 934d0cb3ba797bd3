//! `kansoku`: the command line over the crates that do the work.

mod ask;
mod cli;
mod exit;
mod print;
mod run;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    exit::code(cli::Cli::parse().run())
}
