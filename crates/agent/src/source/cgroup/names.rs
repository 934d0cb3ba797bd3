//! Names of pods and containers, from file names that the kubelet and the runtimes leave on the host. No socket and
//! no API is asked.

use std::collections::HashMap;
use std::path::Path;

use rustix::fs::{Mode, OFlags, readlinkat};

use super::walk;
use crate::source::file::{Reader, Shape};
use crate::source::ledger::SourceId;
use crate::source::options::Roots;

/// Most names that are remembered of each kind.
const MOST: usize = 16_384;

/// A container's name, and its pod's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ContainerName {
    /// The pod's namespace.
    pub(crate) namespace: String,
    /// The pod's name.
    pub(crate) pod: String,
    /// The container's name.
    pub(crate) container: String,
}

/// A pod's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PodName {
    /// Its namespace.
    pub(crate) namespace: String,
    /// Its name.
    pub(crate) pod: String,
}

/// What a runtime's own files say of a container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RuntimeName {
    /// A pod's pause container.
    Sandbox,
    /// Its name.
    Name(String),
}

/// The names known of late.
#[derive(Debug)]
pub(crate) struct Names {
    containers: HashMap<String, ContainerName>,
    /// Ids that the length of a file name cut off.
    cut: Vec<(String, ContainerName)>,
    pods: HashMap<String, PodName>,
    podman: HashMap<String, String>,
    listing: walk::Listing,
    container_logs: SourceId,
    pod_logs: SourceId,
    docker: SourceId,
    podman_list: SourceId,
    /// Whether the last listing of container logs succeeded, so that a missing name means something.
    complete: bool,
}

impl Names {
    /// No names yet.
    pub(crate) fn new(roots: &Roots, reader: &mut Reader) -> Names {
        let ledger = &mut reader.ledger;
        let host = |path: &str| roots.host.join(path).display().to_string();
        Names {
            containers: HashMap::new(),
            cut: Vec::new(),
            pods: HashMap::new(),
            podman: HashMap::new(),
            listing: walk::Listing::default(),
            container_logs: ledger.add(
                roots.log.join("containers").display().to_string(),
                "names of containers",
            ),
            pod_logs: ledger.add(
                roots.log.join("pods").display().to_string(),
                "names of pods",
            ),
            docker: ledger.add(
                host("var/lib/docker/containers/*/config.v2.json"),
                "names of Docker's containers",
            ),
            podman_list: ledger.add(
                host("var/lib/containers/storage/overlay-containers/containers.json"),
                "names of Podman's containers",
            ),
            complete: false,
        }
    }

    /// Reads the directories of logs anew.
    pub(crate) fn refresh(&mut self, roots: &Roots, reader: &mut Reader) {
        self.refresh_pods(&roots.log.join("pods"), reader);
        self.refresh_containers(&roots.log.join("containers"), reader);
    }

    fn refresh_pods(&mut self, dir: &Path, reader: &mut Reader) {
        let entries = match self.listing.names(dir) {
            Ok(entries) => entries,
            Err(errno) => {
                reader.ledger.failed(self.pod_logs, dir, errno);
                return;
            }
        };
        reader.ledger.read(self.pod_logs, 0);
        reader.ledger.example(self.pod_logs, dir);
        self.pods.clear();
        for entry in entries.take(MOST) {
            if let Some((uid, name)) = pod_of_directory(entry) {
                self.pods.insert(uid.to_owned(), name);
            }
        }
    }

    fn refresh_containers(&mut self, dir: &Path, reader: &mut Reader) {
        let opened = rustix::fs::open(
            dir,
            OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC,
            Mode::empty(),
        );
        let entries = self.listing.names(dir);
        let (handle, entries) = match (opened, entries) {
            (Ok(handle), Ok(entries)) => (handle, entries),
            (Err(errno), _) | (_, Err(errno)) => {
                reader.ledger.failed(self.container_logs, dir, errno);
                self.complete = false;
                return;
            }
        };
        reader.ledger.read(self.container_logs, 0);
        reader.ledger.example(self.container_logs, dir);
        self.complete = true;
        self.containers.clear();
        self.cut.clear();
        for entry in entries.take(MOST) {
            let Some((id, name)) = container_of_link(entry) else {
                continue;
            };
            // The link's target has the pod's uid: names of a pod whose own directory is not listed.
            if let Some(uid) = readlinkat(&handle, entry, Vec::new())
                .ok()
                .and_then(|target| pod_of_log_path(target.to_str().ok()?).map(str::to_owned))
            {
                self.pods.entry(uid).or_insert_with(|| PodName {
                    namespace: name.namespace.clone(),
                    pod: name.pod.clone(),
                });
            }
            if id.len() == 64 {
                self.containers.insert(id.to_owned(), name);
            } else {
                self.cut.push((id.to_owned(), name));
            }
        }
    }

    /// Whether all containers that write a log have a name here.
    pub(crate) fn complete(&self) -> bool {
        self.complete
    }

    /// The container of an id.
    pub(crate) fn container(&self, id: &str) -> Option<&ContainerName> {
        self.containers.get(id).or_else(|| {
            self.cut
                .iter()
                .find(|(cut, _)| id.starts_with(cut.as_str()))
                .map(|(_, name)| name)
        })
    }

    /// The pod of a uid.
    pub(crate) fn pod(&self, uid: &str) -> Option<&PodName> {
        self.pods.get(uid)
    }

    /// The name that Docker keeps of a container.
    pub(crate) fn docker(
        &mut self,
        id: &str,
        roots: &Roots,
        reader: &mut Reader,
    ) -> Option<RuntimeName> {
        let path = roots
            .host
            .join("var/lib/docker/containers")
            .join(id)
            .join("config.v2.json");
        let bytes = reader.read(&path, Shape::Whole, self.docker)?;
        let config: serde_json::Value = serde_json::from_slice(bytes).ok()?;
        Some(runtime_name(config.get("Name")?.as_str()?))
    }

    /// The name that Podman keeps of a container of root's.
    pub(crate) fn podman(
        &mut self,
        id: &str,
        roots: &Roots,
        reader: &mut Reader,
    ) -> Option<RuntimeName> {
        if let Some(name) = self.podman.get(id) {
            return Some(runtime_name(name));
        }
        let path = roots
            .host
            .join("var/lib/containers/storage/overlay-containers/containers.json");
        let bytes = reader.read(&path, Shape::Whole, self.podman_list)?;
        let list: Vec<serde_json::Value> = serde_json::from_slice(bytes).ok()?;
        self.podman = list
            .iter()
            .take(MOST)
            .filter_map(|c| {
                let name = c.get("names")?.get(0)?.as_str()?;
                Some((c.get("id")?.as_str()?.to_owned(), name.to_owned()))
            })
            .collect();
        self.podman.get(id).map(|name| runtime_name(name))
    }
}

/// `<namespace>_<pod>_<uid>`, a directory of `/var/log/pods`. No part can hold an underscore.
fn pod_of_directory(name: &str) -> Option<(&str, PodName)> {
    let mut parts = name.split('_');
    let (namespace, pod, uid) = (parts.next()?, parts.next()?, parts.next()?);
    let whole =
        parts.next().is_none() && !namespace.is_empty() && !pod.is_empty() && !uid.is_empty();
    whole.then(|| {
        (
            uid,
            PodName {
                namespace: namespace.to_owned(),
                pod: pod.to_owned(),
            },
        )
    })
}

/// The uid in `…/pods/<namespace>_<pod>_<uid>/<container>/<n>.log`.
fn pod_of_log_path(path: &str) -> Option<&str> {
    let mut parts = path.rsplit('/');
    parts.next()?;
    parts.next()?;
    pod_of_directory(parts.next()?).map(|(uid, _)| uid)
}

/// `<pod>_<namespace>_<container>-<id>.log`, a link of `/var/log/containers`. The id is shorter than 64 digits when
/// the name would be longer than a file's can be.
fn container_of_link(name: &str) -> Option<(&str, ContainerName)> {
    let name = name.strip_suffix(".log")?;
    let mut parts = name.split('_');
    let (pod, namespace, rest) = (parts.next()?, parts.next()?, parts.next()?);
    let (container, id) = rest.rsplit_once('-')?;
    let sound = parts.next().is_none()
        && ![pod, namespace, container].contains(&"")
        && (8..=64).contains(&id.len())
        && id.bytes().all(|b| b.is_ascii_hexdigit());
    let owned = str::to_owned;
    sound.then(|| {
        (
            id,
            ContainerName {
                namespace: owned(namespace),
                pod: owned(pod),
                container: owned(container),
            },
        )
    })
}

/// A runtime's own name for a container. The kubelet's are `k8s_<container>_<pod>_<namespace>_<uid>_<attempt>`, with
/// the container POD for the pause container.
fn runtime_name(name: &str) -> RuntimeName {
    let name = name.trim_start_matches('/');
    match name
        .strip_prefix("k8s_")
        .map(|n| n.split('_').next().unwrap_or(n))
    {
        Some("POD") => RuntimeName::Sandbox,
        Some(container) => RuntimeName::Name(container.to_owned()),
        None => RuntimeName::Name(name.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::symlink;

    const ID: &str = "f082915216019d6aa38b1b00ed557f5ef745197c4fb977b8e446dd7ac0ff00b3";

    #[test]
    fn links_and_directories_of_the_kubelet() {
        let dir = tempfile::tempdir().unwrap();
        let roots = Roots::under(dir.path());
        let uid = "4168fda1-c48f-416f-be5c-7cbd5689620c";
        fs::create_dir_all(roots.log.join("containers")).unwrap();
        fs::create_dir_all(roots.log.join("pods").join(format!("load_flood_{uid}"))).unwrap();
        fs::create_dir_all(roots.log.join("pods/not-a-pod")).unwrap();
        let link = roots
            .log
            .join(format!("containers/db-0_data_side-car-{ID}.log"));
        symlink(
            "/var/log/pods/data_db-0_9f72a215-bd8c-4402-9dd2-7afcbca069fa/side-car/0.log",
            link,
        )
        .unwrap();
        let mut reader = Reader::new();
        let mut names = Names::new(&roots, &mut reader);
        names.refresh(&roots, &mut reader);
        assert!(names.complete());
        let expected = ContainerName {
            namespace: "data".into(),
            pod: "db-0".into(),
            container: "side-car".into(),
        };
        assert_eq!(names.container(ID), Some(&expected));
        assert_eq!(
            names.pod(uid),
            Some(&PodName {
                namespace: "load".into(),
                pod: "flood".into()
            })
        );
        assert_eq!(
            names
                .pod("9f72a215-bd8c-4402-9dd2-7afcbca069fa")
                .map(|p| p.pod.as_str()),
            Some("db-0")
        );
        assert_eq!(names.container("0000"), None);
    }

    #[test]
    fn an_id_that_a_long_name_cut_off_is_still_found() {
        let dir = tempfile::tempdir().unwrap();
        let roots = Roots::under(dir.path());
        fs::create_dir_all(roots.log.join("containers")).unwrap();
        let long = "p".repeat(200);
        fs::write(
            roots
                .log
                .join(format!("containers/{long}_ns_c-{}.log", &ID[..20])),
            "",
        )
        .unwrap();
        let mut reader = Reader::new();
        let mut names = Names::new(&roots, &mut reader);
        names.refresh(&roots, &mut reader);
        assert_eq!(names.container(ID).map(|c| c.pod.len()), Some(200));
    }

    #[test]
    fn names_that_are_no_logs_of_containers() {
        for bad in [
            "a_b_c.log",
            "a_b_c-xyz.log",
            "a_b-0123456789abcdef.log",
            "__c-0123456789abcdef.log",
            "x",
            "a_b_c_d-0123456789abcdef.log",
        ] {
            assert_eq!(container_of_link(bad), None, "{bad}");
        }
    }

    #[test]
    fn names_that_runtimes_keep() {
        let dir = tempfile::tempdir().unwrap();
        let roots = Roots::under(dir.path());
        let docker = roots.host.join("var/lib/docker/containers").join(ID);
        fs::create_dir_all(&docker).unwrap();
        fs::write(
            docker.join("config.v2.json"),
            r#"{"ID":"x","Name":"/my-db"}"#,
        )
        .unwrap();
        let podman = roots
            .host
            .join("var/lib/containers/storage/overlay-containers");
        fs::create_dir_all(&podman).unwrap();
        fs::write(
            podman.join("containers.json"),
            r#"[{"id":"aa","names":["web"]},{"id":"bb"}]"#,
        )
        .unwrap();
        let mut reader = Reader::new();
        let mut names = Names::new(&roots, &mut reader);
        assert_eq!(
            names.docker(ID, &roots, &mut reader),
            Some(RuntimeName::Name("my-db".into()))
        );
        assert_eq!(names.docker("none", &roots, &mut reader), None);
        assert_eq!(
            names.podman("aa", &roots, &mut reader),
            Some(RuntimeName::Name("web".into()))
        );
        assert_eq!(names.podman("bb", &roots, &mut reader), None);
        assert_eq!(runtime_name("/k8s_POD_web_ns_uid_0"), RuntimeName::Sandbox);
        assert_eq!(
            runtime_name("/k8s_side-car_web_ns_uid_0"),
            RuntimeName::Name("side-car".into())
        );
    }
}
