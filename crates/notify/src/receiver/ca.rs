//! Certificates that are trusted in place of the system's.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use reqwest::Certificate;

/// The content of a `ca_file`.
#[derive(Clone, PartialEq, Eq)]
pub struct CaFile {
    path: PathBuf,
    pem: Arc<[u8]>,
}

impl CaFile {
    /// Certificates in PEM. The error says what is wrong.
    pub(crate) fn new(path: &Path, pem: Vec<u8>) -> Result<CaFile, String> {
        let read = Certificate::from_pem_bundle(&pem)
            .ok()
            .filter(|all| !all.is_empty());
        if read.is_none() {
            return Err(format!("{} has no certificate in PEM", path.display()));
        }
        Ok(CaFile {
            path: path.to_owned(),
            pem: pem.into(),
        })
    }

    pub(super) fn pem(&self) -> Arc<[u8]> {
        Arc::clone(&self.pem)
    }
}

impl fmt::Debug for CaFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CaFile({})", self.path.display())
    }
}
