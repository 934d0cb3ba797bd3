//! Kansoku on the cluster, by the repository's own manifests.

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::Kubernetes;
use crate::binary::binary;
use crate::http::Http;
use crate::wait_until;

/// The name that the manifests have.
const IMAGE: &str = "docker.io/library/kansoku:0.1.0";
/// How long the server may take to answer.
const READY: Duration = Duration::from_secs(120);
/// The cluster's name in every row.
const NAME: &str = "real";

/// The agents' manifest of a rung.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rung {
    /// `rungs/0-kubelet.yaml`
    Kubelet,
    /// `rungs/1-logs.yaml`
    Logs,
    /// `rungs/2-node.yaml`, which is in `kansoku.yaml`.
    Node,
    /// `rungs/2-node-volumes.yaml`
    NodeAndVolumes,
}

impl Rung {
    fn file(self) -> &'static str {
        match self {
            Rung::Kubelet => "rungs/0-kubelet.yaml",
            Rung::Logs => "rungs/1-logs.yaml",
            Rung::Node => "rungs/2-node.yaml",
            Rung::NodeAndVolumes => "rungs/2-node-volumes.yaml",
        }
    }
}

/// Kansoku, installed. It stays when the test is over, so that it can be looked at.
#[derive(Debug)]
pub struct Installed<'a> {
    kubernetes: &'a Kubernetes,
    http: Http,
    since: String,
}

/// A manifest that is deleted again when dropped.
#[derive(Debug)]
pub struct Applied<'a> {
    kubernetes: &'a Kubernetes,
    manifest: String,
}

impl Drop for Applied<'_> {
    fn drop(&mut self) {
        let delete = ["delete", "--ignore-not-found", "-f", "-"];
        if let Err(error) = self.kubernetes.try_kubectl(&delete, &self.manifest) {
            println!("not deleted again: {error}");
        }
    }
}

impl<'a> Installed<'a> {
    /// Installs, or brings what an earlier test left to this rung; rows from before stay.
    ///
    /// # Panics
    /// When it does not become ready.
    pub fn on(kubernetes: &'a Kubernetes, rung: Rung) -> Installed<'a> {
        let is_new = image(&kubernetes.folder);
        // The four applies of the guide, and the right to the control plane's metrics.
        let apply = |text: &str| kubernetes.kubectl(&["apply", "-f", "-"], text);
        apply(&manifest("namespace.yaml"));
        apply(&manifest("service-accounts.yaml"));
        let asks_often = "[agent]\n    kubelet.interval = \"10s\"";
        let control_plane = "[server.kubernetes]\n    control_plane = true\n\n    \
                             [server.metrics_api]\n    listen = \"0.0.0.0:4443\"\n\n    [server.disk]";
        let config = manifest("config-map.yaml").replace("my-cluster", NAME);
        let config = config.replace("[agent]", asks_often);
        apply(&config.replace("[server.disk]", control_plane));
        apply(&manifest("optional/control-plane.yaml"));
        // One manifest at a time has the agents, so that they are not restarted twice.
        let all = manifest("kansoku.yaml");
        match rung {
            Rung::Node => {
                // What the other rungs have beside the agents.
                let names = [
                    "clusterrole,clusterrolebinding",
                    "kansoku-agent",
                    "--ignore-not-found",
                ];
                kubernetes.kubectl(&[&["delete"], &names[..]].concat(), "");
                apply(&all)
            }
            _ => {
                let of_agent = "kind: DaemonSet";
                let rest = all.split("---\n").filter(|part| !part.contains(of_agent));
                apply(&rest.collect::<Vec<_>>().join("---\n"));
                apply(&manifest(rung.file()))
            }
        };
        if is_new {
            let restart = [
                "-n",
                "kansoku",
                "rollout",
                "restart",
                "sts/kansoku-server",
                "ds/kansoku-agent",
            ];
            kubernetes.kubectl(&restart, "");
        }
        let format = "jsonpath={.spec.clusterIP}";
        let service = [
            "-n",
            "kansoku",
            "get",
            "service",
            "kansoku-server",
            "-o",
            format,
        ];
        let address = kubernetes.kubectl(&service, "");
        let mut installed = Installed {
            kubernetes,
            http: Http::new(format!("http://{}:4780", address.trim())),
            since: String::new(),
        };
        installed.wait();
        let now = Command::new("date")
            .args(["-u", "+%Y-%m-%dT%H:%M:%SZ"])
            .output()
            .unwrap();
        installed.since = String::from_utf8_lossy(&now.stdout).trim().to_owned();
        installed
    }

    /// Applies another of the repository's manifests, for as long as what comes back is kept.
    pub fn apply(&self, name: &str) -> Applied<'a> {
        let manifest = manifest(name);
        self.kubernetes.kubectl(&["apply", "-f", "-"], &manifest);
        Applied {
            kubernetes: self.kubernetes,
            manifest,
        }
    }

    /// A condition of SQL: rows that the agents of this rung have made.
    pub fn since(&self) -> String {
        format!("time > timestamp '{}'", self.since)
    }

    /// Waits until server and agents are ready.
    ///
    /// # Panics
    /// When they do not become so.
    pub fn wait(&self) {
        for workload in ["statefulset/kansoku-server", "daemonset/kansoku-agent"] {
            let arguments = [
                "-n",
                "kansoku",
                "rollout",
                "status",
                workload,
                "--timeout=120s",
            ];
            if let Err(error) = self.kubernetes.try_kubectl(&arguments, "") {
                panic!("{workload}: {error}\n{}", self.said());
            }
        }
        // Of a cluster that has just come up the API tells what was, until the kubelet has spoken.
        self.eventually("the server is not ready", READY, || {
            let answer = self.http.try_send("GET", "/readyz", &[], b"")?;
            (answer.status == 200).then_some(())
        });
    }

    /// The server.
    pub fn http(&self) -> &Http {
        &self.http
    }

    /// The cluster.
    pub fn kubernetes(&self) -> &'a Kubernetes {
        self.kubernetes
    }

    /// What the programs have said, for a failure's message.
    pub fn said(&self) -> String {
        let mut said = self
            .kubernetes
            .kubectl(&["-n", "kansoku", "get", "pods", "-o", "wide"], "");
        for workload in ["statefulset/kansoku-server", "daemonset/kansoku-agent"] {
            let arguments = [
                "-n",
                "kansoku",
                "logs",
                workload,
                "--tail=40",
                "--all-containers",
            ];
            let logs = self.kubernetes.try_kubectl(&arguments, "");
            said.push_str(&format!(
                "\n== {workload}\n{}",
                logs.unwrap_or_else(|error| error)
            ));
        }
        said
    }

    /// Waits until a question about the rows has the answer that is looked for.
    ///
    /// # Panics
    /// When it does not come; `what` names it.
    pub fn eventually<T>(
        &self,
        what: &str,
        within: Duration,
        find: impl FnMut() -> Option<T>,
    ) -> T {
        wait_until(within, find).unwrap_or_else(|| panic!("{what}\n{}", self.said()))
    }
}

/// A file of `deploy/kubernetes`.
pub(super) fn manifest(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy/kubernetes");
    std::fs::read_to_string(folder.join(name)).unwrap()
}

/// Makes the image and imports it, unless the node has it of these very programs. Whether it did.
fn image(folder: &Path) -> bool {
    let programs = ["kansoku", "kansoku-agent"].map(binary);
    let print: Vec<String> = programs
        .iter()
        .map(|path| {
            let metadata = path.metadata().unwrap();
            format!(
                "{} {} {}",
                path.display(),
                metadata.size(),
                metadata.mtime_nsec()
            )
        })
        .collect();
    let print = print.join("\n");
    let stamp = folder.join("var/kansoku.stamp");
    if std::fs::read_to_string(&stamp).is_ok_and(|known| known == print) {
        return false;
    }
    let mut contents: Vec<String> = programs
        .iter()
        .map(|path| {
            format!(
                "{}=usr/local/bin/{}",
                path.display(),
                path.file_name().unwrap().display()
            )
        })
        .collect();
    contents.extend(libraries(&programs[0]).iter().map(|path| {
        format!(
            "{}={}",
            path.display(),
            path.strip_prefix("/").unwrap().display()
        )
    }));
    // As deploy/Dockerfile leaves them.
    contents.extend(["USER=65534:0", "FOLDER:var/lib/kansoku=65534:0:0770"].map(str::to_owned));
    let output = Command::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("cluster/cluster"))
        .arg("image")
        .arg(folder.join("var/kansoku.tar"))
        .args([IMAGE, r#"["/usr/local/bin/kansoku-agent"]"#])
        .args(&contents)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    std::fs::write(stamp, print).unwrap();
    true
}

/// The libraries that a program is linked with, and what loads them.
fn libraries(program: &Path) -> Vec<PathBuf> {
    let output = Command::new("ldd").arg(program).output().unwrap();
    String::from_utf8_lossy(&output.stdout)
        .split_whitespace()
        .filter(|word| word.starts_with('/'))
        .map(PathBuf::from)
        .collect()
}
