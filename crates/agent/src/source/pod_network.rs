//! The network of each pod, through one of its processes.
//!
//! `/proc/<pid>/net/dev` is open to everybody and belongs to the network namespace it was opened in: the descriptor
//! stays good when the process ends, and another process that gets its number is not mistaken for it. Pods that use
//! the host's network are told by its counters and have no rows.

use std::collections::HashMap;
use std::path::Path;

use rustix::fd::OwnedFd;

use super::cgroup::classify::Kind;
use super::cgroup::{Cgroups, Entity, Shared};
use super::file::{Shape, open};
use super::host::interfaces::{Interfaces, is_same_network};
use super::host::node::network_dir;
use super::ledger::SourceId;
use crate::source::file::Reader;
use crate::source::options::Roots;

/// Most interfaces of one pod.
const MOST_INTERFACES: usize = 32;

/// A pod's network.
#[derive(Debug, Default)]
pub(crate) struct PodNetwork {
    /// Whether it is the host's; `None` while no process was seen.
    pub(crate) is_host: Option<bool>,
    /// Its interfaces but `lo`.
    pub(crate) interfaces: Interfaces,
    /// Whether the interfaces were read for this tick.
    pub(crate) fresh: bool,
    alive: bool,
    fd: Option<OwnedFd>,
    /// The container whose process showed it.
    through: Option<Box<str>>,
    tries: u32,
}

/// The networks of all pods, by uid.
#[derive(Debug)]
pub(crate) struct PodNetworks {
    /// By pod uid.
    pub(crate) pods: HashMap<Box<str>, PodNetwork>,
    source: SourceId,
}

impl PodNetworks {
    /// No pod yet.
    pub(crate) fn new(roots: &Roots, reader: &mut Reader) -> PodNetworks {
        let path = format!("{}/*/net/dev", roots.proc.display());
        PodNetworks {
            pods: HashMap::new(),
            source: reader.ledger.add(path, "network of each pod"),
        }
    }

    /// Reads every pod's interfaces. `ended` are the cgroups that ended since the last tick.
    pub(crate) fn read(
        &mut self,
        cgroups: &mut Cgroups,
        ended: &[Entity],
        shared: &mut Shared<'_>,
    ) {
        for gone in ended.iter().filter(|e| e.is_container()) {
            // A pod's new pause container comes with a new network.
            if let Some(pod) = gone.pod_uid().and_then(|uid| self.pods.get_mut(uid))
                && pod.through.as_deref() == Some(&gone.path)
            {
                pod.fd = None;
                pod.through = None;
                pod.tries = 0;
                pod.interfaces = pod.interfaces.replaced();
            }
        }
        for pod in self.pods.values_mut() {
            pod.fresh = false;
            pod.alive = false;
        }
        for at in 0..cgroups.order().len() {
            let index = cgroups.order()[at];
            let Some(entity) = cgroups.get(index) else {
                continue;
            };
            let Kind::Pod { uid, .. } = &entity.class.kind else {
                continue;
            };
            if !self.pods.contains_key(uid.as_str()) {
                let network = PodNetwork {
                    interfaces: Interfaces::born(entity.born),
                    ..PodNetwork::default()
                };
                self.pods.insert(uid.as_str().into(), network);
            }
            let uid = uid.clone();
            let Some(pod) = self.pods.get_mut(uid.as_str()) else {
                continue;
            };
            pod.alive = true;
            if pod.fd.is_none() && pod.is_host != Some(true) {
                let due = pod.tries < 6 || pod.tries.is_multiple_of(6);
                pod.tries = pod.tries.saturating_add(1);
                if due {
                    pod.find(index, at, cgroups, self.source, shared);
                }
            }
            pod.read(self.source, shared);
        }
        // One that ended is forgotten after its last row.
        self.pods
            .retain(|uid, pod| pod.alive || ended.iter().any(|e| e.pod_uid() == Some(uid)));
    }

    /// Forgets a pod that ended.
    pub(crate) fn forget(&mut self, uid: &str) {
        self.pods.remove(uid);
    }
}

impl PodNetwork {
    /// Finds a process of the pod, through its pause container if that is known.
    fn find(
        &mut self,
        pod: usize,
        pod_at: usize,
        cgroups: &mut Cgroups,
        source: SourceId,
        shared: &mut Shared<'_>,
    ) {
        let mut candidates: Vec<(bool, Box<str>)> = cgroups.order()[pod_at..]
            .iter()
            .filter_map(|&i| cgroups.get(i))
            .skip(1)
            .take(64)
            .filter(|e| e.parent == Some(pod) && e.is_container() && e.has_process() != Some(false))
            .map(|e| (!e.identity.sandbox, e.path.clone()))
            .collect();
        candidates.sort_unstable();
        for (_, path) in candidates.into_iter().take(4) {
            let Some(pid) = cgroups.process_of(&path, shared) else {
                continue;
            };
            if self.open(pid, source, shared) {
                self.through = Some(path);
                return;
            }
        }
    }

    fn open(&mut self, pid: u32, source: SourceId, shared: &mut Shared<'_>) -> bool {
        let proc = &shared.options.roots.proc;
        let path = proc.join(pid.to_string()).join("net/dev");
        let fd = match open(&path) {
            Ok(fd) => fd,
            Err(errno) => {
                shared.reader.ledger.failed(source, &path, errno);
                return false;
            }
        };
        shared.reader.ledger.example(source, &path);
        let Some(is_host) = is_host(proc, pid, &fd, source, shared.reader) else {
            return false;
        };
        self.is_host = Some(is_host);
        self.fd = (!is_host).then_some(fd);
        true
    }

    fn read(&mut self, source: SourceId, shared: &mut Shared<'_>) {
        let Some(fd) = &self.fd else { return };
        let at = shared.clock.monotonic();
        match shared.reader.pread(fd, Shape::Pieces, source) {
            Ok(bytes) => {
                self.interfaces
                    .update(bytes, at, MOST_INTERFACES, |name| name != "lo");
                self.fresh = true;
            }
            Err(_) => {
                self.fd = None;
                self.tries = 0;
            }
        }
    }
}

/// Whether a process is in the host's network; `None` if that cannot be found out now.
fn is_host(
    proc: &Path,
    pid: u32,
    fd: &OwnedFd,
    source: SourceId,
    reader: &mut Reader,
) -> Option<bool> {
    let namespace = |pid: &str| std::fs::read_link(proc.join(pid).join("ns/net")).ok();
    // With the right to trace processes the namespaces themselves tell.
    if let (Some(pod), Some(host)) = (namespace(&pid.to_string()), namespace("1")) {
        return Some(pod == host);
    }
    let host = network_dir(proc).join("dev");
    let before = std::fs::read(&host).ok()?;
    let pod = reader.pread(fd, Shape::Pieces, source).ok()?.to_vec();
    let after = std::fs::read(&host).ok()?;
    Some(is_same_network(&before, &pod, &after))
}
