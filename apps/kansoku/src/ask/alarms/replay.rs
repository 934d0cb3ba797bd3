//! `kansoku alarms replay`: what an alarm would have done over stored history.

use std::path::Path;

use alarm::Definition;
use clap::Args;
use serde_json::{Value, json};

use super::words::{counted, items, labels, text, time, time_of_millis};
use super::{definitions, path_of, points};
use crate::ask::client::{AskError, Client};
use crate::ask::format::Format;
use crate::ask::moment::moment;
use crate::exit::Failure;
use crate::print::{Stdout, span};

/// What the command takes.
#[derive(Debug, Args)]
pub(super) struct ReplayArgs {
    /// A file with definitions, as for put, or the name of an alarm
    #[arg(value_name = "FILE|NAME")]
    what: String,

    /// The file has alerting rules of Prometheus
    #[arg(long)]
    prometheus: bool,

    /// From when on: a span before now such as 6h or 7d, or a time such as 2026-11-23T08:00:00Z
    #[arg(
        long,
        value_name = "TIME",
        default_value = "7d",
        allow_hyphen_values = true
    )]
    start: String,

    /// Until when, written in the same ways
    #[arg(
        long,
        value_name = "TIME",
        default_value = "now",
        allow_hyphen_values = true
    )]
    end: String,

    /// How to show it; json has a line for each alarm, with all values
    #[arg(long, short, value_enum, default_value_t = Format::Table)]
    format: Format,
}

pub(super) fn run(client: &Client, args: &ReplayArgs) -> Result<(), Failure> {
    let mut out = Stdout::lock();
    let mut is_first = true;
    let mut refused = 0;
    for definition in wanted(client, args)? {
        let body = json!({"definition": definition, "start": moment(&args.start), "end": moment(&args.end)});
        let name = text(&definition["AlarmName"]);
        let answer = match client.post("/api/alarms/replay", body.to_string().as_bytes()) {
            Ok(answer) => answer,
            // Such as a composite alarm among others: it has no data points.
            Err(AskError::Refused { said, .. }) => {
                eprintln!("{name}: {said}");
                refused += 1;
                continue;
            }
            Err(other) => return Err(other.into()),
        };
        match args.format {
            Format::Json => out.line(&answer.to_string())?,
            Format::Table => {
                if !is_first {
                    out.line("")?;
                }
                for line in shown(&name, &answer) {
                    out.line(&line)?;
                }
            }
        }
        out.flush()?;
        is_first = false;
    }
    match refused {
        0 => Ok(()),
        refused => Err(Failure::work(format!(
            "{} not replayed",
            counted(refused, "alarm was", "alarms were")
        ))),
    }
}

/// The definitions of a file, or of an alarm that the server has.
fn wanted(client: &Client, args: &ReplayArgs) -> Result<Vec<Value>, Failure> {
    if args.prometheus || is_file(&args.what) {
        let given = definitions::read(&args.what, args.prometheus)?;
        for note in &given.notes {
            eprintln!("{}: {note}", args.what);
        }
        return Ok(given.definitions.iter().map(Definition::to_json).collect());
    }
    let mut alarm = client.get(&path_of(&args.what))?;
    Ok(vec![alarm["definition"].take()])
}

/// What ends as files do is one even where there is none: its absence is to be told, and not that of an alarm.
fn is_file(what: &str) -> bool {
    let path = Path::new(what);
    let ending = path.extension().and_then(|ending| ending.to_str());
    what == "-" || path.is_file() || matches!(ending, Some("json" | "toml" | "yaml" | "yml"))
}

fn shown(name: &str, answer: &Value) -> Vec<String> {
    let transitions = answer["transitions"].as_u64().unwrap_or_default();
    let mut lines = vec![format!(
        "{name}: {}, {} in ALARM",
        counted(
            usize::try_from(transitions).unwrap_or(usize::MAX),
            "change of state",
            "changes of state"
        ),
        span(answer["in_alarm_seconds"].as_f64())
    )];
    let times: Vec<&Value> = items(answer, "times").collect();
    if let (Some(first), Some(last)) = (times.first(), times.last()) {
        lines.push(format!(
            "  periods of {} s from {} to {}",
            text(&answer["period_seconds"]),
            time_of_millis(first),
            time_of_millis(last)
        ));
    }
    lines.extend(items(answer, "notes").map(|note| format!("  {}", text(note))));
    let mut quiet = 0;
    for series in items(answer, "series") {
        if items(series, "transitions").next().is_none() {
            quiet += 1;
            continue;
        }
        lines.extend(of_series(series));
    }
    if quiet > 0 {
        lines.push(format!(
            "  {} without a change",
            counted(quiet, "series", "series")
        ));
    }
    lines
}

fn of_series(series: &Value) -> Vec<String> {
    let mut lines = Vec::new();
    let of = labels(&series["labels"]);
    if of != super::words::ABSENT {
        lines.push(format!(
            "  {of}, {} in ALARM",
            span(in_alarm_seconds(series))
        ));
    }
    for transition in items(series, "transitions") {
        lines.push(format!(
            "  {}   {} to {}: {}",
            time(&transition["time"]),
            text(&transition["from"]),
            text(&transition["to"]),
            text(&transition["reason"])
        ));
        lines.extend(points::lines(&transition["points"], "      "));
    }
    lines
}

/// Times are milliseconds since 1970 or RFC 3339.
fn in_alarm_seconds(series: &Value) -> Option<f64> {
    let millis = |value: &Value| {
        value.as_f64().or_else(|| {
            let time = chrono::DateTime::parse_from_rfc3339(value.as_str()?).ok()?;
            Some(time.timestamp_millis() as f64)
        })
    };
    let spans = items(series, "spans").filter(|span| span["state"] == "ALARM");
    let lengths =
        spans.map(|span| Some((millis(&span["end"])? - millis(&span["start"])?) / 1000.0));
    lengths.sum()
}

#[cfg(test)]
mod tests {
    use super::super::parsed;
    use super::*;

    #[test]
    fn each_change_is_told_with_the_points_it_saw() {
        let answer = json!({
            "period_seconds": 60, "threshold": 0.5, "times": [0, 60_000, 120_000], "transitions": 1, "in_alarm_seconds": 3725,
            "notes": ["there is no history before 1970-01-01T00:00:00Z"],
            "series": [
                {"labels": {"pod": "a"}, "values": [0, null, 1], "spans": [
                    {"state": "OK", "start": "1970-01-01T00:01:00Z", "end": "1970-01-01T00:02:00Z"},
                    {"state": "ALARM", "start": "1970-01-01T00:02:00Z", "end": "1970-01-01T01:04:05Z"}],
                 "transitions": [{"time": "1970-01-01T00:03:00Z", "from": "OK", "to": "ALARM", "reason": "Threshold Crossed", "points": [
                    {"time": "1970-01-01T00:01:00Z", "value": null, "counted": "Missing"},
                    {"time": "1970-01-01T00:02:00Z", "value": 1, "counted": "Breaching"}]}]},
                {"labels": {"pod": "b"}, "values": [0, 0, 0], "spans": [], "transitions": []},
            ],
        });
        assert_eq!(
            shown("web", &answer),
            [
                "web: 1 change of state, 1h 2m in ALARM",
                "  periods of 60 s from 1970-01-01T00:00:00Z to 1970-01-01T00:02:00Z",
                "  there is no history before 1970-01-01T00:00:00Z",
                "  pod=a, 1h 2m in ALARM",
                "  1970-01-01T00:03:00Z   OK to ALARM: Threshold Crossed",
                "      PERIOD                 VALUE     COUNTED",
                "      1970-01-01T00:01:00Z   missing   passed over",
                "      1970-01-01T00:02:00Z   1         breaches",
                "  1 series without a change",
            ]
        );
    }

    #[test]
    fn files_are_told_from_names() {
        assert!(is_file("-"));
        assert!(is_file("not-there.json"));
        assert!(!is_file("shop: memory"));
        let args = parsed::<ReplayArgs>(&["web", "--start", "-7d"]).unwrap();
        assert_eq!(moment(&args.start), "-604800s");
        assert_eq!(moment(&args.end), "now");
    }
}
