//! What the tests of this crate share: changes of alarms, a file and its secrets, an HTTP server with weather.

#![allow(dead_code)]

pub(crate) mod http;
pub(crate) mod program;

use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use alarm::{State, Transition};
use notify::{Config, Links, Receiver, Sources};
use serde_json::json;

/// Secrets of all tests have this in them; it must not be in anything that is shown.
pub(crate) const MARK: &str = "zq9secret";

pub(crate) fn now() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_micros() as i64
}

/// `namespace=shop, pod=<pod>` of the alarm went to that state just now.
pub(crate) fn transition(
    number: u64,
    alarm: &str,
    pod: &str,
    from: State,
    to: State,
) -> Transition {
    let at = now();
    serde_json::from_value(json!({
        "Number": number, "Alarm": alarm, "Arn": format!("arn:aws:cloudwatch:eu-west-1:123456789012:alarm:{alarm}"),
        "Description": "Orders are refused: <5 of 10 & more>.",
        "Labels": {"namespace": "shop", "pod": pod},
        "Tags": {"severity": "critical", "team": "checkout", "runbook": "https://wiki.example.com/web?a=1&b=2"},
        "From": from, "To": to, "At": at, "FromSince": at - 60_000_000,
        "Reason": "Threshold Crossed: 1 out of the last 1 datapoints [93.5 (21/09/26 14:13:20)] was greater than the threshold (80.0) (minimum 1 datapoint for OK -> ALARM transition).",
        "ReasonData": "{\"version\":\"1.0\"}", "Value": 93.5, "ConfiguredAt": 1_780_000_000_000_000_i64,
        "Trigger": {"MetricName": "pod_cpu_utilization", "Namespace": "ContainerInsights", "StatisticType": "Statistic", "Statistic": "AVERAGE", "Threshold": 80.0},
        "Actions": {"OKActions": ["arn:aws:sns:eu-west-1:123456789012:ops"], "AlarmActions": ["arn:aws:sns:eu-west-1:123456789012:ops"], "InsufficientDataActions": []},
    }))
    .unwrap()
}

pub(crate) fn fired(alarm: &str) -> Transition {
    transition(7, alarm, "web-1", State::Ok, State::Alarm)
}

/// A file whose secrets are in `folder` and in the variables given.
pub(crate) fn read(
    text: &str,
    folder: &Path,
    variables: &[(&str, &str)],
) -> Result<Config, Vec<notify::config::Fault>> {
    let variable = |name: &str| {
        let found = variables.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| (*value).to_owned())
    };
    let links = Links::new(Some("https://kansoku.example.com")).unwrap();
    let sources = Sources {
        variable: &variable,
        ..Sources::process(folder.to_owned(), links)
    };
    Config::read(text, &sources)
}

/// The only receiver of a file.
pub(crate) fn receiver(text: &str, folder: &Path, variables: &[(&str, &str)]) -> Receiver {
    let config = read(text, folder, variables).unwrap_or_else(|faults| panic!("{faults:#?}"));
    config.receivers.into_iter().next().unwrap()
}

/// Asks until it is so.
pub(crate) async fn until<T>(what: &str, mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    let began = std::time::Instant::now();
    loop {
        if let Some(answer) = ask().await {
            return answer;
        }
        assert!(
            began.elapsed() < Duration::from_secs(30),
            "{what} did not come about in 30 s"
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
