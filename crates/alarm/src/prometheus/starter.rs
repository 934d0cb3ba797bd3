//! Alerts that many clusters have (those of kubernetes-mixin and the node mixin), and the alarm of the starter set that
//! watches the same: told when the alert itself is not imported.

use super::NotImported;

const SAME: [(&str, &[&str]); 9] = [
    ("kansoku-pod-crash-looping", &["KubePodCrashLooping"]),
    (
        "kansoku-pod-pending",
        &["KubePodNotReady", "KubeContainerWaiting"],
    ),
    (
        "kansoku-workload-below-replicas",
        &[
            "KubeDeploymentReplicasMismatch",
            "KubeStatefulSetReplicasMismatch",
        ],
    ),
    (
        "kansoku-rollout-stuck",
        &[
            "KubeDeploymentRolloutStuck",
            "KubeDeploymentGenerationMismatch",
            "KubeStatefulSetGenerationMismatch",
            "KubeStatefulSetUpdateNotRolledOut",
            "KubeDaemonSetRolloutStuck",
        ],
    ),
    (
        "kansoku-node-not-ready",
        &["KubeNodeNotReady", "KubeNodeUnreachable"],
    ),
    ("kansoku-node-pressure", &["KubeNodePressure"]),
    ("kansoku-cpu-throttled", &["CPUThrottlingHigh"]),
    (
        "kansoku-filesystem-filling",
        &[
            "KubePersistentVolumeFillingUp",
            "KubePersistentVolumeInodesFillingUp",
            "NodeFilesystemSpaceFillingUp",
            "NodeFilesystemAlmostOutOfSpace",
            "NodeFilesystemFilesFillingUp",
            "NodeFilesystemAlmostOutOfFiles",
        ],
    ),
    ("kansoku-agent-silent", &["KubeletDown"]),
];

/// The reason, with the alarm of the starter set that watches what `alert` is about.
pub(super) fn named(alert: &str, mut reason: NotImported) -> NotImported {
    let same = SAME.iter().find(|(_, alerts)| alerts.contains(&alert));
    if let Some((alarm, _)) = same {
        reason.why = format!("{}; {alarm} of the starter set watches this", reason.why);
    }
    reason
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_named_is_in_the_starter_set() {
        for (alarm, _) in SAME {
            let mut all = crate::starter::definitions().iter();
            assert!(all.any(|one| one.name() == alarm), "{alarm}");
        }
    }
}
