//! A round: the alarms that are due are evaluated, and what changed is on disk when it returns.
//!
//! 1. The clock is looked at; while it is not to be believed, only changes by people are acted upon ([`crate::clock`]).
//! 2. The ranges of all alarms that are due are read in one batch. A server leaves out those that can take long, and reads
//!    them beside its rounds ([`crate::slow`]).
//! 3. Each is evaluated; composite alarms follow their children; suppressions follow both.
//! 4. What changed is written in one transaction. A round that changed nothing writes nothing.

use crate::clock::{Hold, Now};
use crate::evaluator::Evaluator;
use crate::keep::KeepError;
use crate::plan::{Plan, Points};
use crate::windows::{Ask, Window, Windows};

/// What a round did.
#[derive(Debug, Default)]
pub struct Round {
    /// Why nothing was evaluated.
    pub held: Option<Hold>,
    /// How many alarms over data points were due.
    pub due: usize,
    /// How many of them could not be read.
    pub unread: usize,
    /// Why what changed is not on disk. It is kept in memory and written by the next round; until then nobody is told of it.
    pub not_on_disk: Option<KeepError>,
}

impl Evaluator {
    /// Evaluates what is due at `now`. Rounds are to follow one another; of two at once, both do right, and one in vain.
    pub async fn round(&self, now: Now, windows: &dyn Windows) -> Round {
        self.round_without(|_| false, now, windows).await.0
    }

    /// As [`Evaluator::round`], without the alarms whose reading can take long: those that are due are answered.
    pub(crate) async fn quick_round(&self, now: Now, windows: &dyn Windows) -> (Round, Vec<Ask>) {
        self.round_without(Points::takes_long, now, windows).await
    }

    async fn round_without(
        &self,
        left_out: fn(&Points) -> bool,
        now: Now,
        windows: &dyn Windows,
    ) -> (Round, Vec<Ask>) {
        let newest_row = windows.newest_row().await;
        let held = self.inner.clock.lock().round(now, newest_row);
        let mut round = Round {
            held,
            ..Round::default()
        };
        let mut left = Vec::new();
        if held.is_none() {
            let due = {
                let mut world = self.inner.world.lock();
                world.end_suppressions(now.wall, &*self.routing());
                world.due(now.wall)
            };
            let is_left_out = |plan: &Plan| plan.points().is_some_and(left_out);
            let asks: Vec<Ask>;
            (left, asks) = due.into_iter().partition(|ask| is_left_out(&ask.plan));
            self.evaluate(asks, now.wall, windows, &mut round).await;
        }
        round.not_on_disk = self.commit().await.err();
        (round, left)
    }

    async fn evaluate(&self, asks: Vec<Ask>, now: i64, windows: &dyn Windows, round: &mut Round) {
        round.due = asks.len();
        if asks.is_empty() {
            return;
        }
        let read = windows.read(&asks, now).await;
        round.unread = self.take(&asks, read, now, now);
    }

    /// Takes over what was read by `now` for alarms that were due at `asked`: how many could not be read.
    pub(crate) fn take(
        &self,
        asks: &[Ask],
        read: Vec<Result<Vec<Window>, String>>,
        asked: i64,
        now: i64,
    ) -> usize {
        let routing = self.routing();
        let mut world = self.inner.world.lock();
        let mut unread = 0;
        let missing = || Err("nothing was read".to_owned());
        let all = read.into_iter().chain(std::iter::repeat_with(missing));
        for (ask, windows) in asks.iter().zip(all) {
            unread += usize::from(windows.is_err());
            world.read(ask, windows, asked, now, &*routing);
        }
        world.composites(now, &*routing);
        unread
    }
}
