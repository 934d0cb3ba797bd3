//! Network interfaces, of the host and of pods.

use std::path::Path;

use crate::row::{Baseline, Interface, InterfaceReading, Measure};
use crate::source::file::{Reader, Shape};
use crate::source::ledger::SourceId;
use crate::source::parse::network::{Interface as Line, interfaces};
use crate::source::parse::scan::single;

/// What /sys says of an interface of the host.
#[derive(Debug, Clone, Default)]
pub(crate) struct Link {
    /// Hardware address.
    pub(crate) mac: Option<String>,
    /// Operational state.
    pub(crate) state: Option<String>,
    /// Whether no device stands behind it.
    pub(crate) is_virtual: Option<bool>,
    mtu: Option<u64>,
    speed: Option<u64>,
}

/// An interface.
#[derive(Debug)]
pub(crate) struct InterfaceState {
    /// Its name.
    pub(crate) name: Box<str>,
    /// What /sys says.
    pub(crate) link: Link,
    /// What was read last.
    pub(crate) now: InterfaceReading,
    /// What the next row is subtracted from.
    pub(crate) base: Option<Baseline<Interface, { Interface::COLUMNS.len() }>>,
    seen: bool,
}

/// The interfaces of one network namespace.
#[derive(Debug, Default)]
pub(crate) struct Interfaces {
    /// The interfaces.
    pub(crate) list: Vec<InterfaceState>,
    /// When they were read, by the monotonic clock.
    pub(crate) at: u64,
    read_before: Option<u64>,
    /// Interfaces that were left out because there were too many: now.
    pub(crate) left_out: u64,
    /// Bytes that interfaces had received and sent when they went.
    gone: (u64, u64),
}

impl Interfaces {
    /// Interfaces of a namespace that was seen to begin at that moment, so that their counters began at zero.
    pub(crate) fn born(at: Option<u64>) -> Interfaces {
        Interfaces {
            read_before: at,
            ..Interfaces::default()
        }
    }

    /// Takes in a `net/dev` file that was read at `at`. Answers whether an interface is new.
    pub(crate) fn update(
        &mut self,
        bytes: &[u8],
        at: u64,
        most: usize,
        wanted: impl Fn(&str) -> bool,
    ) -> bool {
        let mut new = false;
        for interface in &mut self.list {
            interface.seen = false;
        }
        self.left_out = 0;
        for line in interfaces(bytes) {
            let Some(name) = std::str::from_utf8(line.name)
                .ok()
                .filter(|name| wanted(name))
            else {
                continue;
            };
            let index = match self.list.iter().position(|i| &*i.name == name) {
                Some(index) => index,
                None if self.list.len() < most => {
                    new = true;
                    // One that was not there at the last read began at zero since.
                    self.list.push(InterfaceState {
                        name: name.into(),
                        link: Link::default(),
                        now: InterfaceReading::empty(),
                        base: self.read_before.map(Baseline::born),
                        seen: true,
                    });
                    self.list.len() - 1
                }
                None => {
                    self.left_out += 1;
                    continue;
                }
            };
            let interface = &mut self.list[index];
            interface.seen = true;
            interface.now = reading(&line);
            interface.now.set(Interface::Mtu, interface.link.mtu);
            interface.now.set(Interface::Speed, interface.link.speed);
        }
        let gone = &mut self.gone;
        self.list.retain(|i| {
            if !i.seen {
                gone.0 = gone
                    .0
                    .saturating_add(i.now.get(Interface::RxBytes).unwrap_or(0));
                gone.1 = gone
                    .1
                    .saturating_add(i.now.get(Interface::TxBytes).unwrap_or(0));
            }
            i.seen
        });
        self.at = at;
        self.read_before = Some(at);
        new
    }

    /// Bytes received and sent since the interfaces were made, those that are gone included.
    pub(crate) fn lifetime(&self) -> (u64, u64) {
        let sum = |measure, start: u64| {
            self.list
                .iter()
                .filter_map(|i| i.now.get(measure))
                .fold(start, u64::saturating_add)
        };
        (
            sum(Interface::RxBytes, self.gone.0),
            sum(Interface::TxBytes, self.gone.1),
        )
    }

    /// The interfaces of a namespace that takes this one's place.
    pub(crate) fn replaced(&self) -> Interfaces {
        Interfaces {
            gone: self.lifetime(),
            ..Interfaces::default()
        }
    }

    /// Asks /sys for what every interface is (`slow`) and for its carrier.
    pub(crate) fn look_up(
        &mut self,
        sys: &Path,
        slow: bool,
        reader: &mut Reader,
        source: SourceId,
    ) {
        for interface in &mut self.list {
            let dir = sys.join("class/net").join(&*interface.name);
            // These two fail on an interface that is down, which is no fault.
            let value = |name: &str| single(&std::fs::read(dir.join(name)).ok()?);
            interface.now.set(Interface::Carrier, value("carrier"));
            interface
                .now
                .set(Interface::CarrierChanges, value("carrier_changes"));
            if !slow {
                continue;
            }
            let mut text = |name: &str| {
                let bytes = reader.read(&dir.join(name), Shape::Whole, source)?;
                Some(String::from_utf8_lossy(bytes).trim().to_owned()).filter(|t| !t.is_empty())
            };
            let mtu = text("mtu").and_then(|t| t.parse().ok());
            let link = &mut interface.link;
            link.mac = text("address");
            link.state = text("operstate");
            link.mtu = mtu;
            // Unknown speeds are -1 or an error.
            link.speed = value("speed").map(|megabits| megabits.saturating_mul(125_000));
            link.is_virtual = std::fs::canonicalize(&dir)
                .ok()
                .map(|target| target.components().any(|c| c.as_os_str() == "virtual"));
            interface.now.set(Interface::Mtu, link.mtu);
            interface.now.set(Interface::Speed, link.speed);
        }
    }
}

/// Whether an interface is part of the node's sum: those that cAdvisor counts. The left out ones carry what others
/// carry too, or nothing that leaves the node.
pub(crate) fn is_counted(name: &str) -> bool {
    !["lo", "veth", "docker", "nerdctl"]
        .iter()
        .any(|prefix| name.starts_with(prefix))
}

/// The counters that a sum over interfaces has.
pub(crate) const SUMMED: [Interface; 8] = [
    Interface::RxBytes,
    Interface::RxPackets,
    Interface::RxErrors,
    Interface::RxDropped,
    Interface::TxBytes,
    Interface::TxPackets,
    Interface::TxErrors,
    Interface::TxDropped,
];

fn reading(line: &Line<'_>) -> InterfaceReading {
    let mut r = InterfaceReading::empty();
    for (measure, value) in [
        (Interface::RxBytes, line.rx_bytes),
        (Interface::RxPackets, line.rx_packets),
        (Interface::RxErrors, line.rx_errors),
        (Interface::RxDropped, line.rx_dropped),
        (Interface::RxFifoErrors, line.rx_fifo),
        (Interface::RxFrameErrors, line.rx_frame),
        (Interface::RxCompressed, line.rx_compressed),
        (Interface::RxMulticast, line.rx_multicast),
        (Interface::TxBytes, line.tx_bytes),
        (Interface::TxPackets, line.tx_packets),
        (Interface::TxErrors, line.tx_errors),
        (Interface::TxDropped, line.tx_dropped),
        (Interface::TxFifoErrors, line.tx_fifo),
        (Interface::TxCollisions, line.tx_collisions),
        (Interface::TxCarrierErrors, line.tx_carrier),
        (Interface::TxCompressed, line.tx_compressed),
    ] {
        r.set(measure, value);
    }
    r
}

/// Whether a pod's `net/dev` is the host's: the same interfaces, each with counters between those that the host had
/// just before and just after. Needs no right on the namespaces themselves.
pub(crate) fn is_same_network(before: &[u8], pod: &[u8], after: &[u8]) -> bool {
    let (mut first, mut last) = (interfaces(before), interfaces(after));
    let mut any = false;
    for line in interfaces(pod) {
        let (Some(low), Some(high)) = (first.next(), last.next()) else {
            return false;
        };
        let between = |f: fn(&Line<'_>) -> Option<u64>| f(&low) <= f(&line) && f(&line) <= f(&high);
        let same = low.name == line.name
            && high.name == line.name
            && between(|l| l.rx_bytes)
            && between(|l| l.rx_packets)
            && between(|l| l.tx_bytes)
            && between(|l| l.tx_packets);
        if !same {
            return false;
        }
        any = true;
    }
    any && first.next().is_none() && last.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dev(lines: &[(&str, u64)]) -> Vec<u8> {
        let mut text = String::from("Inter-| Receive | Transmit\n face |bytes |bytes\n");
        for (name, bytes) in lines {
            text += &format!("{name}: {bytes} 1 0 0 0 0 0 0 {bytes} 1 0 0 0 0 0 0\n");
        }
        text.into_bytes()
    }

    #[test]
    fn the_hosts_network_is_told_from_a_pods() {
        let host = dev(&[("lo", 100), ("eth0", 5000)]);
        let later = dev(&[("lo", 100), ("eth0", 5100)]);
        assert!(is_same_network(
            &host,
            &dev(&[("lo", 100), ("eth0", 5050)]),
            &later
        ));
        assert!(
            !is_same_network(&host, &dev(&[("lo", 0), ("eth0", 700)]), &later),
            "the same names only"
        );
        assert!(!is_same_network(&host, &dev(&[("lo", 100)]), &later));
        assert!(!is_same_network(
            &host,
            &dev(&[("lo", 100), ("eth0", 5050), ("eth1", 0)]),
            &later
        ));
        assert!(!is_same_network(b"", b"", b""));
    }

    #[test]
    fn an_interface_that_comes_later_began_at_zero() {
        let mut all = Interfaces::default();
        assert!(all.update(&dev(&[("eth0", 5)]), 10, 8, |_| true));
        assert!(all.list[0].base.is_none());
        assert!(all.update(&dev(&[("eth0", 6), ("eth1", 7)]), 20, 8, |_| true));
        let eth1 = &all.list[1];
        assert_eq!(eth1.base.unwrap().at, 10);
        assert!(!all.update(&dev(&[("eth1", 8)]), 30, 8, |_| true));
        assert_eq!(all.list.len(), 1, "one that went is forgotten");
    }

    #[test]
    fn too_many_are_counted() {
        let mut all = Interfaces::default();
        all.update(
            &dev(&[("a", 1), ("b", 1), ("c", 1), ("veth1", 1)]),
            1,
            2,
            |name| !name.starts_with("veth"),
        );
        assert_eq!((all.list.len(), all.left_out), (2, 1));
    }

    #[test]
    fn names_that_the_nodes_sum_leaves_out() {
        for (name, counted) in [
            ("lo", false),
            ("veth12", false),
            ("docker0", false),
            ("eth0", true),
            ("cali1", true),
        ] {
            assert_eq!(is_counted(name), counted, "{name}");
        }
    }
}
