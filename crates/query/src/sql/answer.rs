//! Answers of statements.

use std::pin::Pin;
use std::task::{Context, Poll};

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use futures::Stream;
use serde::Serialize;
use tokio::sync::mpsc::Receiver;
use tokio::time::Sleep;

use crate::engine::Task;
use crate::error::QueryError;
use crate::sql::run::Format;

/// How an answer came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct SqlStats {
    /// Rows in the answer.
    pub rows: usize,
    /// Whether there were more than the limit.
    pub truncated: bool,
    /// From the request to the last row.
    pub elapsed_ms: u64,
}

/// All rows of an answer, in memory.
#[derive(Debug, Clone, PartialEq)]
pub struct SqlRows {
    /// The columns: strings plain, no name twice.
    pub schema: SchemaRef,
    /// The rows.
    pub batches: Vec<RecordBatch>,
    /// How it came about.
    pub stats: SqlStats,
}

/// An answer as the bytes of a format, as they are made. Dropping it ends the work.
#[derive(Debug)]
pub struct SqlBody {
    pub(super) format: Format,
    /// Made already, so that faults before the first row have no body.
    pub(super) first: Option<Vec<u8>>,
    pub(super) rest: Receiver<Result<Vec<u8>, QueryError>>,
    pub(super) deadline: Pin<Box<Sleep>>,
    pub(super) late: Option<QueryError>,
    /// Owned, so that the work ends with the body.
    pub(super) task: Option<Task<()>>,
}

impl SqlBody {
    /// The media type of the bytes.
    pub fn content_type(&self) -> &'static str {
        self.format.content_type()
    }

    /// All bytes; the first fault instead of them.
    pub async fn collect(mut self) -> Result<Vec<u8>, QueryError> {
        use futures::StreamExt;
        let mut all = Vec::new();
        while let Some(part) = self.next().await {
            all.extend(part?);
        }
        Ok(all)
    }
}

impl Stream for SqlBody {
    type Item = Result<Vec<u8>, QueryError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let Some(first) = self.first.take() {
            return Poll::Ready(Some(Ok(first)));
        }
        if self.task.is_none() {
            return Poll::Ready(None);
        }
        if self.deadline.as_mut().poll(cx).is_ready() {
            self.task = None;
            return Poll::Ready(self.late.take().map(Err));
        }
        let next = self.rest.poll_recv(cx);
        if let Poll::Ready(None | Some(Err(_))) = &next {
            self.task = None;
        }
        next
    }
}
