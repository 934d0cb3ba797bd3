//! What a network interface counts, in the column order of `/proc/<pid>/net/dev`.

use super::row::FIRST;

columns! {
    /// The counters that also exist as sums over a node's or a pod's interfaces.
    TRAFFIC {
        delta network_rx_bytes "By": "Bytes received."; "net/dev: receive bytes"; FIRST;
        delta network_rx_packets "{packet}": "Packets received."; "net/dev: receive packets"; FIRST;
        delta network_rx_errors "{error}": "Bad packets received."; "net/dev: receive errs"; FIRST;
        delta network_rx_dropped "{packet}": "Packets dropped on the way in."; "net/dev: receive drop"; FIRST;
        delta network_tx_bytes "By": "Bytes sent."; "net/dev: transmit bytes"; FIRST;
        delta network_tx_packets "{packet}": "Packets sent."; "net/dev: transmit packets"; FIRST;
        delta network_tx_errors "{error}": "Packets that could not be sent."; "net/dev: transmit errs"; FIRST;
        delta network_tx_dropped "{packet}": "Packets dropped on the way out."; "net/dev: transmit drop"; FIRST;
    }
}

columns! {
    /// The other counters of an interface.
    DETAIL {
        delta network_rx_fifo_errors "{error}": "Receive buffer overruns."; "net/dev: receive fifo"; FIRST;
        delta network_rx_frame_errors "{error}": "Framing errors."; "net/dev: receive frame"; FIRST;
        delta network_rx_compressed "{packet}": "Compressed packets received."; "net/dev: receive compressed"; FIRST;
        delta network_rx_multicast "{packet}": "Multicast packets received."; "net/dev: receive multicast"; FIRST;
        delta network_tx_fifo_errors "{error}": "Send buffer overruns."; "net/dev: transmit fifo"; FIRST;
        delta network_tx_collisions "{collision}": "Collisions."; "net/dev: transmit colls"; FIRST;
        delta network_tx_carrier_errors "{error}": "Losses of carrier while sending."; "net/dev: transmit carrier"; FIRST;
        delta network_tx_compressed "{packet}": "Compressed packets sent."; "net/dev: transmit compressed"; FIRST;
    }
}
