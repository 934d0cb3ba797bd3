//! What nobody is told of for a while. A silence holds notifications back, not states: alarms are evaluated, and their
//! history is written.

mod weekly;

use std::collections::BTreeMap;

use alarm::Transition;
use chrono::DateTime;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::label::fit;
use crate::pattern::{Match, Pattern};
use crate::time::rfc3339;

pub use weekly::{Clock, Day, Weekly, Zone};

/// The most characters of a comment and of an author.
const LONGEST_TEXT: usize = 1024;
/// The most labels and tags.
const MOST_MATCHES: usize = 50;
/// The most patterns of a label or a tag.
const MOST_PATTERNS: usize = 100;
/// The most characters of a pattern: of the longest label and more.
const LONGEST_PATTERN: usize = 1024;

/// Alarms of which nobody is told, once (`starts` to `ends`), in some hours of each week, or in those hours between both.
/// Everything that is said must fit: the alarm's name and each label and tag. JSON as `[[silence]]` of the file, with times
/// as RFC 3339 texts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Silence {
    /// By which it is removed; empty until somebody gives it one.
    #[serde(default)]
    pub id: String,
    /// What the alarm's name must be.
    #[serde(default)]
    pub alarm: Option<Pattern>,
    /// What labels of the series, or dimensions of the metric, must be.
    #[serde(default)]
    pub labels: BTreeMap<String, Match>,
    /// What tags must be.
    #[serde(default)]
    pub tags: BTreeMap<String, Match>,
    /// Not before, in microseconds since 1970.
    #[serde(default, serialize_with = "write", deserialize_with = "read")]
    pub starts: Option<i64>,
    /// No longer from here on, in microseconds since 1970.
    #[serde(default, serialize_with = "write", deserialize_with = "read")]
    pub ends: Option<i64>,
    /// Only in these hours.
    #[serde(default)]
    pub weekly: Option<Weekly>,
    /// Why.
    #[serde(default)]
    pub comment: String,
    /// Who.
    #[serde(default)]
    pub author: String,
}

/// Something that is wrong with a silence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{key}: {message}")]
pub struct SilenceFault {
    /// Where.
    pub key: &'static str,
    /// What, and what to write instead.
    pub message: String,
}

impl Silence {
    /// Everything that is wrong with it.
    pub fn faults(&self) -> Vec<SilenceFault> {
        let mut faults = Vec::new();
        let mut fault = |key, message: String| faults.push(SilenceFault { key, message });
        if self.alarm.is_none() && self.labels.is_empty() && self.tags.is_empty() {
            let message =
                "say what is silenced: an alarm's name, labels or tags; \"*\" is every alarm";
            fault("alarm", message.to_owned());
        }
        if self.ends.is_none() && self.weekly.is_none() {
            let message = "say when it ends, or in which hours of the week it holds";
            fault("ends", message.to_owned());
        }
        if let (Some(starts), Some(ends)) = (self.starts, self.ends)
            && ends <= starts
        {
            fault("ends", "must be after it starts".to_owned());
        }
        if self
            .weekly
            .as_ref()
            .is_some_and(|weekly| weekly.days.is_empty())
        {
            fault("weekly.days", "name a day, such as Mon".to_owned());
        }
        // Patterns that fit nothing would look as if somebody were not told.
        let faulty = |patterns: &[Pattern]| match patterns.len() {
            0 => Some("has no pattern; write one such as shop-*".to_owned()),
            many if many > MOST_PATTERNS => {
                Some(format!("at most {MOST_PATTERNS} patterns are allowed"))
            }
            _ if patterns.iter().any(|one| one.as_str().is_empty()) => {
                Some("a pattern is empty; \"*\" is anything".to_owned())
            }
            _ => patterns
                .iter()
                .any(|one| one.as_str().chars().count() > LONGEST_PATTERN)
                .then(|| format!("a pattern has at most {LONGEST_PATTERN} characters")),
        };
        if let Some(message) = self
            .alarm
            .as_ref()
            .and_then(|one| faulty(std::slice::from_ref(one)))
        {
            fault("alarm", message);
        }
        for (key, matches) in [("labels", &self.labels), ("tags", &self.tags)] {
            if matches.len() > MOST_MATCHES {
                fault(key, format!("at most {MOST_MATCHES} are allowed"));
            }
            let wrong = matches
                .iter()
                .find_map(|(name, one)| Some((name, faulty(one.patterns())?)));
            if let Some((name, message)) = wrong {
                fault(key, format!("{name}: {message}"));
            }
        }
        for (key, text) in [("comment", &self.comment), ("author", &self.author)] {
            if text.chars().count() > LONGEST_TEXT {
                fault(key, format!("must have at most {LONGEST_TEXT} characters"));
            }
        }
        faults
    }

    /// Whether it holds at `at`, in microseconds since 1970.
    pub fn active(&self, at: i64) -> bool {
        self.starts.is_none_or(|starts| at >= starts)
            && self.ends.is_none_or(|ends| at < ends)
            && self.weekly.as_ref().is_none_or(|weekly| weekly.active(at))
    }

    /// Whether it has ended for good at `at`, in microseconds since 1970.
    pub fn is_over(&self, at: i64) -> bool {
        self.ends.is_some_and(|ends| at >= ends)
    }

    /// Whether it is about the alarm and series of the change.
    pub fn is_about(&self, transition: &Transition) -> bool {
        let name = |pattern: &Pattern| pattern.matches(&transition.alarm);
        if !self.alarm.as_ref().is_none_or(name) {
            return false;
        }
        fit(transition, &self.tags, &self.labels)
    }

    /// Whether nobody is told of the change at `at`, in microseconds since 1970.
    pub fn silences(&self, transition: &Transition, at: i64) -> bool {
        self.active(at) && self.is_about(transition)
    }
}

fn write<S: Serializer>(time: &Option<i64>, to: S) -> Result<S::Ok, S::Error> {
    time.map(rfc3339).serialize(to)
}

fn read<'de, D: Deserializer<'de>>(from: D) -> Result<Option<i64>, D::Error> {
    let text: Option<String> = Option::deserialize(from)?;
    let time = text.map(|text| parse_time(&text)).transpose();
    time.map_err(serde::de::Error::custom)
}

/// Microseconds since 1970 of an RFC 3339 text.
pub(crate) fn parse_time(text: &str) -> Result<i64, String> {
    DateTime::parse_from_rfc3339(text.trim())
        .map(|time| time.timestamp_micros())
        .map_err(|_| format!("'{text}' is no time; write one such as 2026-11-26T22:00:00Z"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::transition;

    const HOUR: i64 = 3_600_000_000;

    fn silence(json: &str) -> Silence {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn it_is_written_as_the_api_has_it() {
        let text = r#"{"id":"s1","alarm":"shop-*","labels":{"namespace":"shop"},"tags":{"team":["a","b"]},"starts":"2026-11-26T22:00:00.000Z","ends":null,"weekly":{"days":["Mon","Sun"],"from":"22:00","to":"06:00","time_zone":"UTC"},"comment":"nightly job","author":"ops"}"#;
        let read = silence(text);
        assert_eq!(serde_json::to_string(&read).unwrap(), text);
        assert_eq!(read.faults(), []);
        let least = silence(r#"{"alarm":"x","ends":"2026-11-27T01:00:00+02:00"}"#);
        let written: Silence = silence(&serde_json::to_string(&least).unwrap());
        assert_eq!(written, least);
        assert_eq!(least.ends, Some(1_795_734_000_000_000));
    }

    #[test]
    fn what_is_wrong_is_refused() {
        for (json, word) in [
            (r#"{"alrm":"x"}"#, "alrm"),
            (r#"{"alarm":"x","ends":"tomorrow"}"#, "2026-11-26T22:00:00Z"),
            (
                r#"{"weekly":{"days":["Mon"],"from":"22","to":"06:00"}}"#,
                "06:00",
            ),
            (
                r#"{"weekly":{"days":["Mon"],"from":"22:00","to":"06:00","time_zone":"Mars"}}"#,
                "Mars",
            ),
            (
                r#"{"weekly":{"days":["Someday"],"from":"22:00","to":"06:00"}}"#,
                "Someday",
            ),
        ] {
            let error = serde_json::from_str::<Silence>(json)
                .unwrap_err()
                .to_string();
            assert!(error.contains(word), "{json}: {error}");
        }
        let keys = |json: &str| {
            silence(json)
                .faults()
                .into_iter()
                .map(|f| f.key)
                .collect::<Vec<_>>()
        };
        assert_eq!(keys("{}"), ["alarm", "ends"]);
        assert_eq!(
            keys(r#"{"alarm":"*","starts":"2026-11-26T22:00:00Z","ends":"2026-11-26T22:00:00Z"}"#),
            ["ends"]
        );
        assert_eq!(
            keys(r#"{"alarm":"*","weekly":{"days":[],"from":"22:00","to":"06:00"}}"#),
            ["weekly.days"]
        );
    }

    #[test]
    fn patterns_that_fit_nothing_and_too_many_are_refused() {
        let told = |given: &str| {
            let json = format!(r#"{{{given},"ends":"2026-11-26T22:00:00Z"}}"#);
            let faults = silence(&json).faults();
            faults.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        assert_eq!(
            told(r#""alarm":"""#),
            ["alarm: a pattern is empty; \"*\" is anything"]
        );
        assert_eq!(
            told(r#""labels":{"pod":[]}"#),
            ["labels: pod: has no pattern; write one such as shop-*"]
        );
        assert_eq!(
            told(r#""tags":{"team":{"not":["a",""]}}"#),
            ["tags: team: a pattern is empty; \"*\" is anything"]
        );
        let many = vec![r#""*""#; 101].join(",");
        assert_eq!(
            told(&format!(r#""labels":{{"pod":[{many}]}}"#)),
            ["labels: pod: at most 100 patterns are allowed"]
        );
        let long = "x".repeat(1025);
        assert_eq!(
            told(&format!(r#""alarm":"{long}""#)),
            ["alarm: a pattern has at most 1024 characters"]
        );
        assert_eq!(
            told(r#""alarm":"shop-*","labels":{"pod":{"not":"a"}}"#),
            [""; 0]
        );
    }

    #[test]
    fn it_holds_from_its_start_to_before_its_end() {
        let once = Silence {
            starts: Some(HOUR),
            ends: Some(2 * HOUR),
            ..silence(r#"{"alarm":"*"}"#)
        };
        for (at, active, over) in [
            (HOUR - 1, false, false),
            (HOUR, true, false),
            (2 * HOUR - 1, true, false),
            (2 * HOUR, false, true),
        ] {
            assert_eq!((once.active(at), once.is_over(at)), (active, over), "{at}");
        }
        // 1 January 1970 was a Thursday; the hours hold between both times only.
        let weekly = Silence {
            weekly: silence(r#"{"weekly":{"days":["Thu"],"from":"00:00","to":"24:00"}}"#).weekly,
            ..once
        };
        assert!(!weekly.active(0) && weekly.active(HOUR) && !weekly.active(2 * HOUR));
        let without_end = Silence {
            starts: None,
            ends: None,
            ..weekly
        };
        assert!(
            without_end.active(0)
                && without_end.active(7 * 24 * HOUR)
                && !without_end.active(24 * HOUR)
        );
    }

    #[test]
    fn it_is_about_what_fits_in_everything() {
        let about = transition("shop-errors");
        for (json, is) in [
            (r#"{"alarm":"*"}"#, true),
            (r#"{"alarm":"shop-*"}"#, true),
            (r#"{"alarm":"cart-*"}"#, false),
            (r#"{"labels":{"namespace":"shop"}}"#, true),
            (r#"{"labels":{"namespace":"shop","pod":"api-*"}}"#, false),
            (r#"{"labels":{"node":"*"}}"#, false),
            (r#"{"tags":{"team":"checkout"}}"#, true),
            (
                r#"{"alarm":"shop-*","tags":{"team":{"not":"checkout"}}}"#,
                false,
            ),
        ] {
            let silence = Silence {
                ends: Some(HOUR),
                ..silence(json)
            };
            assert_eq!(silence.silences(&about, 0), is, "{json}");
            assert!(!silence.silences(&about, HOUR), "{json}");
        }
    }
}
