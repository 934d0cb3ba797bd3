//! Questions about log lines over a real store, from memory and from files.

mod counts;
mod faults;
mod ledger;
mod pages;
mod periods;
mod tails;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use arrow::array::{
    ArrayRef, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray, new_null_array,
};
use arrow::compute::cast;
use arrow::datatypes::DataType;
use catalogue::Table;
use query::{Limits, LogLine, LogsAnswer, LogsRequest, Query};
use serde_json::{Value, json};
use store::{Append, Clock, Store, StoreConfig};

use crate::held::TEN;

/// Ten o'clock in microseconds of the epoch.
pub(crate) const START: i64 = TEN * 1_000_000;
/// Eleven.
pub(crate) const NOW: i64 = START + 3_600_000_000;

/// A store with its queries.
pub(crate) struct Logs {
    pub(crate) store: Arc<Store>,
    pub(crate) query: Arc<Query>,
    agent: wire::AgentId,
    sequences: [AtomicU64; 2],
    _folder: tempfile::TempDir,
}

/// A row: its time in microseconds after ten, and its columns.
pub(crate) type Row = (i64, Value);

impl Logs {
    pub(crate) async fn new() -> Logs {
        Logs::within(Limits::default()).await
    }

    pub(crate) async fn within(limits: Limits) -> Logs {
        let folder = tempfile::tempdir().unwrap();
        let mut config = StoreConfig::in_folder(folder.path()).unwrap();
        config.disk_reserve_bytes = 0;
        let store = Store::open_with_clock(config, Clock::from_fn(|| NOW)).await;
        let store = Arc::new(store.unwrap());
        let tables: Arc<dyn query::Tables> = Arc::clone(&store) as _;
        let limits = Limits {
            threads: 2,
            ..limits
        };
        Logs {
            query: Arc::new(Query::new(tables, limits).unwrap()),
            store,
            agent: wire::AgentId::random(),
            sequences: Default::default(),
            _folder: folder,
        }
    }

    pub(crate) async fn write(&self, rows: &[Row]) {
        self.write_to(&catalogue::tables::LOG, 0, rows).await;
    }

    pub(crate) async fn write_to(&self, table: &'static Table, number: usize, rows: &[Row]) {
        let batch = batch(table, rows);
        let body = wire::encode(std::slice::from_ref(&batch), wire::Encoding::Zstd).unwrap();
        let append = Append {
            agent: self.agent,
            table,
            sequence: self.sequences[number].fetch_add(1, Ordering::Relaxed) + 1,
            oldest: None,
            encoding: wire::Encoding::Zstd,
            body: body.into(),
            batches: vec![batch],
        };
        self.store.append(append).await.unwrap();
    }

    pub(crate) async fn ask(&self, request: Value) -> LogsAnswer {
        let request = LogsRequest::from_json(request.to_string().as_bytes()).unwrap();
        self.query.logs(request, NOW).await.unwrap()
    }
}

/// A batch of rows; a column that a row does not name is null.
pub(crate) fn batch(table: &Table, rows: &[Row]) -> RecordBatch {
    let schema = table.schema();
    let columns = schema
        .fields()
        .iter()
        .map(|field| -> ArrayRef {
            let name = field.name().as_str();
            match field.data_type() {
                DataType::Timestamp(..) if name == "time" => {
                    let times: TimestampMicrosecondArray =
                        rows.iter().map(|r| Some(START + r.0)).collect();
                    Arc::new(times.with_timezone("UTC"))
                }
                DataType::Int64 => Arc::new(
                    rows.iter()
                        .map(|r| r.1[name].as_i64())
                        .collect::<Int64Array>(),
                ),
                DataType::Utf8 | DataType::Dictionary(..) => {
                    let texts: StringArray = rows.iter().map(|r| r.1[name].as_str()).collect();
                    cast(&texts, field.data_type()).unwrap()
                }
                other => new_null_array(other, rows.len()),
            }
        })
        .collect();
    RecordBatch::try_new(schema, columns).unwrap()
}

/// A line of a pod of the shop, the `n`-th that was read of its file.
pub(crate) fn line(pod: &str, n: i64, time: i64, message: &str) -> Row {
    let level = ["info", "warn", "error"][(n % 3) as usize];
    let row = json!({
        "cluster": "c", "node": "node-1", "namespace": "shop", "pod": pod, "pod_uid": format!("uid-{pod}"),
        "container": "app", "container_id": format!("id-{pod}"), "stream": "stdout", "time_nsec": n % 3,
        "file": format!("/var/log/pods/{pod}/0.log"), "offset": n * 100, "sequence": n + 1,
        "level": level, "message": message,
    });
    (time, row)
}

pub(crate) fn lines(answer: &LogsAnswer) -> &[LogLine] {
    &answer.page.as_ref().unwrap().lines
}

pub(crate) fn messages(answer: &LogsAnswer) -> Vec<&str> {
    lines(answer)
        .iter()
        .map(|line| line.message.as_str())
        .collect()
}
