//! Why the file cannot be read or written, and what to do.

use std::path::{Path, PathBuf};

/// Why the file cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum KeepError {
    /// It is there, and it is not what was written.
    #[error(
        "{path} is damaged: {why}. Alarms do not start, so that their states are not lost unseen. Put back a copy of the \
         file, or move it away to begin without states; what is in alarms.toml is read again, what was made over \
         the API is not",
        path = .path.display()
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// Another process has it.
    #[error("{path} is open in another process. Stop it, or set another folder", path = .0.display())]
    InUse(PathBuf),
    /// A newer version has written it.
    #[error(
        "{path} has format {found}, and this version reads format {known}. Start the version that wrote it, or a newer one",
        path = .path.display()
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its format.
        found: u64,
        /// The newest format that is known.
        known: u64,
    },
    /// The disk is full, or the file may not be read or written.
    #[error("{path} cannot be read or written: {why}. See that the folder is there, writable, and has space", path = .path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        why: String,
    },
}

impl KeepError {
    /// The program ends before it could be written.
    pub(crate) fn stopping() -> KeepError {
        KeepError::io(Path::new(super::FILE), "the program is stopping")
    }

    pub(super) fn io(path: &Path, why: impl std::fmt::Display) -> KeepError {
        KeepError::Io {
            path: path.to_owned(),
            why: why.to_string(),
        }
    }

    pub(super) fn damaged(path: &Path, why: impl std::fmt::Display) -> KeepError {
        KeepError::Damaged {
            path: path.to_owned(),
            why: why.to_string(),
        }
    }

    /// Of anything that the database says.
    pub(super) fn of(path: &Path, error: impl Into<redb::Error>) -> KeepError {
        match error.into() {
            redb::Error::DatabaseAlreadyOpen | redb::Error::LockProtocolMismatch => {
                KeepError::InUse(path.to_owned())
            }
            redb::Error::Io(error) if is_content(&error) => KeepError::damaged(path, error),
            redb::Error::Io(error) => KeepError::io(path, error),
            redb::Error::PreviousIo => KeepError::io(path, "an earlier write failed"),
            redb::Error::DatabaseClosed => KeepError::io(path, "it was closed after a failure"),
            other => KeepError::damaged(path, other),
        }
    }
}

/// Whether a read failed because of what is in the file, and not because of the disk.
fn is_content(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{InvalidData, UnexpectedEof};
    matches!(error.kind(), InvalidData | UnexpectedEof)
}
