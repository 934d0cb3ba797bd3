//! Deliveries: what is owed is tried until the receiver has it, or it is given up.
//!
//! An attempt is on disk before it is made, so that after a crash it is known that it may have been made: it is made again
//! then, with the same id, by which receivers tell repetitions.

use std::time::Duration;

use alarm::Transition;
use async_trait::async_trait;

use crate::evaluator::Evaluator;
use crate::outbox::{Batch, backoff};

const SECOND: i64 = 1_000_000;
/// After a write that failed, deliveries wait this long, in microseconds.
const AFTER_FULL_DISK: i64 = 5 * SECOND;

/// Why an attempt failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Whether another attempt may succeed.
    pub transient: bool,
    /// When the receiver wants to be asked again.
    pub retry_after: Option<Duration>,
    /// What happened, for people; without secrets.
    pub message: String,
}

/// Transitions that are told together.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Gathered {
    /// Each a notification, as places in the list that was given. Those in none wait.
    pub now: Vec<Vec<usize>>,
    /// When to ask again for those that wait, in microseconds since 1970. It is asked again sooner when there is
    /// another one.
    pub look_again: Option<i64>,
}

impl Gathered {
    /// Each alone, at once.
    pub fn each(count: usize) -> Gathered {
        Gathered {
            now: (0..count).map(|place| vec![place]).collect(),
            look_again: None,
        }
    }
}

/// Tells receivers.
#[async_trait]
pub trait Deliver: Send + Sync {
    /// One attempt to tell `receiver` of `transitions`, oldest first. `delivery` is the same in every attempt, and no
    /// other notification's. What the receiver answered.
    async fn deliver(
        &self,
        receiver: &str,
        transitions: &[Transition],
        delivery: &str,
        attempt: u32,
    ) -> Result<String, Failure>;

    /// Which of the transitions that wait for `receiver`, oldest first, are told now, and which together. Those of one alarm and
    /// series are never told out of order, whatever is answered.
    fn gather(&self, receiver: &str, waiting: &[Transition], now: i64) -> Gathered {
        let _ = (receiver, now);
        Gathered::each(waiting.len())
    }

    /// After how long `receiver` forgets to be told again of what lasts; `None`: it forgets nothing, or there is none.
    fn repeats_after(&self, receiver: &str) -> Option<Duration> {
        let _ = receiver;
        None
    }
}

/// An attempt that is on disk, and is to be made.
#[derive(Debug)]
pub struct Attempt {
    /// Whom to tell.
    pub receiver: String,
    /// Of what, oldest first.
    pub transitions: Vec<Transition>,
    /// The same in every attempt.
    pub delivery: String,
    /// Counts from 1.
    pub attempt: u32,
    /// When its transitions were put into the outbox at first, in microseconds since 1970.
    since: i64,
    /// After how long the receiver is told again of what lasts, if it is.
    pub(crate) repeats_after: Option<Duration>,
}

impl Evaluator {
    /// Begins at most `most` attempts that are due at `now`: each is on disk when it is returned, and goes to
    /// [`Evaluator::ended`] once it was made.
    pub async fn begin(&self, deliver: &dyn Deliver, now: i64, most: usize) -> Vec<Attempt> {
        let mut batches = self.inner.world.lock().scribe.outbox.due_batches(now, most);
        let left = most.saturating_sub(batches.len());
        if left > 0 {
            batches.extend(self.gather(deliver, now, left).await);
        }
        let mut begun = Vec::new();
        {
            let mut world = self.inner.world.lock();
            for batch in batches {
                let entries = world.scribe.outbox.begin(&batch.id);
                let Some(first) = entries.first() else {
                    continue;
                };
                begun.push((batch, first.attempts, entries.iter().map(|e| e.at).min()));
                for entry in entries {
                    world
                        .scribe
                        .changes
                        .deliveries
                        .insert(entry.sequence, Some(entry));
                }
            }
        }
        if begun.is_empty() {
            return Vec::new();
        }
        let is_on_disk = self.commit().await.is_ok();
        let mut attempts = Vec::new();
        for (batch, attempt, since) in begun {
            let transitions = match is_on_disk {
                true => self.transitions(&batch.sequences).await,
                false => None,
            };
            match transitions {
                Some(transitions) => attempts.push(Attempt {
                    repeats_after: deliver.repeats_after(&batch.receiver),
                    receiver: batch.receiver,
                    transitions,
                    delivery: batch.id,
                    attempt,
                    since: since.unwrap_or(now),
                }),
                None => self.take_back(&batch.id, now),
            }
        }
        attempts
    }

    fn take_back(&self, id: &str, now: i64) {
        let mut world = self.inner.world.lock();
        let entries = world
            .scribe
            .outbox
            .take_back(id, now.saturating_add(AFTER_FULL_DISK));
        for entry in entries {
            world
                .scribe
                .changes
                .deliveries
                .insert(entry.sequence, Some(entry));
        }
    }

    /// New batches, of entries that were never tried.
    async fn gather(&self, deliver: &dyn Deliver, now: i64, most: usize) -> Vec<Batch> {
        let candidates = self.inner.world.lock().scribe.outbox.candidates(now);
        let mut batches = Vec::new();
        for (receiver, sequences) in candidates {
            if batches.len() >= most {
                break;
            }
            let Some(waiting) = self.transitions(&sequences).await else {
                continue;
            };
            let gathered = deliver.gather(&receiver, &waiting, now);
            let mut world = self.inner.world.lock();
            let outbox = &mut world.scribe.outbox;
            for group in gathered.now {
                if batches.len() >= most {
                    break;
                }
                let members: Vec<u64> = group
                    .iter()
                    .filter_map(|place| sequences.get(*place).copied())
                    .collect();
                batches.extend(outbox.batch(&receiver, &members, now));
            }
            if let Some(at) = gathered.look_again {
                outbox.look_again(&receiver, at);
            }
        }
        batches
    }

    /// The transitions of entries of the outbox; `None` when they cannot be read, or one is not there.
    async fn transitions(&self, sequences: &[u64]) -> Option<Vec<Transition>> {
        let numbers: Vec<u64> = {
            let world = self.inner.world.lock();
            let outbox = &world.scribe.outbox;
            sequences
                .iter()
                .filter_map(|s| outbox.get(*s).map(|entry| entry.number))
                .collect()
        };
        let count = numbers.len();
        match self.reading(move |keep| keep.transitions(&numbers)).await {
            Ok(all) if all.len() == count && count == sequences.len() => Some(all),
            Ok(_) => {
                tracing::error!("a notification is owed, and its transition is not on disk");
                None
            }
            Err(error) => {
                tracing::error!(%error, "notifications that are owed cannot be read");
                None
            }
        }
    }

    /// What came of an attempt. `random` is from 0 to 1, for the wait before another one. What came of it is on disk when
    /// this returns, if the disk takes it; if not, and the server stops, the attempt is made again.
    pub async fn ended(
        &self,
        attempt: &Attempt,
        result: Result<String, Failure>,
        now: i64,
        random: f64,
    ) {
        {
            let mut world = self.inner.world.lock();
            let scribe = &mut world.scribe;
            let settings = &self.inner.settings;
            let give_up = i64::from(settings.give_up_seconds) * SECOND;
            let (entries, unused, end) = match result {
                Ok(answer) => {
                    let (entries, unused) =
                        scribe.outbox.close(&attempt.delivery, Ok(&answer), now);
                    (entries, unused, Some(Ok(answer)))
                }
                Err(failure)
                    if failure.transient && now.saturating_sub(attempt.since) < give_up =>
                {
                    let longest = Duration::from_secs(settings.longest_backoff_seconds.into());
                    let wait = backoff(attempt.attempt, failure.retry_after, longest, random);
                    let wait = i64::try_from(wait.as_micros()).unwrap_or(i64::MAX);
                    let next = now.saturating_add(wait);
                    let error = Some(failure.message.as_str());
                    (
                        scribe.outbox.again(&attempt.delivery, next, error),
                        Vec::new(),
                        None,
                    )
                }
                Err(failure) => {
                    let (entries, unused) =
                        scribe
                            .outbox
                            .close(&attempt.delivery, Err(&failure.message), now);
                    (entries, unused, Some(Err(failure.message)))
                }
            };
            for number in unused {
                scribe.changes.transitions.insert(number, None);
            }
            if matches!(end, Some(Ok(_))) {
                scribe.told(attempt, &entries, now);
            }
            for entry in entries {
                if let Some(end) = &end {
                    scribe.delivery_ended(&entry, end.as_deref().map_err(String::as_str), now);
                }
                scribe
                    .changes
                    .deliveries
                    .insert(entry.sequence, Some(entry));
            }
        }
        // What cannot be written is said by the commit, and is tried again.
        self.commit().await.ok();
        self.inner.owed.notify_one();
    }

    /// Makes one attempt, which does not take longer than it may.
    pub async fn attempt(
        &self,
        deliver: &dyn Deliver,
        attempt: &Attempt,
    ) -> Result<String, Failure> {
        let made = deliver.deliver(
            &attempt.receiver,
            &attempt.transitions,
            &attempt.delivery,
            attempt.attempt,
        );
        self.in_time(made).await
    }

    /// What a receiver answers, unless that takes longer than an attempt may.
    pub(crate) async fn in_time(
        &self,
        made: impl Future<Output = Result<String, Failure>>,
    ) -> Result<String, Failure> {
        let longest = Duration::from_secs(self.inner.settings.attempt_seconds.into());
        match tokio::time::timeout(longest, made).await {
            Ok(result) => result,
            Err(_) => Err(Failure {
                transient: true,
                retry_after: None,
                message: format!("no answer for {} seconds", longest.as_secs()),
            }),
        }
    }
}

/// Evenly from 0 to 1.
pub(crate) fn random() -> f64 {
    let bits = uuid::Uuid::new_v4().as_u64_pair().1 & 0xffff_ffff;
    bits as f64 / f64::from(u32::MAX)
}
