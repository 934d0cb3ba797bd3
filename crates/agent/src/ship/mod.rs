//! Sends what waits in the spool to the server.
//!
//! One thread, one kept connection, one request at a time: the tables take turns, each with its oldest frame, so at most
//! one frame of a table is on its way. A frame leaves the spool only when a Kansoku server has answered for it
//! ([`answer`], pure); anything else is tried again after a wait ([`backoff`], pure). What the server will never take is
//! set aside, so that it does not hold up the rest.

mod answer;
mod backoff;
mod client;
mod figures;

use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::time::{Duration, Instant};

use catalogue::Table;
use wire::AgentId;

pub use answer::Later;
pub(crate) use client::Client;
pub use client::ClientError;
pub(crate) use figures::Shared as SharedFigures;
pub use figures::ShipFigures;

use crate::clock::wall_usec;
use crate::outbox::Outbox;
use crate::spool::{Counts, Outgoing, Refused};
use answer::Answer;
use backoff::Backoff;

/// How often the agent reports on itself.
const REPORT_INTERVAL: Duration = Duration::from_secs(60);
/// How soon a report is tried again when the server did not take it.
const REPORT_AGAIN: Duration = Duration::from_secs(10);

/// What the agent says of itself: its id and a JSON document. Answers `None` while there is nothing to say.
pub(crate) type Reporter = Box<dyn FnMut() -> Option<(AgentId, Vec<u8>)> + Send>;

/// Who is told of frames that are done.
pub(crate) type Answered = Box<dyn Fn(&Outgoing, bool) + Send>;

/// The thread's state.
pub(crate) struct Shipper {
    pub(crate) outbox: Arc<Outbox>,
    pub(crate) client: Client,
    pub(crate) refused: Refused,
    pub(crate) figures: Arc<SharedFigures>,
    pub(crate) report: Reporter,
    /// Is told of each frame that the server has answered for for good, and whether it is stored.
    pub(crate) answered: Answered,
    pub(crate) timeout: Duration,
    pub(crate) flush_interval: Duration,
    /// Which table's turn is first.
    pub(crate) first: usize,
}

/// What came of one frame.
enum Outcome {
    /// Its table has none.
    Empty,
    /// It is done.
    Done,
    /// It is to be sent again; this table waits for the next round.
    Stuck,
    /// It is to be sent again, and so are all others: the server cannot be spoken to.
    Wait(Option<Duration>),
}

impl Shipper {
    /// Sends until the outbox is stopped, and then what can be sent until its end.
    pub(crate) fn run(mut self) {
        let mut backoff = Backoff::default();
        let mut round_due = Instant::now();
        let mut report_due = Instant::now();
        // A report that was not taken is not sent again with each frame, however much the server wants one.
        let mut no_report_before = Instant::now();
        loop {
            let stop = self.outbox.stopping();
            let now = Instant::now();
            let is_asked_for = self.outbox.take_report() && now >= no_report_before;
            if stop.is_none() && (is_asked_for || now >= report_due) {
                let is_taken = self.send_report();
                let now = Instant::now();
                if is_taken {
                    report_due = now + REPORT_INTERVAL;
                } else {
                    report_due = now + REPORT_AGAIN;
                    no_report_before = report_due;
                }
            }
            if stop.is_some() || now >= round_due {
                let (progress, result) = self.round(stop, report_due);
                if progress {
                    self.recovered(&mut backoff);
                }
                match result {
                    Ok(()) => {
                        self.recovered(&mut backoff);
                        round_due = Instant::now() + self.flush_interval;
                    }
                    Err(asked) => {
                        let wait = backoff.next(asked, chance());
                        self.failed(&backoff, wait);
                        round_due = Instant::now() + wait;
                    }
                }
            }
            if stop.is_some() {
                return;
            }
            // Without news there is nothing to send, so a round that is due waits for it.
            let now = Instant::now();
            let is_ready = round_due <= now && backoff.failures() == 0;
            let until = if is_ready {
                report_due
            } else {
                round_due.min(report_due)
            };
            self.outbox.wait(until, is_ready);
        }
    }

    /// Sends until nothing waits, a report is due or the time is over. Answers whether the server took anything, and, as
    /// an error, that the rest is to be tried again, and when at the earliest.
    fn round(
        &mut self,
        stop: Option<Instant>,
        report_due: Instant,
    ) -> (bool, Result<(), Option<Duration>>) {
        if let Err(error) = self.client.refresh() {
            self.figures.lock().credentials_failed += 1;
            tracing::warn!(%error, "credentials could not be read; the old ones stay in use");
        }
        let mut any = false;
        loop {
            let mut tables: Vec<&'static Table> = self.outbox.spool().tables().collect();
            // The table after the one that failed is first, so that a frame on which every attempt breaks (one too large
            // for the time it has) holds up only its own.
            let first = self.first.min(tables.len());
            tables.rotate_left(first);
            let mut progress = false;
            let mut stuck = false;
            for (turn, table) in tables.iter().enumerate() {
                let timeout = match stop.or_else(|| self.outbox.stopping()) {
                    None => self.timeout,
                    Some(end) => match end.checked_duration_since(Instant::now()) {
                        Some(left) if !left.is_zero() => left.min(self.timeout),
                        _ => return (any, Ok(())),
                    },
                };
                match self.deliver(table, timeout) {
                    Outcome::Empty => {}
                    Outcome::Done => (progress, any) = (true, true),
                    Outcome::Stuck => stuck = true,
                    Outcome::Wait(asked) => {
                        self.first = (first + turn + 1) % tables.len();
                        return (any, Err(asked));
                    }
                }
            }
            if !progress || Instant::now() >= report_due {
                return (any, if stuck { Err(None) } else { Ok(()) });
            }
        }
    }

    /// Sends the oldest frame of a table.
    fn deliver(&self, table: &'static Table, timeout: Duration) -> Outcome {
        let leased = self.outbox.spool().lease(table);
        let frame = match leased {
            Ok(Some(frame)) => frame,
            Ok(None) => return Outcome::Empty,
            Err(error) => {
                self.figures.lock().unreadable += 1;
                self.note(format!("{error}"));
                return Outcome::Stuck;
            }
        };
        let answer = match self.client.send(&frame, timeout) {
            Ok(reply) => answer::understand(&reply, wall_usec() / 1_000_000),
            Err(error) => Answer::Later {
                after: None,
                why: Later::Connection,
                words: error.to_string(),
            },
        };
        match answer {
            Answer::Stored {
                duplicate,
                last,
                report_wanted,
            } => {
                if report_wanted {
                    self.outbox.ask_for_report();
                }
                self.stored(&frame, duplicate, last)
            }
            Answer::Refused(words) => self.set_aside(&frame, &words),
            Answer::Expected(expected) => {
                // Everything older than this frame is stored or lost, which `Kansoku-Oldest` has just said.
                let words = format!(
                    "table {}: the server asks for frame {expected}, and {} is the oldest there is",
                    table.name, frame.sequence
                );
                self.put_off(&frame, Later::Order, words);
                Outcome::Stuck
            }
            Answer::Later { after, why, words } => {
                self.put_off(&frame, why, words);
                Outcome::Wait(after)
            }
        }
    }

    fn stored(&self, frame: &Outgoing, duplicate: bool, last: Option<u64>) -> Outcome {
        let mut spool = self.outbox.spool();
        // Numbers that this agent never gave: somebody else counts with its id, from a copy of its folder.
        let is_ahead = last.is_some_and(|last| {
            spool
                .next_sequence(frame.table)
                .is_some_and(|next| last >= next.0)
        });
        if duplicate && frame.fresh && is_ahead {
            return match spool.renew_identity(frame) {
                Ok(()) => {
                    let agent = spool.agent();
                    drop(spool);
                    self.figures.lock().identities_renewed += 1;
                    tracing::error!(old = %frame.agent, new = %agent, table = frame.table.name,
                        "the server has frames under this agent's id that it never sent: its folder was copied or put \
                         back; it goes on under a new id");
                    Outcome::Done
                }
                Err(error) => {
                    spool.release(frame);
                    drop(spool);
                    self.note(error.to_string());
                    Outcome::Stuck
                }
            };
        }
        if spool.acknowledge(frame) {
            (self.answered)(frame, true);
        }
        drop(spool);
        let mut figures = self.figures.lock();
        figures.acknowledged += counts(frame);
        figures.duplicates += u64::from(duplicate);
        figures.last_success_usec = Some(wall_usec());
        Outcome::Done
    }

    fn set_aside(&self, frame: &Outgoing, words: &str) -> Outcome {
        let kept = self.refused.keep(frame, words);
        self.outbox.spool().set_aside(frame);
        (self.answered)(frame, false);
        let mut figures = self.figures.lock();
        figures.refused += counts(frame);
        figures.refused_not_kept += u64::from(!matches!(kept, Ok(Some(_))));
        drop(figures);
        match kept {
            Ok(Some(path)) => {
                tracing::error!(table = frame.table.name, sequence = frame.sequence.0, rows = frame.rows,
                kept = %path.display(), words, "the server will not take a frame; it is set aside")
            }
            Ok(None) => tracing::error!(
                table = frame.table.name,
                sequence = frame.sequence.0,
                rows = frame.rows,
                words,
                "the server will not take a frame, and it is too large to be kept"
            ),
            Err(error) => {
                tracing::error!(table = frame.table.name, sequence = frame.sequence.0, rows = frame.rows, words,
                %error, "the server will not take a frame, and it cannot be kept")
            }
        }
        Outcome::Done
    }

    fn put_off(&self, frame: &Outgoing, why: Later, words: String) {
        self.outbox.spool().release(frame);
        self.figures.again(why);
        self.note(words);
    }

    /// Remembers a failure; it is logged once the round is over.
    fn note(&self, words: String) {
        self.figures.lock().last_failure = Some(words);
    }

    fn failed(&self, backoff: &Backoff, wait: Duration) {
        let mut figures = self.figures.lock();
        figures.failures_in_a_row = backoff.failures();
        // Once in a while, so that an outage does not fill the log.
        if backoff.failures().is_power_of_two() {
            let reason = figures.last_failure.as_deref().unwrap_or_default();
            tracing::warn!(
                reason,
                failures = backoff.failures(),
                wait_seconds = wait.as_secs_f32(),
                "rows are not getting to the server; they wait in the spool"
            );
        }
    }

    fn recovered(&self, backoff: &mut Backoff) {
        if backoff.failures() > 0 {
            tracing::info!(
                failures = backoff.failures(),
                "rows are getting to the server again"
            );
            backoff.reset();
            let mut figures = self.figures.lock();
            figures.failures_in_a_row = 0;
            figures.last_failure = None;
        }
    }

    /// Tells the server about this agent; answers whether it took it.
    fn send_report(&mut self) -> bool {
        let Some((agent, body)) = (self.report)() else {
            return false;
        };
        let taken = match self.client.report(agent, &body, self.timeout) {
            Ok(reply) if (200..300).contains(&reply.status) => Ok(()),
            Ok(reply) => Err(format!("status {}", reply.status)),
            Err(error) => Err(error.to_string()),
        };
        let mut figures = self.figures.lock();
        match taken {
            Ok(()) => {
                figures.reports += 1;
                true
            }
            Err(reason) => {
                figures.reports_failed += 1;
                drop(figures);
                tracing::debug!(
                    reason,
                    "the server did not take the agent's report of itself"
                );
                false
            }
        }
    }
}

fn counts(frame: &Outgoing) -> Counts {
    Counts {
        frames: 1,
        rows: u64::from(frame.rows),
        bytes: frame.body.len() as u64,
    }
}

/// A number between 0 and 1 by chance: the standard library keys each of its hashers at random.
fn chance() -> f64 {
    (RandomState::new().hash_one(0u8) >> 11) as f64 / (1u64 << 53) as f64
}

#[cfg(test)]
mod tests;
