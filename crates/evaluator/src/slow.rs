//! Reads that can take long, beside the rounds of a server: a statement that somebody wrote may run until its time is up, and
//! no other alarm may be late for it.
//!
//! Each alarm is read by itself, some at once. Of those that are due, the one that has waited longest is next.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Instant;

use tokio::task::{Id, JoinSet};

use crate::evaluator::Evaluator;
use crate::windows::{Ask, Windows};

/// How many are under way at once.
const AT_ONCE: usize = 4;

/// Which reads are under way, and which wait.
#[derive(Debug, Default)]
pub(crate) struct SlowReads {
    under_way: JoinSet<()>,
    names: HashMap<Id, String>,
    /// The round since which an alarm has been due.
    waiting: BTreeMap<String, u64>,
    rounds: u64,
}

impl SlowReads {
    /// Begins reads of what is due at `now`, as many as there is room for. Everything that is due and not begun is to be
    /// named again by the next round.
    pub(crate) fn begin(
        &mut self,
        evaluator: &Evaluator,
        windows: &Arc<dyn Windows>,
        due: Vec<Ask>,
        now: i64,
    ) {
        self.rounds += 1;
        let mut due: Vec<Ask> = due
            .into_iter()
            .filter(|ask| !self.names.values().any(|name| *name == ask.plan.name))
            .collect();
        let rounds = self.rounds;
        let mut since = std::mem::take(&mut self.waiting);
        for ask in &due {
            let name = ask.plan.name.clone();
            let first = since.remove(&name).unwrap_or(rounds);
            self.waiting.insert(name, first);
        }
        due.sort_by_key(|ask| self.waiting.get(&ask.plan.name).copied());
        for ask in due
            .into_iter()
            .take(AT_ONCE.saturating_sub(self.under_way.len()))
        {
            self.waiting.remove(&ask.plan.name);
            let name = ask.plan.name.clone();
            let (evaluator, windows) = (evaluator.clone(), Arc::clone(windows));
            let task = self
                .under_way
                .spawn(async move { read(&evaluator, &*windows, ask, now).await });
            self.names.insert(task.id(), name);
        }
    }

    /// Waits until one has ended, for ever when none is under way. What came of it is not on disk yet.
    pub(crate) async fn ended(&mut self) {
        let id = match self.under_way.join_next_with_id().await {
            Some(Ok((id, ()))) => id,
            Some(Err(error)) => {
                tracing::error!(%error, "reading the data points of an alarm broke off");
                error.id()
            }
            None => std::future::pending().await,
        };
        self.names.remove(&id);
    }
}

async fn read(evaluator: &Evaluator, windows: &dyn Windows, ask: Ask, asked: i64) {
    let began = Instant::now();
    let asks = [ask];
    let read = windows.read(&asks, asked).await;
    let took = i64::try_from(began.elapsed().as_micros()).unwrap_or(i64::MAX);
    evaluator.take(&asks, read, asked, asked.saturating_add(took));
}
