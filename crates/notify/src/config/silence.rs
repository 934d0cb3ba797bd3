//! `[[silence]]`

use std::str::FromStr;

use toml::de::DeValue;

use super::section::{Section, kind, text};
use crate::pattern::Pattern;
use crate::silence::{Clock, Day, Silence, Weekly, Zone, parse_time};

const KEYS: [&str; 9] = [
    "id", "alarm", "labels", "tags", "starts", "ends", "weekly", "comment", "author",
];
const KEYS_OF_WEEKLY: [&str; 4] = ["days", "from", "to", "time_zone"];

/// One that has no id is called by its number in the file.
pub(super) fn read(section: &mut Section<'_>, number: usize) -> Silence {
    section.only(&KEYS);
    let text_of = |section: &mut Section<'_>, key| section.text(key).map(|(text, _)| text);
    let silence = Silence {
        id: text_of(section, "id").unwrap_or_else(|| format!("file-{number}")),
        alarm: text_of(section, "alarm").map(Pattern::new),
        labels: section.matches("labels"),
        tags: section.matches("tags"),
        starts: time(section, "starts"),
        ends: time(section, "ends"),
        weekly: section
            .inner("silence.weekly", "weekly")
            .and_then(|mut inner| weekly(&mut inner)),
        comment: text_of(section, "comment").unwrap_or_default(),
        author: text_of(section, "author").unwrap_or_default(),
    };
    for fault in silence.faults() {
        // What could not be read has been said already.
        let is_nothing = match fault.key {
            "alarm" => silence.alarm.is_none(),
            "labels" => silence.labels.is_empty(),
            "tags" => silence.tags.is_empty(),
            "comment" => silence.comment.is_empty(),
            "author" => silence.author.is_empty(),
            _ => false,
        };
        let is_said = is_nothing && section.get(fault.key).is_some();
        let is_unread = fault.key == "ends"
            && ["ends", "weekly"]
                .iter()
                .any(|key| section.get(key).is_some());
        let both_are_read = silence.starts.is_some() && silence.ends.is_some();
        if is_said || (is_unread && !both_are_read) {
            continue;
        }
        match section.place(fault.key) {
            Some(at) => section.fault(fault.key, at, fault.message),
            None => section.fault_here(fault.key, fault.message),
        }
    }
    silence
}

/// A time of TOML with an offset, or the same in quotes.
fn time(section: &mut Section<'_>, key: &str) -> Option<i64> {
    let read = section.read(key, |value| match value {
        DeValue::Datetime(time) => parse_time(&time.to_string()),
        DeValue::String(text) => parse_time(text),
        other => Err(format!(
            "is {}; write a time such as 2026-11-26T22:00:00Z",
            kind(other)
        )),
    });
    read.map(|(time, _)| time)
}

fn weekly(section: &mut Section<'_>) -> Option<Weekly> {
    section.only(&KEYS_OF_WEEKLY);
    for key in ["days", "from", "to"] {
        if section.get(key).is_none() {
            section.fault_here(key, "is missing");
        }
    }
    fn parsed<T: FromStr<Err = String>>(section: &mut Section<'_>, key: &str) -> Option<T> {
        section
            .read(key, |value| text(value)?.parse())
            .map(|(read, _)| read)
    }
    let days = section.texts("days").and_then(|(days, at)| {
        let read: Result<Vec<Day>, String> = days.iter().map(|day| day.parse()).collect();
        read.map_err(|message| section.fault("days", at, message))
            .ok()
    });
    let from: Option<Clock> = parsed(section, "from");
    let to: Option<Clock> = parsed(section, "to");
    let time_zone: Option<Zone> = parsed(section, "time_zone");
    Some(Weekly {
        days: days?,
        from: from?,
        to: to?,
        time_zone: time_zone.unwrap_or_default(),
    })
}
