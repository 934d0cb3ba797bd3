//! A node whose root file system is nearly full.

use super::{Action, DISK, HOUR, node_of_disk_pressure};
use crate::state::Simulation;
use crate::state::lifecycle::Event;
use crate::time::next;

/// The kubelet takes no more pods, and looks for images to remove.
pub(super) fn begin(sim: &mut Simulation, at: i64) {
    sim.schedule
        .at(next(at, HOUR, DISK.0), Action::DiskPressureBegins);
    let place = node_of_disk_pressure(sim.nodes.len());
    let node = &mut sim.nodes[place];
    (node.disk_pressure_since, node.disk_pressure_changed) = (Some(at), at);
    let name = node.name.clone();
    let events = [
        ("Warning", "EvictionThresholdMet", "Attempting to reclaim ephemeral-storage".to_owned()),
        ("Normal", "NodeHasDiskPressure", format!("Node {name} status is now: NodeHasDiskPressure")),
        (
            "Warning",
            "FreeDiskSpaceFailed",
            "Failed to garbage collect required amount of images. Attempted to free 6442450944 bytes, but only found 0 bytes eligible to free."
                .to_owned(),
        ),
    ];
    for (kind, reason, message) in events {
        let event = Event::of_node(&sim.nodes[place], kind, reason, message);
        sim.happen(event, at);
    }
    sim.changed.nodes.insert(place);
}

/// There is room again.
pub(super) fn end(sim: &mut Simulation, at: i64) {
    sim.schedule
        .at(next(at, HOUR, DISK.1), Action::DiskPressureEnds);
    let place = node_of_disk_pressure(sim.nodes.len());
    let node = &mut sim.nodes[place];
    if node.disk_pressure_since.take().is_none() {
        return;
    }
    node.disk_pressure_changed = at;
    let message = format!("Node {} status is now: NodeHasNoDiskPressure", node.name);
    let event = Event::of_node(node, "Normal", "NodeHasNoDiskPressure", message);
    sim.happen(event, at);
    sim.changed.nodes.insert(place);
}
