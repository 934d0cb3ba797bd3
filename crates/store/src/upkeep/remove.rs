//! Letting go of rows and files: retention, the disk budget, and the deletion of what no version names any more.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use catalogue::Tier;
use futures::TryStreamExt;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};

use super::Upkeep;
use crate::config::StoreConfig;
use crate::error::StoreError;
use crate::live::Live;
use crate::table::{Commit, LiveFile, NamespaceRows, is_log};

/// How long a removed file stays for those who are reading it (`delta.deletedFileRetentionDuration` of our tables).
const REMOVED_STAY_MS: i64 = 3_600_000;
/// A file that no log names is the rest of a crash between a file and its commit, or is being written just now.
const ORPHAN_AGE_MS: i64 = 24 * 3_600_000;

/// What of a log file is too old.
#[derive(Debug, PartialEq, Eq)]
enum Aged {
    Nothing,
    All,
    /// The lines of these namespaces, which is worth writing the others anew.
    Some(HashSet<Option<String>>),
}

/// A tenth of a file's bytes, or lines that have been too old for a day, are worth it.
const WORTH_SHARE: u64 = 10;
const WORTH_USEC: i64 = 86_400_000_000;

fn aged(
    config: &StoreConfig,
    file: &LiveFile,
    known: Option<&[NamespaceRows]>,
    now_usec: i64,
) -> Aged {
    let limit = |keep: Duration| now_usec.saturating_sub(keep.as_micros() as i64);
    let Some(known) = known.filter(|known| !known.is_empty()) else {
        // Whose lines they are is not known, so they stay as long as any may.
        let rules = config
            .log_retention_by_namespace
            .iter()
            .map(|rule| rule.keep);
        let longest = rules.fold(config.log_retention, Duration::max);
        return if file.times.1 < limit(longest) {
            Aged::All
        } else {
            Aged::Nothing
        };
    };
    let late = |rows: &&NamespaceRows| {
        let limit = limit(config.log_retention_of(rows.namespace.as_deref()));
        limit.saturating_sub(rows.newest_usec)
    };
    let old: Vec<&NamespaceRows> = known.iter().filter(|rows| late(rows) > 0).collect();
    if old.len() == known.len() {
        return Aged::All;
    }
    let weight = |rows: &mut dyn Iterator<Item = &NamespaceRows>| {
        rows.map(NamespaceRows::weight).sum::<u64>()
    };
    let share = weight(&mut old.iter().copied()) * WORTH_SHARE >= weight(&mut known.iter());
    if old.is_empty() || !(share || old.iter().any(|rows| late(rows) > WORTH_USEC)) {
        return Aged::Nothing;
    }
    Aged::Some(old.iter().map(|rows| rows.namespace.clone()).collect())
}

impl Upkeep {
    /// Removes files all of whose rows are older than they are kept; log files are written anew without the lines of
    /// namespaces that are kept less long than the others in it.
    pub(super) async fn expire(&mut self, live: &Arc<Live>) -> Result<(), StoreError> {
        let files = live.files();
        if is_log(live.table) {
            return self.expire_logs(live, &files).await;
        }
        let keep = self.config.retention_of(live.tier).as_micros() as i64;
        let limit = self.clock.now_usec().saturating_sub(keep);
        let old: Vec<LiveFile> = files
            .iter()
            .filter(|f| f.times.1 < limit)
            .cloned()
            .collect();
        self.figures
            .expired_files
            .fetch_add(old.len() as u64, Ordering::Relaxed);
        self.drop_files(live, old).await
    }

    async fn expire_logs(
        &mut self,
        live: &Arc<Live>,
        files: &[LiveFile],
    ) -> Result<(), StoreError> {
        let now_usec = self.clock.now_usec();
        let mut old = Vec::new();
        for file in files {
            let known = self.root.namespaces.of(&file.object(&live.name));
            match aged(
                &self.config,
                file,
                known.as_deref().map(Vec::as_slice),
                now_usec,
            ) {
                Aged::Nothing => {}
                Aged::All => old.push(file.clone()),
                Aged::Some(namespaces) => {
                    let left = self
                        .merge(live, std::slice::from_ref(file), &namespaces)
                        .await?;
                    self.figures.rewritten_files.fetch_add(1, Ordering::Relaxed);
                    let add = left.into_iter().collect();
                    self.replace(live, vec![file.clone()], add).await?;
                }
            }
        }
        self.figures
            .expired_files
            .fetch_add(old.len() as u64, Ordering::Relaxed);
        self.drop_files(live, old).await
    }

    /// Removes the oldest files while all tables together are larger than the budget: raw rows and log lines first, the
    /// oldest whatever they are, since of raw rows the minutes and hours are still there; then minutes, then coarser.
    pub(super) async fn keep_budget(&mut self) -> Result<(), StoreError> {
        let Some(budget) = self.config.disk_budget_bytes else {
            return Ok(());
        };
        let tables = Arc::clone(&self.tables);
        let total: u64 = tables
            .iter()
            .flat_map(|l| l.files().iter().map(|f| f.bytes).collect::<Vec<_>>())
            .sum();
        let mut over = total.saturating_sub(budget);
        for tier in Tier::ALL {
            let mut candidates: Vec<(Arc<Live>, LiveFile)> = tables
                .iter()
                .filter(|l| l.tier == tier)
                .flat_map(|l| {
                    l.files()
                        .iter()
                        .map(|f| (Arc::clone(l), f.clone()))
                        .collect::<Vec<_>>()
                })
                .collect();
            candidates.sort_by_key(|(_, file)| file.times.1);
            for (live, file) in candidates {
                if over == 0 {
                    return Ok(());
                }
                over = over.saturating_sub(file.bytes);
                tracing::warn!(table = live.name, file = %file.path, budget, "removed to keep the disk budget");
                self.figures.budget_files.fetch_add(1, Ordering::Relaxed);
                self.drop_files(&live, vec![file]).await?;
            }
        }
        Ok(())
    }

    async fn drop_files(
        &mut self,
        live: &Arc<Live>,
        files: Vec<LiveFile>,
    ) -> Result<(), StoreError> {
        if files.is_empty() {
            return Ok(());
        }
        self.replace(live, files, Vec::new()).await
    }

    /// Rows go: some files come in the place of others that had more.
    async fn replace(
        &mut self,
        live: &Arc<Live>,
        remove: Vec<LiveFile>,
        add: Vec<LiveFile>,
    ) -> Result<(), StoreError> {
        let now_ms = self.now_ms();
        let mut log = live.log.lock().await;
        log.commit(
            Commit {
                add,
                remove,
                data_change: true,
                ..Commit::default()
            },
            now_ms,
        )
        .await?;
        let left = log.files();
        live.set_files(left);
        Ok(())
    }

    /// Deletes files that were removed long enough ago, and files that no version ever named.
    pub(super) async fn delete_removed(&mut self, live: &Arc<Live>) -> Result<(), StoreError> {
        let now_ms = self.now_ms();
        let removed: HashMap<Path, i64> =
            live.log.lock().await.removed().await?.into_iter().collect();
        let named: HashSet<Path> = live.files().iter().map(|f| f.path.clone()).collect();
        let folder = Path::from(live.name.as_str());
        let fault = |source: object_store::Error| StoreError::File {
            table: live.name.clone(),
            path: folder.to_string(),
            reason: source.to_string(),
        };
        let objects: Vec<_> = self
            .root
            .store()
            .list(Some(&folder))
            .try_collect()
            .await
            .map_err(fault)?;
        for object in objects {
            let Some(parts) = object.location.prefix_match(&folder) else {
                continue;
            };
            let path = Path::from_iter(parts);
            let ours = path.as_ref().starts_with("day=") && path.as_ref().ends_with(".parquet");
            let since_ms = removed.get(&path).copied();
            let stay_ms = if since_ms.is_some() {
                REMOVED_STAY_MS
            } else {
                ORPHAN_AGE_MS
            };
            let since_ms = since_ms.unwrap_or(object.last_modified.timestamp_millis());
            if !ours || named.contains(&path) || now_ms - since_ms < stay_ms {
                continue;
            }
            self.root
                .store()
                .delete(&object.location)
                .await
                .map_err(fault)?;
            self.root.indexes.forget(&object.location);
            self.root.namespaces.forget(&object.location);
            self.figures.deleted_files.fetch_add(1, Ordering::Relaxed);
        }
        Ok(())
    }
}
