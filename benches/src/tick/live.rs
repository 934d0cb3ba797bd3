//! Real control groups, made for the bench in this kernel's v1 hierarchies, and in the v2 one beside them if there is
//! one, and removed after it.

use std::fs;
use std::path::{Path, PathBuf};

use super::contents::{PROCESSES, PROCESSES_TREE_V1, V1, V2};
use crate::bench::Failure;
use crate::load::entity_names;

const MOUNT: &str = "/sys/fs/cgroup";
/// Everything is made below this group.
const TOP: &str = "kansoku-bench";
const TREES: [&str; 7] = [
    "cpu",
    "cpuacct",
    "memory",
    "pids",
    "blkio",
    PROCESSES_TREE_V1,
    UNIFIED,
];
/// The v2 tree of a hybrid machine, which has pressure files.
const UNIFIED: &str = "unified";

/// Control groups that go with this value.
#[derive(Debug)]
pub(super) struct Groups {
    groups: Vec<String>,
    trees: Vec<PathBuf>,
}

impl Groups {
    pub(super) fn make(pods: usize, containers: usize) -> Result<Groups, Failure> {
        let mut trees: Vec<PathBuf> = Vec::new();
        for tree in TREES {
            let path = match fs::canonicalize(Path::new(MOUNT).join(tree)) {
                Ok(path) => path,
                Err(_) if tree == UNIFIED => continue,
                Err(e) => {
                    return Err(
                        format!("{MOUNT}/{tree}: {e}; --live needs the v1 hierarchies").into(),
                    );
                }
            };
            if !trees.contains(&path) {
                trees.push(path);
            }
        }
        let mut groups = vec![
            format!("{TOP}/kubepods"),
            format!("{TOP}/kubepods/burstable"),
        ];
        for pod in 0..pods {
            let uid = entity_names(0, pod, None).pod_uid;
            let path = format!("{TOP}/kubepods/burstable/pod{uid}");
            groups.push(path.clone());
            for container in 0..containers {
                let id = entity_names(0, pod, Some(container))
                    .container
                    .map(|(_, id)| id);
                groups.push(format!("{path}/{}", id.unwrap_or_default()));
            }
        }
        let made = Groups { groups, trees };
        // What a bench that was killed has left behind.
        made.remove();
        for tree in &made.trees {
            for group in &made.groups {
                let path = tree.join(group);
                fs::create_dir_all(&path)
                    .map_err(|e| format!("{}: {e}; --live needs root", path.display()))?;
            }
        }
        Ok(made)
    }

    /// How many pods and containers there are.
    pub(super) fn groups(&self) -> usize {
        self.groups.len() - 2
    }

    /// The files that an agent must read each tick.
    pub(super) fn changing(&self) -> Vec<PathBuf> {
        let mut names: Vec<(PathBuf, &str)> = Vec::new();
        for file in V1.iter().filter(|f| f.changes) {
            // A simulated node has these two in one tree.
            let tree = match (file.tree, file.name.starts_with("cpuacct")) {
                ("cpu,cpuacct", true) => "cpuacct",
                ("cpu,cpuacct", false) => "cpu",
                (other, _) => other,
            };
            names.push((Path::new(MOUNT).join(tree), file.name));
        }
        let pressure = V2.iter().filter(|f| f.name.ends_with(".pressure"));
        names.extend(pressure.map(|f| (Path::new(MOUNT).join(UNIFIED), f.name)));
        names.push((Path::new(MOUNT).join(PROCESSES_TREE_V1), PROCESSES));
        let groups = self.groups.iter().skip(2);
        groups
            .flat_map(|group| {
                names
                    .iter()
                    .map(move |(tree, name)| tree.join(group).join(name))
            })
            .filter(|path| path.exists())
            .collect()
    }

    fn remove(&self) {
        for tree in &self.trees {
            for group in self.groups.iter().rev() {
                // A directory that is not there, or that somebody uses, stays as it is.
                let _ = fs::remove_dir(tree.join(group));
            }
            let _ = fs::remove_dir(tree.join(TOP));
        }
    }
}

impl Drop for Groups {
    fn drop(&mut self) {
        self.remove();
    }
}
