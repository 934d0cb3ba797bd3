//! A transition as alarms make them: what templates are tried with when they are read.

use std::collections::BTreeMap;

use alarm::{State, Transition, TransitionActions};
use serde_json::json;

/// `namespace=shop, pod=web-1` of the alarm went from OK to ALARM.
pub(crate) fn transition(alarm: &str) -> Transition {
    let map = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> {
        pairs
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect()
    };
    Transition {
        number: 7,
        alarm: alarm.to_owned(),
        arn: format!("arn:aws:cloudwatch:eu-west-1:123456789012:alarm:{alarm}"),
        description: Some("Orders are refused.".to_owned()),
        labels: map(&[("namespace", "shop"), ("pod", "web-1")]),
        tags: map(&[
            ("severity", "critical"),
            ("team", "checkout"),
            ("runbook", "https://wiki.example.com/web"),
        ]),
        from: State::Ok,
        to: State::Alarm,
        at: 1_790_000_000_000_000,
        from_since: 1_789_990_000_000_000,
        reason: "Threshold Crossed: 1 out of the last 1 datapoints [93.5 (21/09/26 14:13:20)] was greater than \
                 the threshold (80.0) (minimum 1 datapoint for OK -> ALARM transition)."
            .to_owned(),
        reason_data: "{\"version\":\"1.0\"}".to_owned(),
        value: Some(93.5),
        configured_at: 1_780_000_000_000_000,
        trigger: json!({"MetricName": "pod_cpu_utilization", "Namespace": "ContainerInsights", "Threshold": 80.0}),
        actions: TransitionActions::default(),
    }
}
