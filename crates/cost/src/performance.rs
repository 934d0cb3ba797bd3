//! The log that Container Insights writes of its own accord: an event for each entity and minute.

use crate::mode::Mode;
use crate::observations::EntityMinutes;
use crate::usage::LogVolume;

/// Bytes of one event as compact JSON, of entities with middling names and few labels. Events of clusters with long
/// names and many labels are 1.2 to 1.5 times as large.
struct EventBytes {
    node: u64,
    node_filesystem: u64,
    node_disk: u64,
    node_interface: u64,
    pod: u64,
    pod_interface: u64,
    container: u64,
    container_filesystem: u64,
    cluster: u64,
    service: u64,
    namespace: u64,
    workload_object: u64,
}

const STANDARD: EventBytes = EventBytes {
    node: 2119,
    node_filesystem: 772,
    node_disk: 667,
    node_interface: 648,
    pod: 2661,
    pod_interface: 928,
    container: 1505,
    container_filesystem: 874,
    cluster: 412,
    service: 458,
    namespace: 417,
    // Without metrics in standard mode, but written all the same.
    workload_object: 274,
};

const ENHANCED: EventBytes = EventBytes {
    node: 2814,
    pod: 3818,
    container: 2402,
    cluster: 469,
    workload_object: 601,
    ..STANDARD
};

/// The performance events of these entities, sized by typical events, where nobody rendered the real ones. Those of the
/// control plane are not among them.
pub fn performance_events(mode: Mode, entities: &EntityMinutes) -> LogVolume {
    let bytes = match mode {
        Mode::Standard => STANDARD,
        Mode::Enhanced => ENHANCED,
    };
    let kinds = [
        (entities.nodes, bytes.node),
        (entities.node_filesystems, bytes.node_filesystem),
        (entities.node_disks, bytes.node_disk),
        (entities.node_interfaces, bytes.node_interface),
        (entities.pods, bytes.pod),
        (entities.pod_interfaces, bytes.pod_interface),
        (entities.containers, bytes.container),
        (entities.container_filesystems, bytes.container_filesystem),
        (entities.clusters, bytes.cluster),
        (entities.services, bytes.service),
        (entities.namespaces, bytes.namespace),
        (entities.workload_objects, bytes.workload_object),
    ];
    kinds
        .iter()
        .fold(LogVolume::default(), |sum, (events, each)| LogVolume {
            events: sum.events.saturating_add(*events),
            bytes: sum.bytes.saturating_add(events.saturating_mul(*each)),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_have_the_size_of_their_mode() {
        let one = EntityMinutes {
            nodes: 1,
            pods: 2,
            node_filesystems: 1,
            ..EntityMinutes::default()
        };
        let standard = performance_events(Mode::Standard, &one);
        assert_eq!(
            (standard.events, standard.bytes),
            (4, 2119 + 2 * 2661 + 772)
        );
        let enhanced = performance_events(Mode::Enhanced, &one);
        assert_eq!(
            (enhanced.events, enhanced.bytes),
            (4, 2814 + 2 * 3818 + 772)
        );
    }
}
