//! Where the tables are: a folder or a bucket.

use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use deltalake_core::logstore::{LogStoreRef, StorageConfig, default_logstore};
use object_store::ObjectStore;
use object_store::path::Path;
use object_store::prefix::PrefixStore;
use url::Url;

use super::namespaces::Namespaces;
use super::recent::{Recent, RecentStore};
use crate::error::StoreError;
use crate::index::Indexes;

/// The folder or bucket that holds a folder for each table.
#[derive(Debug, Clone)]
pub(crate) struct Root {
    url: Url,
    /// The whole disk or bucket, which the Delta log is read through: its paths are those of the URL.
    base: Arc<dyn ObjectStore>,
    /// The folder of the tables in it.
    prefix: Path,
    store: Arc<dyn ObjectStore>,
    /// Set for a local folder.
    folder: Option<PathBuf>,
    pub(crate) recent: Arc<Recent>,
    /// The token indexes of files of log lines that are in memory.
    pub(crate) indexes: Arc<Indexes>,
    /// Whose the lines of each such file are.
    pub(crate) namespaces: Arc<Namespaces>,
}

impl Root {
    /// Opens `file:///folder`, `s3://bucket/prefix` or another URL of `object_store` with its options
    /// (`aws_access_key_id`, `aws_endpoint`, …).
    pub(crate) fn open(
        url: &Url,
        options: &HashMap<String, String>,
        recent_bytes: usize,
        index_bytes: usize,
    ) -> Result<Root, StoreError> {
        let mut url = url.clone();
        if !url.path().ends_with('/') {
            url.set_path(&format!("{}/", url.path()));
        }
        let folder = match url.scheme() {
            "file" => {
                let folder = url.to_file_path().map_err(|()| StoreError::Url {
                    url: url.to_string(),
                    reason: "it names no absolute folder".into(),
                })?;
                std::fs::create_dir_all(&folder).map_err(|source| StoreError::Folder {
                    path: folder.clone(),
                    source,
                })?;
                Some(folder)
            }
            _ => None,
        };
        let bad = |reason: String| StoreError::Url {
            url: url.to_string(),
            reason,
        };
        let (store, prefix) =
            object_store::parse_url_opts(&url, options).map_err(|e| bad(e.to_string()))?;
        let base: Arc<dyn ObjectStore> = Arc::from(store);
        let recent = Arc::new(Recent::new(recent_bytes));
        let tables = Arc::new(PrefixStore::new(Arc::clone(&base), prefix.clone()));
        let store: Arc<dyn ObjectStore> = match folder {
            // The page cache of the kernel does for a folder what `Recent` does for a bucket.
            Some(_) => tables,
            None => Arc::new(RecentStore::new(tables, Arc::clone(&recent))),
        };
        Ok(Root {
            url,
            base,
            prefix,
            store,
            folder,
            recent,
            indexes: Arc::new(Indexes::new(index_bytes)),
            namespaces: Arc::default(),
        })
    }

    /// Every table's files, by paths such as `pod/day=2026-11-23/….parquet`.
    pub(crate) fn store(&self) -> &Arc<dyn ObjectStore> {
        &self.store
    }

    /// The log store of one table.
    pub(crate) fn log_store(&self, table: &str) -> Result<LogStoreRef, StoreError> {
        let location = self
            .url
            .join(&format!("{table}/"))
            .map_err(|e| StoreError::Url {
                url: self.url.to_string(),
                reason: e.to_string(),
            })?;
        let folder = Path::from_iter(self.prefix.parts().chain(Path::from(table).parts()));
        let table = Arc::new(PrefixStore::new(Arc::clone(&self.base), folder));
        Ok(default_logstore(
            table,
            Arc::clone(&self.base),
            &location,
            &StorageConfig::default(),
        ))
    }

    /// Makes a written object durable. A bucket does so before it answers; in a folder it takes an fsync of the file
    /// and of every folder that got a new name.
    pub(crate) fn sync(&self, path: &Path) -> io::Result<()> {
        let Some(folder) = &self.folder else {
            return Ok(());
        };
        let mut at = folder.join(path.as_ref());
        File::open(&at)?.sync_all()?;
        while at.pop() && at.starts_with(folder) {
            File::open(&at)?.sync_all()?;
        }
        Ok(())
    }

    /// Bytes free on the disk of a local folder.
    pub(crate) fn free_bytes(&self) -> Option<u64> {
        let stat = rustix::fs::statvfs(self.folder.as_ref()?).ok()?;
        Some(stat.f_bavail * stat.f_frsize)
    }

    pub(crate) fn url(&self) -> &Url {
        &self.url
    }
}
