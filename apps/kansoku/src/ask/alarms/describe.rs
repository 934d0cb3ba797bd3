//! `kansoku alarms describe`: all about one alarm.

use clap::Args;
use serde_json::Value;

use super::list::{STATES, notifies};
use super::words::{condition, items, labels, number, table, text, texts, time};
use super::{path_of, points};
use crate::ask::client::Client;
use crate::ask::format::Format;
use crate::exit::Failure;
use crate::print::Stdout;

/// Series of which a line is shown.
const MOST_SERIES: usize = 50;
/// Series of which the points are shown.
const MOST_WITH_POINTS: usize = 3;

/// What the command takes.
#[derive(Debug, Args)]
pub(super) struct DescribeArgs {
    /// The alarm
    #[arg(value_name = "NAME")]
    name: String,

    /// Only the definition, as JSON that put takes
    #[arg(long, conflicts_with = "format")]
    definition: bool,

    /// How to show it
    #[arg(long, short, value_enum, default_value_t = Format::Table)]
    format: Format,
}

pub(super) fn run(client: &Client, args: &DescribeArgs) -> Result<(), Failure> {
    let mut answer = client.get(&path_of(&args.name))?;
    let mut out = Stdout::lock();
    if args.definition {
        out.line(&format!("{:#}", answer["definition"].take()))?;
        return Ok(out.flush()?);
    }
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

fn shown(alarm: &Value) -> Vec<String> {
    let mut lines: Vec<String> = facts(alarm)
        .into_iter()
        .map(|(head, said)| format!("{head:<12} {said}"))
        .collect();
    let mut all: Vec<&Value> = items(alarm, "series").collect();
    all.sort_by_cached_key(|series| {
        let state = STATES.iter().position(|state| series["state"] == *state);
        (state, labels(&series["labels"]))
    });
    if all.len() > 1 || all.iter().any(|series| labels(&series["labels"]) != "-") {
        lines.push(String::new());
        lines.extend(series(&all));
    }
    for series in all.iter().take(MOST_WITH_POINTS) {
        let points = points::lines(&series["points"], "  ");
        if !points.is_empty() {
            lines.push(String::new());
            lines.push(match labels(&series["labels"]).as_str() {
                "-" => "The points of the newest evaluation:".to_owned(),
                labels => format!("The points of the newest evaluation, {labels}:"),
            });
            lines.extend(points);
        }
    }
    lines.push(String::new());
    lines.extend(
        format!("{:#}", alarm["definition"])
            .lines()
            .map(str::to_owned),
    );
    lines
}

fn facts(alarm: &Value) -> Vec<(&'static str, String)> {
    let mut facts = vec![
        ("name", text(&alarm["name"])),
        (
            "state",
            format!("{} since {}", text(&alarm["state"]), time(&alarm["since"])),
        ),
        ("reason", text(&alarm["reason"])),
    ];
    if !alarm["problem"].is_null() {
        facts.push((
            "problem",
            format!("cannot be evaluated: {}", text(&alarm["problem"])),
        ));
    }
    if !alarm["description"].is_null() {
        facts.push(("description", text(&alarm["description"])));
    }
    let origin = match alarm["origin"].as_str() {
        Some("starter") => "of the starter set".to_owned(),
        Some("file") => "of the server's alarms.toml".to_owned(),
        Some("api") => "put over the API".to_owned(),
        _ => text(&alarm["origin"]),
    };
    let configured = time(&alarm["configured"]);
    facts.push((
        "kind",
        format!("{}, {origin}, changed {configured}", text(&alarm["kind"])),
    ));
    let definition = &alarm["definition"];
    match definition["AlarmRule"].as_str() {
        Some(rule) => facts.push(("rule", super::words::plain(rule))),
        None => facts.push((
            "condition",
            format!(
                "{} of {} periods of {} s {}; missing data: {}",
                text(&alarm["datapoints_to_alarm"]),
                text(&alarm["evaluation_periods"]),
                text(&alarm["period_seconds"]),
                condition(definition),
                text(&alarm["treat_missing_data"])
            ),
        )),
    }
    facts.push(("notifies", notifies(alarm)));
    if items(alarm, "silenced_by").next().is_some() {
        facts.push(("silenced by", texts(&alarm["silenced_by"])));
    }
    if alarm["tags"]
        .as_object()
        .is_some_and(|tags| !tags.is_empty())
    {
        facts.push(("tags", labels(&alarm["tags"])));
    }
    let children: Vec<String> = items(alarm, "children")
        .map(|child| format!("{} {}", text(&child["name"]), text(&child["state"])))
        .collect();
    if !children.is_empty() {
        facts.push(("asks about", children.join(", ")));
    }
    if items(alarm, "parents").next().is_some() {
        facts.push(("asked by", texts(&alarm["parents"])));
    }
    facts
}

fn series(all: &[&Value]) -> Vec<String> {
    let mut table = table(&["SERIES", "STATE", "SINCE", "VALUE", "REASON"]);
    for one in all.iter().take(MOST_SERIES) {
        table.row(vec![
            labels(&one["labels"]),
            text(&one["state"]),
            time(&one["since"]),
            number(&one["value"]),
            text(&one["reason"]),
        ]);
    }
    let mut lines = table.lines();
    if all.len() > MOST_SERIES {
        lines.push(format!(
            "… and {} more (-f json has all)",
            all.len() - MOST_SERIES
        ));
    }
    lines
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn alarm() -> Value {
        json!({
            "name": "web", "state": "ALARM", "since": "2026-11-25T20:31:00Z", "reason": "1 of 2 series is in ALARM.",
            "description": null, "kind": "rows", "origin": "api", "configured": "2026-11-20T08:00:00Z", "problem": null,
            "actions_enabled": true, "receivers": ["ops"], "silenced_by": [], "suppressed_by": null,
            "tags": {"severity": "critical"}, "datapoints_to_alarm": 2, "evaluation_periods": 3, "period_seconds": 60,
            "treat_missing_data": "missing",
            "definition": {"AlarmName": "web", "ComparisonOperator": "GreaterThanThreshold", "Threshold": 0.5},
            "series": [
                {"labels": {"pod": "a"}, "state": "OK", "since": "2026-11-25T20:00:00Z", "value": 0.1, "reason": "r", "points": []},
                {"labels": {"pod": "b"}, "state": "ALARM", "since": "2026-11-25T20:31:00Z", "value": 0.9, "reason": "s",
                 "points": [{"time": "2026-11-25T20:30:00Z", "value": 0.9, "counted": "Breaching", "lower": null, "upper": null}]},
            ],
            "children": [], "parents": ["all"],
        })
    }

    #[test]
    fn an_alarm_is_told_from_state_to_definition() {
        let lines = shown(&alarm());
        let whole = lines.join("\n");
        for part in [
            "name         web\n",
            "state        ALARM since 2026-11-25T20:31:00Z\n",
            "kind         rows, put over the API, changed 2026-11-20T08:00:00Z\n",
            "condition    2 of 3 periods of 60 s > 0.5; missing data: missing\n",
            "notifies     ops\n",
            "tags         severity=critical\n",
            "asked by     all\n",
            "The points of the newest evaluation, pod=b:\n",
            "2026-11-25T20:30:00Z   0.9     breaches\n",
            "\"Threshold\": 0.5",
        ] {
            assert!(whole.contains(part), "{part:?} is not in\n{whole}");
        }
        // The series in ALARM first.
        let at = |text: &str| lines.iter().position(|line| line.starts_with(text));
        assert!(at("pod=b ") < at("pod=a "), "{whole}");
    }

    #[test]
    fn a_composite_alarm_has_a_rule_and_children() {
        let mut composite = alarm();
        composite["definition"] = json!({"AlarmName": "web", "AlarmRule": "ALARM(a)"});
        composite["series"] = json!([]);
        composite["children"] = json!([{"name": "a", "state": "OK"}]);
        let whole = shown(&composite).join("\n");
        assert!(whole.contains("rule         ALARM(a)\n"), "{whole}");
        assert!(whole.contains("asks about   a OK\n"), "{whole}");
        assert!(!whole.contains("condition"), "{whole}");
        assert!(!whole.contains("SERIES"), "{whole}");
    }
}
