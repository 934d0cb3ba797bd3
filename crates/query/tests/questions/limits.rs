//! Questions that would cost too much.

use std::any::Any;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use datafusion::catalog::TableProvider;
use datafusion::catalog::streaming::StreamingTable;
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::streaming::PartitionStream;
use futures::StreamExt;
use query::{Code, Format, Limits, MetricsRequest, Query, SqlRequest};
use serde_json::{Value, json};

use crate::held::{Held, batch, table};
use crate::statistics::NOW;

/// A table without an end, which counts the batches that are taken from it.
#[derive(Debug)]
struct Endless {
    batch: RecordBatch,
    taken: Arc<AtomicU64>,
}

impl PartitionStream for Endless {
    fn schema(&self) -> &SchemaRef {
        self.batch.schema_ref()
    }

    fn execute(&self, _: Arc<TaskContext>) -> SendableRecordBatchStream {
        let (batch, taken) = (self.batch.clone(), Arc::clone(&self.taken));
        let batches = futures::stream::repeat_with(move || {
            taken.fetch_add(1, Ordering::Relaxed);
            Ok(batch.clone())
        });
        Box::pin(RecordBatchStreamAdapter::new(
            Arc::clone(self.schema()),
            batches,
        ))
    }
}

fn many(rows: i64) -> Vec<(i64, Value)> {
    (0..rows)
        .map(|i| {
            let row = json!({"cluster": "c", "node": "n", "container_id": format!("id{i}"), "memory_usage_bytes": i,
                             "interval_usec": 10_000_000, "cpu_usage_usec": 1});
            (i % 600, row)
        })
        .collect()
}

fn endless() -> (Held, Arc<AtomicU64>) {
    let taken = Arc::new(AtomicU64::new(0));
    let batch = batch(&table("container").schema(), many(1000));
    let stream: Arc<dyn PartitionStream> = Arc::new(Endless {
        batch: batch.clone(),
        taken: Arc::clone(&taken),
    });
    let provider: Arc<dyn TableProvider> =
        Arc::new(StreamingTable::try_new(batch.schema(), vec![stream]).unwrap());
    // Its rows are known, so that its range is.
    let held = Held::default().with_batch(table("container"), catalogue::Tier::Raw, batch);
    (held.with_provider("container", provider), taken)
}

fn limits() -> Limits {
    Limits {
        threads: 2,
        sql_time: Duration::from_millis(500),
        metrics_time: Duration::from_millis(500),
        wait: Duration::from_millis(50),
        ..Limits::default()
    }
}

/// Waits until the work has ended, and makes sure that nothing more is taken after.
async fn has_stopped(query: &Query, taken: &AtomicU64) {
    let started = Instant::now();
    while query.figures().running > 0 {
        assert!(
            started.elapsed() < Duration::from_secs(10),
            "the work goes on"
        );
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    // A thread that was in the middle of a batch may still take one.
    loop {
        let before = taken.load(Ordering::Relaxed);
        assert!(before > 0, "nothing was ever read");
        tokio::time::sleep(Duration::from_millis(100)).await;
        if taken.load(Ordering::Relaxed) == before {
            return;
        }
        let spent = started.elapsed();
        assert!(spent < Duration::from_secs(10), "rows are still read");
    }
}

#[tokio::test]
async fn time_ends_a_statement() {
    let (held, taken) = endless();
    let query = held.query_within(limits());
    let started = Instant::now();
    let fault = query
        .sql(SqlRequest::new("SELECT count(*) FROM container"))
        .await
        .unwrap_err();
    assert_eq!(fault.code, Code::Timeout, "{fault}");
    assert_eq!(
        fault.message,
        "not done after 0.5 s: narrow the time range, filter, or aggregate"
    );
    assert!(
        started.elapsed() < Duration::from_secs(20),
        "{:?}",
        started.elapsed()
    );
    has_stopped(&query, &taken).await;
    assert_eq!((query.figures().asked, query.figures().timed_out), (1, 1));
}

#[tokio::test]
async fn a_caller_may_ask_for_less_time() {
    let (held, taken) = endless();
    let query = held.query_within(Limits {
        sql_time: Duration::from_secs(60),
        ..limits()
    });
    let request = SqlRequest {
        timeout_seconds: Some(0),
        ..SqlRequest::new("SELECT count(*) FROM container")
    };
    assert_eq!(query.sql(request).await.unwrap_err().code, Code::Timeout);
    let request = SqlRequest {
        timeout_seconds: Some(1),
        ..SqlRequest::new("SELECT count(*) FROM container")
    };
    assert_eq!(
        query.sql_rows(request).await.unwrap_err().code,
        Code::Timeout
    );
    has_stopped(&query, &taken).await;
}

#[tokio::test]
async fn joins_that_explode_end() {
    let query = Held::default()
        .with("container", catalogue::Tier::Raw, many(10_000))
        .query_within(limits());
    for sql in [
        // A hundred million pairs for each of ten thousand rows.
        "SELECT sum(a.memory_usage_bytes * b.memory_usage_bytes % 7) FROM container a, container b, container c",
        // Pairs that never make a row.
        "SELECT count(*) FROM (SELECT a.memory_usage_bytes AS x FROM container a, container b) t
         JOIN container c ON t.x + c.memory_usage_bytes < 0",
        "SELECT count(*) FROM container c
         JOIN (SELECT a.memory_usage_bytes AS x FROM container a, container b) t ON t.x + c.memory_usage_bytes < 0",
        // Equal keys on both sides.
        "SELECT sum(a.memory_usage_bytes % 7) FROM container a JOIN container b ON a.node = b.node
         JOIN container c ON b.node = c.node",
    ] {
        let started = Instant::now();
        let fault = query.sql(SqlRequest::new(sql)).await.unwrap_err();
        assert!(
            matches!(fault.code, Code::Timeout | Code::MemoryLimit),
            "{sql}: {fault}"
        );
        assert!(
            started.elapsed() < Duration::from_secs(20),
            "{sql}: {:?}",
            started.elapsed()
        );
        while query.figures().running > 0 {
            assert!(
                started.elapsed() < Duration::from_secs(20),
                "the join goes on: {sql}"
            );
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

#[tokio::test]
async fn dropping_the_future_ends_the_work() {
    let (held, taken) = endless();
    let query = held.query_within(Limits {
        sql_time: Duration::from_secs(60),
        metrics_time: Duration::from_secs(60),
        ..limits()
    });
    let asked = query.sql(SqlRequest::new("SELECT count(*) FROM container"));
    assert!(
        tokio::time::timeout(Duration::from_millis(200), asked)
            .await
            .is_err()
    );
    has_stopped(&query, &taken).await;

    let request = MetricsRequest::from_json(
        br#"{"entity": "container", "metric": "memory_usage_bytes", "start": "-10m", "period_seconds": 10}"#,
    );
    let asked = query.metrics(request.unwrap(), NOW);
    assert!(
        tokio::time::timeout(Duration::from_millis(200), asked)
            .await
            .is_err()
    );
    has_stopped(&query, &taken).await;
}

#[tokio::test]
async fn dropping_a_body_ends_the_work() {
    let (held, taken) = endless();
    let query = held.query_within(Limits {
        sql_time: Duration::from_secs(60),
        ..limits()
    });
    let request = SqlRequest {
        format: Format::Csv,
        ..SqlRequest::new("SELECT container_id FROM container")
    };
    let mut body = query.sql(request).await.unwrap();
    assert!(
        body.next()
            .await
            .unwrap()
            .unwrap()
            .starts_with(b"container_id\nid0\n")
    );
    assert_eq!(query.figures().running, 1);
    // Whoever does not read holds the work up: it waits, and memory does not grow.
    tokio::time::sleep(Duration::from_millis(50)).await;
    let waiting = taken.load(Ordering::Relaxed);
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(taken.load(Ordering::Relaxed), waiting);
    drop(body);
    has_stopped(&query, &taken).await;
}

#[tokio::test]
async fn a_slow_reader_runs_out_of_time_too() {
    let (held, _) = endless();
    let query = held.query_within(limits());
    let request = SqlRequest {
        format: Format::Arrow,
        ..SqlRequest::new("SELECT container_id FROM container")
    };
    let mut body = query.sql(request).await.unwrap();
    let mut last = None;
    while let Some(part) = body.next().await {
        last = Some(part);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(last.unwrap().unwrap_err().code, Code::Timeout);
}

#[tokio::test]
async fn memory_ends_a_question() {
    let query = Held::default()
        .with("container", catalogue::Tier::Raw, many(50_000))
        .query_within(Limits {
            memory: 1 << 20,
            ..limits()
        });
    for sql in [
        "SELECT container_id, count(*) FROM container GROUP BY 1",
        "SELECT * FROM container ORDER BY memory_usage_bytes DESC",
        "SELECT a.time FROM container a JOIN container b ON a.container_id = b.container_id",
    ] {
        let fault = query
            .sql(SqlRequest {
                limit: Some(1_000_000),
                ..SqlRequest::new(sql)
            })
            .await
            .unwrap_err();
        assert_eq!(fault.code, Code::MemoryLimit, "{sql}: {fault}");
    }
    let request = json!({"entity": "container", "metric": "memory_usage_bytes", "group_by": ["container_id"],
                         "start": "-10m", "period_seconds": 10});
    let request = MetricsRequest::from_json(request.to_string().as_bytes()).unwrap();
    assert_eq!(
        query.metrics(request, NOW).await.unwrap_err().code,
        Code::MemoryLimit
    );
}

#[tokio::test]
async fn rows_beyond_the_limit() {
    let query = Held::default()
        .with("container", catalogue::Tier::Raw, many(100))
        .query_within(Limits {
            sql_rows: 20,
            sql_rows_most: 50,
            ..limits()
        });
    let sql = "SELECT memory_usage_bytes FROM container ORDER BY 1";
    for (limit, format, rows, truncated) in [
        (None, Format::Json, 20, true),
        (Some(50), Format::Json, 50, true),
        (Some(1), Format::Json, 1, true),
    ] {
        let request = SqlRequest {
            limit,
            format,
            ..SqlRequest::new(sql)
        };
        let body = query.sql(request).await.unwrap().collect().await.unwrap();
        let answer: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(answer["rows"].as_array().unwrap().len(), rows);
        assert_eq!(
            (&answer["stats"]["rows"], &answer["stats"]["truncated"]),
            (&json!(rows), &json!(truncated))
        );
    }
    for format in [Format::Csv, Format::Arrow] {
        let request = SqlRequest {
            format,
            ..SqlRequest::new(sql)
        };
        let body = query.sql(request).await.unwrap();
        let fault = body.collect().await.unwrap_err();
        assert_eq!(fault.code, Code::RowLimit);
        assert_eq!(
            fault.message,
            "there are more than 50 rows: add a LIMIT, or raise the request's limit"
        );
        let request = SqlRequest {
            format,
            ..SqlRequest::new(format!("{sql} LIMIT 50"))
        };
        query.sql(request).await.unwrap().collect().await.unwrap();
    }
    let fault = query
        .sql(SqlRequest {
            limit: Some(51),
            ..SqlRequest::new(sql)
        })
        .await
        .unwrap_err();
    assert_eq!(fault.to_string(), "limit: a limit is at most 50");
}

#[tokio::test]
async fn bytes_beyond_the_limit_truncate() {
    let query = Held::default()
        .with("container", catalogue::Tier::Raw, many(20_000))
        .query_within(Limits {
            sql_json_bytes: 1000,
            sql_rows: 100_000,
            ..limits()
        });
    let body = query
        .sql(SqlRequest::new("SELECT * FROM container"))
        .await
        .unwrap()
        .collect()
        .await
        .unwrap();
    let answer: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(answer["stats"]["truncated"], true);
    assert!(answer["rows"].as_array().unwrap().len() < 20_000);
}

#[tokio::test]
async fn series_beyond_the_limit() {
    let query = Held::default()
        .with("container", catalogue::Tier::Raw, many(600))
        .query_within(Limits {
            values: 10_000,
            ..limits()
        });
    let mut request = json!({"entity": "container", "metric": "memory_usage_bytes", "group_by": ["container_id"],
                             "start": "-10m", "period_seconds": 10});
    let parsed = MetricsRequest::from_json(request.to_string().as_bytes()).unwrap();
    let fault = query.metrics(parsed, NOW).await.unwrap_err();
    assert_eq!(fault.code, Code::TooManySeries);
    assert_eq!(
        fault.to_string(),
        "group_by: 167 groups or more, of 1 metrics and 60 periods, are more than 10000 values: filter, group by \
         fewer columns, or ask for a longer period"
    );
    // The ten greatest of them are few.
    request["limit"] = json!(10);
    let parsed = MetricsRequest::from_json(request.to_string().as_bytes()).unwrap();
    let answer = query.metrics(parsed, NOW).await.unwrap();
    assert_eq!(answer.series.len(), 10);
    assert_eq!(
        answer.series[0].labels["container_id"].as_deref(),
        Some("id599")
    );
}

#[tokio::test]
async fn too_many_at_once_are_turned_away() {
    let (held, taken) = endless();
    let query = held.query_within(Limits {
        sql_at_once: 1,
        sql_time: Duration::from_secs(60),
        ..limits()
    });
    let request = SqlRequest {
        format: Format::Csv,
        ..SqlRequest::new("SELECT container_id FROM container")
    };
    let body = query.sql(request.clone()).await.unwrap();
    let fault = query.sql(request.clone()).await.unwrap_err();
    assert_eq!(fault.code, Code::Overloaded);
    assert_eq!(query.figures().overloaded, 1);
    drop(body);
    has_stopped(&query, &taken).await;
    query.sql(request).await.unwrap();
}

#[tokio::test]
async fn statements_too_large_to_plan_are_refused() {
    let query = Held::default().query_within(limits());
    let doubled = |levels: usize| {
        let mut sql = "WITH t0 AS (SELECT 1 AS a)".to_owned();
        for i in 1..=levels {
            sql.push_str(&format!(
                ", t{i} AS (SELECT x.a FROM t{0} x, t{0} y)",
                i - 1
            ));
        }
        format!("{sql} SELECT count(*) FROM t{levels}")
    };
    let chain = |text: &str, times: usize| vec![text; times].join(" ");
    for (sql, code, words) in [
        (
            doubled(40),
            Code::SqlInvalid,
            "the statement has more than 500 tables and selects",
        ),
        (
            format!("SELECT {} 1", chain("1 +", 15_000)),
            Code::SqlInvalid,
            "expressions are nested more than 200 deep",
        ),
        (
            format!("SELECT {} 1", chain("1 OR", 300)),
            Code::SqlInvalid,
            "expressions are nested more than 200 deep",
        ),
        (
            format!("SELECT {}1{}", "(".repeat(5_000), ")".repeat(5_000)),
            Code::SqlSyntax,
            "nested too deep",
        ),
        (
            format!("{} SELECT 1", chain("SELECT 1 UNION ALL", 2_000)),
            Code::SqlInvalid,
            "the statement has more than 500 tables and selects",
        ),
        (
            format!("SELECT 1 -- {}", "x".repeat(70_000)),
            Code::InvalidRequest,
            "sql: the statement has 70012 bytes",
        ),
    ] {
        let started = Instant::now();
        let fault = query.sql(SqlRequest::new(&sql)).await.unwrap_err();
        assert_eq!(fault.code, code, "{} …: {fault}", &sql[..40]);
        assert!(
            fault.to_string().contains(words),
            "{} …: {fault}",
            &sql[..40]
        );
        assert!(
            started.elapsed() < Duration::from_secs(20),
            "{} …: {:?}",
            &sql[..40],
            started.elapsed()
        );
    }
    for sql in [
        doubled(4),
        format!("SELECT {} 1", chain("1 +", 180)),
        format!("{} SELECT 1", chain("SELECT 1 UNION ALL", 200)),
        format!("SELECT 1 WHERE 1 IN ({}1)", "1,".repeat(5_000)),
    ] {
        query
            .sql(SqlRequest::new(&sql))
            .await
            .unwrap_or_else(|e| panic!("{} …: {e}", &sql[..40]));
    }
}

#[test]
fn a_fault_can_be_sent_around() {
    fn is<T: fmt::Debug + Send + Sync + Any>() {}
    is::<query::QueryError>();
    is::<Query>();
}
