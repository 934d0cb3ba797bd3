//! What the store knows of a cluster from before: asked once at start.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use arrow_array::{Array, RecordBatch, StringArray};
use cluster::{Before, Known};
use query::{Limits, Query, SqlRequest};
use store::Store;

/// More rows than that are not read; what is beyond is treated as unknown.
const MOST: usize = 1_000_000;

/// Not knowing it costs repeated events and the last rows of pods that went away while nobody watched, no more.
pub(super) async fn before(store: Arc<Store>, cluster: &str) -> Before {
    let mut before = Before::default();
    // Bounds of its own: those of people's questions may be too small for a large cluster.
    let limits = Limits {
        sql_rows_most: MOST,
        ..Limits::default()
    };
    let query = match Query::new(store, limits) {
        Ok(query) => query,
        Err(error) => {
            tracing::warn!(%error, "what is known of the cluster cannot be asked for");
            return before;
        }
    };
    let cluster = cluster.replace('\'', "''");
    // Rows are said again each day, so two days have every pod that is alive.
    let identities = format!(
        "select namespace, pod, pod_uid, coalesce(container, '') as container, node, workload_kind, workload from (
            select *, row_number() over (partition by pod_uid, container order by time desc) as newest
            from identity where cluster = '{cluster}' and time > now() - interval '2 days')
        where newest = 1 and deleted is not true"
    );
    match ask(&query, identities).await {
        Ok(batches) => before.identities = batches.iter().flat_map(known).collect(),
        Err(error) => {
            tracing::warn!(%error, "pods that went away while nobody watched will have no last row");
        }
    }
    // The API server keeps events for an hour unless it is told otherwise; the hour stands still while its own store is
    // down.
    let events = format!(
        "select event_uid, max(coalesce(event_count, 0)) as event_count from event
        where cluster = '{cluster}' and time > now() - interval '2 days' and event_uid is not null group by event_uid"
    );
    match ask(&query, events).await {
        Ok(batches) => before.events = batches.iter().flat_map(counts).collect(),
        Err(error) => tracing::warn!(%error, "events that are known may be written again"),
    }
    before
}

async fn ask(query: &Query, sql: String) -> Result<Vec<RecordBatch>, query::QueryError> {
    let request = SqlRequest {
        limit: Some(MOST),
        ..SqlRequest::new(sql)
    };
    Ok(query.sql_rows(request).await?.batches)
}

fn known(batch: &RecordBatch) -> Vec<Known> {
    let text = |column: &str, row: usize| value(texts(batch, column), row);
    (0..batch.num_rows())
        .filter_map(|row| {
            Some(Known {
                namespace: text("namespace", row)?,
                pod: text("pod", row)?,
                pod_uid: text("pod_uid", row)?,
                container: text("container", row).unwrap_or_default(),
                node: text("node", row),
                workload: text("workload_kind", row).zip(text("workload", row)),
            })
        })
        .collect()
}

fn counts(batch: &RecordBatch) -> HashMap<String, i64> {
    let uids = texts(batch, "event_uid");
    let counts = batch
        .column_by_name("event_count")
        .and_then(|column| column.as_primitive_opt::<Int64Type>());
    (0..batch.num_rows())
        .filter_map(|row| Some((value(uids, row)?, counts?.value(row))))
        .collect()
}

fn texts<'a>(batch: &'a RecordBatch, column: &str) -> Option<&'a StringArray> {
    batch.column_by_name(column)?.as_string_opt::<i32>()
}

fn value(texts: Option<&StringArray>, row: usize) -> Option<String> {
    let texts = texts.filter(|texts| texts.is_valid(row))?;
    Some(texts.value(row).to_owned())
}
