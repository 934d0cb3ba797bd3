//! A node in a folder: control groups of pods and containers, their logs' names, and a copy of this machine's `/proc`.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use super::contents::{GroupFile, PROCESSES, PROCESSES_TREE_V1, V1, V2};
use super::host;
use crate::bench::Failure;
use crate::load::{EntityNames, entity_names};

/// Which generation of control groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    V1,
    V2,
}

impl Layout {
    pub(super) fn name(self) -> &'static str {
        match self {
            Layout::V1 => "simulated v1",
            Layout::V2 => "simulated v2 with PSI",
        }
    }

    pub(super) fn files(self) -> &'static [GroupFile] {
        match self {
            Layout::V1 => V1,
            Layout::V2 => V2,
        }
    }

    /// Folders of the trees, below `/sys/fs/cgroup`.
    fn trees(self) -> &'static [&'static str] {
        match self {
            Layout::V1 => &["cpu,cpuacct", "memory", "pids", "blkio", PROCESSES_TREE_V1],
            Layout::V2 => &[""],
        }
    }

    fn processes_tree(self) -> &'static str {
        match self {
            Layout::V1 => PROCESSES_TREE_V1,
            Layout::V2 => "",
        }
    }
}

/// A node in a folder.
#[derive(Debug)]
pub(super) struct Tree {
    layout: Layout,
    cgroup: PathBuf,
    /// Paths of the pods' and containers' groups, below a tree.
    groups: Vec<String>,
}

impl Tree {
    /// Makes a node below `root`.
    pub(super) fn make(
        root: &Path,
        layout: Layout,
        pods: usize,
        containers: usize,
    ) -> Result<Tree, Failure> {
        let cgroup = root.join("sys/fs/cgroup");
        let mut tree = Tree {
            layout,
            cgroup,
            groups: Vec::new(),
        };
        host::copy(root)?;
        host::mounts(root, layout.trees())?;
        if layout == Layout::V2 {
            fs::create_dir_all(&tree.cgroup)?;
            fs::write(
                tree.cgroup.join("cgroup.controllers"),
                "cpuset cpu io memory pids\n",
            )?;
        }
        for above in ["kubepods.slice", "kubepods.slice/kubepods-burstable.slice"] {
            tree.group(above, &[])?;
        }
        for pod in 0..pods {
            let first_pid = 1000 + 10 * pod;
            for container in 0..containers {
                let names = entity_names(0, pod, Some(container));
                let pid = first_pid + container;
                if container == 0 {
                    let path = entity_names(0, pod, None)
                        .text("cgroup_path")
                        .unwrap_or_default();
                    tree.group(&path, &[])?;
                    tree.groups.push(path);
                }
                let path = names.text("cgroup_path").unwrap_or_default();
                tree.group(&path, &[pid])?;
                host::process(root, pid, &path)?;
                logs(root, &names)?;
                tree.groups.push(path);
            }
        }
        tree.work(0)?;
        Ok(tree)
    }

    /// Makes one group with all its files.
    fn group(&self, path: &str, pids: &[usize]) -> Result<(), Failure> {
        let path = path.trim_start_matches('/');
        for tree in self.layout.trees() {
            let dir = self.cgroup.join(tree).join(path);
            fs::create_dir_all(&dir)?;
            let pids: String = pids.iter().map(|pid| format!("{pid}\n")).collect();
            fs::write(dir.join(PROCESSES), pids)?;
        }
        for file in self.layout.files() {
            fs::write(
                self.cgroup.join(file.tree).join(path).join(file.name),
                (file.text)(1),
            )?;
        }
        Ok(())
    }

    /// Between two ticks every pod and container works a little: counters grow, gauges move.
    pub(super) fn work(&self, tick: usize) -> Result<(), Failure> {
        for (at, group) in self.groups.iter().enumerate() {
            let done = 10_000 + 37 * at as u64 + tick as u64 * (100 + at as u64 % 50);
            for file in self.layout.files().iter().filter(|f| f.changes) {
                let path = self
                    .cgroup
                    .join(file.tree)
                    .join(group.trim_start_matches('/'))
                    .join(file.name);
                fs::write(path, (file.text)(done))?;
            }
        }
        Ok(())
    }

    /// How many pods and containers there are.
    pub(super) fn groups(&self) -> usize {
        self.groups.len()
    }

    /// The files that an agent must read each tick.
    pub(super) fn changing(&self) -> Vec<PathBuf> {
        let files = self.layout.files().iter().filter(|f| f.changes);
        let mut names: Vec<(&str, &str)> = files.map(|f| (f.tree, f.name)).collect();
        names.push((self.layout.processes_tree(), PROCESSES));
        let mut paths = Vec::new();
        for group in &self.groups {
            for (tree, name) in &names {
                paths.push(
                    self.cgroup
                        .join(tree)
                        .join(group.trim_start_matches('/'))
                        .join(name),
                );
            }
        }
        paths
    }
}

/// The names by which an agent knows a container.
fn logs(root: &Path, names: &EntityNames) -> Result<(), Failure> {
    let Some((container, id)) = &names.container else {
        return Ok(());
    };
    let (namespace, pod, uid) = (names.namespace, &names.pod, &names.pod_uid);
    let pods = root
        .join("var/log/pods")
        .join(format!("{namespace}_{pod}_{uid}"))
        .join(container);
    fs::create_dir_all(&pods)?;
    fs::write(pods.join("0.log"), "")?;
    let links = root.join("var/log/containers");
    fs::create_dir_all(&links)?;
    let target = format!("/var/log/pods/{namespace}_{pod}_{uid}/{container}/0.log");
    symlink(
        target,
        links.join(format!("{pod}_{namespace}_{container}-{id}.log")),
    )?;
    Ok(())
}
