//! Receivers that forget are told again of what lasts.
//!
//! Alertmanager ends an alert that nobody repeats, and after a restart it knows none. So what it was told last of an alarm
//! or series is sent again, as it was, until that is over. This is no new notification: it is not in the outbox, not in the
//! history, has no transition of its own, and people are told of it only if the receiver had forgotten.
//!
//! It is left out while a silence holds it back, while the alarm's actions are switched off, and when routes do not lead to the
//! receiver any more. A receiver is repeated to by one request at a time, and meanwhile nothing else is told to it: an
//! OK that overtook the repetition of what it ends would be undone by it.

use alarm::Transition;

use crate::deliver::{Deliver, Failure};
use crate::evaluator::Evaluator;
use crate::outbox::Page;

const SECOND: i64 = 1_000_000;
/// The longest pause between two repetitions that is believed, in microseconds.
const LONGEST_PAUSE: i64 = 86_400 * SECOND;
/// After a repetition that failed, or while a receiver is not known (its file may not be read yet), in microseconds.
const AGAIN: i64 = 60 * SECOND;
/// A server that has just begun has not read its file of receivers yet.
const AGAIN_UNKNOWN: i64 = 5 * SECOND;

/// What a receiver is told again, and is to be sent.
#[derive(Debug)]
pub struct Repetition {
    /// Whom to tell.
    pub receiver: String,
    /// Of what: transitions that were told before, and still are so.
    pub transitions: Vec<Transition>,
    page: Page,
    pause: i64,
}

impl Evaluator {
    /// Begins the repetitions that are due at `now`, at most one for each receiver. Each goes to
    /// [`Evaluator::ended_repeating`] once it was made.
    pub async fn begin_repeating(&self, deliver: &dyn Deliver, now: i64) -> Vec<Repetition> {
        let due = self.inner.world.lock().due_repetitions(now, LONGEST_PAUSE);
        let mut begun = Vec::new();
        for lasting in due {
            let receiver = lasting.page.receiver.clone();
            let Some(after) = deliver.repeats_after(&receiver) else {
                self.fail_repeating(&lasting.page, now.saturating_add(AGAIN_UNKNOWN));
                continue;
            };
            let lines = lasting.lines;
            let transitions = match self.reading(move |keep| keep.standing(&lines)).await {
                Ok(transitions) => transitions,
                Err(error) => {
                    tracing::error!(%error, "what is to be repeated cannot be read");
                    self.fail_repeating(&lasting.page, now.saturating_add(AGAIN));
                    continue;
                }
            };
            let repetition = Repetition {
                transitions: self.still_told(&receiver, transitions, now),
                receiver,
                page: lasting.page,
                pause: i64::try_from(after.as_micros()).unwrap_or(LONGEST_PAUSE),
            };
            match repetition.transitions.is_empty() {
                true => self.end_repeating(&repetition, now),
                false => begun.push(repetition),
            }
        }
        begun
    }

    /// Those that the receiver would be told if they were found now: no silence holds them back, and routes lead to it.
    fn still_told(&self, receiver: &str, all: Vec<Transition>, now: i64) -> Vec<Transition> {
        let routing = self.routing();
        let is_told = |transition: &Transition| {
            let asked = Transition {
                at: now,
                ..transition.clone()
            };
            routing
                .receivers(&asked)
                .iter()
                .any(|name| name == receiver)
        };
        all.into_iter().filter(is_told).collect()
    }

    /// Makes one repetition, which does not take longer than an attempt may.
    ///
    /// # Errors
    /// The receiver has not taken it.
    pub async fn repeat(
        &self,
        deliver: &dyn Deliver,
        repetition: &Repetition,
    ) -> Result<String, Failure> {
        let made = deliver.deliver(&repetition.receiver, &repetition.transitions, "", 1);
        self.in_time(made).await
    }

    /// What came of a repetition. One that failed is made again within a minute, or when the receiver wants to be asked.
    pub fn ended_repeating(
        &self,
        repetition: &Repetition,
        result: Result<String, Failure>,
        now: i64,
    ) {
        match result {
            Ok(_) => self.end_repeating(repetition, now),
            Err(failure) => {
                tracing::warn!(
                    receiver = repetition.receiver,
                    alerts = repetition.transitions.len(),
                    "what lasts could not be told again: {}",
                    failure.message
                );
                let asked = failure.retry_after.unwrap_or_default().as_micros();
                let asked = i64::try_from(asked).unwrap_or(i64::MAX);
                let wait = asked.clamp(AGAIN.min(repetition.pause), LONGEST_PAUSE);
                self.fail_repeating(&repetition.page, now.saturating_add(wait));
            }
        }
    }

    fn end_repeating(&self, repetition: &Repetition, now: i64) {
        let mut world = self.inner.world.lock();
        let scribe = &mut world.scribe;
        scribe
            .standing
            .ended(&repetition.page, now, repetition.pause);
        scribe.outbox.release(&repetition.receiver);
        self.inner.owed.notify_one();
    }

    fn fail_repeating(&self, page: &Page, next: i64) {
        let mut world = self.inner.world.lock();
        world.scribe.standing.failed(page, next);
        world.scribe.outbox.release(&page.receiver);
        self.inner.owed.notify_one();
    }
}
