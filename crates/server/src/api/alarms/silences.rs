//! `/api/silences`: of which alarms nobody is told for a while.

use std::cmp::Reverse;

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::fault::of_faults;
use super::request;
use crate::alarms::{EndSilence, SilenceStatus};
use crate::api::time::now_usec;
use crate::problem::{Code, Problem};
use crate::state::Shared;

/// The most silences of an answer, those that hold now first.
const MOST: usize = 1000;

/// The answer.
#[derive(Debug, Serialize)]
pub(crate) struct Silences {
    silences: Vec<Value>,
}

/// What a new silence is ended by.
#[derive(Debug, Serialize)]
pub(crate) struct Made {
    id: String,
}

pub(crate) async fn get(State(state): State<Shared>) -> Result<Json<Silences>, Problem> {
    let mut all = state.alarms()?.silences(now_usec());
    all.sort_by_key(|silence| Reverse(silence.active));
    Ok(Json(Silences {
        silences: all.iter().take(MOST).map(silence).collect(),
    }))
}

/// Every member that a silence may have, and how it stands.
fn silence(status: &SilenceStatus) -> Value {
    let mut members = Map::from_iter([
        ("alarm".to_owned(), Value::Null),
        ("labels".to_owned(), json!({})),
        ("tags".to_owned(), json!({})),
        ("starts".to_owned(), Value::Null),
        ("ends".to_owned(), Value::Null),
        ("weekly".to_owned(), Value::Null),
        ("comment".to_owned(), json!("")),
        ("author".to_owned(), json!("")),
    ]);
    if let Value::Object(written) = json!(status.silence) {
        members.extend(written);
    }
    members.insert("active".to_owned(), json!(status.active));
    members.insert("origin".to_owned(), json!(status.origin));
    Value::Object(members)
}

pub(crate) async fn post(
    State(state): State<Shared>,
    headers: HeaderMap,
    body: Body,
) -> Result<(StatusCode, Json<Made>), Problem> {
    let written: Value = request::read(&state, &headers, body).await?;
    let alarms = state.alarms()?;
    let made = alarms.add_silence(written, now_usec()).await;
    let id = made.map_err(of_faults)?;
    Ok((StatusCode::CREATED, Json(Made { id })))
}

pub(crate) async fn delete(
    State(state): State<Shared>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let ended = state.alarms()?.end_silence(&id).await;
    ended.map_err(of_end)?;
    Ok(StatusCode::NO_CONTENT)
}

fn of_end(why: EndSilence) -> Problem {
    let said = why.to_string();
    match why {
        EndSilence::NotFound(_) => Problem::new(Code::UnknownSilence, said),
        EndSilence::FromFile(_) => Problem::new(Code::Conflict, said),
        EndSilence::Manage(error) => error.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_silence_has_every_member() {
        let written = json!({"id": "night", "alarm": "web-*", "ends": "2026-11-24T00:00:00Z"});
        let status = SilenceStatus {
            silence: serde_json::from_value(written).unwrap(),
            active: true,
            origin: "file",
        };
        let shown = silence(&status);
        for (member, value) in [
            ("id", json!("night")),
            ("alarm", json!("web-*")),
            ("labels", json!({})),
            ("tags", json!({})),
            ("starts", Value::Null),
            ("weekly", Value::Null),
            ("comment", json!("")),
            ("author", json!("")),
            ("active", json!(true)),
            ("origin", json!("file")),
        ] {
            assert_eq!(shown[member], value, "{member}");
        }
        let ends = shown["ends"].as_str().unwrap();
        assert!(ends.starts_with("2026-11-24T00:00:00"), "{ends}");
    }

    #[test]
    fn what_cannot_be_ended_says_why() {
        let json = of_end(EndSilence::NotFound("a".to_owned())).to_json();
        assert_eq!(
            (&json["status"], &json["code"]),
            (&json!(404), &json!("unknown_silence"))
        );
        let json = of_end(EndSilence::FromFile("a".to_owned())).to_json();
        assert_eq!(json["status"], 409);
        assert!(json["detail"].as_str().unwrap().contains("alarms.toml"));
    }
}
