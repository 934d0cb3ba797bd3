//! The part of an agent that reads and sends logs: two threads of its own, so that it and the metrics never hold each
//! other up.

use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Instant;

use super::wake::Waker;
use super::{Ending, StartError, machine};
use crate::interrupt::Interrupt;
use crate::log::run::{LogReader, LogState, Reading};
use crate::log::{LogFigures, LogSettings};
use crate::outbox::Outbox;
use crate::settings::Settings;
use crate::ship::{Client, SharedFigures, Shipper};
use crate::source::FileReport;
use crate::spool::{Figures, Refused};

/// Reading and sending of logs.
#[derive(Debug)]
pub(crate) struct Logs {
    pub(crate) outbox: Arc<Outbox>,
    pub(crate) shipped: Arc<SharedFigures>,
    state: Arc<LogState>,
    waker: Waker,
    interrupt: Interrupt,
}

impl Logs {
    /// Starts both threads.
    pub(super) fn start(
        settings: &Settings,
        logs: &LogSettings,
        ending: &Ending,
    ) -> Result<(Logs, [JoinHandle<()>; 2]), StartError> {
        let system = |what| move |source| StartError::System { what, source };
        let client = Client::new(settings.server.clone())?;
        let interrupt = client.interrupt();
        let waker = Waker::new().map_err(system("make an eventfd"))?;
        let (reader, outbox, state, recovery) = LogReader::open(Reading {
            settings: logs.clone(),
            cluster: settings.cluster.clone(),
            node: settings.node.clone(),
            roots: settings.sources.roots.clone(),
            announcements: settings.sources.announcements,
            interval: settings.interval,
            compression: settings.compression,
            machine: machine(settings),
        })?;
        super::tell(&recovery);
        let shipped = Arc::new(SharedFigures::default());
        let shipper = Shipper {
            outbox: Arc::clone(&outbox),
            client,
            refused: Refused::new(&logs.spool_dir, settings.refused_max_bytes),
            figures: Arc::clone(&shipped),
            // The other connection tells of the whole agent.
            report: Box::new(|| None),
            answered: {
                let state = Arc::clone(&state);
                Box::new(move |frame, is_stored| state.answered(frame, is_stored))
            },
            timeout: settings.server.timeout,
            flush_interval: settings.server.flush_interval,
            first: 0,
        };
        let spawn = |name: &str, run: Box<dyn FnOnce() + Send>| {
            let mut last_words = ending.clone().on_panic();
            thread::Builder::new()
                .name(name.to_owned())
                .spawn(move || {
                    run();
                    last_words.forget();
                })
                .map_err(system("start a thread"))
        };
        let reading = {
            let waker = waker.clone();
            spawn("agent-read-logs", Box::new(move || reader.run(&waker)))?
        };
        let sending = spawn("agent-send-logs", Box::new(move || shipper.run()))?;
        let logs = Logs {
            outbox,
            shipped,
            state,
            waker,
            interrupt,
        };
        Ok((logs, [reading, sending]))
    }

    /// Ends reading.
    pub(super) fn wake(&self) {
        self.waker.wake();
    }

    /// Ends sending at the latest then.
    pub(super) fn stop(&self, until: Instant) {
        self.outbox.stop(until);
    }

    /// Breaks off a request that is under way.
    pub(super) fn interrupt(&self) {
        self.interrupt.now();
    }

    /// Closes the spool; whether everything is on disk, and what is there.
    pub(super) fn close(&self) -> (bool, Figures) {
        let mut spool = self.outbox.spool();
        (spool.close(), spool.figures())
    }

    /// How reading goes.
    pub(crate) fn figures(&self) -> LogFigures {
        self.state.figures()
    }

    /// What is read and what cannot be.
    pub(crate) fn files(&self) -> Vec<FileReport> {
        self.state.files()
    }
}
