//! `kansoku alarms history`: what happened.

use clap::Args;
use clap::builder::PossibleValuesParser;
use serde_json::Value;

use super::words::{items, labels, query, table, text, time};
use crate::ask::client::Client;
use crate::ask::format::Format;
use crate::ask::moment::moment;
use crate::exit::Failure;
use crate::print::Stdout;

/// What the command takes.
#[derive(Debug, Args)]
pub(super) struct HistoryArgs {
    /// Only of this alarm
    #[arg(value_name = "NAME")]
    name: Option<String>,

    /// From when on: a span before now such as 6h or 14d, or a time such as 2026-11-23T08:00:00Z
    #[arg(
        long,
        value_name = "TIME",
        default_value = "14d",
        allow_hyphen_values = true
    )]
    since: String,

    /// Until when, written in the same ways [default: now]
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    until: Option<String>,

    /// Only changes of state, of definitions, or what became of notifications
    #[arg(long = "type", value_name = "TYPE", ignore_case = true,
        value_parser = PossibleValuesParser::new(["StateUpdate", "ConfigurationUpdate", "Action"]))]
    kind: Option<String>,

    /// At most so many, the newest
    #[arg(long, value_name = "NUMBER", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=1000))]
    limit: u32,

    /// How to show it
    #[arg(long, short, value_enum, default_value_t = Format::Table)]
    format: Format,
}

pub(super) fn run(client: &Client, args: &HistoryArgs) -> Result<(), Failure> {
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
    out.flush()?;
    if !answer["next"].is_null() {
        eprintln!("There are older ones: --until, or a higher --limit.");
    }
    Ok(())
}

fn path(args: &HistoryArgs) -> String {
    let mut pairs = Vec::new();
    if let Some(name) = &args.name {
        pairs.push(("alarm", name.clone()));
    }
    pairs.push(("start", moment(&args.since)));
    if let Some(until) = &args.until {
        pairs.push(("end", moment(until)));
    }
    if let Some(kind) = &args.kind {
        pairs.push(("type", in_its_case(kind).to_owned()));
    }
    pairs.push(("limit", args.limit.to_string()));
    format!("/api/alarm-history{}", query(&pairs))
}

fn in_its_case(kind: &str) -> &'static str {
    match kind.to_ascii_lowercase().as_str() {
        "stateupdate" => "StateUpdate",
        "configurationupdate" => "ConfigurationUpdate",
        _ => "Action",
    }
}

fn shown(answer: &Value) -> Vec<String> {
    let mut table = table(&["TIME", "TYPE", "ALARM", "SERIES", "WHAT"]);
    let mut is_empty = true;
    for item in items(answer, "items") {
        is_empty = false;
        table.row(vec![
            time(&item["time"]),
            text(&item["type"]),
            text(&item["alarm"]),
            labels(&item["labels"]),
            what(item),
        ]);
    }
    match is_empty {
        true => vec!["Nothing happened in this time; --since looks further back.".to_owned()],
        false => table.lines(),
    }
}

fn what(item: &Value) -> String {
    match (item["from"].as_str(), item["to"].as_str()) {
        (Some(from), Some(to)) => format!("{from} to {to}: {}", text(&item["reason"])),
        _ => text(&item["summary"]),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::parsed;
    use super::*;

    #[test]
    fn a_line_for_each_item() {
        let answer = json!({"items": [
            {"number": 2, "time": "2026-11-25T20:31:05.25Z", "alarm": "web", "labels": {"pod": "a"}, "type": "StateUpdate",
             "summary": "Alarm updated from OK to ALARM", "from": "OK", "to": "ALARM", "reason": "2 of 3\npoints", "data": {}},
            {"number": 1, "time": "2026-11-25T20:30:00Z", "alarm": "web", "labels": {}, "type": "ConfigurationUpdate",
             "summary": "Alarm \"web\" created", "from": null, "to": null, "reason": null, "data": {}},
        ]});
        assert_eq!(
            shown(&answer),
            [
                "TIME                   TYPE                  ALARM   SERIES   WHAT",
                "2026-11-25T20:31:05Z   StateUpdate           web     pod=a    OK to ALARM: 2 of 3 points",
                "2026-11-25T20:30:00Z   ConfigurationUpdate   web     -        Alarm \"web\" created",
            ]
        );
        assert_eq!(shown(&json!({"items": []})).len(), 1);
    }

    #[test]
    fn options_become_a_query() {
        let of = |words: &[&str]| parsed::<HistoryArgs>(words).map(|args| path(&args));
        assert_eq!(
            of(&[]).unwrap(),
            "/api/alarm-history?start=-1209600s&limit=100"
        );
        assert_eq!(
            of(&[
                "a/b",
                "--since",
                "-2h",
                "--until",
                "1h",
                "--type",
                "stateupdate",
                "--limit",
                "5"
            ])
            .unwrap(),
            "/api/alarm-history?alarm=a%2Fb&start=-7200s&end=-3600s&type=StateUpdate&limit=5"
        );
        assert!(of(&["--type", "x"]).is_err());
        assert!(of(&["--limit", "0"]).is_err());
        assert!(of(&["--limit", "1001"]).is_err());
    }
}
