//! What a replay found, as answers have it: values over equal periods, spans of states, transitions with what they saw.

use std::cmp::Reverse;

use alarm::definition::MetricAlarm;
use alarm::{Period, State};
use evaluator::Labels;
use evaluator::replay::{ReplayedTransition, Span};
use serde::Serialize;

use super::point::{Point, points};
use crate::alarms::ReplayedSeries;
use crate::api::time::rfc3339_micros;

/// The most values of an answer.
pub(super) const MOST_VALUES: usize = 1_000_000;
/// The most series of an answer.
const MOST_SERIES: usize = 500;
/// The most transitions of an answer that are listed, and the most spans; all are counted.
const MOST_TRANSITIONS: usize = 5_000;
const MOST_SPANS: usize = 50_000;
/// The most points of an answer's transitions; transitions after that have none.
const MOST_POINTS: usize = 100_000;
const SECOND: i64 = 1_000_000;

/// The answer.
#[derive(Debug, Serialize)]
pub(crate) struct Answer {
    period_seconds: u32,
    threshold: Option<f64>,
    /// When each period begins, in milliseconds since 1970.
    times: Vec<i64>,
    series: Vec<Series>,
    /// Of all series, those that are not listed too.
    transitions: usize,
    in_alarm_seconds: u64,
    /// What is to be known of the answer, in sentences.
    notes: Vec<String>,
}

/// What became of one series.
#[derive(Debug, Serialize)]
struct Series {
    labels: Labels,
    /// A value for each time.
    values: Vec<Option<f64>>,
    lower: Option<Vec<Option<f64>>>,
    upper: Option<Vec<Option<f64>>>,
    spans: Vec<InState>,
    transitions: Vec<Transition>,
}

/// A time in one state.
#[derive(Debug, Serialize)]
struct InState {
    state: State,
    start: String,
    end: String,
}

/// A change of state.
#[derive(Debug, Serialize)]
struct Transition {
    time: String,
    from: State,
    to: State,
    reason: String,
    /// Empty where the series ended.
    points: Vec<Point>,
}

/// How much an answer still has room for.
struct Room {
    transitions: usize,
    spans: usize,
    points: usize,
    is_short: bool,
}

/// The answer, with those series first that were in ALARM longest.
pub(super) fn answer(
    alarm: &MetricAlarm,
    mut found: Vec<ReplayedSeries>,
    start: i64,
    end: i64,
) -> Answer {
    let starts = starts(alarm.period, start, end);
    let transitions = found.iter().map(|one| one.replayed.transitions.len()).sum();
    let in_alarm_seconds = found
        .iter()
        .map(|one| one.replayed.in_alarm_seconds)
        .fold(0, u64::saturating_add);
    let total = found.len();
    found.sort_by(|a, b| {
        let key = |one: &ReplayedSeries| {
            let replayed = &one.replayed;
            Reverse((replayed.in_alarm_seconds, replayed.transitions.len()))
        };
        key(a).cmp(&key(b)).then_with(|| a.labels.cmp(&b.labels))
    });
    let fitting = (MOST_VALUES / starts.len().max(1)).clamp(1, MOST_SERIES);
    found.truncate(fitting);
    let mut notes = Vec::new();
    if total == 0 {
        notes.push("No data points were found in this time.".to_owned());
    }
    if total > fitting {
        notes.push(format!(
            "{total} series were replayed. The {fitting} that were in ALARM longest are listed; the sums are of all."
        ));
    }
    let mut room = Room {
        transitions: MOST_TRANSITIONS,
        spans: MOST_SPANS,
        points: MOST_POINTS,
        is_short: false,
    };
    let series = found
        .into_iter()
        .map(|one| series(one, &starts, &mut room))
        .collect();
    if room.is_short {
        notes.push(
            "There were more transitions than are listed with all of their data points. Choose a shorter time to see each."
                .to_owned(),
        );
    }
    Answer {
        period_seconds: alarm.period,
        threshold: alarm.rule.condition.threshold(),
        times: starts.iter().map(|start| start / 1000).collect(),
        series,
        transitions,
        in_alarm_seconds,
        notes,
    }
}

/// When the periods begin that are in the time: the first is the one that it begins in.
fn starts(period_seconds: u32, start: i64, end: i64) -> Vec<i64> {
    let length = i64::from(period_seconds.max(1)) * SECOND;
    let first = start.div_euclid(length).saturating_mul(length);
    let all = std::iter::successors(Some(first), |at| at.checked_add(length));
    all.take_while(|at| at.saturating_add(length) <= end)
        .take(MOST_VALUES)
        .collect()
}

fn series(found: ReplayedSeries, starts: &[i64], room: &mut Room) -> Series {
    let of = |value: fn(&Period) -> Option<f64>| placed(&found.points, starts, value);
    let has_band = found.points.iter().any(|period| period.band.is_some());
    let replayed = &found.replayed;
    let spans = replayed.spans.iter().take(room.spans).map(in_state);
    let spans: Vec<InState> = spans.collect();
    room.spans -= spans.len();
    let mut transitions = Vec::new();
    for one in replayed.transitions.iter().take(room.transitions) {
        transitions.push(transition(one, room));
    }
    room.transitions -= transitions.len();
    room.is_short |=
        transitions.len() < replayed.transitions.len() || spans.len() < replayed.spans.len();
    Series {
        values: of(|period| period.value),
        lower: has_band.then(|| of(|period| period.band.map(|band| band.lower))),
        upper: has_band.then(|| of(|period| period.band.map(|band| band.upper))),
        spans,
        transitions,
        labels: found.labels,
    }
}

/// The value of the period that begins at each of the starts. Both are in order; periods that begin in between, as those
/// of a range that slides, are passed over.
fn placed(
    points: &[Period],
    starts: &[i64],
    value: fn(&Period) -> Option<f64>,
) -> Vec<Option<f64>> {
    let mut points = points.iter().peekable();
    let at = starts.iter().map(|start| {
        while points.next_if(|period| period.start < *start).is_some() {}
        let found = points.next_if(|period| period.start == *start)?;
        value(found).filter(|value| value.is_finite())
    });
    at.collect()
}

fn in_state(span: &Span) -> InState {
    InState {
        state: span.state,
        start: rfc3339_micros(span.start),
        end: rfc3339_micros(span.end),
    }
}

fn transition(found: &ReplayedTransition, room: &mut Room) -> Transition {
    let seen = found.evaluation.as_ref();
    let seen = seen.filter(|evaluation| {
        let fits = evaluation.points.len() <= room.points;
        room.is_short |= !fits;
        fits
    });
    let points = seen.map_or_else(Vec::new, points);
    room.points -= points.len();
    Transition {
        time: rfc3339_micros(found.time),
        from: found.from,
        to: found.to,
        reason: found.reason.clone(),
        points,
    }
}

#[cfg(test)]
mod tests {
    use alarm::Definition;
    use alarm::evaluate::Band;
    use evaluator::replay::Replayed;
    use serde_json::{Value, json};

    use super::*;

    const MINUTE: i64 = 60 * SECOND;

    fn definition() -> Definition {
        let definition = json!({
            "AlarmName": "a", "Namespace": "ContainerInsights", "MetricName": "m", "Statistic": "Maximum",
            "Period": 60, "EvaluationPeriods": 2, "ComparisonOperator": "GreaterThanThreshold", "Threshold": 5,
        });
        Definition::from_json(definition.to_string().as_bytes()).unwrap()
    }

    fn replayed(pod: &str, values: &[(i64, f64)], in_alarm_seconds: u64) -> ReplayedSeries {
        let periods = values
            .iter()
            .map(|(at, v)| Period::new(*at * MINUTE, Some(*v)));
        let points: Vec<Period> = periods.collect();
        let definition = definition();
        let rule = definition.rule().unwrap();
        let evaluation = rule.evaluate(&points, State::Ok);
        ReplayedSeries {
            labels: Labels::from([("pod".to_owned(), pod.to_owned())]),
            points,
            replayed: Replayed {
                transitions: vec![ReplayedTransition {
                    time: 3 * MINUTE,
                    from: State::Ok,
                    to: State::Alarm,
                    reason: "too much".to_owned(),
                    evaluation: Some(evaluation),
                }],
                spans: vec![Span {
                    state: State::Alarm,
                    start: 3 * MINUTE,
                    end: 4 * MINUTE,
                }],
                in_alarm_seconds,
                evaluations: 4,
            },
        }
    }

    fn answered(found: Vec<ReplayedSeries>, minutes: i64) -> Value {
        let definition = definition();
        let alarm = definition.metric().unwrap();
        json!(answer(alarm, found, MINUTE / 2, minutes * MINUTE))
    }

    #[test]
    fn an_answer_has_what_is_promised() {
        let json = answered(
            vec![replayed("web-1", &[(0, 1.0), (1, 6.0), (2, 7.0)], 60)],
            4,
        );
        assert_eq!(json["period_seconds"], 60);
        assert_eq!(json["threshold"], 5.0);
        assert_eq!(json["times"], json!([0, 60_000, 120_000, 180_000]));
        assert_eq!(
            (&json["transitions"], &json["in_alarm_seconds"]),
            (&json!(1), &json!(60))
        );
        assert_eq!(json["notes"], json!([]));
        let series = &json["series"][0];
        assert_eq!(series["labels"], json!({"pod": "web-1"}));
        assert_eq!(
            series["values"],
            json!([1.0, 6.0, 7.0, null]),
            "absent is not zero"
        );
        assert_eq!(
            (&series["lower"], &series["upper"]),
            (&Value::Null, &Value::Null)
        );
        assert_eq!(
            series["spans"],
            json!([{"state": "ALARM", "start": "1970-01-01T00:03:00.000000Z", "end": "1970-01-01T00:04:00.000000Z"}])
        );
        let transition = &series["transitions"][0];
        assert_eq!(transition["time"], "1970-01-01T00:03:00.000000Z");
        assert_eq!(
            (&transition["from"], &transition["to"]),
            (&json!("OK"), &json!("ALARM"))
        );
        let counted: Vec<_> = transition["points"]
            .as_array()
            .unwrap()
            .iter()
            .map(|point| point["counted"].as_str().unwrap())
            .collect();
        assert_eq!(counted, ["LeftOut", "Breaching", "Breaching"]);
    }

    #[test]
    fn values_are_those_of_the_periods_and_not_of_what_slides_between() {
        let at = |start, value| Period::new(start, Some(value));
        let points = [at(0, 1.0), at(30, 2.0), at(60, 3.0), at(90, f64::INFINITY)];
        let value = |period: &Period| period.value;
        assert_eq!(
            placed(&points, &[60, 90, 120], value),
            [Some(3.0), None, None]
        );
        assert_eq!(placed(&points, &[-60, 0], value), [None, Some(1.0)]);
        assert_eq!(starts(60, -1, 60 * SECOND), [-60 * SECOND, 0]);
        assert_eq!(starts(60, 5, 59 * SECOND), [0i64; 0]);
    }

    #[test]
    fn a_band_has_bounds_for_each_time() {
        let mut one = replayed("web-1", &[(0, 1.0), (1, 6.0)], 0);
        one.points[1].band = Some(Band {
            lower: 2.0,
            upper: 4.0,
        });
        let json = answered(vec![one], 2);
        assert_eq!(json["series"][0]["lower"], json!([null, 2.0]));
        assert_eq!(json["series"][0]["upper"], json!([null, 4.0]));
    }

    #[test]
    fn the_worst_series_come_first_and_sums_are_of_all() {
        let mut all: Vec<_> = (0..600)
            .map(|n| replayed(&format!("p{n:03}"), &[(0, 1.0)], n))
            .collect();
        all[0].replayed.in_alarm_seconds = 9999;
        let json = answered(all, 1);
        let series = json["series"].as_array().unwrap();
        assert_eq!(series.len(), MOST_SERIES);
        assert_eq!(series[0]["labels"]["pod"], "p000");
        assert_eq!(series[1]["labels"]["pod"], "p599");
        assert_eq!(json["transitions"], 600);
        assert_eq!(json["in_alarm_seconds"], 9999 + (1..600).sum::<u64>());
        assert!(
            json["notes"][0].as_str().unwrap().contains("600 series"),
            "{}",
            json["notes"]
        );
    }

    #[test]
    fn what_there_is_no_room_for_is_said() {
        let mut one = replayed("web-1", &[(0, 1.0)], 0);
        let again = one.replayed.transitions[0].clone();
        one.replayed.transitions = vec![again; MOST_TRANSITIONS + 1];
        let json = answered(vec![one], 1);
        let listed = json["series"][0]["transitions"].as_array().unwrap();
        assert_eq!(listed.len(), MOST_TRANSITIONS);
        assert_eq!(json["transitions"], MOST_TRANSITIONS + 1);
        assert!(
            json["notes"][0]
                .as_str()
                .unwrap()
                .contains("more transitions")
        );
        let none = answered(Vec::new(), 1);
        assert_eq!(
            none["notes"],
            json!(["No data points were found in this time."])
        );
    }

    #[test]
    fn the_points_of_all_transitions_are_bounded_too() {
        let values: Vec<_> = (0..1000).map(|n| (n, 1.0)).collect();
        let mut one = replayed("web-1", &values, 0);
        let again = one.replayed.transitions[0].clone();
        one.replayed.transitions = vec![again; 101];
        let json = answered(vec![one], 1);
        let listed = json["series"][0]["transitions"].as_array().unwrap();
        let points = |n: usize| listed[n]["points"].as_array().unwrap().len();
        assert_eq!((points(99), points(100)), (1000, 0));
        assert_eq!(json["notes"].as_array().unwrap().len(), 1);
    }
}
