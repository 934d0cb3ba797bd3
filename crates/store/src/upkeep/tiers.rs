//! Five-minute and hourly rows, from the minute rows that each commit of the minute table added.
//!
//! The coarser table's commit records which version of the minute table it has taken in, so a crash in between
//! repeats nothing and leaves nothing out.

use std::sync::Arc;

use catalogue::{Table, Tier};
use datafusion::prelude::{SessionConfig, SessionContext};
use futures::TryStreamExt;

use super::Upkeep;
use crate::error::StoreError;
use crate::hot::HotBatch;
use crate::rollup::{Accumulator, Plan};
use crate::scan::file_scan;
use crate::table::{Commit, LiveFile, TXN_SOURCE, sort_rows, write_days};

impl Upkeep {
    /// Brings the coarser tiers of a table up to its minute table.
    pub(super) async fn roll_up(&mut self, table: &'static Table) -> Result<(), StoreError> {
        let Some(minutes) = self.tables.get(table, Tier::Minute).cloned() else {
            return Ok(());
        };
        let newest = minutes.log.lock().await.version() as i64;
        for tier in [Tier::FiveMinutes, Tier::Hour] {
            let Some(coarse) = self.tables.get(table, tier).cloned() else {
                continue;
            };
            let taken = coarse
                .log
                .lock()
                .await
                .transaction(TXN_SOURCE)
                .await?
                .unwrap_or(0);
            let mut added = Vec::new();
            for version in taken + 1..=newest {
                added.extend(minutes.log.lock().await.added_by(version as u64).await?);
            }
            if added.is_empty() {
                continue;
            }
            let files: Vec<LiveFile> = minutes
                .files()
                .iter()
                .filter(|file| added.contains(&file.path))
                .cloned()
                .collect();
            let mut rows = Accumulator::new(Arc::new(Plan::from_minutes(table, tier)));
            for batch in self.read(&minutes.name, &minutes.schema, files).await? {
                rows.add(&batch, None);
            }
            let fault = |source| StoreError::Rows {
                table: coarse.name.clone(),
                source,
            };
            let Some(batch) = HotBatch::new(rows.rows(None).map_err(fault)?) else {
                continue;
            };
            let sorted = sort_rows(table, &coarse.schema, &[Arc::new(batch)]).map_err(fault)?;
            let now_ms = self.now_ms();
            let add = write_days(&self.root, table, &coarse.name, &sorted, now_ms).await?;
            let transactions = vec![(TXN_SOURCE, newest)];
            let mut log = coarse.log.lock().await;
            log.commit(
                Commit {
                    add,
                    remove: Vec::new(),
                    data_change: true,
                    transactions,
                },
                now_ms,
            )
            .await?;
            coarse.set_files(log.files());
        }
        Ok(())
    }

    /// Every row of some files.
    async fn read(
        &self,
        name: &str,
        schema: &arrow::datatypes::SchemaRef,
        files: Vec<LiveFile>,
    ) -> Result<Vec<arrow::array::RecordBatch>, StoreError> {
        let fault = |source| StoreError::Plan {
            table: name.to_owned(),
            source: Box::new(source),
        };
        let context =
            SessionContext::new_with_config(SessionConfig::new().with_target_partitions(1));
        let plan = file_scan(
            &context.state(),
            &self.root,
            name,
            schema,
            vec![files.into_iter().map(Into::into).collect()],
            None,
        )
        .map_err(fault)?;
        let stream =
            datafusion::physical_plan::execute_stream(plan, context.task_ctx()).map_err(fault)?;
        stream.try_collect().await.map_err(fault)
    }
}
