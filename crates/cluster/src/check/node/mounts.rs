//! The folders of the node that agents mount.

use super::Node;
use super::configz::{self, Configz};
use crate::check::ask::Refusal;
use crate::check::finding::{Check, Finding};

const MOUNTS: Check = Check::new("node.mounts", "Folders that are mounted");

/// Where the manifests look for logs of pods.
const POD_LOGS: &str = "/var/log/pods";

/// `listing` is the kubelet's page about `/var/log`.
pub(crate) fn judge(
    node: &Node,
    configz: &Result<Configz, Refusal>,
    listing: &Result<String, Refusal>,
) -> Finding {
    let name = node.name();
    if let Ok(Some(folder)) = configz
        .as_ref()
        .map(|configz| configz.pod_logs_dir.as_deref())
        && folder.trim_end_matches('/') != POD_LOGS
    {
        return MOUNTS.failed(
            name,
            format!("logs of pods are in {folder}, and not in {POD_LOGS}, which is mounted"),
            format!(
                "In kansoku.yaml, daemon set kansoku-agent: - name: pod-logs, hostPath: {{path: {folder}}}"
            ),
        );
    }
    match listing {
        Ok(page) => {
            let there = |folder: &str| page.contains(&format!("href=\"{folder}/\""));
            match (there("pods"), there("containers")) {
                (true, true) => MOUNTS.ok(name, "/var/log/pods and /var/log/containers are there"),
                (pods, _) => {
                    let missing = if pods { "containers" } else { "pods" };
                    MOUNTS.warning(
                        name,
                        format!("/var/log/{missing} is not there; it is made empty when the agent starts"),
                        format!(
                            "See where the logs of this node's pods are: kubectl debug node/{name} -it --image=busybox -- ls -l /host/var/log. \
                             Name that folder in the volume pod-logs of the daemon set kansoku-agent"
                        ),
                    )
                }
            }
        }
        // The log handler may be turned off (enableSystemLogHandler: false), which is no fault.
        Err(Refusal::Absent | Refusal::Other { .. }) => MOUNTS.skipped(
            name,
            "the kubelet does not show /var/log (enableSystemLogHandler)",
        ),
        Err(refusal) => MOUNTS.skipped(name, refusal.lacking(configz::RIGHT)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::finding::Outcome;
    use crate::check::node::tests::{corpus, recorded, recorded_configz};

    #[test]
    fn logs_in_another_folder_need_another_volume() {
        let node = recorded("v1.36");
        let page = Ok(corpus("kubelet-logs-v1.20.html"));
        let usual = judge(&node, &Ok(recorded_configz("v1.36")), &page);
        assert_eq!(usual.result, Outcome::Ok);
        let elsewhere = Configz {
            pod_logs_dir: Some("/data/pods/".to_owned()),
            ..Configz::default()
        };
        let finding = judge(&node, &Ok(elsewhere), &page);
        assert_eq!(finding.result, Outcome::Failed);
        assert!(finding.remedy.unwrap().contains("path: /data/pods/"));
    }

    #[test]
    fn a_folder_that_is_not_there_is_named() {
        let node = recorded("v1.20");
        let page = Ok("<pre>\n<a href=\"pods/\">pods/</a>\n</pre>".to_owned());
        let finding = judge(&node, &Ok(Configz::default()), &page);
        assert!(
            finding
                .found
                .starts_with("/var/log/containers is not there")
        );
        let off = judge(&node, &Ok(Configz::default()), &Err(Refusal::Absent));
        assert_eq!(off.result, Outcome::Skipped);
    }
}
