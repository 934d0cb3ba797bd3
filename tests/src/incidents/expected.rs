//! What an alarm ought to say of an incident.

use std::collections::BTreeMap;

use serde_json::Value;

/// One series of one alarm that ought to go to ALARM, once.
#[derive(Debug, Clone)]
pub struct Expected {
    /// The incident that says so.
    pub incident: String,
    /// The alarm's name.
    pub alarm: String,
    /// The labels of the series.
    pub labels: BTreeMap<String, String>,
    /// When, in seconds of the epoch.
    pub at: i64,
    /// When it ought to be OK again; `None`: not before the recording ends.
    pub until: Option<i64>,
    /// The verdict's word; `None` where the alarm is over none.
    pub word: Option<String>,
    /// What the verdict's reason must contain at that time.
    pub says: Vec<String>,
}

impl Expected {
    pub(super) fn read(incident: &str, written: &Value) -> Expected {
        let text = |key: &str| written[key].as_str().map(str::to_owned);
        let moment = |key: &str| text(key).map(|time| seconds_of(&time));
        let labels = written["labels"].as_object().unwrap().iter();
        let says = written["says"].as_array().into_iter().flatten();
        Expected {
            incident: incident.to_owned(),
            alarm: text("alarm").unwrap(),
            labels: labels
                .map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned()))
                .collect(),
            at: moment("at").unwrap(),
            until: moment("until"),
            word: text("word"),
            says: says.map(|one| one.as_str().unwrap().to_owned()).collect(),
        }
    }
}

/// Seconds of the epoch of a time such as `2026-11-26T14:40:00Z`, with or without a fraction.
///
/// # Panics
/// When it is none.
pub fn seconds_of(time: &str) -> i64 {
    let micros = arrow::compute::kernels::cast_utils::string_to_timestamp_nanos(time)
        .unwrap_or_else(|fault| panic!("'{time}': {fault}"));
    micros.div_euclid(1_000_000_000)
}
