//! From memory to files: one sorted file a day and one commit a table, with the position it is written up to.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use catalogue::Tier;

use super::Upkeep;
use crate::error::StoreError;
use crate::live::Live;
use crate::rollup::Sealed;
use crate::table::{
    Commit, LiveFile, SortedLog, TXN_MINUTE, TXN_WAL, is_log, sort_rows, write_days, write_log_days,
};

impl Upkeep {
    /// Writes what a table has in memory. On an error its rows are back in memory.
    pub(super) async fn flush(&mut self, live: &Arc<Live>) -> Result<(), StoreError> {
        let Some(sealed) = live.seal(self.clock.now_usec()) else {
            return Ok(());
        };
        let written = sealed.written;
        match self.write_sealed(live, sealed).await {
            Ok(files) => {
                live.flushed(files, written);
                self.figures.flushes.fetch_add(1, Ordering::Relaxed);
                Ok(())
            }
            Err(error) => {
                live.unseal();
                Err(error)
            }
        }
    }

    async fn write_sealed(
        &mut self,
        live: &Arc<Live>,
        sealed: Sealed,
    ) -> Result<Vec<LiveFile>, StoreError> {
        let fault = |source| StoreError::Rows {
            table: live.name.clone(),
            source,
        };
        let now_ms = self.now_ms();
        let (add, rows) = if is_log(live.table) {
            let rows = SortedLog::new(&live.schema, sealed.batches).map_err(fault)?;
            let (root, table) = (&self.root, live.table);
            let add = write_log_days(root, table, &live.name, &live.schema, &rows, now_ms).await?;
            (add, rows.rows())
        } else {
            let rows = sort_rows(live.table, &live.schema, &sealed.batches).map_err(fault)?;
            drop(sealed.batches);
            let add = write_days(&self.root, live.table, &live.name, &rows, now_ms).await?;
            (add, rows.num_rows())
        };
        let mut transactions = vec![(TXN_WAL, sealed.written.position as i64)];
        if live.tier == Tier::Minute {
            transactions.push((TXN_MINUTE, sealed.written.minute));
        }
        let mut log = live.log.lock().await;
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
        self.sync_commit(&live.name, log.version())?;
        let files = log.files();
        self.figures
            .flushed_rows
            .fetch_add(rows as u64, Ordering::Relaxed);
        Ok(files)
    }

    /// Makes a commit durable before the write-ahead log lets go of its rows.
    fn sync_commit(&self, table: &str, version: u64) -> Result<(), StoreError> {
        let path = format!("{table}/_delta_log/{version:020}.json");
        self.root
            .sync(&path.clone().into())
            .map_err(|source| StoreError::File {
                table: table.to_owned(),
                path,
                reason: source.to_string(),
            })
    }
}
