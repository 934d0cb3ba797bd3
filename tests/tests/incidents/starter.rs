//! The starter alarms against what is expected of them.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use kansoku_tests::binary;
use kansoku_tests::incidents::{Expected, Incident, Stage, Transition, seconds_of};
use serde_json::{Value, json};

use crate::NEAR;

/// An alarm and its series.
type Series = (String, BTreeMap<String, String>);

/// Each alarm that is expected goes to ALARM once, in time, with the right words; no other does.
pub(crate) fn says_what_is_expected(incidents: &[Incident], stage: &Stage) {
    let history = stage.history();
    let mut faults = compare(incidents, &history, stage.range().1);
    for expected in incidents.iter().flat_map(|incident| &incident.expected) {
        println!("{}", line(expected, &history));
        faults.extend(wrong_words(expected, &history, stage));
    }
    assert!(faults.is_empty(), "{}\n{history:#?}", faults.join("\n"));
}

fn line(expected: &Expected, history: &[Transition]) -> String {
    let of_series =
        |one: &&Transition| one.alarm == expected.alarm && one.labels == expected.labels;
    let after = history
        .iter()
        .find(|one| of_series(one) && one.to == "ALARM")
        .map(|one| one.at - expected.at);
    format!(
        "{:20} {:38} {:30} {}",
        expected.incident,
        expected.alarm,
        expected.labels.get("name").map_or("", String::as_str),
        after.map_or("never".to_owned(), |after| format!("{after:+} s"))
    )
}

/// What differs from the expectation, in sentences.
fn compare(incidents: &[Incident], history: &[Transition], end: i64) -> Vec<String> {
    let mut faults = Vec::new();
    let mut wanted: BTreeSet<Series> = BTreeSet::new();
    for expected in incidents.iter().flat_map(|incident| &incident.expected) {
        let series = (expected.alarm.clone(), expected.labels.clone());
        let changes: Vec<&Transition> = history
            .iter()
            .filter(|one| one.alarm == series.0 && one.labels == series.1)
            .collect();
        let mut due = vec![("ALARM", expected.at)];
        due.extend(expected.until.map(|until| ("OK", until)));
        let matches = changes.len() == due.len()
            && changes
                .iter()
                .zip(&due)
                .all(|(one, (to, at))| one.to == *to && (one.at - at).abs() <= NEAR);
        if !matches {
            let seen: Vec<String> = changes
                .iter()
                .map(|one| format!("{} at {:+} s", one.to, one.at - expected.at))
                .collect();
            faults.push(format!(
                "{}: {} {:?} was to be in ALARM {} s before the end, and was: {seen:?}",
                expected.incident,
                series.0,
                series.1,
                end - expected.at
            ));
        }
        wanted.insert(series);
    }
    for one in history {
        let series = (one.alarm.clone(), one.labels.clone());
        if one.to == "ALARM" && !wanted.contains(&series) {
            faults.push(format!("not expected: {one:?}"));
        }
    }
    faults
}

/// What is wrong with the words of the alarm and of the verdict that it is over.
fn wrong_words(expected: &Expected, history: &[Transition], stage: &Stage) -> Vec<String> {
    let mut faults = Vec::new();
    let alarm = history.iter().find(|one| {
        one.alarm == expected.alarm && one.labels == expected.labels && one.to == "ALARM"
    });
    // What was found of what, and then the points.
    let kind = expected.labels.get("kind").map_or("", String::as_str);
    if let Some(alarm) = alarm
        && !(alarm.reason.starts_with(kind)
            && alarm.reason.contains(". Threshold Crossed: ")
            && alarm.reason.contains("-> ALARM transition"))
    {
        faults.push(format!("{}: {}", expected.incident, alarm.reason));
    }
    let label = |name: &str| expected.labels.get(name).map_or("", String::as_str);
    if let (Some(word), Some(alarm)) = (&expected.word, alarm) {
        let reason = stage.verdict(label("kind"), label("name"), word, alarm.at);
        let reason = reason.unwrap_or_default();
        println!("    {word}: {reason}");
        for says in &expected.says {
            if !reason.contains(says.as_str()) {
                faults.push(format!(
                    "{}: the verdict {word} does not say '{says}': {reason}",
                    expected.incident
                ));
            }
        }
    }
    faults
}

/// A replay over what is stored, by the API and by the program, has each series in ALARM at the same times.
pub(crate) fn is_replayed_the_same(incidents: &[Incident], stage: &Stage) {
    let (start, end) = stage.range();
    let live = in_alarm(&stage.history());
    let mut replayed = Vec::new();
    let alarms = stage.http().get("/api/alarms").json();
    let names = alarms["alarms"].as_array().unwrap().iter();
    let names = names.filter(|alarm| alarm["origin"] == "starter");
    let names: Vec<&str> = names.map(|alarm| alarm["name"].as_str().unwrap()).collect();
    assert!(names.len() >= 12, "{names:?}");
    for name in names {
        let alarm = stage.http().get(&format!("/api/alarms/{name}")).json();
        let body =
            json!({"definition": alarm["definition"], "start": moment(start), "end": moment(end)});
        let answer = stage.http().post("/api/alarms/replay", &body);
        assert_eq!(answer.status, 200, "{name}: {}", answer.text());
        let answer = answer.json();
        assert_eq!(
            by_program(stage, name, start, end)["series"],
            answer["series"],
            "{name}"
        );
        replayed.extend(transitions(name, &answer));
    }
    let faults = compare(incidents, &without_beginnings(&replayed), end);
    assert!(
        faults.is_empty(),
        "replayed: {}\n{replayed:#?}",
        faults.join("\n")
    );
    let again = in_alarm(&replayed);
    let differ = |(series, at): &(&Series, &i64)| {
        live.get(*series)
            .is_none_or(|live| (*live - **at).abs() > NEAR)
    };
    let differing: Vec<_> = again.iter().filter(differ).collect();
    assert!(
        differing.is_empty() && again.len() == live.len(),
        "live {live:?}\nreplayed {again:?}"
    );
}

/// A series that is first seen OK makes no transition in a running alarm.
fn without_beginnings(replayed: &[Transition]) -> Vec<Transition> {
    let mut seen = BTreeSet::new();
    let mut kept = Vec::new();
    for one in replayed {
        let is_first = seen.insert((one.alarm.clone(), one.labels.clone()));
        if !(is_first && one.to == "OK") {
            kept.push(one.clone());
        }
    }
    kept
}

fn in_alarm(transitions: &[Transition]) -> BTreeMap<Series, i64> {
    let alarms = transitions.iter().filter(|one| one.to == "ALARM");
    alarms
        .map(|one| ((one.alarm.clone(), one.labels.clone()), one.at))
        .collect()
}

fn transitions(alarm: &str, answer: &Value) -> Vec<Transition> {
    let mut all = Vec::new();
    for series in answer["series"].as_array().unwrap() {
        let labels: BTreeMap<String, String> =
            serde_json::from_value(series["labels"].clone()).unwrap();
        for one in series["transitions"].as_array().unwrap() {
            let text = |key: &str| one[key].as_str().unwrap().to_owned();
            all.push(Transition {
                alarm: alarm.to_owned(),
                labels: labels.clone(),
                at: seconds_of(&text("time")),
                to: text("to"),
                reason: text("reason"),
            });
        }
    }
    all
}

/// `kansoku alarms replay`.
fn by_program(stage: &Stage, alarm: &str, start: i64, end: i64) -> Value {
    let output = Command::new(binary("kansoku"))
        .args([
            "alarms",
            "replay",
            alarm,
            "--format",
            "json",
            "--server",
            stage.http().base(),
        ])
        .args(["--start", &moment(start), "--end", &moment(end)])
        .output()
        .unwrap();
    assert!(output.status.success(), "{alarm}: {output:?}");
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|fault| panic!("{alarm}: {fault}: {output:?}"))
}

/// A time as the API and the program read it.
pub(crate) fn moment(seconds: i64) -> String {
    let time = arrow::temporal_conversions::timestamp_s_to_datetime(seconds).unwrap();
    format!("{}Z", time.format("%Y-%m-%dT%H:%M:%S"))
}
