//! A statement's way: check, plan, run, write; on the engine's threads, within its limits.

use std::sync::Arc;
use std::time::{Duration, Instant};

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use datafusion::catalog::MemTable;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::execution::context::SQLOptions;
use datafusion::logical_expr::LogicalPlanBuilder;
use datafusion::physical_plan::execute_stream;
use datafusion::prelude::SessionContext;
use futures::TryStreamExt;
use serde::Deserialize;
use tokio::sync::OwnedSemaphorePermit;
use tokio::sync::mpsc::{Sender, channel};

use crate::engine::Engine;
use crate::error::{Code, QueryError};
use crate::fault;
use crate::limits::Limits;
use crate::query::late;
use crate::request;
use crate::sql::answer::{SqlBody, SqlRows, SqlStats};
use crate::sql::arrow_stream::ArrowWriter;
use crate::sql::check::{Checked, ONLY, check};
use crate::sql::csv::CsvWriter;
use crate::sql::json::JsonWriter;
use crate::sql::{describe, plain, schema};
use crate::stop::{Stop, stoppable};
use crate::tables::Tables;

/// Parts of an answer that are made before the one who reads has taken the last.
const AHEAD: usize = 2;

/// How an answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// One JSON object; truncated at the row limit, which its `stats` say.
    #[default]
    Json,
    /// CSV, streamed; breaks off with a fault at the row limit, since it has no place to say so.
    Csv,
    /// An Arrow IPC stream; at the row limit as CSV.
    Arrow,
}

impl Format {
    /// The media type.
    pub fn content_type(self) -> &'static str {
        match self {
            Format::Json => "application/json",
            Format::Csv => "text/csv; charset=utf-8",
            Format::Arrow => "application/vnd.apache.arrow.stream",
        }
    }
}

/// A statement to run.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SqlRequest {
    /// One statement that only reads.
    pub sql: String,
    /// How to write the answer.
    #[serde(default)]
    pub format: Format,
    /// Most rows; [`Limits::sql_rows`] for JSON and [`Limits::sql_rows_most`] for the rest when left out.
    #[serde(default)]
    pub limit: Option<usize>,
    /// Less time than [`Limits::sql_time`], in seconds.
    #[serde(default)]
    pub timeout_seconds: Option<u32>,
}

impl SqlRequest {
    /// A statement, answered in JSON, within the usual limits.
    pub fn new(sql: impl Into<String>) -> SqlRequest {
        SqlRequest {
            sql: sql.into(),
            ..SqlRequest::default()
        }
    }

    /// Reads a JSON request; an error says where it is wrong.
    pub fn from_json(json: &[u8]) -> Result<SqlRequest, QueryError> {
        request::from_json(json)
    }
}

/// What a statement needs to run.
pub(crate) struct Run {
    request: SqlRequest,
    tables: Arc<dyn Tables>,
    context: SessionContext,
    started: Instant,
    limit: usize,
    most_bytes: usize,
    /// Given back when the work has ended, not when the caller has left.
    permit: OwnedSemaphorePermit,
}

impl Run {
    pub(crate) fn new(
        request: SqlRequest,
        limits: &Limits,
        tables: &Arc<dyn Tables>,
        context: SessionContext,
        permit: OwnedSemaphorePermit,
    ) -> Result<Run, QueryError> {
        let length = request.sql.len();
        if length > limits.sql_text {
            let message = format!(
                "the statement has {length} bytes, more than {}",
                limits.sql_text
            );
            return Err(QueryError::invalid("sql", message));
        }
        let most = limits.sql_rows_most;
        let limit = match request.limit {
            Some(0) => return Err(QueryError::invalid("limit", "a limit is at least 1")),
            Some(limit) if limit > most => {
                return Err(QueryError::invalid(
                    "limit",
                    format!("a limit is at most {most}"),
                ));
            }
            Some(limit) => limit,
            None if request.format == Format::Json => limits.sql_rows.min(most),
            None => most,
        };
        Ok(Run {
            request,
            tables: Arc::clone(tables),
            context,
            started: Instant::now(),
            limit,
            most_bytes: limits.sql_json_bytes,
            permit,
        })
    }

    fn time(&self, limits: &Limits) -> Duration {
        match self.request.timeout_seconds {
            Some(seconds) => Duration::from_secs(u64::from(seconds)).min(limits.sql_time),
            None => limits.sql_time,
        }
    }

    /// Plans the statement and starts it.
    async fn open(&self, stop: &Stop) -> Result<Rows, QueryError> {
        let context = &self.context;
        schema::register(context, &self.tables).map_err(|e| fault::internal(&e))?;
        let stream = match check(&self.request.sql)? {
            Checked::ShowTables(pattern) => self.own(describe::tables(pattern.as_deref())?).await?,
            Checked::Describe(table) => self.own(describe::columns(&table)?).await?,
            Checked::Plan(statement, limited) => {
                let state = context.state();
                let plan = state
                    .statement_to_plan(*statement)
                    .await
                    .map_err(|e| fault::planning_in(&state, &e))?;
                let only_reads = SQLOptions::new()
                    .with_allow_ddl(false)
                    .with_allow_dml(false)
                    .with_allow_statements(false);
                only_reads.verify_plan(&plan).map_err(|e| {
                    QueryError::new(Code::SqlRefused, format!("{}: {ONLY}", fault::plain(&e)))
                })?;
                let plan = match limited {
                    // One more than the limit tells whether there are more.
                    true => LogicalPlanBuilder::from(plan)
                        .limit(0, Some(self.limit.saturating_add(1)))
                        .and_then(|p| p.build())
                        .map_err(|e| fault::internal(&e))?,
                    false => plan,
                };
                let physical = state
                    .create_physical_plan(&plan)
                    .await
                    .map_err(|e| fault::planning_in(&state, &e))?;
                let physical = stoppable(physical, stop).map_err(|e| fault::internal(&e))?;
                execute_stream(physical, context.task_ctx()).map_err(|e| fault::running(&e))?
            }
        };
        Ok(Rows {
            schema: plain::schema(&stream.schema()),
            stream,
            left: self.limit,
            rows: 0,
            truncated: false,
        })
    }

    async fn own(&self, batch: RecordBatch) -> Result<SendableRecordBatchStream, QueryError> {
        let table = MemTable::try_new(batch.schema(), vec![vec![batch]])
            .map_err(|e| fault::internal(&e))?;
        let frame = self
            .context
            .read_table(Arc::new(table))
            .map_err(|e| fault::internal(&e))?;
        frame.execute_stream().await.map_err(|e| fault::running(&e))
    }

    fn stats(&self, rows: &Rows) -> SqlStats {
        SqlStats {
            rows: rows.rows,
            truncated: rows.truncated,
            elapsed_ms: u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX),
        }
    }

    async fn collect(self, stop: Stop) -> Result<SqlRows, QueryError> {
        let mut rows = self.open(&stop).await?;
        let mut batches = Vec::new();
        while let Some(batch) = rows.next().await? {
            batches.push(batch);
        }
        Ok(SqlRows {
            schema: Arc::clone(&rows.schema),
            batches,
            stats: self.stats(&rows),
        })
    }

    async fn write(self, to: Sender<Result<Vec<u8>, QueryError>>, stop: Stop) {
        let written = match self.request.format {
            Format::Json => self.write_json(&to, &stop).await,
            Format::Csv => self.write_csv(&to, &stop).await,
            Format::Arrow => self.write_arrow(&to, &stop).await,
        };
        if let Err(fault) = written {
            // Nobody to tell: the caller has left.
            let _ = to.send(Err(fault)).await;
        }
        drop(self.permit);
    }

    async fn write_json(
        &self,
        to: &Sender<Result<Vec<u8>, QueryError>>,
        stop: &Stop,
    ) -> Result<(), QueryError> {
        let mut rows = self.open(stop).await?;
        let mut json = JsonWriter::new(&rows.schema)?;
        while let Some(batch) = rows.next().await? {
            json.add(&batch)?;
            if json.len() > self.most_bytes {
                rows.truncated = true;
                break;
            }
        }
        send(to, json.finish(&self.stats(&rows))?).await
    }

    async fn write_csv(
        &self,
        to: &Sender<Result<Vec<u8>, QueryError>>,
        stop: &Stop,
    ) -> Result<(), QueryError> {
        let mut rows = self.open(stop).await?;
        let mut csv = CsvWriter::default();
        let mut any = false;
        while let Some(batch) = rows.next().await? {
            send(to, csv.add(&batch)?).await?;
            any = true;
        }
        if !any {
            send(
                to,
                csv.add(&RecordBatch::new_empty(Arc::clone(&rows.schema)))?,
            )
            .await?;
        }
        rows.whole(self.limit)
    }

    async fn write_arrow(
        &self,
        to: &Sender<Result<Vec<u8>, QueryError>>,
        stop: &Stop,
    ) -> Result<(), QueryError> {
        let mut rows = self.open(stop).await?;
        let mut arrow = ArrowWriter::new(&rows.schema)?;
        while let Some(batch) = rows.next().await? {
            send(to, arrow.add(&batch)?).await?;
        }
        rows.whole(self.limit)?;
        send(to, arrow.finish()?).await
    }
}

async fn send(to: &Sender<Result<Vec<u8>, QueryError>>, part: Vec<u8>) -> Result<(), QueryError> {
    to.send(Ok(part))
        .await
        .map_err(|_| QueryError::new(Code::Internal, "the caller has left"))
}

/// The rows of a running statement, up to the limit.
struct Rows {
    stream: SendableRecordBatchStream,
    schema: SchemaRef,
    left: usize,
    rows: usize,
    truncated: bool,
}

impl Rows {
    async fn next(&mut self) -> Result<Option<RecordBatch>, QueryError> {
        loop {
            let Some(batch) = self
                .stream
                .try_next()
                .await
                .map_err(|e| fault::running(&e))?
            else {
                return Ok(None);
            };
            if batch.num_rows() == 0 {
                continue;
            }
            if self.left == 0 {
                self.truncated = true;
                return Ok(None);
            }
            let take = batch.num_rows().min(self.left);
            self.truncated |= take < batch.num_rows();
            self.left -= take;
            self.rows += take;
            return plain::batch(&batch.slice(0, take), &self.schema)
                .map(Some)
                .map_err(|e| QueryError::new(Code::Internal, e.to_string()));
        }
    }

    /// For formats that cannot say that there is more.
    fn whole(&self, limit: usize) -> Result<(), QueryError> {
        if self.truncated {
            return Err(QueryError::new(
                Code::RowLimit,
                format!(
                    "there are more than {limit} rows: add a LIMIT, or raise the request's limit"
                ),
            ));
        }
        Ok(())
    }
}

/// Runs a statement and gives its answer as bytes. Returns when the first of them are made.
pub(crate) async fn body(
    run: Run,
    limits: &Limits,
    engine: &Engine,
) -> Result<SqlBody, QueryError> {
    let (time, format) = (run.time(limits), run.request.format);
    let (sender, mut rest) = channel(AHEAD);
    let mut deadline = Box::pin(tokio::time::sleep(time));
    let task = engine.run(|stop| run.write(sender, stop));
    let first = tokio::select! {
        first = rest.recv() => first,
        () = &mut deadline => return Err(late(time)),
    };
    match first {
        Some(Ok(first)) => Ok(SqlBody {
            format,
            first: Some(first),
            rest,
            deadline,
            late: Some(late(time)),
            task: Some(task),
        }),
        Some(Err(fault)) => Err(fault),
        // The sender is gone without a word: the task panicked.
        None => Err(task
            .await
            .err()
            .unwrap_or_else(|| QueryError::new(Code::Internal, "the query gave no answer"))),
    }
}

/// Runs a statement and gives all its rows.
pub(crate) async fn rows(
    run: Run,
    limits: &Limits,
    engine: &Engine,
) -> Result<SqlRows, QueryError> {
    let time = run.time(limits);
    match tokio::time::timeout(time, engine.run(|stop| run.collect(stop))).await {
        Ok(answer) => answer?,
        Err(_) => Err(late(time)),
    }
}
