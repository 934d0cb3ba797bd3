//! `POST /api/alarms/check`: what is wrong with a definition, without any consequence.

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::fault::{KeyFault, key_faults};
use super::request;
use crate::problem::Problem;
use crate::state::Shared;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    definition: Value,
}

/// The answer.
#[derive(Debug, Serialize)]
pub(crate) struct Checked {
    /// With its defaults; as it came while there are faults.
    definition: Value,
    faults: Vec<KeyFault>,
}

pub(crate) async fn post(
    State(state): State<Shared>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Checked>, Problem> {
    let Question { definition } = request::read(&state, &headers, body).await?;
    let alarms = state.alarms()?;
    Ok(Json(match alarms.check(&definition) {
        Ok(read) => Checked {
            definition: read.to_json(),
            faults: Vec::new(),
        },
        Err(faults) => Checked {
            definition,
            faults: key_faults(faults),
        },
    }))
}
