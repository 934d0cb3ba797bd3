//! `PUT /api/alarms/{name}`: takes a definition, which is evaluated at once.

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use serde::Serialize;
use serde_json::{Value, json};

use super::fault::{of_faults, of_key};
use super::request;
use crate::api::time::now_usec;
use crate::problem::Problem;
use crate::state::Shared;

/// The answer.
#[derive(Debug, Serialize)]
pub(crate) struct Named {
    name: String,
}

pub(crate) async fn put(
    State(state): State<Shared>,
    Path(name): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<(StatusCode, Json<Named>), Problem> {
    let written = request::read(&state, &headers, body).await?;
    let alarms = state.alarms()?;
    let definition = named(&name, written)?;
    alarms.check(&definition).map_err(of_faults)?;
    let status = match alarms.evaluator().put(&definition, now_usec()).await? {
        true => StatusCode::CREATED,
        false => StatusCode::OK,
    };
    Ok((status, Json(Named { name })))
}

/// The definition under the name of the path, which it need not repeat. What is no object is for the check to refuse.
fn named(name: &str, mut definition: Value) -> Result<Value, Problem> {
    let Some(keys) = definition.as_object_mut() else {
        return Ok(definition);
    };
    match keys.get("AlarmName") {
        None | Some(Value::Null) => {
            keys.insert("AlarmName".to_owned(), json!(name));
        }
        Some(Value::String(written)) if written != name => {
            let message = "is not the name in the path: an alarm is not renamed, put it under the new name and delete \
                           the old one";
            return Err(of_key("AlarmName", message));
        }
        Some(_) => {}
    }
    Ok(definition)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_is_that_of_the_path() {
        for written in [
            json!({}),
            json!({"AlarmName": null}),
            json!({"AlarmName": "a"}),
        ] {
            assert_eq!(named("a", written).unwrap()["AlarmName"], "a");
        }
        let refused = named("a", json!({"AlarmName": "b"})).unwrap_err();
        assert_eq!(refused.to_json()["faults"][0]["key"], "AlarmName");
        for written in [json!([1]), json!({"AlarmName": 7})] {
            assert_eq!(named("a", written.clone()).unwrap(), written);
        }
    }
}
