//! What is known of the host, for the times in its logs.

use std::fs;
use std::path::{Component, Path, PathBuf};

use super::entry::{Place, Zone};
use crate::source::Roots;

/// The host's time zone and when it was booted, as far as that can be read.
pub(crate) fn place(roots: &Roots) -> Place {
    Place {
        zone: zone(&roots.host),
        boot_usec: boot_usec(&roots.proc),
    }
}

/// From `/etc/localtime`, which is mostly a link within the host's own tree. A host without one has UTC.
fn zone(host: &Path) -> Option<Zone> {
    let path = host.join("etc/localtime");
    let path = match fs::read_link(&path) {
        Ok(target) => within(host, &target),
        Err(_) => path,
    };
    match fs::read(path) {
        Ok(bytes) => Zone::tzif(&bytes),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && host.join("etc").is_dir() => {
            Some(Zone::fixed(0))
        }
        Err(_) => None,
    }
}

/// A link of `etc` as the host means it.
fn within(host: &Path, target: &Path) -> PathBuf {
    let mut path = if target.is_absolute() {
        host.to_owned()
    } else {
        host.join("etc")
    };
    for part in target.components() {
        match part {
            Component::ParentDir if path != *host => {
                path.pop();
            }
            Component::Normal(name) => path.push(name),
            _ => {}
        }
    }
    path
}

fn boot_usec(proc: &Path) -> Option<i64> {
    let stat = fs::read_to_string(proc.join("stat")).ok()?;
    let seconds = stat.lines().find_map(|line| line.strip_prefix("btime "))?;
    seconds.trim().parse::<i64>().ok()?.checked_mul(1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn a_link_is_the_hosts_and_not_this_machines() {
        let folder = tempfile::tempdir().unwrap();
        let host = folder.path();
        assert_eq!(
            zone(host),
            None,
            "nothing is known of a host that is not mounted"
        );
        fs::create_dir_all(host.join("etc")).unwrap();
        assert_eq!(zone(host), Some(Zone::fixed(0)));
        fs::create_dir_all(host.join("usr/share/zoneinfo")).unwrap();
        fs::write(host.join("usr/share/zoneinfo/Here"), "no zone").unwrap();
        for target in ["/usr/share/zoneinfo/Here", "../usr/share/zoneinfo/Here"] {
            symlink(target, host.join("etc/localtime")).unwrap();
            assert_eq!(zone(host), None, "it is read, and is none");
            fs::remove_file(host.join("etc/localtime")).unwrap();
        }
        assert_eq!(
            within(Path::new("/host"), Path::new("../../../usr/x")),
            Path::new("/host/usr/x")
        );
    }

    #[test]
    fn the_start_of_this_machine_is_known() {
        let boot = boot_usec(Path::new("/proc")).unwrap();
        assert!(boot > 0 && boot < crate::clock::wall_usec());
    }
}
