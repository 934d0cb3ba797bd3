//! Network interfaces of nodes and pods.

use super::interface::{DETAIL, TRAFFIC};
use super::row::{FIRST_KERNEL, NEVER, OF_POD, PLACE, ROW};
use crate::table::{Table, TableKind};

columns! {
    INTERFACE {
        key interface "": "Name of the interface."; "net/dev"; NEVER;
    }
}

columns! {
    LINK {
        text interface_mac "": "Hardware address."; "/sys/class/net/<interface>/address"; "unreadable";
        text interface_state "": "Operational state: up, down, unknown, …"; "/sys/class/net/<interface>/operstate"; "unreadable";
        flag interface_virtual "": "True when no device stands behind it (bridge, veth, tunnel)."; "/sys/class/net/<interface> links into devices/virtual"; "unreadable";
        flag interface_counted "": "True when it is part of the node's sum: not lo, veth*, docker* or nerdctl*."; "name"; NEVER;
        constant network_mtu_bytes "By": "Largest packet."; "/sys/class/net/<interface>/mtu"; "unreadable";
        constant network_speed_bytes_per_second "By/s": "Speed of the link."; "/sys/class/net/<interface>/speed (Mbit/s)"; "down or virtual";
        gauge network_carrier "1": "1 when the link is up, 0 when it is not."; "/sys/class/net/<interface>/carrier"; "interface is down";
        delta network_carrier_changes "{event}": "Times that the link went up or down."; "/sys/class/net/<interface>/carrier_changes"; FIRST_KERNEL;
    }
}

/// A row for each of a node's interfaces.
pub static NODE_NETWORK: Table = Table {
    name: "node_network",
    kind: TableKind::Measurement,
    help: "A network interface of a node in one interval; files are those of process 1.",
    key: &["cluster", "node", "interface"],
    sort: &["cluster", "node", "interface", "time"],
    columns: join!(ROW, PLACE, INTERFACE, LINK, TRAFFIC, DETAIL),
};

/// A row for each interface of a pod that has its own network.
pub static POD_NETWORK: Table = Table {
    name: "pod_network",
    kind: TableKind::Measurement,
    help: "A network interface of a pod in one interval; files are those of one of its processes. Pods in the \
           node's network have none.",
    key: &["cluster", "node", "pod_uid", "interface"],
    sort: &[
        "cluster",
        "namespace",
        "pod",
        "pod_uid",
        "interface",
        "time",
    ],
    columns: join!(ROW, PLACE, OF_POD, INTERFACE, TRAFFIC, DETAIL),
};
