//! What is counted over cgroups.

use super::Cgroups;
use super::classify::Kind;
use crate::row::Cgroup;

impl Cgroups {
    /// Cgroups that are not measured because there are too many. Each tree has left out about the same ones.
    pub(crate) fn left_out(&self) -> u64 {
        self.left_out.iter().copied().max().unwrap_or(0)
    }

    /// Adds processes and containers of children to their parents.
    pub(super) fn add_up(&mut self) {
        for pod in self
            .entities
            .iter_mut()
            .flatten()
            .filter(|e| matches!(e.class.kind, Kind::Pod { .. }))
        {
            if let Some(now) = &mut pod.now {
                now.set(Cgroup::ContainersRunning, 0);
            }
        }
        for at in (0..self.order.len()).rev() {
            let Some(entity) = &self.entities[self.order[at]] else {
                continue;
            };
            let Some(parent) = entity.parent else {
                continue;
            };
            let processes = entity
                .now
                .as_ref()
                .and_then(|now| now.get(Cgroup::ProcessCount));
            let container = entity.is_container()
                && entity.has_process() != Some(false)
                && !entity.identity.sandbox
                && (entity.identity.container.is_some() || !self.names.complete());
            let pod = matches!(
                &entity.class.kind,
                Kind::Container {
                    pod_uid: Some(_),
                    ..
                }
            );
            let Some(parent) = self.entities[parent].as_mut() else {
                continue;
            };
            let is_pod = matches!(parent.class.kind, Kind::Pod { .. });
            if let Some(now) = &mut parent.now {
                now.add(Cgroup::ProcessCount, processes);
                if is_pod {
                    now.add(Cgroup::ContainersRunning, u64::from(container && pod));
                }
            }
        }
    }

    /// Pods with a process, and containers with one, pause containers left out.
    pub(crate) fn running(&self) -> (u64, u64) {
        let mut counts = (0, 0);
        for entity in self.iter().filter(|e| e.has_process() == Some(true)) {
            match &entity.class.kind {
                Kind::Pod { .. } => counts.0 += 1,
                Kind::Container { pod_uid, .. } if !entity.identity.sandbox => {
                    let named = entity.identity.container.is_some() || !self.names.complete();
                    counts.1 += u64::from(pod_uid.is_none() || named);
                }
                _ => {}
            }
        }
        counts
    }
}
