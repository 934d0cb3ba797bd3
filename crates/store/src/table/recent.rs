//! The newest files in memory, when tables are in a bucket.
//!
//! A panel over the last hour reads the files of the last hour again and again. They are small (the minute rows of
//! ten minutes of 6,000 pods are a few megabytes), so they are kept as they were written, encoded, until newer ones
//! push them out.

use std::collections::VecDeque;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use futures::stream::BoxStream;
use hashbrown::HashMap;
use object_store::path::Path;
use object_store::{
    CopyOptions, GetOptions, GetRange, GetResult, GetResultPayload, ListResult, MultipartUpload,
    ObjectMeta, ObjectStore, PutMultipartOptions, PutOptions, PutPayload, PutResult, Result,
};
use parking_lot::Mutex;

/// Bytes by path, the oldest going first.
#[derive(Debug)]
pub(crate) struct Recent {
    limit: usize,
    held: Mutex<Held>,
}

#[derive(Debug, Default)]
struct Held {
    bytes: usize,
    files: HashMap<Path, (ObjectMeta, Bytes)>,
    order: VecDeque<Path>,
}

impl Recent {
    pub(crate) fn new(limit: usize) -> Recent {
        Recent {
            limit,
            held: Mutex::default(),
        }
    }

    pub(crate) fn keep(&self, meta: ObjectMeta, bytes: Bytes) {
        let mut held = self.held.lock();
        if bytes.len() > self.limit / 4 || held.files.contains_key(&meta.location) {
            return;
        }
        held.bytes += bytes.len();
        held.order.push_back(meta.location.clone());
        held.files.insert(meta.location.clone(), (meta, bytes));
        while held.bytes > self.limit {
            let Some(oldest) = held.order.pop_front() else {
                break;
            };
            if let Some((_, bytes)) = held.files.remove(&oldest) {
                held.bytes -= bytes.len();
            }
        }
    }

    fn forget(&self, path: &Path) {
        let mut held = self.held.lock();
        if let Some((_, bytes)) = held.files.remove(path) {
            held.bytes -= bytes.len();
            held.order.retain(|p| p != path);
        }
    }

    fn get(&self, path: &Path) -> Option<(ObjectMeta, Bytes)> {
        self.held.lock().files.get(path).cloned()
    }
}

/// A store whose newest table files are read from memory.
#[derive(Debug)]
pub(crate) struct RecentStore {
    inner: Arc<dyn ObjectStore>,
    recent: Arc<Recent>,
}

impl RecentStore {
    pub(crate) fn new(inner: Arc<dyn ObjectStore>, recent: Arc<Recent>) -> RecentStore {
        RecentStore { inner, recent }
    }
}

impl fmt::Display for RecentStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Recent({})", self.inner)
    }
}

fn resolve(range: Option<&GetRange>, length: u64) -> Range<u64> {
    match range {
        None => 0..length,
        Some(GetRange::Bounded(r)) => r.start.min(length)..r.end.min(length),
        Some(GetRange::Offset(start)) => (*start).min(length)..length,
        Some(GetRange::Suffix(n)) => length.saturating_sub(*n)..length,
    }
}

#[async_trait]
impl ObjectStore for RecentStore {
    async fn put_opts(
        &self,
        location: &Path,
        payload: PutPayload,
        opts: PutOptions,
    ) -> Result<PutResult> {
        self.inner.put_opts(location, payload, opts).await
    }

    async fn put_multipart_opts(
        &self,
        location: &Path,
        opts: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        self.inner.put_multipart_opts(location, opts).await
    }

    async fn get_opts(&self, location: &Path, options: GetOptions) -> Result<GetResult> {
        // A conditional read asks the bucket.
        let plain = options.if_match.is_none()
            && options.if_modified_since.is_none()
            && options.version.is_none();
        match self.recent.get(location) {
            Some((meta, bytes)) if plain => {
                let range = resolve(options.range.as_ref(), meta.size);
                let part = bytes.slice(range.start as usize..range.end as usize);
                let payload = GetResultPayload::Stream(Box::pin(futures::stream::once(
                    async move { Ok(part) },
                )));
                Ok(GetResult {
                    payload,
                    meta,
                    range,
                    attributes: Default::default(),
                })
            }
            _ => self.inner.get_opts(location, options).await,
        }
    }

    fn delete_stream(
        &self,
        locations: BoxStream<'static, Result<Path>>,
    ) -> BoxStream<'static, Result<Path>> {
        use futures::StreamExt;
        let recent = Arc::clone(&self.recent);
        self.inner
            .delete_stream(locations)
            .inspect(move |deleted| {
                if let Ok(path) = deleted {
                    recent.forget(path);
                }
            })
            .boxed()
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        self.inner.list(prefix)
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        self.inner.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> Result<()> {
        self.inner.copy_opts(from, to, options).await
    }
}
