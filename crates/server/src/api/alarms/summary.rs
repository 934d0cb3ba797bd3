//! An alarm as a list shows it.

use std::collections::BTreeMap;

use alarm::State;
use alarm::contributor::Counts;
use evaluator::{ContributorStatus, Labels, Origin, Status};
use serde::Serialize;
use serde_json::Value;

use crate::api::time::rfc3339_micros;

/// An alarm as it is now.
#[derive(Debug, Serialize)]
pub(super) struct Summary {
    pub(super) name: String,
    arn: String,
    kind: String,
    description: Option<String>,
    state: State,
    since: String,
    updated: String,
    reason: String,
    origin: Origin,
    actions_enabled: bool,
    tags: BTreeMap<String, String>,
    contributors: Option<Counts>,
    in_alarm: Vec<InAlarm>,
    silenced_by: Vec<String>,
    suppressed_by: Option<&'static str>,
    receivers: Vec<String>,
    pub(super) problem: Option<String>,
}

/// A series in ALARM.
#[derive(Debug, Serialize)]
struct InAlarm {
    labels: Labels,
    since: String,
    reason: String,
    value: Option<f64>,
}

/// An alarm with the ids of the silences that hold its notifications, and the names of those who are told.
pub(super) fn summary(status: Status, silenced_by: Vec<String>, receivers: Vec<String>) -> Summary {
    let own = own(&status);
    Summary {
        name: status.name,
        arn: status.arn,
        kind: status.kind,
        description: status.description,
        state: status.state,
        since: rfc3339_micros(status.since),
        updated: rfc3339_micros(status.updated),
        reason: status.reason,
        origin: status.origin,
        actions_enabled: status.actions_enabled,
        tags: status.tags,
        contributors: status.contributors,
        in_alarm: status
            .in_alarm
            .into_iter()
            .map(in_alarm)
            .chain(own)
            .collect(),
        silenced_by,
        suppressed_by: status.suppressed_by.map(|by| by.as_str()),
        receivers,
        problem: status.problem,
    }
}

/// The one series of an alarm over a metric that is in ALARM, by its dimensions: what it is about.
fn own(status: &Status) -> Option<InAlarm> {
    let is_one = status.contributors.is_none() && status.state == State::Alarm;
    let dimensions = status.definition.get("Dimensions").filter(|_| is_one)?;
    let pair = |one: &Value| {
        Some((
            one["Name"].as_str()?.to_owned(),
            one["Value"].as_str()?.to_owned(),
        ))
    };
    let labels: Labels = match dimensions {
        Value::Array(all) => all.iter().filter_map(pair).collect(),
        Value::Object(all) => {
            let all = all.iter();
            all.filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())))
                .collect()
        }
        _ => return None,
    };
    Some(InAlarm {
        labels,
        since: rfc3339_micros(status.since),
        reason: status.reason.clone(),
        value: status.value,
    })
}

fn in_alarm(series: ContributorStatus) -> InAlarm {
    InAlarm {
        labels: series.labels,
        since: rfc3339_micros(series.since),
        reason: series.reason,
        value: series.value,
    }
}

#[cfg(test)]
pub(super) mod tests {
    use alarm::composite::SuppressedBy;
    use serde_json::{Value, json};

    use super::*;

    /// An alarm over rows with a series in ALARM.
    pub(in crate::api::alarms) fn status() -> Status {
        let labels = Labels::from([("namespace".to_owned(), "shop".to_owned())]);
        Status {
            name: "web-memory".to_owned(),
            arn: "arn:aws:cloudwatch:local:000000000000:alarm:web-memory".to_owned(),
            kind: "rows".to_owned(),
            description: None,
            state: State::Alarm,
            since: 1_795_424_400_000_000,
            updated: 1_795_424_460_500_000,
            reason: "1 of 2 series is in ALARM".to_owned(),
            reason_data: "{}".to_owned(),
            value: None,
            origin: Origin::File,
            actions_enabled: true,
            tags: BTreeMap::from([("severity".to_owned(), "critical".to_owned())]),
            contributors: Some(Counts {
                alarm: 1,
                ok: 2,
                insufficient_data: 0,
            }),
            in_alarm: vec![ContributorStatus {
                labels,
                state: State::Alarm,
                since: 1_795_424_400_000_000,
                reason: "too much".to_owned(),
                reason_data: "{}".to_owned(),
                value: Some(7.5),
            }],
            suppressed_by: None,
            problem: None,
            configured_at: 1_795_424_000_000_000,
            children: Vec::new(),
            parents: vec!["shop".to_owned()],
            definition: Value::Null,
        }
    }

    #[test]
    fn a_summary_has_what_is_promised() {
        let all = summary(
            status(),
            vec!["night".to_owned()],
            vec!["team-mail".to_owned()],
        );
        assert_eq!(
            json!(all),
            json!({
                "name": "web-memory",
                "arn": "arn:aws:cloudwatch:local:000000000000:alarm:web-memory",
                "kind": "rows",
                "description": null,
                "state": "ALARM",
                "since": "2026-11-23T09:00:00.000000Z",
                "updated": "2026-11-23T09:01:00.500000Z",
                "reason": "1 of 2 series is in ALARM",
                "origin": "file",
                "actions_enabled": true,
                "tags": {"severity": "critical"},
                "contributors": {"ALARM": 1, "OK": 2, "INSUFFICIENT_DATA": 0},
                "in_alarm": [{
                    "labels": {"namespace": "shop"}, "since": "2026-11-23T09:00:00.000000Z",
                    "reason": "too much", "value": 7.5,
                }],
                "silenced_by": ["night"],
                "suppressed_by": null,
                "receivers": ["team-mail"],
                "problem": null,
            })
        );
    }

    #[test]
    fn what_there_is_not_is_null() {
        let mut composite = status();
        composite.kind = "composite".to_owned();
        composite.contributors = None;
        composite.in_alarm.clear();
        composite.suppressed_by = Some(SuppressedBy::WaitPeriod);
        composite.problem = Some("no such table".to_owned());
        let json = json!(summary(composite, Vec::new(), Vec::new()));
        assert_eq!(json["contributors"], Value::Null);
        assert_eq!(json["in_alarm"], json!([]));
        assert_eq!(json["suppressed_by"], "WaitPeriod");
        assert_eq!(json["problem"], "no such table");
    }
}
