//! The kernel: pressure (PSI) came with 4.20, and some distributions turn it off.

use super::Node;
use crate::check::finding::{Check, Finding};
use crate::check::version::{self, Version};

const KERNEL: Check = Check::new("node.kernel", "Kernel");

/// The first with pressure stall information.
const PRESSURE: Version = Version::new(4, 20);

/// Systems whose kernels have pressure, but turned off unless the boot command line turns it on.
const TURNED_OFF: [&str; 6] = [
    "Red Hat Enterprise Linux",
    "CentOS Stream",
    "Rocky Linux",
    "AlmaLinux",
    "Oracle Linux",
    "Red Hat CoreOS",
];

/// Red Hat's kernels 4.18 (of release 8) have pressure although it came later.
fn backported(node: &Node) -> bool {
    node.status.node_info.kernel_version.contains(".el8")
}

pub(crate) fn judge(node: &Node) -> Finding {
    let (name, info) = (node.name(), &node.status.node_info);
    let text = &info.kernel_version;
    let Some(kernel) = version::parse(text) else {
        return KERNEL.skipped(name, format!("`{text}` is not a version that can be read"));
    };
    if kernel < PRESSURE && !backported(node) {
        return KERNEL.warning(
            name,
            format!("{kernel}: it has no pressure (PSI), which came with 4.20"),
            "Everything else is read. For pressure, give the node a newer system",
        );
    }
    if TURNED_OFF
        .iter()
        .any(|system| info.os_image.contains(system))
    {
        return KERNEL.warning(
            name,
            format!("{kernel}: {} turns pressure (PSI) off unless told otherwise", info.os_image),
            "On the node: sudo grubby --update-kernel=ALL --args=psi=1, then boot anew. On OpenShift, a MachineConfig with \
             kernelArguments: [psi=1]",
        );
    }
    KERNEL.ok(
        name,
        format!("{kernel}: new enough for pressure (PSI), if it was built with it"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::finding::Outcome;
    use crate::check::node::tests::recorded;

    #[test]
    fn pressure_needs_a_new_kernel_that_has_it_turned_on() {
        let mut node = recorded("v1.20");
        assert_eq!(judge(&node).result, Outcome::Ok);
        node.status.node_info.kernel_version = "4.14.355-276.639.amzn2.x86_64".to_owned();
        assert_eq!(judge(&node).result, Outcome::Warning);
        node.status.node_info.kernel_version = "4.18.0-553.el8_10.x86_64".to_owned();
        node.status.node_info.os_image = "Rocky Linux 8.10 (Green Obsidian)".to_owned();
        let finding = judge(&node);
        assert!(finding.remedy.unwrap().contains("psi=1"));
        node.status.node_info.kernel_version = "unknown".to_owned();
        assert_eq!(judge(&node).result, Outcome::Skipped);
    }
}
