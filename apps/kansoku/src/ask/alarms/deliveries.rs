//! `kansoku alarms deliveries`: what became of notifications.

use clap::Args;
use clap::builder::PossibleValuesParser;
use serde_json::Value;

use super::words::{ABSENT, items, labels, query, table, text, time};
use crate::ask::client::Client;
use crate::ask::format::Format;
use crate::exit::Failure;
use crate::print::Stdout;

/// What the command takes.
#[derive(Debug, Args)]
pub(super) struct DeliveriesArgs {
    /// Only of this alarm
    #[arg(long, value_name = "NAME")]
    alarm: Option<String>,

    /// Only those that wait, have arrived, or were given up
    #[arg(long, value_name = "STATE", value_parser = PossibleValuesParser::new(["waiting", "delivered", "failed"]))]
    state: Option<String>,

    /// At most so many, the newest
    #[arg(long, value_name = "NUMBER", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=1000))]
    limit: u32,

    /// How to show them
    #[arg(long, short, value_enum, default_value_t = Format::Table)]
    format: Format,
}

pub(super) fn run(client: &Client, args: &DeliveriesArgs) -> Result<(), Failure> {
    let answer = client.get(&path(args))?;
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

fn path(args: &DeliveriesArgs) -> String {
    let mut pairs = Vec::new();
    if let Some(alarm) = &args.alarm {
        pairs.push(("alarm", alarm.clone()));
    }
    if let Some(state) = &args.state {
        pairs.push(("state", state.clone()));
    }
    pairs.push(("limit", args.limit.to_string()));
    format!("/api/deliveries{}", query(&pairs))
}

fn shown(answer: &Value) -> Vec<String> {
    let mut table = table(&[
        "FOUND", "ALARM", "SERIES", "TO", "RECEIVER", "STATE", "ATTEMPTS", "NOTE",
    ]);
    let mut is_empty = true;
    for delivery in items(answer, "deliveries") {
        is_empty = false;
        table.row(vec![
            time(&delivery["at"]),
            text(&delivery["alarm"]),
            labels(&delivery["labels"]),
            text(&delivery["to"]),
            text(&delivery["receiver"]),
            text(&delivery["state"]),
            text(&delivery["attempts"]),
            note(delivery),
        ]);
    }
    match is_empty {
        true => vec!["There are no such notifications.".to_owned()],
        false => table.lines(),
    }
}

/// When it arrived, or when it is tried again, and why it did not arrive.
fn note(delivery: &Value) -> String {
    if !delivery["delivered"].is_null() {
        return format!("arrived {}", time(&delivery["delivered"]));
    }
    let is_waiting = delivery["state"] == "waiting" && !delivery["next"].is_null();
    let next = is_waiting.then(|| format!("next attempt {}", time(&delivery["next"])));
    let error = Some(&delivery["error"])
        .filter(|error| !error.is_null())
        .map(text);
    let said: Vec<String> = next.into_iter().chain(error).collect();
    match said.is_empty() {
        true => ABSENT.to_owned(),
        false => said.join(": "),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::parsed;
    use super::*;

    #[test]
    fn it_is_said_what_became_of_each() {
        let delivery = |state: &str, delivered: Value, error: Value| {
            json!({"id": "1", "number": 1, "alarm": "web", "labels": {}, "to": "ALARM", "receiver": "ops", "state": state,
                "attempts": 2, "next": "2026-11-25T20:32:00Z", "at": "2026-11-25T20:31:00Z", "delivered": delivered, "error": error})
        };
        let answer = json!({"deliveries": [
            delivery("delivered", json!("2026-11-25T20:31:01Z"), Value::Null),
            delivery("waiting", Value::Null, json!("503")),
            delivery("failed", Value::Null, json!("404 Not Found")),
        ]});
        let lines = shown(&answer);
        assert!(
            lines[1].ends_with("delivered   2          arrived 2026-11-25T20:31:01Z"),
            "{lines:#?}"
        );
        assert!(
            lines[2].ends_with("next attempt 2026-11-25T20:32:00Z: 503"),
            "{lines:#?}"
        );
        assert!(
            lines[3].ends_with("failed      2          404 Not Found"),
            "{lines:#?}"
        );
        assert_eq!(shown(&json!({"deliveries": []})).len(), 1);
    }

    #[test]
    fn options_become_a_query() {
        let of = |words: &[&str]| parsed::<DeliveriesArgs>(words).map(|args| path(&args));
        assert_eq!(of(&[]).unwrap(), "/api/deliveries?limit=100");
        assert_eq!(
            of(&["--alarm", "a b", "--state", "failed"]).unwrap(),
            "/api/deliveries?alarm=a%20b&state=failed&limit=100"
        );
        assert!(of(&["--state", "lost"]).is_err());
    }
}
