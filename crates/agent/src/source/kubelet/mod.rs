//! What the kubelet of the node answers at `/stats/summary`.
//!
//! A thread asks, since an answer takes the kubelet a good part of a second, and leaves the newest answer where the tick
//! finds it: a tick never waits. The right that it takes is `get` on `nodes/stats`, and no other.

mod client;
mod error;
mod summary;

#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

pub(crate) use summary::{
    ContainerStats, CpuStats, FsStats, InterfaceStats, MemoryStats, NetworkStats, PodStats,
    Summary, moment,
};

use super::clock::Clock;
use super::error::SourceError;
use super::report::{Feature, FileReport};
use client::Client;

use crate::interrupt::Interrupt;

use error::KubeletError;

/// What its answer feeds.
const FEEDS: &str = "volumes, root file systems of containers, sizes of their logs";

/// How the kubelet is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KubeletOptions {
    /// Its address, such as `https://10.0.0.7:10250`, without a slash at the end.
    pub url: String,
    /// Time from one question to the next.
    pub interval: Duration,
    /// How long one may take.
    pub timeout: Duration,
    /// The file with the token of the service account; read for each question.
    pub token_file: PathBuf,
    /// PEM file of the authorities that may vouch for its certificate; read for each question too.
    pub ca: PathBuf,
    /// Whether any certificate is taken.
    pub insecure: bool,
}

/// Asks the kubelet, in a thread of its own.
#[derive(Debug)]
pub(crate) struct Kubelet {
    url: String,
    shared: Arc<Mutex<Found>>,
    interrupt: Interrupt,
    /// Dropped to end the thread.
    alive: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// How asking goes.
#[derive(Debug, Default)]
struct Found {
    /// An answer that no tick has taken.
    news: Option<Summary>,
    answers: u64,
    failures: u64,
    bytes: u64,
    answered: Option<i64>,
    /// The last failure, and when.
    failed: Option<(KubeletError, i64)>,
    /// Whether the last question was answered.
    well: bool,
}

impl Kubelet {
    /// Begins to ask.
    ///
    /// # Errors
    /// When no thread can be started. A kubelet that does not answer is none: see [`Kubelet::report`].
    pub(crate) fn start(options: KubeletOptions, clock: Clock) -> Result<Kubelet, SourceError> {
        let shared = Arc::<Mutex<Found>>::default();
        let url = format!("{}/stats/summary", options.url);
        let interval = options.interval;
        let mut client = Client::new(options);
        let interrupt = client.interrupt();
        let (alive, ended) = channel::<()>();
        let thread = {
            let shared = Arc::clone(&shared);
            let run = move || {
                let mut due = Instant::now();
                loop {
                    let asked = client.ask();
                    note(&shared, asked, clock.wall());
                    // From question to question, but never one after the other: a slow kubelet is not asked more.
                    due = (due + interval).max(Instant::now() + interval / 4);
                    let wait = due.saturating_duration_since(Instant::now());
                    match ended.recv_timeout(wait) {
                        Err(RecvTimeoutError::Timeout) => {}
                        Ok(()) | Err(RecvTimeoutError::Disconnected) => return,
                    }
                }
            };
            thread::Builder::new()
                .name("agent-kubelet".to_owned())
                .spawn(run)
                .map_err(SourceError::Thread)?
        };
        Ok(Kubelet {
            url,
            shared,
            interrupt,
            alive: Some(alive),
            thread: Some(thread),
        })
    }

    /// The newest answer, once.
    pub(crate) fn news(&self) -> Option<Summary> {
        lock(&self.shared).news.take()
    }

    /// Whether it is answered, in the words of the report on sources.
    pub(crate) fn feature(&self) -> Feature {
        Feature {
            name: "kubelet",
            present: lock(&self.shared).well,
            meaning: "without its answers volumes, root file systems of containers and sizes of their logs are dark; \
                      the file list says which right or certificate is missing",
        }
    }

    /// How asking goes, as of a file.
    pub(crate) fn report(&self) -> FileReport {
        let found = lock(&self.shared);
        let failed = found.failed.as_ref().filter(|_| !found.well);
        FileReport {
            path: self.url.clone(),
            feeds: FEEDS,
            state: match (found.well, failed) {
                (true, _) => "ok",
                (false, Some(_)) => "unreadable",
                (false, None) => "untried",
            },
            example: None,
            mode: None,
            owner: None,
            errno: None,
            reason: failed.map(|(error, _)| error.to_string()),
            missing_right: failed.and_then(|(error, _)| error.missing_right()),
            reads: found.answers,
            bytes: found.bytes,
            errors: found.failures,
            last_error: found.failed.as_ref().map(|(error, _)| error.to_string()),
            last_error_time: found.failed.as_ref().map(|(_, time)| *time),
            last_read_time: found.answered,
        }
    }
}

impl Drop for Kubelet {
    fn drop(&mut self) {
        drop(self.alive.take());
        // A question that is under way is broken off.
        self.interrupt.now();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn lock(shared: &Mutex<Found>) -> MutexGuard<'_, Found> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

fn note(shared: &Mutex<Found>, asked: Result<(Summary, u64), KubeletError>, now: i64) {
    let mut found = lock(shared);
    match asked {
        Ok((summary, bytes)) => {
            found.news = Some(summary);
            found.answers += 1;
            found.bytes += bytes;
            found.answered = Some(now);
            if !found.well {
                tracing::info!("the kubelet answers");
            }
            found.well = true;
        }
        Err(error) => {
            // Once for each new reason, not once a minute.
            let known = found.failed.as_ref().is_some_and(|(old, _)| *old == error);
            if found.well || !known {
                let right = error.missing_right().unwrap_or_default();
                tracing::warn!(%error, missing_right = right, "the kubelet's figures are dark");
            }
            found.failures += 1;
            found.failed = Some((error, now));
            found.well = false;
        }
    }
}
