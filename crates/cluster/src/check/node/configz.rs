//! What a kubelet says of its own configuration.

use serde::Deserialize;

use crate::check::ask::{Api, Refusal};

/// The right that `/configz` takes.
pub(crate) const RIGHT: &str = "get nodes/proxy";

/// `kubeletconfig`, with what matters here.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Configz {
    pub(crate) cgroup_driver: Option<String>,
    /// A quantity, `10Mi`.
    pub(crate) container_log_max_size: Option<String>,
    /// With the one that is written to.
    pub(crate) container_log_max_files: Option<u32>,
    /// How often sizes are looked at, `10s`; in kubelets that let it be set.
    pub(crate) container_log_monitor_interval: Option<String>,
    /// Where logs of pods are; in kubelets that let it be set.
    pub(crate) pod_logs_dir: Option<String>,
    /// The kubelet would not have started on cgroup v1.
    #[serde(rename = "failCgroupV1")]
    pub(crate) fail_cgroup_v1: Option<bool>,
    #[serde(rename = "serverTLSBootstrap")]
    pub(crate) server_tls_bootstrap: bool,
    pub(crate) rotate_certificates: bool,
    /// The certificate that it serves, when one was given to it.
    pub(crate) tls_cert_file: Option<String>,
}

#[derive(Deserialize)]
struct Answer {
    kubeletconfig: Configz,
}

/// Asks a kubelet by way of the API server.
pub(crate) async fn ask(api: &Api, node: &str) -> Result<Configz, Refusal> {
    let text = api
        .text(&format!("/api/v1/nodes/{node}/proxy/configz"))
        .await?;
    read(&text).map_err(|error| Refusal::Other {
        code: 200,
        said: format!("not a kubelet's configuration: {error}"),
    })
}

/// From the kubelet's answer.
pub(crate) fn read(text: &str) -> Result<Configz, serde_json::Error> {
    serde_json::from_str::<Answer>(text).map(|answer| answer.kubeletconfig)
}

#[cfg(test)]
mod tests {
    use crate::check::node::tests::recorded_configz;

    #[test]
    fn recorded_configurations_are_read() {
        let old = recorded_configz("v1.20");
        assert_eq!(old.cgroup_driver.as_deref(), Some("cgroupfs"));
        assert_eq!(old.container_log_max_size.as_deref(), Some("1Mi"));
        assert_eq!(old.container_log_max_files, Some(3));
        assert_eq!(old.pod_logs_dir, None);
        assert!(old.tls_cert_file.is_some() && !old.server_tls_bootstrap);
        assert_eq!(old.fail_cgroup_v1, None);
        let new = recorded_configz("v1.36");
        assert_eq!(new.pod_logs_dir.as_deref(), Some("/var/log/pods"));
        assert_eq!(new.container_log_monitor_interval.as_deref(), Some("10s"));
        assert_eq!(new.fail_cgroup_v1, Some(true));
    }
}
