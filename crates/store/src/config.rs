//! What a store is opened with.

use std::collections::HashMap;
use std::path::PathBuf;
use std::time::Duration;

use catalogue::Tier;
use url::Url;

/// How a store is kept.
#[derive(Debug, Clone)]
pub struct StoreConfig {
    /// The folder of the write-ahead log: on a local disk, used by one process.
    pub wal_dir: PathBuf,
    /// A new segment is begun when one is this large.
    pub wal_segment_bytes: u64,
    /// Where tables are: `file:///…`, `s3://bucket/prefix`, `az://…`, `gs://…`.
    pub tables_url: Url,
    /// Options of the object store, by their names in `object_store` (`aws_access_key_id`, `aws_endpoint`, …).
    pub storage_options: HashMap<String, String>,
    /// How often rows go from memory to files.
    pub flush_interval: Duration,
    /// Rows in memory beyond this are flushed early; beyond twice this nothing more is accepted.
    pub hot_bytes: usize,
    /// Newest files kept in memory when tables are in a bucket.
    pub recent_bytes: usize,
    /// How long rows are kept, by tier.
    pub retention: [Duration; 4],
    /// How long log lines are kept.
    pub log_retention: Duration,
    /// The same for some namespaces; the first rule that covers one counts.
    pub log_retention_by_namespace: Vec<crate::RetentionRule>,
    /// Token indexes of log files kept in memory.
    pub index_bytes: usize,
    /// Files beyond this are removed: first raw rows and log lines, the oldest first, then coarser rows; `None` for no
    /// bound.
    pub disk_budget_bytes: Option<u64>,
    /// Nothing is accepted when less than this is free on the log's disk.
    pub disk_reserve_bytes: u64,
}

const DAY: Duration = Duration::from_secs(86_400);

impl StoreConfig {
    /// A store in a folder, everything else as documented in the guide.
    pub fn in_folder(folder: &std::path::Path) -> Option<StoreConfig> {
        Some(StoreConfig {
            wal_dir: folder.join("wal"),
            wal_segment_bytes: 64 << 20,
            tables_url: Url::from_directory_path(folder.join("tables")).ok()?,
            storage_options: HashMap::new(),
            flush_interval: Duration::from_secs(600),
            hot_bytes: 512 << 20,
            recent_bytes: 128 << 20,
            // CloudWatch keeps one-minute points for 15 days, five-minute ones for 63, hourly ones for 455.
            retention: [7 * DAY, 15 * DAY, 63 * DAY, 455 * DAY],
            log_retention: 7 * DAY,
            log_retention_by_namespace: Vec::new(),
            index_bytes: 128 << 20,
            disk_budget_bytes: None,
            disk_reserve_bytes: 256 << 20,
        })
    }

    /// How long rows of a tier are kept.
    pub fn retention_of(&self, tier: Tier) -> Duration {
        self.retention[tier as usize]
    }
}
