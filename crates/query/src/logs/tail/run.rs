//! The work of a tail.

use std::sync::Arc;
use std::time::{Duration, Instant};

use arrow::array::RecordBatch;
use datafusion::logical_expr::Expr;
use datafusion::prelude::SessionContext;
use store::{LogEvent, LogSubscription};
use tokio::sync::mpsc::Sender;

use super::matcher::Matcher;
use super::pending::Pending;
use super::rate::Rate;
use super::{Dropped, TailEvent, TailRequest, Why};
use crate::error::QueryError;
use crate::limits::Limits;
use crate::logs::condition::Wanted;
use crate::logs::held;
use crate::logs::lines::{Key, LogLine, LogOrder};
use crate::logs::question::Page;
use crate::logs::scan::Scanner;
use crate::logs::search::{Found, search};
use crate::names::{Index, Names};
use crate::stop::Stop;
use crate::tables::Tables;

/// Stored lines are told of so many at a time.
const PAGE: usize = 1000;
/// How often what the rate has left out is told.
const TELL: Duration = Duration::from_secs(1);

/// A tail that is ready to begin.
#[derive(Debug)]
pub(crate) struct Run {
    wanted: Wanted,
    rate: u32,
    since: Option<i64>,
}

/// What it needs.
pub(crate) struct Means {
    pub(crate) limits: Arc<Limits>,
    pub(crate) tables: Arc<dyn Tables>,
    pub(crate) names: Arc<Names>,
    pub(crate) context: SessionContext,
    /// Begun before anything stored is read, so that nothing falls between.
    pub(crate) subscription: Option<LogSubscription>,
    pub(crate) events: Sender<TailEvent>,
}

/// The reader has left.
struct Left;

impl Run {
    /// Checks a request at `now` (microseconds of the epoch).
    pub(crate) fn new(request: &TailRequest, now: i64) -> Result<Run, QueryError> {
        Ok(Run {
            wanted: Wanted::new(&request.filters, request.query.as_deref())?,
            rate: request.rate()?,
            since: request.since.map(|since| since.micros(now)),
        })
    }

    /// Tells of lines until the reader leaves or the store is closed.
    pub(crate) async fn run(self, means: Means, stop: Stop) {
        let events = means.events.clone();
        if let Err(fault) = self.tell(means, &stop).await {
            // Nobody to tell when the reader has left.
            let _ = events.send(TailEvent::Failed(fault)).await;
        }
    }

    async fn tell(self, means: Means, stop: &Stop) -> Result<(), QueryError> {
        let known = match self.wanted.needs_names() {
            true => {
                let (tables, context) = (means.tables.as_ref(), &means.context);
                Some(means.names.current(tables, context).await?)
            }
            false => None,
        };
        let conditions = self
            .wanted
            .expressions(stop, &known.clone().unwrap_or_default())?;
        let matcher = Matcher::new(conditions.clone(), &means.context)?;
        let Some(mut subscription) = means.subscription else {
            return Ok(());
        };
        let mut teller = Teller {
            events: means.events,
            matcher,
            pending: Pending::default(),
            following: known.map(|known| Following {
                wanted: self.wanted,
                names: Arc::clone(&means.names),
                tables: Arc::clone(&means.tables),
                context: means.context.clone(),
                stop: stop.clone(),
                known,
            }),
        };
        if let Some(since) = self.since {
            let stored = Stored {
                since,
                conditions: &conditions,
                limits: &means.limits,
                tables: means.tables.as_ref(),
                context: &means.context,
            };
            match teller.stored(&stored, &mut subscription).await? {
                Ok(()) => {}
                Err(Left) => return Ok(()),
            }
        }
        // Whether the reader has left or the store is closed: it is over.
        teller.live(subscription, self.rate).await.map(|_| ())
    }
}

/// Stored lines to begin with.
struct Stored<'a> {
    since: i64,
    conditions: &'a [Expr],
    limits: &'a Limits,
    tables: &'a dyn Tables,
    context: &'a SessionContext,
}

impl Stored<'_> {
    /// The lines behind a key; some may have come since the last page.
    async fn page(&self, after: Option<Key>) -> Result<Found, QueryError> {
        let scanner = Scanner {
            tables: self.tables,
            context: self.context,
            conditions: self.conditions,
        };
        let page = Page {
            order: LogOrder::Oldest,
            limit: PAGE,
            after,
        };
        let range = held(self.tables, (self.since, i64::MAX));
        search(scanner, range, &page, self.limits).await
    }
}

struct Teller {
    events: Sender<TailEvent>,
    matcher: Matcher,
    pending: Pending,
    following: Option<Following>,
}

/// What pods are called changes while a tail runs.
struct Following {
    wanted: Wanted,
    names: Arc<Names>,
    tables: Arc<dyn Tables>,
    context: SessionContext,
    stop: Stop,
    known: Arc<Index>,
}

impl Teller {
    /// Tells of what is stored, page by page, while what comes meanwhile waits.
    async fn stored(
        &mut self,
        stored: &Stored<'_>,
        subscription: &mut LogSubscription,
    ) -> Result<Result<(), Left>, QueryError> {
        let mut missed = 0;
        let mut page = Box::pin(stored.page(None));
        loop {
            tokio::select! {
                found = &mut page => {
                    let found = found?;
                    let next = found.next;
                    for (key, _) in &found.lines {
                        self.pending.told(key);
                    }
                    let lines = found.lines.into_iter().map(|(_, line)| line).collect();
                    if self.send(lines).await.is_err() {
                        return Ok(Err(Left));
                    }
                    match next {
                        Some(key) => page = Box::pin(stored.page(Some(key))),
                        None => break,
                    }
                }
                event = subscription.next() => match event {
                    Some(LogEvent::Rows(batch)) => {
                        self.follow().await?;
                        for (key, line) in self.matcher.lines(&batch)? {
                            self.pending.add(key, line);
                        }
                    }
                    Some(LogEvent::Missed(rows)) => missed += rows,
                    // The store is closed; what is stored can still be told.
                    None => {
                        let found = (&mut page).await?;
                        let lines = found.lines.into_iter().map(|(_, line)| line).collect();
                        return Ok(self.send(lines).await);
                    }
                },
            }
        }
        let waiting = self.pending.take();
        missed += self.pending.dropped;
        if self.send(waiting).await.is_err() || self.dropped(missed, Why::Slow).await.is_err() {
            return Ok(Err(Left));
        }
        Ok(Ok(()))
    }

    /// Tells of what comes.
    async fn live(
        &mut self,
        mut subscription: LogSubscription,
        rate: u32,
    ) -> Result<Result<(), Left>, QueryError> {
        let mut rate = Rate::new(rate);
        let mut last = Instant::now();
        let mut too_many = 0;
        let mut tell = tokio::time::interval(TELL);
        tell.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            let told = tokio::select! {
                () = self.events.closed() => return Ok(Err(Left)),
                _ = tell.tick(), if too_many > 0 => {
                    self.dropped(std::mem::take(&mut too_many), Why::Rate).await
                }
                event = subscription.next() => match event {
                    None => {
                        return Ok(self.dropped(too_many, Why::Rate).await);
                    }
                    Some(LogEvent::Missed(rows)) => self.dropped(rows, Why::Slow).await,
                    Some(LogEvent::Rows(batch)) => {
                        self.follow().await?;
                        let mut lines = self.new_lines(&batch)?;
                        let passed = last.elapsed();
                        last = Instant::now();
                        let taken = rate.take(lines.len(), passed);
                        too_many += (lines.len() - taken) as u64;
                        lines.truncate(taken);
                        self.send(lines).await
                    }
                },
            };
            if told.is_err() {
                return Ok(Err(Left));
            }
        }
    }

    /// Goes by the names of now, if by any.
    async fn follow(&mut self) -> Result<(), QueryError> {
        let Some(following) = &mut self.following else {
            return Ok(());
        };
        let (tables, context) = (following.tables.as_ref(), &following.context);
        let now = following.names.current(tables, context).await?;
        if !Arc::ptr_eq(&now, &following.known) {
            let conditions = following.wanted.expressions(&following.stop, &now)?;
            self.matcher = Matcher::new(conditions, context)?;
            following.known = now;
        }
        Ok(())
    }

    /// The lines of a batch that fit and were not among the stored ones.
    fn new_lines(&self, batch: &RecordBatch) -> Result<Vec<LogLine>, QueryError> {
        let lines = self.matcher.lines(batch)?;
        Ok(lines
            .into_iter()
            .filter(|(key, _)| !self.pending.is_told(key))
            .map(|(_, line)| line)
            .collect())
    }

    async fn send(&self, lines: Vec<LogLine>) -> Result<(), Left> {
        if lines.is_empty() {
            return Ok(());
        }
        self.events
            .send(TailEvent::Lines(lines))
            .await
            .map_err(|_| Left)
    }

    async fn dropped(&self, lines: u64, why: Why) -> Result<(), Left> {
        if lines == 0 {
            return Ok(());
        }
        self.events
            .send(TailEvent::Dropped(Dropped { lines, why }))
            .await
            .map_err(|_| Left)
    }
}
