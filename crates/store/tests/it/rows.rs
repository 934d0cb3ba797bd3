//! Rows to append, and counting what came of them.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use arrow::array::{
    ArrayRef, AsArray, DictionaryArray, Int64Array, RecordBatch, TimestampMicrosecondArray,
    new_null_array,
};
use arrow::datatypes::{Float64Type, Int32Type, Int64Type};
use catalogue::{Table, Tier};
use datafusion::prelude::SessionContext;
use store::{Append, AppendError, Appended, Clock, Store, StoreConfig};

pub(crate) const SECOND: i64 = 1_000_000;
/// 2026-11-23 10:00:00 UTC.
pub(crate) const START: i64 = 1_795_428_000 * SECOND;

pub(crate) fn pod() -> &'static Table {
    catalogue::table("pod").unwrap()
}

/// One tick of some pods: `cpu_usage_usec` of pod p is 1000 + p, `memory_usage_bytes` is the tick's number.
pub(crate) fn tick(node: &str, tick: i64, pods: usize) -> RecordBatch {
    let time = START + tick * 10 * SECOND;
    let text = |f: &dyn Fn(usize) -> String| -> ArrayRef {
        let values: Vec<String> = (0..pods).map(f).collect();
        Arc::new(
            values
                .iter()
                .map(|v| Some(v.as_str()))
                .collect::<DictionaryArray<Int32Type>>(),
        )
    };
    let number = |f: &dyn Fn(usize) -> i64| -> ArrayRef {
        Arc::new(Int64Array::from_iter_values((0..pods).map(f)))
    };
    let schema = pod().schema();
    let columns = schema
        .fields()
        .iter()
        .map(|field| match field.name().as_str() {
            "time" => {
                Arc::new(TimestampMicrosecondArray::from(vec![time; pods]).with_timezone("UTC"))
            }
            "interval_usec" => number(&|_| 10 * SECOND),
            "cluster" => text(&|_| "test".into()),
            "node" => text(&|_| node.into()),
            "namespace" => text(&|p| format!("ns-{}", p % 3)),
            "pod" => text(&|p| format!("pod-{p}")),
            "pod_uid" => text(&|p| format!("{node}-uid-{p}")),
            "cpu_usage_usec" => number(&|p| 1000 + p as i64),
            "memory_usage_bytes" => number(&|_| tick),
            _ => new_null_array(field.data_type(), pods),
        })
        .collect();
    RecordBatch::try_new(schema, columns).unwrap()
}

pub(crate) fn config(folder: &Path) -> StoreConfig {
    StoreConfig {
        disk_reserve_bytes: 0,
        ..StoreConfig::in_folder(folder).unwrap()
    }
}

/// A clock that a test sets.
#[derive(Clone)]
pub(crate) struct Hands(Arc<AtomicI64>);

impl Hands {
    pub(crate) fn at(usec: i64) -> Hands {
        Hands(Arc::new(AtomicI64::new(usec)))
    }
    pub(crate) fn set(&self, usec: i64) {
        self.0.store(usec, Ordering::Relaxed);
    }
    pub(crate) fn clock(&self) -> Clock {
        let hands = Arc::clone(&self.0);
        Clock::from_fn(move || hands.load(Ordering::Relaxed))
    }
}

pub(crate) async fn append(
    store: &Store,
    agent: u8,
    sequence: u64,
    batch: &RecordBatch,
) -> Result<Appended, AppendError> {
    let body = wire::encode(std::slice::from_ref(batch), wire::Encoding::Zstd).unwrap();
    store
        .append(Append {
            agent: wire::AgentId::from_bytes([agent; 16]),
            table: pod(),
            sequence,
            oldest: None,
            encoding: wire::Encoding::Zstd,
            body: body.into(),
            batches: vec![batch.clone()],
        })
        .await
}

/// What a tier holds: rows, Σ `cpu_usage_usec`, and for rollups Σ `samples` and Σ `memory_usage_bytes_sum`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Held {
    pub(crate) rows: i64,
    pub(crate) cpu: i64,
    pub(crate) samples: i64,
    pub(crate) memory: i64,
}

pub(crate) async fn ask(store: &Store, sql: &str) -> Vec<RecordBatch> {
    let context = SessionContext::new();
    for tier in Tier::ALL {
        context
            .register_table(pod().name_in(tier), store.provider(pod(), tier).unwrap())
            .unwrap();
    }
    context.sql(sql).await.unwrap().collect().await.unwrap()
}

pub(crate) async fn held(store: &Store, tier: Tier) -> Held {
    let (samples, memory) = match tier {
        Tier::Raw => ("count(*)", "sum(memory_usage_bytes)"),
        _ => ("sum(samples)", "sum(memory_usage_bytes_sum)"),
    };
    let sql = format!(
        "select count(*) as n, sum(cpu_usage_usec) as cpu, {samples} as samples, {memory} as memory from {}",
        pod().name_in(tier)
    );
    let batch = &ask(store, &sql).await[0];
    let value = |c: usize| {
        batch.column(c).as_primitive_opt::<Int64Type>().map_or_else(
            || batch.column(c).as_primitive::<Float64Type>().value(0) as i64,
            |a| a.value(0),
        )
    };
    Held {
        rows: value(0),
        cpu: value(1),
        samples: value(2),
        memory: value(3),
    }
}

/// What `ticks` of `pods` pods on one node must come to.
pub(crate) fn expected(ticks: std::ops::Range<i64>, pods: i64) -> Held {
    let n = ticks.end - ticks.start;
    Held {
        rows: n * pods,
        cpu: n * (0..pods).map(|p| 1000 + p).sum::<i64>(),
        samples: n * pods,
        memory: ticks.sum::<i64>() * pods,
    }
}

/// The values of a column of strings, counted.
pub(crate) fn counts(batches: &[RecordBatch], column: usize) -> HashMap<String, usize> {
    let mut counts = HashMap::new();
    for batch in batches {
        let text =
            arrow::compute::cast(batch.column(column), &arrow::datatypes::DataType::Utf8).unwrap();
        for value in text.as_string::<i32>().iter().flatten() {
            *counts.entry(value.to_owned()).or_default() += 1;
        }
    }
    counts
}
