//! Bodies of requests about alarms.

use alarm::definition::limits::LONGEST_DEFINITION;
use axum::body::Body;
use axum::http::HeaderMap;
use serde::de::DeserializeOwned;

use super::unique::Unique;
use crate::body;
use crate::problem::{self, Problem};
use crate::state::State;

/// A body has room for a definition that is indented, with what stands around it.
const LONGEST_BODY: usize = 2 * LONGEST_DEFINITION;

/// Reads a body of JSON, which is bounded.
///
/// # Errors
/// It is no JSON, too large, has a key twice, or is not what is asked for: with the place of the fault.
pub(super) async fn read<T: DeserializeOwned>(
    state: &State,
    headers: &HeaderMap,
    body: Body,
) -> Result<T, Problem> {
    let limits = &state.settings().limits;
    let longest = limits.json_bytes.min(LONGEST_BODY);
    let text = body::read_json(headers, body, longest, limits.body_time).await?;
    let of_json = |error| problem::of_json(&text, &error);
    serde_json::from_slice::<Unique>(&text).map_err(of_json)?;
    serde_json::from_slice(&text).map_err(of_json)
}
