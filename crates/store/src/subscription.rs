//! Rows as they come, for those who watch: log lines, and what pods are called.
//!
//! Every subscriber has a queue of its own with a bound in bytes. The thread of the write-ahead log offers each batch
//! once it is durable and never waits: what does not fit into a queue is counted there, and the count stands in the
//! place of the rows.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Weak};

use arrow::array::RecordBatch;
use parking_lot::Mutex;
use tokio::sync::Notify;

/// What waits for one subscriber at the most. A batch is taken in any case when nothing else waits.
const QUEUE_BYTES: usize = 16 << 20;
const QUEUE_BATCHES: usize = 256;

/// What a subscriber sees next.
#[derive(Debug, Clone, PartialEq)]
pub enum LogEvent {
    /// Rows of the table that are durable, in the catalogue's schema.
    Rows(RecordBatch),
    /// So many rows came here that the subscriber was too slow for. They are in the store.
    Missed(u64),
}

/// The rows of a table that are accepted from now on. Made by [`Store::subscribe_log`](crate::Store::subscribe_log) and
/// [`Store::subscribe_identity`](crate::Store::subscribe_identity); dropping it ends it.
#[derive(Debug)]
pub struct LogSubscription {
    queue: Arc<Queue>,
}

impl LogSubscription {
    /// The next event, waited for; `None` when the store is closed and everything has been seen.
    ///
    /// Nothing is lost when the future is dropped before it is ready.
    pub async fn next(&mut self) -> Option<LogEvent> {
        loop {
            let woken = self.queue.wake.notified();
            {
                let mut waiting = self.queue.waiting.lock();
                if let Some(event) = waiting.take() {
                    return Some(event);
                }
                if waiting.closed {
                    return None;
                }
            }
            woken.await;
        }
    }

    /// The next event, if there is one already.
    pub fn take(&mut self) -> Option<LogEvent> {
        self.queue.waiting.lock().take()
    }
}

#[derive(Debug, Default)]
struct Queue {
    waiting: Mutex<Waiting>,
    wake: Notify,
}

#[derive(Debug, Default)]
struct Waiting {
    events: VecDeque<LogEvent>,
    bytes: usize,
    closed: bool,
}

impl Waiting {
    fn take(&mut self) -> Option<LogEvent> {
        let event = self.events.pop_front()?;
        if let LogEvent::Rows(batch) = &event {
            self.bytes = self.bytes.saturating_sub(crate::hot::bytes_of(batch));
        }
        Some(event)
    }

    fn offer(&mut self, batch: &RecordBatch, bytes: usize) {
        let full = self.bytes + bytes > QUEUE_BYTES || self.events.len() >= QUEUE_BATCHES;
        if !full || self.events.is_empty() {
            self.bytes += bytes;
            self.events.push_back(LogEvent::Rows(batch.clone()));
            return;
        }
        let rows = batch.num_rows() as u64;
        match self.events.back_mut() {
            Some(LogEvent::Missed(missed)) => *missed += rows,
            _ => self.events.push_back(LogEvent::Missed(rows)),
        }
    }
}

/// Where batches go.
#[derive(Debug, Default)]
struct Queues {
    open: Vec<Weak<Queue>>,
    /// Nothing comes any more, not for those who come later either.
    closed: bool,
}

/// Those who watch.
#[derive(Debug, Default)]
pub(crate) struct Subscribers {
    queues: Mutex<Queues>,
    /// About how many there are, so that nobody watching costs one load.
    count: AtomicUsize,
}

impl Subscribers {
    pub(crate) fn subscribe(&self) -> LogSubscription {
        let queue = Arc::new(Queue::default());
        let mut queues = self.queues.lock();
        queue.waiting.lock().closed = queues.closed;
        queues.open.push(Arc::downgrade(&queue));
        self.count.store(queues.open.len(), Ordering::Release);
        LogSubscription { queue }
    }

    /// Hands a durable batch to everybody.
    pub(crate) fn offer(&self, batch: &RecordBatch) {
        if self.count.load(Ordering::Acquire) == 0 {
            return;
        }
        let bytes = crate::hot::bytes_of(batch);
        let mut queues = self.queues.lock();
        self.each(&mut queues, |queue| {
            queue.waiting.lock().offer(batch, bytes)
        });
    }

    /// Nothing comes any more.
    pub(crate) fn close(&self) {
        let mut queues = self.queues.lock();
        queues.closed = true;
        self.each(&mut queues, |queue| queue.waiting.lock().closed = true);
    }

    fn each(&self, queues: &mut Queues, act: impl Fn(&Queue)) {
        queues.open.retain(|queue| match queue.upgrade() {
            Some(queue) => {
                act(&queue);
                queue.wake.notify_one();
                true
            }
            None => false,
        });
        self.count.store(queues.open.len(), Ordering::Release);
    }

    pub(crate) fn count(&self) -> usize {
        self.count.load(Ordering::Acquire)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow::array::StringArray;
    use arrow::datatypes::{DataType, Field, Schema};

    fn batch(rows: usize, bytes: usize) -> RecordBatch {
        let schema = Arc::new(Schema::new(vec![Field::new("m", DataType::Utf8, true)]));
        let text = "x".repeat(bytes);
        RecordBatch::try_new(
            schema,
            vec![Arc::new(StringArray::from_iter_values(
                (0..rows).map(|_| text.as_str()),
            ))],
        )
        .unwrap()
    }

    #[tokio::test]
    async fn the_slow_are_told_what_they_missed_and_where() {
        let subscribers = Subscribers::default();
        let mut slow = subscribers.subscribe();
        let mut quick = subscribers.subscribe();
        for _ in 0..4 {
            subscribers.offer(&batch(100, 50_000));
            assert!(matches!(quick.next().await, Some(LogEvent::Rows(_))));
        }
        assert!(matches!(slow.next().await, Some(LogEvent::Rows(_))));
        subscribers.offer(&batch(7, 1));
        subscribers.close();
        let mut seen = Vec::new();
        while let Some(event) = slow.next().await {
            seen.push(match event {
                LogEvent::Rows(rows) => rows.num_rows() as i64,
                LogEvent::Missed(rows) => -(rows as i64),
            });
        }
        assert_eq!(seen, [100, 100, -100, 7]);
        let mut late = subscribers.subscribe();
        assert_eq!(late.next().await, None, "who comes after the end sees it");
    }

    #[tokio::test]
    async fn one_batch_is_taken_whatever_its_size_and_who_left_costs_nothing() {
        let subscribers = Subscribers::default();
        let mut one = subscribers.subscribe();
        let other = subscribers.subscribe();
        drop(other);
        subscribers.offer(&batch(1, QUEUE_BYTES + 1));
        assert_eq!(subscribers.count(), 1);
        assert!(matches!(one.next().await, Some(LogEvent::Rows(_))));
        drop(one);
        subscribers.offer(&batch(1, 1));
        assert_eq!(subscribers.count(), 0);
    }
}
