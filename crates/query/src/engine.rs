//! The threads that plan and run questions.
//!
//! They are not those that serve requests, so that a heavy plan delays no heartbeat and no row on its way in.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinHandle;

use crate::error::{Code, QueryError};
use crate::stop::Stop;

/// Parsing and planning recurse over expressions, some ten thousand deep before they are measured and refused. Only
/// what is used of it takes memory.
const STACK: usize = 64 << 20;

/// A runtime of its own; work that is under way ends when it is dropped.
#[derive(Debug)]
pub(crate) struct Engine {
    /// Taken only by `drop`.
    runtime: Option<Runtime>,
}

impl Engine {
    pub(crate) fn new(threads: usize) -> Result<Self, QueryError> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(threads.max(1))
            .thread_name("query")
            .thread_stack_size(STACK)
            .enable_all()
            .build()
            .map_err(|e| {
                QueryError::new(
                    Code::Internal,
                    format!("cannot start threads for queries: {e}"),
                )
            })?;
        Ok(Engine {
            runtime: Some(runtime),
        })
    }

    /// Runs work on the engine's threads. Dropping the task ends the work at its next pause, and tells it so.
    pub(crate) fn run<T, W>(&self, work: impl FnOnce(Stop) -> W) -> Task<T>
    where
        T: Send + 'static,
        W: Future<Output = T> + Send + 'static,
    {
        let stop = Stop::default();
        let work = work(stop.clone());
        let handle = match &self.runtime {
            Some(runtime) => runtime.spawn(work),
            // Not reached: the runtime is there until the engine is dropped. The caller's own would do as well.
            None => tokio::spawn(work),
        };
        Task { handle, stop }
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        // Waiting for the threads would block, which a thread that serves requests must not.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// Work on the engine's threads, owned by whoever waits for it.
#[derive(Debug)]
pub(crate) struct Task<T> {
    handle: JoinHandle<T>,
    stop: Stop,
}

impl<T> Future for Task<T> {
    type Output = Result<T, QueryError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.handle).poll(cx).map_err(|e| {
            let what = if e.is_panic() {
                "panicked"
            } else {
                "was stopped"
            };
            QueryError::new(
                Code::Internal,
                format!("the query {what}; please report it with the question"),
            )
        })
    }
}

impl<T> Drop for Task<T> {
    fn drop(&mut self) {
        self.stop.set();
        self.handle.abort();
    }
}
