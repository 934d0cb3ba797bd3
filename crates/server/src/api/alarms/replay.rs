//! `POST /api/alarms/replay`: what an alarm would have done over stored history, without any consequence.

use alarm::definition::MetricAlarm;
use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use query::Moment;
use serde::Deserialize;
use serde_json::Value;

use super::fault::{of_faults, of_key};
use super::parameters::refused;
use super::replayed::{Answer, MOST_VALUES, answer};
use super::request;
use crate::api::time::now_usec;
use crate::problem::{Code, Problem};
use crate::state::Shared;

const SECOND: i64 = 1_000_000;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    definition: Value,
    #[serde(default)]
    start: Option<Moment>,
    #[serde(default)]
    end: Option<Moment>,
}

pub(crate) async fn post(
    State(state): State<Shared>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Answer>, Problem> {
    let question: Question = request::read(&state, &headers, body).await?;
    let (start, end) = question.range(now_usec())?;
    let alarms = state.alarms()?;
    let definition = alarms.check(&question.definition).map_err(of_faults)?;
    let Some(alarm) = definition.metric() else {
        let message = "asks about other alarms, whose history is not played again: replay those";
        return Err(of_key("AlarmRule", message));
    };
    check_periods(alarm, start, end)?;
    let found = alarms.replay(&definition, start, end).await;
    let found = found.map_err(|why| Problem::new(Code::NotReplayed, why))?;
    Ok(Json(answer(alarm, found, start, end)))
}

impl Question {
    /// The last week when nobody says; never what is still to come.
    fn range(&self, now: i64) -> Result<(i64, i64), Problem> {
        let start = self.start.unwrap_or(Moment::seconds_ago(7 * 86_400));
        let end = self.end.unwrap_or(Moment::NOW).micros(now).min(now);
        let start = start.micros(now);
        match start < end {
            true => Ok((start, end)),
            false => Err(refused("start", "is not before the end and before now")),
        }
    }
}

fn check_periods(alarm: &MetricAlarm, start: i64, end: i64) -> Result<(), Problem> {
    let length = i64::from(alarm.period.max(1)) * SECOND;
    let periods = end.saturating_sub(start) / length;
    if periods <= MOST_VALUES as i64 {
        return Ok(());
    }
    let message = format!(
        "the time has {periods} periods of {} seconds, at most {MOST_VALUES} are replayed: choose a later start",
        alarm.period
    );
    let path = "start".to_owned();
    Err(Problem::new(Code::TooManySeries, message).at(query::Position::Path { path }))
}

#[cfg(test)]
mod tests {
    use alarm::Definition;
    use serde_json::json;

    use super::*;

    const NOW: i64 = 1_795_424_400_000_000;
    const HOUR: i64 = 3_600_000_000;

    fn range(body: Value) -> Result<(i64, i64), Problem> {
        let question: Question = serde_json::from_value(body).unwrap();
        question.range(NOW)
    }

    #[test]
    fn a_replay_ends_now_at_the_latest() {
        let week = 7 * 24 * HOUR;
        assert_eq!(range(json!({"definition": {}})).unwrap(), (NOW - week, NOW));
        let body = json!({"definition": {}, "start": "-2h", "end": "-1h"});
        assert_eq!(range(body).unwrap(), (NOW - 2 * HOUR, NOW - HOUR));
        let body = json!({"definition": {}, "start": "-2h", "end": "2030-01-01T00:00:00Z"});
        assert_eq!(range(body).unwrap(), (NOW - 2 * HOUR, NOW));
        for (start, end) in [("-1h", "-2h"), ("now", "now"), ("2030-01-01", "2031-01-01")] {
            let body = json!({"definition": {}, "start": start, "end": end});
            let json = range(body).unwrap_err().to_json();
            assert_eq!(json["position"]["path"], "start");
        }
    }

    #[test]
    fn more_periods_than_an_answer_has_room_for_are_refused() {
        let definition = json!({
            "AlarmName": "a", "Namespace": "ContainerInsights", "MetricName": "m", "Statistic": "Sum", "Period": 10,
            "EvaluationPeriods": 1, "ComparisonOperator": "GreaterThanThreshold", "Threshold": 1,
        });
        let definition = Definition::from_json(definition.to_string().as_bytes()).unwrap();
        let alarm = definition.metric().unwrap();
        let month = 30 * 24 * HOUR;
        assert!(check_periods(alarm, NOW - month, NOW).is_ok());
        let refused = check_periods(alarm, NOW - 12 * month, NOW).unwrap_err();
        assert_eq!(refused.code(), Code::TooManySeries);
        assert!(refused.detail().contains("3110400"), "{}", refused.detail());
        assert!(check_periods(alarm, i64::MIN, NOW).is_err());
    }
}
