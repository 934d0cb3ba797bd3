//! Who the node is: read once, at the start.

use std::path::PathBuf;

use rustix::system::uname;

use crate::source::file::{Reader, Shape};
use crate::source::options::Roots;

/// What does not change while the agent runs.
#[derive(Debug, Clone, Default)]
pub(crate) struct About {
    /// The kernel's host name.
    pub(crate) host_name: String,
    /// Changes with each boot.
    pub(crate) boot_id: Option<String>,
    /// The installation's id.
    pub(crate) machine_id: Option<String>,
    /// The cloud's id of the machine, else `machine_id`.
    pub(crate) instance_id: Option<String>,
    /// The maker's or the cloud's name for the machine.
    pub(crate) instance_type: Option<String>,
    /// Release of the kernel.
    pub(crate) kernel: String,
    /// Name of the operating system.
    pub(crate) os_image: Option<String>,
    /// Instruction set.
    pub(crate) architecture: String,
}

impl About {
    /// Reads it.
    pub(crate) fn read(roots: &Roots, reader: &mut Reader) -> About {
        let uts = uname();
        let mut text = |path: PathBuf, feeds| {
            let source = reader.ledger.add(path.display().to_string(), feeds);
            let bytes = reader.read(&path, Shape::Pieces, source)?;
            let text = String::from_utf8_lossy(bytes).trim().to_owned();
            (!text.is_empty()).then_some(text)
        };
        // Both hold the host's name and the kernel's release even when this process has another UTS namespace.
        let host_name = text(roots.proc.join("sys/kernel/hostname"), "host name");
        let kernel = text(roots.proc.join("sys/kernel/osrelease"), "kernel release");
        let boot_id = text(roots.proc.join("sys/kernel/random/boot_id"), "boot id");
        let machine_id = text(roots.host.join("etc/machine-id"), "machine id");
        let tag = text(
            roots.sys.join("class/dmi/id/board_asset_tag"),
            "cloud's id of the machine",
        );
        let instance_type = text(
            roots.sys.join("class/dmi/id/product_name"),
            "name of the machine",
        );
        let os = text(roots.host.join("etc/os-release"), "operating system")
            .or_else(|| text(roots.host.join("usr/lib/os-release"), "operating system"));
        About {
            host_name: host_name.unwrap_or_else(|| uts.nodename().to_string_lossy().into_owned()),
            boot_id,
            // Boards without a tag say so in words; only EC2's ids are known to be ids.
            instance_id: tag
                .filter(|t| t.starts_with("i-"))
                .or_else(|| machine_id.clone()),
            machine_id,
            instance_type,
            kernel: kernel.unwrap_or_else(|| uts.release().to_string_lossy().into_owned()),
            os_image: os.as_deref().and_then(pretty_name),
            architecture: uts.machine().to_string_lossy().into_owned(),
        }
    }
}

/// `PRETTY_NAME` of an `os-release` file, without its quotes.
fn pretty_name(text: &str) -> Option<String> {
    let value = text
        .lines()
        .find_map(|line| line.trim().strip_prefix("PRETTY_NAME="))?;
    let value = value.trim_matches(|c| c == '"' || c == '\'');
    (!value.is_empty()).then(|| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn an_instance_always_has_an_id() {
        let dir = tempfile::tempdir().unwrap();
        let roots = Roots::under(dir.path());
        fs::create_dir_all(dir.path().join("etc")).unwrap();
        fs::create_dir_all(roots.sys.join("class/dmi/id")).unwrap();
        fs::write(dir.path().join("etc/machine-id"), "0123abcd\n").unwrap();
        fs::write(
            dir.path().join("etc/os-release"),
            "ID=debian\nPRETTY_NAME=\"Debian GNU/Linux 12\"\n",
        )
        .unwrap();
        fs::write(
            roots.sys.join("class/dmi/id/board_asset_tag"),
            "Not Specified\n",
        )
        .unwrap();
        let about = About::read(&roots, &mut Reader::new());
        assert_eq!(about.instance_id.as_deref(), Some("0123abcd"));
        assert_eq!(about.os_image.as_deref(), Some("Debian GNU/Linux 12"));
        fs::write(roots.sys.join("class/dmi/id/board_asset_tag"), "i-0abc\n").unwrap();
        assert_eq!(
            About::read(&roots, &mut Reader::new())
                .instance_id
                .as_deref(),
            Some("i-0abc")
        );
    }

    #[test]
    fn names_of_operating_systems() {
        assert_eq!(pretty_name("PRETTY_NAME='Alpine'\n"), Some("Alpine".into()));
        assert_eq!(pretty_name("NAME=x\n"), None);
    }
}
