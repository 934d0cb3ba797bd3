//! `GET /api/entities/{type}`: the live inventory.

use axum::Json;
use axum::extract::{Path, Query as Parameters, State};
use query::{EntitiesAnswer, EntitiesRequest};

use super::time::now_usec;
use crate::problem::{Code, Problem};
use crate::state::Shared;

pub(crate) async fn get(
    State(state): State<Shared>,
    Path(entity): Path<String>,
    Parameters(parameters): Parameters<Vec<(String, String)>>,
) -> Result<Json<EntitiesAnswer>, Problem> {
    let query = state.ready()?.query.clone();
    query.learn_names().await?;
    // Thousands of entities take tens of milliseconds: too long for a thread that serves connections.
    let listing = tokio::task::spawn_blocking(move || {
        let pairs = parameters
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()));
        let request = match catalogue::table(&entity) {
            Some(table) => EntitiesRequest::from_pairs(table, pairs)?,
            None => EntitiesRequest::default(),
        };
        query.entities(&entity, &request, now_usec())
    });
    let answer = listing
        .await
        .map_err(|_| Problem::new(Code::Internal, "the listing failed; the log says why"))?;
    answer.map(Json).map_err(|error| match error.code {
        // Here the name is a part of the path.
        query::Code::UnknownEntity => Problem::from(error).status(404),
        _ => error.into(),
    })
}
