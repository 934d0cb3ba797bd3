//! `/var/log/pods/<namespace>_<pod>_<uid>/<container>/<n>.log`, as the kubelet lays it out. Under Docker these are links
//! to the runtime's own files.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::watch::Watches;
use super::{Family, Found, Look, Places, found, names, note_not_read, unrotated};
use crate::log::source::Source;

/// Most names that are taken in of one directory.
const MOST: usize = 65_536;

#[derive(Debug)]
pub(super) struct Pods {
    root: PathBuf,
    links: PathBuf,
    pattern: Arc<str>,
    /// Ids of containers by the path of their log.
    ids: HashMap<PathBuf, String>,
    /// Folders that logs link to, and whose they are.
    targets: HashMap<PathBuf, PathBuf>,
    is_there: bool,
}

impl Pods {
    pub(super) fn new(places: &Places) -> Pods {
        let root = places.log.join("pods");
        Pods {
            pattern: root.join("*/*/*.log").display().to_string().into(),
            links: places.log.join("containers"),
            root,
            ids: HashMap::new(),
            targets: HashMap::new(),
            is_there: false,
        }
    }

    /// Whether there are pods here.
    pub(super) fn is_there(&self) -> bool {
        self.is_there
    }

    /// Lists all pods.
    pub(super) fn all(&mut self, watches: &mut Watches, look: &mut Look) {
        self.targets.clear();
        watches.watch(&self.links);
        self.read_links(look);
        watches.watch(&self.root);
        let pods = names(&self.root, look);
        self.is_there = !pods.is_empty();
        for pod in pods.into_iter().take(MOST) {
            self.pod(&self.root.join(pod), watches, look);
        }
    }

    /// Lists one directory, if it is one of these.
    pub(super) fn some(&mut self, dir: &Path, watches: &mut Watches, look: &mut Look) -> bool {
        if dir == self.links {
            self.read_links(look);
            return true;
        }
        if let Some(container) = self.targets.get(dir).cloned() {
            self.container(&container, watches, look);
            return true;
        }
        let Ok(below) = dir.strip_prefix(&self.root) else {
            return false;
        };
        match below.components().count() {
            0 => {
                for pod in names(&self.root, look).into_iter().take(MOST) {
                    let pod = self.root.join(pod);
                    if !watches.is_watched(&pod) {
                        self.pod(&pod, watches, look);
                    }
                }
            }
            1 => self.pod(dir, watches, look),
            _ => self.container(dir, watches, look),
        }
        true
    }

    fn pod(&mut self, dir: &Path, watches: &mut Watches, look: &mut Look) {
        // Watched before it is listed, so that nothing comes in between.
        watches.watch(dir);
        for container in names(dir, look).into_iter().take(MOST) {
            self.container(&dir.join(container), watches, look);
        }
    }

    fn container(&mut self, dir: &Path, watches: &mut Watches, look: &mut Look) {
        let Some(source) = source_of(dir) else {
            return;
        };
        watches.watch(dir);
        let mut files = Vec::new();
        let mut container_id = None;
        let mut newest = None;
        for name in names(dir, look).into_iter().take(MOST) {
            let Some((live, is_compressed)) =
                unrotated(&name).filter(|(live, _)| live.ends_with(".log"))
            else {
                note_not_read(dir, &name, look, |live| live.ends_with(".log"));
                continue;
            };
            let path = dir.join(&name);
            let is_live = live == name;
            let Some(one) = found(path.clone(), is_live, is_compressed) else {
                continue;
            };
            if is_live {
                // `10.log` is newer than `9.log`.
                let number = live.trim_end_matches(".log").parse::<u64>().unwrap_or(0);
                if newest.is_none_or(|newest| number >= newest) {
                    newest = Some(number);
                    container_id = self.ids.get(&path).cloned();
                }
                if let Ok(target) = std::fs::read_link(&path) {
                    let target = dir.join(target);
                    container_id = container_id.or_else(|| id_of_target(&target));
                    if let Some(folder) = target.parent() {
                        self.targets.insert(folder.to_owned(), dir.to_owned());
                    }
                    siblings(&target, watches, look, &mut files);
                }
            }
            files.push(one);
        }
        look.families.push(Family {
            source,
            container_id,
            files,
            pattern: Arc::clone(&self.pattern),
            feeds: "logs of containers",
        });
    }

    /// The runtime's ids, from the names of links: `<pod>_<namespace>_<container>-<id>.log`.
    fn read_links(&mut self, look: &mut Look) {
        self.ids.clear();
        for name in names(&self.links, look).into_iter().take(MOST) {
            let id = name
                .strip_suffix(".log")
                .and_then(|stem| stem.rsplit_once('-'))
                .map(|(_, id)| id)
                .filter(|id| id.len() == 64 && id.bytes().all(|b| b.is_ascii_hexdigit()));
            let (Some(id), Ok(target)) = (id, std::fs::read_link(self.links.join(&name))) else {
                continue;
            };
            // The link says where the host sees the file; here the host's log may be elsewhere.
            let below: PathBuf = target.components().rev().take(3).collect();
            let path: PathBuf = below.components().rev().collect();
            self.ids.insert(self.root.join(path), id.to_owned());
        }
    }
}

/// Docker's own rotation, of a file that the kubelet links to.
fn siblings(target: &Path, watches: &mut Watches, look: &mut Look, files: &mut Vec<Found>) {
    let (Some(dir), Some(base)) = (target.parent(), target.file_name().and_then(|n| n.to_str()))
    else {
        return;
    };
    watches.watch(dir);
    for name in names(dir, look) {
        note_not_read(dir, &name, look, |live| live == base);
        if let Some((live, is_compressed)) = unrotated(&name)
            && live == base
            && name != base
        {
            files.extend(found(dir.join(&name), false, is_compressed));
        }
    }
}

fn id_of_target(target: &Path) -> Option<String> {
    let name = target.file_name()?.to_str()?;
    let id = name.strip_suffix("-json.log")?;
    (id.len() == 64).then(|| id.to_owned())
}

/// The log of a container's directory.
fn source_of(dir: &Path) -> Option<Source> {
    let container = dir.file_name()?.to_str()?;
    let mut parts = dir.parent()?.file_name()?.to_str()?.split('_');
    let (namespace, pod, uid) = (parts.next()?, parts.next()?, parts.next()?);
    let is_whole = parts.next().is_none() && ![namespace, pod, uid].contains(&"");
    is_whole.then(|| Source::pod(namespace, pod, uid, container))
}
