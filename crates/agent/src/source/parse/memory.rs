//! `/proc/meminfo`. (`/proc/vmstat` is a flat keyed file: [`super::scan::keyed`].)

use super::scan::{lines, number, words};

/// The entries of `/proc/meminfo` in file order: sizes in bytes, `HugePages_*` in pages as the kernel counts them.
pub fn meminfo(bytes: &[u8]) -> impl Iterator<Item = (&[u8], u64)> {
    lines(bytes).filter_map(|line| {
        let colon = line.iter().position(|&b| b == b':')?;
        let mut rest = words(&line[colon + 1..]);
        let value = number(rest.next()?)?;
        let scale = if rest.next() == Some(b"kB") { 1024 } else { 1 };
        Some((&line[..colon], value.checked_mul(scale)?))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn kilobytes_become_bytes_and_pages_stay() {
        let text = b"MemTotal:       24664420 kB\nActive(file):    12 kB\nHugePages_Total:       3\nBroken: x kB\n";
        let all: Vec<_> = meminfo(text).collect();
        assert_eq!(
            all,
            [
                (&b"MemTotal"[..], 24664420 * 1024),
                (b"Active(file)", 12 * 1024),
                (b"HugePages_Total", 3)
            ]
        );
    }

    proptest! {
        #[test]
        fn no_bytes_are_too_strange(bytes: Vec<u8>) {
            prop_assert!(meminfo(&bytes).count() <= bytes.len());
        }
    }
}
