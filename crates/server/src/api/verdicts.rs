//! `GET /api/verdicts`: how entities are, in a word each, with the reason.

use axum::Json;
use axum::extract::{Query as Parameters, State};
use query::{VerdictsAnswer, VerdictsRequest};

use super::time::now_usec;
use crate::problem::Problem;
use crate::state::Shared;

pub(crate) async fn get(
    State(state): State<Shared>,
    Parameters(parameters): Parameters<Vec<(String, String)>>,
) -> Result<Json<VerdictsAnswer>, Problem> {
    let query = state.ready()?.query.clone();
    let pairs = parameters
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()));
    let request = VerdictsRequest::from_pairs(pairs)?;
    Ok(Json(query.verdicts(&request, now_usec()).await?))
}
