//! `/proc/PID/net/dev`, `snmp`, `netstat` and `sockstat`.

use super::scan::{lines, number, signed, words};

/// An interface of `/proc/net/dev`: totals since it was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interface<'a> {
    /// Its name.
    pub name: &'a [u8],
    /// Bytes received.
    pub rx_bytes: Option<u64>,
    /// Packets received.
    pub rx_packets: Option<u64>,
    /// Faulty packets received.
    pub rx_errors: Option<u64>,
    /// Packets dropped on the way in.
    pub rx_dropped: Option<u64>,
    /// Overruns of the device's queue on the way in.
    pub rx_fifo: Option<u64>,
    /// Framing errors.
    pub rx_frame: Option<u64>,
    /// Compressed packets received.
    pub rx_compressed: Option<u64>,
    /// Multicast frames received.
    pub rx_multicast: Option<u64>,
    /// Bytes sent.
    pub tx_bytes: Option<u64>,
    /// Packets sent.
    pub tx_packets: Option<u64>,
    /// Packets that failed to be sent.
    pub tx_errors: Option<u64>,
    /// Packets dropped on the way out.
    pub tx_dropped: Option<u64>,
    /// Overruns of the device's queue on the way out.
    pub tx_fifo: Option<u64>,
    /// Collisions.
    pub tx_collisions: Option<u64>,
    /// Carrier losses.
    pub tx_carrier: Option<u64>,
    /// Compressed packets sent.
    pub tx_compressed: Option<u64>,
}

/// The interfaces of `/proc/net/dev` in file order.
pub fn interfaces(bytes: &[u8]) -> impl Iterator<Item = Interface<'_>> {
    lines(bytes).filter_map(|line| {
        // The name may hold colons itself (an alias) and touch the first number; the numbers hold none. The two lines
        // of headings have no colon, or a bar before it.
        let colon = line.iter().rposition(|&b| b == b':')?;
        let name = line[..colon].trim_ascii();
        if name.is_empty() || name.contains(&b'|') {
            return None;
        }
        let mut fields = words(&line[colon + 1..]);
        let mut next = || fields.next().and_then(number);
        Some(Interface {
            name,
            rx_bytes: next(),
            rx_packets: next(),
            rx_errors: next(),
            rx_dropped: next(),
            rx_fifo: next(),
            rx_frame: next(),
            rx_compressed: next(),
            rx_multicast: next(),
            tx_bytes: next(),
            tx_packets: next(),
            tx_errors: next(),
            tx_dropped: next(),
            tx_fifo: next(),
            tx_collisions: next(),
            tx_carrier: next(),
            tx_compressed: next(),
        })
    })
}

/// The entries of `/proc/net/snmp` and `/proc/net/netstat`: protocol, key, value.
///
/// Both files come in pairs of lines, `Tcp: RtoAlgorithm RtoMin …` and `Tcp: 1 200 …`. A pair whose protocols differ
/// is passed over.
pub fn protocols(bytes: &[u8]) -> impl Iterator<Item = (&[u8], &[u8], i64)> {
    let mut all = lines(bytes);
    let mut heading: Option<&[u8]> = None;
    std::iter::from_fn(move || {
        loop {
            let names = match heading.take() {
                Some(line) => line,
                None => all.next()?,
            };
            let values = all.next()?;
            let (Some(protocol), Some(other)) = (protocol_of(names), protocol_of(values)) else {
                continue;
            };
            if protocol != other {
                // One line of a pair is missing: try again with this one as the heading.
                heading = Some(values);
                continue;
            }
            return Some((protocol, names, values));
        }
    })
    .flat_map(|(protocol, names, values)| {
        words(&names[protocol.len() + 1..])
            .zip(words(&values[protocol.len() + 1..]))
            .filter_map(move |(name, value)| Some((protocol, name, signed(value)?)))
    })
}

fn protocol_of(line: &[u8]) -> Option<&[u8]> {
    line.iter()
        .position(|&b| b == b':')
        .map(|colon| &line[..colon])
}

/// The entries of `/proc/net/sockstat`: protocol, key, value. Line `TCP: inuse 1 orphan 0` has two.
pub fn sockstat(bytes: &[u8]) -> impl Iterator<Item = (&[u8], &[u8], u64)> {
    lines(bytes)
        .filter_map(|line| Some((protocol_of(line)?, line)))
        .flat_map(|(protocol, line)| {
            let mut fields = words(&line[protocol.len() + 1..]);
            std::iter::from_fn(move || Some((fields.next()?, fields.next()?)))
                .filter_map(move |(name, value)| Some((protocol, name, number(value)?)))
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HEAD: &str = "Inter-|   Receive                                                |  Transmit\n face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed\n";

    #[test]
    fn interfaces_without_the_headings() {
        let text = format!(
            "{HEAD}    lo:    3193      29    0    0    0     0          0         0     3193      29    0    0    0     0       0          0\n\
             eth0:331183406   10232    1    2    3     4          5         6   534970    5730    7    8    9    10      11         12\n\
             eth0:1: 1 2\n"
        );
        let all: Vec<_> = interfaces(text.as_bytes()).collect();
        assert_eq!(
            all.iter().map(|i| i.name).collect::<Vec<_>>(),
            [&b"lo"[..], b"eth0", b"eth0:1"]
        );
        let eth0 = all[1];
        assert_eq!(
            (eth0.rx_bytes, eth0.rx_packets, eth0.rx_multicast),
            (Some(331183406), Some(10232), Some(6))
        );
        assert_eq!(
            (eth0.tx_bytes, eth0.tx_dropped, eth0.tx_compressed),
            (Some(534970), Some(8), Some(12))
        );
        assert_eq!((all[2].rx_packets, all[2].rx_errors), (Some(2), None));
    }

    #[test]
    fn pairs_of_lines() {
        let text = b"Ip: Forwarding DefaultTTL\nIp: 1 64\nTcp: RtoAlgorithm MaxConn CurrEstab\nTcp: 1 -1 4\n";
        let all: Vec<_> = protocols(text).collect();
        assert_eq!(
            all,
            [
                (&b"Ip"[..], &b"Forwarding"[..], 1),
                (b"Ip", b"DefaultTTL", 64),
                (b"Tcp", b"RtoAlgorithm", 1),
                (b"Tcp", b"MaxConn", -1),
                (b"Tcp", b"CurrEstab", 4),
            ]
        );
    }

    #[test]
    fn a_lost_line_costs_one_protocol_only() {
        let text =
            b"Ip: Forwarding DefaultTTL\nTcp: RtoAlgorithm CurrEstab\nTcp: 1 4\nUdp: InDatagrams\n";
        let all: Vec<_> = protocols(text).collect();
        assert_eq!(
            all,
            [
                (&b"Tcp"[..], &b"RtoAlgorithm"[..], 1),
                (b"Tcp", b"CurrEstab", 4)
            ]
        );
    }

    #[test]
    fn sockets_by_protocol() {
        let text =
            b"sockets: used 19\nTCP: inuse 1 orphan 0 tw 2 alloc 1 mem 108\nUDP: inuse\nnoise\n";
        let all: Vec<_> = sockstat(text).collect();
        assert_eq!(all.len(), 6);
        assert_eq!(all[0], (&b"sockets"[..], &b"used"[..], 19));
        assert_eq!(all[5], (&b"TCP"[..], &b"mem"[..], 108));
    }

    proptest! {
        #[test]
        fn no_bytes_are_too_strange(bytes: Vec<u8>) {
            let _ = (interfaces(&bytes).count(), protocols(&bytes).count(), sockstat(&bytes).count());
        }

        #[test]
        fn text_of_the_right_alphabet(text in "[A-Za-z:|. 0-9\\n-]{0,300}") {
            let bytes = text.as_bytes();
            let _ = (interfaces(bytes).count(), protocols(bytes).count(), sockstat(bytes).count());
        }
    }
}
