//! `alarms.toml` for the installed server, by the component that users have for it.

use std::path::Path;
use std::process::Command;

use serde_json::json;

use super::Kubernetes;
use super::install::{Installed, manifest};

const SECRET: &str = "kansoku-alarms";

/// A server that reads an `alarms.toml`, until this is dropped.
#[derive(Debug)]
pub struct AlarmsFile<'a> {
    kubernetes: &'a Kubernetes,
}

impl<'a> Installed<'a> {
    /// Gives the server this `alarms.toml`, which restarts it, and waits until it is ready.
    ///
    /// # Panics
    /// When it does not become so.
    pub fn alarms_file(&self, text: &str) -> AlarmsFile<'a> {
        let secret = json!({"apiVersion": "v1", "kind": "Secret", "stringData": {"alarms.toml": text},
                            "metadata": {"name": SECRET, "namespace": "kansoku"}});
        let apply = ["apply", "-f", "-"];
        self.kubernetes().kubectl(&apply, &secret.to_string());
        let file = AlarmsFile {
            kubernetes: self.kubernetes(),
        };
        self.kubernetes()
            .kubectl(&apply, &stateful_set(&with_component("alarms")));
        self.wait();
        file
    }
}

impl Drop for AlarmsFile<'_> {
    fn drop(&mut self) {
        let without = stateful_set(&manifest("kansoku.yaml"));
        let delete = ["-n", "kansoku", "delete", "secret", SECRET];
        for (arguments, input) in [(&["apply", "-f", "-"][..], without.as_str()), (&delete, "")] {
            if let Err(error) = self.kubernetes.try_kubectl(arguments, input) {
                println!("not taken back: {error}");
            }
        }
    }
}

/// All of `deploy/kubernetes` with a component over it.
fn with_component(name: &str) -> String {
    // Kustomize takes resources by relative paths alone, and none from a folder around it.
    let deploy = Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy");
    let here = tempfile::tempdir_in(deploy).unwrap();
    let text = format!(
        "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [../kubernetes]\n\
         components: [../kubernetes/components/{name}]\n"
    );
    std::fs::write(here.path().join("kustomization.yaml"), text).unwrap();
    let output = Command::new("kubectl")
        .arg("kustomize")
        .arg(here.path())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The server's among the objects of a manifest.
fn stateful_set(manifest: &str) -> String {
    let mut objects = manifest.split("---\n");
    let of_server = objects.find(|object| object.contains("kind: StatefulSet"));
    of_server.unwrap().to_owned()
}
