//! Which version of control groups a node has.

use super::Node;
use super::configz;
use crate::check::ask::Refusal;
use crate::check::finding::{Check, Finding};
use crate::check::version::{self, Version};

const CGROUP: Check = Check::new("node.cgroup", "Version of control groups");

/// The first kubelet with the metric `kubelet_cgroup_version`.
pub(crate) const METRIC_SINCE: Version = Version::new(1, 31);
/// From this kernel on Kubernetes advises control groups v2.
const ADVISED: Version = Version::new(5, 8);

/// The version that a kubelet's `/metrics` say.
pub(crate) fn metric(text: &str) -> Option<u32> {
    let mut lines = text.lines();
    let value = lines.find_map(|line| line.strip_prefix("kubelet_cgroup_version "))?;
    value
        .trim()
        .parse::<f64>()
        .ok()
        .map(|version| version as u32)
}

/// `said` is the version, absent when the kubelet does not say it.
pub(crate) fn judge(node: &Node, said: &Result<Option<u32>, Refusal>) -> Finding {
    let name = node.name();
    let see = format!(
        "kubectl debug node/{name} -it --image=busybox -- stat -f -c %T /host/sys/fs/cgroup (cgroup2fs is v2, tmpfs v1). \
         Once an agent runs there, kansoku doctor says it"
    );
    match said {
        Err(refusal) => CGROUP.skipped_but(name, refusal.lacking(configz::RIGHT), see),
        Ok(None) => {
            let why = "the kubelet does not say it; those from 1.31 on do";
            CGROUP.skipped_but(name, why, see)
        }
        Ok(Some(1)) => CGROUP.warning(
            name,
            "v1: CPU, memory, disks and network of pods are read; pressure of pods is not there",
            "Where the node's image allows it, boot with systemd.unified_cgroup_hierarchy=1. Kubelets from 1.35 on refuse v1 \
             unless failCgroupV1: false is set",
        ),
        Ok(Some(2)) => {
            let kernel = version::parse(&node.status.node_info.kernel_version);
            match kernel.filter(|kernel| *kernel < ADVISED) {
                Some(kernel) => CGROUP.warning(
                    name,
                    format!("v2 on kernel {kernel}, which lacks some of its files"),
                    "Give the node a kernel from 5.8 on",
                ),
                None => CGROUP.ok(name, "v2"),
            }
        }
        Ok(Some(other)) => CGROUP.skipped_but(
            name,
            format!("the kubelet says v{other}, which is not known"),
            see,
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::finding::Outcome;
    use crate::check::node::tests::{corpus, recorded};

    #[test]
    fn the_recorded_metric_is_read() {
        assert_eq!(
            metric(&corpus("kubelet-metrics-v1.36-cgroupv1.prom")),
            Some(1)
        );
        assert_eq!(
            metric(&corpus("kubelet-metrics-v1.36-cgroupv2.prom")),
            Some(2)
        );
        assert_eq!(metric("kubelet_node_name{node=\"n\"} 1\n"), None);
    }

    #[test]
    fn each_version_and_none() {
        let mut node = recorded("v1.36");
        for (said, outcome) in [
            (Ok(Some(2)), Outcome::Ok),
            (Ok(Some(1)), Outcome::Warning),
            (Ok(None), Outcome::Skipped),
            (Err(Refusal::Forbidden(String::new())), Outcome::Skipped),
        ] {
            assert_eq!(judge(&node, &said).result, outcome, "{said:?}");
        }
        let forbidden = judge(&node, &Err(Refusal::Forbidden(String::new())));
        assert!(forbidden.found.ends_with("get nodes/proxy"));
        node.status.node_info.kernel_version = "5.4.0".to_owned();
        assert_eq!(judge(&node, &Ok(Some(2))).result, Outcome::Warning);
    }
}
