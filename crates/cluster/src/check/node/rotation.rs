//! How much of a container's log is kept on a node: what is gone before it was read is lost.

use super::configz::{self, Configz};
use super::{Node, runtime};
use crate::check::ask::Refusal;
use crate::check::finding::{Check, Finding};
use crate::quantity::number;

const ROTATION: Check = Check::new("node.rotation", "Rotation of logs");

/// The kubelet's own defaults.
const DEFAULT_SIZE: &str = "10Mi";
const DEFAULT_FILES: u32 = 5;
/// A container that writes so many bytes a second while its agent is away ...
const BURST_BYTES_PER_SEC: f64 = 1_048_576.0;
/// ... for so long, as an agent that is replaced by a newer one is.
const AWAY_SEC: f64 = 20.0;

pub(crate) fn judge(node: &Node, configz: &Result<Configz, Refusal>) -> Finding {
    let name = node.name();
    if runtime::is_docker(node) {
        return ROTATION.skipped_but(
            name,
            "Docker rotates by /etc/docker/daemon.json, which cannot be seen from here; without these lines it never does",
            "In /etc/docker/daemon.json of the node: \
             \"log-driver\": \"json-file\", \"log-opts\": {\"max-size\": \"10m\", \"max-file\": \"5\"}",
        );
    }
    let configz = match configz {
        Ok(configz) => configz,
        Err(refusal) => return ROTATION.skipped(name, refusal.lacking(configz::RIGHT)),
    };
    let size = configz
        .container_log_max_size
        .as_deref()
        .unwrap_or(DEFAULT_SIZE);
    let files = configz.container_log_max_files.unwrap_or(DEFAULT_FILES);
    let Some(bytes) = number(size) else {
        return ROTATION.skipped(name, format!("`{size}` is not a size"));
    };
    let kept = bytes * f64::from(files);
    let mebibytes = |bytes: f64| format!("{:.0} MiB", bytes / 1_048_576.0);
    let found = format!(
        "{files} files of {size}: {} of each container are kept",
        mebibytes(kept)
    );
    if kept >= BURST_BYTES_PER_SEC * AWAY_SEC {
        return ROTATION.ok(name, found);
    }
    let seconds = kept / BURST_BYTES_PER_SEC;
    let interval = configz.container_log_monitor_interval.as_deref();
    let interval = interval.map_or(String::new(), |every| format!(", looked at every {every}"));
    ROTATION.warning(
        name,
        format!(
            "{found}{interval}. A container that writes 1 MiB/s loses lines when its agent is away, or held back by a full \
             spool, for more than {seconds:.0} s; an upgrade of the agent takes about {AWAY_SEC:.0} s"
        ),
        format!(
            "In the kubelet's configuration (KubeletConfiguration, often /var/lib/kubelet/config.yaml), then restart the kubelet:\n\
             containerLogMaxSize: {DEFAULT_SIZE}\ncontainerLogMaxFiles: {DEFAULT_FILES}"
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::finding::Outcome;
    use crate::check::node::tests::{recorded, recorded_configz};

    #[test]
    fn little_kept_is_warned_of_with_the_lines_to_write() {
        let node = recorded("v1.36");
        let finding = judge(&node, &Ok(recorded_configz("v1.36")));
        assert_eq!(finding.result, Outcome::Warning);
        assert!(
            finding.found.starts_with(
                "3 files of 1Mi: 3 MiB of each container are kept, looked at every 10s"
            ),
            "{}",
            finding.found
        );
        assert!(
            finding
                .remedy
                .unwrap()
                .ends_with("containerLogMaxSize: 10Mi\ncontainerLogMaxFiles: 5")
        );
    }

    #[test]
    fn the_kubelets_defaults_are_enough() {
        let finding = judge(&recorded("v1.20"), &Ok(Configz::default()));
        assert_eq!(finding.result, Outcome::Ok);
        assert_eq!(
            finding.found,
            "5 files of 10Mi: 50 MiB of each container are kept"
        );
    }

    #[test]
    fn docker_and_a_missing_right_are_said() {
        let mut node = recorded("v1.20");
        let refused = judge(&node, &Err(Refusal::Forbidden(String::new())));
        assert_eq!(
            refused.found,
            "this account lacks the right to get nodes/proxy"
        );
        node.status.node_info.container_runtime_version = "docker://20.10.7".to_owned();
        let docker = judge(&node, &Ok(Configz::default()));
        assert_eq!(docker.result, Outcome::Skipped);
        assert!(docker.remedy.unwrap().contains("max-size"));
    }
}
