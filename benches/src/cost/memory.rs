//! Resident memory of this process.

fn status(key: &str) -> u64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    value(&text, key).unwrap_or(0)
}

/// A value of `/proc/<pid>/status`, which is in KiB, as bytes.
fn value(text: &str, key: &str) -> Option<u64> {
    let line = text.lines().find(|line| line.starts_with(key))?;
    let kib: u64 = line.split_ascii_whitespace().nth(1)?.parse().ok()?;
    Some(kib * 1024)
}

/// Bytes in memory now.
pub(crate) fn resident() -> u64 {
    status("VmRSS:")
}

/// The most there ever were.
pub(crate) fn peak_resident() -> u64 {
    status("VmHWM:")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_file_is_in_kibibytes() {
        let text = "Name:\tx\nVmHWM:\t    2048 kB\nVmRSS:\t    1024 kB\n";
        assert_eq!(value(text, "VmRSS:"), Some(1 << 20));
        assert_eq!(value(text, "VmSwap:"), None);
        assert!(resident() > 0 && peak_resident() >= resident() / 2);
    }
}
