//! A running agent: its threads and what they share.
//!
//! One thread reads and writes to the spool ([`ticks`], on the times of [`schedule`], within the cost of [`throttle`]), one
//! sends what waits there ([`crate::ship`]); [`logs`] are two more of the same kind. [`Agent`] owns them. It ends in order: reading stops, what was read is on
//! disk, what waits is sent as far as time allows, the numbers are stored.

mod logs;
pub(crate) mod schedule;
mod state;
mod throttle;
mod ticks;
pub(crate) mod wake;

use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

pub(crate) use logs::Logs;
pub use schedule::ScheduleFigures;
pub(crate) use state::State;
pub use state::TickFigures;

use crate::clock::wall_usec;
use crate::interrupt::Interrupt;
use crate::log::{LogFigures, LogRulesError};
use crate::metrics;
use crate::outbox::Outbox;
use crate::sampler::Sampler;
use crate::settings::Settings;
use crate::ship::{Client, ClientError, SharedFigures, ShipFigures, Shipper};
use crate::source::SourceError;
use crate::spool::{Figures, Recovery, Refused, Spool, SpoolError, SpoolSettings, WhenFull};
use crate::status::{About, Status};
use schedule::Schedule;
use throttle::Throttle;
use ticks::{Frames, Ticker};
use wake::Waker;

/// Frames that wait in memory while the disk cannot be written take no more than this.
const SPOOL_MEMORY_MAX: u64 = 8 << 20;

/// Why an agent cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The sources.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The spool.
    #[error(transparent)]
    Spool(#[from] SpoolError),
    /// The way to the server.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// Rules for logs.
    #[error(transparent)]
    Logs(#[from] LogRulesError),
    /// zstd does not take the level.
    #[error("compression level: {0}")]
    Compression(#[from] wire::EncodeError),
    /// The system gives no thread or descriptor.
    #[error("cannot {what}: {source}")]
    System {
        /// What was tried.
        what: &'static str,
        /// What the system says.
        source: io::Error,
    },
}

/// Why reading ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// It was told to.
    Stopped,
    /// The process was larger than it may be.
    Memory {
        /// How large it was, in bytes.
        resident: u64,
        /// How large it may be.
        limit: u64,
    },
    /// A thread of the agent failed; what it said is in the log.
    Panicked,
}

/// What an ended agent leaves behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    /// Whether everything that was read and not sent is on disk.
    pub durable: bool,
    /// What the spool holds and what it lost.
    pub spool: Figures,
    /// What the spool of logs holds, where logs are read.
    pub logs: Option<Figures>,
}

/// Threads that read, and threads that send.
#[derive(Debug)]
struct Threads {
    reading: Vec<JoinHandle<()>>,
    sending: Vec<JoinHandle<()>>,
}

/// A running agent. Dropped without [`Agent::stop`], its threads run on.
#[derive(Debug)]
pub struct Agent {
    about: Arc<About>,
    outbox: Arc<Outbox>,
    state: Arc<State>,
    shipped: Arc<SharedFigures>,
    recovery: Recovery,
    started: Instant,
    waker: Waker,
    interrupt: Interrupt,
    logs: Arc<Option<Logs>>,
    /// The threads that read and those that send, until they are told to end.
    threads: Mutex<Option<Threads>>,
}

impl Agent {
    /// Starts to read and to send. `on_end` is called once, from a thread of the agent, when reading ends; after any end
    /// but [`End::Stopped`] the caller should [`Agent::stop`] what is left and end the process.
    ///
    /// # Errors
    /// See [`StartError`]. A server that does not answer is none: rows wait in the spool.
    pub fn start(
        settings: Settings,
        on_end: impl FnOnce(End) + Send + 'static,
    ) -> Result<Agent, StartError> {
        let system = |what| move |source| StartError::System { what, source };
        let client = Client::new(settings.server.clone())?;
        let frames = Frames::new(settings.compression)?;
        let (spool, recovery) = Spool::open(SpoolSettings {
            dir: settings.spool_dir.clone(),
            machine: machine(&settings),
            max_bytes: settings.spool_max_bytes,
            memory_max_bytes: SPOOL_MEMORY_MAX,
            when_full: WhenFull::DropOldest,
        })?;
        tell(&recovery);
        let about = Arc::new(About::new(&settings));
        let mut options = settings.sources.clone();
        options.cluster = Some(settings.cluster.clone());
        options.node = Some(settings.node.clone());
        let sampler = Sampler::new(options)?;
        let waker = Waker::new().map_err(system("make an eventfd"))?;
        let outbox = Arc::new(Outbox::new(spool));
        let state = Arc::new(State::default());
        {
            let mut ticks = state.ticks();
            (ticks.interval, ticks.wanted_interval) = (settings.interval, settings.interval);
        }
        let shipped = Arc::new(SharedFigures::default());
        let ticker = Ticker {
            sampler,
            schedule: Schedule::new(settings.interval, wall_usec()),
            throttle: Throttle::new(settings.interval, settings.cpu_share),
            frames,
            outbox: Arc::clone(&outbox),
            state: Arc::clone(&state),
            memory_limit: settings.memory_limit,
            told_lost: 0,
            waker: waker.clone(),
        };
        let interrupt = client.interrupt();
        let ending = Ending(Arc::new(Mutex::new(Some(Box::new(on_end)))));
        let (logs, log_threads) = match &settings.logs {
            Some(logs) => {
                let (logs, threads) = Logs::start(&settings, logs, &ending)?;
                (Some(logs), Some(threads))
            }
            None => (None, None),
        };
        let logs = Arc::new(logs);
        let shipper = Shipper {
            report: {
                let (about, outbox, state, shipped, logs) = (
                    Arc::clone(&about),
                    Arc::clone(&outbox),
                    Arc::clone(&state),
                    Arc::clone(&shipped),
                    Arc::clone(&logs),
                );
                Box::new(move || {
                    let logs = (*logs).as_ref();
                    let status = Status::of(&about, &outbox, &state, &shipped, logs, wall_usec());
                    // Every member is a number, a text or a list of such.
                    let json = serde_json::to_vec(&status).ok()?;
                    Some((status.agent(), json))
                })
            },
            client,
            refused: Refused::new(&settings.spool_dir, settings.refused_max_bytes),
            figures: Arc::clone(&shipped),
            answered: Box::new(|_, _| ()),
            outbox: Arc::clone(&outbox),
            timeout: settings.server.timeout,
            flush_interval: settings.server.flush_interval,
            first: 0,
        };
        let reading = {
            let mut last_words = ending.clone().on_panic();
            let run = move || {
                let end = ticker.run();
                last_words.say(end);
            };
            thread::Builder::new()
                .name("agent-read".to_owned())
                .spawn(run)
                .map_err(system("start a thread"))?
        };
        let sending = {
            let mut last_words = ending.on_panic();
            let run = move || {
                shipper.run();
                last_words.forget();
            };
            thread::Builder::new()
                .name("agent-send".to_owned())
                .spawn(run)
                .map_err(system("start a thread"))?
        };
        let mut threads = Threads {
            reading: vec![reading],
            sending: vec![sending],
        };
        if let Some([reading, sending]) = log_threads {
            threads.reading.push(reading);
            threads.sending.push(sending);
        }
        Ok(Agent {
            about,
            outbox,
            state,
            shipped,
            recovery,
            started: Instant::now(),
            waker,
            interrupt,
            logs,
            threads: Mutex::new(Some(threads)),
        })
    }

    /// Ends in order: reading first, then what waits is sent for at most `within`, then the spool is closed. Figures can
    /// still be asked for; the spool's folder is free for another agent once this one is dropped.
    pub fn stop(&self, within: Duration) -> Left {
        let threads = self
            .threads
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        let logs = (*self.logs).as_ref();
        if let Some(Threads { reading, sending }) = threads {
            self.waker.wake();
            if let Some(logs) = logs {
                logs.wake();
            }
            for thread in reading {
                let _ = thread.join();
            }
            let until = Instant::now() + within;
            self.outbox.stop(until);
            if let Some(logs) = logs {
                logs.stop(until);
            }
            while !sending.iter().all(JoinHandle::is_finished) && Instant::now() < until {
                thread::sleep(Duration::from_millis(5));
            }
            // A request that is still under way is broken off; its frame comes again.
            self.interrupt.now();
            if let Some(logs) = logs {
                logs.interrupt();
            }
            for thread in sending {
                let _ = thread.join();
            }
        }
        let closed = logs.map(Logs::close);
        let mut spool = self.outbox.spool();
        Left {
            durable: spool.close() & closed.as_ref().is_none_or(|(durable, _)| *durable),
            spool: spool.figures(),
            logs: closed.map(|(_, figures)| figures),
        }
    }

    /// Own metrics in Prometheus' text format.
    pub fn metrics_text(&self) -> String {
        let logs = (*self.logs).as_ref();
        metrics::render(&self.outbox, &self.state, &self.shipped, logs, wall_usec())
    }

    /// What the agent says of itself to the server.
    pub fn status(&self) -> Status {
        Status::of(
            &self.about,
            &self.outbox,
            &self.state,
            &self.shipped,
            (*self.logs).as_ref(),
            wall_usec(),
        )
    }

    /// What was found in the spool at the start.
    pub fn recovery(&self) -> &Recovery {
        &self.recovery
    }

    /// Figures of reading.
    pub fn ticks(&self) -> TickFigures {
        *self.state.ticks()
    }

    /// Time since the last tick, or since the start while there was none.
    pub fn since_last_tick(&self) -> Duration {
        let since = self.state.ticks().last_tick_at.unwrap_or(self.started);
        since.elapsed()
    }

    /// Figures of sending.
    pub fn shipped(&self) -> ShipFigures {
        self.shipped.lock().clone()
    }

    /// Figures of reading logs, where they are read.
    pub fn logs(&self) -> Option<LogFigures> {
        (*self.logs).as_ref().map(Logs::figures)
    }

    /// What the spool of logs holds and what it lost, where logs are read.
    pub fn log_spool(&self) -> Option<Figures> {
        let logs = (*self.logs).as_ref()?;
        Some(logs.outbox.spool().figures())
    }

    /// What the spool holds and what it lost.
    pub fn spool(&self) -> Figures {
        self.outbox.spool().figures()
    }
}

type OnEnd = Box<dyn FnOnce(End) + Send>;

/// Whom to tell when a thread ends; told once.
#[derive(Clone)]
struct Ending(Arc<Mutex<Option<OnEnd>>>);

impl Ending {
    fn on_panic(self) -> LastWords {
        LastWords(Some(self))
    }

    fn say(&self, end: End) {
        let on_end = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(on_end) = on_end {
            on_end(end);
        }
    }
}

/// Tells of a panic when it is dropped without having said anything.
struct LastWords(Option<Ending>);

impl LastWords {
    fn say(&mut self, end: End) {
        if let Some(ending) = self.0.take() {
            ending.say(end);
        }
    }

    fn forget(&mut self) {
        self.0 = None;
    }
}

impl Drop for LastWords {
    fn drop(&mut self) {
        self.say(End::Panicked);
    }
}

/// What tells this machine from others: its node's name and its machine id, where that can be read.
fn machine(settings: &Settings) -> String {
    let id = std::fs::read_to_string(settings.sources.roots.host.join("etc/machine-id"))
        .unwrap_or_default();
    format!("{} {}", id.trim(), settings.node)
}

fn tell(recovery: &Recovery) {
    if !recovery.waiting.is_empty() {
        tracing::info!(
            frames = recovery.waiting.frames,
            rows = recovery.waiting.rows,
            "rows of an earlier run are sent"
        );
    }
    if recovery.torn_bytes > 0 {
        tracing::warn!(
            bytes = recovery.torn_bytes,
            "an unfinished write was cut off the spool"
        );
    }
    if !recovery.broken.is_empty() || recovery.unknown_broken_bytes > 0 {
        tracing::error!(frames = recovery.broken.frames, rows = recovery.broken.rows,
            unknown_bytes = recovery.unknown_broken_bytes, kept = ?recovery.set_aside,
            "parts of the spool are damaged; they were set aside");
    }
    if recovery.identity_lost {
        tracing::error!("the spool's identity cannot be read; the agent goes on under a new id");
    }
    if recovery.identity_foreign {
        tracing::warn!("the spool was made on another machine; the agent goes on under a new id");
    }
}

#[cfg(test)]
mod tests;
