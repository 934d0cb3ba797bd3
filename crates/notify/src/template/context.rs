//! What a template knows.

use std::collections::BTreeMap;
use std::time::Duration;

use alarm::{State, Transition};
use minijinja::Value;

use super::cut;
use crate::label::{labels, place};
use crate::notification::{Links, Notification};
use crate::sample;
use crate::severity::Severity;
use crate::time::{length, plain, rfc3339};

/// The most characters of any value.
const LONGEST_VALUE: usize = 4096;

/// The names of all variables.
pub(super) const VARIABLES: [&str; 25] = [
    "alarm",
    "arn",
    "description",
    "state",
    "previous",
    "word",
    "reason",
    "value",
    "threshold",
    "labels",
    "tags",
    "place",
    "severity",
    "runbook",
    "summary",
    "since",
    "previous_since",
    "time",
    "lasted",
    "link",
    "count",
    "more",
    "receiver",
    "test",
    "loop",
];

/// One change, with what is the same for the whole notification.
#[derive(Debug)]
pub(super) struct Context {
    alarm: String,
    arn: String,
    description: String,
    state: State,
    previous: State,
    word: &'static str,
    reason: String,
    value: Option<f64>,
    threshold: Option<f64>,
    labels: BTreeMap<String, String>,
    tags: BTreeMap<String, String>,
    place: String,
    severity: &'static str,
    runbook: String,
    summary: String,
    since: String,
    previous_since: String,
    time: String,
    lasted: String,
    link: String,
    count: usize,
    more: usize,
    receiver: String,
    test: bool,
}

impl Context {
    pub(super) fn new(
        transition: &Transition,
        notification: &Notification,
        receiver: &str,
        links: &Links,
    ) -> Context {
        let short = |text: &str| cut(text, LONGEST_VALUE);
        let tag = |name: &str| {
            transition
                .tags
                .get(name)
                .map_or_else(String::new, |t| short(t))
        };
        let lasted = transition.at.saturating_sub(transition.from_since);
        let lasted = Duration::from_micros(u64::try_from(lasted).unwrap_or(0));
        Context {
            alarm: short(&transition.alarm),
            arn: short(&transition.arn),
            description: transition
                .description
                .as_deref()
                .map_or_else(String::new, short),
            state: transition.to,
            previous: transition.from,
            word: word(transition.to),
            reason: short(&transition.reason),
            value: transition.value,
            threshold: transition
                .trigger
                .get("Threshold")
                .and_then(serde_json::Value::as_f64),
            labels: labels(transition)
                .into_iter()
                .map(|(label, value)| (short(&label), short(&value)))
                .collect(),
            tags: transition
                .tags
                .iter()
                .map(|(tag, value)| (short(tag), short(value)))
                .collect(),
            place: short(&place(transition)),
            severity: Severity::of(transition).word(),
            runbook: tag("runbook"),
            summary: tag("summary"),
            since: rfc3339(transition.at),
            previous_since: rfc3339(transition.from_since),
            time: plain(transition.at),
            lasted: if lasted.is_zero() {
                String::new()
            } else {
                length(lasted)
            },
            link: links.alarm(&transition.alarm).unwrap_or_default(),
            count: notification.transitions.len(),
            more: notification.more(),
            receiver: short(receiver),
            test: notification.is_test,
        }
    }

    /// As templates see it. What is not there is not defined.
    pub(super) fn value(&self) -> Value {
        let map = |map: &BTreeMap<String, String>| Value::from_pairs(map);
        let known: [(&str, Value); 22] = [
            ("alarm", Value::from(&self.alarm)),
            ("arn", Value::from(&self.arn)),
            ("description", Value::from(&self.description)),
            ("state", Value::from(self.state.as_str())),
            ("previous", Value::from(self.previous.as_str())),
            ("word", Value::from(self.word)),
            ("reason", Value::from(&self.reason)),
            ("labels", map(&self.labels)),
            ("tags", map(&self.tags)),
            ("place", Value::from(&self.place)),
            ("severity", Value::from(self.severity)),
            ("runbook", Value::from(&self.runbook)),
            ("summary", Value::from(&self.summary)),
            ("since", Value::from(&self.since)),
            ("previous_since", Value::from(&self.previous_since)),
            ("time", Value::from(&self.time)),
            ("lasted", Value::from(&self.lasted)),
            ("link", Value::from(&self.link)),
            ("count", Value::from(self.count)),
            ("more", Value::from(self.more)),
            ("receiver", Value::from(&self.receiver)),
            ("test", Value::from(self.test)),
        ];
        let numbers = [("value", self.value), ("threshold", self.threshold)];
        let numbers = numbers
            .into_iter()
            .filter_map(|(name, n)| Some((name, Value::from(n?))));
        Value::from_pairs(known.into_iter().chain(numbers))
    }

    /// With which a template is tried: one that has everything, one that has as little as can be, and a test.
    pub(super) fn samples() -> [Context; 3] {
        let full = Notification::new("0", vec![sample::transition("web-errors"); 3], 0);
        let mut least = sample::transition("x");
        least.description = None;
        least.labels.clear();
        least.tags.clear();
        least.value = None;
        least.trigger = serde_json::Value::Null;
        (least.from, least.to) = (State::Alarm, State::InsufficientData);
        let least = Notification::new("0", vec![least], 0);
        let test = Notification::test("ops", "0", 0);
        let links = Links::new(Some("https://kansoku.example.com")).unwrap_or_default();
        let of = |notification: &Notification, links: &Links| match notification.worst() {
            Some(worst) => Context::new(worst, notification, "ops", links),
            None => Context::new(&sample::transition("x"), notification, "ops", links),
        };
        [
            of(&full, &links),
            of(&least, &Links::default()),
            of(&test, &links),
        ]
    }
}

/// The state for people.
fn word(state: State) -> &'static str {
    match state {
        State::Ok => "OK",
        State::Alarm => "ALARM",
        State::InsufficientData => "NO DATA",
    }
}
