//! Lines as they come: the store tells of every batch that it has taken in, and the conditions of a tail are evaluated
//! on it. Nothing is read from files, but for what was stored already when that is asked for.

mod matcher;
mod pending;
mod rate;
mod run;

use std::collections::BTreeMap;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures::Stream;
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc::Receiver;

use super::lines::LogLine;
use crate::engine::Task;
use crate::error::QueryError;
use crate::filter::Filter;
use crate::moment::Moment;
use crate::request;

pub(crate) use run::{Means, Run};

/// Lines a second when the request does not say, and at most.
const RATE: u32 = 200;
const MOST_RATE: u32 = 2000;

/// Which lines to tell of.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TailRequest {
    /// Conditions on identity and attribute columns of `log`.
    pub filters: BTreeMap<String, Filter>,
    /// Conditions in the language of docs/guide/logs.md.
    pub query: Option<String>,
    /// Lines a second, beyond which lines are dropped and counted; 200 when left out, 2000 at most.
    pub rate: Option<u32>,
    /// Tell first of the lines that are stored from this time on.
    pub since: Option<Moment>,
}

impl TailRequest {
    /// Reads a JSON request; an error says where it is wrong.
    pub fn from_json(json: &[u8]) -> Result<TailRequest, QueryError> {
        request::from_json(json)
    }

    fn rate(&self) -> Result<u32, QueryError> {
        match self.rate {
            None => Ok(RATE),
            Some(0) => Err(QueryError::invalid("rate", "a rate is at least 1")),
            Some(rate) if rate > MOST_RATE => Err(QueryError::invalid(
                "rate",
                format!("a rate is at most {MOST_RATE}"),
            )),
            Some(rate) => Ok(rate),
        }
    }
}

/// What a tail tells.
#[derive(Debug, Clone, PartialEq)]
pub enum TailEvent {
    /// Lines, those of one event in order of time.
    Lines(Vec<LogLine>),
    /// Lines that were left out here. They are in the store.
    Dropped(Dropped),
    /// The tail ends with a fault.
    Failed(QueryError),
}

/// Lines that a tail has left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Dropped {
    /// How many; of those that the reader was too slow for, all that came, whether they fit or not.
    pub lines: u64,
    /// Why.
    pub why: Why,
}

/// Why lines are left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Why {
    /// More came than the rate allows.
    Rate,
    /// The reader was too slow.
    Slow,
}

/// A tail that is under way. Dropping it ends it; it ends by itself when the store is closed.
#[derive(Debug)]
pub struct Tail {
    pub(super) events: Receiver<TailEvent>,
    /// Owned, so that the work ends with it.
    pub(super) _task: Task<()>,
}

impl Tail {
    pub(crate) fn new(events: Receiver<TailEvent>, task: Task<()>) -> Tail {
        Tail {
            events,
            _task: task,
        }
    }
}

impl Stream for Tail {
    type Item = TailEvent;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<TailEvent>> {
        self.events.poll_recv(cx)
    }
}
