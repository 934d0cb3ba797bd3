//! Logs of the host itself.

use std::path::{Path, PathBuf};

use super::watch::Watches;
use super::{Family, Look, Places, found, names, note_not_read, unrotated};
use crate::log::source::Source;

/// Files of `/var/log`, and what they are called.
const FILES: [(&str, &str); 8] = [
    ("messages", "messages"),
    ("syslog", "syslog"),
    ("kern.log", "kern"),
    ("dmesg", "dmesg"),
    ("secure", "secure"),
    ("auth.log", "auth"),
    ("daemon.log", "daemon"),
    ("cloud-init-output.log", "cloud-init"),
];
/// Beginnings of names of the node's own services.
const SERVICES: [&str; 6] = ["kubelet", "kube-", "containerd", "docker", "crio", "etcd"];

/// Lists what there is.
pub(super) fn all(places: &Places, watches: &mut Watches, look: &mut Look) {
    if places.host_logs {
        watches.watch(&places.log);
        let names = names(&places.log, look);
        let mut bases: Vec<(&str, &str)> = FILES.to_vec();
        for name in &names {
            if let Some((base, _)) = unrotated(name)
                && base.ends_with(".log")
                && SERVICES.iter().any(|start| base.starts_with(start))
                && !bases.iter().any(|(known, _)| *known == base)
            {
                bases.push((base, base.trim_end_matches(".log")));
            }
        }
        for (base, stream) in bases {
            family(&places.log, base, &names, (stream, stream), look);
        }
    }
    for path in &places.files {
        let (Some(dir), Some(base)) = (path.parent(), path.file_name().and_then(|n| n.to_str()))
        else {
            continue;
        };
        watches.watch(dir);
        let names = names(dir, look);
        let name = path.display().to_string();
        family(
            dir,
            base,
            &names,
            (name.trim_start_matches('/'), base),
            look,
        );
    }
}

/// All files that bear a name, rotated ones too.
fn family(dir: &Path, base: &str, names: &[String], (name, stream): (&str, &str), look: &mut Look) {
    let mut files = Vec::new();
    for one in names {
        note_not_read(dir, one, look, |live| live == base);
        if let Some((live, is_compressed)) = unrotated(one)
            && (live == base || one == base)
        {
            files.extend(found(dir.join(one), one == base, is_compressed));
        }
    }
    let path: PathBuf = dir.join(base);
    look.families.push(Family {
        source: Source::host(name, stream),
        container_id: None,
        files,
        pattern: path.display().to_string().into(),
        feeds: "logs of the host",
    });
}
