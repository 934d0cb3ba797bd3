//! `kansoku alarms list`: alarms with their states.

use clap::Args;
use clap::builder::PossibleValuesParser;
use serde_json::Value;

use super::words::{between, items, query, table, text};
use crate::ask::client::Client;
use crate::ask::format::Format;
use crate::exit::Failure;
use crate::print::{Stdout, TextTable};

/// CloudWatch's states, the worst first.
pub(super) const STATES: [&str; 3] = ["ALARM", "INSUFFICIENT_DATA", "OK"];
/// Severities, the worst first.
const SEVERITIES: [&str; 4] = ["critical", "error", "warning", "info"];

/// What the command takes.
#[derive(Debug, Args)]
pub(super) struct ListArgs {
    /// Only alarms in this state
    #[arg(long, value_name = "STATE", ignore_case = true, value_parser = PossibleValuesParser::new(STATES))]
    state: Option<String>,

    /// Only alarms whose names begin so
    #[arg(long, value_name = "TEXT")]
    prefix: Option<String>,

    /// Only alarms with this tag, such as severity:critical; of several, all
    #[arg(long, value_name = "KEY:VALUE", value_parser = tag)]
    tag: Vec<String>,

    /// How to show them
    #[arg(long, short, value_enum, default_value_t = Format::Table)]
    format: Format,
}

fn tag(text: &str) -> Result<String, String> {
    match text.split_once([':', '=']) {
        Some((key, value)) if !key.is_empty() => Ok(format!("{key}:{value}")),
        _ => Err("write KEY:VALUE, such as severity:critical".to_owned()),
    }
}

pub(super) fn run(client: &Client, args: &ListArgs) -> Result<(), Failure> {
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
    for problem in items(&answer, "problems") {
        eprintln!("{}", text(problem));
    }
    if !answer["next"].is_null() {
        eprintln!("There are more alarms: --prefix, --tag or --state shows fewer.");
    }
    Ok(())
}

fn path(args: &ListArgs) -> String {
    let mut pairs = Vec::new();
    if let Some(state) = &args.state {
        pairs.push(("state", state.to_ascii_uppercase()));
    }
    if let Some(prefix) = &args.prefix {
        pairs.push(("prefix", prefix.clone()));
    }
    pairs.extend(args.tag.iter().map(|tag| ("tag", tag.clone())));
    format!("/api/alarms{}", query(&pairs))
}

fn shown(answer: &Value) -> Vec<String> {
    let mut alarms: Vec<&Value> = items(answer, "alarms").collect();
    if alarms.is_empty() {
        return vec!["There are no such alarms.".to_owned()];
    }
    let name = |alarm: &Value| alarm["name"].as_str().unwrap_or_default().to_owned();
    alarms.sort_by_cached_key(|alarm| {
        let state = place(&STATES, alarm["state"].as_str());
        let severity = place(&SEVERITIES, alarm["tags"]["severity"].as_str());
        (state, severity, name(alarm))
    });
    let mut lines = rows(&alarms, &answer["time"]).lines();
    lines.push(String::new());
    let count = |state: &str| answer["counts"][state].as_u64().unwrap_or_default();
    lines.push(format!(
        "{} in ALARM, {} OK, {} without enough data.",
        count("ALARM"),
        count("OK"),
        count("INSUFFICIENT_DATA")
    ));
    lines
}

fn place(all: &[&str], word: Option<&str>) -> usize {
    let at = word.and_then(|word| all.iter().position(|one| *one == word));
    at.unwrap_or(all.len())
}

fn rows(alarms: &[&Value], now: &Value) -> TextTable {
    let mut table = table(&[
        "NAME", "STATE", "FOR", "SEVERITY", "KIND", "SERIES", "NOTIFIES", "NOTE",
    ]);
    for alarm in alarms {
        table.row(vec![
            text(&alarm["name"]),
            text(&alarm["state"]),
            between(&alarm["since"], now),
            text(&alarm["tags"]["severity"]),
            text(&alarm["kind"]),
            series(&alarm["contributors"]),
            notifies(alarm),
            note(alarm),
        ]);
    }
    table
}

/// Of an alarm over many series: how many of them are in ALARM.
fn series(contributors: &Value) -> String {
    let count = |state: &str| contributors[state].as_u64().unwrap_or_default();
    match contributors.is_null() {
        true => super::words::ABSENT.to_owned(),
        false => {
            let all: u64 = STATES.into_iter().map(count).sum();
            format!("{}/{all}", count("ALARM"))
        }
    }
}

/// Who is told, or why nobody is.
pub(super) fn notifies(alarm: &Value) -> String {
    let is_empty = |name: &str| items(alarm, name).next().is_none();
    if alarm["actions_enabled"] == false {
        "off".to_owned()
    } else if !is_empty("silenced_by") {
        "silenced".to_owned()
    } else if let Some(by) = alarm["suppressed_by"].as_str() {
        format!("suppressed ({})", super::words::plain(by))
    } else if is_empty("receivers") {
        "nobody".to_owned()
    } else {
        super::words::texts(&alarm["receivers"])
    }
}

/// What keeps it from being evaluated; else why it is in ALARM.
fn note(alarm: &Value) -> String {
    if !alarm["problem"].is_null() {
        format!("cannot be evaluated: {}", text(&alarm["problem"]))
    } else if alarm["state"] == "ALARM" {
        text(&alarm["reason"])
    } else {
        String::new()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::parsed;
    use super::*;

    #[test]
    fn the_worst_comes_first() {
        let alarm = |name: &str, state: &str, severity: &str| {
            json!({"name": name, "state": state, "since": "2026-11-25T20:00:00Z", "kind": "rows", "reason": "Threshold Crossed",
                "actions_enabled": true, "receivers": ["ops"], "silenced_by": [], "suppressed_by": null, "problem": null,
                "contributors": {"ALARM": 1, "OK": 3, "INSUFFICIENT_DATA": 0}, "tags": {"severity": severity}})
        };
        let mut blind = alarm("blind", "INSUFFICIENT_DATA", "info");
        blind["problem"] = json!("there is no column x");
        blind["contributors"] = Value::Null;
        blind["actions_enabled"] = json!(false);
        let answer = json!({
            "time": "2026-11-25T22:05:00Z", "counts": {"ALARM": 2, "OK": 1, "INSUFFICIENT_DATA": 1},
            "alarms": [alarm("fine", "OK", "critical"), blind, alarm("b", "ALARM", "warning"), alarm("z", "ALARM", "critical")],
        });
        assert_eq!(
            shown(&answer),
            [
                "NAME    STATE               FOR     SEVERITY   KIND   SERIES   NOTIFIES   NOTE",
                "z       ALARM               2h 5m   critical   rows   1/4      ops        Threshold Crossed",
                "b       ALARM               2h 5m   warning    rows   1/4      ops        Threshold Crossed",
                "blind   INSUFFICIENT_DATA   2h 5m   info       rows   -        off        cannot be evaluated: there is no column x",
                "fine    OK                  2h 5m   critical   rows   1/4      ops",
                "",
                "2 in ALARM, 1 OK, 1 without enough data.",
            ]
        );
        assert_eq!(shown(&json!({"alarms": []})).len(), 1);
    }

    #[test]
    fn it_is_said_who_is_told() {
        let of = |changed: Value| {
            let mut alarm = json!({"actions_enabled": true, "receivers": ["a", "b"], "silenced_by": [], "suppressed_by": null});
            for (key, value) in changed.as_object().unwrap() {
                alarm[key] = value.clone();
            }
            notifies(&alarm)
        };
        assert_eq!(of(json!({})), "a, b");
        assert_eq!(of(json!({"receivers": []})), "nobody");
        assert_eq!(of(json!({"silenced_by": ["1"]})), "silenced");
        assert_eq!(of(json!({"suppressed_by": "Alarm"})), "suppressed (Alarm)");
        assert_eq!(
            of(json!({"silenced_by": ["1"], "actions_enabled": false})),
            "off"
        );
    }

    #[test]
    fn options_become_a_query() {
        let of = |words: &[&str]| parsed::<ListArgs>(words).map(|args| path(&args));
        assert_eq!(of(&[]).unwrap(), "/api/alarms");
        assert_eq!(
            of(&[
                "--state",
                "alarm",
                "--prefix",
                "shop: ",
                "--tag",
                "severity:critical",
                "--tag",
                "team=a b"
            ])
            .unwrap(),
            "/api/alarms?state=ALARM&prefix=shop%3A%20&tag=severity%3Acritical&tag=team%3Aa%20b"
        );
        assert!(of(&["--state", "BAD"]).is_err());
        assert!(of(&["--tag", "severity"]).is_err());
    }
}
