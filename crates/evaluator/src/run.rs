//! The loops of a server: rounds each second, and deliveries as they fall due.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::clock::Now;
use crate::deliver::{Deliver, random};
use crate::evaluator::Evaluator;
use crate::slow::SlowReads;
use crate::windows::Windows;

/// Between two rounds, and between two looks into the outbox.
const TICK: Duration = Duration::from_secs(1);
/// Between two looks at whether the file is worth compacting; the first is at the start, when nothing is evaluated yet.
const COMPACT_EVERY: Duration = Duration::from_secs(6 * 3600);

impl Evaluator {
    /// Evaluates alarms until `stop` is true: each second, and at once after an alarm was put or its state was set. Alarms
    /// whose reading can take long are read beside that, and broken off at the end: they are due again after a start.
    pub async fn run_rounds(&self, windows: Arc<dyn Windows>, mut stop: watch::Receiver<bool>) {
        let started = Instant::now();
        let mut compact_at = Duration::ZERO;
        let mut slow = SlowReads::default();
        while !*stop.borrow() {
            if started.elapsed() >= compact_at {
                compact_at = started.elapsed() + COMPACT_EVERY;
                self.compact_and_tell().await;
            }
            let now = Now {
                wall: wall_clock(),
                monotonic: started.elapsed(),
            };
            let (_, due) = self.quick_round(now, &*windows).await;
            slow.begin(self, &windows, due, now.wall);
            tokio::select! {
                _ = stop.wait_for(|stop| *stop) => {}
                () = slow.ended() => {}
                () = self.inner.wanted.notified() => {}
                () = tokio::time::sleep(TICK) => {}
            }
        }
    }

    async fn compact_and_tell(&self) {
        match self.compact().await {
            Ok(None) => {}
            Ok(Some(done)) => tracing::info!(
                bytes_before = done.before,
                bytes = done.after,
                milliseconds = done.took.as_millis(),
                "the file of alarms was compacted"
            ),
            Err(error) => tracing::warn!(%error, "the file of alarms was not compacted"),
        }
    }

    /// Makes deliveries, and repeats what receivers forget, until `stop` is true. Those that are under way then are ended
    /// first, for as long as an attempt may take.
    pub async fn run_deliveries(&self, deliver: Arc<dyn Deliver>, mut stop: watch::Receiver<bool>) {
        let mut under_way = JoinSet::new();
        while !*stop.borrow() {
            let free = self
                .inner
                .settings
                .deliveries_at_once
                .saturating_sub(under_way.len());
            for attempt in self.begin(&*deliver, wall_clock(), free).await {
                let (this, deliver) = (self.clone(), Arc::clone(&deliver));
                under_way.spawn(async move {
                    let result = this.attempt(&*deliver, &attempt).await;
                    this.ended(&attempt, result, wall_clock(), random()).await;
                });
            }
            for repetition in self.begin_repeating(&*deliver, wall_clock()).await {
                let (this, deliver) = (self.clone(), Arc::clone(&deliver));
                under_way.spawn(async move {
                    let result = this.repeat(&*deliver, &repetition).await;
                    this.ended_repeating(&repetition, result, wall_clock());
                });
            }
            tokio::select! {
                _ = stop.wait_for(|stop| *stop) => {}
                Some(_) = under_way.join_next() => {}
                () = self.inner.owed.notified() => {}
                () = tokio::time::sleep(TICK) => {}
            }
            while under_way.try_join_next().is_some() {}
        }
        while under_way.join_next().await.is_some() {}
    }
}

/// Microseconds since 1970.
fn wall_clock() -> i64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
}
