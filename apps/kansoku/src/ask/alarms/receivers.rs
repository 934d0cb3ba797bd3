//! `kansoku alarms receivers`: who can be told.

use clap::{Args, Subcommand};
use serde_json::Value;

use super::words::{items, plain, table, text, time};
use crate::ask::client::{Client, encode};
use crate::ask::format::Format;
use crate::exit::Failure;
use crate::print::Stdout;

/// What the command takes.
#[derive(Debug, Args)]
pub(super) struct ReceiversArgs {
    #[command(subcommand)]
    command: Option<Command>,

    /// How to show them
    #[arg(long, short, value_enum, default_value_t = Format::Table)]
    format: Format,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Send a receiver a notification that says that it is a test
    Test {
        /// The receiver
        #[arg(value_name = "NAME")]
        name: String,
    },
}

pub(super) fn run(client: &Client, args: &ReceiversArgs) -> Result<(), Failure> {
    if let Some(Command::Test { name }) = &args.command {
        return test(client, name, args.format);
    }
    let answer = client.get("/api/receivers")?;
    let mut out = Stdout::lock();
    match args.format {
        Format::Json => out.line(&answer.to_string())?,
        Format::Table => {
            for line in shown(&answer) {
                out.line(&line)?;
            }
        }
    }
    Ok(out.flush()?)
}

fn test(client: &Client, name: &str, format: Format) -> Result<(), Failure> {
    let answer = client.post(&format!("/api/receivers/{}/test", encode(name)), b"{}")?;
    let mut out = Stdout::lock();
    match format {
        Format::Json => out.line(&answer.to_string())?,
        Format::Table => out.line(&tested(name, &answer))?,
    }
    out.flush()?;
    match answer["delivered"] == true {
        true => Ok(()),
        false => Err(Failure::told()),
    }
}

fn tested(name: &str, answer: &Value) -> String {
    let done = match answer["delivered"] == true {
        true => "was told",
        false => "was not told",
    };
    format!(
        "{} {done}: {} ({} ms)",
        plain(name),
        text(&answer["answer"]),
        text(&answer["milliseconds"])
    )
}

fn shown(answer: &Value) -> Vec<String> {
    let mut table = table(&[
        "NAME",
        "TYPE",
        "TARGET",
        "WAITING",
        "DELIVERED",
        "FAILED",
        "LAST",
        "ERROR",
    ]);
    let mut is_empty = true;
    for receiver in items(answer, "receivers") {
        is_empty = false;
        table.row(vec![
            text(&receiver["name"]),
            text(&receiver["type"]),
            text(&receiver["target"]),
            text(&receiver["waiting"]),
            text(&receiver["delivered"]),
            text(&receiver["failed"]),
            time(&receiver["last_delivered"]),
            text(&receiver["last_error"]),
        ]);
    }
    match is_empty {
        true => vec![
            "There are no receivers: name them as [[receiver]] in the server's alarms.toml."
                .to_owned(),
        ],
        false => table.lines(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::parsed;
    use super::*;

    #[test]
    fn receivers_are_listed_with_what_they_were_told() {
        let answer = json!({"receivers": [{"name": "ops", "type": "webhook", "arns": [], "target": "hooks.example.com",
            "waiting": 1, "delivered": 7, "failed": 0, "last_delivered": "2026-11-25T20:31:00.5Z", "last_error": null}]});
        assert_eq!(
            shown(&answer),
            [
                "NAME   TYPE      TARGET              WAITING   DELIVERED   FAILED   LAST                   ERROR",
                "ops    webhook   hooks.example.com   1         7           0        2026-11-25T20:31:00Z   -",
            ]
        );
        assert!(shown(&json!({"receivers": []}))[0].contains("[[receiver]]"));
    }

    #[test]
    fn a_test_says_what_the_receiver_answered() {
        let of = |delivered: bool| {
            tested(
                "ops",
                &json!({"delivered": delivered, "answer": "200 OK", "milliseconds": 35}),
            )
        };
        assert_eq!(of(true), "ops was told: 200 OK (35 ms)");
        assert!(of(false).starts_with("ops was not told: "));
        assert!(parsed::<ReceiversArgs>(&["test"]).is_err());
        let args = parsed::<ReceiversArgs>(&["test", "ops"]).unwrap();
        assert!(matches!(args.command, Some(Command::Test { name }) if name == "ops"));
    }
}
