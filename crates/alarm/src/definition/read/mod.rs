//! From what was written to a definition, with every fault of it at once.

mod composite;
mod detector;
mod metric;
mod object;
mod source;

use object::Object;

use super::Definition;
use super::common::Tag;
use super::fault::{Check, Faults};
use super::written::Written;

/// What every alarm has.
const OF_ALL: [&str; 7] = [
    "AlarmName",
    "AlarmDescription",
    "ActionsEnabled",
    "OKActions",
    "AlarmActions",
    "InsufficientDataActions",
    "Tags",
];
const ACTIONS: [&str; 3] = ["OKActions", "AlarmActions", "InsufficientDataActions"];
/// What newer clients of CloudWatch may send.
const NOT_YET: [(&str, &str); 2] = [
    (
        "EvaluationCriteria",
        "is not known yet: alarms on PromQL are not evaluated",
    ),
    (
        "EvaluationWindow",
        "is not known yet: windows slide, they do not follow the clock",
    ),
];

/// The definition that was written.
pub(crate) fn definition(mut written: Written) -> Result<Definition, Faults> {
    let mut check = Check::reading();
    if let Written::Object(entries) = &mut written {
        entries.retain(|(key, _)| {
            let fault = NOT_YET.iter().find(|(name, _)| name == key);
            if let Some((key, message)) = fault {
                check.value(*key, message);
            }
            fault.is_none()
        });
    }
    let known: Vec<&'static str> = [&OF_ALL[..], &metric::KEYS, &composite::KEYS].concat();
    let mut keys = Object::of(&mut check, "", written, &known);
    // A rule makes a composite alarm, and so does a suppressor where nothing is a metric's.
    let is_composite = keys.has("AlarmRule")
        || (composite::KEYS.iter().any(|key| keys.has(key))
            && !metric::KEYS.iter().any(|key| keys.has(key)));
    let (others, kind): (&[&str], &str) = match is_composite {
        true => (&metric::KEYS, "composite alarms, which have an AlarmRule"),
        false => (&composite::KEYS, "metric alarms, only for composite ones"),
    };
    for key in others.iter().filter(|key| keys.has(key)) {
        check.combination(key, format!("is not for {kind}"));
    }
    match is_composite {
        true => {
            let put = composite::composite_alarm(&mut check, &mut keys);
            check.is_read();
            put.checked(check).map(Definition::Composite)
        }
        false => {
            let put = metric::metric_alarm(&mut check, &mut keys);
            check.is_read();
            put.checked(check).map(Definition::Metric)
        }
    }
}

fn tags(check: &mut Check, keys: &mut Object) -> Vec<Tag> {
    let pairs = keys.pairs(check, "Tags", "Key").into_iter();
    pairs.map(|(key, value)| Tag { key, value }).collect()
}
