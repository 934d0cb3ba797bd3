//! What the agent is to the system: its rights and its cost.

mod capability;

use std::fs;

use serde::Serialize;

pub(crate) use capability::names as capability_names;

/// As whom the process runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rights {
    /// The effective user.
    pub uid: u32,
    /// The effective group.
    pub gid: u32,
    /// Further groups.
    pub groups: Vec<u32>,
    /// Effective capabilities by name, without `CAP_`.
    pub capabilities: Vec<String>,
}

/// This process' rights, from `/proc/self/status`. Members that cannot be read are empty.
pub(crate) fn rights() -> Rights {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    rights_of(&status)
}

fn rights_of(status: &str) -> Rights {
    let field = |name: &str| {
        status
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))
            .unwrap_or("")
    };
    // Real, effective, saved and file system id.
    let effective = |name| {
        field(name)
            .split_whitespace()
            .nth(1)
            .and_then(|id| id.parse().ok())
            .unwrap_or(u32::MAX)
    };
    let capabilities = u64::from_str_radix(field("CapEff").trim(), 16).unwrap_or(0);
    Rights {
        uid: effective("Uid"),
        gid: effective("Gid"),
        groups: field("Groups")
            .split_whitespace()
            .filter_map(|id| id.parse().ok())
            .collect(),
        capabilities: capability_names(capabilities),
    }
}

/// Resident memory of this process in bytes, from `/proc/self/statm`.
pub(crate) fn resident_bytes() -> Option<u64> {
    let statm = fs::read_to_string("/proc/self/statm").ok()?;
    let pages: u64 = statm.split(' ').nth(1)?.parse().ok()?;
    Some(pages * rustix::param::page_size() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rights_are_read() {
        let rights = rights_of(
            "Name:\tx\nUid:\t1\t65534\t1\t1\nGid:\t0\t0\t0\t0\nGroups:\t4 24 \nCapEff:\t0000000000000004\n",
        );
        assert_eq!((rights.uid, rights.gid), (65534, 0));
        assert_eq!(rights.groups, [4, 24]);
        assert_eq!(rights.capabilities, ["DAC_READ_SEARCH"]);
        assert_eq!(super::rights().uid, rustix::process::geteuid().as_raw());
    }

    #[test]
    fn this_process_is_resident() {
        assert!(resident_bytes().unwrap() > 100_000);
    }
}
