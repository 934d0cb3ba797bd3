//! Why a spool cannot be used.

use std::io;
use std::path::PathBuf;

/// Why a spool cannot be opened or read.
#[derive(Debug, thiserror::Error)]
pub enum SpoolError {
    /// Another process has the folder.
    #[error("the spool {} is used by another agent; give each its own agent.spool.dir", dir.display())]
    InUse {
        /// The folder.
        dir: PathBuf,
    },
    /// A file or folder of it.
    #[error("the spool's {}: cannot {what}: {source}", path.display())]
    Io {
        /// What was tried.
        what: &'static str,
        /// On what.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

impl SpoolError {
    pub(super) fn io(
        what: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(io::Error) -> SpoolError {
        let path = path.into();
        move |source| SpoolError::Io { what, path, source }
    }
}
