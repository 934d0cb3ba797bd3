//! Where a file's bytes go.

use std::sync::Arc;

use bytes::Bytes;
use object_store::ObjectStore;
use object_store::buffered::BufWriter;
use object_store::path::Path;
use tokio::io::AsyncWriteExt;

/// A new object, and for a bucket also a copy of it for [`super::recent`].
#[derive(Debug)]
pub(super) struct Sink {
    upload: BufWriter,
    copy: Option<Vec<u8>>,
}

impl Sink {
    pub(super) fn create(store: &Arc<dyn ObjectStore>, object: Path, copied: bool) -> Sink {
        Sink {
            upload: BufWriter::new(Arc::clone(store), object),
            copy: copied.then(Vec::new),
        }
    }

    pub(super) async fn put(&mut self, bytes: Vec<u8>) -> object_store::Result<()> {
        if let Some(copy) = &mut self.copy {
            copy.extend_from_slice(&bytes);
        }
        self.upload.put(Bytes::from(bytes)).await
    }

    /// Ends the object; the copy, if there was to be one.
    pub(super) async fn close(mut self) -> std::io::Result<Option<Vec<u8>>> {
        self.upload.shutdown().await?;
        Ok(self.copy)
    }
}
