//! Questions over one store.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use arrow::array::RecordBatch;
use datafusion::prelude::SessionContext;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::ask::Ask;
use crate::cloudwatch_usage;
use crate::engine::Engine;
use crate::entities::{self, EntitiesAnswer, EntitiesRequest};
use crate::error::{Code, QueryError};
use crate::fault;
use crate::limits::Limits;
use crate::logs::{self, LedgerAnswer, LedgerRequest, LogsAnswer, LogsRequest, Tail, TailRequest};
use crate::metrics::{self, MetricsAnswer, MetricsRequest};
use crate::names::Names;
use crate::performance::{self, PerformanceAnswer, PerformanceRequest};
use crate::rows_by_namespace;
use crate::session::Sessions;
use crate::slow::{SlowList, SlowQuery};
use crate::sql::{self, SqlBody, SqlRequest, SqlRows};
use crate::tables::Tables;
use crate::verdicts::{Verdicts, VerdictsAnswer, VerdictsRequest};
use crate::windows::{self, WindowSource, Windows, WindowsRequest};

/// Events of a live tail that are made before the reader has taken the last.
const TAIL_AHEAD: usize = 4;

/// Answers questions about the rows of one [`Tables`], within [`Limits`].
#[derive(Debug)]
pub struct Query {
    tables: Arc<dyn Tables>,
    limits: Arc<Limits>,
    names: Arc<Names>,
    sessions: Sessions,
    engine: Engine,
    metrics_places: Arc<Semaphore>,
    logs_places: Arc<Semaphore>,
    sql_places: Arc<Semaphore>,
    tail_places: Arc<Semaphore>,
    counters: Counters,
    slow: SlowList,
    verdicts: Verdicts,
}

#[derive(Debug, Default)]
struct Counters {
    asked: AtomicU64,
    failed: AtomicU64,
    overloaded: AtomicU64,
    timed_out: AtomicU64,
}

/// What was asked since the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct QueryFigures {
    /// Questions asked.
    pub asked: u64,
    /// Of those, how many got an error, whatever it was.
    pub failed: u64,
    /// Of those, how many were refused because too many ran.
    pub overloaded: u64,
    /// Of those, how many ran out of time.
    pub timed_out: u64,
    /// How many run now, live tails apart.
    pub running: u64,
    /// Live tails that are open.
    pub tails: u64,
}

impl Query {
    /// Sets up the engine. Its threads end when this is dropped.
    pub fn new(tables: Arc<dyn Tables>, limits: Limits) -> Result<Query, QueryError> {
        Ok(Query {
            sessions: Sessions::new(&limits)?,
            engine: Engine::new(limits.threads)?,
            metrics_places: Arc::new(Semaphore::new(limits.metrics_at_once.max(1))),
            logs_places: Arc::new(Semaphore::new(limits.logs_at_once.max(1))),
            sql_places: Arc::new(Semaphore::new(limits.sql_at_once.max(1))),
            tail_places: Arc::new(Semaphore::new(limits.tails)),
            counters: Counters::default(),
            slow: SlowList::default(),
            verdicts: Verdicts::default(),
            limits: Arc::new(limits),
            names: Arc::default(),
            tables,
        })
    }

    /// The limits in force.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Statistics of metrics over time; `now` in microseconds of the epoch. Dropping the future ends the work.
    pub async fn metrics(
        &self,
        request: MetricsRequest,
        now: i64,
    ) -> Result<MetricsAnswer, QueryError> {
        let text = request.told();
        self.timed("metrics", text, self.run_metrics(request, now))
            .await
    }

    /// A context for one question.
    fn context(&self) -> Result<SessionContext, QueryError> {
        let rows = self.tables.rows_at_once();
        self.sessions.context(rows).map_err(|e| fault::internal(&e))
    }

    async fn run_metrics(
        &self,
        request: MetricsRequest,
        now: i64,
    ) -> Result<MetricsAnswer, QueryError> {
        let permit = self.place(&self.metrics_places).await?;
        let context = self.context()?;
        let (limits, tables) = (Arc::clone(&self.limits), Arc::clone(&self.tables));
        let names = Arc::clone(&self.names);
        let time = self.limits.metrics_time;
        let work = self.engine.run(|_| async move {
            let answer = metrics::answer(request, now, &limits, &tables, &names, &context).await;
            drop(permit);
            answer
        });
        match tokio::time::timeout(time, work).await {
            Ok(answer) => answer?,
            Err(_) => Err(late(time)),
        }
    }

    /// Log lines, and what is counted over them; `now` in microseconds of the epoch. Dropping the future ends the work.
    pub async fn logs(&self, request: LogsRequest, now: i64) -> Result<LogsAnswer, QueryError> {
        let text = request.told();
        self.timed("logs", text, self.run_logs(request, now)).await
    }

    async fn run_logs(&self, request: LogsRequest, now: i64) -> Result<LogsAnswer, QueryError> {
        let permit = self.place(&self.logs_places).await?;
        let context = self.context()?;
        let (limits, tables) = (Arc::clone(&self.limits), Arc::clone(&self.tables));
        let names = Arc::clone(&self.names);
        let time = self.limits.logs_time;
        let work = self.engine.run(|stop| async move {
            let answer = logs::answer(
                request,
                now,
                &limits,
                tables.as_ref(),
                &names,
                &context,
                &stop,
            )
            .await;
            drop(permit);
            answer
        });
        match tokio::time::timeout(time, work).await {
            Ok(answer) => answer?,
            Err(_) => Err(late(time)),
        }
    }

    /// Performance log events, rendered from rows; `now` in microseconds of the epoch. Dropping the future ends the
    /// work.
    pub async fn performance(
        &self,
        request: PerformanceRequest,
        now: i64,
    ) -> Result<PerformanceAnswer, QueryError> {
        let text = format!("{request:?}");
        self.timed("performance", text, self.run_performance(request, now))
            .await
    }

    async fn run_performance(
        &self,
        request: PerformanceRequest,
        now: i64,
    ) -> Result<PerformanceAnswer, QueryError> {
        let permit = self.place(&self.logs_places).await?;
        let context = self.context()?;
        let (tables, names) = (Arc::clone(&self.tables), Arc::clone(&self.names));
        let time = self.limits.logs_time;
        let work = self.engine.run(|_| async move {
            let answer =
                performance::answer(&request, now, tables.as_ref(), &names, &context).await;
            drop(permit);
            answer
        });
        match tokio::time::timeout(time, work).await {
            Ok(answer) => answer?,
            Err(_) => Err(late(time)),
        }
    }

    /// What became of logs; `now` in microseconds of the epoch. Dropping the future ends the work.
    pub async fn ledger(
        &self,
        request: LedgerRequest,
        now: i64,
    ) -> Result<LedgerAnswer, QueryError> {
        let text = format!("{request:?}");
        self.timed("ledger", text, self.run_ledger(request, now))
            .await
    }

    async fn run_ledger(
        &self,
        request: LedgerRequest,
        now: i64,
    ) -> Result<LedgerAnswer, QueryError> {
        let permit = self.place(&self.logs_places).await?;
        let context = self.context()?;
        let (limits, tables) = (Arc::clone(&self.limits), Arc::clone(&self.tables));
        let time = self.limits.logs_time;
        let work = self.engine.run(|_| async move {
            let answer = logs::ledger(&request, now, &limits, tables.as_ref(), &context).await;
            drop(permit);
            answer
        });
        match tokio::time::timeout(time, work).await {
            Ok(answer) => answer?,
            Err(_) => Err(late(time)),
        }
    }

    /// Log lines as they come; `now` in microseconds of the epoch. Dropping the tail ends it.
    pub async fn tail(&self, request: TailRequest, now: i64) -> Result<Tail, QueryError> {
        let open = async {
            let run = logs::TailRun::new(&request, now)?;
            let permit = Arc::clone(&self.tail_places)
                .try_acquire_owned()
                .map_err(|_| {
                    QueryError::new(
                        Code::Overloaded,
                        format!(
                            "{} live tails are open, as many as may be",
                            self.limits.tails
                        ),
                    )
                })?;
            let (sender, events) = tokio::sync::mpsc::channel(TAIL_AHEAD);
            let means = logs::TailMeans {
                limits: Arc::clone(&self.limits),
                subscription: self.tables.subscribe_log(),
                tables: Arc::clone(&self.tables),
                names: Arc::clone(&self.names),
                context: self.context()?,
                events: sender,
            };
            let task = self.engine.run(|stop| async move {
                run.run(means, stop).await;
                drop(permit);
            });
            Ok(Tail::new(events, task))
        };
        self.counted(open).await
    }

    /// Runs a statement; returns when its first bytes are made, or with the fault that came before them. Dropping
    /// the future or the body ends the work.
    pub async fn sql(&self, request: SqlRequest) -> Result<SqlBody, QueryError> {
        let text = request.sql.clone();
        let run = async {
            let permit = self.place(&self.sql_places).await?;
            let context = self.context()?;
            let run = sql::Run::new(request, &self.limits, &self.tables, context, permit)?;
            sql::body(run, &self.limits, &self.engine).await
        };
        self.timed("sql", text, run).await
    }

    /// Runs a statement and gives its rows as batches, for callers in this process. The request's format plays no
    /// part, but for the usual limit on rows.
    pub async fn sql_rows(&self, request: SqlRequest) -> Result<SqlRows, QueryError> {
        let run = async {
            let permit = self.place(&self.sql_places).await?;
            let context = self.context()?;
            let run = sql::Run::new(request, &self.limits, &self.tables, context, permit)?;
            sql::rows(run, &self.limits, &self.engine).await
        };
        self.counted(run).await
    }

    /// Learns what pods are called now, for [`Query::entities`], which waits for nothing.
    pub async fn learn_names(&self) -> Result<(), QueryError> {
        let context = self.context()?;
        let (names, tables) = (Arc::clone(&self.names), Arc::clone(&self.tables));
        let work = self
            .engine
            .run(|_| async move { names.current(tables.as_ref(), &context).await.map(|_| ()) });
        match tokio::time::timeout(self.limits.metrics_time, work).await {
            Ok(done) => done?,
            Err(_) => Err(late(self.limits.metrics_time)),
        }
    }

    /// The inventory of an entity type (a measurement table's name); `now` in microseconds of the epoch. Names are those
    /// that [`Query::learn_names`] or a question has learnt last.
    pub fn entities(
        &self,
        entity: &str,
        request: &EntitiesRequest,
        now: i64,
    ) -> Result<EntitiesAnswer, QueryError> {
        self.counters.asked.fetch_add(1, Ordering::Relaxed);
        let tick = i64::from(self.limits.tick_seconds) * 1_000_000;
        let answer = metrics::entity(entity, "type").and_then(|table| {
            let names = self.names.known();
            entities::inventory(
                table,
                &self.tables.latest(table),
                request,
                now,
                tick,
                &names,
            )
        });
        self.count_fault(answer.as_ref().err());
        answer
    }

    /// How entities are, in a word each; `now` in microseconds of the epoch. What was found within the last seconds is
    /// answered again.
    pub async fn verdicts(
        &self,
        request: &VerdictsRequest,
        now: i64,
    ) -> Result<VerdictsAnswer, QueryError> {
        let work = async {
            self.learn_names().await?;
            let (tables, names) = (self.tables.as_ref(), self.names.known());
            self.verdicts
                .answer(request, tables, names, &self.engine, self, now)
                .await
        };
        self.timed("verdicts", format!("{request:?}"), work).await
    }

    /// Data points for alarms: an answer for each question, in their order; `now` in microseconds of the epoch. Questions
    /// about rows that differ in their entity alone are asked as one.
    pub async fn windows(&self, questions: &[WindowsRequest], now: i64) -> Vec<Windows> {
        let mut answers: Vec<Option<Windows>> = questions
            .iter()
            .map(|question| question.periods.check().err().map(Err))
            .collect();
        let rows = questions
            .iter()
            .enumerate()
            .filter_map(|(place, question)| {
                let is_open = answers.get(place).is_some_and(Option::is_none);
                match &question.source {
                    WindowSource::Rows(rows) if is_open => Some((place, rows, question.periods)),
                    _ => None,
                }
            });
        let joint = windows::batches(rows);
        for batch in joint {
            for (place, windows) in self.windows_of_rows(batch, questions, now).await {
                if let Some(answer) = answers.get_mut(place) {
                    *answer = Some(windows);
                }
            }
        }
        let mut done = Vec::with_capacity(questions.len());
        for (question, answer) in questions.iter().zip(answers) {
            done.push(match answer {
                Some(answer) => answer,
                None => self.windows_of_others(question).await,
            });
        }
        done
    }

    /// What is wrong with a question for data points, as far as that is known before anything is read: names of entities,
    /// metrics, statistics and columns, conditions, and whether a statement is one that only reads tables that there are.
    /// Columns of a statement are looked at when it is asked.
    ///
    /// # Errors
    /// What is wrong, and where.
    pub fn check_window(&self, question: &WindowsRequest, now: i64) -> Result<(), QueryError> {
        question.periods.check()?;
        match &question.source {
            WindowSource::Rows(rows) => {
                for batch in windows::batches(std::iter::once((0, rows, question.periods))) {
                    for request in batch.requests {
                        metrics::check(request, now, &self.limits, self.tables.as_ref())?;
                    }
                }
                Ok(())
            }
            WindowSource::Logs { filter, group_by } => logs::check_by_period(filter, group_by),
            WindowSource::Sql { .. } => match question.source.statement(&question.periods) {
                Some(statement) => sql::check(&statement?).map(|_| ()),
                None => Ok(()),
            },
            other => other
                .statement(&question.periods)
                .map_or(Ok(()), |said| said.map(|_| ())),
        }
    }

    /// One wrong name must not darken the others: where a joint question is refused, each is asked alone.
    async fn windows_of_rows(
        &self,
        batch: windows::Batch,
        questions: &[WindowsRequest],
        now: i64,
    ) -> Vec<(usize, Windows)> {
        let asked = self.each_metrics(&batch.requests, now).await;
        let places = batch.questions();
        let refused = |error: &QueryError| !matches!(error.code, Code::Overloaded | Code::Timeout);
        if places.len() < 2 || !asked.as_ref().is_err_and(refused) {
            return batch.answers(asked);
        }
        let mut answers = Vec::with_capacity(places.len());
        for place in places {
            let Some(question) = questions.get(place) else {
                continue;
            };
            let WindowSource::Rows(rows) = &question.source else {
                continue;
            };
            for alone in windows::batches(std::iter::once((place, rows, question.periods))) {
                let asked = self.each_metrics(&alone.requests, now).await;
                answers.extend(alone.answers(asked));
            }
        }
        answers
    }

    async fn each_metrics(
        &self,
        requests: &[MetricsRequest],
        now: i64,
    ) -> Result<Vec<MetricsAnswer>, QueryError> {
        let mut answers = Vec::with_capacity(requests.len());
        for request in requests {
            answers.push(self.metrics(request.clone(), now).await?);
        }
        Ok(answers)
    }

    async fn windows_of_others(&self, question: &WindowsRequest) -> Windows {
        let WindowsRequest { source, periods } = question;
        if let WindowSource::Logs { filter, group_by } = source {
            let text = format!("alarm on lines: {filter}");
            let work = self.windows_of_logs(filter.clone(), group_by.clone(), *periods);
            return self.timed("logs", text, work).await;
        }
        let Some(statement) = source.statement(periods) else {
            return Ok(Vec::new());
        };
        let statement = statement?;
        let rows = self
            .timed("sql", statement.clone(), self.ask(statement))
            .await?;
        source.read(&rows, periods)
    }

    async fn windows_of_logs(
        &self,
        filter: String,
        group_by: Vec<String>,
        periods: windows::Periods,
    ) -> Windows {
        let permit = self.place(&self.logs_places).await?;
        let context = self.context()?;
        let (tables, names) = (Arc::clone(&self.tables), Arc::clone(&self.names));
        let time = self.limits.logs_time;
        let work = self.engine.run(|stop| async move {
            let told = (tables.as_ref(), names.as_ref());
            let answer = logs::by_period(&filter, &group_by, &periods, told, &context, &stop).await;
            drop(permit);
            answer
        });
        match tokio::time::timeout(time, work).await {
            Ok(answer) => answer?,
            Err(_) => Err(late(time)),
        }
    }

    /// How many raw rows of measurements each namespace has at `now` (microseconds of the epoch); `None` is what is in no
    /// namespace.
    pub async fn rows_by_namespace(
        &self,
        now: i64,
    ) -> Result<BTreeMap<Option<String>, u64>, QueryError> {
        let work = rows_by_namespace::count(self, self.tables.as_ref(), now);
        self.timed("cost", "rows by namespace".to_owned(), work)
            .await
    }

    /// What CloudWatch would have counted of the rows of the last hours, from 1 to 168; `None` when there are none.
    pub async fn cloudwatch_usage(
        &self,
        hours: u32,
        now: i64,
    ) -> Result<Option<cost::Usage>, QueryError> {
        let work = async {
            self.learn_names().await?;
            cloudwatch_usage::count(self, &self.names.known(), hours, now).await
        };
        let text = format!("what CloudWatch would count in {hours} hours");
        self.timed("cost", text, work).await
    }

    /// What was asked since the start.
    pub fn figures(&self) -> QueryFigures {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let busy = |places: &Semaphore, all: usize| {
            all.max(1).saturating_sub(places.available_permits()) as u64
        };
        QueryFigures {
            asked: read(&self.counters.asked),
            failed: read(&self.counters.failed),
            overloaded: read(&self.counters.overloaded),
            timed_out: read(&self.counters.timed_out),
            running: busy(&self.metrics_places, self.limits.metrics_at_once)
                + busy(&self.logs_places, self.limits.logs_at_once)
                + busy(&self.sql_places, self.limits.sql_at_once),
            tails: (self
                .limits
                .tails
                .saturating_sub(self.tail_places.available_permits())) as u64,
        }
    }

    /// The questions that took longest within the last day, the slowest first.
    pub fn slow(&self) -> Vec<SlowQuery> {
        self.slow.all(Instant::now())
    }

    async fn place(&self, places: &Arc<Semaphore>) -> Result<OwnedSemaphorePermit, QueryError> {
        let wait = self.limits.wait;
        match tokio::time::timeout(wait, Arc::clone(places).acquire_owned()).await {
            Ok(Ok(permit)) => Ok(permit),
            // The semaphore is never closed.
            Ok(Err(_)) | Err(_) => Err(QueryError::new(
                Code::Overloaded,
                format!(
                    "too many questions run at once: no place came free in {} s",
                    wait.as_secs_f64()
                ),
            )),
        }
    }

    /// Counts a question, and notes it when it took long.
    async fn timed<T>(
        &self,
        language: &'static str,
        text: String,
        work: impl Future<Output = Result<T, QueryError>>,
    ) -> Result<T, QueryError> {
        let begun = Instant::now();
        let answer = self.counted(work).await;
        let ended = Instant::now();
        let error = answer.as_ref().err().map(|error| error.message.clone());
        self.slow.note(language, text, ended - begun, ended, error);
        answer
    }

    async fn counted<T>(
        &self,
        work: impl Future<Output = Result<T, QueryError>>,
    ) -> Result<T, QueryError> {
        self.counters.asked.fetch_add(1, Ordering::Relaxed);
        let answer = work.await;
        self.count_fault(answer.as_ref().err());
        answer
    }

    fn count_fault(&self, fault: Option<&QueryError>) {
        let Some(fault) = fault else { return };
        self.counters.failed.fetch_add(1, Ordering::Relaxed);
        match fault.code {
            Code::Overloaded => self.counters.overloaded.fetch_add(1, Ordering::Relaxed),
            Code::Timeout => self.counters.timed_out.fetch_add(1, Ordering::Relaxed),
            _ => 0,
        };
    }
}

/// As people ask, within the limits of each statement.
impl Ask for Query {
    async fn ask(&self, sql: String) -> Result<Vec<RecordBatch>, QueryError> {
        let permit = self.place(&self.sql_places).await?;
        let context = self.context()?;
        let run = sql::Run::new(
            SqlRequest {
                limit: Some(self.limits.sql_rows_most),
                ..SqlRequest::new(sql)
            },
            &self.limits,
            &self.tables,
            context,
            permit,
        )?;
        let rows = sql::rows(run, &self.limits, &self.engine).await?;
        Ok(rows.batches)
    }
}

pub(crate) fn late(time: Duration) -> QueryError {
    QueryError::new(
        Code::Timeout,
        format!(
            "not done after {} s: narrow the time range, filter, or aggregate",
            time.as_secs_f64()
        ),
    )
}
