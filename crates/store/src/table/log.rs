//! The Delta log of one table: which files are live, and how far it is written.

use arrow::datatypes::Schema;
use deltalake_core::DeltaTableError;
use deltalake_core::kernel::transaction::{CommitBuilder, CommitProperties};
use deltalake_core::kernel::{Action, MetadataExt, StructType, Transaction};
use deltalake_core::logstore::{LogStoreRef, get_actions};
use deltalake_core::operations::create::CreateBuilder;
use deltalake_core::protocol::{DeltaOperation, SaveMode};
use deltalake_core::table::state::DeltaTableState;
use futures::TryStreamExt;

use super::file::LiveFile;
use super::root::Root;
use super::schema::{DAY, delta_columns};
use crate::error::StoreError;

/// The application id under which the WAL position of a table is kept in `txn` actions.
pub(crate) const TXN_WAL: &str = "kansoku-wal";
/// Of a minute table: the last closed minute.
pub(crate) const TXN_MINUTE: &str = "kansoku-minute";
/// Of a five-minute or hourly table: the version of the minute table that it has taken in.
pub(crate) const TXN_SOURCE: &str = "kansoku-source";

/// How long removed files can still be read by others, and old versions be named, before upkeep deletes them.
const PROPERTIES: [(&str, &str); 3] = [
    ("delta.logRetentionDuration", "interval 7 days"),
    ("delta.deletedFileRetentionDuration", "interval 1 hours"),
    ("delta.checkpointInterval", "50"),
];

/// What one commit does.
#[derive(Debug, Default)]
pub(crate) struct Commit {
    pub(crate) add: Vec<LiveFile>,
    pub(crate) remove: Vec<LiveFile>,
    /// Whether rows come or go; false when they only move to other files.
    pub(crate) data_change: bool,
    /// Application id and number.
    pub(crate) transactions: Vec<(&'static str, i64)>,
}

/// The log of one table.
pub(crate) struct DeltaLog {
    name: String,
    store: LogStoreRef,
    state: DeltaTableState,
}

impl std::fmt::Debug for DeltaLog {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DeltaLog")
            .field("table", &self.name)
            .field("version", &self.state.version())
            .finish()
    }
}

impl DeltaLog {
    /// Opens a table, creates it when it is not there, and adds the columns that it lacks.
    pub(crate) async fn open(
        root: &Root,
        name: &str,
        schema: &Schema,
        comment: &str,
    ) -> Result<DeltaLog, StoreError> {
        let fault = |source: DeltaTableError| StoreError::Delta {
            table: name.to_owned(),
            source: Box::new(source),
        };
        let store = root.log_store(name)?;
        if !store.is_delta_table_location().await.map_err(fault)? {
            CreateBuilder::new()
                .with_log_store(store.clone())
                .with_table_name(name)
                .with_comment(comment)
                .with_save_mode(SaveMode::Ignore)
                .with_columns(delta_columns(schema))
                .with_partition_columns([DAY])
                .with_configuration(PROPERTIES.map(|(k, v)| (k, Some(v))))
                .await
                .map_err(fault)?;
        }
        let state = DeltaTableState::try_new(store.as_ref(), None)
            .await
            .map_err(fault)?;
        let mut log = DeltaLog {
            name: name.to_owned(),
            store,
            state,
        };
        log.add_columns(schema).await.map_err(fault)?;
        Ok(log)
    }

    /// Writes the table's schema anew when the catalogue has columns that it has not.
    async fn add_columns(&mut self, schema: &Schema) -> Result<(), DeltaTableError> {
        let held = self.state.schema();
        let new: Vec<_> = delta_columns(schema)
            .into_iter()
            .filter(|c| held.field(c.name()).is_none())
            .collect();
        if new.is_empty() {
            return Ok(());
        }
        let all = StructType::try_new(held.fields().cloned().chain(new))?;
        let metadata = self.state.metadata().clone().with_schema(&all)?;
        let operation = DeltaOperation::AddColumn {
            fields: all.fields().cloned().collect(),
        };
        self.write(vec![Action::Metadata(metadata)], Vec::new(), operation)
            .await
    }

    pub(crate) fn version(&self) -> u64 {
        self.state.version()
    }

    /// Every live file.
    pub(crate) fn files(&self) -> Vec<LiveFile> {
        self.state
            .log_data()
            .iter()
            .map(|view| LiveFile::from_view(&view))
            .collect()
    }

    /// The number last committed under an application id.
    pub(crate) async fn transaction(&self, application: &str) -> Result<Option<i64>, StoreError> {
        self.state
            .transaction_version(self.store.as_ref(), application)
            .await
            .map_err(|e| self.fault(e))
    }

    /// Commits. Other writers (a `VACUUM` or `OPTIMIZE` by another engine) are met as Delta's protocol says.
    pub(crate) async fn commit(&mut self, commit: Commit, now_ms: i64) -> Result<(), StoreError> {
        let operation = if commit.remove.is_empty() {
            DeltaOperation::Write {
                mode: SaveMode::Append,
                partition_by: Some(vec![DAY.to_owned()]),
                predicate: None,
            }
        } else if commit.data_change {
            DeltaOperation::Delete { predicate: None }
        } else {
            DeltaOperation::Optimize {
                predicate: None,
                target_size: 0,
            }
        };
        let change = commit.data_change;
        let actions = commit
            .remove
            .iter()
            .map(|file| Action::Remove(file.remove(change, now_ms)))
            .chain(commit.add.iter().map(|file| Action::Add(file.add(change))))
            .collect();
        let transactions = commit
            .transactions
            .iter()
            .map(|(app, n)| Transaction::new(app, *n))
            .collect();
        self.write(actions, transactions, operation)
            .await
            .map_err(|e| self.fault(e))
    }

    async fn write(
        &mut self,
        actions: Vec<Action>,
        transactions: Vec<Transaction>,
        operation: DeltaOperation,
    ) -> Result<(), DeltaTableError> {
        let properties = CommitProperties::default().with_application_transactions(transactions);
        let done = CommitBuilder::from(properties)
            .with_actions(actions)
            .build(Some(&self.state), self.store.clone(), operation)
            .await?;
        self.state = done.snapshot();
        Ok(())
    }

    /// The files that a version added with new rows.
    pub(crate) async fn added_by(
        &self,
        version: u64,
    ) -> Result<Vec<object_store::path::Path>, StoreError> {
        let Some(bytes) = self
            .store
            .read_commit_entry(version)
            .await
            .map_err(|e| self.fault(e))?
        else {
            return Err(self.fault(DeltaTableError::generic(format!(
                "version {version} is no longer in the log, so its rows cannot be rolled up"
            ))));
        };
        let actions = get_actions(version, &bytes).map_err(|e| self.fault(e))?;
        Ok(actions
            .into_iter()
            .filter_map(|action| match action {
                Action::Add(add) if add.data_change => {
                    Some(object_store::path::Path::from(add.path))
                }
                _ => None,
            })
            .collect())
    }

    /// Removed files and when they were removed, ms since the epoch.
    pub(crate) async fn removed(&self) -> Result<Vec<(object_store::path::Path, i64)>, StoreError> {
        self.state
            .all_tombstones(self.store.as_ref())
            .map_ok(|t| {
                (
                    object_store::path::Path::from(t.path().as_ref()),
                    t.deletion_timestamp().unwrap_or(0),
                )
            })
            .try_collect()
            .await
            .map_err(|e| self.fault(e))
    }

    fn fault(&self, source: DeltaTableError) -> StoreError {
        StoreError::Delta {
            table: self.name.clone(),
            source: Box::new(source),
        }
    }
}
