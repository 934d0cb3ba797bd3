//! A process of a container.
//!
//! A list of processes has ids of the reader's pid namespace: an agent without the host's sees none (v1) or zeros
//! (v2) of others, and its own by numbers that mean somebody else in the host's `/proc`. So an id is believed only when
//! `/proc/<pid>/cgroup` names the same cgroup, and when there is none, all of `/proc` is gone through, seldom.

use std::collections::HashMap;
use std::path::Path;

use super::walk::Listing;
use super::{Cgroups, Shared};
use crate::source::file::{Reader, Shape, open};
use crate::source::ledger::SourceId;
use crate::source::options::Roots;
use crate::source::parse::cgroup::{membership, processes};

/// How long what was found in /proc is good, in microseconds.
const FRESH_USEC: u64 = 15_000_000;
/// Most processes that are looked at.
const MOST: usize = 65_536;

/// Processes by the last part of their cgroup's path.
#[derive(Debug)]
pub(super) struct Processes {
    found: HashMap<String, u32>,
    looked_at: Option<u64>,
    listing: Listing,
    source: SourceId,
}

impl Processes {
    pub(super) fn new(roots: &Roots, reader: &mut Reader) -> Processes {
        let pattern = format!("{}/*/cgroup", roots.proc.display());
        Processes {
            found: HashMap::new(),
            looked_at: None,
            listing: Listing::default(),
            source: reader
                .ledger
                .add(pattern, "which process belongs to which container"),
        }
    }

    /// Whether the host's `/proc` puts a process into a cgroup of that last part.
    fn belongs(&self, proc: &Path, pid: u32, last: &str, reader: &mut Reader) -> bool {
        let path = proc.join(pid.to_string()).join("cgroup");
        reader
            .read(&path, Shape::Pieces, self.source)
            .is_some_and(|bytes| {
                membership(bytes).any(|(_, path)| last_part(path) == last.as_bytes())
            })
    }

    fn look(&mut self, proc: &Path, reader: &mut Reader) {
        self.found.clear();
        let Ok(names) = self.listing.names(proc) else {
            return;
        };
        for pid in names.filter_map(|name| name.parse::<u32>().ok()).take(MOST) {
            let path = proc.join(pid.to_string()).join("cgroup");
            let Some(bytes) = reader.read(&path, Shape::Pieces, self.source) else {
                continue;
            };
            for (_, path) in membership(bytes) {
                // Ids of containers have 64 digits; nothing else is looked for here.
                if let Ok(last) = std::str::from_utf8(last_part(path))
                    && last.len() >= 64
                    && !self.found.contains_key(last)
                {
                    self.found.insert(last.to_owned(), pid);
                }
            }
        }
    }
}

fn last_part(path: &[u8]) -> &[u8] {
    path.rsplit(|&b| b == b'/').next().unwrap_or_default()
}

impl Cgroups {
    /// A process of the cgroup of a path, by its number in the host's `/proc`.
    pub(crate) fn process_of(&mut self, path: &str, shared: &mut Shared<'_>) -> Option<u32> {
        let last = path.rsplit('/').next()?;
        let proc = &shared.options.roots.proc;
        if let Some(pid) = self.first_listed(path, shared.reader)
            && self.processes.belongs(proc, pid, last, shared.reader)
        {
            return Some(pid);
        }
        let now = shared.clock.monotonic();
        if self
            .processes
            .looked_at
            .is_none_or(|at| now.saturating_sub(at) >= FRESH_USEC)
        {
            self.processes.looked_at = Some(now);
            self.processes.look(proc, shared.reader);
        }
        let pid = *self.processes.found.get(last)?;
        self.processes
            .belongs(proc, pid, last, shared.reader)
            .then_some(pid)
    }

    /// The first process in a cgroup's list, the first list that there is.
    fn first_listed(&self, path: &str, reader: &mut Reader) -> Option<u32> {
        let (fd, source) = self
            .plan
            .iter()
            .filter(|p| p.file.is_list())
            .find_map(|listed| {
                let mount = self.hierarchy.mount_of(listed.file.controller)?;
                let file = mount
                    .dir
                    .join(path.trim_start_matches('/'))
                    .join(listed.file.name);
                Some((open(&file).ok()?, listed.source))
            })?;
        processes(reader.pread(&fd, Shape::Pieces, source).ok()?).next()
    }
}
