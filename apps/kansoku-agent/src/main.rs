//! `kansoku-agent`: reads this node and sends what it read to a Kansoku server.
//!
//! Command line → configuration → [`agent::Agent`], with its metrics on a small HTTP server of its own. This binary links
//! no query engine, no table format and no server.

mod cli;
mod exit;
mod listen;
mod log;
mod prepare;
mod run;
mod settings;

use std::process::ExitCode;

fn main() -> ExitCode {
    exit::code(match cli::parse() {
        cli::Asked::Run(typed) => typed.load().and_then(run::run),
        cli::Asked::Prepare(folder) => prepare::prepare(&folder),
        cli::Asked::PrintConfig(typed) => {
            typed.load().and_then(|loaded| exit::print(&loaded.print()))
        }
    })
}
