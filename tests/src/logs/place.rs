//! A /var/log of a test's own, with the folders that kubelet makes.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

/// A folder that stands for /var/log.
#[derive(Debug, Clone)]
pub struct VarLog {
    root: PathBuf,
}

/// Where a log is, and what it is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file that is written to.
    pub path: PathBuf,
    /// `log_source` of the ledger.
    pub source: String,
}

impl VarLog {
    /// Makes it.
    pub fn at(root: impl Into<PathBuf>) -> VarLog {
        let root = root.into();
        fs::create_dir_all(root.join("pods")).unwrap();
        fs::create_dir_all(root.join("containers")).unwrap();
        VarLog { root }
    }

    /// The folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// A container's log, with the link by which its id is known.
    pub fn container(&self, namespace: &str, pod: &str, container: &str) -> Place {
        let hash = pod
            .bytes()
            .fold(17u32, |h, b| h.wrapping_mul(31) + u32::from(b));
        let uid = format!("{hash:08x}-0000-4000-8000-{hash:012x}");
        let folder = self
            .root
            .join(format!("pods/{namespace}_{pod}_{uid}/{container}"));
        fs::create_dir_all(&folder).unwrap();
        let path = folder.join("0.log");
        let id = format!("{hash:08x}").repeat(8);
        let link = self
            .root
            .join(format!("containers/{pod}_{namespace}_{container}-{id}.log"));
        let _ = fs::remove_file(&link);
        symlink(&path, link).unwrap();
        Place {
            path,
            source: format!("{namespace}/{pod}/{uid}/{container}"),
        }
    }

    /// A log of the host, such as `messages`; the file is called the same.
    pub fn host(&self, name: &str) -> Place {
        Place {
            path: self.root.join(name),
            source: format!("host/{}", name.trim_end_matches(".log")),
        }
    }
}

impl Place {
    /// A Docker container's file under Docker's folder.
    pub fn docker(docker: &Path, number: u64) -> Place {
        let id = format!("{number:064x}");
        let folder = docker.join("containers").join(&id);
        fs::create_dir_all(&folder).unwrap();
        Place {
            path: folder.join(format!("{id}-json.log")),
            source: format!("docker/{id}"),
        }
    }
}
