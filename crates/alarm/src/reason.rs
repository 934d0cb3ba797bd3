//! Why an alarm is in its state: `StateReason` and `StateReasonData`, in the forms that CloudWatch's clients parse.
//!
//! CloudWatch writes a new reason on transitions only; what is made here for an evaluation that changed nothing is for
//! showing. Of the sentences, AWS documents those about thresholds and about composite alarms; the others are ours.

use serde_json::{Map, Value, json};

use crate::date;
use crate::evaluate::{Evaluated, Evaluation, Why};
use crate::number::{count, double, was};
use crate::operator::ComparisonOperator;
use crate::state::State;

/// The reason of an alarm that was just made and not evaluated yet.
pub const CREATED: &str = "Unchecked: Initial alarm creation";
/// The most characters that a reason has.
pub const LONGEST_REASON: usize = 1023;
/// The most characters that reason data have.
pub const LONGEST_DATA: usize = 4000;
/// More points than this are not listed in a reason: with their times they would not fit.
const LISTED: usize = 8;

/// The reason of a composite alarm when a child changed at `at` (microseconds since 1970).
pub fn child_changed(child_arn: &str, to: State, at: i64) -> String {
    format!("{child_arn} transitioned to {to} at {}", date::long(at))
}

/// The reason of a composite alarm when it was made.
pub fn composite_created(arn: &str, state: State) -> String {
    format!("{arn} was created and its alarm rule evaluates to {state}")
}

/// The reason data of a composite alarm: the alarms that changed, each with its ARN, state and time of the change.
pub fn composite_data(triggering: &[(&str, State, i64)]) -> Value {
    let alarms: Vec<Value> = triggering
        .iter()
        .map(|(arn, state, at)| {
            json!({"arn": arn, "state": {"value": state, "timestamp": date::iso(*at)}})
        })
        .collect();
    json!({"triggeringAlarms": alarms})
}

/// A reason with what was found before it, in words for people: "Pod web-1: crash-looping. It ended with exit code 3 …
/// Threshold Crossed: …". Cut where a reason ends.
pub fn with_words(words: &str, reason: &str) -> String {
    crate::excerpt::excerpt(&format!("{words} {reason}"), LONGEST_REASON - 1)
}

/// What reason data say of a metric besides its points.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Source<'a> {
    /// `Average`, `p99`; `None` for an expression.
    pub statistic: Option<&'a str>,
    /// Seconds of a period.
    pub period: u32,
    /// The unit, when the alarm names one.
    pub unit: Option<&'a str>,
}

impl Evaluation {
    /// `StateReason`: the points that speak for the state, newest first, and what they were held against.
    pub fn reason(&self) -> String {
        let needed = self.rule.evaluation_periods as usize;
        match self.why {
            Why::NoData => format!(
                "Insufficient Data: {} {} unknown.",
                count(needed, "datapoint"),
                was(needed)
            ),
            Why::NoBand => "Insufficient Data: the band has no bounds yet.".to_owned(),
            Why::FewSamples => {
                "Unchanged: there are too few samples for the percentile.".to_owned()
            }
            Why::Ignored | Why::TooEarly if self.real == 0 => format!(
                "Unchanged: no datapoints were received for {}, and missing data is ignored.",
                count(needed, "period")
            ),
            Why::Filled if self.real == 0 => format!(
                "Threshold Crossed: no datapoints were received for {} and {}.",
                count(needed, "period"),
                self.treated(self.filled)
            ),
            Why::Ignored | Why::TooEarly => format!(
                "Unchanged: {} of {} {} breaching, and others may be late.",
                self.breaching,
                count(needed, "datapoint"),
                was(self.breaching)
            ),
            Why::Counted | Why::Filled | Why::OldEnough => self.crossed(),
        }
    }

    fn treated(&self, missing: usize) -> String {
        format!(
            "{} {} treated as [{}]",
            count(missing, "missing datapoint"),
            was(missing),
            self.rule.treat_missing_data.in_reason()
        )
    }

    /// The points that were counted, newest first.
    fn counted(&self) -> impl Iterator<Item = &Evaluated> {
        self.points.iter().rev().filter(|point| point.takes_part())
    }

    fn crossed(&self) -> String {
        let breaching = self.state == State::Alarm;
        let needed = self.rule.evaluation_periods as usize;
        // An ALARM is told by points that breach, an OK by points that do not. Either may be all filled in.
        let mut speaking: Vec<&Evaluated> = self
            .counted()
            .filter(|p| p.breaches() == breaching)
            .collect();
        let told_by_breaching = match speaking.is_empty() {
            true => !breaching,
            false => breaching,
        };
        if speaking.is_empty() {
            speaking = self.counted().collect();
        }
        let mut words = format!(
            "{}: {} out of the last {} datapoints [{}] {} {}{}",
            self.heading(),
            speaking.len(),
            needed.max(self.real),
            listed(&speaking, |p| with_time(p.period.value, p.period.start)),
            was(speaking.len()),
            if told_by_breaching { "" } else { "not " },
            self.held_against(&speaking),
        );
        if self.is_transition() {
            let minimum = self.minimum();
            words += &format!(
                " (minimum {} for {} -> {} transition)",
                count(minimum, "datapoint"),
                self.previous,
                self.state
            );
        }
        words.push('.');
        let missing = match self.why {
            Why::Filled => self.filled,
            Why::OldEnough => needed.saturating_sub(self.real),
            _ => 0,
        };
        if missing > 0 {
            words += &format!(" {}.", self.treated(missing));
        }
        words
    }

    /// How many points it takes for the new state: M that breach for ALARM, so many for OK that M can no longer breach.
    fn minimum(&self) -> usize {
        let (n, m) = (self.rule.evaluation_periods, self.rule.datapoints_to_alarm);
        match self.state {
            State::Alarm => m as usize,
            _ => n.saturating_sub(m) as usize + 1,
        }
    }

    fn heading(&self) -> &'static str {
        match self.rule.condition.operator().needs_band() {
            true => "Thresholds Crossed",
            false => "Threshold Crossed",
        }
    }

    fn held_against(&self, points: &[&Evaluated]) -> String {
        let lower = || listed(points, |p| bound(p.period.band.map(|band| band.lower)));
        let upper = || listed(points, |p| bound(p.period.band.map(|band| band.upper)));
        let threshold = || double(self.rule.condition.threshold().unwrap_or_default());
        match self.rule.condition.operator() {
            ComparisonOperator::GreaterThanThreshold => {
                format!("greater than the threshold ({})", threshold())
            }
            ComparisonOperator::GreaterThanOrEqualToThreshold => {
                format!("greater than or equal to the threshold ({})", threshold())
            }
            ComparisonOperator::LessThanThreshold => {
                format!("less than the threshold ({})", threshold())
            }
            ComparisonOperator::LessThanOrEqualToThreshold => {
                format!("less than or equal to the threshold ({})", threshold())
            }
            ComparisonOperator::LessThanLowerOrGreaterThanUpperThreshold => format!(
                "less than the lower thresholds [{}] or greater than the upper thresholds [{}]",
                lower(),
                upper()
            ),
            ComparisonOperator::LessThanLowerThreshold => {
                format!("less than the lower thresholds [{}]", lower())
            }
            ComparisonOperator::GreaterThanUpperThreshold => {
                format!("greater than the upper thresholds [{}]", upper())
            }
        }
    }

    /// `StateReasonData`, for an evaluation made at `at` (microseconds since 1970): `recentDatapoints` oldest first,
    /// `evaluatedDatapoints` newest first.
    ///
    /// What does not fit into [`LONGEST_DATA`] is left out: first `evaluatedDatapoints`, then the older of the points.
    pub fn reason_data(&self, source: Source<'_>, at: i64) -> Value {
        let mut newest_first: Vec<&Evaluated> = self.counted().collect();
        let mut data = self.data(&newest_first, source, at);
        let evaluated: Value = newest_first.iter().map(|p| evaluated(p)).collect();
        data.insert("evaluatedDatapoints".to_owned(), evaluated);
        while length(&data) > LONGEST_DATA {
            if data.remove("evaluatedDatapoints").is_none() {
                if newest_first.is_empty() {
                    break;
                }
                newest_first.truncate(newest_first.len() * 3 / 4);
                data = self.data(&newest_first, source, at);
            }
        }
        Value::Object(data)
    }

    fn data(&self, newest_first: &[&Evaluated], source: Source<'_>, at: i64) -> Map<String, Value> {
        let mut data = Map::new();
        let mut put = |key: &str, value: Value| data.insert(key.to_owned(), value);
        put("version", json!("1.0"));
        put("queryDate", json!(date::iso(at)));
        if let Some(oldest) = newest_first.last() {
            put("startDate", json!(date::iso(oldest.period.start)));
        }
        if let Some(statistic) = source.statistic {
            put("statistic", json!(statistic));
        }
        if let Some(unit) = source.unit {
            put("unit", json!(unit));
        }
        put("period", json!(source.period));
        let oldest_first = |of: fn(&Evaluated) -> Option<f64>| -> Value {
            newest_first.iter().rev().map(|p| json!(of(p))).collect()
        };
        put("recentDatapoints", oldest_first(|p| p.period.value));
        match self.rule.condition.threshold() {
            Some(threshold) => {
                put("threshold", json!(threshold));
            }
            None => {
                let lower = oldest_first(|p| p.period.band.map(|band| band.lower));
                put("recentLowerThresholds", lower);
                let upper = oldest_first(|p| p.period.band.map(|band| band.upper));
                put("recentUpperThresholds", upper);
            }
        }
        data
    }
}

/// How many characters it has as text; JSON of numbers and dates has a byte for each.
fn length(data: &Map<String, Value>) -> usize {
    serde_json::to_string(data).map_or(0, |text| text.len())
}

fn evaluated(point: &Evaluated) -> Value {
    let mut data = Map::new();
    let time = date::iso(point.period.start);
    data.insert("timestamp".to_owned(), json!(time));
    if let Some(samples) = point.period.samples {
        data.insert("sampleCount".to_owned(), json!(samples));
    }
    data.insert("value".to_owned(), json!(point.period.value));
    Value::Object(data)
}

fn with_time(value: Option<f64>, start: i64) -> String {
    format!(
        "{} ({})",
        double(value.unwrap_or_default()),
        date::short(start)
    )
}

fn bound(bound: Option<f64>) -> String {
    bound.map_or_else(|| "-".to_owned(), double)
}

fn listed(points: &[&Evaluated], text: impl Fn(&Evaluated) -> String) -> String {
    let mut texts: Vec<String> = points.iter().take(LISTED).map(|p| text(p)).collect();
    if points.len() > LISTED {
        texts.push("…".to_owned());
    }
    texts.join(", ")
}
