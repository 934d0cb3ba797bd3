//! `kansoku alarms put`: definitions from a file to the server.

use alarm::Definition;
use clap::Args;
use serde_json::Value;

use super::definitions;
use super::words::{counted, plain};
use crate::ask::client::{AskError, Client};
use crate::exit::Failure;
use crate::print::Stdout;

/// What the command takes.
#[derive(Debug, Args)]
pub(super) struct PutArgs {
    /// JSON with a definition or a list of them (files of the AWS CLI's --cli-input-json and its describe-alarms work),
    /// alarms.toml (known by its ending), or - for JSON on standard input
    #[arg(value_name = "FILE")]
    file: String,

    /// The file has alerting rules of Prometheus in YAML; those that map are imported, the others are named
    #[arg(long)]
    prometheus: bool,

    /// Show the definitions as JSON instead, and ask no server
    #[arg(long)]
    dry_run: bool,
}

/// Nothing is put while anything in the file is wrong.
pub(super) fn run(client: &Client, args: &PutArgs) -> Result<(), Failure> {
    let given = definitions::read(&args.file, args.prometheus)?;
    for note in &given.notes {
        eprintln!("{}: {note}", args.file);
    }
    let mut out = Stdout::lock();
    if args.dry_run {
        let all: Value = given.definitions.iter().map(Definition::to_json).collect();
        out.line(&format!("{all:#}"))?;
        return Ok(out.flush()?);
    }
    let mut refused = 0;
    for definition in definitions::children_first(&given.definitions) {
        let name = definition.name();
        let body = definition.to_json().to_string();
        match client.put(&super::path_of(name), body.as_bytes()) {
            Ok(is_new) => {
                let done = if is_new { "created" } else { "updated" };
                out.line(&format!("{done} {}", plain(name)))?;
                out.flush()?;
            }
            Err(AskError::Refused { said, .. }) => {
                eprintln!("{}: {said}", plain(name));
                refused += 1;
            }
            Err(other) => return Err(other.into()),
        }
    }
    match refused {
        0 => Ok(()),
        refused => Err(Failure::work(format!(
            "{} refused",
            counted(refused, "alarm was", "alarms were")
        ))),
    }
}
