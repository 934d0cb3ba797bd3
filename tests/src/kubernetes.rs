//! A real single-node Kubernetes on this machine (`tests/cluster/cluster`).

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A cluster that runs. It stays up when the test is over: bringing it up takes minutes the first time, seconds then.
#[derive(Debug)]
pub struct Kubernetes {
    config: PathBuf,
}

impl Kubernetes {
    /// Brings the cluster up, if its programs are built already or `KANSOKU_TEST_CLUSTER` is `1`. `None`, said on
    /// standard output, where neither is so.
    ///
    /// # Panics
    /// When it does not come up.
    pub fn up() -> Option<Kubernetes> {
        let home = PathBuf::from(std::env::var_os("HOME")?);
        let cache = std::env::var_os("XDG_CACHE_HOME").map_or(home.join(".cache"), PathBuf::from);
        let folder = std::env::var_os("KANSOKU_CLUSTER")
            .map_or(cache.join("kansoku/cluster"), PathBuf::from);
        let is_wanted = std::env::var("KANSOKU_TEST_CLUSTER").is_ok_and(|value| value == "1");
        if !is_wanted && !folder.join("bin/kube-proxy").exists() {
            println!(
                "skipped: no Kubernetes is built on this machine; KANSOKU_TEST_CLUSTER=1 builds one (10 minutes, once)"
            );
            return None;
        }
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("cluster/cluster");
        let output = Command::new(&script)
            .arg("up")
            .stdin(Stdio::null())
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{} up: {}\n{}",
            script.display(),
            output.status,
            String::from_utf8_lossy(&output.stderr)
        );
        Some(Kubernetes {
            config: folder.join("admin.kubeconfig"),
        })
    }

    /// What kubectl says to these arguments, with a text on its standard input.
    ///
    /// # Panics
    /// When it fails.
    pub fn kubectl(&self, arguments: &[&str], input: &str) -> String {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("input");
        std::fs::write(&file, input).unwrap();
        let output = Command::new("kubectl")
            .arg("--kubeconfig")
            .arg(&self.config)
            .args(arguments)
            .stdin(std::fs::File::open(&file).unwrap())
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "kubectl {arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8_lossy(&output.stdout).into_owned()
    }
}
