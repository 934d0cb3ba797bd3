//! `/var/lib/docker/containers/<id>/<id>-json.log`: containers of Docker that no kubelet has started.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::watch::Watches;
use super::{Family, Look, Places, found, names, unrotated};
use crate::log::source::Source;

/// The most of a container's configuration that is read.
const CONFIG_MAX: u64 = 4 << 20;

#[derive(Debug)]
pub(super) struct Docker {
    root: PathBuf,
    pattern: Arc<str>,
    /// Names by id; `None` for a pod's container, whose log is found among the pods.
    names: HashMap<String, Option<String>>,
}

impl Docker {
    pub(super) fn new(places: &Places) -> Docker {
        let root = places.host.join("var/lib/docker/containers");
        Docker {
            pattern: root.join("*/*-json.log").display().to_string().into(),
            root,
            names: HashMap::new(),
        }
    }

    pub(super) fn all(&mut self, watches: &mut Watches, pods: bool, look: &mut Look) {
        watches.watch(&self.root);
        for id in names(&self.root, look) {
            self.container(&id, watches, pods, look);
        }
    }

    pub(super) fn some(&mut self, dir: &Path, watches: &mut Watches, look: &mut Look) -> bool {
        let Ok(below) = dir.strip_prefix(&self.root) else {
            return false;
        };
        match below.to_str() {
            Some("") => self.all(watches, true, look),
            Some(id) => self.container(id, watches, true, look),
            None => {}
        }
        true
    }

    fn container(&mut self, id: &str, watches: &mut Watches, pods: bool, look: &mut Look) {
        if id.len() != 64 {
            return;
        }
        let dir = self.root.join(id);
        let name = match self.names.get(id) {
            Some(name) => name.clone(),
            None => match config(&dir) {
                Some((name, is_pod)) => {
                    let name = (!(is_pod && pods)).then_some(name);
                    self.names.insert(id.to_owned(), name.clone());
                    name
                }
                // Not written yet, or not to be read: the id has to do.
                None => Some(id.to_owned()),
            },
        };
        let Some(name) = name else { return };
        watches.watch(&dir);
        let base = format!("{id}-json.log");
        let mut files = Vec::new();
        for name in names(&dir, look) {
            if let Some((live, is_compressed)) = unrotated(&name)
                && live == base
            {
                files.extend(found(dir.join(&name), name == base, is_compressed));
            }
        }
        look.families.push(Family {
            source: Source::container(id, &name),
            container_id: Some(id.to_owned()),
            files,
            pattern: Arc::clone(&self.pattern),
            feeds: "logs of Docker's containers",
        });
    }
}

/// The container's name, and whether it is a pod's.
fn config(dir: &Path) -> Option<(String, bool)> {
    use std::io::Read;
    let mut bytes = Vec::new();
    std::fs::File::open(dir.join("config.v2.json"))
        .ok()?
        .take(CONFIG_MAX)
        .read_to_end(&mut bytes)
        .ok()?;
    let config: serde_json::Value = serde_json::from_slice(&bytes).ok()?;
    let name = config
        .get("Name")?
        .as_str()?
        .trim_start_matches('/')
        .to_owned();
    let label = config
        .pointer("/Config/Labels")
        .and_then(|labels| labels.get("io.kubernetes.pod.uid"));
    let is_pod = label.is_some() || name.starts_with("k8s_");
    Some((name, is_pod))
}
