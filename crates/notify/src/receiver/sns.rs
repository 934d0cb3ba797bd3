//! CloudWatch's message in SNS's envelope, for who reads those already.

use alarm::Transition;
use serde_json::{Value, json};

use crate::notification::{Links, runbook_url};
use crate::template::cut;
use crate::time::{cloudwatch, rfc3339};

/// SNS's bound.
const LONGEST_SUBJECT: usize = 100;

/// `ALARM: "name" in eu-west-1`
fn subject(transition: &Transition) -> String {
    let place =
        part_of_arn(transition, 3).map_or_else(String::new, |region| format!(" in {region}"));
    let room =
        LONGEST_SUBJECT.saturating_sub(place.chars().count() + transition.to.as_str().len() + 4);
    format!(
        "{}: \"{}\"{place}",
        transition.to,
        cut(&transition.alarm, room)
    )
}

/// A part of `arn:aws:cloudwatch:<region>:<account>:alarm:<name>`, if it is not empty.
fn part_of_arn(transition: &Transition, number: usize) -> Option<&str> {
    transition
        .arn
        .split(':')
        .nth(number)
        .filter(|part| !part.is_empty())
}

/// What CloudWatch tells. The keys under `Kansoku` are ours.
fn message(transition: &Transition, links: &Links, is_test: bool) -> Value {
    json!({
        "AlarmName": transition.alarm,
        "AlarmDescription": transition.description,
        "AWSAccountId": part_of_arn(transition, 4),
        "AlarmConfigurationUpdatedTimestamp": cloudwatch(transition.configured_at),
        "NewStateValue": transition.to,
        "NewStateReason": transition.reason,
        "StateChangeTime": cloudwatch(transition.at),
        "Region": part_of_arn(transition, 3),
        "AlarmArn": transition.arn,
        "OldStateValue": transition.from,
        "OKActions": transition.actions.ok,
        "AlarmActions": transition.actions.alarm,
        "InsufficientDataActions": transition.actions.insufficient_data,
        "Trigger": transition.trigger,
        "Kansoku": {
            "Number": transition.number,
            "Labels": transition.labels,
            "Tags": transition.tags,
            "Value": transition.value,
            "StateReasonData": transition.reason_data,
            "Link": links.alarm(&transition.alarm),
            "Runbook": runbook_url(transition),
            "Test": is_test,
        },
    })
}

/// The whole notification, sent at `at` (microseconds since 1970).
pub(super) fn envelope(
    transition: &Transition,
    id: &str,
    topic: &str,
    at: i64,
    links: &Links,
    is_test: bool,
) -> Value {
    json!({
        "Type": "Notification",
        "MessageId": id,
        "TopicArn": topic,
        "Subject": subject(transition),
        "Message": message(transition, links, is_test).to_string(),
        "Timestamp": rfc3339(at),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::transition;

    #[test]
    fn subjects_fit() {
        assert_eq!(subject(&transition("web")), "ALARM: \"web\" in eu-west-1");
        let long = subject(&transition(&"n".repeat(255)));
        assert_eq!(long.chars().count(), LONGEST_SUBJECT);
        assert!(long.ends_with("…\" in eu-west-1"), "{long}");
        let mut other = transition("web");
        other.arn = "web".into();
        assert_eq!(subject(&other), "ALARM: \"web\"");
    }
}
