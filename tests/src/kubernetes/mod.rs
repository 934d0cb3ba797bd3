//! A real single-node Kubernetes on this machine (`tests/cluster/cluster`).

mod alarms;
mod install;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process, test_kill_process};
use serde_json::Value;

use crate::wait_until;

pub use alarms::AlarmsFile;
pub use install::{Applied, Installed, Rung};

/// A cluster that runs. It stays up when the test is over: bringing it up takes minutes the first time, seconds then.
#[derive(Debug)]
pub struct Kubernetes {
    folder: PathBuf,
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
        let kubernetes = Kubernetes { folder };
        kubernetes.start();
        Some(kubernetes)
    }

    /// Starts what does not run of it.
    ///
    /// # Panics
    /// When it does not come up.
    pub fn start(&self) {
        self.start_with(&[]);
    }

    /// The same, and a kubelet that is started has these arguments besides, which have no spaces.
    ///
    /// # Panics
    /// When it does not come up.
    pub fn start_with(&self, kubelet: &[&str]) {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("cluster/cluster");
        let output = Command::new(&script)
            .env("KANSOKU_CLUSTER_KUBELET", kubelet.join(" "))
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
    }

    /// `kill -9` to one of its programs, and waits until it is gone.
    pub fn kill(&self, program: &str) {
        let file = self.folder.join(format!("run/{program}.pid"));
        let pid = std::fs::read_to_string(file).unwrap();
        let pid = Pid::from_raw(pid.trim().parse().unwrap()).unwrap();
        kill_process(pid, Signal::KILL).unwrap();
        let gone = || test_kill_process(pid).is_err().then_some(());
        assert!(
            wait_until(Duration::from_secs(10), gone).is_some(),
            "{program} lives on"
        );
    }

    /// The node's address, at which pods reach this machine.
    pub fn address(&self) -> &'static str {
        "10.99.0.1"
    }

    /// The file with which the cluster's administrator is let in.
    pub fn kubeconfig(&self) -> PathBuf {
        self.folder.join("admin.kubeconfig")
    }

    /// The folder of its certificates and keys.
    pub fn pki(&self) -> PathBuf {
        self.folder.join("pki")
    }

    /// Puts what is in `tests/cluster/workloads` on the cluster, and waits for what is to become ready.
    ///
    /// # Panics
    /// When it does not.
    pub fn workloads(&self) {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("cluster/workloads");
        self.kubectl(&["apply", "-f", folder.to_str().unwrap()], "");
        for (namespace, workload) in [
            ("shop", "deployment/web"),
            ("shop", "deployment/client"),
            ("data", "statefulset/db"),
            ("kube-system", "daemonset/node-agent"),
        ] {
            let status = [
                "-n",
                namespace,
                "rollout",
                "status",
                workload,
                "--timeout=180s",
            ];
            self.kubectl(&status, "");
        }
        for pod in ["pod/burner", "pod/holder", "pod/sender", "pod/receiver"] {
            let ready = [
                "-n",
                "load",
                "wait",
                "--for=condition=Ready",
                pod,
                "--timeout=120s",
            ];
            self.kubectl(&ready, "");
        }
    }

    /// All objects of a resource, in all namespaces.
    pub fn list(&self, resource: &str) -> Vec<Value> {
        let text = self.kubectl(&["get", resource, "-A", "-o", "json"], "");
        let list: Value = serde_json::from_str(&text).unwrap();
        list["items"].as_array().unwrap().clone()
    }

    /// What the kubelet says to `/stats/summary`.
    pub fn summary(&self) -> Value {
        let text = self.kubectl(
            &["get", "--raw", "/api/v1/nodes/node-1/proxy/stats/summary"],
            "",
        );
        serde_json::from_str(&text).unwrap()
    }

    /// What kubectl says to these arguments, with a text on its standard input.
    ///
    /// # Panics
    /// When it fails.
    pub fn kubectl(&self, arguments: &[&str], input: &str) -> String {
        self.try_kubectl(arguments, input)
            .unwrap_or_else(|error| panic!("kubectl {arguments:?}: {error}"))
    }

    /// The same; what it says when it fails is the error.
    pub fn try_kubectl(&self, arguments: &[&str], input: &str) -> Result<String, String> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("input");
        std::fs::write(&file, input).unwrap();
        let output = Command::new("kubectl")
            .arg("--kubeconfig")
            .arg(self.kubeconfig())
            .args(arguments)
            .stdin(std::fs::File::open(&file).unwrap())
            .output()
            .unwrap();
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into_owned());
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }
}
