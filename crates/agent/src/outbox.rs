//! Where the thread that reads puts frames and the thread that sends takes them.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use crate::spool::{Appended, NewFrame, Spool};

/// The spool, and a bell.
#[derive(Debug)]
pub(crate) struct Outbox {
    spool: Mutex<Spool>,
    bell: Mutex<Bell>,
    rung: Condvar,
}

#[derive(Debug, Default)]
struct Bell {
    /// Something is new since the last wait.
    news: bool,
    /// The server is to be told about this agent soon.
    report: bool,
    /// Nothing will come any more; what is there is sent until then.
    stop: Option<Instant>,
}

impl Outbox {
    pub(crate) fn new(spool: Spool) -> Outbox {
        Outbox {
            spool: Mutex::new(spool),
            bell: Mutex::default(),
            rung: Condvar::new(),
        }
    }

    /// The spool, for as long as the guard is held. A thread that panicked while it held it leaves counters, files and
    /// numbers that are each in order by themselves.
    pub(crate) fn spool(&self) -> MutexGuard<'_, Spool> {
        self.spool.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts frames on disk and rings.
    pub(crate) fn append(&self, frames: &[NewFrame<'_>]) -> Appended {
        let appended = self.spool().append(frames);
        self.ring();
        appended
    }

    /// Wakes the one who sends.
    pub(crate) fn ring(&self) {
        self.bell().news = true;
        self.rung.notify_all();
    }

    /// Asks for a report to the server.
    pub(crate) fn ask_for_report(&self) {
        self.bell().report = true;
        self.rung.notify_all();
    }

    /// Whether a report was asked for; asked once.
    pub(crate) fn take_report(&self) -> bool {
        std::mem::take(&mut self.bell().report)
    }

    /// Says that nothing comes any more, and until when what is there may be sent.
    pub(crate) fn stop(&self, until: Instant) {
        self.bell().stop = Some(until);
        self.rung.notify_all();
    }

    /// Until when to send, once nothing comes any more.
    pub(crate) fn stopping(&self) -> Option<Instant> {
        self.bell().stop
    }

    /// Waits for news, for the end, or until then.
    pub(crate) fn wait(&self, until: Instant, for_news: bool) {
        let mut bell = self.bell();
        loop {
            let now = Instant::now();
            if bell.stop.is_some() || bell.report || (for_news && bell.news) || now >= until {
                bell.news = bell.news && !for_news;
                return;
            }
            bell = self
                .rung
                .wait_timeout(bell, until - now)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
    }

    fn bell(&self) -> MutexGuard<'_, Bell> {
        self.bell.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
