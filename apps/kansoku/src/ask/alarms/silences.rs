//! `kansoku alarms silences`, `silence`, `unsilence`.

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use clap::Args;
use serde_json::{Map, Value, json};

use super::words::{ABSENT, items, plain, table, text, texts, time};
use crate::ask::client::{Client, encode};
use crate::ask::format::Format;
use crate::ask::moment::seconds;
use crate::exit::Failure;
use crate::print::Stdout;

/// What `silences` takes.
#[derive(Debug, Args)]
pub(super) struct ListArgs {
    /// How to show them
    #[arg(long, short, value_enum, default_value_t = Format::Table)]
    format: Format,
}

/// What `silence` takes.
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("what").required(true).multiple(true).args(["alarm", "label", "tag"]))]
#[command(group = clap::ArgGroup::new("when").required(true).multiple(true).args(["for_", "until", "weekly"]))]
pub(super) struct SilenceArgs {
    /// Alarms of this name; * stands for any characters
    #[arg(long, value_name = "PATTERN")]
    alarm: Option<String>,

    /// Series with this label: KEY=PATTERN or KEY!=PATTERN; the same key again is another pattern that fits
    #[arg(long, value_name = "KEY=PATTERN", value_parser = pair)]
    label: Vec<Pair>,

    /// Alarms with this tag, written in the same ways
    #[arg(long, value_name = "KEY=PATTERN", value_parser = pair)]
    tag: Vec<Pair>,

    /// For how long from now, such as 2h or 1h30m
    #[arg(
        long = "for",
        id = "for_",
        value_name = "SPAN",
        conflicts_with = "until"
    )]
    span: Option<String>,

    /// Until when, such as 2026-11-26T22:00:00Z
    #[arg(long, value_name = "TIME")]
    until: Option<String>,

    /// Only in these hours of each week, such as "Mon,Tue 22:00-06:00 Europe/Berlin"; without a zone UTC
    #[arg(long, value_name = "HOURS", value_parser = weekly)]
    weekly: Option<Value>,

    /// Why
    #[arg(long, value_name = "TEXT")]
    comment: String,

    /// Who silences it
    #[arg(
        long,
        value_name = "NAME",
        env = "USER",
        hide_env_values = true,
        default_value = ""
    )]
    author: String,
}

/// What `unsilence` takes.
#[derive(Debug, Args)]
pub(super) struct UnsilenceArgs {
    /// The silence, as `silences` lists it
    #[arg(value_name = "ID")]
    id: String,
}

/// A condition on a label or a tag.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Pair {
    key: String,
    pattern: String,
    is_not: bool,
}

fn pair(text: &str) -> Result<Pair, String> {
    let wrong = || "write KEY=PATTERN, such as namespace=shop or pod!=canary-*".to_owned();
    let (key, pattern) = text.split_once('=').ok_or_else(wrong)?;
    let (key, is_not) = match key.strip_suffix('!') {
        Some(key) => (key, true),
        None => (key, false),
    };
    match key.is_empty() {
        true => Err(wrong()),
        false => Ok(Pair {
            key: key.to_owned(),
            pattern: pattern.to_owned(),
            is_not,
        }),
    }
}

/// Days, hours and zone; the server knows which days and zones there are.
fn weekly(text: &str) -> Result<Value, String> {
    let mut words = text.split_whitespace();
    let days = words.next();
    let hours = words.next().and_then(|hours| hours.split_once('-'));
    let zone = words.next().unwrap_or("UTC");
    match (days, hours, words.next()) {
        (Some(days), Some((from, to)), None) => {
            let days: Vec<&str> = days.split(',').collect();
            Ok(json!({"days": days, "from": from, "to": to, "time_zone": zone}))
        }
        _ => Err(
            "write days, hours and a zone, such as \"Mon,Tue 22:00-06:00 Europe/Berlin\""
                .to_owned(),
        ),
    }
}

pub(super) fn list(client: &Client, args: &ListArgs) -> Result<(), Failure> {
    let answer = client.get("/api/silences")?;
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

pub(super) fn silence(client: &Client, args: &SilenceArgs) -> Result<(), Failure> {
    let body = body(args, Utc::now())?.to_string();
    let answer = client.post("/api/silences", body.as_bytes())?;
    let mut out = Stdout::lock();
    out.line(&text(&answer["id"]))?;
    Ok(out.flush()?)
}

pub(super) fn unsilence(client: &Client, args: &UnsilenceArgs) -> Result<(), Failure> {
    client.delete(&format!("/api/silences/{}", encode(&args.id)))?;
    let mut out = Stdout::lock();
    out.line(&format!("ended {}", plain(&args.id)))?;
    Ok(out.flush()?)
}

fn body(args: &SilenceArgs, now: DateTime<Utc>) -> Result<Value, Failure> {
    let mut body = json!({
        "labels": matches(&args.label, "--label")?,
        "tags": matches(&args.tag, "--tag")?,
        "comment": args.comment,
        "author": args.author,
    });
    if let Some(alarm) = &args.alarm {
        body["alarm"] = json!(alarm);
    }
    if let Some(span) = &args.span {
        let ends = seconds(span.trim())
            .filter(|seconds| *seconds > 0)
            .and_then(|seconds| TimeDelta::try_seconds(i64::try_from(seconds).ok()?))
            .and_then(|span| now.checked_add_signed(span));
        let Some(ends) = ends else {
            return Err(Failure::usage(format!(
                "--for {span}: write a span such as 30m, 2h or 1d"
            )));
        };
        body["ends"] = json!(ends.to_rfc3339_opts(SecondsFormat::Secs, true));
    }
    if let Some(until) = &args.until {
        body["ends"] = json!(until);
    }
    if let Some(weekly) = &args.weekly {
        body["weekly"] = weekly.clone();
    }
    Ok(body)
}

/// Conditions by key: one pattern, several, or what must not be.
fn matches(pairs: &[Pair], option: &str) -> Result<Map<String, Value>, Failure> {
    let mut all = Map::new();
    for pair in pairs {
        if all.contains_key(&pair.key) {
            continue;
        }
        let same: Vec<&Pair> = pairs.iter().filter(|other| other.key == pair.key).collect();
        if same.iter().any(|other| other.is_not != pair.is_not) {
            return Err(Failure::usage(format!(
                "{option} {}: write = or !=, not both",
                pair.key
            )));
        }
        let patterns: Vec<&str> = same.iter().map(|other| other.pattern.as_str()).collect();
        let patterns = match patterns.as_slice() {
            [one] => json!(one),
            several => json!(several),
        };
        let condition = match pair.is_not {
            true => json!({"not": patterns}),
            false => patterns,
        };
        all.insert(pair.key.clone(), condition);
    }
    Ok(all)
}

fn shown(answer: &Value) -> Vec<String> {
    let mut table = table(&[
        "ID", "NOW", "ALARM", "LABELS", "TAGS", "STARTS", "ENDS", "WEEKLY", "BY", "COMMENT", "FROM",
    ]);
    let mut is_empty = true;
    for silence in items(answer, "silences") {
        is_empty = false;
        let now = if silence["active"] == true {
            "silent"
        } else {
            "not"
        };
        table.row(vec![
            text(&silence["id"]),
            now.to_owned(),
            text(&silence["alarm"]),
            conditions(&silence["labels"]),
            conditions(&silence["tags"]),
            time(&silence["starts"]),
            time(&silence["ends"]),
            hours(&silence["weekly"]),
            text(&silence["author"]),
            text(&silence["comment"]),
            text(&silence["origin"]),
        ]);
    }
    match is_empty {
        true => vec!["Nothing is silenced.".to_owned()],
        false => table.lines(),
    }
}

/// `namespace=shop|kube-*, pod!=canary-*`
fn conditions(of: &Value) -> String {
    let patterns = |value: &Value| match value {
        Value::Array(all) => all.iter().map(text).collect::<Vec<_>>().join("|"),
        one => text(one),
    };
    let all: Vec<String> = of
        .as_object()
        .into_iter()
        .flatten()
        .map(|(key, condition)| match condition.get("not") {
            Some(not) => format!("{}!={}", plain(key), patterns(not)),
            None => format!("{}={}", plain(key), patterns(condition)),
        })
        .collect();
    match all.is_empty() {
        true => ABSENT.to_owned(),
        false => all.join(", "),
    }
}

fn hours(weekly: &Value) -> String {
    match weekly.is_null() {
        true => ABSENT.to_owned(),
        false => format!(
            "{} {}-{} {}",
            texts(&weekly["days"]).replace(", ", ","),
            text(&weekly["from"]),
            text(&weekly["to"]),
            text(&weekly["time_zone"])
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::super::parsed;
    use super::*;

    fn sent(words: &[&str]) -> Value {
        let now = DateTime::from_timestamp(0, 0).unwrap();
        let mut args = parsed::<SilenceArgs>(words).unwrap();
        args.author = "me".to_owned();
        body(&args, now).unwrap()
    }

    #[test]
    fn options_become_a_silence() {
        assert_eq!(
            sent(&[
                "--alarm",
                "shop-*",
                "--for",
                "1h30m",
                "--comment",
                "rollout"
            ]),
            json!({"alarm": "shop-*", "labels": {}, "tags": {}, "ends": "1970-01-01T01:30:00Z", "comment": "rollout", "author": "me"})
        );
        assert_eq!(
            sent(&[
                "--label",
                "namespace=shop",
                "--label",
                "namespace=kube-*",
                "--label",
                "pod!=canary-*",
                "--tag",
                "team=a=b",
                "--weekly",
                "Mon,Tue 22:00-06:00 Europe/Berlin",
                "--comment",
                "c",
            ]),
            json!({"labels": {"namespace": ["shop", "kube-*"], "pod": {"not": "canary-*"}}, "tags": {"team": "a=b"},
                "weekly": {"days": ["Mon", "Tue"], "from": "22:00", "to": "06:00", "time_zone": "Europe/Berlin"},
                "comment": "c", "author": "me"})
        );
        assert_eq!(
            sent(&[
                "--alarm",
                "a",
                "--until",
                "2026-11-26T22:00:00Z",
                "--comment",
                "c"
            ])["ends"],
            "2026-11-26T22:00:00Z"
        );
    }

    #[test]
    fn what_and_how_long_must_be_said() {
        for words in [
            ["--for", "2h", "--comment", "c"].as_slice(),
            &["--alarm", "a", "--comment", "c"],
            &["--alarm", "a", "--for", "2h"],
            &[
                "--alarm",
                "a",
                "--for",
                "2h",
                "--until",
                "2026-11-26T22:00:00Z",
                "--comment",
                "c",
            ],
            &["--alarm", "a", "--weekly", "Mon", "--comment", "c"],
            &["--label", "shop", "--for", "2h", "--comment", "c"],
        ] {
            assert!(parsed::<SilenceArgs>(words).is_err(), "{words:?}");
        }
        for words in [
            ["--alarm", "a", "--for", "soon", "--comment", "c"].as_slice(),
            &["--alarm", "a", "--for", "0s", "--comment", "c"],
            &[
                "--label",
                "a=b",
                "--label",
                "a!=c",
                "--for",
                "2h",
                "--comment",
                "c",
            ],
        ] {
            let args = parsed::<SilenceArgs>(words).unwrap();
            assert!(body(&args, Utc::now()).is_err(), "{words:?}");
        }
    }

    #[test]
    fn silences_are_listed() {
        let answer = json!({"silences": [{
            "id": "1", "alarm": null, "labels": {"namespace": ["shop", "x"], "pod": {"not": "c-*"}}, "tags": {}, "starts": null,
            "ends": "2026-11-26T22:00:00Z", "weekly": {"days": ["Mon", "Tue"], "from": "22:00", "to": "06:00", "time_zone": "UTC"},
            "comment": "c", "author": "me", "active": true, "origin": "api",
        }]});
        assert_eq!(
            shown(&answer)[1],
            "1    silent   -       namespace=shop|x, pod!=c-*   -      -        2026-11-26T22:00:00Z   Mon,Tue 22:00-06:00 UTC   me   c         api"
        );
        assert_eq!(shown(&json!({"silences": []})), ["Nothing is silenced."]);
    }
}
