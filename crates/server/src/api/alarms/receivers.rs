//! `/api/receivers`: who is told of transitions, how that goes, and a test of it.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use serde::Serialize;

use super::site;
use crate::alarms::{ReceiverView, Tested};
use crate::api::time::rfc3339_micros;
use crate::problem::{Code, Problem};
use crate::state::Shared;

/// The most receivers of an answer.
const MOST: usize = 1000;

/// The answer.
#[derive(Debug, Serialize)]
pub(crate) struct Receivers {
    receivers: Vec<Receiver>,
}

/// Who is told, without anything secret.
#[derive(Debug, Serialize)]
struct Receiver {
    name: String,
    #[serde(rename = "type")]
    kind: &'static str,
    arns: Vec<String>,
    target: String,
    waiting: usize,
    delivered: usize,
    failed: usize,
    last_delivered: Option<String>,
    last_error: Option<String>,
}

/// What came of a test.
#[derive(Debug, Serialize)]
pub(crate) struct Outcome {
    delivered: bool,
    answer: String,
    milliseconds: u64,
}

pub(crate) async fn get(State(state): State<Shared>) -> Result<Json<Receivers>, Problem> {
    let all = state.alarms()?.receivers().into_iter().take(MOST);
    Ok(Json(Receivers {
        receivers: all.map(receiver).collect(),
    }))
}

fn receiver(view: ReceiverView) -> Receiver {
    let status = view.status;
    Receiver {
        name: view.name,
        kind: view.kind,
        arns: view.arns,
        target: view.target,
        waiting: status.waiting,
        delivered: status.delivered,
        failed: status.failed,
        last_delivered: status.last_delivered.map(rfc3339_micros),
        last_error: status.last_error,
    }
}

/// `POST /api/receivers/{name}/test`.
pub(crate) async fn test(
    State(state): State<Shared>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Json<Outcome>, Problem> {
    site::check(&headers)?;
    let tested = state.alarms()?.test_receiver(&name).await;
    let Some(Tested {
        delivered,
        answer,
        milliseconds,
    }) = tested
    else {
        let message = format!("there is no receiver '{name}': receivers are in alarms.toml");
        return Err(Problem::new(Code::UnknownReceiver, message));
    };
    Ok(Json(Outcome {
        delivered,
        answer,
        milliseconds,
    }))
}

#[cfg(test)]
mod tests {
    use evaluator::ReceiverStatus;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_receiver_is_as_promised() {
        let mut view = ReceiverView {
            name: "team-mail".to_owned(),
            kind: "email",
            arns: vec!["arn:aws:sns:local:000000000000:team-mail".to_owned()],
            target: "mail.example:587".to_owned(),
            status: ReceiverStatus {
                waiting: 1,
                delivered: 2,
                failed: 3,
                last_delivered: Some(1_795_424_400_000_000),
                last_error: None,
            },
        };
        let mut expected = json!({
            "name": "team-mail", "type": "email", "arns": ["arn:aws:sns:local:000000000000:team-mail"],
            "target": "mail.example:587", "waiting": 1, "delivered": 2, "failed": 3,
            "last_delivered": "2026-11-23T09:00:00.000000Z", "last_error": null,
        });
        assert_eq!(json!(receiver(view.clone())), expected);
        view.status.last_delivered = None;
        view.status.last_error = Some("connection refused".to_owned());
        expected["last_delivered"] = json!(null);
        expected["last_error"] = json!("connection refused");
        assert_eq!(json!(receiver(view)), expected);
    }
}
