//! Indexes in memory, up to a bound.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use hashbrown::HashMap;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};
use parking_lot::Mutex;

use super::format::{KEY, Place, TokenIndex};
use crate::table::footer;

/// What indexes did, since the start.
#[derive(Debug, Default)]
pub(crate) struct IndexFigures {
    /// Blocks that a filter on the message let be read, and those that it kept from being read.
    pub(crate) blocks_read: AtomicU64,
    pub(crate) blocks_skipped: AtomicU64,
    /// Files of which nothing had to be read.
    pub(crate) files_skipped: AtomicU64,
    /// Files that were read whole for want of an index.
    pub(crate) files_without: AtomicU64,
    /// Indexes read from files, and those that could not be.
    pub(crate) loads: AtomicU64,
    pub(crate) failures: AtomicU64,
}

/// The indexes of files, the least recently asked going first.
#[derive(Debug)]
pub(crate) struct Indexes {
    limit: usize,
    held: Mutex<Held>,
    pub(crate) figures: IndexFigures,
}

#[derive(Debug, Default)]
struct Held {
    bytes: usize,
    clock: u64,
    files: HashMap<Path, Entry>,
}

#[derive(Debug)]
struct Entry {
    /// `None` for a file that has none.
    index: Option<Arc<TokenIndex>>,
    bytes: usize,
    asked: u64,
}

/// What an entry takes beside its index.
const ENTRY_BYTES: usize = 256;

impl Indexes {
    pub(crate) fn new(limit: usize) -> Indexes {
        Indexes {
            limit,
            held: Mutex::default(),
            figures: IndexFigures::default(),
        }
    }

    /// Keeps the index of a file, given its path below the tables' folder.
    pub(crate) fn keep(&self, path: Path, index: Option<Arc<TokenIndex>>) {
        let bytes = ENTRY_BYTES + index.as_ref().map_or(0, |index| index.memory());
        if bytes > self.limit / 4 {
            return;
        }
        let mut held = self.held.lock();
        held.clock += 1;
        let entry = Entry {
            index,
            bytes,
            asked: held.clock,
        };
        held.bytes += bytes;
        if let Some(before) = held.files.insert(path, entry) {
            held.bytes -= before.bytes;
        }
        while held.bytes > self.limit {
            let oldest = held.files.iter().min_by_key(|(_, entry)| entry.asked);
            let Some(oldest) = oldest.map(|(path, _)| path.clone()) else {
                break;
            };
            if let Some(entry) = held.files.remove(&oldest) {
                held.bytes -= entry.bytes;
            }
        }
    }

    pub(crate) fn forget(&self, path: &Path) {
        let mut held = self.held.lock();
        if let Some(entry) = held.files.remove(path) {
            held.bytes -= entry.bytes;
        }
    }

    fn held(&self, path: &Path) -> Option<Option<Arc<TokenIndex>>> {
        let mut held = self.held.lock();
        held.clock += 1;
        let now = held.clock;
        let entry = held.files.get_mut(path)?;
        entry.asked = now;
        Some(entry.index.clone())
    }

    /// Bytes that are in memory.
    pub(crate) fn memory(&self) -> usize {
        self.held.lock().bytes
    }

    /// The index of a file of so many bytes, read when it is not in memory. `None` when it has none that can be used.
    pub(crate) async fn get(
        &self,
        store: &Arc<dyn ObjectStore>,
        path: &Path,
        bytes: u64,
    ) -> Option<Arc<TokenIndex>> {
        if let Some(index) = self.held(path) {
            return index;
        }
        match load(store, path, bytes).await {
            Ok(index) => {
                self.figures.loads.fetch_add(1, Ordering::Relaxed);
                let index = index.map(Arc::new);
                self.keep(path.clone(), index.clone());
                index
            }
            Err(reason) => {
                // Without it the file is read whole; the next question tries again.
                self.figures.failures.fetch_add(1, Ordering::Relaxed);
                tracing::warn!(file = %path, reason, "the token index of a file cannot be used");
                None
            }
        }
    }
}

async fn load(
    store: &Arc<dyn ObjectStore>,
    path: &Path,
    bytes: u64,
) -> Result<Option<TokenIndex>, String> {
    let notes = footer::notes(store, path, bytes).await?;
    let Some(place) = notes.get(KEY).and_then(|text| Place::from_text(text)) else {
        return Ok(None);
    };
    let end = place.offset.saturating_add(place.length);
    if end > bytes {
        return Err(format!("it ends at {end} in a file of {bytes} bytes"));
    }
    let read = store
        .get_range(path, place.offset..end)
        .await
        .map_err(|e| e.to_string())?;
    TokenIndex::from_bytes(&read)
        .map(Some)
        .map_err(|e| e.to_string())
}
