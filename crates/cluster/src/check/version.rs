//! Versions of Kubernetes, kernels and runtimes.

use std::fmt;

/// The first numbers of a version; what follows them is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Version {
    pub(crate) major: u32,
    pub(crate) minor: u32,
    pub(crate) patch: u32,
}

impl Version {
    pub(crate) const fn new(major: u32, minor: u32) -> Version {
        Version {
            major,
            minor,
            patch: 0,
        }
    }

    /// Without the patch.
    pub(crate) fn release(self) -> Version {
        Version::new(self.major, self.minor)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

/// `v1.20.2`, `v1.29.3-eks-ae9a62a`, `6.1.0-21-cloud-amd64`, `1.30+`. A version without a patch has patch 0.
pub(crate) fn parse(text: &str) -> Option<Version> {
    let mut numbers = text.trim().trim_start_matches('v').splitn(3, '.');
    let mut next = || {
        let part = numbers.next()?;
        let end = part.find(|c: char| !c.is_ascii_digit());
        part.get(..end.unwrap_or(part.len()))?.parse().ok()
    };
    Some(Version {
        major: next()?,
        minor: next()?,
        patch: next().unwrap_or(0),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_of_writing_a_version() {
        for (text, shown) in [
            ("v1.20.2", "1.20.2"),
            ("v1.29.3-eks-ae9a62a", "1.29.3"),
            ("v1.30.0+k3s1", "1.30.0"),
            ("6.1.0-21-cloud-amd64", "6.1.0"),
            ("6.18.44-fc-v595", "6.18.44"),
            ("5.10.225-213.878.amzn2.x86_64", "5.10.225"),
            ("1.27+", "1.27.0"),
            ("4.18.0-553.el8_10.x86_64", "4.18.0"),
        ] {
            assert_eq!(parse(text).unwrap().to_string(), shown, "{text}");
        }
        for text in ["", "v", "main", "1", "v1.x"] {
            assert_eq!(parse(text), None, "{text}");
        }
        assert!(parse("1.9.9") < parse("1.20.0"));
    }
}
