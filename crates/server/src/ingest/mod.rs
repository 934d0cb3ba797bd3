//! `POST /ingest/{table}`: frames of agents, as docs/architecture.md, "Exactly once", lays down.

mod admission;
mod answer;
mod count;

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use bytes::Bytes;
use catalogue::Table;
use catalogue::tables::ALARM_HISTORY;
use wire::{Conformed, Envelope};

pub(crate) use admission::Admission;
pub(crate) use answer::Stored;
use count::Outcome;

use crate::api::time::now_usec;
use crate::body;
use crate::problem::{Code, Problem};
use crate::state::Shared;

pub(crate) async fn post(
    State(state): State<Shared>,
    Path(name): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Stored>, Problem> {
    let table = catalogue::table(&name).ok_or_else(|| answer::unknown_table(&name))?;
    // Who was told of what is a record that agents' tokens must not be able to forge.
    if *table == ALARM_HISTORY {
        return Err(answer::own_table(table));
    }
    let taken = take(&state, table, &headers, body).await;
    let frames = &state.admission().frames;
    match &taken {
        Ok(stored) if stored.duplicate => frames.count(table, Outcome::Duplicate, 0),
        Ok(stored) => frames.count(table, Outcome::Stored, stored.stored),
        Err(_) => frames.count(table, Outcome::Refused, 0),
    }
    taken.map(Json)
}

async fn take(
    state: &Shared,
    table: &'static Table,
    headers: &HeaderMap,
    body: Body,
) -> Result<Stored, Problem> {
    let ready = state.ready()?;
    let limits = &state.settings().limits;
    let header = |name: &'static str| headers.get(name).and_then(|value| value.to_str().ok());
    let mut envelope =
        Envelope::from_headers(table, header, Bytes::new()).map_err(answer::bad_headers)?;

    let _place = state.admission().place(envelope.agent)?;
    let expected = body::announced_length(headers).unwrap_or(limits.frame.compressed_bytes);
    let room = state
        .admission()
        .room(expected.min(limits.frame.compressed_bytes))?;
    envelope.body = body::read(
        headers,
        body,
        limits.frame.compressed_bytes,
        limits.body_time,
    )
    .await?;
    state
        .admission()
        .frames
        .received(table, envelope.body.len());

    let (envelope, decoded) = decode(state, envelope).await?;
    // What waits for the disk from here on is the rows, and the body that goes into the log.
    drop(room);
    let memory = decoded
        .batches
        .iter()
        .map(arrow::array::RecordBatch::get_array_memory_size)
        .sum::<usize>();
    let _room = state.admission().room(memory + envelope.body.len())?;
    if !decoded.ignored_columns.is_empty() {
        state.admission().frames.ignored(&envelope, &decoded);
    }

    let agent = envelope.agent;
    let appended = ready
        .store
        .append(store::Append {
            agent: envelope.agent,
            table,
            sequence: envelope.sequence.0,
            oldest: Some(envelope.oldest.0),
            encoding: envelope.encoding,
            body: envelope.body,
            batches: decoded.batches,
        })
        .await
        .map_err(answer::not_appended)?;
    Ok(Stored {
        stored: appended.rows,
        duplicate: appended.duplicate,
        last: appended.duplicate.then_some(appended.last),
        report_wanted: !state.agents().knows(agent),
        ignored_columns: decoded.ignored_columns,
    })
}

/// Decoding takes up to a second of CPU for the largest frames, so it has threads of its own, and few of them.
async fn decode(state: &Shared, envelope: Envelope) -> Result<(Envelope, Conformed), Problem> {
    let _turn = state.admission().turn().await?;
    let limits = state.settings().limits.frame;
    let decoding = tokio::task::spawn_blocking(move || {
        let decoded = wire::decode(
            envelope.table,
            envelope.encoding,
            &envelope.body,
            &limits,
            now_usec(),
        );
        (envelope, decoded)
    });
    let (envelope, decoded) = decoding.await.map_err(|_| {
        Problem::new(
            Code::Internal,
            "the frame could not be decoded; the log says why",
        )
    })?;
    Ok((
        envelope,
        decoded.map_err(|error| answer::bad_frame(&error))?,
    ))
}
