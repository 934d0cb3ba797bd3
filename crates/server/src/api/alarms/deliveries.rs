//! `GET /api/deliveries`: notifications on their way, and what became of them, newest first.

use alarm::State as AlarmState;
use axum::Json;
use axum::extract::{Query as Parameters, State};
use evaluator::{Delivery, DeliveryFilter, DeliveryState, Labels};
use serde::Serialize;

use super::parameters::{given, limit, unknown, word};
use crate::api::time::rfc3339_micros;
use crate::problem::{Code, Problem};
use crate::state::Shared;

const MOST: usize = 1000;
const USUAL: usize = 200;
const PARAMETERS: &[&str] = &["alarm", "receiver", "state", "limit"];
/// As answers call them; one that is under way waits for its answer.
const STATES: [DeliveryState; 3] = [
    DeliveryState::Waiting,
    DeliveryState::Delivered,
    DeliveryState::Failed,
];

/// The answer.
#[derive(Debug, Serialize)]
pub(crate) struct Deliveries {
    deliveries: Vec<Notification>,
}

/// One transition for one receiver.
#[derive(Debug, Serialize)]
struct Notification {
    id: String,
    number: u64,
    alarm: String,
    labels: Labels,
    to: AlarmState,
    receiver: String,
    state: &'static str,
    attempts: u32,
    /// When it is tried next.
    next: Option<String>,
    at: String,
    delivered: Option<String>,
    error: Option<String>,
}

pub(crate) async fn get(
    State(state): State<Shared>,
    Parameters(pairs): Parameters<Vec<(String, String)>>,
) -> Result<Json<Deliveries>, Problem> {
    let filter = filter(&pairs)?;
    let alarms = state.alarms()?;
    // The outbox may hold a hundred thousand.
    let listing = tokio::task::spawn_blocking(move || alarms.evaluator().deliveries(&filter));
    let found = listing
        .await
        .map_err(|_| Problem::new(Code::Internal, "the listing failed; the log says why"))?;
    Ok(Json(Deliveries {
        deliveries: found.into_iter().map(notification).collect(),
    }))
}

fn filter(pairs: &[(String, String)]) -> Result<DeliveryFilter, Problem> {
    let mut filter = DeliveryFilter {
        limit: USUAL,
        ..DeliveryFilter::default()
    };
    for (name, value) in given(pairs) {
        match name {
            "alarm" => filter.alarm = Some(value.to_owned()),
            "receiver" => filter.receiver = Some(value.to_owned()),
            "state" => match word(name, value, &STATES, DeliveryState::as_str)? {
                DeliveryState::Waiting => filter
                    .states
                    .extend([DeliveryState::Waiting, DeliveryState::Attempting]),
                closed => filter.states.push(closed),
            },
            "limit" => filter.limit = limit(name, value, MOST)?,
            _ => return Err(unknown(name, PARAMETERS)),
        }
    }
    Ok(filter)
}

fn notification(delivery: Delivery) -> Notification {
    let next = delivery.state.is_open().then_some(delivery.next_attempt);
    Notification {
        id: delivery.id,
        number: delivery.number,
        alarm: delivery.alarm,
        labels: delivery.labels,
        to: delivery.to,
        receiver: delivery.receiver,
        state: match delivery.state {
            DeliveryState::Attempting => DeliveryState::Waiting.as_str(),
            state => state.as_str(),
        },
        attempts: delivery.attempts,
        next: next.map(rfc3339_micros),
        at: rfc3339_micros(delivery.at),
        delivered: delivery.delivered.map(rfc3339_micros),
        error: delivery.error,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn delivery(state: DeliveryState) -> Delivery {
        Delivery {
            sequence: 3,
            id: "00ff-7-0a".to_owned(),
            number: 7,
            alarm: "web-memory".to_owned(),
            labels: Labels::new(),
            to: AlarmState::Alarm,
            transition_at: 0,
            receiver: "team-mail".to_owned(),
            state,
            attempts: 2,
            next_attempt: 60_000_000,
            at: 1_000_000,
            delivered: (state == DeliveryState::Delivered).then_some(2_000_000),
            answer: None,
            error: Some("connection refused".to_owned()),
        }
    }

    #[test]
    fn a_delivery_is_as_promised() {
        assert_eq!(
            json!(notification(delivery(DeliveryState::Waiting))),
            json!({
                "id": "00ff-7-0a", "number": 7, "alarm": "web-memory", "labels": {}, "to": "ALARM",
                "receiver": "team-mail", "state": "waiting", "attempts": 2, "next": "1970-01-01T00:01:00.000000Z",
                "at": "1970-01-01T00:00:01.000000Z", "delivered": null, "error": "connection refused",
            })
        );
        let under_way = json!(notification(delivery(DeliveryState::Attempting)));
        assert_eq!(under_way["state"], "waiting");
        let delivered = json!(notification(delivery(DeliveryState::Delivered)));
        assert_eq!(delivered["delivered"], "1970-01-01T00:00:02.000000Z");
        for closed in [DeliveryState::Delivered, DeliveryState::Failed] {
            let closed = json!(notification(delivery(closed)));
            assert_eq!(closed["next"], Value::Null, "nothing is tried again");
        }
    }

    #[test]
    fn waiting_is_what_is_owed() {
        let asked = |pairs: &[(&str, &str)]| {
            let pairs = pairs
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
            filter(&pairs.collect::<Vec<_>>())
        };
        let waiting = asked(&[("state", "waiting"), ("alarm", "a"), ("receiver", "")]).unwrap();
        assert!(waiting.states.iter().all(|state| state.is_open()));
        assert_eq!(waiting.states.len(), 2);
        assert_eq!(
            (waiting.alarm.as_deref(), waiting.receiver),
            (Some("a"), None)
        );
        assert_eq!(waiting.limit, USUAL);
        let failed = asked(&[("state", "failed"), ("limit", "7")]).unwrap();
        assert_eq!(
            (failed.states.as_slice(), failed.limit),
            (&[DeliveryState::Failed][..], 7)
        );
        for (name, value) in [
            ("state", "attempting"),
            ("limit", "0"),
            ("status", "failed"),
        ] {
            let json = asked(&[(name, value)]).unwrap_err().to_json();
            assert_eq!(json["position"]["path"], name);
        }
    }
}
