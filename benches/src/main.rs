//! Load programs: what Kansoku costs, printed as Markdown tables, beside peers where they are at hand.
//!
//! `cargo run -p kansoku-benches -- <tick|ingest|disk|query|logs|logs-store|alarms|all>`. Nothing here passes or fails by how long it took;
//! a bench fails only when what it measured gave a wrong answer. benches/README.md keeps the results.

mod alarms;
mod bench;
mod cli;
mod cost;
mod disk;
mod ingest;
mod load;
mod logs_store;
mod peers;
mod query;
mod report;
mod stores;
mod tail;
mod tick;

use std::process::ExitCode;

use clap::Parser;

#[global_allocator]
static ALLOCATOR: cost::Counting = cost::Counting;

fn main() -> ExitCode {
    let _ = tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "warn".into()),
        )
        .with_writer(std::io::stderr)
        .try_init();
    match bench::run(cli::Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
