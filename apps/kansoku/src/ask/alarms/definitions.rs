//! Definitions from files: JSON, `alarms.toml`, alerting rules of Prometheus.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::Path;

use alarm::Definition;
use alarm::composite;
use serde_json::Value;

use crate::exit::Failure;

/// Keys that CloudWatch's `describe-alarms` shows beside a definition.
const SHOWN_ONLY: [&str; 10] = [
    "AlarmArn",
    "AlarmConfigurationUpdatedTimestamp",
    "StateValue",
    "StateReason",
    "StateReasonData",
    "StateUpdatedTimestamp",
    "StateTransitionedTimestamp",
    "EvaluationState",
    "ActionsSuppressedBy",
    "ActionsSuppressedReason",
];

/// What a file gave.
#[derive(Debug, Default)]
pub(super) struct Given {
    /// In the file's order.
    pub(super) definitions: Vec<Definition>,
    /// What of the file is not a definition, in words.
    pub(super) notes: Vec<String>,
}

/// Why a file gives nothing.
#[derive(Debug)]
pub(super) enum Unread {
    /// It cannot be read.
    File(String),
    /// Everything that is wrong in it, a line each.
    Faults(Vec<String>),
}

impl From<Unread> for Failure {
    fn from(unread: Unread) -> Failure {
        match unread {
            Unread::File(said) => Failure::usage(said),
            Unread::Faults(lines) => Failure::work(lines.join("\n")),
        }
    }
}

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Json,
    Toml,
    Prometheus,
}

/// The definitions of a file, or of standard input for `-`.
pub(super) fn read(file: &str, is_prometheus: bool) -> Result<Given, Unread> {
    let form = form(file, is_prometheus)?;
    let text = text_of(file)?;
    let given = match form {
        Form::Json => json(&text).map(|definitions| Given {
            definitions,
            notes: Vec::new(),
        }),
        Form::Toml => toml(&text),
        Form::Prometheus => prometheus(&text),
    };
    given.map_err(|faults| {
        let faults = faults.into_iter();
        let name = name_of_file(file);
        Unread::Faults(faults.map(|fault| format!("{name}: {fault}")).collect())
    })
}

fn form(file: &str, is_prometheus: bool) -> Result<Form, Unread> {
    let ending = Path::new(file)
        .extension()
        .and_then(|ending| ending.to_str());
    match ending.map(str::to_ascii_lowercase).as_deref() {
        _ if is_prometheus => Ok(Form::Prometheus),
        Some("toml") => Ok(Form::Toml),
        Some("yaml" | "yml") => Err(Unread::File(format!(
            "{file} is YAML: `kansoku alarms put --prometheus` imports alerting rules"
        ))),
        _ => Ok(Form::Json),
    }
}

fn text_of(file: &str) -> Result<String, Unread> {
    let read = match file {
        "-" => {
            let mut text = String::new();
            std::io::stdin().read_to_string(&mut text).map(|_| text)
        }
        path => std::fs::read_to_string(path),
    };
    read.map_err(|error| Unread::File(format!("{}: {error}", name_of_file(file))))
}

fn name_of_file(file: &str) -> &str {
    match file {
        "-" => "standard input",
        path => path,
    }
}

/// One definition, a list of them, or what `aws cloudwatch describe-alarms` shows.
fn json(text: &str) -> Result<Vec<Definition>, Vec<String>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let value: Value =
        serde_json::from_str(text).map_err(|error| vec![format!("not JSON: {error}")])?;
    let listed = match &value {
        Value::Array(all) => all.clone(),
        Value::Object(keys) if is_described(keys) => ["MetricAlarms", "CompositeAlarms"]
            .iter()
            .filter_map(|key| keys.get(*key)?.as_array())
            .flatten()
            .cloned()
            .map(without_what_is_only_shown)
            .collect(),
        // As it was written, so that a key that is there twice is found.
        _ => return one(text.as_bytes()).map(|definition| vec![definition]),
    };
    if listed.is_empty() {
        return Err(vec!["holds no alarm".to_owned()]);
    }
    let mut definitions = Vec::new();
    let mut faults = Vec::new();
    let mut names = BTreeSet::new();
    for (at, item) in listed.iter().enumerate() {
        let place = match item["AlarmName"].as_str() {
            Some(name) => format!("alarm {} ({})", at + 1, super::words::plain(name)),
            None => format!("alarm {}", at + 1),
        };
        match one(item.to_string().as_bytes()) {
            Ok(definition) => {
                if !names.insert(definition.name().to_owned()) {
                    faults.push(format!(
                        "{place}: AlarmName: an alarm before has this name too"
                    ));
                }
                definitions.push(definition);
            }
            Err(found) => faults.extend(found.iter().map(|fault| format!("{place}: {fault}"))),
        }
    }
    match faults.is_empty() {
        true => Ok(definitions),
        false => Err(faults),
    }
}

fn is_described(keys: &serde_json::Map<String, Value>) -> bool {
    let lists = ["MetricAlarms", "CompositeAlarms"];
    lists
        .iter()
        .any(|key| keys.get(*key).is_some_and(Value::is_array))
}

fn without_what_is_only_shown(mut alarm: Value) -> Value {
    if let Some(keys) = alarm.as_object_mut() {
        keys.retain(|key, _| !SHOWN_ONLY.contains(&key.as_str()));
    }
    alarm
}

fn one(json: &[u8]) -> Result<Definition, Vec<String>> {
    Definition::from_json(json).map_err(|error| {
        let faults = error.faults().into_iter();
        faults.map(|fault| fault.to_string()).collect()
    })
}

fn toml(text: &str) -> Result<Given, Vec<String>> {
    let read = alarm::file::alarms(text).map_err(|faults| {
        let faults = faults.into_iter();
        faults.map(|fault| fault.to_string()).collect::<Vec<_>>()
    })?;
    if read.is_empty() {
        return Err(vec!["holds no [[alarm]]".to_owned()]);
    }
    // Only the server's own file can name them: their secrets are files and variables of the server.
    let is_of_the_file =
        |line: &&str| ["[[receiver]]", "[[route]]", "[[silence]]", "[group]"].contains(line);
    let passed_over: BTreeSet<&str> = text.lines().map(str::trim).filter(is_of_the_file).collect();
    let passed_over: Vec<&str> = passed_over.into_iter().collect();
    let notes = match passed_over.is_empty() {
        true => Vec::new(),
        false => vec![format!(
            "{} are passed over: only the server's own file, server.alarms.file, can have them",
            passed_over.join(", ")
        )],
    };
    Ok(Given {
        definitions: read.into_iter().map(|(alarm, _)| alarm).collect(),
        notes,
    })
}

fn prometheus(yaml: &str) -> Result<Given, Vec<String>> {
    let imported = alarm::prometheus::import(yaml).map_err(|error| vec![error.to_string()])?;
    let mut given = Given::default();
    let mut left_out = Vec::new();
    for rule in imported {
        let place = format!(
            "{} / {}",
            super::words::plain(&rule.group),
            super::words::plain(&rule.rule)
        );
        match rule.outcome {
            Ok(definition) => {
                let notes = rule.notes.iter();
                given
                    .notes
                    .extend(notes.map(|note| format!("{place}: {note}")));
                given.definitions.push(definition);
            }
            Err(reason) => left_out.push(format!("{place}: {reason}")),
        }
    }
    if given.definitions.is_empty() {
        left_out.push("none of its rules can be imported".to_owned());
        return Err(left_out);
    }
    given.notes.extend(left_out);
    Ok(given)
}

/// Definitions in an order in which each composite alarm comes after those it asks about, as far as that can be.
pub(super) fn children_first(definitions: &[Definition]) -> Vec<&Definition> {
    let composites = definitions.iter().filter_map(Definition::composite);
    let children: composite::Children<'_> = composites
        .map(|alarm| {
            let mut asked = alarm.rule.children();
            if let Some(suppressor) = &alarm.suppressor {
                asked.insert(name_of(&suppressor.alarm));
            }
            (alarm.name.as_str(), asked)
        })
        .collect();
    let (order, _) = composite::order(&children);
    let place: BTreeMap<&str, usize> = order.into_iter().zip(1..).collect();
    let mut sorted: Vec<&Definition> = definitions.iter().collect();
    // Those in a ring come last: the server says which.
    sorted.sort_by_key(|definition| match definition {
        Definition::Metric(_) => 0,
        Definition::Composite(alarm) => *place.get(alarm.name.as_str()).unwrap_or(&usize::MAX),
    });
    sorted
}

/// The name in an ARN, or the name.
fn name_of(written: &str) -> &str {
    let parts: Vec<&str> = written.splitn(7, ':').collect();
    match parts.as_slice() {
        ["arn", _, "cloudwatch", _, _, "alarm", name] if !name.is_empty() => name,
        _ => written,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = r#"{"AlarmName": "a", "Namespace": "ContainerInsights", "MetricName": "node_cpu_utilization",
        "Statistic": "Average", "Period": 60, "EvaluationPeriods": 3, "Threshold": 80,
        "ComparisonOperator": "GreaterThanThreshold"}"#;

    fn names(given: Result<Vec<Definition>, Vec<String>>) -> Vec<String> {
        let all = given.unwrap();
        all.iter().map(|alarm| alarm.name().to_owned()).collect()
    }

    #[test]
    fn json_is_one_alarm_or_several() {
        assert_eq!(names(json(ONE)), ["a"]);
        let second = ONE.replace("\"a\"", "\"b\"");
        assert_eq!(names(json(&format!("[{ONE}, {second}]"))), ["a", "b"]);
        let twice = json(&format!("[{ONE}, {ONE}]")).unwrap_err();
        assert_eq!(
            twice,
            ["alarm 2 (a): AlarmName: an alarm before has this name too"]
        );
        assert_eq!(json("[]").unwrap_err(), ["holds no alarm"]);
        assert!(json("{").unwrap_err()[0].starts_with("not JSON: "));
    }

    #[test]
    fn what_cloudwatch_shows_can_be_put() {
        let shown = ONE.replacen(
            '{',
            r#"{"AlarmArn": "arn:x", "StateValue": "OK", "StateReason": "r", "StateUpdatedTimestamp": "2026-11-25T20:31:00Z", "#,
            1,
        );
        let described = format!(r#"{{"MetricAlarms": [{shown}], "CompositeAlarms": []}}"#);
        assert_eq!(names(json(&described)), ["a"]);
        // On its own it is a mistake.
        assert!(json(&shown).is_err());
    }

    #[test]
    fn every_fault_is_told_with_its_key() {
        let wrong = ONE.replace("\"Period\": 60", "\"Period\": 7, \"Perod\": 60");
        let faults = json(&format!("[{ONE}, {wrong}]")).unwrap_err();
        assert!(
            faults
                .iter()
                .any(|fault| fault.starts_with("alarm 2 (a): Period: ")),
            "{faults:?}"
        );
        assert!(
            faults
                .iter()
                .any(|fault| fault.starts_with("alarm 2 (a): Perod: ")),
            "{faults:?}"
        );
    }

    #[test]
    fn toml_is_read_and_what_is_not_put_is_said() {
        let text = format!("{}\n[[receiver]]\nname = \"ops\"\n", alarm::starter::TEXT);
        let given = toml(&text).unwrap();
        assert_eq!(given.definitions.len(), alarm::starter::definitions().len());
        assert_eq!(given.notes.len(), 1, "{:?}", given.notes);
        assert!(given.notes[0].starts_with("[[receiver]] are passed over"));
        let faults = toml("\n[[alarm]]\nAlarmName = 5\n").unwrap_err();
        assert!(
            faults
                .iter()
                .any(|fault| fault.starts_with("line 3: AlarmName: ")),
            "{faults:?}"
        );
    }

    #[test]
    fn rules_of_prometheus_that_do_not_map_are_said() {
        let yaml = "groups:\n- name: g\n  rules:\n  - alert: Busy\n    expr: node_load1 > 5\n  \
                    - alert: Other\n    expr: vector(1)\n";
        let given = prometheus(yaml).unwrap();
        assert_eq!(given.definitions.len(), 1);
        assert_eq!(given.definitions[0].name(), "Busy");
        assert!(
            given
                .notes
                .iter()
                .any(|note| note.starts_with("g / Other: not imported: ")),
            "{:?}",
            given.notes
        );
        let none = yaml.replace("node_load1 > 5", "vector(2)");
        let faults = prometheus(&none).unwrap_err();
        assert_eq!(faults.len(), 3, "{faults:?}");
    }

    #[test]
    fn forms_are_known_by_endings() {
        assert_eq!(form("a.json", false).unwrap(), Form::Json);
        assert_eq!(form("-", false).unwrap(), Form::Json);
        assert_eq!(form("conf/alarms.TOML", false).unwrap(), Form::Toml);
        assert_eq!(form("rules.yaml", true).unwrap(), Form::Prometheus);
        assert!(form("rules.yaml", false).is_err());
    }

    #[test]
    fn children_are_put_before_those_that_ask_about_them() {
        let composite = |name: &str, rule: &str| {
            one(format!(r#"{{"AlarmName": "{name}", "AlarmRule": "{rule}"}}"#).as_bytes()).unwrap()
        };
        let all = [
            composite("top", "ALARM(middle)"),
            composite("middle", "ALARM(a) OR ALARM(elsewhere)"),
            one(ONE.as_bytes()).unwrap(),
        ];
        let sorted: Vec<&str> = children_first(&all).iter().map(|d| d.name()).collect();
        assert_eq!(sorted, ["a", "middle", "top"]);
    }
}
