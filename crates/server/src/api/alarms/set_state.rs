//! `POST /api/alarms/{name}/state`: sets a state as if it had been found, so that receivers are told. The next evaluation
//! corrects it.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde_json::Value;

use super::parameters::refused;
use super::request;
use crate::api::time::now_usec;
use crate::problem::Problem;
use crate::state::Shared;

/// CloudWatch's bounds, in characters.
const LONGEST_REASON: usize = 1023;
const LONGEST_REASON_DATA: usize = 4000;

/// The body, with the keys of CloudWatch's `SetAlarmState`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Wanted {
    state_value: alarm::State,
    state_reason: String,
    state_reason_data: Option<String>,
}

pub(crate) async fn post(
    State(state): State<Shared>,
    Path(name): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<StatusCode, Problem> {
    let wanted: Wanted = request::read(&state, &headers, body).await?;
    wanted.check()?;
    let data = wanted.state_reason_data.unwrap_or_default();
    let alarms = state.alarms()?;
    alarms
        .evaluator()
        .set_state(
            &name,
            wanted.state_value,
            &wanted.state_reason,
            &data,
            now_usec(),
        )
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

impl Wanted {
    fn check(&self) -> Result<(), Problem> {
        let data = self.state_reason_data.as_deref();
        for (key, text, most) in [
            (
                "StateReason",
                Some(self.state_reason.as_str()),
                LONGEST_REASON,
            ),
            ("StateReasonData", data, LONGEST_REASON_DATA),
        ] {
            let length = text.map_or(0, |text| text.chars().count());
            if length > most {
                let message = format!("has {length} characters, at most {most} are allowed");
                return Err(refused(key, message));
            }
        }
        match data.map(serde_json::from_str::<Value>) {
            Some(Err(error)) => Err(refused("StateReasonData", format!("is no JSON: {error}"))),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_words_and_bounds_are_those_of_cloudwatch() {
        let wanted = |body: Value| serde_json::from_value::<Wanted>(body);
        let right = wanted(json!({
            "StateValue": "INSUFFICIENT_DATA", "StateReason": "é".repeat(1023), "StateReasonData": "{\"a\": 1}",
        }));
        assert!(right.unwrap().check().is_ok());
        assert!(wanted(json!({"StateValue": "alarm", "StateReason": ""})).is_err());
        assert!(wanted(json!({"StateValue": "ALARM"})).is_err());
        assert!(wanted(json!({"StateValue": "ALARM", "StateReason": "", "Reason": ""})).is_err());
        for (key, text) in [
            ("StateReason", "a".repeat(1024)),
            ("StateReasonData", format!("\"{}\"", "a".repeat(4000))),
            ("StateReasonData", "{".to_owned()),
        ] {
            let mut body = json!({"StateValue": "OK", "StateReason": "test"});
            body[key] = json!(text);
            let json = wanted(body).unwrap().check().unwrap_err().to_json();
            assert_eq!(json["position"]["path"], key);
        }
    }
}
