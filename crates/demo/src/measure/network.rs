//! What goes over networks.

use crate::random::Random;
use crate::state::node::Node;
use crate::state::pod::{Pod, Traffic};
use crate::time::{SECOND, visitors};

/// Bytes in a packet in the mean.
const PACKET: i64 = 640;

/// Carries a pod's traffic up to a time.
pub(super) fn carry(pod: &mut Pod, node: &mut Node, random: &mut Random, until: i64) {
    let Some(group) = &pod.group else { return };
    let span = until - group.at;
    let talks = pod.containers.iter().any(|c| c.group.is_some());
    if span <= 0 || !talks {
        return;
    }
    let seconds = span as f64 / SECOND as f64;
    let drift = pod.containers.first().map_or(0.0, |c| c.drift);
    let load = visitors(until, pod.shift) * (1.0 + drift) * random.between(0.92, 1.08);
    let received_bytes = (pod.receives * seconds * load) as i64;
    let sent_bytes = (pod.sends * seconds * load) as i64;
    let traffic = Traffic {
        received_bytes,
        received_packets: received_bytes / PACKET + 1,
        sent_bytes,
        sent_packets: sent_bytes / PACKET + 1,
    };
    let to = if pod.host_network {
        &mut node.traffic
    } else {
        &mut pod.traffic
    };
    add(to, traffic);
    if !pod.host_network {
        // About a third stays between pods of the node.
        let share = |n: i64| n - n / 3;
        let leaves = Traffic {
            received_bytes: share(traffic.received_bytes),
            received_packets: share(traffic.received_packets),
            sent_bytes: share(traffic.sent_bytes),
            sent_packets: share(traffic.sent_packets),
        };
        add(&mut node.traffic, leaves);
        pod.traffic_total.0 += received_bytes;
        pod.traffic_total.1 += sent_bytes;
    }
}

fn add(to: &mut Traffic, traffic: Traffic) {
    to.received_bytes += traffic.received_bytes;
    to.received_packets += traffic.received_packets;
    to.sent_bytes += traffic.sent_bytes;
    to.sent_packets += traffic.sent_packets;
}
