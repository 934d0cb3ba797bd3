//! What a control group is, from its path alone.
//!
//! Who makes which paths (all below the hierarchy's root, or below any other cgroup when nested, as in kind and
//! minikube):
//!
//! | maker | path |
//! | --- | --- |
//! | kubelet, cgroupfs driver | `kubepods[/burstable\|/besteffort]/pod<uid>/<container id>` |
//! | kubelet, systemd driver | `kubepods.slice[/kubepods-<qos>.slice]/kubepods[-<qos>]-pod<uid with _>.slice/<runtime>-<id>.scope` |
//! | containerd told a systemd path by cgroupfs | `<slice>:cri-containerd:<id>` |
//! | Docker | `docker/<id>`, `system.slice/docker-<id>.scope` |
//! | Podman | `machine.slice/libpod-<id>.scope[/container]`, `libpod_parent/libpod-<id>`, rootless below `user.slice/…` |
//! | LXC, nspawn, libvirt | `lxc/<name>`, `lxc.payload.<name>`, `machine.slice/machine-<name>.scope` |
//! | systemd | `….slice/….service`, `….scope` |

/// A container's runtime, as far as its cgroup path tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Runtime {
    /// containerd, by Kubernetes or nerdctl.
    Containerd,
    /// CRI-O.
    Crio,
    /// Docker.
    Docker,
    /// Podman.
    Podman,
    /// LXC.
    Lxc,
    /// systemd-nspawn, or another machine that systemd knows.
    Nspawn,
    /// libvirt.
    Libvirt,
    /// A unit of systemd.
    Systemd,
}

impl Runtime {
    /// The word in the catalogue's `runtime`.
    pub fn word(self) -> &'static str {
        match self {
            Runtime::Containerd => "containerd",
            Runtime::Crio => "crio",
            Runtime::Docker => "docker",
            Runtime::Podman => "podman",
            Runtime::Lxc => "lxc",
            Runtime::Nspawn => "nspawn",
            Runtime::Libvirt => "libvirt",
            Runtime::Systemd => "systemd",
        }
    }
}

/// A pod's quality-of-service class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Qos {
    /// Requests equal limits.
    Guaranteed,
    /// Some requests or limits.
    Burstable,
    /// None.
    BestEffort,
}

impl Qos {
    /// Kubernetes' word.
    pub fn word(self) -> &'static str {
        match self {
            Qos::Guaranteed => "Guaranteed",
            Qos::Burstable => "Burstable",
            Qos::BestEffort => "BestEffort",
        }
    }
}

/// What a control group is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// A pod of Kubernetes.
    Pod {
        /// Its uid, with hyphens; of a static pod the hash of its manifest.
        uid: String,
        /// Its class, when the path tells.
        qos: Option<Qos>,
    },
    /// A container.
    Container {
        /// The uid of the pod that it is in.
        pod_uid: Option<String>,
        /// The runtime's id.
        id: String,
        /// Who runs it.
        runtime: Option<Runtime>,
    },
    /// A service or another unit of systemd that is no scope and no slice.
    Unit,
    /// A scope of systemd, or a cgroup that nobody known made.
    Scope,
    /// A slice of systemd, or a directory of the kubelet's or a runtime's that groups others.
    Slice,
    /// Within a container: part of it, without a row of its own.
    Inner,
}

/// What a path is and whether to look below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Class {
    /// What it is.
    pub kind: Kind,
    /// Whether cgroups below it may be anything but parts of it.
    pub descend: bool,
    /// Whether systemd made it.
    pub systemd: bool,
}

/// Directories that group containers or pods and are no containers.
const GROUPS: [&str; 10] = [
    "kubepods",
    "burstable",
    "besteffort",
    "kubelet",
    "docker",
    "lxc",
    "libpod_parent",
    "ecs",
    "k8s.io",
    "default",
];

/// Says what the cgroup of a path is. The path is relative to the hierarchy's root; slashes at its ends do not matter.
pub fn classify(path: &str) -> Class {
    let mut pod: Option<(String, Option<Qos>)> = None;
    let mut kubepods = false;
    let mut qos = None;
    let mut container: Option<(Option<String>, String, Option<Runtime>)> = None;
    let mut parent = "";
    let mut last_is = Part::Other;
    for part in path.split('/').filter(|p| !p.is_empty() && *p != "..") {
        kubepods |= part.contains("kubepods");
        qos = qos_of(part).or(qos);
        last_is = Part::Other;
        // What is below a pod's container is that container's own affair, be it a Docker in it.
        let in_pod_container = matches!(&container, Some((Some(_), ..)));
        if !in_pod_container {
            if let Some((uid, rest)) = pod_uid(part, kubepods) {
                pod = Some((uid, qos.or(kubepods.then_some(Qos::Guaranteed))));
                container = None;
                last_is = Part::Pod;
                if let Some((id, runtime)) = rest.and_then(|r| container_id(r, parent)) {
                    container = Some((pod.as_ref().map(|p| p.0.clone()), id, runtime));
                    last_is = Part::Container;
                }
            } else if let Some((id, runtime)) = container_id(part, parent) {
                container = Some((pod.as_ref().map(|p| p.0.clone()), id, runtime));
                last_is = Part::Container;
            }
        }
        parent = part;
    }
    let systemd = is_unit(parent);
    let (kind, descend) = match (last_is, container, pod) {
        (Part::Container, Some((pod_uid, id, runtime)), _) => {
            let descend = pod_uid.is_none();
            (
                Kind::Container {
                    pod_uid,
                    id,
                    runtime,
                },
                descend,
            )
        }
        (Part::Pod, _, Some((uid, qos))) => (Kind::Pod { uid, qos }, true),
        (_, Some((in_pod, ..)), _) => (Kind::Inner, in_pod.is_none()),
        _ if parent.ends_with(".slice") || GROUPS.contains(&parent) => (Kind::Slice, true),
        _ if parent.ends_with(".scope") || !systemd => (Kind::Scope, true),
        _ => (Kind::Unit, true),
    };
    Class {
        kind,
        descend,
        systemd,
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Pod,
    Container,
    Other,
}

fn is_unit(part: &str) -> bool {
    const SUFFIXES: [&str; 6] = [".slice", ".scope", ".service", ".mount", ".socket", ".swap"];
    SUFFIXES
        .iter()
        .any(|s| part.len() > s.len() && part.ends_with(s))
}

fn qos_of(part: &str) -> Option<Qos> {
    if part == "burstable" || part.contains("kubepods-burstable") {
        Some(Qos::Burstable)
    } else if part == "besteffort" || part.contains("kubepods-besteffort") {
        Some(Qos::BestEffort)
    } else {
        None
    }
}

/// The pod's uid in a path's part, and what follows a colon, where a container may be named too.
fn pod_uid(part: &str, kubepods: bool) -> Option<(String, Option<&str>)> {
    let (part, rest) = match part.split_once(':') {
        Some((slice, rest)) => (slice, Some(rest)),
        None => (part, None),
    };
    let name = match part.strip_suffix(".slice") {
        // …-pod<uid>.slice, where uids are written with underscores, for hyphens divide slices.
        Some(slice) => &slice[slice.rfind("-pod").map(|at| at + 4)?..],
        None => part.strip_prefix("pod")?,
    };
    let uid = name.replace('_', "-");
    // A manifest may give a static pod any uid; only below kubepods is such a name trusted.
    let known = is_uuid(&uid) || is_hex(&uid, 32);
    let plausible = kubepods
        && (1..=63).contains(&uid.len())
        && uid
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.');
    (known || plausible).then_some((uid, rest))
}

/// The container's id in a path's part, and who runs it.
fn container_id(part: &str, parent: &str) -> Option<(String, Option<Runtime>)> {
    let name = part.strip_suffix(".scope").unwrap_or(part);
    if let Some(lxc) = name.strip_prefix("lxc.payload.").filter(|n| !n.is_empty()) {
        return Some((lxc.to_owned(), Some(Runtime::Lxc)));
    }
    if (parent == "lxc" || parent == "lxc.payload") && !name.is_empty() {
        return Some((name.to_owned(), Some(Runtime::Lxc)));
    }
    if let Some(machine) = name
        .strip_prefix("machine-")
        .filter(|_| part.ends_with(".scope"))
    {
        let machine = unescape_unit(machine);
        let runtime = if machine.starts_with("qemu-") || machine.starts_with("lxc-") {
            Runtime::Libvirt
        } else {
            Runtime::Nspawn
        };
        return Some((machine, Some(runtime)));
    }
    if let Some(machine) = part
        .strip_prefix("systemd-nspawn@")
        .and_then(|n| n.strip_suffix(".service"))
    {
        return Some((unescape_unit(machine), Some(Runtime::Nspawn)));
    }
    // <prefix>-<id> and <prefix>:<id>; the id alone has no prefix.
    let at = name.len().checked_sub(64)?;
    let id = name.get(at..).filter(|id| is_hex(id, 64))?;
    let prefix = name.get(..at)?;
    let prefix = match prefix.strip_suffix(['-', ':']) {
        Some(prefix) => prefix,
        None if prefix.is_empty() => prefix,
        None => return None,
    };
    let runtime = match prefix {
        "cri-containerd" | "nerdctl" | "containerd" => Some(Runtime::Containerd),
        "crio" => Some(Runtime::Crio),
        "docker" => Some(Runtime::Docker),
        "libpod" => Some(Runtime::Podman),
        "" => match parent {
            "docker" => Some(Runtime::Docker),
            "libpod_parent" => Some(Runtime::Podman),
            "k8s.io" | "default" | "moby" => Some(Runtime::Containerd),
            _ => None,
        },
        // The monitor beside a container, no container itself.
        _ if prefix.ends_with("conmon") => return None,
        _ => None,
    };
    Some((id.to_owned(), runtime))
}

fn is_hex(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|b| b.is_ascii_hexdigit())
}

fn is_uuid(text: &str) -> bool {
    let mut groups = text.split('-');
    [8, 4, 4, 4, 12]
        .iter()
        .all(|&length| groups.next().is_some_and(|g| is_hex(g, length)))
        && groups.next().is_none()
}

/// Undoes systemd's escapes in a unit's name: `\x2d` is a hyphen.
fn unescape_unit(name: &str) -> String {
    let mut out = Vec::with_capacity(name.len());
    let mut rest = name.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        rest = tail;
        let escaped = match tail {
            [b'x', high, low, ..] if first == b'\\' => {
                let digit = |b: &u8| char::from(*b).to_digit(16);
                digit(high).zip(digit(low)).map(|(h, l)| (h << 4 | l) as u8)
            }
            _ => None,
        };
        match escaped {
            Some(byte) => {
                out.push(byte);
                rest = &tail[3..];
            }
            None => out.push(first),
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
#[path = "classify_tests.rs"]
mod tests;
