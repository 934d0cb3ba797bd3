//! Finding out the names of pods and containers, and which container is a pod's pause container.

use std::path::Path;

use super::classify::{Kind, Runtime};
use super::names::{Names, RuntimeName};
use super::{Cgroups, Entity, Shared};

/// Tries at every tick, then every few ticks, then seldom: a container's log appears some moments after its cgroup.
fn is_due(tries: u32) -> bool {
    tries < 4 || (tries < 40 && tries.is_multiple_of(6)) || tries.is_multiple_of(60)
}

impl Cgroups {
    /// Names what has no name yet. Directories are listed at most once.
    pub(super) fn identify(&mut self, shared: &mut Shared<'_>) {
        let mut due = Vec::new();
        for &index in &self.order {
            if let Some(entity) = &mut self.entities[index]
                && !entity.identity.known
            {
                if is_due(entity.identity.tries) {
                    due.push(index);
                }
                entity.identity.tries = entity.identity.tries.saturating_add(1);
            }
        }
        if due.is_empty() {
            return;
        }
        let of_pods = due.iter().any(|&i| {
            self.entities[i]
                .as_ref()
                .is_some_and(|e| e.pod_uid().is_some())
        });
        if of_pods || !self.listed_once {
            self.listed_once = true;
            self.names.refresh(&shared.options.roots, shared.reader);
        }
        for index in due {
            self.identify_one(index, shared);
        }
    }

    /// Names those that ended before they were named: a log outlives its container for a while.
    pub(crate) fn identify_ended(&mut self, ended: &mut [Entity], shared: &mut Shared<'_>) {
        let mut unknown = ended
            .iter_mut()
            .filter(|e| !e.identity.known && e.pod_uid().is_some())
            .peekable();
        if unknown.peek().is_none() {
            return;
        }
        self.names.refresh(&shared.options.roots, shared.reader);
        for entity in unknown {
            if let Kind::Container { id, .. } = &entity.class.kind
                && let Some(name) = self.names.container(id)
            {
                entity.identity.container = Some(name.container.clone());
            }
            if let Some(name) = entity.pod_uid().and_then(|uid| self.names.pod(uid)) {
                entity.identity.namespace = Some(name.namespace.clone());
                entity.identity.pod = Some(name.pod.clone());
            }
        }
    }

    fn identify_one(&mut self, index: usize, shared: &mut Shared<'_>) {
        let siblings = self.named_siblings(index);
        let Some(entity) = &mut self.entities[index] else {
            return;
        };
        let tries = entity.identity.tries;
        let identity = &mut entity.identity;
        match &entity.class.kind {
            Kind::Pod { uid, .. } => {
                if let Some(name) = self.names.pod(uid) {
                    identity.namespace = Some(name.namespace.clone());
                    identity.pod = Some(name.pod.clone());
                    identity.known = true;
                }
            }
            Kind::Container {
                pod_uid: Some(uid),
                id,
                runtime,
            } => {
                if let Some(name) = self.names.pod(uid) {
                    identity.namespace = Some(name.namespace.clone());
                    identity.pod = Some(name.pod.clone());
                }
                if let Some(name) = self.names.container(id) {
                    identity.namespace = Some(name.namespace.clone());
                    identity.pod = Some(name.pod.clone());
                    identity.container = Some(name.container.clone());
                    identity.known = true;
                    return;
                }
                let (runtime, id) = (*runtime, id.clone());
                let told = runtime_name(&mut self.names, runtime, &id, shared);
                let path = entity.path.clone();
                let known_process = told
                    .is_none()
                    .then(|| self.process_of(&path, shared))
                    .flatten();
                let sandbox = match &told {
                    Some(RuntimeName::Sandbox) => true,
                    Some(RuntimeName::Name(_)) => false,
                    // Every container that the kubelet starts has a log but the pause container. Its command is named
                    // pause everywhere; where processes cannot be seen, a lone task beside named containers is it.
                    None => match known_process {
                        Some(pid) => is_pause(&shared.options.roots.proc, pid),
                        None => {
                            tries > 2
                                && self.names.complete()
                                && siblings
                                && self.has_one_task(index)
                        }
                    },
                };
                let Some(entity) = &mut self.entities[index] else {
                    return;
                };
                entity.identity.sandbox = sandbox;
                if let Some(RuntimeName::Name(name)) = told {
                    entity.identity.container = Some(name);
                }
                let pod_known = entity.identity.pod.is_some();
                entity.identity.known =
                    pod_known && (sandbox || entity.identity.container.is_some());
            }
            Kind::Container {
                pod_uid: None,
                id,
                runtime,
            } => {
                let (runtime, id) = (*runtime, id.clone());
                let told = runtime_name(&mut self.names, runtime, &id, shared);
                let Some(entity) = &mut self.entities[index] else {
                    return;
                };
                entity.identity.container = Some(match told {
                    Some(RuntimeName::Name(name)) => name,
                    // As `docker ps` shows an id; LXC and machined have names for ids.
                    _ if id.len() == 64 => id[..12].to_owned(),
                    _ => id,
                });
                entity.identity.known = true;
            }
            Kind::Unit | Kind::Scope | Kind::Slice | Kind::Inner => {
                identity.container = entity.path.rsplit('/').next().map(str::to_owned);
                identity.known = true;
            }
        }
    }

    fn named_siblings(&self, index: usize) -> bool {
        let Some(parent) = self.entities[index].as_ref().and_then(|e| e.parent) else {
            return false;
        };
        self.iter()
            .any(|e| e.parent == Some(parent) && e.identity.container.is_some())
    }

    fn has_one_task(&self, index: usize) -> bool {
        use crate::row::Cgroup;
        let now = self.entities[index].as_ref().and_then(|e| e.now.as_ref());
        now.and_then(|n| n.get(Cgroup::PidsCurrent)) == Some(1)
    }
}

fn runtime_name(
    names: &mut Names,
    runtime: Option<Runtime>,
    id: &str,
    shared: &mut Shared<'_>,
) -> Option<RuntimeName> {
    let roots = &shared.options.roots;
    match runtime {
        Some(Runtime::Docker) => names.docker(id, roots, shared.reader),
        Some(Runtime::Podman | Runtime::Crio) => names.podman(id, roots, shared.reader),
        // The cgroupfs driver leaves the runtime out; Docker's file is the only one that is worth a look.
        None if id.len() == 64 && roots.host.join("var/lib/docker/containers").is_dir() => {
            names.docker(id, roots, shared.reader)
        }
        _ => None,
    }
}

fn is_pause(proc: &Path, pid: u32) -> bool {
    std::fs::read(proc.join(pid.to_string()).join("comm"))
        .is_ok_and(|comm| comm.trim_ascii() == b"pause")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tries_become_rare_but_never_end() {
        let due: Vec<u32> = (0..200).filter(|&t| is_due(t)).collect();
        assert_eq!(&due[..6], [0, 1, 2, 3, 6, 12]);
        assert!(due.contains(&180) && due.len() < 20);
    }
}
