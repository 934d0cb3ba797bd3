//! The series of an alarm with the periods that an evaluation now would see.

use std::collections::BTreeMap;

use alarm::{Evaluation, State};
use evaluator::{ContributorStatus, Labels, Status};
use serde::Serialize;

use super::point::{Point, points};
use crate::api::time::rfc3339_micros;

/// The most series of an answer.
const MOST_SERIES: usize = 500;
/// The most periods of all series of an answer; the series after that have none.
const MOST_POINTS: usize = 50_000;

/// A series as it is now.
#[derive(Debug, Serialize)]
pub(super) struct Series {
    labels: Labels,
    state: State,
    since: String,
    reason: String,
    value: Option<f64>,
    points: Vec<Point>,
}

/// The one series of an alarm that has no labels.
pub(super) fn single(status: &Status) -> ContributorStatus {
    ContributorStatus {
        labels: Labels::new(),
        state: status.state,
        since: status.since,
        reason: status.reason.clone(),
        reason_data: status.reason_data.clone(),
        value: status.value,
    }
}

/// Series that have a state, those in ALARM first and OK last, each with the periods of its range. One that has no state
/// yet has none to show: it gets one within an evaluation.
pub(super) fn series(
    mut kept: Vec<ContributorStatus>,
    explained: Vec<(Labels, Evaluation)>,
) -> Vec<Series> {
    kept.sort_by(|a, b| {
        let key = |one: &ContributorStatus| (rank(one.state), one.since);
        key(a).cmp(&key(b)).then_with(|| a.labels.cmp(&b.labels))
    });
    let explained: BTreeMap<Labels, Evaluation> = explained.into_iter().collect();
    let mut room = MOST_POINTS;
    let shown = kept.into_iter().take(MOST_SERIES).map(|one| {
        let evaluation = explained.get(&one.labels);
        let found = evaluation.filter(|evaluation| evaluation.points.len() <= room);
        let points = found.map_or_else(Vec::new, points);
        room -= points.len();
        Series {
            labels: one.labels,
            state: one.state,
            since: rfc3339_micros(one.since),
            reason: one.reason,
            value: one.value,
            points,
        }
    });
    shown.collect()
}

fn rank(state: State) -> u8 {
    match state {
        State::Alarm => 0,
        State::InsufficientData => 1,
        State::Ok => 2,
    }
}

#[cfg(test)]
mod tests {
    use alarm::{ComparisonOperator, Condition, Period, Rule, TreatMissingData};
    use serde_json::json;

    use super::*;

    fn labels(pod: &str) -> Labels {
        Labels::from([("pod".to_owned(), pod.to_owned())])
    }

    fn kept(pod: &str, state: State, since: i64) -> ContributorStatus {
        ContributorStatus {
            labels: labels(pod),
            state,
            since,
            reason: "why".to_owned(),
            reason_data: String::new(),
            value: None,
        }
    }

    fn evaluation(periods: usize) -> Evaluation {
        let rule = Rule {
            evaluation_periods: 1,
            datapoints_to_alarm: 1,
            treat_missing_data: TreatMissingData::Missing,
            condition: Condition::new(ComparisonOperator::GreaterThanThreshold, Some(1.0)).unwrap(),
            low_samples: None,
        };
        rule.evaluate(&vec![Period::new(0, Some(2.0)); periods], State::Ok)
    }

    #[test]
    fn the_worst_come_first_each_with_its_own_points() {
        let all = series(
            vec![
                kept("ok", State::Ok, 0),
                kept("new", State::Alarm, 9),
                kept("blind", State::InsufficientData, 0),
                kept("old", State::Alarm, 3),
            ],
            vec![
                (labels("old"), evaluation(3)),
                (labels("ok"), evaluation(1)),
                (labels("came a moment ago"), evaluation(1)),
            ],
        );
        let shown: Vec<_> = all
            .iter()
            .map(|s| (s.labels["pod"].as_str(), s.points.len()))
            .collect();
        assert_eq!(shown, [("old", 3), ("new", 0), ("blind", 0), ("ok", 1)]);
        assert_eq!(
            json!(all[1]),
            json!({
                "labels": {"pod": "new"}, "state": "ALARM", "since": "1970-01-01T00:00:00.000009Z",
                "reason": "why", "value": null, "points": [],
            })
        );
    }

    #[test]
    fn an_answer_is_bounded() {
        let names: Vec<_> = (0..600).map(|n| format!("{n:03}")).collect();
        let all = series(
            names.iter().map(|n| kept(n, State::Ok, 0)).collect(),
            names.iter().map(|n| (labels(n), evaluation(200))).collect(),
        );
        assert_eq!(all.len(), MOST_SERIES);
        let points: usize = all.iter().map(|series| series.points.len()).sum();
        assert_eq!(points, MOST_POINTS);
    }

    #[test]
    fn an_alarm_over_one_series_is_its_own() {
        let status = crate::api::alarms::summary::tests::status();
        let one = single(&status);
        assert!(one.labels.is_empty());
        assert_eq!((one.state, one.since), (status.state, status.since));
        let shown = series(vec![one], vec![(Labels::new(), evaluation(4))]);
        assert_eq!(shown[0].points.len(), 4);
    }
}
