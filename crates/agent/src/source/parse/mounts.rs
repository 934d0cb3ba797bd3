//! `/proc/PID/mountinfo`.

use super::scan::{lines, number, words};

/// A mount. Paths are as the kernel wrote them: see [`unescape`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mount<'a> {
    /// The device's major number.
    pub major: u64,
    /// The device's minor number.
    pub minor: u64,
    /// Which directory of the file system is mounted; `/` unless it is a bind mount.
    pub root: &'a [u8],
    /// Where it is mounted, seen from the process whose file this is.
    pub mount_point: &'a [u8],
    /// Options of the mount, separated by commas.
    pub options: &'a [u8],
    /// The file system's type: `ext4`, `cgroup2`, …
    pub fs_type: &'a [u8],
    /// What was mounted: a device's path or a name.
    pub source: &'a [u8],
    /// Options of the file system, separated by commas: for cgroup v1 the controllers.
    pub super_options: &'a [u8],
}

/// The mounts of a `mountinfo` file in file order. A torn line is left out.
pub fn mountinfo(bytes: &[u8]) -> impl Iterator<Item = Mount<'_>> {
    lines(bytes).filter_map(|line| {
        let mut fields = words(line);
        let device = fields.nth(2)?;
        let colon = device.iter().position(|&b| b == b':')?;
        let root = fields.next()?;
        let mount_point = fields.next()?;
        let options = fields.next()?;
        // Any number of optional fields (shared:1, master:2) up to a lone hyphen.
        fields.find(|f| *f == b"-")?;
        let fs_type = fields.next()?;
        let source = fields.next()?;
        Some(Mount {
            major: number(&device[..colon])?,
            minor: number(&device[colon + 1..])?,
            root,
            mount_point,
            options,
            fs_type,
            source,
            super_options: fields.next().unwrap_or_default(),
        })
    })
}

/// Whether a comma-separated list of options holds one.
pub fn has_option(options: &[u8], wanted: &[u8]) -> bool {
    options.split(|&b| b == b',').any(|o| o == wanted)
}

/// Appends a path to `out` with the kernel's escapes undone: `\040` is a space, `\134` a backslash.
pub fn unescape(path: &[u8], out: &mut Vec<u8>) {
    let mut rest = path;
    while let Some((&first, tail)) = rest.split_first() {
        rest = tail;
        if first == b'\\'
            && let [a @ b'0'..=b'3', b @ b'0'..=b'7', c @ b'0'..=b'7', ..] = *tail
        {
            out.push((a - b'0') << 6 | (b - b'0') << 3 | (c - b'0'));
            rest = &tail[3..];
        } else {
            out.push(first);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn lines_with_and_without_optional_fields() {
        let text = b"27 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard\n\
            42 27 254:0 /var/lib/kubelet /var/lib/kubelet rw,relatime shared:1 master:2 - ext4 /dev/vda rw\n\
            33 31 0:30 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n\
            41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2\n99 1 254:0 / /torn rw\n";
        let all: Vec<_> = mountinfo(text).collect();
        assert_eq!(all.len(), 4);
        assert_eq!(
            (all[1].root, all[1].mount_point),
            (&b"/var/lib/kubelet"[..], &b"/var/lib/kubelet"[..])
        );
        assert!(
            has_option(all[2].super_options, b"cpuacct")
                && !has_option(all[2].super_options, b"cpuset")
        );
        assert_eq!(
            (all[3].fs_type, all[3].super_options),
            (&b"cgroup2"[..], &b""[..])
        );
    }

    #[test]
    fn escapes_of_the_kernel() {
        let plain = |text: &[u8]| {
            let mut out = Vec::new();
            unescape(text, &mut out);
            out
        };
        assert_eq!(plain(b"/mnt/my\\040disk"), b"/mnt/my disk");
        assert_eq!(plain(b"/a\\134b"), b"/a\\b");
        for odd in [&b"\\"[..], b"\\04", b"\\999", b"\\777"] {
            assert_eq!(plain(odd), odd, "not an escape");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_are_too_strange(bytes: Vec<u8>) {
            prop_assert!(mountinfo(&bytes).count() <= bytes.len());
            let mut out = Vec::new();
            unescape(&bytes, &mut out);
            prop_assert!(out.len() <= bytes.len());
        }

        #[test]
        fn escaped_paths_read_back(path in "[ -~\\t\\n]{0,60}") {
            let mut escaped = String::new();
            for c in path.bytes() {
                match c {
                    b' ' | b'\t' | b'\n' | b'\\' => escaped += &format!("\\{c:03o}"),
                    _ => escaped.push(char::from(c)),
                }
            }
            let mut out = Vec::new();
            unescape(escaped.as_bytes(), &mut out);
            prop_assert_eq!(out, path.as_bytes());
        }
    }
}
